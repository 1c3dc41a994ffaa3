package kisa

import (
	"bytes"
	"fmt"

	"github.com/ingam-pki/ingam/pki/lint"
)

// keyAlgorithm wants an RSA key, as rsaEncryption with NULL.
func keyAlgorithm() lint.Rule {
	return lint.Rule{
		ID: "kisa-key-algorithm", Citation: "KCAC.TS.DSIG; RFC 3279 2.3.1", Effective: since, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			if a := c.KeyAlgorithm; c.RSA == nil || !a.OID.Equal(lint.AlgRSA) || !bytes.Equal(a.Parameters, null) {
				return fmt.Errorf("the key is no RSA key, or its algorithm %v is not rsaEncryption with NULL", a.OID)
			}
			return nil
		},
	}
}
