package cps

import (
	"fmt"

	"github.com/ingam-pki/ingam/pki/lint"
)

// virtualIdHash wants virtual IDs by SHA-256; SHA-1 is read and no longer
// written.
func virtualIdHash(policy Policy) lint.Rule {
	return lint.Rule{
		ID: "cps-virtual-id-hash", Citation: "CPS 7.1; KCAC.TS.SIVID", Effective: policy.Effective, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return c.Identity != nil },
		Check: func(c *lint.Certificate) error {
			for _, v := range c.Identity.VIDs {
				if !v.Hash.OID.Equal(lint.AlgSHA256) {
					return fmt.Errorf("a virtual ID is by %v", v.Hash.OID)
				}
			}
			return nil
		},
	}
}
