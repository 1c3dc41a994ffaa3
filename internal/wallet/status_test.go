package wallet_test

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/wallet"
	"github.com/ingam-pki/ingam/internal/wallet/wallettest"
	"github.com/ingam-pki/ingam/pki/crl"
	"github.com/ingam-pki/ingam/pki/ocsp"
)

// authority is what answers at the addresses that certificates name.
type authority struct {
	ocsp http.Handler // nil: nobody there
	list []byte       // nil: nobody there
}

func (a authority) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	switch {
	case r.URL.Path == "/ocsp" && a.ocsp != nil:
		a.ocsp.ServeHTTP(w, r)
	case r.URL.Path == "/crl/issuing.crl" && a.list != nil:
		_, _ = io.Copy(w, bytes.NewReader(a.list))
	default:
		return nil, errors.New("nobody there")
	}
	return w.Result(), nil
}

// TestStand sees what becomes of what OCSP and list say: only what is signed by
// the authority, whole and current counts, and OCSP goes first.
func TestStand(t *testing.T) {
	t.Parallel()
	cert, err := world().Certify(wallettest.Customer{Name: "홍길동", NotBefore: now.Add(-24 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	says := func(at time.Time, s ocsp.Single) http.Handler {
		return world().Responder(at, func(*big.Int) ocsp.Single { return s })
	}
	revoked := ocsp.Single{Status: ocsp.Revoked, RevokedAt: now.Add(-time.Hour), Reason: int(crl.Superseded)}
	held := ocsp.Single{Status: ocsp.Revoked, RevokedAt: now.Add(-time.Hour), Reason: int(crl.CertificateHold)}
	list := func(at time.Time, reasons ...crl.Reason) []byte {
		var entries []crl.Entry
		for _, r := range reasons {
			entries = append(entries, crl.Entry{Serial: cert.SerialNumber.Bytes(), RevokedAt: now.Add(-2 * time.Hour), Reason: r})
		}
		der, err := world().CRL(at, entries...)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	foreign, err := crl.Create(crl.Header{RawIssuer: world().Issuing.RawSubject, KeyID: world().Issuing.SubjectKeyId, Number: big.NewInt(9),
		ThisUpdate: now.Add(-time.Hour), NextUpdate: now.Add(time.Hour)}, nil, world().Key.Signer)
	if err != nil {
		t.Fatal(err)
	}
	fresh := now.Add(-time.Minute)
	for name, c := range map[string]struct {
		at        authority
		ocsp, crl string
		want      wallet.Word
	}{
		"good":                       {authority{says(fresh, ocsp.Single{}), list(fresh)}, "good", "good", wallet.StandsValid},
		"revoked":                    {authority{says(fresh, revoked), list(fresh, crl.Superseded)}, "revoked", "revoked", wallet.StandsRevoked},
		"suspended":                  {authority{says(fresh, held), list(fresh, crl.CertificateHold)}, "suspended", "suspended", wallet.StandsSuspended},
		"revoked, not on a list yet": {authority{says(fresh, revoked), list(fresh)}, "revoked", "good", wallet.StandsRevoked},
		"resumed, still on a list":   {authority{says(fresh, ocsp.Single{}), list(fresh, crl.CertificateHold)}, "good", "suspended", wallet.StandsValid},
		"unknown, on no list":        {authority{says(fresh, ocsp.Single{Status: ocsp.Unknown}), list(fresh)}, "unknown", "good", wallet.StandsUnknown},
		"a list only":                {authority{nil, list(fresh)}, "", "good", wallet.StandsValid},
		"listed, and no OCSP":        {authority{nil, list(fresh, crl.KeyCompromise)}, "", "revoked", wallet.StandsRevoked},
		"nobody there":               {authority{}, "", "", wallet.StandsUnknown},
		"an old answer":              {authority{says(now.Add(-3*time.Hour), ocsp.Single{}), nil}, "", "", wallet.StandsUnknown},
		"an answer of tomorrow":      {authority{says(now.Add(24*time.Hour), ocsp.Single{}), nil}, "", "", wallet.StandsUnknown},
		"an old list":                {authority{nil, list(now.Add(-48 * time.Hour))}, "", "", wallet.StandsUnknown},
		"a list by another key":      {authority{nil, foreign}, "", "", wallet.StandsUnknown},
		"no list at all":             {authority{says(fresh, ocsp.Single{}), []byte("<html>")}, "good", "", wallet.StandsValid},
		"no answer at all": {authority{http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "hotel wifi")
		}), nil}, "", "", wallet.StandsUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			online := &wallet.Online{Random: rand.Reader, Transport: c.at}
			s := online.Stand(t.Context(), cert, []*x509.Certificate{world().Root, world().Issuing}, true, now)
			if s.Word != c.want || s.OCSP.Status != c.ocsp || s.CRL.Status != c.crl {
				t.Errorf("stands %s; OCSP %q (%v), list %q (%v)", s.Word, s.OCSP.Status, s.OCSP.Problem, s.CRL.Status, s.CRL.Problem)
			}
			if otherTime := strings.HasPrefix(name, "an old") || strings.HasPrefix(name, "an answer of tomorrow"); otherTime != (s.OCSP.OtherTime() || s.CRL.OtherTime()) {
				t.Errorf("from another time: OCSP %v, list %v", s.OCSP.Problem, s.CRL.Problem)
			}
			if (s.OCSP.Status == "") != (s.OCSP.Problem != nil) || (s.CRL.Status == "") != (s.CRL.Problem != nil) {
				t.Errorf("OCSP %q (%v), list %q (%v)", s.OCSP.Status, s.OCSP.Problem, s.CRL.Status, s.CRL.Problem)
			}
		})
	}
	// An issuer that did not sign it vouches for nothing.
	online := &wallet.Online{Random: rand.Reader, Transport: authority{says(fresh, ocsp.Single{}), list(fresh)}}
	if s := online.Stand(t.Context(), cert, []*x509.Certificate{world().Root}, false, now); s.Word != wallet.StandsUnknown || s.CRL != nil {
		t.Errorf("under an unknown issuer it stands %s", s.Word)
	}
	// Time goes before all.
	if s := online.Stand(t.Context(), cert, []*x509.Certificate{world().Issuing}, false, cert.NotAfter.Add(time.Second)); s.Word != wallet.StandsExpired {
		t.Errorf("after its end it stands %s", s.Word)
	}
	if s := online.Stand(t.Context(), cert, []*x509.Certificate{world().Issuing}, false, cert.NotBefore.Add(-time.Second)); s.Word != wallet.StandsEarly {
		t.Errorf("before its beginning it stands %s", s.Word)
	}
}

