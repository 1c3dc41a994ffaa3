package kisa

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// signerExtendedUsage wants one extKeyUsage of OCSP and time-stamp signers,
// critical.
func signerExtendedUsage() lint.Rule {
	return lint.Rule{
		ID: "kisa-signer-extended-usage", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: lint.Is(lint.Signer),
		Check: func(c *lint.Certificate) error {
			if e := c.Extension(lint.ExtExtKeyUsage); !e.Critical || len(c.ExtKeyUsage) != 1 {
				return errors.New("the extKeyUsage is not critical, or has several purposes")
			}
			return nil
		},
	}
}
