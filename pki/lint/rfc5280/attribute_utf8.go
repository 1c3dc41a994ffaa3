package rfc5280

import (
	"fmt"
	"unicode/utf8"

	cb "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/lint"
)

// attributeUtf8 wants UTF-8 in a UTF8String.
func attributeUtf8() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-attribute-utf8", Citation: "RFC 5280 4.1.2.4; RFC 3629", Effective: published, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			for _, name := range []lint.Name{c.Subject, c.Issuer} {
				for _, rdn := range name.RDNs {
					for _, a := range rdn {
						if a.Tag == cb.UTF8String && !utf8.Valid(a.Value) {
							return fmt.Errorf("attribute %v is not UTF-8", a.Type)
						}
					}
				}
			}
			return nil
		},
	}
}
