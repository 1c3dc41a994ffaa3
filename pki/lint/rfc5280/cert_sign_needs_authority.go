package rfc5280

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// certSignNeedsAuthority wants keyCertSign in CAs only.
func certSignNeedsAuthority() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-cert-sign-needs-authority", Citation: "RFC 5280 4.2.1.3", Effective: published, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return c.KeyUsage != nil && c.KeyUsage.Has(lint.KeyCertSign) },
		Check: func(c *lint.Certificate) error {
			if !isAuthority(c) {
				return errors.New("keyCertSign is set and the certificate is no CA's")
			}
			return nil
		},
	}
}
