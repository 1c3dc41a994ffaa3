// Package lint checks certificates against rules, before they are signed and
// after.
//
// A rule says one thing, cites where it stands and from when it holds; it is
// one file in a rule set: lint/rfc5280 for every certificate, lint/kisa for the
// profile of Korean joint certificates, lint/cps for what a CA promises of its
// own. Rule sets are values:
//
//	rules := slices.Concat(rfc5280.Rules(), kisa.Rules(), cps.Rules(policy))
//	findings := lint.Run(rules, der)
//	if err := lint.Refusal(findings); err != nil { … don't sign … }
//
// The signature value is never looked at: before signing, join the
// to-be-signed bytes with any dummy and lint that. Certificates are parsed here
// from their raw bytes, beside crypto/x509, which hides much of what the rules
// are about: string types, order, encodings.
package lint

import (
	"fmt"
	"strings"
	"time"
)

// Severity says how bad a finding is. The zero value is none.
type Severity int

// The severities. Only an Error keeps a certificate from being signed.
const (
	Notice Severity = iota + 1
	Warning
	Error
)

// String gives the severity in lower case.
func (s Severity) String() string {
	switch s {
	case Notice:
		return "notice"
	case Warning:
		return "warning"
	case Error:
		return "error"
	}
	return "none"
}

// Rule is one demand on certificates.
type Rule struct {
	ID        string    // "kisa-policies-critical"
	Citation  string    // "RFC 5280 4.2.1.4", "KCAC.TS.CERTPROF"
	Effective time.Time // certificates whose notBefore lies before it are not judged; zero: all are
	Severity  Severity
	Applies   func(*Certificate) bool  // nil: to every certificate
	Check     func(*Certificate) error // what is wrong, in English; nil: nothing
}

// Finding is a rule that a certificate breaks.
type Finding struct {
	Rule     string
	Citation string
	Severity Severity
	Problem  string
}

// String reads "error kisa-policies-critical: … (KCAC.TS.CERTPROF)".
func (f Finding) String() string {
	return fmt.Sprintf("%s %s: %s (%s)", f.Severity, f.Rule, f.Problem, f.Citation)
}

// Unreadable is the rule name in the finding of Run when Parse has refused.
const Unreadable = "unreadable"

// Run parses a certificate (DER, at most MaxSize bytes, any signature value)
// and gives what the rules find, in their order. A certificate that can't be
// parsed gives the one finding Unreadable.
func Run(rules []Rule, der []byte) []Finding {
	c, err := Parse(der)
	if err != nil {
		return []Finding{{Unreadable, "RFC 5280 4.1", Error, err.Error()}}
	}
	return c.Run(rules)
}

// Run gives what the rules find, in their order; nil when they find nothing.
func (c *Certificate) Run(rules []Rule) []Finding {
	var findings []Finding
	for _, r := range rules {
		if !r.Judges(c) {
			continue
		}
		if err := r.Check(c); err != nil {
			findings = append(findings, Finding{r.ID, r.Citation, r.Severity, err.Error()})
		}
	}
	return findings
}

// Judges says whether the rule has anything to say about a certificate: it is
// of the kind that the rule is for, and not older than the rule. One whose
// notBefore can't be read is judged.
func (r Rule) Judges(c *Certificate) bool {
	if c.NotBefore.Readable && c.NotBefore.Time.Before(r.Effective) {
		return false
	}
	return r.Applies == nil || r.Applies(c)
}

// RefusalError lists the findings for which a certificate must not be signed.
type RefusalError struct{ Findings []Finding }

// Error names the broken rules.
func (e *RefusalError) Error() string {
	texts := make([]string, len(e.Findings))
	for i, f := range e.Findings {
		texts[i] = f.String()
	}
	return "lint: " + strings.Join(texts, "; ")
}

// Refusal gives a *RefusalError with the findings of severity Error, or nil when
// there are none.
func Refusal(findings []Finding) error {
	var bad []Finding
	for _, f := range findings {
		if f.Severity >= Error {
			bad = append(bad, f)
		}
	}
	if bad == nil {
		return nil
	}
	return &RefusalError{bad}
}
