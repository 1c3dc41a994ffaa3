package rfc5280

import (
	"fmt"

	"github.com/ingam-pki/ingam/pki/lint"
)

// extensionsDecode wants extension values that are what their identifier says.
func extensionsDecode() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-extensions-decode", Citation: "RFC 5280 4.2", Effective: published, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			if len(c.Malformed) > 0 {
				return fmt.Errorf("the value of extension %v does not decode", c.Malformed[0])
			}
			return nil
		},
	}
}
