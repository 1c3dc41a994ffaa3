package npki

import (
	"encoding/asn1"
	"errors"
	"fmt"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// Bounds on names: what comes from outside may not be bigger.
const (
	MaxNameSize       = 8 << 10 // bytes of DER, or of the text form
	MaxNameAttributes = 64
)

// ErrName says that something is not a name, or not one that can be written.
var ErrName = errors.New("npki: malformed name")

// Attribute is one part of a name, such as the common name.
type Attribute struct {
	Type  asn1.ObjectIdentifier
	Value string // UTF-8
}

// Name is a distinguished name in the order of its encoding: C first, CN
// last, one attribute to an RDN (KCAC.TS.DN).
type Name []Attribute

// Marshal gives the DER of the name. The country is written as
// PrintableString, all else as UTF8String even when it is ASCII. An empty
// name is an empty SEQUENCE. ErrName: an empty or over-long value, not UTF-8,
// or a country that PrintableString can't hold.
func (n Name) Marshal() ([]byte, error) {
	if len(n) > MaxNameAttributes {
		return nil, fmt.Errorf("%w: %d attributes", ErrName, len(n))
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, a := range n {
			tag := cbasn1.UTF8String
			if a.Type.Equal(OIDCountry) {
				tag = cbasn1.PrintableString
			}
			if err := a.check(tag); err != nil {
				b.SetError(err)
				return
			}
			b.AddASN1(cbasn1.SET, func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1ObjectIdentifier(a.Type)
					b.AddASN1(tag, func(b *cryptobyte.Builder) { b.AddBytes([]byte(a.Value)) })
				})
			})
		}
	})
	der, err := b.Bytes()
	if err != nil {
		return nil, fmt.Errorf("encoding name: %w", err)
	}
	if len(der) > MaxNameSize {
		return nil, fmt.Errorf("%w: %d bytes", ErrName, len(der))
	}
	return der, nil
}

func (a Attribute) check(tag cbasn1.Tag) error {
	switch {
	case a.Value == "":
		return fmt.Errorf("%w: empty value of %s", ErrName, a.Type)
	case !utf8.ValidString(a.Value):
		return fmt.Errorf("%w: value of %s is not UTF-8", ErrName, a.Type)
	case tag == cbasn1.PrintableString && !isPrintableString(a.Value):
		return fmt.Errorf("%w: value of %s does not fit PrintableString", ErrName, a.Type)
	}
	return nil
}

// ParseName reads the DER of a name. It is lenient where the field is: any of
// the string types is taken, and an RDN of several attributes is read as so
// many RDNs. Such a name does not marshal to the same bytes; where bytes
// matter, as for issuers and subjects, keep the raw ones.
func ParseName(der []byte) (Name, error) {
	if len(der) > MaxNameSize {
		return nil, fmt.Errorf("%w: %d bytes", ErrName, len(der))
	}
	in := cryptobyte.String(der)
	var rdns cryptobyte.String
	if !in.ReadASN1(&rdns, cbasn1.SEQUENCE) || !in.Empty() {
		return nil, ErrName
	}
	name := Name{}
	for !rdns.Empty() {
		var rdn cryptobyte.String
		if !rdns.ReadASN1(&rdn, cbasn1.SET) || rdn.Empty() {
			return nil, ErrName
		}
		for !rdn.Empty() {
			a, ok := readAttribute(&rdn)
			if !ok || len(name) == MaxNameAttributes {
				return nil, ErrName
			}
			name = append(name, a)
		}
	}
	return name, nil
}

func readAttribute(s *cryptobyte.String) (a Attribute, ok bool) {
	var seq, value cryptobyte.String
	var tag cbasn1.Tag
	if !s.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.ReadASN1ObjectIdentifier(&a.Type) ||
		!seq.ReadAnyASN1(&value, &tag) || !seq.Empty() {
		return a, false
	}
	a.Value, ok = decodeString(tag, value)
	return a, ok
}

// The string types that cryptobyte has no name for.
const (
	tagNumericString   = cbasn1.Tag(18)
	tagVisibleString   = cbasn1.Tag(26)
	tagUniversalString = cbasn1.Tag(28)
	tagBMPString       = cbasn1.Tag(30)
)

func decodeString(tag cbasn1.Tag, b []byte) (string, bool) {
	switch tag {
	case cbasn1.UTF8String:
		return string(b), utf8.Valid(b)
	case cbasn1.PrintableString, cbasn1.IA5String, tagNumericString, tagVisibleString:
		for _, c := range b {
			if c >= 0x80 {
				return "", false
			}
		}
		return string(b), true
	case cbasn1.T61String:
		// Nobody writes real T.61; it is UTF-8 or Latin-1.
		if utf8.Valid(b) {
			return string(b), true
		}
		r := make([]rune, len(b))
		for i, c := range b {
			r[i] = rune(c)
		}
		return string(r), true
	case tagBMPString:
		return decodeBMP(b)
	case tagUniversalString:
		return decodeUCS4(b)
	default:
		return "", false
	}
}

func decodeBMP(b []byte) (string, bool) {
	if len(b)%2 != 0 {
		return "", false
	}
	u := make([]uint16, len(b)/2)
	for i := range u {
		u[i] = uint16(b[2*i])<<8 | uint16(b[2*i+1])
		if utf16.IsSurrogate(rune(u[i])) {
			return "", false // BMPString is UCS-2
		}
	}
	return string(utf16.Decode(u)), true
}

func decodeUCS4(b []byte) (string, bool) {
	if len(b)%4 != 0 {
		return "", false
	}
	r := make([]rune, len(b)/4)
	for i := range r {
		v := uint32(b[4*i])<<24 | uint32(b[4*i+1])<<16 | uint32(b[4*i+2])<<8 | uint32(b[4*i+3])
		if v > utf8.MaxRune || !utf8.ValidRune(rune(v)) {
			return "", false
		}
		r[i] = rune(v)
	}
	return string(r), true
}

func isPrintableString(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		case c == ' ', c == '\'', c == '(', c == ')', c == '+', c == ',', c == '-', c == '.', c == '/', c == ':', c == '=', c == '?':
		default:
			return false
		}
	}
	return true
}

// CommonName is the most specific CN of the name, empty when it has none.
func (n Name) CommonName() string {
	for i := len(n) - 1; i >= 0; i-- {
		if n[i].Type.Equal(OIDCommonName) {
			return n[i].Value
		}
	}
	return ""
}
