package crl_test

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"io"
	"math/big"
	"testing"

	"github.com/ingam-pki/ingam/pki/crl"
)

const benchEntries = 1_000_000

// serial makes 16 bytes, as the authority's are, without a random source.
func serial(b []byte, i int) {
	x := uint64(i)*0x9e3779b97f4a7c15 + 1
	for j := range b {
		b[j] = byte(x >> (8 * (j % 8)))
		x ^= x << 13
	}
	b[0] = b[0]&0x7f | 1
}

func benchList(n int) func(func(crl.Entry, error) bool) {
	return func(yield func(crl.Entry, error) bool) {
		e := crl.Entry{Serial: make([]byte, 16), RevokedAt: now, Reason: crl.Superseded}
		for i := range n {
			serial(e.Serial, i)
			if !yield(e, nil) {
				return
			}
		}
	}
}

// The two encoders side by side: compare ns/op and B/op.
func BenchmarkEncode(b *testing.B) {
	ca()
	b.Run("ingam", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			if err := crl.Encode(io.Discard, header(), benchList(benchEntries), ca().Key); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("x509", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			list := make([]x509.RevocationListEntry, 0, benchEntries)
			for e := range benchList(benchEntries) {
				list = append(list, x509.RevocationListEntry{SerialNumber: new(big.Int).SetBytes(e.Serial), RevocationTime: e.RevokedAt, ReasonCode: int(e.Reason)})
			}
			template := &x509.RevocationList{Number: header().Number, ThisUpdate: now, NextUpdate: header().NextUpdate, RevokedCertificateEntries: list}
			if _, err := x509.CreateRevocationList(rand.Reader, template, ca().Certificate, ca().Key); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	var buf bytes.Buffer
	if err := crl.Encode(&buf, header(), benchList(benchEntries), ca().Key); err != nil {
		b.Fatal(err)
	}
	b.Run("ingam", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			if _, err := crl.Parse(buf.Bytes()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("x509", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			if _, err := x509.ParseRevocationList(buf.Bytes()); err != nil {
				b.Fatal(err)
			}
		}
	})
}