// TestChooseRenewable sees which certificate a renewal takes when none is
// named, and where it lies.
func TestChooseRenewable(t *testing.T) {
	t.Parallel()
	root := filepath.Join(t.TempDir(), "NPKI")
	hold := func(name string, until time.Time) *x509.Certificate {
		cert, err := world().Certify(wallettest.Customer{Name: name, NotBefore: until.AddDate(-1, 0, 0), NotAfter: until})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := world().Store(root, "ingam", cert); err != nil {
			t.Fatal(err)
		}
		return cert
	}
	// The last second of a day in Seoul, so many days from today.
	until := func(days int) time.Time { return time.Date(2026, 11, 20+days, 14, 59, 59, 0, time.UTC) }
	choose := func() (wallet.Certificate, error) {
		certs, _ := wallet.List(root)
		return wallet.ChooseRenewable("", certs, now)
	}
	hold("이른", until(31))
	hold("늦은", until(-1))
	if _, err := choose(); fault.Of(err).Name != "renewal-early-here" {
		t.Errorf("none is due: %v", err)
	}
	due := hold("맞은", until(30))
	got, err := choose()
	if err != nil || !got.Certificate.Equal(due) || got.Root() != root {
		t.Errorf("chose %v below %q, %v", got.Certificate, got.Root(), err)
	}
	hold("또", until(0))
	if _, err := choose(); !wallet.IsAmbiguous(err) {
		t.Errorf("two that are due: %v", err)
	}
	if elsewhere, err := wallet.Choose(filepath.Join(got.Dir, "signCert.der"), nil, now); err != nil || elsewhere.Root() != root {
		t.Errorf("%q, %v", elsewhere.Root(), err)
	}
}
