package cps

import (
	"errors"
	"net/url"

	"github.com/ingam-pki/ingam/pki/lint"
)

// addressesHttp wants the addresses of CRL, OCSP and issuer as plain http with
// a host and no user: https would ask about the certificate that it rests on,
// ldap is not served.
func addressesHttp(policy Policy) lint.Rule {
	return lint.Rule{
		ID: "cps-addresses-http", Citation: "CPS 2.2; RFC 5280 8", Effective: policy.Effective, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			var names []lint.GeneralName
			for _, d := range c.CRLPoints {
				names = append(names, d.Names...)
			}
			for _, d := range c.Access {
				names = append(names, d.Location)
			}
			for _, name := range names {
				u, err := url.Parse(string(name.Value))
				if name.Tag != lint.URI || err != nil || u.Scheme != "http" || u.Hostname() == "" || u.User != nil {
					return errors.New("an address is not plain http")
				}
			}
			return nil
		},
	}
}
