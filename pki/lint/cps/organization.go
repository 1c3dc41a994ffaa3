package cps

import (
	"errors"
	"slices"

	"github.com/ingam-pki/ingam/pki/lint"
)

// organization wants the issuer's organization in the subject: certificates
// are named below their CA.
func organization(policy Policy) lint.Rule {
	return lint.Rule{
		ID: "cps-organization", Citation: "CPS 3.1", Effective: policy.Effective, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			issuer, subject := c.Issuer.Attributes(lint.AttrOrganization), c.Subject.Attributes(lint.AttrOrganization)
			if !slices.EqualFunc(issuer, subject, func(a, b lint.Attribute) bool { return string(a.Value) == string(b.Value) }) {
				return errors.New("subject and issuer are of different organizations")
			}
			return nil
		},
	}
}
