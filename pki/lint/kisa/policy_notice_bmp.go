package kisa

import (
	"fmt"

	"github.com/ingam-pki/ingam/pki/lint"
)

// policyNoticeBmp wants the notice as BMPString: where RFC 5280 prefers
// UTF8String, the field's programs expect this.
func policyNoticeBmp() lint.Rule {
	return lint.Rule{
		ID: "kisa-policy-notice-bmp", Citation: "KCAC.TS.CERTPROF", Effective: since, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return c.Policies != nil },
		Check: func(c *lint.Certificate) error {
			for _, p := range c.Policies {
				for _, n := range p.Notices {
					if n.Tag != 0 && (n.Tag != bmpString || len(n.Text)%2 != 0) {
						return fmt.Errorf("an explicitText has the string type %d", n.Tag)
					}
				}
			}
			return nil
		},
	}
}
