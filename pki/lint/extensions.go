package lint

import (
	"encoding/asn1"

	"golang.org/x/crypto/cryptobyte"
	cb "golang.org/x/crypto/cryptobyte/asn1"
)

// AuthorityKeyID is the authorityKeyIdentifier (RFC 5280 4.2.1.1).
type AuthorityKeyID struct {
	KeyID  []byte        // nil: absent
	Issuer []GeneralName // nil: absent
	Serial []byte        // content octets; nil: absent
}

// KeyUsage is the keyUsage BIT STRING.
type KeyUsage struct{ Bits asn1.BitString }

// Bits of the keyUsage (RFC 5280 4.2.1.3).
const (
	DigitalSignature = 0
	NonRepudiation   = 1
	KeyEncipherment  = 2
	KeyCertSign      = 5
	CRLSign          = 6
)

// Has says whether a bit is set.
func (u KeyUsage) Has(bit int) bool { return u.Bits.At(bit) == 1 }

// Only says whether exactly these bits are set.
func (u KeyUsage) Only(bits ...int) bool {
	set := 0
	for i := range u.Bits.BitLength {
		set += u.Bits.At(i)
	}
	for _, bit := range bits {
		if !u.Has(bit) {
			return false
		}
	}
	return set == len(bits)
}

// Policy is one PolicyInformation (RFC 5280 4.2.1.4).
type Policy struct {
	OID     asn1.ObjectIdentifier
	CPS     []string     // cPSuri qualifiers
	Notices []UserNotice // userNotice qualifiers
}

// UserNotice is a userNotice qualifier.
type UserNotice struct {
	Reference bool   // there is a noticeRef
	Tag       cb.Tag // the string type of explicitText; 0: absent
	Text      []byte
}

// GeneralName is one choice of GeneralName; Tag is its context tag number.
type GeneralName struct {
	Tag   int
	Value []byte
}

// Choices of GeneralName (RFC 5280 4.2.1.6).
const (
	OtherName     = 0
	DirectoryName = 4
	URI           = 6
)

// BasicConstraints is the basicConstraints (RFC 5280 4.2.1.9).
type BasicConstraints struct {
	CA      bool
	PathLen int // -1: absent
}

// PolicyConstraints is the policyConstraints (RFC 5280 4.2.1.11); -1 is absent.
type PolicyConstraints struct{ RequireExplicitPolicy, InhibitPolicyMapping int }

// DistributionPoint is one DistributionPoint (RFC 5280 4.2.1.13).
type DistributionPoint struct {
	Names     []GeneralName // of fullName
	Named     bool          // there is a distributionPoint, fullName or relative
	Reasons   bool
	CRLIssuer bool
}

// AccessDescription is one of the authorityInfoAccess (RFC 5280 4.2.2.1).
type AccessDescription struct {
	Method   asn1.ObjectIdentifier
	Location GeneralName
}

// OCSP says whether the description is of an OCSP responder.
func (d AccessDescription) OCSP() bool { return d.Method.Equal(accessOCSP) }

// CAIssuers says whether the description is of the issuer's certificate.
func (d AccessDescription) CAIssuers() bool { return d.Method.Equal(accessCAIssuers) }

