package kisa

import (
	"fmt"

	cb "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/lint"
)

// nameCountryPrintable wants countryName as PrintableString.
func nameCountryPrintable() lint.Rule {
	return lint.Rule{
		ID: "kisa-name-country-printable", Citation: "KCAC.TS.DN", Effective: since, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			for _, name := range []lint.Name{c.Subject, c.Issuer} {
				for _, a := range name.Attributes(lint.AttrCountry) {
					if a.Tag != cb.PrintableString {
						return fmt.Errorf("a countryName has the string type %d", a.Tag)
					}
				}
			}
			return nil
		},
	}
}
