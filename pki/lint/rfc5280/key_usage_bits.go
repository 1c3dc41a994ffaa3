package rfc5280

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// keyUsageBits wants at least one bit in keyUsage.
func keyUsageBits() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-key-usage-bits", Citation: "RFC 5280 4.2.1.3", Effective: published, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return c.KeyUsage != nil },
		Check: func(c *lint.Certificate) error {
			if c.KeyUsage.Only() {
				return errors.New("the keyUsage allows nothing")
			}
			return nil
		},
	}
}
