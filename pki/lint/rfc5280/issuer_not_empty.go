package rfc5280

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// issuerNotEmpty wants an issuer with a name.
func issuerNotEmpty() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-issuer-not-empty", Citation: "RFC 5280 4.1.2.4", Effective: published, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			if len(c.Issuer.RDNs) == 0 {
				return errors.New("the issuer is empty")
			}
			return nil
		},
	}
}
