package rfc5280

import (
	"fmt"
	"slices"

	"github.com/ingam-pki/ingam/pki/lint"
)

// policiesUnique wants no policy twice.
func policiesUnique() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-policies-unique", Citation: "RFC 5280 4.2.1.4", Effective: published, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return c.Policies != nil },
		Check: func(c *lint.Certificate) error {
			for i, p := range c.Policies {
				if slices.ContainsFunc(c.Policies[:i], func(q lint.Policy) bool { return q.OID.Equal(p.OID) }) {
					return fmt.Errorf("policy %v is there twice", p.OID)
				}
			}
			return nil
		},
	}
}
