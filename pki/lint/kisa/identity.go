package kisa

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// identity wants IdentifyData with a real name in the subjectAltName.
func identity() lint.Rule {
	return lint.Rule{
		ID: "kisa-identity", Citation: "KCAC.TS.SIVID", Effective: since, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return c.AltNames != nil },
		Check: func(c *lint.Certificate) error {
			if id := c.Identity; id == nil || !id.Readable || id.RealName == "" {
				return errors.New("the subjectAltName has no IdentifyData with a realName")
			}
			return nil
		},
	}
}
