package profile

import (
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cb "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/npki"
)

// The refusals of Prepare and Assemble.
var (
	ErrRequest  = errors.New("profile: the request does not fit the profile")
	ErrOutlives = errors.New("profile: the certificate would outlive its issuer")
	ErrTBS      = errors.New("profile: not a TBSCertificate for sha256WithRSAEncryption")
)

// maxTBS bounds what Assemble takes, and the parts of what Prepare takes.
const (
	maxTBS    = 64 << 10
	maxSerial = 20 // octets, RFC 5280 4.1.2.2
)

// Issuer is what a certificate says about who signed it.
type Issuer struct {
	RawSubject   []byte    // DER Name: becomes the certificate's issuer
	KeyID        []byte    // its subjectKeyIdentifier
	IssuerName   []byte    // DER Name of the issuer's own issuer …
	IssuerSerial *big.Int  // … and its serial there, for the authorityKeyIdentifier
	NotAfter     time.Time // no certificate lasts longer; zero: no limit
}

// IssuerOf takes these from the issuer's certificate. A certificate without a
// subjectKeyIdentifier gets the SHA-1 of its key.
func IssuerOf(cert *x509.Certificate) *Issuer {
	id := cert.SubjectKeyId
	if len(id) == 0 {
		id, _ = KeyID(cert.RawSubjectPublicKeyInfo) // parsed before, by crypto/x509
	}
	return &Issuer{cert.RawSubject, id, cert.RawIssuer, cert.SerialNumber, cert.NotAfter}
}

// Request is what differs from certificate to certificate. URLs that the
// profile has no place for are not used.
type Request struct {
	Serial    *big.Int // 1 to 20 octets, positive
	Issuer    *Issuer  // nil: self-signed
	Subject   npki.Name
	PublicKey []byte    // DER SubjectPublicKeyInfo, RSA
	RealName  string    // of the IdentifyData
	VID       *npki.VID // where the profile carries one
	NotBefore time.Time // cut to the second
	NotAfter  time.Time // zero: by the profile's Validity

	CRLURL, OCSPURL, CAURL string
}

// Prepare builds the DER of the TBSCertificate (RFC 5280 4.1). Nothing is
// signed and nothing is random: the same request gives the same bytes. Its
// errors wrap ErrRequest, ErrOutlives or ErrProfile. It trusts that the profile
// was validated; Set's and Parse's are.
func (p Profile) Prepare(r Request) ([]byte, error) {
	if err := p.fits(r); err != nil {
		return nil, err
	}
	subject, err := r.Subject.Marshal()
	if err != nil {
		return nil, fmt.Errorf("%w: encoding the subject: %w", ErrRequest, err)
	}
	key, err := parseKey(r.PublicKey, p.MinKeyBits)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRequest, err)
	}
	extensions, err := p.extensions(r, key)
	if err != nil {
		return nil, err
	}
	issuer := subject
	if r.Issuer != nil {
		issuer = r.Issuer.RawSubject
	}
	notBefore := r.NotBefore.UTC().Truncate(time.Second)
	notAfter, err := p.end(r, notBefore)
	if err != nil {
		return nil, err
	}
	b := cryptobyte.NewBuilder(make([]byte, 0, 2048))
	b.AddASN1(cb.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cb.Tag(0).Constructed().ContextSpecific(), func(b *cryptobyte.Builder) {
			b.AddASN1Int64(2) // v3
		})
		b.AddASN1BigInt(r.Serial)
		b.AddBytes(sha256WithRSA)
		b.AddBytes(issuer)
		b.AddASN1(cb.SEQUENCE, func(b *cryptobyte.Builder) {
			addTime(b, notBefore)
			addTime(b, notAfter)
		})
		b.AddBytes(subject)
		b.AddBytes(r.PublicKey)
		b.AddASN1(cb.Tag(3).Constructed().ContextSpecific(), func(b *cryptobyte.Builder) {
			b.AddASN1(cb.SEQUENCE, func(b *cryptobyte.Builder) { b.AddBytes(extensions) })
		})
	})
	return b.Bytes()
}

