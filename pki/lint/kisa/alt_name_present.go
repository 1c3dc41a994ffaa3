package kisa

import "github.com/ingam-pki/ingam/pki/lint"

// altNamePresent wants a subjectAltName below the root.
func altNamePresent() lint.Rule {
	return lint.Rule{
		ID: "kisa-alt-name-present", Citation: "KCAC.TS.SIVID", Effective: since, Severity: lint.Error,
		Applies: belowRoot,
		Check: func(c *lint.Certificate) error {
			return missing(c, lint.ExtSubjectAltName, "subjectAltName")
		},
	}
}
