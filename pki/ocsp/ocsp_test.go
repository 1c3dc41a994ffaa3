package ocsp_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	xocsp "golang.org/x/crypto/ocsp"

	"github.com/ingam-pki/ingam/pki/internal/pkitest"
	"github.com/ingam-pki/ingam/pki/ocsp"
)

type world struct{ ca, delegate, other *pkitest.Authority }

func delegateTemplate() *x509.Certificate {
	c := pkitest.Template(7, "ocsp", false)
	c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning}
	c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 5}, Value: []byte{5, 0}}}
	return c
}

var makeWorld = sync.OnceValue(func() world {
	t := new(testing.T)
	ca := pkitest.Issue(t, pkitest.Template(1, "ca", true), nil, pkitest.Key(0))
	return world{
		ca:       ca,
		delegate: pkitest.Issue(t, delegateTemplate(), ca, pkitest.Key(1)),
		other:    pkitest.Issue(t, pkitest.Template(1, "other", true), nil, pkitest.Key(2)),
	}
})

var now = pkitest.Now

func id(t testing.TB, hash crypto.Hash, serial int64) ocsp.CertID {
	t.Helper()
	c, err := ocsp.NewCertID(hash, makeWorld().ca.Certificate, big.NewInt(serial))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func singles(t testing.TB, hash crypto.Hash) []ocsp.Single {
	next := now.Add(time.Hour)
	return []ocsp.Single{
		{ID: id(t, hash, 0x8001), Status: ocsp.Good, ThisUpdate: now, NextUpdate: next},
		{ID: id(t, hash, 2), Status: ocsp.Revoked, RevokedAt: now.Add(-time.Hour), Reason: 6, ThisUpdate: now, NextUpdate: next},
		{ID: id(t, hash, 3), Status: ocsp.Revoked, RevokedAt: now.Add(-time.Hour), ThisUpdate: now, NextUpdate: next},
		{ID: id(t, hash, 4), Status: ocsp.Unknown, ThisUpdate: now},
	}
}

func respond(t testing.TB, r ocsp.Response, by *pkitest.Authority) []byte {
	t.Helper()
	r.Responder = by.Certificate
	if r.ProducedAt.IsZero() {
		r.ProducedAt = now
	}
	der, err := ocsp.CreateResponse(rand.Reader, r, by.Key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestRequestRoundTrip(t *testing.T) {
	for name, nonce := range map[string][]byte{"none": nil, "1": {9}, "32": make([]byte, 32), "128": make([]byte, 128)} {
		ids := []ocsp.CertID{id(t, crypto.SHA1, 5), id(t, crypto.SHA256, 0x80), id(t, crypto.SHA512, 1<<40)}
		der, err := ocsp.CreateRequest(ids, nonce)
		if err != nil {
			t.Fatal(err)
		}
		req, err := ocsp.ParseRequest(der)
		if err != nil {
			t.Fatalf("nonce %s: %v", name, err)
		}
		if !bytes.Equal(req.Nonce, nonce) || (nonce == nil) != (req.Nonce == nil) || len(req.IDs) != len(ids) {
			t.Errorf("nonce %s: %x, %d ids", name, req.Nonce, len(req.IDs))
		}
		for i := range ids {
			if !req.IDs[i].Equal(ids[i]) || !req.IDs[i].IssuedBy(makeWorld().ca.Certificate) || req.IDs[i].IssuedBy(makeWorld().other.Certificate) {
				t.Errorf("nonce %s: id %d", name, i)
			}
		}
	}
}

func TestRequestLimits(t *testing.T) {
	one := id(t, crypto.SHA1, 1)
	many := make([]ocsp.CertID, ocsp.MaxIDs+1)
	for i := range many {
		many[i] = one
	}
	if _, err := ocsp.CreateRequest(many, nil); !errors.Is(err, ocsp.ErrTooMany) {
		t.Errorf("writing 33: %v", err)
	}
	for _, n := range []int{0, 129} {
		if _, err := ocsp.CreateRequest(many[:1], make([]byte, n)); !errors.Is(err, ocsp.ErrNonceLength) {
			t.Errorf("writing nonce of %d: %v", n, err)
		}
	}
	full, err := ocsp.CreateRequest(many[:ocsp.MaxIDs], bytes.Repeat([]byte{0x5a}, 100))
	if err != nil {
		t.Fatal(err)
	}
	if req, err := ocsp.ParseRequest(full); err != nil || len(req.IDs) != ocsp.MaxIDs {
		t.Errorf("reading 32: %v", err)
	}
	if _, err := ocsp.ParseRequest(make([]byte, ocsp.MaxRequestSize+1)); !errors.Is(err, ocsp.ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
	for name, der := range map[string][]byte{"empty": {}, "null": {5, 0}, "cut": full[:len(full)-1], "more": append(bytes.Clone(full), 0)} {
		if _, err := ocsp.ParseRequest(der); !errors.Is(err, ocsp.ErrFormat) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// request builds one with freely chosen extensions and count, by
// encoding/asn1, independent of our encoder.
func request(t testing.TB, ids int, exts ...pkix.Extension) []byte {
	t.Helper()
	type certID struct {
		Hash   pkix.AlgorithmIdentifier
		Name   []byte
		Key    []byte
		Serial *big.Int
	}
	type single struct{ ID certID }
	type tbs struct {
		List       []single
		Extensions []pkix.Extension `asn1:"explicit,tag:2,optional"`
	}
	body := tbs{Extensions: exts}
	for range ids {
		body.List = append(body.List, single{certID{
			pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}, Parameters: asn1.NullRawValue},
			make([]byte, 20), make([]byte, 20), big.NewInt(1)}})
	}
	der, err := asn1.Marshal(struct{ TBS tbs }{body})
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestRequestsOfOthers(t *testing.T) {
	nonceOID := asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 48, 1, 2}
	nonce := func(n int) pkix.Extension {
		v, err := asn1.Marshal(make([]byte, n))
		if err != nil {
			t.Fatal(err)
		}
		return pkix.Extension{Id: nonceOID, Value: v}
	}
	odd := pkix.Extension{Id: asn1.ObjectIdentifier{1, 2, 3}, Value: []byte{5, 0}}
	critical := odd
	critical.Critical = true
	for name, tc := range map[string]struct {
		der  []byte
		want error
	}{
		"plain":            {request(t, 1), nil},
		"33 certificates":  {request(t, 33), ocsp.ErrTooMany},
		"none":             {request(t, 0), ocsp.ErrFormat},
		"nonce of 128":     {request(t, 1, nonce(128)), nil},
		"nonce of 129":     {request(t, 1, nonce(129)), ocsp.ErrNonceLength},
		"nonce of 0":       {request(t, 1, nonce(0)), ocsp.ErrNonceLength},
		"two nonces":       {request(t, 1, nonce(8), nonce(8)), ocsp.ErrFormat},
		"nonce not DER":    {request(t, 1, pkix.Extension{Id: nonceOID, Value: []byte("xxxx")}), ocsp.ErrFormat},
		"unknown":          {request(t, 1, odd), nil},
		"unknown critical": {request(t, 1, critical), ocsp.ErrCritical},
	} {
		if _, err := ocsp.ParseRequest(tc.der); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, want %v", name, err, tc.want)
		}
	}
}

func TestRequestAgainstXCrypto(t *testing.T) {
	w := makeWorld()
	theirs, err := xocsp.CreateRequest(w.delegate.Certificate, w.ca.Certificate, &xocsp.RequestOptions{Hash: crypto.SHA256})
	if err != nil {
		t.Fatal(err)
	}
	ours, err := ocsp.CreateRequest([]ocsp.CertID{id(t, crypto.SHA256, 7)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(ours, theirs) {
		t.Errorf("ours %x\ntheirs %x", ours, theirs)
	}
}

func TestResponseRoundTrip(t *testing.T) {
	w := makeWorld()
	for _, by := range []*pkitest.Authority{w.delegate, w.ca} {
		for _, hash := range []crypto.Hash{crypto.SHA1, crypto.SHA256} {
			nonce := []byte("0123456789abcdef0123456789abcdef")
			der := respond(t, ocsp.Response{Singles: singles(t, hash), Nonce: nonce}, by)
			r, err := ocsp.ParseResponse(der)
			if err != nil {
				t.Fatal(err)
			}
			if err := r.Verify(w.ca.Certificate, now.Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
			if err := r.CheckNonce(nonce); err != nil {
				t.Error(err)
			}
			if err := r.CheckNonce(nonce[1:]); !errors.Is(err, ocsp.ErrNonce) {
				t.Errorf("another nonce: %v", err)
			}
			if err := r.CheckNonce(nil); !errors.Is(err, ocsp.ErrNonce) {
				t.Errorf("no nonce: %v", err)
			}
			for i, want := range singles(t, hash) {
				got, err := r.Find(w.ca.Certificate, want.ID.Serial)
				if err != nil {
					t.Fatal(err)
				}
				if got.Status != want.Status || got.Reason != want.Reason || !got.RevokedAt.Equal(want.RevokedAt) ||
					!got.ThisUpdate.Equal(want.ThisUpdate) || !got.NextUpdate.Equal(want.NextUpdate) {
					t.Errorf("single %d: %+v, want %+v", i, got, want)
				}
			}
			if _, err := r.Find(w.other.Certificate, big.NewInt(2)); !errors.Is(err, ocsp.ErrNotIncluded) {
				t.Errorf("another issuer: %v", err)
			}
		}
	}
}

func TestXCryptoReadsResponse(t *testing.T) {
	w := makeWorld()
	for _, s := range singles(t, crypto.SHA256) {
		der := respond(t, ocsp.Response{Singles: []ocsp.Single{s}, Nonce: []byte("nonce")}, w.delegate)
		got, err := xocsp.ParseResponse(der, w.ca.Certificate)
		if err != nil {
			t.Fatal(err)
		}
		status := map[ocsp.CertStatus]int{ocsp.Good: xocsp.Good, ocsp.Revoked: xocsp.Revoked, ocsp.Unknown: xocsp.Unknown}[s.Status]
		if got.Status != status || got.SerialNumber.Cmp(s.ID.Serial) != 0 || got.RevocationReason != s.Reason || !got.ProducedAt.Equal(now) {
			t.Errorf("%+v", got)
		}
	}
}

func TestXCryptoWritesResponse(t *testing.T) {
	w := makeWorld()
	der, err := xocsp.CreateResponse(w.ca.Certificate, w.delegate.Certificate, xocsp.Response{
		Status: xocsp.Revoked, SerialNumber: big.NewInt(9), ThisUpdate: time.Now(), NextUpdate: time.Now().Add(time.Hour),
		RevokedAt: now, RevocationReason: xocsp.KeyCompromise, Certificate: w.delegate.Certificate, IssuerHash: crypto.SHA256,
	}, w.delegate.Key)
	if err != nil {
		t.Fatal(err)
	}
	r, err := ocsp.ParseResponse(der)
	if err != nil {
		t.Fatal(err)
	}
	// x/crypto writes producedAt by its own clock: judge at that time's signature only.
	if err := r.VerifySignature(w.ca.Certificate, now); err != nil {
		t.Fatal(err)
	}
	s, err := r.Find(w.ca.Certificate, big.NewInt(9))
	if err != nil || s.Status != ocsp.Revoked || s.Reason != 1 || !s.RevokedAt.Equal(now) {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestErrorResponses(t *testing.T) {
	for status, theirs := range map[ocsp.ResponseStatus][]byte{
		ocsp.MalformedRequest: xocsp.MalformedRequestErrorResponse, ocsp.InternalError: xocsp.InternalErrorErrorResponse,
		ocsp.TryLater: xocsp.TryLaterErrorResponse, ocsp.SigRequired: xocsp.SigRequredErrorResponse, ocsp.Unauthorized: xocsp.UnauthorizedErrorResponse,
	} {
		ours := ocsp.ErrorResponse(status)
		if !bytes.Equal(ours, theirs) {
			t.Errorf("%s: %x", status, ours)
		}
		var se *ocsp.StatusError
		if _, err := ocsp.ParseResponse(ours); !errors.As(err, &se) || se.Status != status {
			t.Errorf("%s: %v", status, err)
		}
	}
}

// OpenSSL writes a request that we answer, and reads the answer.
func TestOpenSSLAsksAndReads(t *testing.T) {
	w := makeWorld()
	ca := pkitest.PEM(t, "ca.pem", w.ca.Certificate)
	dir := t.TempDir()
	reqFile, respFile := filepath.Join(dir, "q.der"), filepath.Join(dir, "r.der")
	for _, hash := range []string{"-sha1", "-sha256"} {
		if msg, err := pkitest.OpenSSL(t, "ocsp", "-issuer", ca, hash, "-serial", "0x8001", "-serial", "2", "-serial", "3", "-serial", "4",
			"-nonce", "-reqout", reqFile); err != nil {
			t.Fatalf("%v\n%s", err, msg)
		}
		der, err := os.ReadFile(reqFile)
		if err != nil {
			t.Fatal(err)
		}
		req, err := ocsp.ParseRequest(der)
		if err != nil || len(req.IDs) != 4 || len(req.Nonce) == 0 {
			t.Fatalf("%d ids, nonce %x, %v", len(req.IDs), req.Nonce, err)
		}
		answers := singles(t, crypto.SHA1)
		for i := range answers {
			answers[i].ID = req.IDs[i]
		}
		if err := os.WriteFile(respFile, respond(t, ocsp.Response{Singles: answers, Nonce: req.Nonce}, w.delegate), 0o600); err != nil {
			t.Fatal(err)
		}
		judge := []string{"-respin", respFile, "-CAfile", ca, "-attime", strconv.FormatInt(now.Unix()+60, 10), "-validity_period", "1000000000"}
		// With its request OpenSSL compares the nonces; with serials it tells the states.
		if msg, err := pkitest.OpenSSL(t, append([]string{"ocsp", "-reqin", reqFile}, judge...)...); err != nil || !strings.Contains(string(msg), "Response verify OK") {
			t.Fatalf("%v\n%s", err, msg)
		}
		msg, err := pkitest.OpenSSL(t, append([]string{"ocsp", "-no_nonce", "-issuer", ca, hash, "-serial", "0x8001", "-serial", "2",
			"-serial", "3", "-serial", "4"}, judge...)...)
		if err != nil {
			t.Fatalf("%v\n%s", err, msg)
		}
		for _, want := range []string{"Response verify OK", "0x8001: good", "2: revoked", "Reason: certificateHold", "3: revoked", "4: unknown"} {
			if !strings.Contains(string(msg), want) {
				t.Errorf("%s: %q is missing in\n%s", hash, want, msg)
			}
		}
	}
}

// OpenSSL answers as a responder from its own database; we read it.
func TestOpenSSLAnswers(t *testing.T) {
	w := makeWorld()
	index := pkitest.File(t, "index.txt", []byte(
		"V\t270101000000Z\t\t8001\tunknown\t/CN=a\nR\t270101000000Z\t260101000000Z,keyCompromise\t02\tunknown\t/CN=b\n"))
	ca := pkitest.PEM(t, "ca.pem", w.ca.Certificate)
	query, err := ocsp.CreateRequest([]ocsp.CertID{id(t, crypto.SHA256, 0x8001), id(t, crypto.SHA1, 2), id(t, crypto.SHA256, 3)}, []byte("a nonce of ours"))
	if err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(t.TempDir(), "r.der")
	if msg, err := pkitest.OpenSSL(t, "ocsp", "-index", index, "-CA", ca, "-rsigner", pkitest.PEM(t, "s.pem", w.delegate.Certificate),
		"-rkey", pkitest.KeyPEM(t, "s.key", w.delegate.Key), "-reqin", pkitest.File(t, "q.der", query), "-respout", out, "-ndays", "1"); err != nil {
		t.Fatalf("%v\n%s", err, msg)
	}
	der, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	r, err := ocsp.ParseResponse(der)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.VerifySignature(w.ca.Certificate, now); err != nil {
		t.Error(err)
	}
	if err := r.CheckNonce([]byte("a nonce of ours")); err != nil {
		t.Error(err)
	}
	for serial, want := range map[int64]ocsp.CertStatus{0x8001: ocsp.Good, 2: ocsp.Revoked, 3: ocsp.Unknown} {
		if s, err := r.Find(w.ca.Certificate, big.NewInt(serial)); err != nil || s.Status != want {
			t.Errorf("%d: %s, %v", serial, s.Status, err)
		}
	}
}