// decode decodes the extensions that rules look into; others are true.
func (c *Certificate) decode(e *Extension) bool {
	s := cryptobyte.String(e.Value)
	switch {
	case e.OID.Equal(ExtAuthorityKeyID):
		c.AuthorityKeyID = readAuthority(s)
		return c.AuthorityKeyID != nil
	case e.OID.Equal(ExtSubjectKeyID):
		return s.ReadASN1Bytes(&c.SubjectKeyID, cb.OCTET_STRING) && s.Empty()
	case e.OID.Equal(ExtKeyUsage):
		u := &KeyUsage{}
		if !s.ReadASN1BitString(&u.Bits) || !s.Empty() {
			return false
		}
		c.KeyUsage = u
	case e.OID.Equal(ExtPolicies):
		return readInto(s, &c.Policies, readPolicy)
	case e.OID.Equal(ExtSubjectAltName):
		var ok bool
		c.AltNames, ok = readNames(s, cb.SEQUENCE)
		c.Identity = identityIn(c.AltNames)
		return ok
	case e.OID.Equal(ExtBasicConstraints):
		c.BasicConstraints = readBasic(s)
		return c.BasicConstraints != nil
	case e.OID.Equal(ExtPolicyConstraints):
		c.PolicyConstraints = readConstraints(s)
		return c.PolicyConstraints != nil
	case e.OID.Equal(ExtExtKeyUsage):
		return readInto(s, &c.ExtKeyUsage, (*cryptobyte.String).ReadASN1ObjectIdentifier)
	case e.OID.Equal(ExtCRLPoints):
		return readInto(s, &c.CRLPoints, readPoint)
	case e.OID.Equal(ExtInfoAccess):
		return readInto(s, &c.Access, readAccess)
	}
	return true
}

// readInto reads a SEQUENCE OF with at least one item; when one doesn't decode
// the list stays nil.
func readInto[T any](s cryptobyte.String, into *[]T, item func(*cryptobyte.String, *T) bool) bool {
	var list []T
	if !readList(s, func(s *cryptobyte.String) bool {
		var one T
		ok := item(s, &one)
		list = append(list, one)
		return ok
	}) {
		return false
	}
	*into = list
	return true
}

// readList reads a SEQUENCE OF with at least one item, and nothing after it.
func readList(s cryptobyte.String, item func(*cryptobyte.String) bool) bool {
	var list cryptobyte.String
	if !s.ReadASN1(&list, cb.SEQUENCE) || !s.Empty() || list.Empty() {
		return false
	}
	for n := 0; !list.Empty(); n++ {
		if n == maxItems || !item(&list) {
			return false
		}
	}
	return true
}

// readNames reads GeneralNames under a tag; an empty list is one.
func readNames(s cryptobyte.String, tag cb.Tag) ([]GeneralName, bool) {
	var list cryptobyte.String
	if !s.ReadASN1(&list, tag) || !s.Empty() {
		return nil, false
	}
	names := make([]GeneralName, 0, 1)
	for !list.Empty() {
		var name GeneralName
		if len(names) == maxItems || !readGeneralName(&list, &name) {
			return nil, false
		}
		names = append(names, name)
	}
	return names, true
}

func readGeneralName(s *cryptobyte.String, name *GeneralName) bool {
	var value cryptobyte.String
	var tag cb.Tag
	if !s.ReadAnyASN1(&value, &tag) || tag&0xc0 != 0x80 {
		return false
	}
	name.Tag, name.Value = int(tag&0x1f), value
	return name.Tag <= 8
}

func readAuthority(s cryptobyte.String) *AuthorityKeyID {
	var body, id, names, serial cryptobyte.String
	var hasID, hasSerial bool
	a := &AuthorityKeyID{}
	namesTag := cb.Tag(1).Constructed().ContextSpecific()
	if !s.ReadASN1(&body, cb.SEQUENCE) || !s.Empty() ||
		!body.ReadOptionalASN1(&id, &hasID, cb.Tag(0).ContextSpecific()) {
		return nil
	}
	if body.PeekASN1Tag(namesTag) {
		var ok bool
		if !body.ReadASN1Element(&names, namesTag) {
			return nil
		}
		if a.Issuer, ok = readNames(names, namesTag); !ok {
			return nil
		}
	}
	if !body.ReadOptionalASN1(&serial, &hasSerial, cb.Tag(2).ContextSpecific()) || !body.Empty() ||
		hasSerial && serial.Empty() {
		return nil
	}
	if hasID {
		a.KeyID = append([]byte{}, id...)
	}
	if hasSerial {
		a.Serial = serial
	}
	return a
}

