package login_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/ca/catest"
	"github.com/ingam-pki/ingam/internal/certification/verification"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/registration/login"
	"github.com/ingam-pki/ingam/internal/registration/login/logintest"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/pki/cms"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/profile"
)

var start = time.Date(2026, 3, 14, 1, 30, 0, 0, time.UTC)

var (
	operator  = authz.Caller{Role: authz.Operator, ID: "op"}
	anonymous = authz.Caller{Role: authz.Anonymous, Request: "test"}
	hong      = authz.Caller{Role: authz.Customer, ID: "hong", Request: "test"}
	kim       = authz.Caller{Role: authz.Customer, ID: "kim", Request: "test"}
)

const (
	origin = "https://bank.example"
	host   = "bank.example"
	byHand = "192.0.2.7:8480" // an address that is no name
)

// Keys and authorities take long: one of each for all tests.
var (
	key      = sync.OnceValue(newKey)
	otherKey = sync.OnceValue(newKey)
	ceremony = sync.OnceValue(func() *ca.Ceremony {
		made, err := catest.Ceremony(2048, func() time.Time { return start.AddDate(0, 0, -1) })
		if err != nil {
			panic(err)
		}
		return made
	})
)

func newKey() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
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

// bank is a service with two customers, of whom hong has a certificate.
type bank struct {
	*login.Service
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

func open(t testing.TB) *bank {
	t.Helper()
	b := &bank{made: ceremony(), clock: &clock{at: start}}
	ring := keys.NewRing()
	var err error
	b.store, err = store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "bank.db"), ring)
	do(t, err)
	t.Cleanup(func() { _ = b.store.Close() })
	do(t, b.store.Migrate(t.Context()))
	log := audit.New(b.store, ring.AuditKey(), b.clock.now)
	b.authority, err = ca.New(catest.Config(b.made, b.clock.now), b.store, b.store, log)
	do(t, err)
	judge, err := verification.New(verification.Config{Root: b.made.Root, Issuing: b.made.Issuing,
		Profiles: profile.Set(profile.DefaultArc), Now: b.clock.now}, b.store)
	do(t, err)
	b.Service, err = login.New(login.Config{Tx: b.store, Ledger: b.store, People: b.store, Passkeys: b.store, Verifier: judge,
		Log: log, Now: b.clock.now, Bank: "인감은행", Origins: []string{origin + "/portal", "http://" + byHand}})
	do(t, err)
	b.person(t, "hong", "홍길동", "9001011000000", false)
	b.person(t, "kim", "김철수", "9001012000000", false)
	b.record = b.issue(t, "hong", &key().PublicKey)
	b.cert, err = x509.ParseCertificate(b.record.DER)
	do(t, err)
	return b
}

func (b *bank) person(t testing.TB, id, name, idn string, deceased bool) {
	t.Helper()
	_, err := b.store.SaveSubscriber(t.Context(), subscriber.Subscriber{ID: id, CustomerNumber: "1" + id, Sort: subscriber.Individual,
		Name: name, IdentityNumber: idn, Deceased: deceased, UpdatedAt: b.clock.now()})
	do(t, err)
}

func (b *bank) issue(t testing.TB, owner string, public *rsa.PublicKey) ca.Record {
	t.Helper()
	spki, err := x509.MarshalPKIXPublicKey(public)
	do(t, err)
	digest := sha256.Sum256([]byte(owner))
	record, err := b.authority.Issue(t.Context(), authz.Caller{Role: authz.Customer, ID: owner}, ca.Request{
		ApplicationID: "a-" + owner, SubscriberID: owner, Kind: npki.PersonalBank, RealName: "홍길동",
		VID: npki.VID{Hash: crypto.SHA256, Value: digest[:]}, PublicKey: spki,
	})
	do(t, err)
	return record
}

// challenge begins a login and gives what is to be signed.
func (b *bank) challenge(t testing.TB) (string, login.State) {
	t.Helper()
	c, state, err := b.Challenge("ko", host)
	do(t, err)
	return c.Content, state
}

func sign(t testing.TB, content string, cert *x509.Certificate, k crypto.Signer, o cms.SignOptions) []byte {
	t.Helper()
	message, err := cms.Sign([]byte(content), cert, k, o)
	do(t, err)
	return message
}

// device is a new one at the bank's own address.
func device() *logintest.Device { return &logintest.Device{Origin: origin} }

// register adds a device's passkey for a customer.
func (b *bank) register(t testing.TB, caller authz.Caller, d *logintest.Device) (login.Passkey, error) {
	t.Helper()
	options, state, err := b.PasskeyOptions(t.Context(), caller, host)
	do(t, err)
	response, err := d.Create(options)
	do(t, err)
	return b.AddPasskey(t.Context(), caller, state, " 내 휴대폰 ", response)
}

// enter logs in with a device.
func (b *bank) enter(t testing.TB, d *logintest.Device) (subscriber.Subscriber, error) {
	t.Helper()
	options, state, err := b.LoginOptions(host)
	do(t, err)
	response, err := d.Get(options)
	do(t, err)
	return b.WithPasskey(t.Context(), anonymous, state, response)
}

func refused(t testing.TB, what string, err error, want *fault.Fault) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, want %s", what, err, want.Name)
	}
}

// last gives the newest audit entry.
func (b *bank) last(t testing.TB) audit.Entry {
	t.Helper()
	heads, err := b.store.Heads(t.Context())
	do(t, err)
	entries, err := b.store.Entries(t.Context(), heads[0].Lane, heads[0].Seq-1, 1)
	do(t, err)
	return entries[0]
}
