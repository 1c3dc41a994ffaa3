package rfc5280

import (
	"errors"
	"slices"

	"github.com/ingam-pki/ingam/pki/lint"
)

// noticeReference wants no noticeRef: software would have to know the
// organization's texts.
func noticeReference() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-notice-reference", Citation: "RFC 5280 4.2.1.4", Effective: published, Severity: lint.Warning,
		Applies: func(c *lint.Certificate) bool { return c.Policies != nil },
		Check: func(c *lint.Certificate) error {
			for _, p := range c.Policies {
				if slices.ContainsFunc(p.Notices, func(n lint.UserNotice) bool { return n.Reference }) {
					return errors.New("a userNotice has a noticeRef")
				}
			}
			return nil
		},
	}
}
