package kisa

import (
	"fmt"

	"github.com/ingam-pki/ingam/pki/lint"
)

// nameOneAttribute wants one attribute in each RDN: software of the field
// builds folder names and compares by it.
func nameOneAttribute() lint.Rule {
	return lint.Rule{
		ID: "kisa-name-one-attribute", Citation: "KCAC.TS.DN", Effective: since, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			for _, name := range []lint.Name{c.Subject, c.Issuer} {
				for _, rdn := range name.RDNs {
					if len(rdn) != 1 {
						return fmt.Errorf("an RDN has %d attributes", len(rdn))
					}
				}
			}
			return nil
		},
	}
}
