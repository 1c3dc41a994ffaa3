package kisa

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// keyUsageAuthority wants a CA to sign certificates and CRLs and nothing else.
func keyUsageAuthority() lint.Rule {
	return lint.Rule{
		ID: "kisa-key-usage-authority", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: lint.All(lint.Is(lint.CA), func(c *lint.Certificate) bool { return c.KeyUsage != nil }),
		Check: func(c *lint.Certificate) error {
			if !c.KeyUsage.Only(lint.KeyCertSign, lint.CRLSign) {
				return errors.New("a CA's keyUsage is not keyCertSign and cRLSign")
			}
			return nil
		},
	}
}
