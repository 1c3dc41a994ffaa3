package kisa

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// keyUsageSubscriber wants a subscriber to sign and nothing else:
// digitalSignature and nonRepudiation.
func keyUsageSubscriber() lint.Rule {
	return lint.Rule{
		ID: "kisa-key-usage-subscriber", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: lint.All(lint.Is(lint.Subscriber), func(c *lint.Certificate) bool { return c.KeyUsage != nil }),
		Check: func(c *lint.Certificate) error {
			if !c.KeyUsage.Only(lint.DigitalSignature, lint.NonRepudiation) {
				return errors.New("a subscriber's keyUsage is not digitalSignature and nonRepudiation")
			}
			return nil
		},
	}
}
