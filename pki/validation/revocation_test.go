package validation_test

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/pki/crl"
	"github.com/ingam-pki/ingam/pki/internal/pkitest"
	"github.com/ingam-pki/ingam/pki/ocsp"
	"github.com/ingam-pki/ingam/pki/validation"
)

// chain is one good chain that the tests below share.
var chain = sync.OnceValue(func() made { return newSpec().make(new(testing.T)) })

const leafSerial, subSerial = 3, 2

func day(n int) time.Time { return now.AddDate(0, 0, n) }

// list is a CRL of by's from a day, good for 7, that lists one serial.
func list(t testing.TB, by *pkitest.Authority, this int, e ...crl.Entry) []byte {
	t.Helper()
	der, err := crl.Create(crl.Header{RawIssuer: by.RawSubject, KeyID: by.SubjectKeyId, Number: big.NewInt(1),
		ThisUpdate: day(this), NextUpdate: day(this + 7)}, e, by.Key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func entry(serial byte, at int, reason crl.Reason) crl.Entry {
	return crl.Entry{Serial: []byte{serial}, RevokedAt: day(at), Reason: reason}
}

func response(t testing.TB, issuer, by *pkitest.Authority, this int, s ocsp.Single) []byte {
	t.Helper()
	if s.ID.Serial == nil {
		id, err := ocsp.NewCertID(crypto.SHA256, issuer.Certificate, big.NewInt(leafSerial))
		if err != nil {
			t.Fatal(err)
		}
		s.ID = id
	}
	s.ThisUpdate, s.NextUpdate = day(this), day(this+1)
	der, err := ocsp.CreateResponse(rand.Reader, ocsp.Response{Singles: []ocsp.Single{s}, ProducedAt: day(this), Responder: by.Certificate}, by.Key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestRevocation(t *testing.T) {
	m := chain()
	sub, root := m.sub, m.root
	delegate := pkitest.Template(9, "ocsp", false)
	delegate.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning}
	delegate.NotAfter = day(2)
	responder := pkitest.Issue(t, delegate, sub, pkitest.Key(2))
	imposter := pkitest.Issue(t, pkitest.Template(2, "sub", true), nil, pkitest.Key(2))
	revoked := func(at int, reason int) ocsp.Single {
		return ocsp.Single{Status: ocsp.Revoked, RevokedAt: day(at), Reason: reason}
	}
	good := ocsp.Single{Status: ocsp.Good}
	broken := list(t, sub, -1)
	broken[len(broken)-1] ^= 1
	gone := entry(leafSerial, -3, crl.KeyCompromise)
	later := entry(leafSerial, 3, crl.KeyCompromise)
	held := entry(leafSerial, -3, crl.CertificateHold)

	for _, tc := range []struct {
		name   string
		demand validation.Revocation
		crls   [][]byte
		ocsp   [][]byte
		want   validation.Reason
	}{
		{"nothing given, nothing demanded", validation.IfGiven, nil, nil, validation.OK},
		{"nothing given", validation.OfLeaf, nil, nil, validation.RevocationMissing},
		{"not listed", validation.OfLeaf, [][]byte{list(t, sub, -1)}, nil, validation.OK},
		{"another is listed", validation.OfLeaf, [][]byte{list(t, sub, -1, entry(77, -3, 1))}, nil, validation.OK},
		{"listed", validation.OfLeaf, [][]byte{list(t, sub, -1, gone)}, nil, validation.Revoked},
		{"listed, not demanded", validation.IfGiven, [][]byte{list(t, sub, -1, gone)}, nil, validation.Revoked},
		{"listed, revoked after signing", validation.OfLeaf, [][]byte{list(t, sub, 4, later)}, nil, validation.OK},
		{"listed, revoked in the same second", validation.OfLeaf, [][]byte{list(t, sub, 4, entry(leafSerial, 0, 1))}, nil, validation.Revoked},
		{"listed in an old list", validation.OfLeaf, [][]byte{list(t, sub, -30, entry(leafSerial, -40, 1))}, nil, validation.Revoked},
		{"not listed in an old list", validation.OfLeaf, [][]byte{list(t, sub, -30)}, nil, validation.RevocationStale},
		{"not listed in an old list, not demanded", validation.IfGiven, [][]byte{list(t, sub, -30)}, nil, validation.OK},
		{"not listed in a later list", validation.OfLeaf, [][]byte{list(t, sub, 10)}, nil, validation.OK},
		{"not listed after it expired", validation.OfLeaf, [][]byte{list(t, sub, 400)}, nil, validation.RevocationMissing},
		{"on hold", validation.OfLeaf, [][]byte{list(t, sub, -1, held)}, nil, validation.Suspended},
		{"on hold in an old list", validation.OfLeaf, [][]byte{list(t, sub, -30, entry(leafSerial, -31, 6))}, nil, validation.Suspended},
		{"hold lifted", validation.OfLeaf, [][]byte{list(t, sub, -2, held), list(t, sub, -1)}, nil, validation.OK},
		{"hold lifted, newest first", validation.OfLeaf, [][]byte{list(t, sub, -1), list(t, sub, -2, held)}, nil, validation.OK},
		{"held after signing", validation.OfLeaf, [][]byte{list(t, sub, 4, entry(leafSerial, 3, 6))}, nil, validation.OK},
		{"revoked, then a list that forgot it", validation.OfLeaf, [][]byte{list(t, sub, -2, gone), list(t, sub, -1)}, nil, validation.Revoked},
		{"list of another issuer", validation.OfLeaf, [][]byte{list(t, root, -1)}, nil, validation.RevocationMissing},
		{"list by an imposter", validation.OfLeaf, [][]byte{list(t, imposter, -1)}, nil, validation.RevocationMissing},
		{"an imposter revokes", validation.IfGiven, [][]byte{list(t, imposter, -1, gone)}, nil, validation.OK},
		{"list with a broken signature", validation.OfLeaf, [][]byte{broken}, nil, validation.RevocationMissing},
		{"no list at all", validation.OfLeaf, [][]byte{[]byte("hello")}, nil, validation.RevocationMissing},
		{"whole chain, leaf only given", validation.OfAll, [][]byte{list(t, sub, -1)}, nil, validation.RevocationMissing},
		{"whole chain", validation.OfAll, [][]byte{list(t, sub, -1), list(t, root, -1)}, nil, validation.OK},
		{"CA revoked", validation.OfLeaf, [][]byte{list(t, sub, -1), list(t, root, -1, entry(subSerial, -3, 2))}, nil, validation.Revoked},

		{"OCSP good", validation.OfLeaf, nil, [][]byte{response(t, sub, sub, 0, good)}, validation.OK},
		{"OCSP good by a delegate", validation.OfLeaf, nil, [][]byte{response(t, sub, responder, 0, good)}, validation.OK},
		{"OCSP revoked", validation.OfLeaf, nil, [][]byte{response(t, sub, responder, 0, revoked(-3, 1))}, validation.Revoked},
		{"OCSP revoked after signing", validation.OfLeaf, nil, [][]byte{response(t, sub, responder, 2, revoked(1, 1))}, validation.OK},
		{"OCSP on hold", validation.OfLeaf, nil, [][]byte{response(t, sub, responder, 0, revoked(-3, 6))}, validation.Suspended},
		{"OCSP unknown", validation.OfLeaf, nil, [][]byte{response(t, sub, responder, 0, ocsp.Single{Status: ocsp.Unknown})}, validation.RevocationMissing},
		{"OCSP old", validation.OfLeaf, nil, [][]byte{response(t, sub, responder, -9, good)}, validation.RevocationStale},
		{"OCSP later", validation.OfLeaf, nil, [][]byte{response(t, sub, responder, 2, good)}, validation.OK},
		{"OCSP by a delegate that had expired", validation.OfLeaf, nil, [][]byte{response(t, sub, responder, 9, good)}, validation.RevocationMissing},
		{"OCSP by a signer that is no responder", validation.OfLeaf, nil,
			[][]byte{response(t, sub, pkitest.Issue(t, pkitest.Template(8, "x", false), sub, pkitest.Key(2)), 0, good)}, validation.RevocationMissing},
		{"OCSP good, list says revoked", validation.OfLeaf, [][]byte{list(t, sub, -1, gone)}, [][]byte{response(t, sub, sub, 0, good)}, validation.Revoked},
		{"OCSP good, older list says hold", validation.OfLeaf, [][]byte{list(t, sub, -1, held)}, [][]byte{response(t, sub, sub, 0, good)}, validation.OK},
		{"OCSP that is none", validation.OfLeaf, nil, [][]byte{ocsp.ErrorResponse(ocsp.TryLater)}, validation.RevocationMissing},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in := m.in
			in.Revocation, in.CRLs, in.OCSP = tc.demand, tc.crls, tc.ocsp
			rep := validation.Validate(in)
			want := map[validation.Reason]validation.Verdict{validation.OK: validation.Valid, validation.Revoked: validation.Invalid,
				validation.Suspended: validation.Invalid}[tc.want]
			if want == "" {
				want = validation.Unknown
			}
			if rep.Reason != tc.want || rep.Verdict != want {
				t.Errorf("got %s %s (%s), want %s %s", rep.Verdict, rep.Reason, rep.Detail, want, tc.want)
			}
			used := 0
			for _, e := range rep.Evidence {
				if (e.Kind == "crl" || e.Kind == "ocsp") && e.Problem == "" {
					used++
				}
			}
			if tc.want == validation.OK && tc.demand != validation.IfGiven && used == 0 {
				t.Errorf("good on no evidence: %+v", rep.Evidence)
			}
		})
	}
}

// A list for one distribution point speaks only of certificates that name it.
func TestShardedList(t *testing.T) {
	const one, two = "http://crl.test/1.crl", "http://crl.test/2.crl"
	s := newSpec()
	s.leaf.CRLDistributionPoints = []string{one}
	m := s.make(t)
	for uri, want := range map[string]validation.Reason{one: validation.Revoked, two: validation.RevocationMissing} {
		der, err := crl.Create(crl.Header{RawIssuer: m.sub.RawSubject, KeyID: m.sub.SubjectKeyId, Number: big.NewInt(1),
			ThisUpdate: day(-1), NextUpdate: day(1), DistributionPoint: uri}, []crl.Entry{entry(leafSerial, -1, 1)}, m.sub.Key)
		if err != nil {
			t.Fatal(err)
		}
		in := m.in
		in.CRLs, in.Revocation = [][]byte{der}, validation.OfLeaf
		if rep := validation.Validate(in); rep.Reason != want {
			t.Errorf("%s: %s, want %s", uri, rep.Reason, want)
		}
	}
}

func TestRevocationIsReported(t *testing.T) {
	m := chain()
	in := m.in
	in.CRLs = [][]byte{list(t, m.sub, 5, entry(leafSerial, 3, crl.KeyCompromise))}
	rep := validation.Validate(in)
	if rep.Verdict != validation.Valid || rep.Revocation == nil || !rep.Revocation.At.Equal(day(3)) || rep.Revocation.Reason != crl.KeyCompromise {
		t.Errorf("%s, %+v", rep.Verdict, rep.Revocation)
	}
	if len(rep.Evidence) != 4 || rep.Evidence[3].SHA256 != fmt.Sprintf("%x", crypto256(in.CRLs[0])) {
		t.Errorf("evidence %+v", rep.Evidence)
	}
	if _, err := json.Marshal(rep); err != nil {
		t.Error(err)
	}
}

func crypto256(b []byte) []byte {
	h := crypto.SHA256.New()
	h.Write(b)
	return h.Sum(nil)
}

func TestPerson(t *testing.T) {
	r, err := hex.DecodeString("79EA7568A2D3776604E18BCD3A1B1B85B7DA0872")
	if err != nil {
		t.Fatal(err)
	}
	const idn = "1234561234567"
	s := newSpec()
	s.leaf.ExtraExtensions = ext(identity(t, idn, r))
	m := s.make(t)
	otherR := append([]byte{}, r...)
	otherR[0] ^= 1
	for name, tc := range map[string]struct {
		in   validation.Input
		who  *validation.Person
		want validation.Reason
	}{
		"the owner":        {m.in, &validation.Person{IDN: idn, R: r}, validation.OK},
		"nobody asked":     {m.in, nil, validation.OK},
		"another number":   {m.in, &validation.Person{IDN: "1234561234568", R: r}, validation.PersonDoesNotMatch},
		"another R":        {m.in, &validation.Person{IDN: idn, R: otherR}, validation.PersonDoesNotMatch},
		"no R":             {m.in, &validation.Person{IDN: idn}, validation.PersonDoesNotMatch},
		"no identity data": {chain().in, &validation.Person{IDN: idn, R: r}, validation.NoIdentityData},
	} {
		in := tc.in
		in.Person = tc.who
		rep := validation.Validate(in)
		if rep.Reason != tc.want || rep.PersonConfirmed != (tc.who != nil && tc.want == validation.OK) {
			t.Errorf("%s: %s, confirmed %v", name, rep.Reason, rep.PersonConfirmed)
		}
		printed := fmt.Sprintf("%v %+v %#v %s", rep, rep, tc.who, tc.who)
		if body, err := json.Marshal(map[string]any{"report": rep, "person": tc.who}); err != nil || strings.Contains(string(body), idn) {
			t.Errorf("%s: JSON %s, %v", name, body, err)
		}
		if strings.Contains(printed, idn) {
			t.Errorf("%s: the identity number is printed", name)
		}
	}
	// What is wrong for certain goes before what is unknown.
	in := m.in
	in.Person, in.Revocation = &validation.Person{IDN: idn, R: otherR}, validation.OfLeaf
	if rep := validation.Validate(in); rep.Verdict != validation.Invalid || rep.Reason != validation.PersonDoesNotMatch {
		t.Errorf("wrong person and no evidence: %s %s", rep.Verdict, rep.Reason)
	}
}
