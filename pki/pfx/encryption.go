package pfx

import (
	"bytes"
	"crypto"
	"crypto/cipher"
	"crypto/des" //nolint:gosec // the field's files are 3DES
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/npki"
)

// The password encryptions of PKCS#12 (RFC 7292 appendix C), all with SHA-1.
// RC4 is left out: nobody has met it.
var (
	oid3DES3  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 1, 3}
	oid3DES2  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 1, 4}
	oidRC2128 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 1, 5}
	oidRC240  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 12, 1, 6}
)

const blockSize = 8 // of 3DES and RC2

// opener opens the encrypted parts of a file.
type opener struct {
	password []byte // as it is, for PBES2 and SEED
	bmp      []byte // as PKCS#12 has it
	left     int    // iterations that may still be made
	opened   bool   // some part came out as what it should be
	bags     int
}

// spend takes iterations from what a file may cost.
func (o *opener) spend(n int) error {
	if n <= 0 || n > o.left {
		return ErrIterations
	}
	o.left -= n
	return nil
}

// open decrypts one part. algorithm is the DER of its AlgorithmIdentifier. The
// plain bytes are one DER or BER element: else it was the wrong password.
func (o *opener) open(algorithm, ciphertext []byte) ([]byte, error) {
	plain, err := o.decrypt(algorithm, ciphertext)
	if err != nil {
		return nil, err
	}
	der, err := toDER(plain)
	if err != nil || der[0] != 0x30 {
		clear(plain)
		return nil, ErrWrongPassword
	}
	o.opened = true
	if &der[0] != &plain[0] {
		clear(plain)
	}
	return der, nil
}

func (o *opener) decrypt(algorithm, ciphertext []byte) ([]byte, error) {
	in := cryptobyte.String(algorithm)
	var seq cryptobyte.String
	var oid asn1.ObjectIdentifier
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() || !seq.ReadASN1ObjectIdentifier(&oid) {
		return nil, fmt.Errorf("%w: encryption algorithm", ErrFormat)
	}
	switch {
	case oid.Equal(oid3DES3), oid.Equal(oid3DES2), oid.Equal(oidRC2128), oid.Equal(oidRC240):
		return o.decryptPKCS12(oid, seq, ciphertext)
	case oid.Equal(npki.OIDPBES2), oid.Equal(npki.OIDSEEDCBC), oid.Equal(npki.OIDPBESHA1SEEDCBC), oid.Equal(npki.OIDPBEHAS160SEEDCBC):
		return o.decryptNPKI(algorithm, ciphertext)
	}
	return nil, fmt.Errorf("%w: encryption %s", ErrUnsupported, oid)
}

// decryptNPKI opens what is encrypted as key files are.
func (o *opener) decryptNPKI(algorithm, ciphertext []byte) ([]byte, error) {
	e, err := npki.EncryptionOfAlgorithm(algorithm)
	switch {
	case errors.Is(err, npki.ErrIterations):
		return nil, ErrIterations
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	if err := o.spend(e.Iterations); err != nil {
		return nil, err
	}
	plain, err := npki.DecryptData(ciphertext, o.password, e)
	switch {
	case errors.Is(err, npki.ErrWrongPassword):
		return nil, ErrWrongPassword
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	return plain, nil
}

// decryptPKCS12 opens what is encrypted in PKCS#12's own way; params begins
// with SEQUENCE { salt OCTET STRING, iterations INTEGER }.
func (o *opener) decryptPKCS12(oid asn1.ObjectIdentifier, params cryptobyte.String, ciphertext []byte) ([]byte, error) {
	var seq, salt cryptobyte.String
	if !params.ReadASN1(&seq, cbasn1.SEQUENCE) || !params.Empty() ||
		!seq.ReadASN1(&salt, cbasn1.OCTET_STRING) || len(salt) == 0 || len(salt) > maxSalt {
		return nil, fmt.Errorf("%w: encryption parameters", ErrFormat)
	}
	iterations, err := readIterations(&seq)
	if err != nil {
		return nil, err
	}
	if !seq.Empty() || len(ciphertext) == 0 || len(ciphertext)%blockSize != 0 {
		return nil, fmt.Errorf("%w: ciphertext of %d bytes", ErrFormat, len(ciphertext))
	}
	if err := o.spend(iterations); err != nil {
		return nil, err
	}
	iv := derive(crypto.SHA1, forIV, o.bmp, salt, iterations, blockSize)
	key := func(size int) []byte { return derive(crypto.SHA1, forKey, o.bmp, salt, iterations, size) }
	var plain []byte
	switch {
	case oid.Equal(oidRC240):
		plain = newRC2(key(5)).decryptCBC(iv, ciphertext)
	case oid.Equal(oidRC2128):
		plain = newRC2(key(16)).decryptCBC(iv, ciphertext)
	default:
		k := key(24)
		if oid.Equal(oid3DES2) {
			k = append(k[:16:16], k[:8]...)
		}
		block, err := des.NewTripleDESCipher(k) //nolint:gosec // the field's files are 3DES
		if err != nil {
			return nil, fmt.Errorf("making cipher: %w", err)
		}
		plain = make([]byte, len(ciphertext))
		cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, ciphertext)
	}
	return unpad(plain)
}

func unpad(b []byte) ([]byte, error) {
	n := int(b[len(b)-1])
	if n == 0 || n > blockSize {
		return nil, ErrWrongPassword
	}
	for _, c := range b[len(b)-n:] {
		if int(c) != n {
			return nil, ErrWrongPassword
		}
	}
	return b[:len(b)-n], nil
}

// readIterations bounds a count before any work is done.
func readIterations(s *cryptobyte.String) (int, error) {
	n := new(big.Int)
	if !s.ReadASN1Integer(n) {
		return 0, fmt.Errorf("%w: iterations", ErrFormat)
	}
	if n.Sign() <= 0 || n.Cmp(big.NewInt(MaxIterations)) > 0 {
		return 0, ErrIterations
	}
	return int(n.Int64()), nil
}

// encrypt3DES is the key encryption of the compatible form. It gives the DER
// of the AlgorithmIdentifier beside the ciphertext.
func encrypt3DES(random io.Reader, plain, password []byte, iterations int) (algorithm, ciphertext []byte, err error) {
	salt := make([]byte, 8)
	if _, err := io.ReadFull(random, salt); err != nil {
		return nil, nil, fmt.Errorf("drawing salt: %w", err)
	}
	key := derive(crypto.SHA1, forKey, password, salt, iterations, 24)
	defer clear(key)
	block, err := des.NewTripleDESCipher(key) //nolint:gosec // the form is for old programs
	if err != nil {
		return nil, nil, fmt.Errorf("making cipher: %w", err)
	}
	n := blockSize - len(plain)%blockSize
	ciphertext = append(bytes.Clone(plain), bytes.Repeat([]byte{byte(n)}, n)...)
	iv := derive(crypto.SHA1, forIV, password, salt, iterations, blockSize)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(ciphertext, ciphertext)
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid3DES3)
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1OctetString(salt)
			b.AddASN1Int64(int64(iterations))
		})
	})
	algorithm, err = b.Bytes()
	return algorithm, ciphertext, err
}
