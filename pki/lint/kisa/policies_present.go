package kisa

import "github.com/ingam-pki/ingam/pki/lint"

// policiesPresent wants certificatePolicies below the root: validation without
// an acceptable policy must fail.
func policiesPresent() lint.Rule {
	return lint.Rule{
		ID: "kisa-policies-present", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: belowRoot,
		Check: func(c *lint.Certificate) error {
			return missing(c, lint.ExtPolicies, "certificatePolicies")
		},
	}
}
