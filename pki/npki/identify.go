package npki

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"unicode/utf8"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// MaxIdentifyDataSize bounds IdentifyData and the extension around it, in
// bytes of DER.
const MaxIdentifyDataSize = 16 << 10

// maxUserInfo bounds the entries of userInfo.
const maxUserInfo = 16

var (
	// ErrIdentifyData says that IdentifyData is malformed.
	ErrIdentifyData = errors.New("npki: malformed IdentifyData")
	// ErrNoIdentifyData says that a certificate carries none.
	ErrNoIdentifyData = errors.New("npki: certificate has no IdentifyData")
)

// IdentifyData is what the subjectAltName of a joint certificate says of its
// owner: the real name, and VIDs that prove the identity number. CAs carry
// the name alone.
type IdentifyData struct {
	RealName string
	VIDs     []VID
	// Other holds the DER of entries that this package can't interpret (other
	// types, hash functions it does not have), so that none is lost. They are
	// written after the VIDs.
	Other [][]byte
}

// Marshal gives the DER of the IdentifyData SEQUENCE. A name that is empty or
// not UTF-8 gives ErrIdentifyData, a bad VID ErrVID or ErrHash.
func (d IdentifyData) Marshal() ([]byte, error) {
	if d.RealName == "" || !utf8.ValidString(d.RealName) || len(d.VIDs)+len(d.Other) > maxUserInfo {
		return nil, ErrIdentifyData
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, d.add)
	der, err := b.Bytes()
	if err != nil {
		return nil, fmt.Errorf("encoding IdentifyData: %w", err)
	}
	if len(der) > MaxIdentifyDataSize {
		return nil, ErrIdentifyData
	}
	return der, nil
}

func (d IdentifyData) add(b *cryptobyte.Builder) {
	b.AddASN1(cbasn1.UTF8String, func(b *cryptobyte.Builder) { b.AddBytes([]byte(d.RealName)) })
	if len(d.VIDs)+len(d.Other) == 0 {
		return
	}
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, v := range d.VIDs {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier(OIDVID)
				v.add(b, false)
			})
		}
		for _, o := range d.Other {
			b.AddBytes(o)
		}
	})
}

// ParseIdentifyData reads the IdentifyData SEQUENCE.
func ParseIdentifyData(der []byte) (IdentifyData, error) {
	if len(der) > MaxIdentifyDataSize {
		return IdentifyData{}, ErrIdentifyData
	}
	in := cryptobyte.String(der)
	var seq, name, infos cryptobyte.String
	var hasInfos bool
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() ||
		!seq.ReadASN1(&name, cbasn1.UTF8String) || len(name) == 0 || !utf8.Valid(name) ||
		!seq.ReadOptionalASN1(&infos, &hasInfos, cbasn1.SEQUENCE) || !seq.Empty() {
		return IdentifyData{}, ErrIdentifyData
	}
	d := IdentifyData{RealName: string(name)}
	for !infos.Empty() {
		var element cryptobyte.String
		if len(d.VIDs)+len(d.Other) == maxUserInfo || !infos.ReadASN1Element(&element, cbasn1.SEQUENCE) {
			return IdentifyData{}, ErrIdentifyData
		}
		vid, err := readUserInfo(element)
		switch {
		case errors.Is(err, ErrHash):
			d.Other = append(d.Other, bytes.Clone(element))
		case err != nil:
			return IdentifyData{}, err
		default:
			d.VIDs = append(d.VIDs, vid)
		}
	}
	return d, nil
}

// readUserInfo reads one entry; ErrHash stands for "well-formed, but not to
// be interpreted here".
func readUserInfo(element cryptobyte.String) (VID, error) {
	var entry cryptobyte.String
	var oid asn1.ObjectIdentifier
	if !element.ReadASN1(&entry, cbasn1.SEQUENCE) || !entry.ReadASN1ObjectIdentifier(&oid) {
		return VID{}, ErrIdentifyData
	}
	if !oid.Equal(OIDVID) {
		return VID{}, ErrHash
	}
	vid, err := readVID(&entry)
	if err == nil && !entry.Empty() {
		return VID{}, ErrIdentifyData
	}
	return vid, err
}

// SubjectAltName gives the content of a subjectAltName extension (what goes
// into extnValue): GeneralNames with the one otherName.
func (d IdentifyData) SubjectAltName() ([]byte, error) {
	inner, err := d.Marshal()
	if err != nil {
		return nil, err
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(explicitTag(0), func(b *cryptobyte.Builder) { // otherName
			b.AddASN1ObjectIdentifier(OIDIdentifyData)
			b.AddASN1(explicitTag(0), func(b *cryptobyte.Builder) { b.AddBytes(inner) })
		})
	})
	return b.Bytes()
}

// ParseSubjectAltName finds the IdentifyData in the content of a
// subjectAltName extension. ErrNoIdentifyData when there is none,
// ErrIdentifyData when it is malformed or there is more than one.
func ParseSubjectAltName(der []byte) (IdentifyData, error) {
	if len(der) > MaxIdentifyDataSize {
		return IdentifyData{}, ErrIdentifyData
	}
	in := cryptobyte.String(der)
	var names cryptobyte.String
	if !in.ReadASN1(&names, cbasn1.SEQUENCE) || !in.Empty() {
		return IdentifyData{}, ErrIdentifyData
	}
	var found []byte
	for !names.Empty() {
		var name, value cryptobyte.String
		var tag cbasn1.Tag
		if !names.ReadAnyASN1(&name, &tag) {
			return IdentifyData{}, ErrIdentifyData
		}
		if tag != explicitTag(0) {
			continue
		}
		var oid asn1.ObjectIdentifier
		if !name.ReadASN1ObjectIdentifier(&oid) || !name.ReadASN1(&value, explicitTag(0)) || !name.Empty() {
			return IdentifyData{}, ErrIdentifyData
		}
		if !oid.Equal(OIDIdentifyData) {
			continue
		}
		if found != nil {
			return IdentifyData{}, ErrIdentifyData
		}
		found = value
	}
	if found == nil {
		return IdentifyData{}, ErrNoIdentifyData
	}
	return ParseIdentifyData(found)
}

// IdentifyDataOf reads the IdentifyData of a certificate; errors as of
// ParseSubjectAltName.
func IdentifyDataOf(cert *x509.Certificate) (IdentifyData, error) {
	for _, e := range cert.Extensions {
		if e.Id.Equal(OIDSubjectAltName) {
			return ParseSubjectAltName(e.Value)
		}
	}
	return IdentifyData{}, ErrNoIdentifyData
}
