package kisa

import (
	"bytes"
	"fmt"

	"github.com/ingam-pki/ingam/pki/lint"
)

// signatureAlgorithm wants sha256WithRSAEncryption with NULL.
func signatureAlgorithm() lint.Rule {
	return lint.Rule{
		ID: "kisa-signature-algorithm", Citation: "KCAC.TS.DSIG; RFC 4055 5", Effective: since, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			if a := c.SignatureAlgorithm; !a.OID.Equal(lint.AlgSHA256WithRSA) || !bytes.Equal(a.Parameters, null) {
				return fmt.Errorf("the algorithm is %v, or its parameters are not NULL", a.OID)
			}
			return nil
		},
	}
}
