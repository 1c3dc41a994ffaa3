package linttest

import (
	"encoding/asn1"
	"math/big"
	"slices"

	"golang.org/x/crypto/cryptobyte"
	cb "golang.org/x/crypto/cryptobyte/asn1"
)

// BMP is the tag of BMPString, which cryptobyte has no name for.
const BMP = cb.Tag(30)

// Element writes one element: its contents are joined.
func Element(tag cb.Tag, contents ...[]byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(tag, func(b *cryptobyte.Builder) { b.AddBytes(slices.Concat(contents...)) })
	return b.BytesOrPanic()
}

// Seq writes a SEQUENCE.
func Seq(contents ...[]byte) []byte { return Element(cb.SEQUENCE, contents...) }

// Text writes a string element.
func Text(tag cb.Tag, s string) []byte { return Element(tag, []byte(s)) }

// Explicit writes [n] around contents, Implicit [n] primitive.
func Explicit(n int, contents ...[]byte) []byte {
	return Element(cb.Tag(n).Constructed().ContextSpecific(), contents...)
}

// Implicit writes a primitive [n].
func Implicit(n int, contents ...[]byte) []byte {
	return Element(cb.Tag(n).ContextSpecific(), contents...)
}

// OID writes an object identifier.
func OID(oid asn1.ObjectIdentifier) []byte {
	var b cryptobyte.Builder
	b.AddASN1ObjectIdentifier(oid)
	return b.BytesOrPanic()
}

// Int writes an INTEGER.
func Int(n int64) []byte {
	var b cryptobyte.Builder
	b.AddASN1Int64(n)
	return b.BytesOrPanic()
}

// Null is the NULL element.
func Null() []byte { return []byte{5, 0} }

// Attr writes an AttributeTypeAndValue, RDN the SET around some.
func Attr(oid asn1.ObjectIdentifier, tag cb.Tag, value string) []byte {
	return Seq(OID(oid), Text(tag, value))
}

// RDN writes a RelativeDistinguishedName.
func RDN(attributes ...[]byte) []byte { return Element(cb.SET, attributes...) }

// SPKI writes a SubjectPublicKeyInfo around key bits.
func SPKI(algorithm, key []byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(cb.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(algorithm)
		b.AddASN1BitString(key)
	})
	return b.BytesOrPanic()
}

// RSA writes the key bits of an RSA key, of whatever numbers.
func RSA(modulus *big.Int, exponent int64) []byte {
	var b cryptobyte.Builder
	b.AddASN1(cb.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1BigInt(modulus)
		b.AddASN1Int64(exponent)
	})
	return b.BytesOrPanic()
}

// Usage writes a keyUsage BIT STRING with these bits.
func Usage(bits ...int) []byte {
	var octets [2]byte
	last := -1
	for _, bit := range bits {
		octets[bit/8] |= 0x80 >> (bit % 8)
		last = max(last, bit)
	}
	if last < 0 {
		return Element(cb.BIT_STRING, []byte{0})
	}
	used := octets[:last/8+1]
	return Element(cb.BIT_STRING, []byte{byte(7 - last%8)}, used)
}
