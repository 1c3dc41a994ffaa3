package lint

import (
	"bytes"
	"encoding/asn1"
	"errors"
	"math/big"
	"math/bits"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cb "golang.org/x/crypto/cryptobyte/asn1"
)

// Bounds of what Parse takes.
const (
	MaxSize       = 64 << 10 // bytes of a certificate
	maxExtensions = 64
	maxRDNs       = 64 // in a name, and attributes in an RDN
	maxItems      = 64 // in any other list
)

// Certificate is a certificate as its bytes say it, right or wrong. Slices
// point into the input.
type Certificate struct {
	Raw, RawTBS []byte

	Version            int // as encoded: 2 is v3; 0 when absent
	Serial             []byte
	SignatureAlgorithm Algorithm // in the signed part
	OuterAlgorithm     Algorithm // beside the signature
	Issuer, Subject    Name
	NotBefore          Time
	NotAfter           Time
	KeyAlgorithm       Algorithm
	Key                []byte  // the subjectPublicKey bits
	RSA                *RSAKey // nil when they aren't an RSA key
	UniqueIDs          bool    // issuerUniqueID or subjectUniqueID is there
	Extensions         []Extension
	Signature          []byte

	// Decoded extensions: nil when absent or not decodable, as in Malformed.
	AuthorityKeyID    *AuthorityKeyID
	SubjectKeyID      []byte
	KeyUsage          *KeyUsage
	Policies          []Policy
	AltNames          []GeneralName
	Identity          *Identity // the first otherName with IdentifyData
	BasicConstraints  *BasicConstraints
	PolicyConstraints *PolicyConstraints
	ExtKeyUsage       []asn1.ObjectIdentifier
	CRLPoints         []DistributionPoint
	Access            []AccessDescription
	Malformed         []asn1.ObjectIdentifier // of extensions whose value doesn't decode
}

// Algorithm is an AlgorithmIdentifier.
type Algorithm struct {
	Raw        []byte
	OID        asn1.ObjectIdentifier
	Parameters []byte // the element; nil: absent
}

// Name is a distinguished name with its encoding kept.
type Name struct {
	Raw  []byte
	RDNs [][]Attribute
}

// Attribute is one attribute of a name.
type Attribute struct {
	Type  asn1.ObjectIdentifier
	Tag   cb.Tag // the string type
	Value []byte
}

// Time is a time with its encoding kept.
type Time struct {
	Tag      cb.Tag // UTCTime or GeneralizedTime
	Text     string
	Time     time.Time
	Readable bool // the text is a time as RFC 5280 4.1.2.5 has it
}

// RSAKey is an RSAPublicKey.
type RSAKey struct {
	Modulus  []byte // big-endian, without leading zeros
	Exponent *big.Int
}

// Bits is the size of the modulus.
func (k *RSAKey) Bits() int { return 8*(len(k.Modulus)-1) + bits.Len8(k.Modulus[0]) }

// Extension is one extension, undecoded.
type Extension struct {
	OID             asn1.ObjectIdentifier
	Critical        bool
	CriticalWritten bool // there is a BOOLEAN, whatever it says
	Value           []byte
}

// The refusals of Parse.
var (
	ErrSize      = errors.New("lint: larger than a certificate may be")
	ErrStructure = errors.New("lint: not a certificate")
)

// Parse reads a DER certificate. It refuses only what has not the structure of
// one; what the values say is for the rules to judge. An extension that doesn't
// decode is listed in Malformed. Errors: ErrSize, ErrStructure.
func Parse(der []byte) (*Certificate, error) {
	if len(der) > MaxSize {
		return nil, ErrSize
	}
	c := &Certificate{Raw: der}
	input := cryptobyte.String(der)
	var whole, element, tbs cryptobyte.String
	if !input.ReadASN1(&whole, cb.SEQUENCE) || !input.Empty() ||
		!whole.ReadASN1Element(&element, cb.SEQUENCE) ||
		!readAlgorithm(&whole, &c.OuterAlgorithm) ||
		!whole.ReadASN1BitStringAsBytes(&c.Signature) || !whole.Empty() {
		return nil, ErrStructure
	}
	c.RawTBS = element
	if !element.ReadASN1(&tbs, cb.SEQUENCE) || !c.readTBS(tbs) {
		return nil, ErrStructure
	}
	for i := range c.Extensions {
		// Of an extension that is there twice the first counts.
		if e := &c.Extensions[i]; e == c.Extension(e.OID) && !c.decode(e) {
			c.Malformed = append(c.Malformed, e.OID)
		}
	}
	return c, nil
}

func (c *Certificate) readTBS(s cryptobyte.String) bool {
	var validity, spki, version cryptobyte.String
	var present bool
	if !s.ReadOptionalASN1(&version, &present, cb.Tag(0).Constructed().ContextSpecific()) ||
		present && (!version.ReadASN1Integer(&c.Version) || !version.Empty()) {
		return false
	}
	var serial cryptobyte.String
	if !s.ReadASN1(&serial, cb.INTEGER) || len(serial) == 0 ||
		!readAlgorithm(&s, &c.SignatureAlgorithm) || !readName(&s, &c.Issuer) ||
		!s.ReadASN1(&validity, cb.SEQUENCE) || !readTime(&validity, &c.NotBefore) ||
		!readTime(&validity, &c.NotAfter) || !validity.Empty() || !readName(&s, &c.Subject) ||
		!s.ReadASN1(&spki, cb.SEQUENCE) || !c.readKey(spki) {
		return false
	}
	c.Serial = serial
	for _, tag := range []cb.Tag{1, 2} {
		var id cryptobyte.String
		if !s.ReadOptionalASN1(&id, &present, tag.ContextSpecific()) {
			return false
		}
		c.UniqueIDs = c.UniqueIDs || present
	}
	return c.readExtensions(s)
}

