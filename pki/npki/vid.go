package npki

import (
	"bytes"
	"crypto"
	"crypto/subtle"
	"errors"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// maxIDN bounds an identity number, in digits.
const maxIDN = 32

var (
	// ErrIDN says that an identity number is empty, too long or holds
	// something other than digits. It never quotes the number.
	ErrIDN = errors.New("npki: identity number is not made of digits")
	// ErrVID says that a VID is malformed.
	ErrVID = errors.New("npki: malformed VID")
	// ErrHash says that a hash function is not one a VID may use.
	ErrHash = errors.New("npki: hash function not known for a VID")
)

// VID is a virtual ID: a double hash over an identity number and R that shows
// whose certificate it is only to one who knows both (KCAC.TS.SIVID).
type VID struct {
	Hash  crypto.Hash // SHA-1, SHA-256, SHA-384 or SHA-512
	Value []byte      // H(H(DER(HashContent))), Hash.Size() bytes
}

// NewVID computes the VID of an identity number, given in digits only (13 of
// a resident, 10 of a business), and R. Errors: ErrIDN, ErrR, ErrHash.
func NewVID(hash crypto.Hash, idn string, r R) (VID, error) {
	if idn == "" || len(idn) > maxIDN {
		return VID{}, ErrIDN
	}
	for _, c := range []byte(idn) {
		if c < '0' || c > '9' {
			return VID{}, ErrIDN
		}
	}
	if len(r) != RSize {
		return VID{}, ErrR
	}
	if _, ok := hashOID(hash); !ok {
		return VID{}, ErrHash
	}
	// HashContent ::= SEQUENCE { idn PrintableString, randomNum BIT STRING }
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.PrintableString, func(b *cryptobyte.Builder) { b.AddBytes([]byte(idn)) })
		b.AddASN1BitString(r)
	})
	content, err := b.Bytes()
	if err != nil {
		return VID{}, fmt.Errorf("encoding HashContent: %w", err)
	}
	h := hash.New()
	h.Write(content)
	inner := h.Sum(nil)
	h.Reset()
	h.Write(inner)
	return VID{Hash: hash, Value: h.Sum(nil)}, nil
}

// Matches says whether the VID belongs to this identity number and R. What
// can't be hashed matches nothing. The values are compared in constant time.
func (v VID) Matches(idn string, r R) bool {
	w, err := NewVID(v.Hash, idn, r)
	return err == nil && subtle.ConstantTimeCompare(v.Value, w.Value) == 1
}

// Equal says whether two VIDs are the same.
func (v VID) Equal(w VID) bool { return v.Hash == w.Hash && bytes.Equal(v.Value, w.Value) }

// add writes VID ::= SEQUENCE { hashAlg, virtualID [0] EXPLICIT OCTET STRING }.
// The field writes hashAlg without parameters in certificates and with NULL
// within EncryptedVID.
func (v VID) add(b *cryptobyte.Builder, null bool) {
	oid, ok := hashOID(v.Hash)
	if !ok {
		b.SetError(ErrHash)
		return
	}
	if len(v.Value) != v.Hash.Size() {
		b.SetError(ErrVID)
		return
	}
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		addAlgorithm(b, oid, null)
		b.AddASN1(explicitTag(0), func(b *cryptobyte.Builder) { b.AddASN1OctetString(v.Value) })
	})
}

// readVID reads a VID. ErrHash for a well-formed one of an unknown hash.
func readVID(s *cryptobyte.String) (VID, error) {
	var seq, tagged, value cryptobyte.String
	if !s.ReadASN1(&seq, cbasn1.SEQUENCE) {
		return VID{}, ErrVID
	}
	oid, params, ok := readAlgorithm(&seq)
	if !ok || !seq.ReadASN1(&tagged, explicitTag(0)) || !seq.Empty() ||
		!tagged.ReadASN1(&value, cbasn1.OCTET_STRING) || !tagged.Empty() {
		return VID{}, ErrVID
	}
	hash := hashOf(oid)
	if hash == 0 {
		return VID{}, ErrHash
	}
	if !isNullOrAbsent(params) || len(value) != hash.Size() {
		return VID{}, ErrVID
	}
	return VID{Hash: hash, Value: bytes.Clone(value)}, nil
}
