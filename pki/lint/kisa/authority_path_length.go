package kisa

import (
	"fmt"

	"github.com/ingam-pki/ingam/pki/lint"
)

// authorityPathLength wants the path length 0 in a CA: below it are
// subscribers only.
func authorityPathLength() lint.Rule {
	return lint.Rule{
		ID: "kisa-authority-path-length", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: lint.Is(lint.CA),
		Check: func(c *lint.Certificate) error {
			if n := c.BasicConstraints.PathLen; n != 0 {
				return fmt.Errorf("a CA has the path length %d (-1: none)", n)
			}
			return nil
		},
	}
}
