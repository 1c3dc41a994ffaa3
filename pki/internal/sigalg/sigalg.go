// Package sigalg maps ASN.1 algorithm identifiers to hashes and signature
// checks, once for all messages of this library. It accepts RSA PKCS#1 v1.5
// and ECDSA with SHA-256, SHA-384 and SHA-512. SHA-1 is known as a hash (OCSP
// names certificates by it) but refused under a signature.
package sigalg

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"

	// The hashes this package hands out must be linked in.
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha512"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// What can be wrong with an algorithm or a signature.
var (
	ErrUnsupported = errors.New("sigalg: algorithm is not supported")
	ErrWeak        = errors.New("sigalg: SHA-1 or weaker under a signature is refused")
	ErrKey         = errors.New("sigalg: key does not fit the algorithm")
	ErrSignature   = errors.New("sigalg: signature does not match")
)

// MinRSABits is the smallest RSA modulus a signature is accepted from.
const MinRSABits = 2048

// Algorithm identifiers that callers compare with (RFC 4055, RFC 5754, RFC 5758).
var (
	oidRSA        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	oidSHA1RSA    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 5}
	oidSHA256RSA  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}
	oidSHA384RSA  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 12}
	oidSHA512RSA  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 13}
	oidECKey      = asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}
	oidECSHA1     = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 1}
	oidECSHA256   = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 2}
	oidECSHA384   = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 3}
	oidECSHA512   = asn1.ObjectIdentifier{1, 2, 840, 10045, 4, 3, 4}
	oidHashSHA1   = asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}
	oidHashSHA256 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	oidHashSHA384 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}
	oidHashSHA512 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}
)

type family int

const (
	rsaPKCS1 family = iota + 1
	ecdsaASN1
)

// Algorithm is an AlgorithmIdentifier as it was read. Parameters holds the
// DER of the parameters, nil when absent.
type Algorithm struct {
	OID        asn1.ObjectIdentifier
	Parameters []byte
}

// Read takes one AlgorithmIdentifier SEQUENCE off s.
func Read(s *cryptobyte.String) (Algorithm, bool) {
	var a Algorithm
	var seq cryptobyte.String
	if !s.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.ReadASN1ObjectIdentifier(&a.OID) {
		return a, false
	}
	if !seq.Empty() {
		var params cryptobyte.String
		var tag cbasn1.Tag
		if !seq.ReadAnyASN1Element(&params, &tag) || !seq.Empty() {
			return a, false
		}
		a.Parameters = params
	}
	return a, true
}

func (a Algorithm) plain() bool {
	return len(a.Parameters) == 0 || (len(a.Parameters) == 2 && a.Parameters[0] == 5 && a.Parameters[1] == 0)
}

// Hash gives the hash that a digest identifier names; parameters may be NULL
// or absent (RFC 5754 §2).
func (a Algorithm) Hash() (crypto.Hash, error) {
	if !a.plain() {
		return 0, fmt.Errorf("%w: hash %s with parameters", ErrUnsupported, a.OID)
	}
	switch {
	case a.OID.Equal(oidHashSHA1):
		return crypto.SHA1, nil
	case a.OID.Equal(oidHashSHA256):
		return crypto.SHA256, nil
	case a.OID.Equal(oidHashSHA384):
		return crypto.SHA384, nil
	case a.OID.Equal(oidHashSHA512):
		return crypto.SHA512, nil
	}
	return 0, fmt.Errorf("%w: hash %s", ErrUnsupported, a.OID)
}

// scheme splits a signature algorithm; hash is 0 when the identifier names the
// key's algorithm only, as PKCS#7 signers do.
func (a Algorithm) scheme() (family, crypto.Hash, error) {
	if !a.plain() {
		return 0, 0, fmt.Errorf("%w: %s with parameters", ErrUnsupported, a.OID)
	}
	switch {
	case a.OID.Equal(oidRSA):
		return rsaPKCS1, 0, nil
	case a.OID.Equal(oidSHA256RSA):
		return rsaPKCS1, crypto.SHA256, nil
	case a.OID.Equal(oidSHA384RSA):
		return rsaPKCS1, crypto.SHA384, nil
	case a.OID.Equal(oidSHA512RSA):
		return rsaPKCS1, crypto.SHA512, nil
	case a.OID.Equal(oidECKey):
		return ecdsaASN1, 0, nil
	case a.OID.Equal(oidECSHA256):
		return ecdsaASN1, crypto.SHA256, nil
	case a.OID.Equal(oidECSHA384):
		return ecdsaASN1, crypto.SHA384, nil
	case a.OID.Equal(oidECSHA512):
		return ecdsaASN1, crypto.SHA512, nil
	case a.OID.Equal(oidSHA1RSA), a.OID.Equal(oidECSHA1):
		return 0, 0, ErrWeak
	}
	return 0, 0, fmt.Errorf("%w: signature %s", ErrUnsupported, a.OID)
}

