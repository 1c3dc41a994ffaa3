// Package ocsp reads and writes Online Certificate Status Protocol messages
// (RFC 6960 with the nonce of RFC 9654). It moves no bytes over a network: a
// responder does ParseRequest and CreateResponse, a client CreateRequest,
// ParseResponse and Response.Verify.
//
// Sizes: a request is at most MaxRequestSize bytes and names 1 to MaxIDs
// certificates; a response is at most MaxResponseSize bytes. Serials have at
// most MaxSerial bytes.
package ocsp

import (
	"bytes"
	"crypto"
	"crypto/sha1"
	"crypto/subtle"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/internal/sigalg"
)

// Limits on messages from outside.
const (
	MaxRequestSize   = 16 << 10
	MaxResponseSize  = 256 << 10
	MaxIDs           = 32
	MaxSerial        = 32
	MaxNonce         = 128 // RFC 9654 §2.1
	maxCertificates  = 8
	maxExtensions    = 32
	maxSinglesParsed = 256
)

// What can be wrong with a message.
var (
	ErrFormat      = errors.New("ocsp: not a well-formed message")
	ErrTooLarge    = errors.New("ocsp: message is larger than the limit")
	ErrTooMany     = errors.New("ocsp: more certificates than the limit in one message")
	ErrNonceLength = errors.New("ocsp: nonce is not 1 to 128 bytes")
	ErrCritical    = errors.New("ocsp: unknown critical extension")
	ErrUnsupported = errors.New("ocsp: algorithm or response type is not supported")
	ErrNotIncluded = errors.New("ocsp: response does not answer for this certificate")

	ErrResponder   = errors.New("ocsp: responder is not authorised by the issuer")
	ErrSignature   = errors.New("ocsp: signature does not match")
	ErrNotYetValid = errors.New("ocsp: response is from the future")
	ErrStale       = errors.New("ocsp: response is out of date")
	ErrNonce       = errors.New("ocsp: nonce does not match the request")
)

// CertID names one certificate by its issuer's hashed name and key and its
// serial (RFC 6960 §4.1.1). Hash is SHA-1, SHA-256, SHA-384 or SHA-512.
type CertID struct {
	HashAlg        crypto.Hash
	IssuerNameHash []byte
	IssuerKeyHash  []byte
	Serial         *big.Int
	raw            []byte // as it was read: a response repeats it to the byte
}

// NewCertID names the certificate with this serial under issuer.
func NewCertID(hash crypto.Hash, issuer *x509.Certificate, serial *big.Int) (CertID, error) {
	if _, err := sigalg.HashIdentifier(hash); err != nil {
		return CertID{}, fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	if serial == nil || serial.Sign() < 0 || serial.BitLen() > 8*MaxSerial {
		return CertID{}, fmt.Errorf("%w: serial", ErrFormat)
	}
	bits, err := keyBits(issuer)
	if err != nil {
		return CertID{}, err
	}
	return CertID{
		HashAlg:        hash,
		IssuerNameHash: digest(hash, issuer.RawSubject),
		IssuerKeyHash:  digest(hash, bits),
		Serial:         serial,
	}, nil
}

// IssuedBy says whether issuer is the one this CertID names.
func (id CertID) IssuedBy(issuer *x509.Certificate) bool {
	want, err := NewCertID(id.HashAlg, issuer, id.Serial)
	return err == nil && id.Equal(want)
}

// Equal compares by value, whatever the encoding was.
func (id CertID) Equal(o CertID) bool {
	return id.HashAlg == o.HashAlg && id.Serial != nil && o.Serial != nil && id.Serial.Cmp(o.Serial) == 0 &&
		bytes.Equal(id.IssuerNameHash, o.IssuerNameHash) && bytes.Equal(id.IssuerKeyHash, o.IssuerKeyHash)
}

func digest(hash crypto.Hash, b []byte) []byte {
	h := hash.New()
	h.Write(b)
	return h.Sum(nil)
}

// keyBits is the content of the subjectPublicKey BIT STRING without its
// unused-bits byte: what key hashes are made over.
func keyBits(cert *x509.Certificate) ([]byte, error) {
	if cert == nil {
		return nil, fmt.Errorf("%w: no issuer", ErrFormat)
	}
	s := cryptobyte.String(cert.RawSubjectPublicKeyInfo)
	var spki cryptobyte.String
	var bits []byte
	if !s.ReadASN1(&spki, cbasn1.SEQUENCE) || !spki.SkipASN1(cbasn1.SEQUENCE) || !spki.ReadASN1BitStringAsBytes(&bits) {
		return nil, fmt.Errorf("%w: issuer's key", ErrFormat)
	}
	return bits, nil
}

func keyID(cert *x509.Certificate) ([]byte, error) {
	bits, err := keyBits(cert)
	if err != nil {
		return nil, err
	}
	sum := sha1.Sum(bits)
	return sum[:], nil
}

// CertStatus is how one certificate stands.
type CertStatus int

// The three answers of RFC 6960 §2.2.
const (
	Good CertStatus = iota
	Revoked
	Unknown
)

func (s CertStatus) String() string {
	switch s {
	case Good:
		return "good"
	case Revoked:
		return "revoked"
	default:
		return "unknown"
	}
}

// Single answers for one certificate. RevokedAt and Reason (an RFC 5280
// CRLReason; 6 is a suspension, 0 is left out of the message) count only when
// Status is Revoked. NextUpdate may be zero: newer information is always there.
type Single struct {
	ID         CertID
	Status     CertStatus
	RevokedAt  time.Time
	Reason     int
	ThisUpdate time.Time
	NextUpdate time.Time
}

// ResponseStatus is the outer status of a response (RFC 6960 §4.2.1).
type ResponseStatus int

// Outer statuses; 4 is not used by the protocol.
const (
	Successful       ResponseStatus = 0
	MalformedRequest ResponseStatus = 1
	InternalError    ResponseStatus = 2
	TryLater         ResponseStatus = 3
	SigRequired      ResponseStatus = 5
	Unauthorized     ResponseStatus = 6
)

func (s ResponseStatus) String() string {
	switch s {
	case Successful:
		return "successful"
	case MalformedRequest:
		return "malformedRequest"
	case InternalError:
		return "internalError"
	case TryLater:
		return "tryLater"
	case SigRequired:
		return "sigRequired"
	case Unauthorized:
		return "unauthorized"
	}
	return fmt.Sprintf("status %d", int(s))
}

// StatusError says that the responder answered without a status for any
// certificate.
type StatusError struct{ Status ResponseStatus }

func (e *StatusError) Error() string { return "ocsp: responder says " + e.Status.String() }

var (
	oidBasic      = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 1}
	oidNonce      = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 2}
	oidAcceptable = asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 4}
)

