package kisa

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// authorityKeyIdIssuer wants the name of the issuer's issuer in the
// authorityKeyIdentifier, as one directoryName.
func authorityKeyIdIssuer() lint.Rule {
	return lint.Rule{
		ID: "kisa-authority-key-id-issuer", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return c.AuthorityKeyID != nil },
		Check: func(c *lint.Certificate) error {
			if names := c.AuthorityKeyID.Issuer; len(names) != 1 || names[0].Tag != lint.DirectoryName {
				return errors.New("the authorityCertIssuer is not one directoryName")
			}
			return nil
		},
	}
}
