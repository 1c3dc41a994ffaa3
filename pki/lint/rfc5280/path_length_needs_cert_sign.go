package rfc5280

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// pathLengthNeedsCertSign wants a path length only where there can be a path:
// in a CA that may sign certificates.
func pathLengthNeedsCertSign() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-path-length-needs-cert-sign", Citation: "RFC 5280 4.2.1.9", Effective: published, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return c.BasicConstraints != nil && c.BasicConstraints.PathLen >= 0 },
		Check: func(c *lint.Certificate) error {
			if !c.BasicConstraints.CA || c.KeyUsage != nil && !c.KeyUsage.Has(lint.KeyCertSign) {
				return errors.New("there is a pathLenConstraint without cA and keyCertSign")
			}
			return nil
		},
	}
}
