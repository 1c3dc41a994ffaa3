package rfc5280

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// namelessSubject wants the subjectAltName critical where the subject is
// empty: it is then all the name there is.
func namelessSubject() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-nameless-subject", Citation: "RFC 5280 4.1.2.6", Effective: published, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return len(c.Subject.RDNs) == 0 && !isAuthority(c) },
		Check: func(c *lint.Certificate) error {
			if e := c.Extension(lint.ExtSubjectAltName); e == nil || !e.Critical {
				return errors.New("the subject is empty and there is no critical subjectAltName")
			}
			return nil
		},
	}
}
