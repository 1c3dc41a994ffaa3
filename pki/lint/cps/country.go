package cps

import (
	"fmt"
	"strings"

	"github.com/ingam-pki/ingam/pki/lint"
)

// country wants the house's country in the subject.
func country(policy Policy) lint.Rule {
	return lint.Rule{
		ID: "cps-country", Citation: "CPS 3.1", Effective: policy.Effective, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			for _, a := range c.Subject.Attributes(lint.AttrCountry) {
				if !strings.EqualFold(string(a.Value), policy.Country) {
					return fmt.Errorf("the country is not %s", policy.Country)
				}
			}
			return nil
		},
	}
}
