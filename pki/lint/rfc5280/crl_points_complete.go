package rfc5280

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// crlPointsComplete wants each distribution point to say where the list is or
// who signs it.
func crlPointsComplete() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-crl-points-complete", Citation: "RFC 5280 4.2.1.13", Effective: published, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return c.CRLPoints != nil },
		Check: func(c *lint.Certificate) error {
			for _, d := range c.CRLPoints {
				if !d.Named && !d.CRLIssuer {
					return errors.New("a distribution point has neither distributionPoint nor cRLIssuer")
				}
			}
			return nil
		},
	}
}
