package rfc5280

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// authorityKeyIdPair wants the authority's issuer and serial number both or
// neither.
func authorityKeyIdPair() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-authority-key-id-pair", Citation: "RFC 5280 4.2.1.1; X.509 9.2.2.1", Effective: published, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return c.AuthorityKeyID != nil },
		Check: func(c *lint.Certificate) error {
			if (c.AuthorityKeyID.Issuer == nil) != (c.AuthorityKeyID.Serial == nil) {
				return errors.New("the authorityKeyIdentifier has one of issuer and serial number")
			}
			return nil
		},
	}
}
