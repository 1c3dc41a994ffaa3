package rfc5280

import (
	"bytes"
	"fmt"

	"github.com/ingam-pki/ingam/pki/lint"
)

// algorithmsAgree wants the same algorithm in the signed part as beside the
// signature.
func algorithmsAgree() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-algorithms-agree", Citation: "RFC 5280 4.1.1.2", Effective: published, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			if !bytes.Equal(c.SignatureAlgorithm.Raw, c.OuterAlgorithm.Raw) {
				return fmt.Errorf("signed is %v, beside the signature stands %v", c.SignatureAlgorithm.OID, c.OuterAlgorithm.OID)
			}
			return nil
		},
	}
}
