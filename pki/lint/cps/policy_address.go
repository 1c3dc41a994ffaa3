package cps

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// policyAddress wants the address of the house's own practice statement.
func policyAddress(policy Policy) lint.Rule {
	return lint.Rule{
		ID: "cps-policy-address", Citation: "CPS 1.5", Effective: policy.Effective, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return policy.CPSURI != "" && c.Policies != nil },
		Check: func(c *lint.Certificate) error {
			for _, p := range c.Policies {
				for _, uri := range p.CPS {
					if uri != policy.CPSURI {
						return errors.New("the cPSuri is not the house's")
					}
				}
			}
			return nil
		},
	}
}
