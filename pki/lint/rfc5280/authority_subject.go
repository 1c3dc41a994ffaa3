package rfc5280

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// authoritySubject wants a CA with a name.
func authoritySubject() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-authority-subject", Citation: "RFC 5280 4.1.2.6", Effective: published, Severity: lint.Error,
		Applies: isAuthority,
		Check: func(c *lint.Certificate) error {
			if len(c.Subject.RDNs) == 0 {
				return errors.New("the subject of a CA is empty")
			}
			return nil
		},
	}
}
