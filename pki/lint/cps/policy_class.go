package cps

import (
	"fmt"

	"github.com/ingam-pki/ingam/pki/lint"
)

// policyClass wants the policies of subscribers (arc.1) on subscribers only,
// those of the house's own helpers (arc.2) on these only: a subscriber's
// policy on a CA would make CAs of customers.
func policyClass(policy Policy) lint.Rule {
	return lint.Rule{
		ID: "cps-policy-class", Citation: "CPS 1.2", Effective: policy.Effective, Severity: lint.Error,
		Applies: hasPolicies,
		Check: func(c *lint.Certificate) error {
			for _, p := range c.Policies {
				if !below(p.OID, policy.Arc) {
					continue
				}
				subscriber := c.Class() == lint.Subscriber
				helper := c.Class() == lint.Signer || c.Class() == lint.KeyManagement
				switch part := p.OID[len(policy.Arc)]; {
				case part == 1 && subscriber, part == 2 && helper:
				default:
					return fmt.Errorf("policy %v is not for this sort of certificate", p.OID)
				}
			}
			return nil
		},
	}
}
