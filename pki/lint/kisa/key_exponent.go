package kisa

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// keyExponent wants the public exponent 65537.
func keyExponent() lint.Rule {
	return lint.Rule{
		ID: "kisa-key-exponent", Citation: "KCAC.TS.DSIG", Effective: since, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return c.RSA != nil },
		Check: func(c *lint.Certificate) error {
			if !c.RSA.Exponent.IsInt64() || c.RSA.Exponent.Int64() != 65537 {
				return errors.New("the exponent is not 65537")
			}
			return nil
		},
	}
}
