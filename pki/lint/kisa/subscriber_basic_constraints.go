package kisa

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// subscriberBasicConstraints wants no basicConstraints on a subscriber, not
// even empty ones.
func subscriberBasicConstraints() lint.Rule {
	return lint.Rule{
		ID: "kisa-subscriber-basic-constraints", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: lint.Is(lint.Subscriber),
		Check: func(c *lint.Certificate) error {
			if c.Extension(lint.ExtBasicConstraints) != nil {
				return errors.New("a subscriber has basicConstraints")
			}
			return nil
		},
	}
}