func context(n uint8) cbasn1.Tag     { return cbasn1.Tag(n).ContextSpecific() }
func contextCons(n uint8) cbasn1.Tag { return cbasn1.Tag(n).ContextSpecific().Constructed() }

func readCertID(s *cryptobyte.String) (CertID, error) {
	var id CertID
	var element, seq cryptobyte.String
	if !s.ReadASN1Element(&element, cbasn1.SEQUENCE) {
		return id, fmt.Errorf("%w: CertID", ErrFormat)
	}
	id.raw = element
	body := element
	if !body.ReadASN1(&seq, cbasn1.SEQUENCE) {
		return id, fmt.Errorf("%w: CertID", ErrFormat)
	}
	alg, ok := sigalg.Read(&seq)
	if !ok {
		return id, fmt.Errorf("%w: CertID hash", ErrFormat)
	}
	hash, err := alg.Hash()
	if err != nil {
		return id, fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	id.HashAlg, id.Serial = hash, new(big.Int)
	var name, key cryptobyte.String
	if !seq.ReadASN1(&name, cbasn1.OCTET_STRING) || !seq.ReadASN1(&key, cbasn1.OCTET_STRING) ||
		!seq.ReadASN1Integer(id.Serial) || !seq.Empty() {
		return id, fmt.Errorf("%w: CertID", ErrFormat)
	}
	if len(name) != hash.Size() || len(key) != hash.Size() {
		return id, fmt.Errorf("%w: CertID hash length", ErrFormat)
	}
	if id.Serial.BitLen() > 8*MaxSerial || id.Serial.Sign() < 0 {
		return id, fmt.Errorf("%w: serial", ErrFormat)
	}
	id.IssuerNameHash, id.IssuerKeyHash = name, key
	return id, nil
}

func (id CertID) add(b *cryptobyte.Builder) {
	if id.raw != nil {
		b.AddBytes(id.raw)
		return
	}
	alg, err := sigalg.HashIdentifier(id.HashAlg)
	if err != nil || id.Serial == nil {
		b.SetError(fmt.Errorf("%w: CertID", ErrUnsupported))
		return
	}
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(alg)
		b.AddASN1OctetString(id.IssuerNameHash)
		b.AddASN1OctetString(id.IssuerKeyHash)
		b.AddASN1BigInt(id.Serial)
	})
}

// CheckNonce says whether the response carries exactly this nonce. It takes
// the same time whatever the nonces are.
func (r *Response) CheckNonce(want []byte) error {
	if len(want) == 0 || subtle.ConstantTimeCompare(r.Nonce, want) != 1 {
		return ErrNonce
	}
	return nil
}
