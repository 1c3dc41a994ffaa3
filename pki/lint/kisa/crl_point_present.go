package kisa

import "github.com/ingam-pki/ingam/pki/lint"

// crlPointPresent wants cRLDistributionPoints below the root. A signer is left
// out: it may be exempt by ocsp-nocheck.
func crlPointPresent() lint.Rule {
	return lint.Rule{
		ID: "kisa-crl-point-present", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: lint.IsNot(lint.Root, lint.Signer),
		Check: func(c *lint.Certificate) error {
			return missing(c, lint.ExtCRLPoints, "cRLDistributionPoints")
		},
	}
}
