package kisa

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// authorityKeyIdKey wants the keyIdentifier in the authorityKeyIdentifier.
func authorityKeyIdKey() lint.Rule {
	return lint.Rule{
		ID: "kisa-authority-key-id-key", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return c.AuthorityKeyID != nil },
		Check: func(c *lint.Certificate) error {
			if len(c.AuthorityKeyID.KeyID) == 0 {
				return errors.New("the authorityKeyIdentifier has no keyIdentifier")
			}
			return nil
		},
	}
}
