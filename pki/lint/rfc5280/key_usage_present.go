package rfc5280

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// keyUsagePresent wants keyUsage in a CA's certificate. A root is left out:
// path validation never looks at it, and the root of the field has none.
func keyUsagePresent() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-key-usage-present", Citation: "RFC 5280 4.2.1.3", Effective: published, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return isAuthority(c) && !c.SelfIssued() },
		Check: func(c *lint.Certificate) error {
			if c.Extension(lint.ExtKeyUsage) == nil {
				return errors.New("a CA has no keyUsage")
			}
			return nil
		},
	}
}
