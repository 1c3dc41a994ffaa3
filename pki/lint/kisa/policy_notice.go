package kisa

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// policyNotice wants a userNotice with a text in the policy.
func policyNotice() lint.Rule {
	return lint.Rule{
		ID: "kisa-policy-notice", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return c.Policies != nil },
		Check: func(c *lint.Certificate) error {
			if n := c.Policies[0].Notices; len(n) != 1 || len(n[0].Text) == 0 {
				return errors.New("the policy has not one userNotice with an explicitText")
			}
			return nil
		},
	}
}
