package rfc5280

import (
	"bytes"
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// serialPositive wants a serial number above zero.
func serialPositive() lint.Rule {
	return lint.Rule{
		ID: "rfc5280-serial-positive", Citation: "RFC 5280 4.1.2.2", Effective: published, Severity: lint.Error,
		Check: func(c *lint.Certificate) error {
			if c.Serial[0]&0x80 != 0 || len(bytes.TrimLeft(c.Serial, "\x00")) == 0 {
				return errors.New("the serial number is zero or negative")
			}
			return nil
		},
	}
}
