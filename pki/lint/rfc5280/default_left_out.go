package rfc5280

import (
	"fmt"

	"github.com/ingam-pki/ingam/pki/lint"
)

// defaultLeftOut wants critical left out where it is FALSE, as DER has it of a
// default.
func defaultLeftOut() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-default-left-out", Citation: "X.690 11.5; RFC 5280 4.2", Effective: published, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			for _, e := range c.Extensions {
				if e.CriticalWritten && !e.Critical {
					return fmt.Errorf("extension %v says critical FALSE", e.OID)
				}
			}
			return nil
		},
	}
}