// CheckDigest checks sig over a digest made with hash. An identifier that
// names its own hash must name the same one.
func (a Algorithm) CheckDigest(pub crypto.PublicKey, hash crypto.Hash, digest, sig []byte) error {
	fam, own, err := a.scheme()
	if err != nil {
		return err
	}
	if hash == crypto.SHA1 {
		return ErrWeak
	}
	if own != 0 && own != hash {
		return fmt.Errorf("%w: digest %v under a signature for %v", ErrUnsupported, hash, own)
	}
	return verify(fam, pub, hash, digest, sig)
}

// Check checks sig over message. The identifier must name its hash.
func (a Algorithm) Check(pub crypto.PublicKey, message, sig []byte) error {
	fam, hash, err := a.scheme()
	if err != nil {
		return err
	}
	if hash == 0 {
		return fmt.Errorf("%w: %s names no hash", ErrUnsupported, a.OID)
	}
	h := hash.New()
	h.Write(message)
	return verify(fam, pub, hash, h.Sum(nil), sig)
}

// CheckCertificate says whether parent's key signed child, with an algorithm
// that is still trusted. (x509's own CheckSignature lets SHA-1 pass.) Names
// and extensions are the caller's matter.
func CheckCertificate(child, parent *x509.Certificate) error {
	switch child.SignatureAlgorithm {
	case x509.SHA256WithRSA, x509.SHA384WithRSA, x509.SHA512WithRSA,
		x509.SHA256WithRSAPSS, x509.SHA384WithRSAPSS, x509.SHA512WithRSAPSS,
		x509.ECDSAWithSHA256, x509.ECDSAWithSHA384, x509.ECDSAWithSHA512, x509.PureEd25519:
	default:
		return fmt.Errorf("%w: %s", ErrWeak, child.SignatureAlgorithm)
	}
	if key, ok := parent.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() < MinRSABits {
		return fmt.Errorf("%w: RSA of %d bits", ErrKey, key.N.BitLen())
	}
	if parent.CheckSignature(child.SignatureAlgorithm, child.RawTBSCertificate, child.Signature) != nil {
		return ErrSignature
	}
	return nil
}

func verify(fam family, pub crypto.PublicKey, hash crypto.Hash, digest, sig []byte) error {
	switch key := pub.(type) {
	case *rsa.PublicKey:
		if fam != rsaPKCS1 {
			return ErrKey
		}
		if key.N.BitLen() < MinRSABits {
			return fmt.Errorf("%w: RSA of %d bits", ErrKey, key.N.BitLen())
		}
		if rsa.VerifyPKCS1v15(key, hash, digest, sig) != nil {
			return ErrSignature
		}
		return nil
	case *ecdsa.PublicKey:
		if fam != ecdsaASN1 {
			return ErrKey
		}
		if !ecdsa.VerifyASN1(key, digest, sig) {
			return ErrSignature
		}
		return nil
	}
	return ErrKey
}

// Signing says how a key of ours signs: the identifier to write (DER) and the
// hash to sign over. RSA signs with SHA-256; ECDSA with the hash of its
// curve's size.
func Signing(pub crypto.PublicKey) (identifier []byte, hash crypto.Hash, err error) {
	switch key := pub.(type) {
	case *rsa.PublicKey:
		return Identifier(oidSHA256RSA, true), crypto.SHA256, nil
	case *ecdsa.PublicKey:
		switch key.Curve {
		case elliptic.P256():
			return Identifier(oidECSHA256, false), crypto.SHA256, nil
		case elliptic.P384():
			return Identifier(oidECSHA384, false), crypto.SHA384, nil
		case elliptic.P521():
			return Identifier(oidECSHA512, false), crypto.SHA512, nil
		}
	}
	return nil, 0, fmt.Errorf("%w: signing with %T", ErrUnsupported, pub)
}

// PKCS7Signing is Signing for a SignerInfo: PKCS#7 names RSA's key algorithm,
// not the pair.
func PKCS7Signing(pub crypto.PublicKey) (identifier []byte, hash crypto.Hash, err error) {
	if _, ok := pub.(*rsa.PublicKey); ok {
		return Identifier(oidRSA, true), crypto.SHA256, nil
	}
	return Signing(pub)
}

// HashIdentifier is the DER of a digest's AlgorithmIdentifier, with NULL as the
// field writes it.
func HashIdentifier(hash crypto.Hash) ([]byte, error) {
	switch hash {
	case crypto.SHA1:
		return Identifier(oidHashSHA1, true), nil
	case crypto.SHA256:
		return Identifier(oidHashSHA256, true), nil
	case crypto.SHA384:
		return Identifier(oidHashSHA384, true), nil
	case crypto.SHA512:
		return Identifier(oidHashSHA512, true), nil
	default:
	}
	return nil, fmt.Errorf("%w: hash %v", ErrUnsupported, hash)
}

// Identifier is the DER of an AlgorithmIdentifier, with NULL parameters or none.
func Identifier(oid asn1.ObjectIdentifier, null bool) []byte {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		if null {
			b.AddASN1NULL()
		}
	})
	return b.BytesOrPanic()
}
