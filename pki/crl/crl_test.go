package crl_test

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/pki/crl"
	"github.com/ingam-pki/ingam/pki/internal/pkitest"
)

var now = pkitest.Now

var ca = sync.OnceValue(func() *pkitest.Authority {
	return pkitest.Issue(new(testing.T), pkitest.Template(1, "ca", true), nil, pkitest.Key(0))
})

var other = sync.OnceValue(func() *pkitest.Authority {
	return pkitest.Issue(new(testing.T), pkitest.Template(2, "other", true), nil, pkitest.Key(1))
})

func header() crl.Header {
	return crl.Header{RawIssuer: ca().RawSubject, KeyID: ca().SubjectKeyId, Number: big.NewInt(0x8000),
		ThisUpdate: now, NextUpdate: now.Add(24 * time.Hour)}
}

func entries() []crl.Entry {
	at := now.Add(-time.Hour)
	return []crl.Entry{
		{Serial: []byte{0x80, 1}, RevokedAt: at},
		{Serial: []byte{2}, RevokedAt: at, Reason: crl.CertificateHold},
		{Serial: bytes.Repeat([]byte{0xff}, 20), RevokedAt: at, Reason: crl.KeyCompromise, InvalidityDate: at.AddDate(0, -1, 0)},
		{Serial: []byte{4}, RevokedAt: at, InvalidityDate: at.AddDate(0, -2, 0)},
		{Serial: []byte{5}, RevokedAt: time.Date(2050, 1, 1, 0, 0, 0, 0, time.UTC), Reason: crl.AACompromise},
		{Serial: []byte{6}, RevokedAt: time.Date(1999, 12, 31, 23, 59, 59, 0, time.UTC), Reason: crl.Superseded},
	}
}

