package kisa

import (
	"fmt"
	"time"

	"github.com/ingam-pki/ingam/pki/lint"
)

// validityLastSecond wants a subscriber's certificate to end with a day in
// Seoul, at 14:59:59Z.
func validityLastSecond() lint.Rule {
	return lint.Rule{
		ID: "kisa-validity-last-second", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: lint.All(lint.Is(lint.Subscriber), func(c *lint.Certificate) bool { return c.NotAfter.Readable }),
		Check: func(c *lint.Certificate) error {
			if c.NotAfter.Time.Format(time.TimeOnly) != "14:59:59" {
				return fmt.Errorf("it ends at %s", c.NotAfter.Text)
			}
			return nil
		},
	}
}
