package kisa

import (
	"fmt"

	"github.com/ingam-pki/ingam/pki/lint"
)

// nameOrganization wants one organizationName: the CA's.
func nameOrganization() lint.Rule {
	return lint.Rule{
		ID: "kisa-name-organization", Citation: "KCAC.TS.DN", Effective: since, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			for _, name := range []lint.Name{c.Subject, c.Issuer} {
				if n := len(name.Attributes(lint.AttrOrganization)); n != 1 {
					return fmt.Errorf("a name has %d organizationNames", n)
				}
			}
			return nil
		},
	}
}
