package rfc5280

import (
	"errors"
	"net/url"
	"strings"

	"github.com/ingam-pki/ingam/pki/lint"
)

// uriAbsolute wants URIs that are absolute and of ASCII.
func uriAbsolute() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-uri-absolute", Citation: "RFC 5280 4.2.1.6", Effective: published, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			uris := uriIn(nil, c.AltNames)
			for _, d := range c.CRLPoints {
				uris = uriIn(uris, d.Names)
			}
			for _, d := range c.Access {
				uris = uriIn(uris, []lint.GeneralName{d.Location})
			}
			for _, uri := range uris {
				if u, err := url.Parse(uri); err != nil || !u.IsAbs() || strings.ContainsFunc(uri, func(r rune) bool { return r > '~' }) {
					return errors.New("a URI is not absolute or not ASCII")
				}
			}
			return nil
		},
	}
}

func uriIn(uris []string, names []lint.GeneralName) []string {
	for _, name := range names {
		if name.Tag == lint.URI {
			uris = append(uris, string(name.Value))
		}
	}
	return uris
}
