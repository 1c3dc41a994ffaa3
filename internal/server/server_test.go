package server_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/server"
	"github.com/ingam-pki/ingam/internal/store/storetest/pgtest"
)

// TestNothingIsLeft opens, runs and closes a demo with work in it, and sees
// that no goroutine and no file is left.
func TestNothingIsLeft(t *testing.T) {
	before := goleak.IgnoreCurrent()
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	d, err := server.OpenDemo(context.Background(), config(), server.Options{Sealing: cheap})
	if err != nil {
		t.Fatal(err)
	}
	stop := run(t, d.Server)
	h := &http.Client{Transport: &http.Transport{}}
	c, err := client.New(d.URL(), h, "en")
	if err != nil {
		t.Fatal(err)
	}
	sample := d.Samples()[0]
	if _, err := c.LogIn(t.Context(), sample.LoginID, sample.Password); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Start(t.Context(), client.KindPersonalBank); err != nil {
		t.Fatal(err)
	}
	if err := c.Health(t.Context()); err != nil {
		t.Fatal(err)
	}
	stop()
	h.CloseIdleConnections()
	if err := d.Close(); err != nil { // once more is no error
		t.Error(err)
	}
	goleak.VerifyNone(t, before)
	left, err := os.ReadDir(temp)
	if err != nil || len(left) > 0 {
		t.Errorf("left in the temporary folder: %v %v", left, err)
	}
}

// TestFirstCertificate is the way of a customer from login to certificate, and
// the same asked again, on both engines.
func TestFirstCertificate(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		firstCertificate(t, startDemo(t, config(), server.Options{}))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		c := config()
		c.Database = pgtest.URL(t, pgtest.NoFsync())
		firstCertificate(t, startDemo(t, c, server.Options{}))
	})
}

func firstCertificate(t *testing.T, d *server.Demo) {
	t.Helper()
	p := logIn(t, d, "hong")
	ctx := t.Context()

	a, created, err := p.Start(ctx, client.KindPersonalBank)
	if err != nil || !created || a.State != client.ApplicationStateStarted || len(a.Needs) != 6 {
		t.Fatalf("start: %+v %v %v", a, created, err)
	}
	again, created, err := p.Start(ctx, client.KindPersonalBank)
	if err != nil || created || again.ID != a.ID {
		t.Errorf("start again: %+v %v %v", again, created, err)
	}
	if _, err := p.Certificate(ctx, a.ID); err == nil {
		t.Error("there is a certificate before its time")
	} else {
		wantProblem(t, err, 404, 1021)
	}
	p.consent(t, a.ID)
	p.prove(t, a.ID)
	proven, err := p.Application(ctx, a.ID)
	if err != nil || proven.State != client.ApplicationStateProofed || len(proven.Proofs) != 4 ||
		len(proven.Needs) != 1 || proven.Needs[0] != client.NeedKey {
		t.Fatalf("proven: %+v %v", proven, err)
	}
	csr := p.csr(t, a.ID, testKeys[0]())
	made, created, err := p.Certify(ctx, a.ID, csr)
	if err != nil || !created {
		t.Fatalf("certify: %v %v", created, err)
	}
	twice, created, err := p.Certify(ctx, a.ID, csr)
	if err != nil || created || !bytes.Equal(twice.Certificate, made.Certificate) {
		t.Errorf("certify again: %v %v", created, err)
	}
	fetched, err := p.Certificate(ctx, a.ID)
	if err != nil || !bytes.Equal(fetched.Certificate, made.Certificate) || fetched.State != client.CertificateStateValid {
		t.Errorf("fetch: %+v %v", fetched.State, err)
	}
	all, err := p.Certificates(ctx)
	if err != nil || len(all) != 1 || all[0].Serial != made.Serial {
		t.Errorf("list: %d %v", len(all), err)
	}
	issued, err := p.Application(ctx, a.ID)
	if err != nil || issued.State != client.ApplicationStateIssued || issued.Serial != made.Serial || len(issued.Needs) != 0 {
		t.Errorf("issued: %+v %v", issued, err)
	}
	checkChain(t, d, made)
	_, _, err = p.Start(ctx, client.KindPersonalBank)
	wantProblem(t, err, 409, 4001)
	if err := p.LogOut(ctx); err != nil {
		t.Error(err)
	}
	_, err = p.Certificates(ctx)
	wantProblem(t, err, 401, 1004)
}

func checkChain(t *testing.T, d *server.Demo, made client.Certificate) {
	t.Helper()
	leaf, err := x509.ParseCertificate(made.Certificate)
	if err != nil {
		t.Fatal(err)
	}
	if len(made.Chain) != 2 || made.CA != "ingam" {
		t.Fatalf("chain of %d, CA %q", len(made.Chain), made.CA)
	}
	issuing, err := x509.ParseCertificate(made.Chain[0])
	if err != nil {
		t.Fatal(err)
	}
	root, err := x509.ParseCertificate(made.Chain[1])
	if err != nil {
		t.Fatal(err)
	}
	for _, pair := range [][2]*x509.Certificate{{leaf, issuing}, {issuing, root}, {root, root}} {
		if err := pair[0].CheckSignatureFrom(pair[1]); err != nil {
			t.Error(err)
		}
	}
	if !root.Equal(d.Desk().Root()) {
		t.Error("the chain ends in another root")
	}
	if leaf.CRLDistributionPoints[0] != d.URL()+"/crl/issuing.crl" || leaf.OCSPServer[0] != d.URL()+"/ocsp" {
		t.Errorf("leaf points to %v and %v, we are at %s", leaf.CRLDistributionPoints, leaf.OCSPServer, d.URL())
	}
}

// TestDemoGoesOn stops a demo and starts it again with the same folder: same
// authority, same certificates, same logins.
func TestDemoGoesOn(t *testing.T) {
	t.Parallel()
	c := config()
	c.Data = filepath.Join(t.TempDir(), "demo")
	first, err := server.OpenDemo(t.Context(), c, server.Options{Sealing: cheap})
	if err != nil {
		t.Fatal(err)
	}
	stop := run(t, first.Server)
	if !first.New {
		t.Error("the first start made no authority")
	}
	p := logIn(t, first, "hong")
	id := p.start(t)
	p.consent(t, id)
	p.prove(t, id)
	made, _, err := p.Certify(t.Context(), id, p.csr(t, id, testKeys[0]()))
	if err != nil {
		t.Fatal(err)
	}
	root := first.Desk().Root()
	stop()

	start := time.Now()
	second := startDemo(t, c, server.Options{})
	t.Logf("second start took %v", time.Since(start))
	if second.New || !second.Desk().Root().Equal(root) {
		t.Error("the second start made another authority")
	}
	all, err := logIn(t, second, "hong").Certificates(t.Context())
	if err != nil || len(all) != 1 || all[0].Serial != made.Serial {
		t.Errorf("certificates after the second start: %d %v", len(all), err)
	}
}
