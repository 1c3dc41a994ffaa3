package rfc5280

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// policyConstraintsNotEmpty wants policyConstraints that constrain something.
func policyConstraintsNotEmpty() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-policy-constraints-not-empty", Citation: "RFC 5280 4.2.1.11", Effective: published, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return c.PolicyConstraints != nil },
		Check: func(c *lint.Certificate) error {
			if p := c.PolicyConstraints; p.RequireExplicitPolicy < 0 && p.InhibitPolicyMapping < 0 {
				return errors.New("the policyConstraints are empty")
			}
			return nil
		},
	}
}
