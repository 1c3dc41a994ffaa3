package kisa

import (
	"fmt"

	"github.com/ingam-pki/ingam/pki/lint"
)

// rootExtensions wants a root with subjectKeyIdentifier and basicConstraints,
// and nothing else.
func rootExtensions() lint.Rule {
	return lint.Rule{
		ID: "kisa-root-extensions", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: lint.Is(lint.Root),
		Check: func(c *lint.Certificate) error {
			for _, e := range c.Extensions {
				if !e.OID.Equal(lint.ExtSubjectKeyID) && !e.OID.Equal(lint.ExtBasicConstraints) {
					return fmt.Errorf("a root has extension %v", e.OID)
				}
			}
			return nil
		},
	}
}
