package ca

import (
	"fmt"
	"io"
	"math/big"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/profile"
)

const (
	serialSize = 16 // octets; RFC 5280 §4.1.2.2 allows 20, CA/B wants 64 random bits
	maxCN      = 64 // letters, ub-common-name of RFC 5280 Appendix A
	maxName    = maxCN - len("()") - 4 - 3 - 8 - 9
)

// seoul is the bank's calendar: the date in a name is the customer's.
var seoul = time.FixedZone("KST", 9*60*60)

// newSerial draws a serial of 16 octets: positive, its first bit pair fixed to
// 01 so that each has the same length, 126 bits random.
func newSerial(random io.Reader) (*big.Int, error) {
	var b [serialSize]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return nil, fmt.Errorf("drawing serial: %w", err)
	}
	b[0] = b[0]&0x3f | 0x40
	return new(big.Int).SetBytes(b[:]), nil
}

// nineDigits draws a number from 000000000 to 999999999, each as likely.
func nineDigits(random io.Reader) (string, error) {
	const span, fair = 1_000_000_000, 4_000_000_000
	for {
		var b [4]byte
		if _, err := io.ReadFull(random, b[:]); err != nil {
			return "", fmt.Errorf("drawing subject number: %w", err)
		}
		n := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
		if n < fair {
			return fmt.Sprintf("%09d", n%span), nil
		}
	}
}

// subject composes a name that is unique for one certificate:
// c=kr, o=CA, ou=sort, ou=bank, cn=name()bank4 branch3 yyyymmdd number9.
func (a *Authority) subject(p profile.Profile, realName string, at time.Time) (npki.Name, error) {
	number, err := nineDigits(a.random)
	if err != nil {
		return nil, err
	}
	cn := shorten(realName, maxName) + "()" + a.bankCode + a.branch + day(at) + number
	return composeName(a.caName, cn, p.SubjectOU, a.bankName), nil
}

// composeName puts a name into the order of the field, empty units left out.
func composeName(organization, commonName string, units ...string) npki.Name {
	name := npki.Name{
		{Type: npki.OIDCountry, Value: "kr"},
		{Type: npki.OIDOrganization, Value: organization},
	}
	for _, unit := range units {
		if unit != "" {
			name = append(name, npki.Attribute{Type: npki.OIDOrganizationalUnit, Value: unit})
		}
	}
	return append(name, npki.Attribute{Type: npki.OIDCommonName, Value: commonName})
}

func day(at time.Time) string { return at.In(seoul).Format("20060102") }

// shorten cuts a name to at most n letters. The whole name stands in the
// certificate's IdentifyData; the common name has an upper bound.
func shorten(name string, n int) string {
	if utf8.RuneCountInString(name) <= n {
		return name
	}
	return strings.TrimSpace(string([]rune(name)[:n]))
}

// personName gives a name in the one form that certificates carry (NFC, no
// blanks around), or "" when it can't stand in one.
func personName(name string) string {
	if !utf8.ValidString(name) {
		return ""
	}
	name = strings.TrimSpace(norm.NFC.String(name))
	for _, r := range name {
		if r < 0x20 || r == 0x7f || r == utf8.RuneError || r == 0xfeff {
			return ""
		}
	}
	return name
}
