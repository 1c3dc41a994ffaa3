package kisa

import (
	"fmt"

	"github.com/ingam-pki/ingam/pki/lint"
)

// policiesOne wants one policy.
func policiesOne() lint.Rule {
	return lint.Rule{
		ID: "kisa-policies-one", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return c.Policies != nil },
		Check: func(c *lint.Certificate) error {
			if n := len(c.Policies); n != 1 {
				return fmt.Errorf("there are %d policies", n)
			}
			return nil
		},
	}
}
