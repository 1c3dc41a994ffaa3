package ocsp_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"math/big"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/pki/internal/pkitest"
	"github.com/ingam-pki/ingam/pki/ocsp"
)

func TestVerifyRefuses(t *testing.T) {
	w := makeWorld()
	issue := func(change func(*x509.Certificate), by *pkitest.Authority) *pkitest.Authority {
		c := delegateTemplate()
		if change != nil {
			change(c)
		}
		return pkitest.Issue(t, c, by, pkitest.Key(3))
	}
	plain := func(by *pkitest.Authority) []byte {
		return respond(t, ocsp.Response{Singles: singles(t, crypto.SHA1)}, by)
	}
	signed := plain(w.delegate)
	flipped := bytes.Clone(signed)
	flipped[bytes.Index(flipped, w.delegate.Raw)-30] ^= 1
	for name, tc := range map[string]struct {
		der  []byte
		at   time.Time
		want error
	}{
		"good":                   {signed, now, nil},
		"at the end":             {signed, now.Add(time.Hour), nil},
		"skewed":                 {signed, now.Add(-ocsp.Skew), nil},
		"stale":                  {signed, now.Add(time.Hour + time.Second), ocsp.ErrStale},
		"from the future":        {signed, now.Add(-ocsp.Skew - time.Second), ocsp.ErrNotYetValid},
		"signature":              {flipped, now, ocsp.ErrSignature},
		"no EKU":                 {plain(issue(func(c *x509.Certificate) { c.ExtKeyUsage = nil }, w.ca)), now, ocsp.ErrResponder},
		"EKU of another purpose": {plain(issue(func(c *x509.Certificate) { c.ExtKeyUsage[0] = x509.ExtKeyUsageTimeStamping }, w.ca)), now, ocsp.ErrResponder},
		"delegate of another":    {plain(issue(nil, w.other)), now, ocsp.ErrResponder},
		"delegate in two steps":  {plain(issue(nil, issue(func(c *x509.Certificate) { *c = *pkitest.Template(9, "sub", true) }, w.ca))), now, ocsp.ErrResponder},
		"delegate expired":       {plain(issue(func(c *x509.Certificate) { c.NotAfter = now.Add(-time.Second) }, w.ca)), now, ocsp.ErrResponder},
		"delegate not yet":       {plain(issue(func(c *x509.Certificate) { c.NotBefore = now.Add(time.Second) }, w.ca)), now, ocsp.ErrResponder},
		"key may not sign":       {plain(issue(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment }, w.ca)), now, ocsp.ErrResponder},
		"delegate under SHA-1":   {plain(issue(func(c *x509.Certificate) { c.SignatureAlgorithm = x509.SHA1WithRSA }, w.ca)), now, ocsp.ErrResponder},
		"produced in the future": {respond(t, ocsp.Response{Singles: singles(t, crypto.SHA1), ProducedAt: now.Add(time.Hour)}, w.ca), now, ocsp.ErrNotYetValid},
		"no nextUpdate, fresh": {respond(t, ocsp.Response{Singles: []ocsp.Single{{ID: id(t, crypto.SHA1, 1), ThisUpdate: now}}}, w.ca),
			now.Add(ocsp.MaxAge), nil},
		"no nextUpdate, old": {respond(t, ocsp.Response{Singles: []ocsp.Single{{ID: id(t, crypto.SHA1, 1), ThisUpdate: now}}}, w.ca),
			now.Add(ocsp.MaxAge + time.Second), ocsp.ErrStale},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := ocsp.ParseResponse(tc.der)
			if err != nil {
				t.Fatal(err)
			}
			if err := r.Verify(w.ca.Certificate, tc.at); !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
	r, err := ocsp.ParseResponse(signed)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Verify(w.other.Certificate, now); !errors.Is(err, ocsp.ErrResponder) {
		t.Errorf("another issuer: %v", err)
	}
	about := ocsp.Response{Singles: []ocsp.Single{{ThisUpdate: now}}}
	about.Singles[0].ID, err = ocsp.NewCertID(crypto.SHA1, w.other.Certificate, big.NewInt(1))
	if err != nil {
		t.Fatal(err)
	}
	if r, err = ocsp.ParseResponse(respond(t, about, w.ca)); err != nil {
		t.Fatal(err)
	}
	if err := r.Verify(w.ca.Certificate, now); !errors.Is(err, ocsp.ErrNotIncluded) {
		t.Errorf("about another issuer's certificate: %v", err)
	}
}

func TestCreateResponseRefuses(t *testing.T) {
	w := makeWorld()
	good := ocsp.Response{Singles: singles(t, crypto.SHA1), ProducedAt: now, Responder: w.delegate.Certificate}
	for name, tc := range map[string]struct {
		change func(*ocsp.Response)
		key    crypto.Signer
		want   error
	}{
		"nothing asked": {func(r *ocsp.Response) { r.Singles = nil }, w.delegate.Key, ocsp.ErrTooMany},
		"no responder":  {func(r *ocsp.Response) { r.Responder = nil }, w.delegate.Key, ocsp.ErrResponder},
		"another's key": {func(*ocsp.Response) {}, w.ca.Key, ocsp.ErrResponder},
		"long nonce":    {func(r *ocsp.Response) { r.Nonce = make([]byte, 129) }, w.delegate.Key, ocsp.ErrNonceLength},
	} {
		r := good
		tc.change(&r)
		if _, err := ocsp.CreateResponse(rand.Reader, r, tc.key); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
}

func FuzzParseRequest(f *testing.F) {
	for _, nonce := range [][]byte{nil, []byte("nonce")} {
		der, err := ocsp.CreateRequest([]ocsp.CertID{id(f, crypto.SHA1, 1), id(f, crypto.SHA256, 0x80)}, nonce)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(der)
	}
	f.Add(request(f, 2))
	f.Fuzz(func(t *testing.T, der []byte) {
		req, err := ocsp.ParseRequest(der)
		if err != nil {
			return
		}
		if len(req.IDs) == 0 || len(req.IDs) > ocsp.MaxIDs || len(req.Nonce) > ocsp.MaxNonce {
			t.Fatalf("beyond the limits: %d ids", len(req.IDs))
		}
		out, err := ocsp.CreateRequest(req.IDs, req.Nonce)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ocsp.ParseRequest(out)
		if err != nil || len(again.IDs) != len(req.IDs) || !bytes.Equal(again.Nonce, req.Nonce) {
			t.Fatalf("written again: %v", err)
		}
	})
}

func FuzzParseResponse(f *testing.F) {
	w := makeWorld()
	f.Add(respond(f, ocsp.Response{Singles: singles(f, crypto.SHA1), Nonce: []byte("nonce")}, w.delegate))
	f.Add(respond(f, ocsp.Response{Singles: singles(f, crypto.SHA256)[:1]}, w.ca))
	f.Add(ocsp.ErrorResponse(ocsp.TryLater))
	f.Fuzz(func(t *testing.T, der []byte) {
		r, err := ocsp.ParseResponse(der)
		if err != nil {
			return
		}
		if len(r.Singles) == 0 {
			t.Fatal("no answer")
		}
		_, _ = r.Find(w.ca.Certificate, big.NewInt(1))
		if r.Verify(w.other.Certificate, now) == nil {
			t.Fatal("verified for an issuer that signed nothing")
		}
	})
}
