package npki

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// maxPEMSize bounds a key file in PEM, in bytes.
const maxPEMSize = 2 * MaxKeySize

// OpenKeyFile opens a private key in whatever form it lies there: encrypted as
// DecryptKey takes it, or in clear as PKCS#8 or PKCS#1, and each of them in DER
// or in PEM. For a key in clear the password is not looked at and the
// Encryption's Scheme is Unencrypted; so that a key opens says nothing about
// the password unless EncryptionOf gives another scheme.
//
// Errors are those of DecryptKey. A PEM of the old OpenSSL (with DEK-Info) is
// ErrKeyFormat.
func OpenKeyFile(file, password []byte) (*PrivateKey, Encryption, error) {
	der, pkcs1, err := keyDER(file)
	if err != nil {
		return nil, Encryption{}, err
	}
	defer func() {
		if &der[0] != &file[0] {
			clear(der)
		}
	}()
	var k *PrivateKey
	switch {
	case pkcs1:
		k, err = parsePKCS1(der)
	case startsWithNumber(der):
		k, err = ParsePrivateKey(der)
	default:
		return DecryptKey(der, password)
	}
	if err != nil {
		return nil, Encryption{}, err
	}
	return k, Encryption{Scheme: Unencrypted}, nil
}

// keyDER takes off the PEM, if there is one, and says whether what is inside
// is PKCS#1. The DER is not empty.
func keyDER(file []byte) (der []byte, pkcs1 bool, err error) {
	if len(file) == 0 || len(file) > maxPEMSize {
		return nil, false, fmt.Errorf("%w: %d bytes", ErrKeyFormat, len(file))
	}
	if file[0] == 0x30 {
		return file, isPKCS1(file), nil
	}
	for rest := bytes.TrimPrefix(file, []byte("\xef\xbb\xbf")); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return nil, false, fmt.Errorf("%w: neither DER nor PEM of a key", ErrKeyFormat)
		}
		switch block.Type {
		case "RSA PRIVATE KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY":
			if len(block.Headers) > 0 || len(block.Bytes) == 0 {
				return nil, false, fmt.Errorf("%w: encrypted as old OpenSSL did", ErrKeyFormat)
			}
			return block.Bytes, block.Type == "RSA PRIVATE KEY", nil
		}
	}
}

// startsWithNumber tells a key in clear, which begins with its version, from an
// encrypted one, which begins with an algorithm.
func startsWithNumber(der []byte) bool {
	in := cryptobyte.String(der)
	var seq cryptobyte.String
	return in.ReadASN1(&seq, cbasn1.SEQUENCE) && seq.PeekASN1Tag(cbasn1.INTEGER)
}

// isPKCS1 says whether two numbers come first: version and modulus.
func isPKCS1(der []byte) bool {
	in := cryptobyte.String(der)
	var seq cryptobyte.String
	return in.ReadASN1(&seq, cbasn1.SEQUENCE) && seq.SkipASN1(cbasn1.INTEGER) && seq.PeekASN1Tag(cbasn1.INTEGER)
}

// parsePKCS1 reads a bare RSA key, which has no place for R.
func parsePKCS1(der []byte) (*PrivateKey, error) {
	if len(der) > MaxKeySize || !plausibleRSA(der) {
		return nil, ErrKeyFormat
	}
	signer, err := x509.ParsePKCS1PrivateKey(bytes.Clone(der))
	if err != nil {
		return nil, fmt.Errorf("%w: RSA key", ErrKeyFormat)
	}
	return &PrivateKey{Signer: signer}, nil
}
