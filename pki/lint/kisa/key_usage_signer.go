package kisa

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// keyUsageSigner wants OCSP and time-stamp signers to have digitalSignature
// and nonRepudiation.
func keyUsageSigner() lint.Rule {
	return lint.Rule{
		ID: "kisa-key-usage-signer", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: lint.All(lint.Is(lint.Signer), func(c *lint.Certificate) bool { return c.KeyUsage != nil }),
		Check: func(c *lint.Certificate) error {
			if !c.KeyUsage.Only(lint.DigitalSignature, lint.NonRepudiation) {
				return errors.New("the keyUsage of an OCSP or time-stamp signer is not digitalSignature and nonRepudiation")
			}
			return nil
		},
	}
}
