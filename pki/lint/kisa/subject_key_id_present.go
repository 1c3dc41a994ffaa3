package kisa

import "github.com/ingam-pki/ingam/pki/lint"

// subjectKeyIdPresent wants a subjectKeyIdentifier in every certificate.
func subjectKeyIdPresent() lint.Rule {
	return lint.Rule{
		ID: "kisa-subject-key-id-present", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			return missing(c, lint.ExtSubjectKeyID, "subjectKeyIdentifier")
		},
	}
}
