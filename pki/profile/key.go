package profile

import (
	"crypto/sha1"
	"errors"
	"fmt"
	"math/bits"

	"golang.org/x/crypto/cryptobyte"
	cb "golang.org/x/crypto/cryptobyte/asn1"
)

// rsaEncryption is the AlgorithmIdentifier 1.2.840.113549.1.1.1 with NULL (RFC
// 3279 2.3.1).
var rsaEncryption = []byte{0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00}

var errKey = errors.New("not an RSA SubjectPublicKeyInfo")

// KeyID is a key's identifier: the SHA-1 of the subjectPublicKey bits (RFC 5280
// 4.2.1.2, method 1). Input is DER SubjectPublicKeyInfo.
func KeyID(spki []byte) ([]byte, error) {
	key, err := keyBits(spki)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRequest, err)
	}
	sum := sha1.Sum(key)
	return sum[:], nil
}

func keyBits(spki []byte) ([]byte, error) {
	input := cryptobyte.String(spki)
	var body, algorithm cryptobyte.String
	var key []byte
	if len(spki) > maxTBS || !input.ReadASN1(&body, cb.SEQUENCE) || !input.Empty() ||
		!body.ReadASN1Element(&algorithm, cb.SEQUENCE) ||
		!body.ReadASN1BitStringAsBytes(&key) || !body.Empty() ||
		string(algorithm) != string(rsaEncryption) {
		return nil, errKey
	}
	return key, nil
}

// parseKey gives the key's bits when it is an RSA key of at least minBits with
// an odd exponent of 65537 or more. It makes no big numbers of them: this runs
// before each signature.
func parseKey(spki []byte, minBits int) ([]byte, error) {
	key, err := keyBits(spki)
	if err != nil {
		return nil, err
	}
	input := cryptobyte.String(key)
	var body cryptobyte.String
	var modulus, exponent []byte // without leading zeros
	if !input.ReadASN1(&body, cb.SEQUENCE) || !input.Empty() ||
		!body.ReadASN1Integer(&modulus) || !body.ReadASN1Integer(&exponent) || !body.Empty() ||
		len(modulus) == 0 || len(exponent) == 0 {
		return nil, errKey
	}
	size := 8*(len(modulus)-1) + bits.Len8(modulus[0])
	if size < minBits || size > maxKeyBits || modulus[len(modulus)-1]&1 == 0 {
		return nil, fmt.Errorf("an RSA modulus is odd and has %d to %d bits", minBits, maxKeyBits)
	}
	if len(exponent) > 4 || exponent[len(exponent)-1]&1 == 0 || number(exponent) < 65537 {
		return nil, errors.New("an RSA exponent is odd, 65537 or more, and has at most 4 octets")
	}
	return key, nil
}

func number(octets []byte) (n uint64) {
	for _, octet := range octets {
		n = n<<8 | uint64(octet)
	}
	return n
}
