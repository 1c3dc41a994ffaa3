package cps

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// signerValidity wants an OCSP signer to last at most a year: nobody asks
// whether it was revoked.
func signerValidity(policy Policy) lint.Rule {
	return lint.Rule{
		ID: "cps-signer-validity", Citation: "CPS 6.3; RFC 6960 4.2.2.2.1", Effective: policy.Effective, Severity: lint.Error,
		Applies: lint.All(lint.Is(lint.Signer), dated),
		Check: func(c *lint.Certificate) error {
			if lasts(c, 1, 0) {
				return nil
			}
			return errors.New("it lasts more than a year and a day")
		},
	}
}
