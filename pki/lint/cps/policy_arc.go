package cps

import (
	"fmt"

	"github.com/ingam-pki/ingam/pki/lint"
)

// policyArc wants policies of the house's own arc in all but CAs.
func policyArc(policy Policy) lint.Rule {
	return lint.Rule{
		ID: "cps-policy-arc", Citation: "CPS 1.2", Effective: policy.Effective, Severity: lint.Error,
		Applies: lint.All(lint.IsNot(lint.Root, lint.CA), hasPolicies),
		Check: func(c *lint.Certificate) error {
			for _, p := range c.Policies {
				if !below(p.OID, policy.Arc) {
					return fmt.Errorf("policy %v is not below %v", p.OID, policy.Arc)
				}
			}
			return nil
		},
	}
}
