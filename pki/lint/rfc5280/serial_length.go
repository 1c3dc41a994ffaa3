package rfc5280

import (
	"fmt"

	"github.com/ingam-pki/ingam/pki/lint"
)

// serialLength wants no serial number of more than 20 octets.
func serialLength() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-serial-length", Citation: "RFC 5280 4.1.2.2", Effective: published, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			if len(c.Serial) > 20 {
				return fmt.Errorf("the serial number has %d octets", len(c.Serial))
			}
			return nil
		},
	}
}
