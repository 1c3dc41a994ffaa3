package verification_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/ca/catest"
	"github.com/ingam-pki/ingam/internal/certification/verification"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/pki/cms"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/profile"
)

var start = time.Date(2026, 3, 14, 1, 30, 0, 0, time.UTC)

var operator = authz.Caller{Role: authz.Operator, ID: "op"}

// Keys and authorities take long: one of each kind for all tests.
var (
	key      = sync.OnceValue(newKey)
	strange  = sync.OnceValue(newKey)
	ceremony = sync.OnceValue(newCeremony)
	another  = sync.OnceValue(newCeremony) // a CA of the same names
)

func newKey() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
}

func newCeremony() *ca.Ceremony {
	made, err := catest.Ceremony(2048, func() time.Time { return start.AddDate(0, 0, -1) })
	if err != nil {
		panic(err)
	}
	return made
}

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// house is an authority, what verifies, and one customer's certificate.
type house struct {
	*verification.Service
	authority *ca.Authority
	made      *ca.Ceremony
	store     *store.Store
	clock     *clock
	record    ca.Record
	cert      *x509.Certificate
}

func do(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newHouse(t testing.TB, change ...func(*verification.Config)) *house {
	t.Helper()
	h := &house{made: ceremony(), clock: &clock{at: start}}
	ring := keys.NewRing()
	var err error
	h.store, err = store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "ingam.db"), ring)
	do(t, err)
	t.Cleanup(func() { _ = h.store.Close() })
	do(t, h.store.Migrate(t.Context()))
	log := audit.New(h.store, ring.AuditKey(), h.clock.now)
	h.authority, err = ca.New(catest.Config(h.made, h.clock.now), h.store, h.store, log)
	do(t, err)
	c := verification.Config{Root: h.made.Root, Issuing: h.made.Issuing, Profiles: profile.Set(profile.DefaultArc), Now: h.clock.now}
	for _, f := range change {
		f(&c)
	}
	h.Service, err = verification.New(c, h.store)
	do(t, err)
	h.record = h.issue(t, "1", &key().PublicKey)
	h.cert, err = x509.ParseCertificate(h.record.DER)
	do(t, err)
	return h
}

func (h *house) issue(t testing.TB, n string, public *rsa.PublicKey) ca.Record {
	t.Helper()
	spki, err := x509.MarshalPKIXPublicKey(public)
	do(t, err)
	digest := sha256.Sum256([]byte(n))
	record, err := h.authority.Issue(context.Background(), authz.Caller{Role: authz.Customer, ID: "s" + n}, ca.Request{
		ApplicationID: "a" + n, SubscriberID: "s" + n, Kind: npki.PersonalBank, RealName: "홍길동",
		VID: npki.VID{Hash: crypto.SHA256, Value: digest[:]}, PublicKey: spki,
	})
	do(t, err)
	return record
}

// sign signs as the customer of the house.
func (h *house) sign(t testing.TB, content string, o cms.SignOptions) []byte {
	t.Helper()
	return sign(t, content, h.cert, key(), o)
}

func sign(t testing.TB, content string, cert *x509.Certificate, k crypto.Signer, o cms.SignOptions) []byte {
	t.Helper()
	message, err := cms.Sign([]byte(content), cert, k, o)
	do(t, err)
	return message
}

// at gives options with a signing time.
func at(claimed time.Time) cms.SignOptions {
	return cms.SignOptions{SignedAttributes: true, SigningTime: claimed}
}

// want verifies and demands a verdict with a reason, and that both languages
// say something about it.
func (h *house) want(t *testing.T, message, content []byte, verdict verification.Verdict, reason verification.Reason) verification.Report {
	t.Helper()
	rep, err := h.Verify(t.Context(), message, content)
	if err != nil {
		t.Fatal(err)
	}
	if rep.Verdict != verdict || rep.Reason != reason {
		t.Errorf("%s, %s; want %s, %s", rep.Verdict, rep.Reason, verdict, reason)
	}
	if rep.Title.KO == "" || rep.Title.EN == "" || rep.Detail.KO == "" || rep.Detail.EN == "" || !rep.At.Equal(h.clock.now()) {
		t.Errorf("report %+v", rep)
	}
	return rep
}
