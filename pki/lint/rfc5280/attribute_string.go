package rfc5280

import (
	"encoding/asn1"
	"fmt"

	cb "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/lint"
)

// attributeString wants PrintableString or UTF8String where a name has a
// DirectoryString.
func attributeString() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-attribute-string", Citation: "RFC 5280 4.1.2.4", Effective: published, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			for _, name := range []lint.Name{c.Subject, c.Issuer} {
				for _, oid := range []asn1.ObjectIdentifier{lint.AttrCommonName, lint.AttrOrganization, lint.AttrUnit} {
					for _, a := range name.Attributes(oid) {
						if a.Tag != cb.PrintableString && a.Tag != cb.UTF8String {
							return fmt.Errorf("attribute %v has the string type %d", oid, a.Tag)
						}
					}
				}
			}
			return nil
		},
	}
}
