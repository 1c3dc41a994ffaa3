package rfc5280

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// policyConstraintsCritical wants policyConstraints critical.
func policyConstraintsCritical() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-policy-constraints-critical", Citation: "RFC 5280 4.2.1.11", Effective: published, Severity: lint.Error,
		Applies: has(lint.ExtPolicyConstraints),
		Check: func(c *lint.Certificate) error {
			if !c.Extension(lint.ExtPolicyConstraints).Critical {
				return errors.New("the policyConstraints are not critical")
			}
			return nil
		},
	}
}
