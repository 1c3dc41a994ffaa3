package kisa

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// authorityExplicitPolicy wants requireExplicitPolicy 0 in a CA: no path
// through it is valid without a policy that the verifier accepts.
func authorityExplicitPolicy() lint.Rule {
	return lint.Rule{
		ID: "kisa-authority-explicit-policy", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: lint.Is(lint.CA),
		Check: func(c *lint.Certificate) error {
			if p := c.PolicyConstraints; p == nil || p.RequireExplicitPolicy != 0 {
				return errors.New("a CA has no requireExplicitPolicy 0")
			}
			return nil
		},
	}
}
