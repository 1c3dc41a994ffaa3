package lint

import (
	"encoding/asn1"
	"unicode/utf8"

	"golang.org/x/crypto/cryptobyte"
	cb "golang.org/x/crypto/cryptobyte/asn1"
)

// Identity is the IdentifyData of a subjectAltName (KCAC.TS.SIVID), with its
// encoding kept. It is read here and not by pki/npki, which is lenient.
type Identity struct {
	Readable bool // it has the structure of IdentifyData
	RealName string
	VIDs     []VID
}

// VID is a virtual ID in an Identity.
type VID struct {
	Hash  Algorithm
	Value []byte
}

// identityIn finds the first IdentifyData; nil when there is none.
func identityIn(names []GeneralName) *Identity {
	for _, name := range names {
		if name.Tag != OtherName {
			continue
		}
		s := cryptobyte.String(name.Value)
		var oid asn1.ObjectIdentifier
		if !s.ReadASN1ObjectIdentifier(&oid) || !oid.Equal(identifyData) {
			continue
		}
		id := &Identity{}
		var value cryptobyte.String
		id.Readable = s.ReadASN1(&value, cb.Tag(0).Constructed().ContextSpecific()) && s.Empty() && id.read(value)
		return id
	}
	return nil
}

func (id *Identity) read(s cryptobyte.String) bool {
	var body, name cryptobyte.String
	if !s.ReadASN1(&body, cb.SEQUENCE) || !s.Empty() ||
		!body.ReadASN1(&name, cb.UTF8String) || !utf8.Valid(name) {
		return false
	}
	id.RealName = string(name)
	return body.Empty() || readList(body, id.readVID)
}

func (id *Identity) readVID(s *cryptobyte.String) bool {
	var one, body, value cryptobyte.String
	var oid asn1.ObjectIdentifier
	var v VID
	if !s.ReadASN1(&one, cb.SEQUENCE) || !one.ReadASN1ObjectIdentifier(&oid) || !oid.Equal(virtualID) ||
		!one.ReadASN1(&body, cb.SEQUENCE) || !one.Empty() || !readAlgorithm(&body, &v.Hash) ||
		!body.ReadASN1(&value, cb.Tag(0).Constructed().ContextSpecific()) || !body.Empty() {
		return false
	}
	var octets cryptobyte.String
	if !value.ReadASN1(&octets, cb.OCTET_STRING) || !value.Empty() {
		return false
	}
	v.Value = octets
	id.VIDs = append(id.VIDs, v)
	return true
}
