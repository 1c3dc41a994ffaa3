// Package cms signs and verifies messages: PKCS#7 and CMS SignedData (RFC
// 2315, RFC 5652), attached or detached, with or without signed attributes.
//
// Banks and logins in the field use the attached form without attributes;
// Sign makes exactly the bytes that OpenSSL makes for it. Verify checks
// signatures only: whether a signer's certificate can be trusted is a matter
// for package validation.
//
// Sizes: Parse takes messages of at most MaxSize bytes, nested at most
// MaxDepth deep, with at most MaxCertificates certificates and MaxSigners
// signers. Detached content has no limit: it is hashed from a reader.
package cms

import (
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"time"

	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Limits on messages from outside.
const (
	MaxSize         = 64 << 20
	MaxDepth        = 32
	MaxElements     = 1 << 18 // in a BER message that must be rewritten
	MaxCertificates = 64
	MaxSigners      = 16
	MaxAttributes   = 64
)

// What can be wrong with a message.
var (
	ErrFormat         = errors.New("cms: not a well-formed SignedData")
	ErrTooLarge       = errors.New("cms: message is larger than the limit")
	ErrTooDeep        = errors.New("cms: message is nested deeper than the limit")
	ErrTooMany        = errors.New("cms: more parts than the limit in one message")
	ErrNotSigned      = errors.New("cms: message is of another content type than SignedData")
	ErrNoSigner       = errors.New("cms: message has no signer")
	ErrNoContent      = errors.New("cms: content is detached and was not given")
	ErrContent        = errors.New("cms: content given is not the content inside")
	ErrNoCertificate  = errors.New("cms: signer's certificate is not in the message")
	ErrDigest         = errors.New("cms: content was changed after signing")
	ErrSignature      = errors.New("cms: signature does not match")
	ErrAttributes     = errors.New("cms: signed attributes break the rules")
	ErrSigningCert    = errors.New("cms: signature was made with another certificate")
	ErrUnsupported    = errors.New("cms: algorithm is not supported")
	ErrKeyMismatch    = errors.New("cms: key is not the certificate's")
	ErrSigningTime    = errors.New("cms: signed attributes need a signing time")
	ErrSignerIdentity = errors.New("cms: signer can't be named")
)

// Signer is one who signed, after Verify found the signature right. What the
// attributes claim (SigningTime) is the signer's word, no proof.
type Signer struct {
	Certificate *x509.Certificate
	Digest      crypto.Hash
	Signature   []byte
	// SigningTime is zero without the attribute.
	SigningTime time.Time
	// Attributes says whether there were signed attributes.
	Attributes bool
	// CertificateBound says whether the attributes name the signer's
	// certificate by hash (ESS signing-certificate, RFC 5035).
	CertificateBound bool
}

var (
	oidData          = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidContentType   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 3}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningTime   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 5}
	oidSigningCert   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 12}
	oidSigningCertV2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 2, 47}
)

func context(n uint8) cbasn1.Tag     { return cbasn1.Tag(n).ContextSpecific() }
func contextCons(n uint8) cbasn1.Tag { return cbasn1.Tag(n).ContextSpecific().Constructed() }
