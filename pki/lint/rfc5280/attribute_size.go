package rfc5280

import (
	"encoding/asn1"
	"fmt"
	"unicode/utf8"

	"github.com/ingam-pki/ingam/pki/lint"
)

// attributeSize wants commonName, organizationName and organizationalUnitName
// of 1 to 64 characters.
func attributeSize() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-attribute-size", Citation: "RFC 5280 A.1", Effective: published, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			for _, name := range []lint.Name{c.Subject, c.Issuer} {
				for _, oid := range []asn1.ObjectIdentifier{lint.AttrCommonName, lint.AttrOrganization, lint.AttrUnit} {
					for _, a := range name.Attributes(oid) {
						if n := utf8.RuneCount(a.Value); n < 1 || n > 64 {
							return fmt.Errorf("attribute %v has %d characters", oid, n)
						}
					}
				}
			}
			return nil
		},
	}
}
