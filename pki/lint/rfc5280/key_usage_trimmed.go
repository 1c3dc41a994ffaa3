package rfc5280

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// keyUsageTrimmed wants no zeros at the end of keyUsage, a list of named bits.
func keyUsageTrimmed() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-key-usage-trimmed", Citation: "X.690 11.2.2; RFC 5280 B", Effective: published, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return c.KeyUsage != nil && !c.KeyUsage.Only() },
		Check: func(c *lint.Certificate) error {
			if !c.KeyUsage.Has(c.KeyUsage.Bits.BitLength - 1) {
				return errors.New("the keyUsage ends with zero bits")
			}
			return nil
		},
	}
}
