package rfc5280

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// validityOrder wants the end not before the beginning.
func validityOrder() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-validity-order", Citation: "RFC 5280 4.1.2.5", Effective: published, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return c.NotBefore.Readable && c.NotAfter.Readable },
		Check: func(c *lint.Certificate) error {
			if c.NotAfter.Time.Before(c.NotBefore.Time) {
				return errors.New("it ends before it begins")
			}
			return nil
		},
	}
}
