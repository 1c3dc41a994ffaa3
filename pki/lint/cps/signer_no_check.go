package cps

import (
	"errors"
	"slices"

	"github.com/ingam-pki/ingam/pki/lint"
)

// signerNoCheck wants ocsp-nocheck in an OCSP signer.
func signerNoCheck(policy Policy) lint.Rule {
	return lint.Rule{
		ID: "cps-signer-no-check", Citation: "CPS 7.3; RFC 6960 4.2.2.2.1", Effective: policy.Effective, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return slices.ContainsFunc(c.ExtKeyUsage, lint.UseOCSPSigning.Equal) },
		Check: func(c *lint.Certificate) error {
			if c.Extension(lint.ExtOCSPNoCheck) == nil {
				return errors.New("there is no ocsp-nocheck")
			}
			return nil
		},
	}
}
