package rfc5280

import (
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// serialMinimal wants the shortest encoding of the serial number: two
// certificates with the same number and other bytes would look different to
// some.
func serialMinimal() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-serial-minimal", Citation: "X.690 8.3.2; RFC 5280 4.1", Effective: published, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			if len(c.Serial) > 1 && (c.Serial[0] == 0 && c.Serial[1] < 0x80 || c.Serial[0] == 0xff && c.Serial[1] >= 0x80) {
				return errors.New("the serial number has an octet too many")
			}
			return nil
		},
	}
}