// fits checks the request against the profile before anything is built.
func (p Profile) fits(r Request) error {
	wrong := func(what string) error { return fmt.Errorf("%w: %s", ErrRequest, what) }
	switch {
	case r.Serial == nil || r.Serial.Sign() <= 0 || r.Serial.BitLen() > 8*maxSerial-1:
		return wrong("a serial is positive and has at most 20 octets")
	case len(r.Subject) == 0:
		return wrong("the subject is empty")
	case p.AuthorityKeyID && r.Issuer == nil:
		return wrong("the issuer is missing")
	case r.Issuer != nil && (len(r.Issuer.RawSubject) <= 2 || len(r.Issuer.KeyID) == 0 ||
		len(r.Issuer.IssuerName) <= 2 || r.Issuer.IssuerSerial == nil):
		return wrong("the issuer is incomplete")
	case p.Identity != NoIdentity && r.RealName == "":
		return wrong("the real name is missing")
	case p.Identity == VirtualIdentity && r.VID == nil:
		return wrong("the virtual ID is missing")
	case p.Identity != VirtualIdentity && r.VID != nil:
		return wrong("there is no place for a virtual ID")
	}
	for _, use := range []struct {
		wanted, needed bool
		url, name      string
	}{
		{p.CRL, true, r.CRLURL, "CRL"},
		{p.OCSP, true, r.OCSPURL, "OCSP"},
		{p.CAIssuers, false, r.CAURL, "CA certificate"},
	} {
		if !use.wanted || !use.needed && use.url == "" {
			continue
		}
		if err := checkURL(use.url); err != nil {
			return fmt.Errorf("%w: the address of the %s: %w", ErrRequest, use.name, err)
		}
	}
	return nil
}

// end gives the certificate's last second.
func (p Profile) end(r Request, notBefore time.Time) (time.Time, error) {
	notAfter := r.NotAfter.UTC().Truncate(time.Second)
	if r.NotAfter.IsZero() {
		notAfter = p.Validity.NotAfter(notBefore)
	}
	if y := notBefore.Year(); y < 1950 || notAfter.Year() > 9999 || notAfter.Before(notBefore) {
		return time.Time{}, fmt.Errorf("%w: the validity can't be written", ErrRequest)
	}
	if r.Issuer != nil && !r.Issuer.NotAfter.IsZero() && notAfter.After(r.Issuer.NotAfter) {
		return time.Time{}, ErrOutlives
	}
	return notAfter, nil
}

// addTime writes UTCTime through 2049 and GeneralizedTime from 2050 on (RFC
// 5280 4.1.2.5).
func addTime(b *cryptobyte.Builder, t time.Time) {
	if t.Year() < 2050 {
		b.AddASN1UTCTime(t)
		return
	}
	b.AddASN1GeneralizedTime(t)
}

// sha256WithRSA is the AlgorithmIdentifier 1.2.840.113549.1.1.11 with NULL
// (RFC 4055 section 5).
var sha256WithRSA = []byte{0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b, 0x05, 0x00}

// Assemble joins what Prepare made and its signature to a certificate. The
// signature (sha256WithRSAEncryption) is not checked: a dummy makes a
// certificate to lint. Error: ErrTBS.
func Assemble(tbs, signature []byte) ([]byte, error) {
	input, inner := cryptobyte.String(tbs), cryptobyte.String(nil)
	var algorithm cryptobyte.String
	if len(tbs) > maxTBS || len(signature) == 0 || len(signature) > maxKeyBits/8 ||
		!input.ReadASN1(&inner, cb.SEQUENCE) || !input.Empty() ||
		!inner.SkipOptionalASN1(cb.Tag(0).Constructed().ContextSpecific()) ||
		!inner.SkipASN1(cb.INTEGER) ||
		!inner.ReadASN1Element(&algorithm, cb.SEQUENCE) || string(algorithm) != string(sha256WithRSA) {
		return nil, ErrTBS
	}
	b := cryptobyte.NewBuilder(make([]byte, 0, len(tbs)+len(signature)+32))
	b.AddASN1(cb.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(tbs)
		b.AddBytes(sha256WithRSA)
		b.AddASN1BitString(signature)
	})
	return b.Bytes()
}

// oidDER is the DER of an object identifier, for the constants of this package.
func oidDER(arcs ...int) []byte {
	var b cryptobyte.Builder
	b.AddASN1ObjectIdentifier(asn1.ObjectIdentifier(arcs))
	return b.BytesOrPanic()
}
