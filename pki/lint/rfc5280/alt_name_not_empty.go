package rfc5280

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// altNameNotEmpty wants a name in the subjectAltName.
func altNameNotEmpty() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-alt-name-not-empty", Citation: "RFC 5280 4.2.1.6", Effective: published, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return c.AltNames != nil },
		Check: func(c *lint.Certificate) error {
			if len(c.AltNames) == 0 {
				return errors.New("the subjectAltName is empty")
			}
			return nil
		},
	}
}
