package kisa

import "github.com/ingam-pki/ingam/pki/lint"

// policiesCritical wants certificatePolicies critical.
func policiesCritical() lint.Rule {
	return lint.Rule{
		ID: "kisa-policies-critical", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: has(lint.ExtPolicies),
		Check: func(c *lint.Certificate) error {
			return mustBe(c, lint.ExtPolicies, "certificatePolicies")
		},
	}
}
