package npki

import (
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// attributeNames are the keywords of the text form; the first of a type is
// what String writes. It is never written to.
var attributeNames = []struct {
	keyword string
	oid     asn1.ObjectIdentifier
}{
	{"cn", OIDCommonName},
	{"ou", OIDOrganizationalUnit},
	{"o", OIDOrganization},
	{"c", OIDCountry},
	{"l", OIDLocality},
	{"st", OIDProvince},
	{"s", OIDProvince},
	{"street", OIDStreet},
	{"serialnumber", OIDSerialNumber},
	{"emailaddress", OIDEmailAddress},
	{"email", OIDEmailAddress},
	{"e", OIDEmailAddress},
	{"dc", OIDDomainComponent},
	{"uid", OIDUserID},
	{"title", OIDTitle},
	{"sn", OIDSurname},
	{"givenname", OIDGivenName},
}

// String is the folder form of the name: cn=…,ou=…,o=…,c=kr, most specific
// first, lower-case types, no blanks between the parts (KCAC.TS.UI). A type
// without a keyword is written as its dotted number. Special characters are
// escaped with a backslash as in RFC 4514, so that ParseNameString reads the
// same name back. The result is for people and for comparing; as the name of
// a folder it still needs the care that package folder takes.
func (n Name) String() string {
	var b strings.Builder
	for i := len(n) - 1; i >= 0; i-- {
		b.WriteString(attributeKeyword(n[i].Type))
		b.WriteByte('=')
		escapeValue(&b, n[i].Value)
		if i > 0 {
			b.WriteByte(',')
		}
	}
	return b.String()
}

func attributeKeyword(oid asn1.ObjectIdentifier) string {
	for _, a := range attributeNames {
		if a.oid.Equal(oid) {
			return a.keyword
		}
	}
	return oid.String()
}

func escapeValue(b *strings.Builder, v string) {
	for i, r := range v {
		switch {
		case strings.ContainsRune(`,+"\<>;`, r),
			r == '#' && i == 0,
			r == ' ' && (i == 0 || i == len(v)-1):
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < 0x20 || r == 0x7f:
			fmt.Fprintf(b, `\%02X`, r)
		default:
			b.WriteRune(r)
		}
	}
}

// ParseNameString reads the text form that String writes, and what people
// write: upper-case types, blanks around the parts, + between attributes.
// ErrName tells what can't be read, up to MaxNameSize bytes.
func ParseNameString(s string) (Name, error) {
	if len(s) > MaxNameSize || !utf8.ValidString(s) {
		return nil, ErrName
	}
	if strings.Trim(s, " ") == "" {
		return Name{}, nil
	}
	var name Name
	for rest, more := s, true; more; {
		keyword, after, ok := strings.Cut(rest, "=")
		if !ok {
			return nil, fmt.Errorf("%w: a part without =", ErrName)
		}
		oid, ok := attributeType(strings.Trim(keyword, " "))
		if !ok {
			return nil, fmt.Errorf("%w: unknown attribute type", ErrName)
		}
		var value string
		value, rest, more, ok = cutValue(after)
		if !ok || value == "" || len(name) == MaxNameAttributes {
			return nil, fmt.Errorf("%w: value of %s", ErrName, oid)
		}
		name = append(name, Attribute{Type: oid, Value: value})
	}
	for i, j := 0, len(name)-1; i < j; i, j = i+1, j-1 {
		name[i], name[j] = name[j], name[i]
	}
	return name, nil
}

func attributeType(keyword string) (asn1.ObjectIdentifier, bool) {
	keyword = strings.ToLower(keyword)
	for _, a := range attributeNames {
		if a.keyword == keyword {
			return a.oid, true
		}
	}
	return parseOID(strings.TrimPrefix(keyword, "oid."))
}

func parseOID(s string) (asn1.ObjectIdentifier, bool) {
	parts := strings.Split(s, ".")
	if len(parts) < 2 || len(parts) > 32 {
		return nil, false
	}
	oid := make(asn1.ObjectIdentifier, len(parts))
	for i, p := range parts {
		v, err := strconv.ParseUint(p, 10, 31)
		if err != nil || len(p) > 1 && p[0] == '0' {
			return nil, false
		}
		oid[i] = int(v)
	}
	// The first two arcs share a number (X.690 8.19.4).
	if oid[0] > 2 || oid[0] < 2 && oid[1] > 39 || oid[1] > 1<<31-1-80 {
		return nil, false
	}
	return oid, true
}

// cutValue takes one value off the front of s, up to a bare comma, semicolon
// or plus; more says whether one of these followed.
func cutValue(s string) (value, rest string, more, ok bool) {
	var b []byte
	s = strings.TrimLeft(s, " ")
	kept := 0 // bytes that trailing blanks may not be trimmed from
	for i := 0; i < len(s); {
		switch c := s[i]; c {
		case ',', ';', '+':
			return finishValue(b, kept, s[i+1:], true)
		case '\\':
			escaped, n := unescape(s[i+1:])
			if n == 0 {
				return "", "", false, false
			}
			b = append(b, escaped...)
			kept = len(b)
			i += 1 + n
		case '"', '<', '>':
			return "", "", false, false
		default:
			b = append(b, c)
			i++
		}
	}
	return finishValue(b, kept, "", false)
}

func finishValue(b []byte, kept int, rest string, more bool) (string, string, bool, bool) {
	for len(b) > kept && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	return string(b), rest, more, utf8.Valid(b)
}

// unescape reads what follows a backslash: a special character or two hex
// digits. n is how many bytes it took, 0 when it is neither.
func unescape(s string) (escaped []byte, n int) {
	if s == "" {
		return nil, 0
	}
	if strings.IndexByte(` ,+"\<>;#=`, s[0]) >= 0 {
		return []byte{s[0]}, 1
	}
	if len(s) >= 2 {
		if b, err := hex.DecodeString(s[:2]); err == nil {
			return b, 2
		}
	}
	return nil, 0
}
