package rfc5280

import (
	"fmt"

	"github.com/ingam-pki/ingam/pki/lint"
)

// versionV3 wants version 3 of a certificate with extensions.
func versionV3() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-version-v3", Citation: "RFC 5280 4.1.2.1", Effective: published, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return len(c.Extensions) > 0 },
		Check: func(c *lint.Certificate) error {
			if c.Version != 2 {
				return fmt.Errorf("the version field is %d, not 2 (v3)", c.Version)
			}
			return nil
		},
	}
}
