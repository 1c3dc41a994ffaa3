package kisa

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// virtualIdParameters wants hashAlg without parameters, not even NULL.
func virtualIdParameters() lint.Rule {
	return lint.Rule{
		ID: "kisa-virtual-id-parameters", Citation: "KCAC.TS.SIVID", Effective: since, Severity: lint.Error,
		Applies: hasIdentity,
		Check: func(c *lint.Certificate) error {
			for _, v := range c.Identity.VIDs {
				if v.Hash.Parameters != nil {
					return errors.New("the hashAlg of a virtual ID has parameters")
				}
			}
			return nil
		},
	}
}
