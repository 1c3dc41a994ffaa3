package kisa

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// authorityKeyIdSerial wants the issuer's serial number in the
// authorityKeyIdentifier.
func authorityKeyIdSerial() lint.Rule {
	return lint.Rule{
		ID: "kisa-authority-key-id-serial", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return c.AuthorityKeyID != nil },
		Check: func(c *lint.Certificate) error {
			if len(c.AuthorityKeyID.Serial) == 0 {
				return errors.New("the authorityKeyIdentifier has no authorityCertSerialNumber")
			}
			return nil
		},
	}
}
