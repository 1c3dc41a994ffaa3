package rfc5280

import (
	"fmt"

	"github.com/ingam-pki/ingam/pki/lint"
)

// extensionsUnique wants no extension twice.
func extensionsUnique() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-extensions-unique", Citation: "RFC 5280 4.2", Effective: published, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			for i := range c.Extensions {
				if e := &c.Extensions[i]; c.Extension(e.OID) != e {
					return fmt.Errorf("extension %v is there twice", e.OID)
				}
			}
			return nil
		},
	}
}
