package kisa

import (
	"errors"
	"slices"
	"strings"

	"github.com/ingam-pki/ingam/pki/lint"
)

// ocspOverHttp wants OCSP responders named by an http address.
func ocspOverHttp() lint.Rule {
	return lint.Rule{
		ID: "kisa-ocsp-over-http", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return slices.ContainsFunc(c.Access, lint.AccessDescription.OCSP) },
		Check: func(c *lint.Certificate) error {
			for _, d := range c.Access {
				if d.OCSP() && (d.Location.Tag != lint.URI || !strings.HasPrefix(string(d.Location.Value), "http://")) {
					return errors.New("an OCSP responder has no http address")
				}
			}
			return nil
		},
	}
}
