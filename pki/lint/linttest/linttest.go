// Package linttest holds rules to their word: for each rule it wants one
// certificate that passes and one that fails for exactly that rule, and it has
// the knife to make the second out of the first.
//
// A certificate is taken apart into Cert, changed where the rule looks, and put
// together again; the signature is a dummy, which rules never look at.
package linttest

import (
	"crypto/sha1"
	"encoding/asn1"
	"slices"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	cb "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/lint"
)

// Cert is a certificate in parts, each the DER that will stand there.
type Cert struct {
	Version    []byte // with its [0]; empty: v1
	Serial     []byte // content octets
	Algorithm  []byte // in the signed part
	Outer      []byte // beside the signature
	Issuer     []byte
	NotBefore  []byte
	NotAfter   []byte
	Subject    []byte
	Key        []byte // SubjectPublicKeyInfo
	UniqueID   []byte // with its [1]; empty: none
	Extensions []Extension
}

// Extension is one extension of a Cert.
type Extension struct {
	OID      asn1.ObjectIdentifier
	Critical []byte // the BOOLEAN element; empty: not written
	Value    []byte
}

// True and False are the BOOLEAN elements.
var (
	True  = []byte{1, 1, 0xff}
	False = []byte{1, 1, 0}
)

// Of takes a certificate apart.
func Of(tb testing.TB, der []byte) *Cert {
	tb.Helper()
	parsed, err := lint.Parse(der)
	if err != nil {
		tb.Fatal(err)
	}
	c := &Cert{
		Version: []byte{0xa0, 3, 2, 1, 2}, Serial: slices.Clone(parsed.Serial),
		Algorithm: parsed.SignatureAlgorithm.Raw, Outer: parsed.OuterAlgorithm.Raw,
		Issuer: parsed.Issuer.Raw, Subject: parsed.Subject.Raw,
		NotBefore: Element(parsed.NotBefore.Tag, []byte(parsed.NotBefore.Text)),
		NotAfter:  Element(parsed.NotAfter.Tag, []byte(parsed.NotAfter.Text)),
		Key:       SPKI(parsed.KeyAlgorithm.Raw, parsed.Key),
	}
	for _, e := range parsed.Extensions {
		critical := []byte(nil)
		if e.CriticalWritten {
			critical = True
		}
		c.Extensions = append(c.Extensions, Extension{e.OID, critical, e.Value})
	}
	return c
}

// DER puts the certificate together.
func (c *Cert) DER() []byte {
	var b cryptobyte.Builder
	b.AddASN1(cb.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cb.SEQUENCE, c.addTBS)
		b.AddBytes(c.Outer)
		b.AddASN1BitString(make([]byte, 256))
	})
	return b.BytesOrPanic()
}

func (c *Cert) addTBS(b *cryptobyte.Builder) {
	b.AddBytes(c.Version)
	b.AddBytes(Element(cb.INTEGER, c.Serial))
	b.AddBytes(c.Algorithm)
	b.AddBytes(c.Issuer)
	b.AddASN1(cb.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(c.NotBefore)
		b.AddBytes(c.NotAfter)
	})
	b.AddBytes(c.Subject)
	b.AddBytes(c.Key)
	b.AddBytes(c.UniqueID)
	if len(c.Extensions) == 0 {
		return
	}
	b.AddASN1(cb.Tag(3).Constructed().ContextSpecific(), func(b *cryptobyte.Builder) {
		b.AddASN1(cb.SEQUENCE, func(b *cryptobyte.Builder) {
			for _, e := range c.Extensions {
				b.AddASN1(cb.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1ObjectIdentifier(e.OID)
					b.AddBytes(e.Critical)
					b.AddASN1OctetString(e.Value)
				})
			}
		})
	})
}

// Ext finds an extension to change; it fails the test when it isn't there.
func (c *Cert) Ext(tb testing.TB, oid asn1.ObjectIdentifier) *Extension {
	tb.Helper()
	for i := range c.Extensions {
		if c.Extensions[i].OID.Equal(oid) {
			return &c.Extensions[i]
		}
	}
	tb.Fatalf("the certificate has no extension %v", oid)
	return nil
}

// Drop takes an extension out.
func (c *Cert) Drop(oid asn1.ObjectIdentifier) {
	c.Extensions = slices.DeleteFunc(c.Extensions, func(e Extension) bool { return e.OID.Equal(oid) })
}

// Put adds an extension at the end.
func (c *Cert) Put(oid asn1.ObjectIdentifier, critical, value []byte) {
	c.Extensions = append(c.Extensions, Extension{oid, critical, value})
}

// SetKey changes the key, and the subjectKeyIdentifier (SHA-1) with it.
func (c *Cert) SetKey(tb testing.TB, algorithm, key []byte) {
	tb.Helper()
	sum := sha1.Sum(key)
	c.Key = SPKI(algorithm, key)
	c.Ext(tb, lint.ExtSubjectKeyID).Value = Element(cb.OCTET_STRING, sum[:])
}
