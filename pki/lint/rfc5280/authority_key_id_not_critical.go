package rfc5280

import "github.com/ingam-pki/ingam/pki/lint"

// authorityKeyIdNotCritical wants the authorityKeyIdentifier not critical.
func authorityKeyIdNotCritical() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-authority-key-id-not-critical", Citation: "RFC 5280 4.2.1.1", Effective: published, Severity: lint.Error,
		Applies: has(lint.ExtAuthorityKeyID),
		Check: func(c *lint.Certificate) error {
			return mustNot(c, lint.ExtAuthorityKeyID, "authorityKeyIdentifier")
		},
	}
}
