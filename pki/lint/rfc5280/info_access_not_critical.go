package rfc5280

import "github.com/ingam-pki/ingam/pki/lint"

// infoAccessNotCritical wants authorityInfoAccess not critical.
func infoAccessNotCritical() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-info-access-not-critical", Citation: "RFC 5280 4.2.2.1", Effective: published, Severity: lint.Error,
		Applies: has(lint.ExtInfoAccess),
		Check: func(c *lint.Certificate) error {
			return mustNot(c, lint.ExtInfoAccess, "authorityInfoAccess")
		},
	}
}
