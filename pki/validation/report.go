// Package validation answers the question a relying party has: can this
// certificate be relied on, at this time, for this person, and if not, why?
//
// Validate takes everything it judges by as values: the certificate, the
// certificates between it and the trusted roots, the policies accepted, lists
// and responses about revocation, and the time. It fetches nothing and has no
// clock. The rules are RFC 5280 §6.1, §6.3 and RFC 6960, and the virtual ID
// of KCAC.TS.SIVID for the person.
//
// Sizes: a certificate is at most MaxCertificate bytes, a path at most MaxPath
// certificates; at most MaxGiven intermediates, roots, lists and responses
// each are looked at, and work on cross-signed certificates is bounded.
package validation

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"github.com/ingam-pki/ingam/pki/crl"
	"github.com/ingam-pki/ingam/pki/npki"
)

// Limits on what is given.
const (
	MaxCertificate = 64 << 10
	MaxPath        = 10
	MaxGiven       = 256
	maxChecks      = 64   // signature checks in building paths
	maxSteps       = 4096 // certificates tried in building paths
)

// Usage is what the certificate is wanted for.
type Usage int

// Usages. A certificate without keyUsage may do all (RFC 5280 §4.2.1.3).
const (
	Signing    Usage = iota // digitalSignature or nonRepudiation
	Encryption              // keyEncipherment
	AnyUsage
)

// Revocation is what evidence about revocation is demanded. Evidence that is
// given is always used.
type Revocation int

// Demands: with less than demanded the verdict is Unknown.
const (
	IfGiven Revocation = iota // none is demanded
	OfLeaf                    // for the certificate itself
	OfAll                     // for each certificate below the root
)

// Person is who the certificate should belong to. It never prints.
type Person struct {
	IDN string // identity number, digits only
	R   npki.R
}

// Format keeps a person out of logs and errors, whatever the verb.
func (Person) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "Person(redacted)") }

// MarshalText keeps a person out of encoded messages.
func (Person) MarshalText() ([]byte, error) { return []byte("Person(redacted)"), nil }

// Input is all that a verdict depends on.
type Input struct {
	Leaf          []byte // DER
	Intermediates []*x509.Certificate
	Roots         []*x509.Certificate // trusted as they are
	// At is the time the verdict is for: now, or the proven time of signing.
	// A certificate revoked later was good then.
	At    time.Time
	Usage Usage
	// Policies are those accepted; to name some demands one of them.
	Policies []asn1.ObjectIdentifier
	// RequirePolicy demands that the path stands for some policy, any when
	// Policies names none, even where no certificate requires one.
	RequirePolicy bool
	CRLs          [][]byte // DER
	OCSP          [][]byte // DER responses
	Revocation    Revocation
	Person        *Person // nil: whose it is does not matter
}

// Verdict is the answer in one word.
type Verdict string

// Verdicts. Unknown means that evidence is missing, not that all is well.
const (
	Valid   Verdict = "valid"
	Invalid Verdict = "invalid"
	Unknown Verdict = "unknown"
)

// Reason says why; the strings are stable.
type Reason string

// Reasons.
const (
	OK                   Reason = "ok"
	BadInput             Reason = "bad-input"
	MalformedCertificate Reason = "malformed-certificate"
	NoIssuer             Reason = "no-issuer"
	TooComplex           Reason = "too-complex"
	BadSignature         Reason = "bad-signature"
	WeakAlgorithm        Reason = "weak-algorithm"
	WeakKey              Reason = "weak-key"
	NotYetValid          Reason = "not-yet-valid"
	Expired              Reason = "expired"
	NotACA               Reason = "not-a-ca"
	PathTooLong          Reason = "path-too-long"
	KeyUsage             Reason = "key-usage"
	ExtendedKeyUsage     Reason = "extended-key-usage"
	UnknownCritical      Reason = "unknown-critical-extension"
	NameConstraints      Reason = "name-constraints-not-supported"
	PolicyMappings       Reason = "policy-mappings-not-supported"
	NoAcceptablePolicy   Reason = "no-acceptable-policy"
	Revoked              Reason = "revoked"
	Suspended            Reason = "suspended"
	RevocationMissing    Reason = "revocation-evidence-missing"
	RevocationStale      Reason = "revocation-evidence-stale"
	PersonDoesNotMatch   Reason = "person-does-not-match"
	NoIdentityData       Reason = "no-identity-data"
)

// Report is a verdict with all that led to it.
type Report struct {
	Verdict Verdict `json:"verdict"`
	Reason  Reason  `json:"reason"`
	// Subject is of the certificate that the reason is about.
	Subject string `json:"subject,omitempty"`
	// Detail is for a developer, in English.
	Detail string    `json:"detail,omitempty"`
	At     time.Time `json:"at"`
	// Chain runs from the certificate to the root; empty when none was found.
	Chain []*x509.Certificate `json:"-"`
	// Policies are those the path stands for; "2.5.29.32.0" is any.
	Policies []string `json:"policies,omitempty"`
	// Revocation is set when the certificate was revoked or suspended at any
	// time that the evidence knows of, even after At.
	Revocation *Withdrawal `json:"revocation,omitempty"`
	// PersonConfirmed says that R and identity number were given and fit.
	PersonConfirmed bool       `json:"personConfirmed"`
	Evidence        []Evidence `json:"evidence"`
}

// Withdrawal is when and why the certificate was revoked.
type Withdrawal struct {
	Subject        string     `json:"subject"`
	At             time.Time  `json:"at"`
	Reason         crl.Reason `json:"reason"`
	InvalidityDate time.Time  `json:"invalidityDate,omitzero"`
}

// Evidence is one thing the verdict rests on, or one that was given and could
// not be used.
type Evidence struct {
	Kind       string    `json:"kind"` // certificate, root, crl, ocsp
	SHA256     string    `json:"sha256"`
	Subject    string    `json:"subject,omitempty"` // whom it is about
	ThisUpdate time.Time `json:"thisUpdate,omitzero"`
	NextUpdate time.Time `json:"nextUpdate,omitzero"`
	Problem    string    `json:"problem,omitempty"` // why it was not used
}

func fingerprint(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// nameOf is a subject in the form of the field's folders.
func nameOf(cert *x509.Certificate) string {
	if name, err := npki.ParseName(cert.RawSubject); err == nil {
		return name.String()
	}
	return cert.Subject.String()
}
