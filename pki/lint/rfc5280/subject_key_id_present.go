package rfc5280

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// subjectKeyIdPresent wants a subjectKeyIdentifier in a CA's certificate.
func subjectKeyIdPresent() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-subject-key-id-present", Citation: "RFC 5280 4.2.1.2", Effective: published, Severity: lint.Error,
		Applies: isAuthority,
		Check: func(c *lint.Certificate) error {
			if c.Extension(lint.ExtSubjectKeyID) == nil {
				return errors.New("a CA has no subjectKeyIdentifier")
			}
			return nil
		},
	}
}
