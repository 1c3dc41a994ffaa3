package kisa

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// nameCommonNameLast wants names to end with their one commonName.
func nameCommonNameLast() lint.Rule {
	return lint.Rule{
		ID: "kisa-name-common-name-last", Citation: "KCAC.TS.DN", Effective: since, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			for _, name := range []lint.Name{c.Subject, c.Issuer} {
				if len(name.Attributes(lint.AttrCommonName)) != 1 {
					return errors.New("a name has no commonName, or several")
				}
				if last := name.RDNs[len(name.RDNs)-1]; len(last) == 0 || !last[len(last)-1].Type.Equal(lint.AttrCommonName) {
					return errors.New("a name does not end with its commonName")
				}
			}
			return nil
		},
	}
}
