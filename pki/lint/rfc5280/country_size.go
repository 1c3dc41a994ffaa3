package rfc5280

import (
	"fmt"

	"github.com/ingam-pki/ingam/pki/lint"
)

// countrySize wants a countryName of two letters.
func countrySize() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-country-size", Citation: "RFC 5280 A.1", Effective: published, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			for _, name := range []lint.Name{c.Subject, c.Issuer} {
				for _, a := range name.Attributes(lint.AttrCountry) {
					if len(a.Value) != 2 {
						return fmt.Errorf("a countryName has %d octets", len(a.Value))
					}
				}
			}
			return nil
		},
	}
}
