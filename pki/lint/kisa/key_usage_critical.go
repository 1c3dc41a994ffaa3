package kisa

import "github.com/ingam-pki/ingam/pki/lint"

// keyUsageCritical wants keyUsage critical.
func keyUsageCritical() lint.Rule {
	return lint.Rule{
		ID: "kisa-key-usage-critical", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: has(lint.ExtKeyUsage),
		Check: func(c *lint.Certificate) error {
			return mustBe(c, lint.ExtKeyUsage, "keyUsage")
		},
	}
}
