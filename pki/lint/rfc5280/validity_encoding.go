package rfc5280

import (
	"errors"
	"fmt"

	cb "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/lint"
)

// validityEncoding wants UTCTime through 2049 and GeneralizedTime from 2050
// on, both in Zulu with seconds.
func validityEncoding() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-validity-encoding", Citation: "RFC 5280 4.1.2.5", Effective: published, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			for _, t := range []lint.Time{c.NotBefore, c.NotAfter} {
				if !t.Readable {
					return errors.New("a time is not written to the second in Zulu")
				}
				if (t.Tag == cb.UTCTime) != (t.Time.Year() < 2050) {
					return fmt.Errorf("%s is the wrong kind of time for its year", t.Text)
				}
			}
			return nil
		},
	}
}