func (c *Certificate) readKey(spki cryptobyte.String) bool {
	if !readAlgorithm(&spki, &c.KeyAlgorithm) || !spki.ReadASN1BitStringAsBytes(&c.Key) || !spki.Empty() {
		return false
	}
	input, key := cryptobyte.String(c.Key), cryptobyte.String(nil)
	rsa := RSAKey{Exponent: new(big.Int)}
	if input.ReadASN1(&key, cb.SEQUENCE) && input.Empty() && key.ReadASN1Integer(&rsa.Modulus) &&
		key.ReadASN1Integer(rsa.Exponent) && key.Empty() && len(rsa.Modulus) > 0 && rsa.Modulus[0] != 0 {
		c.RSA = &rsa
	}
	return true
}

func (c *Certificate) readExtensions(s cryptobyte.String) bool {
	if s.Empty() {
		return true
	}
	var outer, list cryptobyte.String
	if !s.ReadASN1(&outer, cb.Tag(3).Constructed().ContextSpecific()) || !s.Empty() ||
		!outer.ReadASN1(&list, cb.SEQUENCE) || !outer.Empty() {
		return false
	}
	c.Extensions = make([]Extension, 0, 12)
	for !list.Empty() {
		var e Extension
		var one, value cryptobyte.String
		if len(c.Extensions) == maxExtensions || !list.ReadASN1(&one, cb.SEQUENCE) ||
			!one.ReadASN1ObjectIdentifier(&e.OID) {
			return false
		}
		if one.PeekASN1Tag(cb.BOOLEAN) {
			e.CriticalWritten = true
			if !one.ReadASN1Boolean(&e.Critical) {
				return false
			}
		}
		if !one.ReadASN1(&value, cb.OCTET_STRING) || !one.Empty() {
			return false
		}
		e.Value = value
		c.Extensions = append(c.Extensions, e)
	}
	return true
}

func readAlgorithm(s *cryptobyte.String, a *Algorithm) bool {
	var element, body cryptobyte.String
	if !s.ReadASN1Element(&element, cb.SEQUENCE) {
		return false
	}
	a.Raw = element
	if !element.ReadASN1(&body, cb.SEQUENCE) || !body.ReadASN1ObjectIdentifier(&a.OID) {
		return false
	}
	if body.Empty() {
		return true
	}
	var parameters cryptobyte.String
	if !body.ReadAnyASN1Element(&parameters, nil) || !body.Empty() {
		return false
	}
	a.Parameters = parameters
	return true
}

func readName(s *cryptobyte.String, n *Name) bool {
	var element, list cryptobyte.String
	if !s.ReadASN1Element(&element, cb.SEQUENCE) {
		return false
	}
	n.Raw = element
	if !element.ReadASN1(&list, cb.SEQUENCE) {
		return false
	}
	for !list.Empty() {
		var set cryptobyte.String
		if len(n.RDNs) == maxRDNs || !list.ReadASN1(&set, cb.SET) {
			return false
		}
		var rdn []Attribute
		for !set.Empty() {
			var one, value cryptobyte.String
			var a Attribute
			if len(rdn) == maxRDNs || !set.ReadASN1(&one, cb.SEQUENCE) || !one.ReadASN1ObjectIdentifier(&a.Type) ||
				!one.ReadAnyASN1(&value, &a.Tag) || !one.Empty() {
				return false
			}
			a.Value = value
			rdn = append(rdn, a)
		}
		n.RDNs = append(n.RDNs, rdn)
	}
	return true
}

func readTime(s *cryptobyte.String, t *Time) bool {
	var text cryptobyte.String
	if !s.ReadAnyASN1(&text, &t.Tag) {
		return false
	}
	layout := "060102150405Z"
	switch t.Tag {
	case cb.UTCTime:
	case cb.GeneralizedTime:
		layout = "20060102150405Z"
	default:
		return false
	}
	t.Text = string(text)
	parsed, err := time.Parse(layout, t.Text)
	if err != nil || len(t.Text) != len(layout) { // time.Parse takes fractions of a second
		return true
	}
	if t.Tag == cb.UTCTime && parsed.Year() >= 2050 {
		parsed = parsed.AddDate(-100, 0, 0) // RFC 5280 4.1.2.5.1: YY ≥ 50 is 19YY
	}
	t.Time, t.Readable = parsed, true
	return true
}

// Extension finds an extension; nil when it isn't there.
func (c *Certificate) Extension(oid asn1.ObjectIdentifier) *Extension {
	for i := range c.Extensions {
		if c.Extensions[i].OID.Equal(oid) {
			return &c.Extensions[i]
		}
	}
	return nil
}

// SelfIssued says whether issuer and subject are the same bytes.
func (c *Certificate) SelfIssued() bool { return bytes.Equal(c.Issuer.Raw, c.Subject.Raw) }

// Attributes gives all attributes of a type, in order.
func (n Name) Attributes(oid asn1.ObjectIdentifier) []Attribute {
	var found []Attribute
	for _, rdn := range n.RDNs {
		for _, a := range rdn {
			if a.Type.Equal(oid) {
				found = append(found, a)
			}
		}
	}
	return found
}
