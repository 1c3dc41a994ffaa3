package crl

import (
	"bytes"
	"encoding/asn1"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

func addExtension(b *cryptobyte.Builder, oid asn1.ObjectIdentifier, critical bool, value cryptobyte.BuilderContinuation) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		if critical {
			b.AddASN1Boolean(true)
		}
		b.AddASN1(cbasn1.OCTET_STRING, value)
	})
}

// readExtension takes one Extension SEQUENCE off a list.
func readExtension(list *cryptobyte.String) (oid asn1.ObjectIdentifier, critical bool, value cryptobyte.String, ok bool) {
	id, critical, value, ok := readRawExtension(list)
	if !ok || !id.ReadASN1ObjectIdentifier(&oid) {
		return nil, false, nil, false
	}
	return oid, critical, value, true
}

// readRawExtension leaves the identifier encoded: decoding allocates, and a
// long list has millions of the same two.
func readRawExtension(list *cryptobyte.String) (id cryptobyte.String, critical bool, value cryptobyte.String, ok bool) {
	var seq cryptobyte.String
	if !list.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.ReadASN1Element(&id, cbasn1.OBJECT_IDENTIFIER) ||
		(seq.PeekASN1Tag(cbasn1.BOOLEAN) && !seq.ReadASN1Boolean(&critical)) ||
		!seq.ReadASN1(&value, cbasn1.OCTET_STRING) || !seq.Empty() {
		return nil, false, nil, false
	}
	return id, critical, value, true
}

// readSerial takes an INTEGER that is not negative, without its sign byte. A
// serial of zero gives no bytes.
func readSerial(s *cryptobyte.String) ([]byte, bool) {
	var v cryptobyte.String
	if !s.ReadASN1(&v, cbasn1.INTEGER) || len(v) == 0 || len(v) > MaxSerial+1 || v[0] >= 0x80 {
		return nil, false
	}
	if v[0] == 0 {
		if len(v) > 1 && v[1] < 0x80 {
			return nil, false // not minimal
		}
		v = v[1:]
	}
	return v, len(v) <= MaxSerial
}

// readEntry takes one entry off the list. unknown is a critical extension of
// the entry that this package does not know.
func readEntry(s *cryptobyte.String) (e Entry, unknown asn1.ObjectIdentifier, ok bool) {
	var seq cryptobyte.String
	if !s.ReadASN1(&seq, cbasn1.SEQUENCE) {
		return e, nil, false
	}
	if e.Serial, ok = readSerial(&seq); !ok {
		return e, nil, false
	}
	if e.RevokedAt, ok = readTime(&seq); !ok {
		return e, nil, false
	}
	if seq.Empty() {
		return e, nil, true
	}
	unknown, ok = e.readExtensions(&seq)
	return e, unknown, ok
}

func (e *Entry) readExtensions(seq *cryptobyte.String) (unknown asn1.ObjectIdentifier, ok bool) {
	var list cryptobyte.String
	if !seq.ReadASN1(&list, cbasn1.SEQUENCE) || !seq.Empty() {
		return nil, false
	}
	for n := 0; !list.Empty(); n++ {
		id, critical, value, ok := readRawExtension(&list)
		if !ok || n == maxExtensions {
			return nil, false
		}
		switch {
		case bytes.Equal(id, derReason[2:7]):
			var reason int
			if !value.ReadASN1Enum(&reason) || !value.Empty() || reason < 0 || reason > 10 {
				return nil, false
			}
			e.Reason = Reason(reason)
		case bytes.Equal(id, derInvalidity[2:7]):
			if !value.ReadASN1GeneralizedTime(&e.InvalidityDate) || !value.Empty() {
				return nil, false
			}
		default:
			var oid asn1.ObjectIdentifier
			if !id.ReadASN1ObjectIdentifier(&oid) {
				return nil, false
			}
			if critical {
				unknown = oid
			}
		}
	}
	return unknown, true
}

// readTime takes a UTCTime or GeneralizedTime in the one form that RFC 5280
// allows: to the second, in Z. It reads digits by hand because a long list has
// millions of them.
func readTime(s *cryptobyte.String) (time.Time, bool) {
	var v cryptobyte.String
	var tag cbasn1.Tag
	if !s.ReadAnyASN1(&v, &tag) {
		return time.Time{}, false
	}
	var f [7]int
	want := 6
	switch tag {
	case cbasn1.UTCTime:
	case cbasn1.GeneralizedTime:
		want = 7
	default:
		return time.Time{}, false
	}
	if len(v) != 2*want+1 || v[2*want] != 'Z' {
		return time.Time{}, false
	}
	for i := range want {
		hi, lo := v[2*i]-'0', v[2*i+1]-'0'
		if hi > 9 || lo > 9 {
			return time.Time{}, false
		}
		f[i] = int(hi)*10 + int(lo)
	}
	d, century := f[:want], 2000
	if tag == cbasn1.GeneralizedTime {
		century, d = f[0]*100, f[1:]
	} else if f[0] >= 50 {
		century = 1900
	}
	if d[1] < 1 || d[1] > 12 || d[2] < 1 || d[3] > 23 || d[4] > 59 || d[5] > 59 {
		return time.Time{}, false
	}
	t := time.Date(century+d[0], time.Month(d[1]), d[2], d[3], d[4], d[5], 0, time.UTC)
	return t, t.Day() == d[2]
}
