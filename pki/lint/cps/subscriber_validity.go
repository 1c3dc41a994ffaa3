package cps

import (
	"fmt"

	"github.com/ingam-pki/ingam/pki/lint"
)

// subscriberValidity wants a subscriber's certificate to last at most the
// years of the practice statement and what a renewal may keep, to the end of
// that day.
func subscriberValidity(policy Policy) lint.Rule {
	return lint.Rule{
		ID: "cps-subscriber-validity", Citation: "CPS 6.3", Effective: policy.Effective, Severity: lint.Error,
		Applies: lint.All(lint.Is(lint.Subscriber), dated),
		Check: func(c *lint.Certificate) error {
			if lasts(c, policy.MaxYears, policy.KeptDays) {
				return nil
			}
			return fmt.Errorf("it lasts more than %d years and %d days", policy.MaxYears, policy.KeptDays)
		},
	}
}
