package kisa

import (
	"errors"
	"strings"

	"github.com/ingam-pki/ingam/pki/lint"
)

// policyCps wants the web address of the practice statement in the policy.
func policyCps() lint.Rule {
	return lint.Rule{
		ID: "kisa-policy-cps", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return c.Policies != nil },
		Check: func(c *lint.Certificate) error {
			cps := c.Policies[0].CPS
			if len(cps) != 1 || !strings.HasPrefix(cps[0], "http://") && !strings.HasPrefix(cps[0], "https://") {
				return errors.New("the policy has not one cPSuri over http")
			}
			return nil
		},
	}
}
