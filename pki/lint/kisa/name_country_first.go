package kisa

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// nameCountryFirst wants names to begin with their one countryName.
func nameCountryFirst() lint.Rule {
	return lint.Rule{
		ID: "kisa-name-country-first", Citation: "KCAC.TS.DN", Effective: since, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			for _, name := range []lint.Name{c.Subject, c.Issuer} {
				if len(name.Attributes(lint.AttrCountry)) != 1 || len(name.RDNs[0]) == 0 || !name.RDNs[0][0].Type.Equal(lint.AttrCountry) {
					return errors.New("a name does not begin with its countryName")
				}
			}
			return nil
		},
	}
}
