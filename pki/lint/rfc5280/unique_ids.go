package rfc5280

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// uniqueIds wants no issuerUniqueID and no subjectUniqueID.
func uniqueIds() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-unique-ids", Citation: "RFC 5280 4.1.2.8", Effective: published, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			if c.UniqueIDs {
				return errors.New("there is an issuerUniqueID or subjectUniqueID")
			}
			return nil
		},
	}
}
