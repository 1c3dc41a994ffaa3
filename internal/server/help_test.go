package server_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/server"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/pkcs10"
)

// cheap makes passphrases cheap to try, for tests.
var cheap = []keys.Option{keys.Iterations(1000), keys.Memory(64)}

// config is a demo that listens on any free port.
func config() server.Config {
	return server.Config{
		Listen: "127.0.0.1:0", Services: server.Services{SimulatorListen: "127.0.0.1:0"},
		Authority: server.Authority{Bits: server.Bits{Root: 2048, Issuing: 2048, KM: 2048, OCSP: 2048}}, // sooner made
	}
}

// startDemo opens and runs a demo until the test ends.
func startDemo(t *testing.T, c server.Config, o server.Options) *server.Demo {
	t.Helper()
	o.Sealing = cheap
	d, err := server.OpenDemo(t.Context(), c, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(run(t, d.Server))
	return d
}

// run runs a server and gives what stops and closes it.
func run(t *testing.T, s *server.Server) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	var once sync.Once
	return func() {
		once.Do(func() {
			cancel()
			if err := <-done; err != nil {
				t.Errorf("Run: %v", err)
			}
			if err := s.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		})
	}
}

func newClient(t *testing.T, d *server.Demo, lang string) *client.Client {
	t.Helper()
	c, err := client.New(d.URL(), nil, lang)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// person is a sample customer with a session.
type person struct {
	*client.Client
	sample simulator.Sample
	demo   *server.Demo
}

func logIn(t *testing.T, d *server.Demo, loginID string) *person {
	t.Helper()
	for _, s := range d.Samples() {
		if s.LoginID == loginID {
			p := &person{newClient(t, d, "en"), s, d}
			if _, err := p.LogIn(t.Context(), s.LoginID, s.Password); err != nil {
				t.Fatal(err)
			}
			return p
		}
	}
	t.Fatalf("there is no sample %q", loginID)
	return nil
}

func (p *person) start(t *testing.T) string {
	t.Helper()
	a, _, err := p.Start(t.Context(), client.KindPersonalBank)
	if err != nil {
		t.Fatal(err)
	}
	return a.ID
}

func (p *person) consent(t *testing.T, id string) {
	t.Helper()
	terms, err := p.Terms(t.Context(), client.KindPersonalBank)
	if err != nil {
		t.Fatal(err)
	}
	var given []client.ConsentGiven
	for _, text := range terms {
		if text.Required {
			given = append(given, client.ConsentGiven{Name: text.Name, Version: text.Version, SHA256: text.SHA256})
		}
	}
	if _, err := p.Consent(t.Context(), id, given); err != nil {
		t.Fatal(err)
	}
}

func (p *person) card() client.IDCardProof {
	c := p.sample.Cards[0]
	return client.IDCardProof{Document: client.Document(c.Document), Number: c.Number, Name: c.Name,
		IssueDate: c.IssueDate, Licence: c.Licence, Image: simulator.Picture(p.sample.Number)}
}

var sixDigits = regexp.MustCompile(`\b[0-9]{6}\b`)

func (p *person) phoneCode(t *testing.T) string {
	t.Helper()
	inbox := p.demo.Simulator().Inbox(p.sample.Phone)
	for _, m := range slices.Backward(inbox) { // notices come there, too
		if code := sixDigits.FindString(m.Text); code != "" {
			return code
		}
	}
	t.Fatal("no code has arrived")
	return ""
}

// prove gives all proofs.
func (p *person) prove(t *testing.T, id string) {
	t.Helper()
	ctx := t.Context()
	if _, err := p.ProveIDCard(ctx, id, p.card()); err != nil {
		t.Fatal(err)
	}
	if _, err := p.ProveAccount(ctx, id, p.sample.Account, p.sample.AccountPassword); err != nil {
		t.Fatal(err)
	}
	code, ok := p.demo.Simulator().OTP(p.sample.Number)
	if !ok {
		t.Fatal("the token shows nothing")
	}
	if _, err := p.ProveOTP(ctx, id, code); err != nil {
		t.Fatal(err)
	}
	sent, err := p.SendPhoneCode(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(sent.Phone, "****") || !sent.ExpiresAt.After(p.demo.Clock().Now()) {
		t.Errorf("code was sent to %q until %v", sent.Phone, sent.ExpiresAt)
	}
	if _, err := p.ProvePhone(ctx, id, p.phoneCode(t)); err != nil {
		t.Fatal(err)
	}
}

type keyMaker = func() *rsa.PrivateKey

var testKeys = [2]keyMaker{sync.OnceValue(makeKey), sync.OnceValue(makeKey)}

func makeKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

// csr makes a certification request for an application.
func (p *person) csr(t *testing.T, id string, key *rsa.PrivateKey) []byte {
	t.Helper()
	wanted, err := p.KeyRequest(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	km, err := x509.ParseCertificate(wanted.KMCertificate)
	if err != nil {
		t.Fatal(err)
	}
	r, err := npki.NewR(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := npki.EncryptVID(rand.Reader, km, r)
	if err != nil {
		t.Fatal(err)
	}
	csr, err := pkcs10.Create(rand.Reader, key, wanted.Challenge, sealed)
	if err != nil {
		t.Fatal(err)
	}
	return csr
}

// wantProblem demands a refusal with a status and a number.
func wantProblem(t *testing.T, err error, status, code int) *client.Problem {
	t.Helper()
	var p *client.Problem
	if !errors.As(err, &p) {
		t.Fatalf("error is %v, want a refusal %d", err, code)
	}
	if p.Status != status || p.Code != code {
		t.Errorf("refused with status %d, %s; want status %d, code %d", p.Status, p.Error(), status, code)
	}
	return p
}
