package kisa

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// crlPointOne wants one distribution point with one URI; http and ldap are
// both of the field.
func crlPointOne() lint.Rule {
	return lint.Rule{
		ID: "kisa-crl-point-one", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return c.CRLPoints != nil },
		Check: func(c *lint.Certificate) error {
			if p := c.CRLPoints; len(p) != 1 || len(p[0].Names) != 1 || p[0].Names[0].Tag != lint.URI {
				return errors.New("there is not one distribution point with one URI")
			}
			return nil
		},
	}
}
