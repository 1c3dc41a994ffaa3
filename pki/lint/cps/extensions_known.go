package cps

import (
	"encoding/asn1"
	"fmt"
	"slices"

	"github.com/ingam-pki/ingam/pki/lint"
)

// extensionsKnown wants the extensions of the profiles and no others: what
// nobody planned came from outside.
func extensionsKnown(policy Policy) lint.Rule {
	return lint.Rule{
		ID: "cps-extensions-known", Citation: "CPS 7.1", Effective: policy.Effective, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			for _, e := range c.Extensions {
				if !slices.ContainsFunc(known, e.OID.Equal) {
					return fmt.Errorf("extension %v is in no profile", e.OID)
				}
			}
			return nil
		},
	}
}

var known = []asn1.ObjectIdentifier{
	lint.ExtAuthorityKeyID, lint.ExtSubjectKeyID, lint.ExtKeyUsage, lint.ExtPolicies, lint.ExtSubjectAltName,
	lint.ExtBasicConstraints, lint.ExtPolicyConstraints, lint.ExtExtKeyUsage, lint.ExtOCSPNoCheck,
	lint.ExtCRLPoints, lint.ExtInfoAccess,
}
