package kisa

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// subscriberExtendedUsage wants no extKeyUsage on a subscriber.
func subscriberExtendedUsage() lint.Rule {
	return lint.Rule{
		ID: "kisa-subscriber-extended-usage", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: lint.Is(lint.Subscriber),
		Check: func(c *lint.Certificate) error {
			if c.Extension(lint.ExtExtKeyUsage) != nil {
				return errors.New("a subscriber has an extKeyUsage")
			}
			return nil
		},
	}
}
