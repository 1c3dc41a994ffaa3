package kisa

import (
	"fmt"

	"github.com/ingam-pki/ingam/pki/lint"
)

// keySize wants a modulus of 2048 bits or more.
func keySize() lint.Rule {
	return lint.Rule{
		ID: "kisa-key-size", Citation: "KCAC.TS.DSIG", Effective: since, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return c.RSA != nil },
		Check: func(c *lint.Certificate) error {
			if n := c.RSA.Bits(); n < 2048 {
				return fmt.Errorf("the modulus has %d bits", n)
			}
			return nil
		},
	}
}
