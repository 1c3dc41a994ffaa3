package rfc5280

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// basicConstraintsCritical wants basicConstraints critical in a CA's
// certificate.
func basicConstraintsCritical() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-basic-constraints-critical", Citation: "RFC 5280 4.2.1.9", Effective: published, Severity: lint.Error,
		Applies: isAuthority,
		Check: func(c *lint.Certificate) error {
			if !c.Extension(lint.ExtBasicConstraints).Critical {
				return errors.New("the basicConstraints of a CA are not critical")
			}
			return nil
		},
	}
}
