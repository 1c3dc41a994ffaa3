package kisa

import "github.com/ingam-pki/ingam/pki/lint"

// keyUsagePresent wants keyUsage below the root.
func keyUsagePresent() lint.Rule {
	return lint.Rule{
		ID: "kisa-key-usage-present", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: belowRoot,
		Check: func(c *lint.Certificate) error {
			return missing(c, lint.ExtKeyUsage, "keyUsage")
		},
	}
}