func create(t testing.TB, h crl.Header, list []crl.Entry) []byte {
	t.Helper()
	der, err := crl.Create(h, list, ca().Key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func parse(t testing.TB, der []byte) *crl.List {
	t.Helper()
	l, err := crl.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestRoundTrip(t *testing.T) {
	l := parse(t, create(t, header(), entries()))
	if err := l.CheckSignature(ca().Certificate); err != nil {
		t.Error(err)
	}
	var got []crl.Entry
	for e := range l.All() {
		got = append(got, e)
	}
	if diff := cmp.Diff(entries(), got); diff != "" {
		t.Error(diff)
	}
	if l.Len() != len(entries()) || l.Number.Cmp(header().Number) != 0 || !bytes.Equal(l.KeyID, ca().SubjectKeyId) ||
		!l.ThisUpdate.Equal(now) || !l.NextUpdate.Equal(header().NextUpdate) || l.Distribution != nil || len(l.Critical) != 0 {
		t.Errorf("%+v", l)
	}
	for _, want := range entries() {
		if got, ok := l.Find(want.SerialNumber()); !ok || cmp.Diff(want, got) != "" {
			t.Errorf("%x: %v %+v", want.Serial, ok, got)
		}
	}
	for _, serial := range []int64{0, 1, 3, 7, -2, 0x8002} {
		if e, ok := l.Find(big.NewInt(serial)); ok {
			t.Errorf("%d found: %+v", serial, e)
		}
	}
}

func TestAgainstX509(t *testing.T) {
	der := create(t, header(), entries())
	theirs, err := x509.ParseRevocationList(der)
	if err != nil {
		t.Fatal(err)
	}
	if err := theirs.CheckSignatureFrom(ca().Certificate); err != nil {
		t.Error(err)
	}
	if len(theirs.RevokedCertificateEntries) != len(entries()) || theirs.Number.Cmp(header().Number) != 0 {
		t.Fatalf("%d entries, number %v", len(theirs.RevokedCertificateEntries), theirs.Number)
	}
	for i, want := range entries() {
		got := theirs.RevokedCertificateEntries[i]
		if got.SerialNumber.Cmp(want.SerialNumber()) != 0 || !got.RevocationTime.Equal(want.RevokedAt) || got.ReasonCode != int(want.Reason) {
			t.Errorf("%d: %+v", i, got)
		}
	}

	// The same list by x509, without what it can't write, must be the same bytes.
	template := &x509.RevocationList{Number: header().Number, ThisUpdate: now, NextUpdate: header().NextUpdate}
	var plain []crl.Entry
	for _, e := range entries() {
		e.InvalidityDate = time.Time{}
		plain = append(plain, e)
		template.RevokedCertificateEntries = append(template.RevokedCertificateEntries,
			x509.RevocationListEntry{SerialNumber: e.SerialNumber(), RevocationTime: e.RevokedAt, ReasonCode: int(e.Reason)})
	}
	for _, n := range []int{len(plain), 0} {
		template.RevokedCertificateEntries = template.RevokedCertificateEntries[:n]
		want, err := x509.CreateRevocationList(rand.Reader, template, ca().Certificate, ca().Key)
		if err != nil {
			t.Fatal(err)
		}
		if got := create(t, header(), plain[:n]); !bytes.Equal(got, want) {
			t.Errorf("%d entries: ours %x\ntheirs %x", n, got, want)
		}
	}
}

// TestDates lets x509 write the same entries, of all days that a list can have:
// ours remembers how days read.
func TestDates(t *testing.T) {
	var dates []time.Time
	for day := int64(-7300); day < 33_000; day += 7 { // 1950 to 2060
		dates = append(dates, time.Unix(day*86400+(day*7919%86400+86400)%86400, 999_999_999))
	}
	for _, edge := range []int64{0, -1, 86399, 86400, 1024 * 86400, 2048*86400 - 1, 2524607999, 2524608000} { // days of one place, and the ends
		dates = append(dates, time.Unix(edge, 0), time.Unix(edge, 0).In(time.FixedZone("KST", 9*60*60)), time.Unix(edge, 0))
	}
	var plain []crl.Entry
	template := &x509.RevocationList{Number: header().Number, ThisUpdate: now, NextUpdate: header().NextUpdate}
	for i, at := range dates {
		e := crl.Entry{Serial: big.NewInt(int64(i) + 1).Bytes(), RevokedAt: at, Reason: crl.Superseded}
		plain = append(plain, e)
		template.RevokedCertificateEntries = append(template.RevokedCertificateEntries,
			x509.RevocationListEntry{SerialNumber: e.SerialNumber(), RevocationTime: at, ReasonCode: int(e.Reason)})
	}
	want, err := x509.CreateRevocationList(rand.Reader, template, ca().Certificate, ca().Key)
	if err != nil {
		t.Fatal(err)
	}
	if got := create(t, header(), plain); !bytes.Equal(got, want) {
		for i, e := range slices.Collect(parse(t, got).All()) {
			if !e.RevokedAt.Equal(dates[i].Truncate(time.Second)) {
				t.Errorf("%s reads %s", dates[i], e.RevokedAt)
			}
		}
		t.Error("x509 writes other bytes")
	}
}

func TestOpenSSL(t *testing.T) {
	cert := pkitest.PEM(t, "ca.pem", ca().Certificate)
	h := header()
	h.DistributionPoint = "http://crl.test/1.crl"
	for name, der := range map[string][]byte{"full": create(t, header(), entries()), "empty": create(t, header(), nil), "shard": create(t, h, entries())} {
		file := pkitest.File(t, "l.crl", der)
		msg, err := pkitest.OpenSSL(t, "crl", "-inform", "DER", "-in", file, "-CAfile", cert, "-verify", "-noout", "-text")
		if err != nil || !strings.Contains(string(msg), "verify OK") {
			t.Errorf("%s: %v\n%s", name, err, msg)
		}
		wants := []string{"X509v3 CRL Number", "X509v3 Authority Key Identifier"}
		switch name {
		case "empty":
			wants = append(wants, "No Revoked Certificates")
		case "shard":
			wants = append(wants, "Issuing Distribution Point: critical", "URI:http://crl.test/1.crl")
			fallthrough
		default:
			wants = append(wants, "Certificate Hold", "Key Compromise", "Invalidity Date", "Serial Number: 8001")
		}
		for _, want := range wants {
			if !strings.Contains(string(msg), want) {
				t.Errorf("%s: %q is missing in\n%s", name, want, msg)
			}
		}
		der[len(der)-1] ^= 1
		if msg, _ := pkitest.OpenSSL(t, "crl", "-inform", "DER", "-in", pkitest.File(t, "b.crl", der), "-CAfile", cert, "-verify", "-noout"); strings.Contains(string(msg), "verify OK") {
			t.Errorf("%s: OpenSSL takes a broken signature", name)
		}
	}
}

func TestDistributionPoint(t *testing.T) {
	h := header()
	h.DistributionPoint = "http://crl.test/1.crl"
	l := parse(t, create(t, h, nil))
	if l.Distribution == nil || len(l.Distribution.Names) != 1 || string(l.Distribution.Names[0][2:]) != h.DistributionPoint || len(l.Critical) != 0 {
		t.Errorf("%+v", l.Distribution)
	}
}

func TestManyEntries(t *testing.T) {
	const n = 100_000
	var buf bytes.Buffer
	if err := crl.Encode(&buf, header(), numbered(n), ca().Key); err != nil {
		t.Fatal(err)
	}
	l := parse(t, buf.Bytes())
	if err := l.CheckSignature(ca().Certificate); err != nil || l.Len() != n {
		t.Fatalf("%d entries, %v", l.Len(), err)
	}
	for i := range int64(n) {
		if e, ok := l.Find(big.NewInt(i*2 + 1)); !ok || e.SerialNumber().Int64() != i*2+1 {
			t.Fatalf("%d not found", i*2+1)
		}
		if _, ok := l.Find(big.NewInt(i * 2)); ok {
			t.Fatalf("%d found", i*2)
		}
	}
}

// numbered gives n entries with odd serials.
func numbered(n int) func(func(crl.Entry, error) bool) {
	return func(yield func(crl.Entry, error) bool) {
		e := crl.Entry{RevokedAt: now, Reason: crl.Superseded}
		for i := range n {
			e.Serial = big.NewInt(int64(i)*2 + 1).Bytes()
			if !yield(e, nil) {
				return
			}
		}
	}
}

func TestChecks(t *testing.T) {
	good := create(t, header(), entries())
	flipped := bytes.Clone(good)
	flipped[len(flipped)-1] ^= 1
	noSign := pkitest.Issue(t, func() *x509.Certificate {
		c := pkitest.Template(1, "ca", true)
		c.KeyUsage = x509.KeyUsageCertSign
		return c
	}(), nil, pkitest.Key(0))
	sameName := pkitest.Issue(t, pkitest.Template(1, "ca", true), nil, pkitest.Key(2))
	for name, tc := range map[string]struct {
		der    []byte
		issuer *x509.Certificate
		want   error
	}{
		"good":         {good, ca().Certificate, nil},
		"signature":    {flipped, ca().Certificate, crl.ErrSignature},
		"other issuer": {good, other().Certificate, crl.ErrIssuer},
		"other key":    {good, sameName.Certificate, crl.ErrIssuer},
		"no cRLSign":   {good, noSign.Certificate, crl.ErrIssuer},
		"delta list":   {withExtension(t, pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 27}, Critical: true, Value: []byte{2, 1, 1}}), ca().Certificate, crl.ErrCritical},
		"unknown":      {withExtension(t, pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3}, Value: []byte{2, 1, 1}}), ca().Certificate, nil},
	} {
		if err := parse(t, tc.der).CheckSignature(tc.issuer); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
	l := parse(t, good)
	for name, tc := range map[string]struct {
		at   time.Time
		want error
	}{
		"start": {now, nil}, "end": {now.Add(24 * time.Hour), nil},
		"before": {now.Add(-time.Second), crl.ErrNotYetValid}, "after": {now.Add(24*time.Hour + time.Second), crl.ErrStale},
	} {
		if err := l.CheckTime(tc.at); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
}

func withExtension(t *testing.T, ext pkix.Extension) []byte {
	t.Helper()
	der, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: now,
		NextUpdate: now.Add(time.Hour), ExtraExtensions: []pkix.Extension{ext}}, ca().Certificate, ca().Key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// An entry with a critical extension (certificateIssuer of an indirect list)
// spoils the list: it may speak of another issuer's certificate.
func TestCriticalEntryExtension(t *testing.T) {
	der, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: now, NextUpdate: now.Add(time.Hour),
		RevokedCertificateEntries: []x509.RevocationListEntry{{SerialNumber: big.NewInt(5), RevocationTime: now,
			ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 29}, Critical: true, Value: []byte{0x30, 0}}}}}}, ca().Certificate, ca().Key)
	if err != nil {
		t.Fatal(err)
	}
	if err := parse(t, der).CheckSignature(ca().Certificate); !errors.Is(err, crl.ErrCritical) {
		t.Errorf("got %v", err)
	}
}

