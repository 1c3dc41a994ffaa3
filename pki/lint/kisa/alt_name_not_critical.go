package kisa

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// altNameNotCritical wants the subjectAltName not critical: few know
// IdentifyData.
func altNameNotCritical() lint.Rule {
	return lint.Rule{
		ID: "kisa-alt-name-not-critical", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: has(lint.ExtSubjectAltName),
		Check: func(c *lint.Certificate) error {
			if c.Extension(lint.ExtSubjectAltName).Critical {
				return errors.New("the subjectAltName is critical")
			}
			return nil
		},
	}
}
