// Package cps has the rules that a CA makes for itself: its certification
// practice statement, as far as a certificate shows whether it is kept.
//
// A Policy says what the statement leaves to the house. Citations "CPS n" are
// sections of a practice statement in the order of RFC 3647.
package cps

import (
	"encoding/asn1"
	"errors"
	"regexp"
	"time"

	"github.com/ingam-pki/ingam/pki/lint"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// Policy is the practice of one house. Only Arc has no default.
type Policy struct {
	Arc        asn1.ObjectIdentifier // subscribers' policies lie below Arc.1, those of OCSP and key management below Arc.2
	Effective  time.Time             // when the statement came into force; zero: every certificate is judged
	MinKeyBits int                   // of every RSA key; default 2048
	MaxYears   int                   // of a subscriber's certificate; default 1
	KeptDays   int                   // a renewal keeps what was left: at most so many days more; default 31 (the window, and a leap day)
	Country    string                // of subjects, in any case; default "kr"
	CPSURI     string                // where the statement stands; empty: not looked at
}

// Rules gives the rules of a policy.
func Rules(policy Policy) []lint.Rule {
	if policy.MinKeyBits == 0 {
		policy.MinKeyBits = 2048
	}
	if policy.MaxYears == 0 {
		policy.MaxYears = 1
	}
	if policy.KeptDays == 0 {
		policy.KeptDays = 31
	}
	if policy.Country == "" {
		policy.Country = "kr"
	}
	return []lint.Rule{
		serialSize(policy),
		signatureHash(policy),
		keySize(policy),
		keyFactors(policy),
		subscriberValidity(policy),
		signerValidity(policy),
		signerNoCheck(policy),
		country(policy),
		organization(policy),
		commonNameForm(policy),
		commonNameRealName(policy),
		policyArc(policy),
		policyClass(policy),
		policyAddress(policy),
		virtualIdHash(policy),
		addressesHttp(policy),
		extensionsKnown(policy),
	}
}

func hasPolicies(c *lint.Certificate) bool { return c.Policies != nil }

func dated(c *lint.Certificate) bool { return c.NotBefore.Readable && c.NotAfter.Readable }

// lasts says whether a certificate ends within so many years and days and the
// rest of that day in Seoul.
func lasts(c *lint.Certificate, years, days int) bool {
	return !c.NotAfter.Time.After(c.NotBefore.Time.In(seoul.Zone).AddDate(years, 0, days+1))
}

// below says whether an object identifier lies under an arc, and is not the arc.
func below(oid, arc asn1.ObjectIdentifier) bool {
	return len(oid) > len(arc) && oid[:len(arc)].Equal(arc)
}

// commonName is name(ROMANISED) and the digits: bank 4, branch 3, date 8,
// number 7 to 9. A name may have brackets of its own.
var commonName = regexp.MustCompile(`^(.+?)\([A-Z0-9 .,'-]*\)[0-9]{7}([0-9]{8})[0-9]{7,9}$`)

var errCommonName = errors.New("the commonName is not name(), bank, branch, date and number")

// readCommonName gives the name in a subscriber's commonName.
func readCommonName(value []byte) (string, error) {
	if len(value) > 256 {
		return "", errCommonName
	}
	part := commonName.FindSubmatch(value)
	if part == nil {
		return "", errCommonName
	}
	if _, err := time.Parse("20060102", string(part[2])); err != nil {
		return "", errCommonName
	}
	return string(part[1]), nil
}
