package rfc5280

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// authorityKeyIdKey wants the keyIdentifier in the authorityKeyIdentifier.
func authorityKeyIdKey() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-authority-key-id-key", Citation: "RFC 5280 4.2.1.1", Effective: published, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return c.AuthorityKeyID != nil },
		Check: func(c *lint.Certificate) error {
			if len(c.AuthorityKeyID.KeyID) == 0 {
				return errors.New("the authorityKeyIdentifier has no keyIdentifier")
			}
			return nil
		},
	}
}
