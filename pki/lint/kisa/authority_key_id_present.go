package kisa

import "github.com/ingam-pki/ingam/pki/lint"

// authorityKeyIdPresent wants an authorityKeyIdentifier below the root.
func authorityKeyIdPresent() lint.Rule {
	return lint.Rule{
		ID: "kisa-authority-key-id-present", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: belowRoot,
		Check: func(c *lint.Certificate) error {
			return missing(c, lint.ExtAuthorityKeyID, "authorityKeyIdentifier")
		},
	}
}
