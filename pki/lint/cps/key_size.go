package cps

import (
	"fmt"

	"github.com/ingam-pki/ingam/pki/lint"
)

// keySize wants an RSA modulus of the size that the practice statement
// promises.
func keySize(policy Policy) lint.Rule {
	return lint.Rule{
		ID: "cps-key-size", Citation: "CPS 6.1", Effective: policy.Effective, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			if c.RSA == nil || c.RSA.Bits() < policy.MinKeyBits {
				return fmt.Errorf("there is no RSA key of %d bits or more", policy.MinKeyBits)
			}
			return nil
		},
	}
}
