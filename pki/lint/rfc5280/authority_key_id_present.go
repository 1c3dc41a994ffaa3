package rfc5280

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// authorityKeyIdPresent wants an authorityKeyIdentifier in all that isn't
// self-signed.
func authorityKeyIdPresent() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-authority-key-id-present", Citation: "RFC 5280 4.2.1.1", Effective: published, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return !c.SelfIssued() },
		Check: func(c *lint.Certificate) error {
			if c.Extension(lint.ExtAuthorityKeyID) == nil {
				return errors.New("there is no authorityKeyIdentifier")
			}
			return nil
		},
	}
}
