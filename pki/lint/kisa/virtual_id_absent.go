package kisa

import (
	"fmt"

	"github.com/ingam-pki/ingam/pki/lint"
)

// virtualIdAbsent wants no virtual ID in what belongs to an institution: CAs,
// OCSP and time-stamp signers, key management.
func virtualIdAbsent() lint.Rule {
	return lint.Rule{
		ID: "kisa-virtual-id-absent", Citation: "KCAC.TS.SIVID", Effective: since, Severity: lint.Error,
		Applies: lint.All(lint.IsNot(lint.Subscriber), hasIdentity),
		Check: func(c *lint.Certificate) error {
			if n := len(c.Identity.VIDs); n != 0 {
				return fmt.Errorf("an institution has %d virtual IDs", n)
			}
			return nil
		},
	}
}
