package rfc5280

import "github.com/ingam-pki/ingam/pki/lint"

// subjectKeyIdNotCritical wants the subjectKeyIdentifier not critical.
func subjectKeyIdNotCritical() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-subject-key-id-not-critical", Citation: "RFC 5280 4.2.1.2", Effective: published, Severity: lint.Error,
		Applies: has(lint.ExtSubjectKeyID),
		Check: func(c *lint.Certificate) error {
			return mustNot(c, lint.ExtSubjectKeyID, "subjectKeyIdentifier")
		},
	}
}
