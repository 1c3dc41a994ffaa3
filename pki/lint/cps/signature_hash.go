package cps

import (
	"fmt"

	"github.com/ingam-pki/ingam/pki/lint"
)

// signatureHash wants a signature over SHA-256.
func signatureHash(policy Policy) lint.Rule {
	return lint.Rule{
		ID: "cps-signature-hash", Citation: "CPS 6.1; KCAC.TS.DSIG", Effective: policy.Effective, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			if !c.SignatureAlgorithm.OID.Equal(lint.AlgSHA256WithRSA) {
				return fmt.Errorf("the signature algorithm is %v", c.SignatureAlgorithm.OID)
			}
			return nil
		},
	}
}
