package kisa

import (
	"fmt"

	cb "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/lint"
)

// nameUtf8 wants every attribute but countryName as UTF8String, even when it
// is all ASCII.
func nameUtf8() lint.Rule {
	return lint.Rule{
		ID: "kisa-name-utf8", Citation: "KCAC.TS.DN", Effective: since, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			for _, name := range []lint.Name{c.Subject, c.Issuer} {
				for _, rdn := range name.RDNs {
					for _, a := range rdn {
						if !a.Type.Equal(lint.AttrCountry) && a.Tag != cb.UTF8String {
							return fmt.Errorf("attribute %v has the string type %d", a.Type, a.Tag)
						}
					}
				}
			}
			return nil
		},
	}
}
