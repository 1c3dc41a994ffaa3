package rfc5280

import "github.com/ingam-pki/ingam/pki/lint"

// crlPointsNotCritical wants cRLDistributionPoints not critical.
func crlPointsNotCritical() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-crl-points-not-critical", Citation: "RFC 5280 4.2.1.13", Effective: published, Severity: lint.Warning,
		Applies: has(lint.ExtCRLPoints),
		Check: func(c *lint.Certificate) error {
			return mustNot(c, lint.ExtCRLPoints, "cRLDistributionPoints")
		},
	}
}