func TestEncodeRefuses(t *testing.T) {
	broken := errors.New("the store went away")
	for name, tc := range map[string]struct {
		change func(*crl.Header)
		entry  crl.Entry
		err    error
		want   error
	}{
		"reason 7":       {entry: crl.Entry{Serial: []byte{1}, RevokedAt: now, Reason: 7}, want: crl.ErrEntry},
		"removeFromCRL":  {entry: crl.Entry{Serial: []byte{1}, RevokedAt: now, Reason: crl.RemoveFromCRL}, want: crl.ErrEntry},
		"no serial":      {entry: crl.Entry{RevokedAt: now}, want: crl.ErrEntry},
		"zero serial":    {entry: crl.Entry{Serial: []byte{0, 0}, RevokedAt: now}, want: crl.ErrEntry},
		"long serial":    {entry: crl.Entry{Serial: bytes.Repeat([]byte{1}, 33), RevokedAt: now}, want: crl.ErrEntry},
		"no date":        {entry: crl.Entry{Serial: []byte{1}}, want: crl.ErrEntry},
		"iterator":       {err: broken, want: broken},
		"issuer":         {change: func(h *crl.Header) { h.RawIssuer = []byte("x") }, want: crl.ErrHeader},
		"number":         {change: func(h *crl.Header) { h.Number = big.NewInt(-1) }, want: crl.ErrHeader},
		"key identifier": {change: func(h *crl.Header) { h.KeyID = nil }, want: crl.ErrHeader},
		"times":          {change: func(h *crl.Header) { h.NextUpdate = h.ThisUpdate }, want: crl.ErrHeader},
		"URI":            {change: func(h *crl.Header) { h.DistributionPoint = "http://목록" }, want: crl.ErrHeader},
	} {
		h, e := header(), entries()[0]
		if tc.change != nil {
			tc.change(&h)
		} else {
			e = tc.entry
		}
		var buf bytes.Buffer
		err := crl.Encode(&buf, h, func(yield func(crl.Entry, error) bool) { yield(e, tc.err) }, ca().Key)
		if !errors.Is(err, tc.want) || buf.Len() > 0 {
			t.Errorf("%s: %v, %d bytes written", name, err, buf.Len())
		}
	}
	if err := crl.Encode(brokenWriter{}, header(), nil, ca().Key); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("writer: %v", err)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestParseRefuses(t *testing.T) {
	good := create(t, header(), entries())
	swap := func(old, new string) []byte {
		if !bytes.Contains(good, []byte(old)) {
			panic(fmt.Sprintf("%x is not there", old))
		}
		return bytes.Replace(good, []byte(old), []byte(new), 1)
	}
	for name, der := range map[string][]byte{
		"empty":           {},
		"cut":             good[:len(good)-1],
		"more":            append(bytes.Clone(good), 0),
		"version 1 as v3": swap("\x02\x01\x01\x30", "\x02\x01\x02\x30"),
		"month 13":        swap("260302010000Z", "261302010000Z"),
		"30 February":     swap("260302010000Z", "260230010000Z"),
		"hour 24":         swap("260302010000Z", "260302240000Z"),
		"not a digit":     swap("260302010000Z", "2603020100:0Z"),
		"local time":      swap("260302010000Z", "260302010000+"),
		"negative serial": swap("\x02\x01\x02\x17", "\x02\x01\x82\x17"),
		"reason 11":       swap("\x0a\x01\x06", "\x0a\x01\x0b"),
	} {
		if _, err := crl.Parse(der); !errors.Is(err, crl.ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	h := header()
	f.Add(create(f, h, nil))
	f.Add(create(f, h, entries()))
	h.DistributionPoint = "http://crl.test/1.crl"
	f.Add(create(f, h, entries()[:2]))
	f.Fuzz(func(t *testing.T, der []byte) {
		l, err := crl.Parse(der)
		if err != nil {
			return
		}
		n := 0
		for e := range l.All() {
			n++
			if _, ok := l.Find(e.SerialNumber()); !ok && len(e.Serial) > 0 {
				t.Fatalf("entry %x is not found", e.Serial)
			}
		}
		if n != l.Len() {
			t.Fatalf("%d entries of %d", n, l.Len())
		}
		if l.CheckSignature(other().Certificate) == nil {
			t.Fatal("verified for an issuer that signed nothing")
		}
		// Our reader is no laxer about entries than x509's, but for what it does
		// not look at: where both read, both say the same.
		theirs, err := x509.ParseRevocationList(der)
		if err == nil && len(theirs.RevokedCertificateEntries) != n {
			t.Fatalf("x509 reads %d entries, we %d", len(theirs.RevokedCertificateEntries), n)
		}
	})
}
