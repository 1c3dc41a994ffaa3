package rfc5280

import (
	"fmt"
	"unicode/utf8"

	"github.com/ingam-pki/ingam/pki/lint"
)

// noticeSize wants an explicitText of at most 200 characters.
func noticeSize() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-notice-size", Citation: "RFC 5280 4.2.1.4", Effective: published, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return c.Policies != nil },
		Check: func(c *lint.Certificate) error {
			for _, p := range c.Policies {
				for _, n := range p.Notices {
					size := utf8.RuneCount(n.Text)
					if n.Tag == bmpString {
						size = len(n.Text) / 2
					}
					if size > 200 {
						return fmt.Errorf("an explicitText has %d characters", size)
					}
				}
			}
			return nil
		},
	}
}
