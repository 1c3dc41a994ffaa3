package cps

import (
	"fmt"
	"math/big"

	"github.com/ingam-pki/ingam/pki/lint"
)

// serialSize wants serial numbers that nobody can foretell: of 64 bits or more.
func serialSize(policy Policy) lint.Rule {
	return lint.Rule{
		ID: "cps-serial-size", Citation: "CPS 7.1; CA/B Forum BR 7.1", Effective: policy.Effective, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			if n := new(big.Int).SetBytes(c.Serial).BitLen(); n < 64 {
				return fmt.Errorf("the serial number has %d bits", n)
			}
			return nil
		},
	}
}
