package pkcs10

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"math/big"
	"sync"
	"unicode/utf8"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/npki"
)

// Parse reads a request and verifies that it was signed with the key it
// names. The subject and attributes of other types are passed over; an
// attribute that comes twice is refused, for it would say two things.
//
// Errors: ErrFormat; ErrKey (not RSA of MinBits to MaxBits, exponent even or
// under 65537, or a modulus with a small factor or that is a square);
// ErrPossession.
func Parse(der []byte) (*Request, error) {
	if len(der) > MaxSize {
		return nil, fmt.Errorf("%w: %d bytes", ErrFormat, len(der))
	}
	in := cryptobyte.String(der)
	var seq, info cryptobyte.String
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() || !seq.ReadASN1Element(&info, cbasn1.SEQUENCE) {
		return nil, ErrFormat
	}
	hash, ok := readSignatureAlgorithm(&seq)
	if !ok {
		return nil, fmt.Errorf("%w: signature algorithm", ErrFormat)
	}
	var signature []byte
	if !seq.ReadASN1BitStringAsBytes(&signature) || !seq.Empty() {
		return nil, ErrFormat
	}
	request, pub, err := readInfo(info)
	if err != nil {
		return nil, err
	}
	h := hash.New()
	h.Write(info)
	if err := rsa.VerifyPKCS1v15(pub, hash, h.Sum(nil), signature); err != nil {
		return nil, ErrPossession
	}
	return request, nil
}

func readSignatureAlgorithm(s *cryptobyte.String) (crypto.Hash, bool) {
	var algorithm cryptobyte.String
	var oid asn1.ObjectIdentifier
	if !s.ReadASN1(&algorithm, cbasn1.SEQUENCE) || !algorithm.ReadASN1ObjectIdentifier(&oid) {
		return 0, false
	}
	if !algorithm.Empty() && string(algorithm) != "\x05\x00" {
		return 0, false
	}
	switch {
	case oid.Equal(npki.OIDSHA256WithRSA):
		return crypto.SHA256, true
	case oid.Equal(npki.OIDSHA384WithRSA):
		return crypto.SHA384, true
	case oid.Equal(npki.OIDSHA512WithRSA):
		return crypto.SHA512, true
	}
	return 0, false
}

// readInfo reads CertificationRequestInfo ::= SEQUENCE { version, subject,
// subjectPKInfo, attributes [0] }.
func readInfo(element cryptobyte.String) (*Request, *rsa.PublicKey, error) {
	var info, subject, spki, attributes cryptobyte.String
	var version int
	if !element.ReadASN1(&info, cbasn1.SEQUENCE) || !info.ReadASN1Integer(&version) || version != 0 ||
		!info.ReadASN1Element(&subject, cbasn1.SEQUENCE) || !info.ReadASN1Element(&spki, cbasn1.SEQUENCE) ||
		!info.ReadASN1(&attributes, cbasn1.Tag(0).ContextSpecific().Constructed()) || !info.Empty() {
		return nil, nil, ErrFormat
	}
	if _, err := npki.ParseName(subject); err != nil {
		return nil, nil, fmt.Errorf("%w: subject", ErrFormat)
	}
	pub, err := readPublicKey(spki)
	if err != nil {
		return nil, nil, err
	}
	r := &Request{PublicKey: pub, RawPublicKey: bytes.Clone(spki)}
	if err := r.readAttributes(attributes); err != nil {
		return nil, nil, err
	}
	return r, pub, nil
}

func readPublicKey(spki []byte) (*rsa.PublicKey, error) {
	key, err := x509.ParsePKIXPublicKey(spki)
	if err != nil {
		return nil, fmt.Errorf("%w: public key", ErrFormat)
	}
	pub, ok := key.(*rsa.PublicKey)
	if !ok {
		return nil, fmt.Errorf("%w: not RSA", ErrKey)
	}
	if err := checkKey(pub); err != nil {
		return nil, err
	}
	// These bytes go into a certificate: there must be one form of them only.
	canonical, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil || !bytes.Equal(canonical, spki) {
		return nil, fmt.Errorf("%w: encoding of the public key", ErrFormat)
	}
	return pub, nil
}

// checkKey refuses keys that can be seen to be weak without factoring them.
func checkKey(pub *rsa.PublicKey) error {
	bits := pub.N.BitLen()
	switch {
	case bits < MinBits || bits > MaxBits:
		return fmt.Errorf("%w: %d bits", ErrKey, bits)
	case pub.E < minExponent || pub.E%2 == 0:
		return fmt.Errorf("%w: exponent", ErrKey)
	case new(big.Int).GCD(nil, nil, pub.N, smallPrimes()).Cmp(big.NewInt(1)) != 0:
		return fmt.Errorf("%w: modulus with a small factor", ErrKey)
	}
	root := new(big.Int).Sqrt(pub.N)
	if root.Mul(root, root).Cmp(pub.N) == 0 {
		return fmt.Errorf("%w: modulus is a square", ErrKey)
	}
	return nil
}

// smallPrimes is the product of the primes under 752 (CA/Browser Forum
// baseline requirements 6.1.6).
var smallPrimes = sync.OnceValue(func() *big.Int {
	product := big.NewInt(1)
	for n := int64(2); n < 752; n++ {
		if p := big.NewInt(n); p.ProbablyPrime(0) {
			product.Mul(product, p)
		}
	}
	return product
})

func (r *Request) readAttributes(set cryptobyte.String) error {
	seen := make(map[string]bool, 2)
	for !set.Empty() {
		var attribute, values cryptobyte.String
		var oid asn1.ObjectIdentifier
		if len(seen) == maxAttributes ||
			!set.ReadASN1(&attribute, cbasn1.SEQUENCE) || !attribute.ReadASN1ObjectIdentifier(&oid) ||
			!attribute.ReadASN1(&values, cbasn1.SET) || !attribute.Empty() {
			return fmt.Errorf("%w: attribute", ErrFormat)
		}
		if seen[oid.String()] {
			return fmt.Errorf("%w: attribute %s comes twice", ErrFormat, oid)
		}
		seen[oid.String()] = true
		switch {
		case oid.Equal(oidChallengePassword):
			if !r.readChallenge(values) {
				return fmt.Errorf("%w: challenge", ErrFormat)
			}
		case oid.Equal(npki.OIDEncryptedVID):
			if _, err := npki.ParseEncryptedVID(values); err != nil {
				return fmt.Errorf("%w: %w", ErrFormat, err)
			}
			r.EncryptedVID = bytes.Clone(values)
		}
	}
	return nil
}

// readChallenge reads the one value of challengePassword, a DirectoryString
// of the types in use.
func (r *Request) readChallenge(values cryptobyte.String) bool {
	var value cryptobyte.String
	var tag cbasn1.Tag
	if !values.ReadAnyASN1(&value, &tag) || !values.Empty() ||
		tag != cbasn1.UTF8String && tag != cbasn1.PrintableString ||
		len(value) == 0 || !utf8.Valid(value) || utf8.RuneCount(value) > MaxChallengeSize {
		return false
	}
	r.Challenge = string(value)
	return true
}
