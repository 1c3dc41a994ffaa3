package validation_test

import (
	"crypto"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/pki/internal/pkitest"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/ocsp"
	"github.com/ingam-pki/ingam/pki/validation"
)

// identity is a subjectAltName with IdentifyData.
func identity(t testing.TB, idn string, r npki.R) pkix.Extension {
	t.Helper()
	vid, err := npki.NewVID(crypto.SHA256, idn, r)
	if err != nil {
		t.Fatal(err)
	}
	der, err := npki.IdentifyData{RealName: "홍길동", VIDs: []npki.VID{vid}}.SubjectAltName()
	if err != nil {
		t.Fatal(err)
	}
	return pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 17}, Value: der}
}

func fixture(t testing.TB, name string) *x509.Certificate {
	t.Helper()
	cert, err := x509.ParseCertificate(pkitest.Fixture(t, "npki/"+name))
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// The field's issuing CAs stand under KISA's root, with a policy.
func TestFieldChains(t *testing.T) {
	root := fixture(t, "ca/KISA-RootCA-4.der")
	for _, name := range []string{"yessignCA-Class3", "SignKorea-CA4", "signGATE-CA6", "CrossCertCA4", "TradeSignCA4"} {
		ca := fixture(t, "ca/"+name+".der")
		in := validation.Input{Leaf: ca.Raw, Roots: []*x509.Certificate{root}, Usage: validation.AnyUsage, RequirePolicy: true,
			At: ca.NotBefore.Add(ca.NotAfter.Sub(ca.NotBefore) / 2)}
		if rep := validation.Validate(in); rep.Verdict != validation.Valid || len(rep.Policies) == 0 {
			t.Errorf("%s: %s %s (%s), policies %v", name, rep.Verdict, rep.Reason, rep.Detail, rep.Policies)
		}
		in.Usage = validation.Signing
		if rep := validation.Validate(in); rep.Reason != validation.KeyUsage {
			t.Errorf("%s signs documents: %s", name, rep.Reason)
		}
	}
	leaf := fixture(t, "yessign-test/signCert.der")
	in := validation.Input{Leaf: leaf.Raw, Roots: []*x509.Certificate{root}, At: leaf.NotBefore.Add(time.Hour),
		Intermediates: []*x509.Certificate{fixture(t, "ca/yessignCA-Class3.der")}}
	if rep := validation.Validate(in); rep.Reason != validation.NoIssuer || rep.Verdict != validation.Invalid {
		t.Errorf("test CA's certificate under the real ones: %s", rep.Reason)
	}
}

// Two CAs certify each other, and both are under the root too: a way is found
// and the loop ends, with and without the way out.
func TestCrossSignedLoop(t *testing.T) {
	root := pkitest.Issue(t, pkitest.Template(1, "root", true), nil, pkitest.Key(0))
	self := func(name string, key int) *pkitest.Authority {
		return pkitest.Issue(t, pkitest.Template(9, name, true), nil, pkitest.Key(key))
	}
	a, b := self("A", 1), self("B", 2)
	aByB, bByA := pkitest.Issue(t, pkitest.Template(2, "A", true), b, a.Key), pkitest.Issue(t, pkitest.Template(3, "B", true), a, b.Key)
	bByRoot := pkitest.Issue(t, pkitest.Template(4, "B", true), root, b.Key)
	leaf := pkitest.Issue(t, pkitest.Template(5, "leaf", false), a, pkitest.Key(3))
	loop := []*x509.Certificate{a.Certificate, b.Certificate, aByB.Certificate, bByA.Certificate}
	in := validation.Input{Leaf: leaf.Raw, Roots: []*x509.Certificate{root.Certificate}, Intermediates: loop, At: now}
	if rep := validation.Validate(in); rep.Reason != validation.NoIssuer {
		t.Errorf("loop without a way out: %s", rep.Reason)
	}
	in.Intermediates = append(loop, bByRoot.Certificate)
	rep := validation.Validate(in)
	if rep.Verdict != validation.Valid || len(rep.Chain) != 4 {
		t.Errorf("loop with a way out: %s, %d certificates", rep.Reason, len(rep.Chain))
	}
}

// Hundreds of CAs with the same name and key can't make the work explode.
func TestManyWays(t *testing.T) {
	in := chain().in
	flood := func(n int, key int) (out []*x509.Certificate) {
		for i := range n {
			out = append(out, pkitest.Issue(t, pkitest.Template(int64(100+i), "sub", true), nil, pkitest.Key(key)).Certificate)
		}
		return out
	}
	start := flood(80, 2) // same name, another key: each costs a signature check
	in.Intermediates = append(start, in.Intermediates...)
	for i := range start {
		start[i].SubjectKeyId = chain().sub.SubjectKeyId
	}
	rep := validation.Validate(in)
	if rep.Reason != validation.TooComplex && rep.Reason != validation.BadSignature {
		t.Errorf("got %s", rep.Reason)
	}
	if rep.Verdict == validation.Valid {
		t.Error("valid beyond the bound: is there one?")
	}
}

func TestLongPath(t *testing.T) {
	for n, want := range map[int]validation.Reason{validation.MaxPath: validation.OK, validation.MaxPath + 1: validation.PathTooLong} {
		up := pkitest.Issue(t, pkitest.Template(1, "0", true), nil, pkitest.Key(0))
		in := validation.Input{Roots: []*x509.Certificate{up.Certificate}, At: now}
		for i := 1; i < n-1; i++ {
			up = pkitest.Issue(t, pkitest.Template(int64(i+1), strings.Repeat("x", i), true), up, pkitest.Key(i%3))
			in.Intermediates = append(in.Intermediates, up.Certificate)
		}
		in.Leaf = pkitest.Issue(t, pkitest.Template(99, "leaf", false), up, pkitest.Key(3)).Raw
		if rep := validation.Validate(in); rep.Reason != want {
			t.Errorf("%d certificates: %s (%s)", n, rep.Reason, rep.Detail)
		}
	}
}

// A way that fails is no reason to stop when there is another.
func TestSecondWay(t *testing.T) {
	m := chain()
	old := pkitest.Template(22, "sub", true)
	old.NotAfter = now.Add(-time.Hour)
	expired := pkitest.Issue(t, old, m.root, m.sub.Key)
	for _, subs := range [][]*x509.Certificate{{expired.Certificate, m.sub.Certificate}, {m.sub.Certificate, expired.Certificate}} {
		in := m.in
		in.Intermediates = subs
		if rep := validation.Validate(in); rep.Verdict != validation.Valid || rep.Chain[1] != m.sub.Certificate {
			t.Errorf("%s (%s)", rep.Reason, rep.Detail)
		}
	}
}

func TestInput(t *testing.T) {
	for name, change := range map[string]func(*validation.Input){
		"no time":      func(in *validation.Input) { in.At = time.Time{} },
		"no root":      func(in *validation.Input) { in.Roots = nil },
		"nil root":     func(in *validation.Input) { in.Roots = []*x509.Certificate{nil} },
		"usage":        func(in *validation.Input) { in.Usage = 9 },
		"demand":       func(in *validation.Input) { in.Revocation = 9 },
		"many lists":   func(in *validation.Input) { in.CRLs = make([][]byte, validation.MaxGiven+1) },
		"many between": func(in *validation.Input) { in.Intermediates = make([]*x509.Certificate, validation.MaxGiven+1) },
	} {
		in := chain().in
		change(&in)
		if rep := validation.Validate(in); rep.Reason != validation.BadInput || rep.Verdict != validation.Invalid {
			t.Errorf("%s: %s", name, rep.Reason)
		}
	}
	for name, leaf := range map[string][]byte{"empty": nil, "text": []byte("certificate"), "large": make([]byte, validation.MaxCertificate+1)} {
		in := chain().in
		in.Leaf = leaf
		if rep := validation.Validate(in); rep.Reason != validation.MalformedCertificate {
			t.Errorf("%s: %s", name, rep.Reason)
		}
	}
}

// A trusted root may itself be asked about.
func TestLeafIsRoot(t *testing.T) {
	m := chain()
	in := m.in
	in.Leaf, in.Usage = m.root.Raw, validation.AnyUsage
	if rep := validation.Validate(in); rep.Verdict != validation.Valid || len(rep.Chain) != 1 {
		t.Errorf("%s", rep.Reason)
	}
	in.At = now.AddDate(5, 0, 0)
	if rep := validation.Validate(in); rep.Reason != validation.Expired {
		t.Errorf("expired: %s", rep.Reason)
	}
}

func FuzzValidate(f *testing.F) {
	m := chain()
	s := newSpec()
	demand(nil, pols(policy1), pols(policy1))(s)
	s.leaf.ExtraExtensions = append(s.leaf.ExtraExtensions, identity(f, "1234561234567", make(npki.R, npki.RSize)))
	s.leaf.CRLDistributionPoints = []string{"http://crl.test/1.crl"}
	with := s.make(f)
	f.Add(m.leaf, list(f, m.sub, -1, entry(leafSerial, -3, 1)), []byte{})
	f.Add(with.leaf, list(f, m.sub, -1), []byte{})
	f.Add(m.leaf, []byte{}, response(f, m.sub, m.sub, 0, ocsp.Single{Status: ocsp.Good}))
	f.Add(m.sub.Raw, []byte{}, []byte{})
	f.Fuzz(func(t *testing.T, leaf, list, resp []byte) {
		in := m.in
		in.Leaf, in.CRLs, in.OCSP, in.Revocation = leaf, [][]byte{list}, [][]byte{resp}, validation.OfLeaf
		in.Person = &validation.Person{IDN: "1234561234567", R: make(npki.R, npki.RSize)}
		rep := validation.Validate(in)
		if rep.Reason == "" || (rep.Verdict == validation.Valid) != (rep.Reason == validation.OK) {
			t.Fatalf("verdict %q, reason %q", rep.Verdict, rep.Reason)
		}
		if rep.Verdict == validation.Valid && len(rep.Chain) < 2 {
			t.Fatal("valid without a chain")
		}
	})
}
