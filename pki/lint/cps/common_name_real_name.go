package cps

import (
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/ingam-pki/ingam/pki/lint"
)

// commonNameRealName wants the name in the commonName to be the realName, or
// its beginning where it is too long for one.
func commonNameRealName(policy Policy) lint.Rule {
	return lint.Rule{
		ID: "cps-common-name-real-name", Citation: "CPS 3.1; KCAC.TS.SIVID", Effective: policy.Effective, Severity: lint.Error,
		Applies: lint.All(lint.Is(lint.Subscriber), func(c *lint.Certificate) bool { return c.Identity != nil && c.Identity.Readable }),
		Check: func(c *lint.Certificate) error {
			for _, a := range c.Subject.Attributes(lint.AttrCommonName) {
				name, err := readCommonName(a.Value)
				if err != nil || name == c.Identity.RealName {
					continue // its form is another rule's matter
				}
				if !strings.HasPrefix(c.Identity.RealName, name) || utf8.RuneCountInString(name) < keptOfName {
					return errors.New("the commonName is of another name than the realName")
				}
			}
			return nil
		},
	}
}

// keptOfName is the least that a shortened name keeps: 64 characters of a
// commonName less brackets and 24 digits, less a romanised name.
const keptOfName = 20
