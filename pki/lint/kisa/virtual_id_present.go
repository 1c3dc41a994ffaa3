package kisa

import (
	"fmt"

	"github.com/ingam-pki/ingam/pki/lint"
)

// virtualIdPresent wants the virtual ID of a subscriber: without it nobody can
// prove to be the owner.
func virtualIdPresent() lint.Rule {
	return lint.Rule{
		ID: "kisa-virtual-id-present", Citation: "KCAC.TS.SIVID", Effective: since, Severity: lint.Error,
		Applies: lint.All(lint.Is(lint.Subscriber), hasIdentity),
		Check: func(c *lint.Certificate) error {
			if n := len(c.Identity.VIDs); n != 1 {
				return fmt.Errorf("a subscriber has %d virtual IDs", n)
			}
			return nil
		},
	}
}