func readPolicy(s *cryptobyte.String, p *Policy) bool {
	var one cryptobyte.String
	return s.ReadASN1(&one, cb.SEQUENCE) && one.ReadASN1ObjectIdentifier(&p.OID) &&
		(one.Empty() || readList(one, p.readQualifier))
}

func (p *Policy) readQualifier(s *cryptobyte.String) bool {
	var one cryptobyte.String
	var oid asn1.ObjectIdentifier
	if !s.ReadASN1(&one, cb.SEQUENCE) || !one.ReadASN1ObjectIdentifier(&oid) {
		return false
	}
	switch {
	case oid.Equal(qualifierCPS):
		var uri cryptobyte.String
		if !one.ReadASN1(&uri, cb.IA5String) {
			return false
		}
		p.CPS = append(p.CPS, string(uri))
	case oid.Equal(qualifierNotice):
		var body, text cryptobyte.String
		var n UserNotice
		if !one.ReadASN1(&body, cb.SEQUENCE) {
			return false
		}
		if body.PeekASN1Tag(cb.SEQUENCE) {
			n.Reference = true
			if !body.SkipASN1(cb.SEQUENCE) {
				return false
			}
		}
		if !body.Empty() && (!body.ReadAnyASN1(&text, &n.Tag) || !body.Empty()) {
			return false
		}
		n.Text = text
		p.Notices = append(p.Notices, n)
	default: // others may exist; what they hold is not known here
		var any cryptobyte.String
		if !one.ReadAnyASN1Element(&any, nil) {
			return false
		}
	}
	return one.Empty()
}

func readBasic(s cryptobyte.String) *BasicConstraints {
	var body cryptobyte.String
	b := &BasicConstraints{PathLen: -1}
	if !s.ReadASN1(&body, cb.SEQUENCE) || !s.Empty() ||
		body.PeekASN1Tag(cb.BOOLEAN) && !body.ReadASN1Boolean(&b.CA) {
		return nil
	}
	if !body.Empty() && (!body.ReadASN1Integer(&b.PathLen) || b.PathLen < 0 || !body.Empty()) {
		return nil
	}
	return b
}

func readConstraints(s cryptobyte.String) *PolicyConstraints {
	var body cryptobyte.String
	if !s.ReadASN1(&body, cb.SEQUENCE) || !s.Empty() {
		return nil
	}
	skip := func(tag cb.Tag) (int, bool) {
		if !body.PeekASN1Tag(tag.ContextSpecific()) {
			return -1, true
		}
		var n int64
		ok := body.ReadASN1Int64WithTag(&n, tag.ContextSpecific())
		return int(n), ok && n >= 0 && n < 1<<31
	}
	require, ok1 := skip(0)
	inhibit, ok2 := skip(1)
	if !ok1 || !ok2 || !body.Empty() {
		return nil
	}
	return &PolicyConstraints{require, inhibit}
}

func readPoint(s *cryptobyte.String, d *DistributionPoint) bool {
	var body, name, rest cryptobyte.String
	first := cb.Tag(0).Constructed().ContextSpecific()
	if !s.ReadASN1(&body, cb.SEQUENCE) || !body.ReadOptionalASN1(&name, &d.Named, first) {
		return false
	}
	if name.PeekASN1Tag(first) {
		var ok bool
		if d.Names, ok = readNames(name, first); !ok {
			return false
		}
	}
	return body.ReadOptionalASN1(&rest, &d.Reasons, cb.Tag(1).ContextSpecific()) &&
		body.ReadOptionalASN1(&rest, &d.CRLIssuer, cb.Tag(2).Constructed().ContextSpecific()) && body.Empty()
}

func readAccess(s *cryptobyte.String, d *AccessDescription) bool {
	var one cryptobyte.String
	return s.ReadASN1(&one, cb.SEQUENCE) && one.ReadASN1ObjectIdentifier(&d.Method) &&
		readGeneralName(&one, &d.Location) && one.Empty()
}
