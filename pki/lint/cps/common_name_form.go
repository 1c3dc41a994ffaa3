package cps

import "github.com/ingam-pki/ingam/pki/lint"

// commonNameForm wants a subscriber's commonName as name, romanised name in
// brackets, bank 4, branch 3, date 8, number 7 to 9 digits: it makes the name
// unique.
func commonNameForm(policy Policy) lint.Rule {
	return lint.Rule{
		ID: "cps-common-name-form", Citation: "CPS 3.1; KCAC.TS.DN", Effective: policy.Effective, Severity: lint.Error,
		Applies: lint.Is(lint.Subscriber),
		Check: func(c *lint.Certificate) error {
			for _, a := range c.Subject.Attributes(lint.AttrCommonName) {
				if _, err := readCommonName(a.Value); err != nil {
					return err
				}
			}
			return nil
		},
	}
}
