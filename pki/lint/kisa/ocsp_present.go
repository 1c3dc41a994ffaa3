package kisa

import (
	"errors"
	"slices"

	"github.com/ingam-pki/ingam/pki/lint"
)

// ocspPresent wants the address of an OCSP responder for a subscriber.
func ocspPresent() lint.Rule {
	return lint.Rule{
		ID: "kisa-ocsp-present", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: lint.Is(lint.Subscriber),
		Check: func(c *lint.Certificate) error {
			if !slices.ContainsFunc(c.Access, lint.AccessDescription.OCSP) {
				return errors.New("the authorityInfoAccess names no OCSP responder")
			}
			return nil
		},
	}
}
