// Package verification answers what somebody asks who holds a signed message:
// is the signature right, whose is it, and can it be relied on today?
//
//	v, err := verification.New(verification.Config{Root: root, Issuing: issuing, …}, register)
//	report, err := v.Verify(ctx, message, nil)
//
// A Report has a verdict in one word, the reason for it, and that reason said
// for a person in both languages with what to do. Verify's error means that
// nothing could be found out (the register did not answer, the message is
// larger than the bound); everything else, however broken the message, is a
// Report.
//
// Certificates of this authority are looked up in its own register, so the
// answer is that of this moment. Of another CA's certificate only the signature
// is known, unless its root is among Config.Others; how it stands today can't
// be told here, so the verdict is Unknown at best.
//
// The time that a signature names is its signer's word. When the certificate
// has expired or was withdrawn since, a signature that claims to be older is
// Unknown, since nobody has proven when it was made; one that claims nothing,
// or to be younger, is Invalid.
package verification

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"errors"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ingam-pki/ingam/internal/certification/status"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/profile"
	"github.com/ingam-pki/ingam/pki/validation"
)

// Bounds on what is verified, in bytes.
const (
	MaxMessage = 4608 << 10 // in DER; the base64 of it may be longer
	MaxContent = 4608 << 10
)

// Verdict is the answer in one word.
type Verdict string

// The verdicts. Unknown means that something is missing to say one of the
// others, not that all is well.
const (
	Valid   Verdict = "valid"
	Invalid Verdict = "invalid"
	Unknown Verdict = "unknown"
)

// State is how a certificate of this authority stands.
type State string

// The states. What a risk check holds back is Suspended, as in OCSP and lists:
// why it is held is nobody's business but the holder's.
const (
	StateValid     State = "valid"
	StateSuspended State = "suspended"
	StateRevoked   State = "revoked"
	StateExpired   State = "expired"
)

// Report is what was found out.
type Report struct {
	Verdict Verdict
	Reason  Reason
	// Title says what was found, Detail what to do about it.
	Title, Detail fault.Text
	At            time.Time // when this was judged, and for when
	// Signers are those whose signatures are right, in the message's order;
	// empty when one of the signatures is not.
	Signers []Signer
	// Content is what was signed: from the message when it is Attached, else
	// what was given. Nil when there is none, or when it is not what was signed.
	Content  []byte
	Attached bool
}

// Text is the content when it is a text of at most so many bytes that a person
// can be shown, else empty. What could make a text look like another (direction
// marks and other invisible letters) is none.
func (r Report) Text(most int) string {
	if len(r.Content) > most || !utf8.Valid(r.Content) {
		return ""
	}
	for _, c := range string(r.Content) {
		if c != '\n' && c != '\r' && c != '\t' && !unicode.IsPrint(c) && c != 0x3000 && c != 0x00a0 {
			return ""
		}
	}
	return string(r.Content)
}

// Signer is one who signed, after the signature was found right.
type Signer struct {
	Verdict       Verdict
	Reason        Reason
	Title, Detail fault.Text

	Owner      string // name of the person or company, from the certificate
	Subject    string // the whole name, in the form of an NPKI folder
	Issuer     string // name of the CA, in the same form
	IssuerName string // the CA's common name, or its organization
	Serial     string // as ca.Record.Serial
	// Ours says that this authority issued the certificate. Kind says in words
	// what for; it is empty for another CA's.
	Ours bool
	Kind fault.Text
	// State and, when withdrawn, Since are known of our own certificates only.
	State     State
	Since     time.Time
	NotBefore time.Time
	NotAfter  time.Time
	// SigningTime is what the signer claims; zero when nothing is claimed.
	SigningTime time.Time
	// Bound says that the signature names its certificate (ESS
	// signing-certificate), so that no other one can be put in its place.
	Bound       bool
	Digest      string // such as "SHA-256"
	Certificate []byte // DER
	Chain       []*x509.Certificate
	Evidence    []validation.Evidence
}

// register is the status register, as status.Register has it.
type register interface {
	Standings(ctx context.Context, issuer string, serials []string) ([]status.Standing, error)
}

// Config is what a Service judges by.
type Config struct {
	Root    *x509.Certificate
	Issuing *x509.Certificate
	// Lists are revocation lists about the issuing CA (DER), the root's own.
	Lists [][]byte
	// Others are roots of other CAs that are trusted here, such as KISA's, and
	// Between certificates of CAs below them that messages leave out.
	Others, Between []*x509.Certificate
	Profiles        profile.Profiles
	Now             func() time.Time
}

// Service verifies.
type Service struct {
	config   Config
	issuer   string // as status.Register names it
	roots    []*x509.Certificate
	between  []*x509.Certificate
	kinds    map[string]fault.Text // by policy
	register register
}

// New makes a Service.
func New(c Config, r register) (*Service, error) {
	if c.Root == nil || c.Issuing == nil || c.Now == nil || r == nil {
		return nil, errors.New("verification: root, issuing CA, clock and register are needed")
	}
	if len(c.Others)+1 > validation.MaxGiven || len(c.Between)+1 > validation.MaxGiven/2 {
		return nil, errors.New("verification: more roots or CAs than can be looked at")
	}
	s := &Service{
		config: c, issuer: hex.EncodeToString(c.Issuing.SubjectKeyId), register: r,
		roots:   append([]*x509.Certificate{c.Root}, c.Others...),
		between: append([]*x509.Certificate{c.Issuing}, c.Between...),
		kinds:   make(map[string]fault.Text),
	}
	for _, p := range c.Profiles {
		if p.PolicyOID != nil && p.BasicConstraints == nil {
			s.kinds[p.PolicyOID.String()] = fault.Text{KO: p.Title.KO, EN: p.Title.EN}
		}
	}
	return s, nil
}

// ErrTooLarge is the refusal of what is larger than MaxMessage or MaxContent.
var ErrTooLarge = fault.Define(4101, "signature-too-large", fault.TooLarge,
	fault.Text{KO: "서명이나 원문이 너무 커요. 각각 4.5 MiB까지 확인할 수 있어요.", EN: "The signature or its content is too large; each can have 4.5 MiB."},
	fault.Text{KO: "원문이 크면 원문을 뺀 서명과 함께 ‘ingam verify’ 프로그램으로 확인해 주세요.", EN: "For larger ones, check the signature with the program “ingam verify”."})

// ownerOf is whose name a certificate carries: the real name that the field's
// extension has, else the common name without what Korean CAs append to it.
func ownerOf(cert *x509.Certificate) string {
	if data, err := npki.IdentifyDataOf(cert); err == nil && data.RealName != "" {
		return data.RealName
	}
	name, err := npki.ParseName(cert.RawSubject)
	if err != nil {
		return cert.Subject.CommonName
	}
	return beforeParenthesis(name.CommonName())
}

// shortName is by what a CA is called.
func shortName(name pkix.Name) string {
	if name.CommonName != "" || len(name.Organization) == 0 {
		return name.CommonName
	}
	return name.Organization[0]
}

// nameOf is a name in the form of the field's folders.
func nameOf(raw []byte, fallback string) string {
	if name, err := npki.ParseName(raw); err == nil {
		return name.String()
	}
	return fallback
}
