package kisa

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// keyUsageKeyManagement wants a key-management key to encipher keys and
// nothing else.
func keyUsageKeyManagement() lint.Rule {
	return lint.Rule{
		ID: "kisa-key-usage-key-management", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: lint.All(lint.Is(lint.KeyManagement), func(c *lint.Certificate) bool { return c.KeyUsage != nil }),
		Check: func(c *lint.Certificate) error {
			if !c.KeyUsage.Only(lint.KeyEncipherment) {
				return errors.New("the keyUsage for key management is not keyEncipherment alone")
			}
			return nil
		},
	}
}
