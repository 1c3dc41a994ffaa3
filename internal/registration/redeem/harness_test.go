package redeem_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/ca/catest"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/letters"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle/lifetest"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/internal/store/storetest"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/pkcs10"
	"github.com/ingam-pki/ingam/pki/profile"
)

const branch = "014"

var (
	opening  = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
	teller   = authz.Caller{Role: authz.Teller, ID: "teller", Request: "desk", Branch: branch}
	approver = authz.Caller{Role: authz.Supervisor, ID: "approver", Request: "desk", Branch: branch}
	nobody   = authz.Caller{Role: authz.Anonymous, Request: "door"}

	ceremony = sync.OnceValues(func() (*ca.Ceremony, error) {
		return catest.Ceremony(2048, func() time.Time { return opening.Add(-time.Hour) })
	})
	keyA, keyB = sync.OnceValue(newKey), sync.OnceValue(newKey)
)

func newKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

// house is a branch and an authority on a real store. Only the message service
// and the core bank are not: they give what the test says.
type house struct {
	*lifetest.House
	t     testing.TB
	ctx   context.Context
	url   string
	mu    sync.Mutex
	at    time.Time
	phone carrier
	enrol *enrolment.Service
	proof *proofing.Service
	*redeem.Service
}

// carrier is the message service.
type carrier struct {
	mu   sync.Mutex
	down error
	sent []string
}

func (c *carrier) Send(_ context.Context, phone, text string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.down == nil {
		c.sent = append(c.sent, phone+" "+text)
	}
	return "transaction", c.down
}

// corebank knows everybody as the store does.
type corebank struct{ db *store.Store }

func (b corebank) Refresh(ctx context.Context, id string) (subscriber.Subscriber, error) {
	return b.db.Subscriber(ctx, id)
}
func (b corebank) Subscriber(ctx context.Context, _ authz.Caller, id string) (subscriber.Subscriber, error) {
	return b.db.Subscriber(ctx, id)
}

func openHouse(t testing.TB, engine storetest.Engine, changes ...lifetest.Change) *house {
	t.Helper()
	h := &house{t: t, ctx: t.Context(), at: opening, url: engine.URL(t)}
	ring := keys.NewRing()
	db := storetest.Open(t, h.url, ring)
	made, err := ceremony()
	check(t, err)
	changes = append([]lifetest.Change{func(c *ca.Config, _ *lifecycle.Config) { c.Witness = redeem.NewSpender(db, c.Witness) }}, changes...)
	h.House, err = lifetest.New(made, db, ring, h.now, changes...)
	check(t, err)
	h.proof = proofing.New(proofing.Config{Tx: db, Counter: db, Locks: db, Index: ring.Index, Now: h.now})
	h.enrol, err = enrolment.New(enrolment.Config{Register: db, Overdue: db, Subscribers: corebank{db}, Prover: h.proof, Phones: h.proof,
		Authority: h.Authority, Certificates: db, Exceptions: h.Life, Profiles: profile.Set(profile.DefaultArc), Log: h.Log, Now: h.now, CAName: "ingam"})
	check(t, err)
	h.Service = redeem.New(redeem.Config{Tx: db, Pairs: db, Register: db, Enrolment: h.enrol, Counter: db, Messages: &h.phone,
		Log: h.Log, Index: ring.Index, Now: h.now, Bank: "인감은행"})
	return h
}

func (h *house) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *house) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refuses checks that err is a fault, and that its texts are whole.
func refuses(t testing.TB, err error, want *fault.Fault) *fault.Error {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got %v, want %s", err, want.Name)
	}
	f := fault.Of(err)
	for _, lang := range []string{"ko", "en"} {
		if what, todo := f.Public(lang); what == "" || todo == "" || strings.ContainsAny(what+todo, "{}") {
			t.Errorf("%s in %s is not whole: %q %q", f.Name, lang, what, todo)
		}
	}
	return f
}

// approved is an application of a person, as a supervisor has approved it.
func (h *house) approved(person string) enrolment.Application {
	h.t.Helper()
	id, err := h.Person(h.ctx, person, false)
	check(h.t, err)
	who, err := h.Store.Subscriber(h.ctx, id)
	check(h.t, err)
	var given []enrolment.ConsentGiven
	for _, t := range h.enrol.Terms(npki.PersonalBank) {
		given = append(given, enrolment.ConsentGiven{Terms: t.Name, Version: t.Version, SHA256: t.SHA256})
	}
	consents, err := h.enrol.Agree(npki.PersonalBank, given)
	check(h.t, err)
	tag := h.proof.Tag(proofing.Person{Name: who.Name, IdentityNumber: who.IdentityNumber})
	a, err := h.enrol.ApplyAtBranch(h.ctx, approver, enrolment.AtBranch{Branch: branch, SubscriberID: id, Way: enrolment.Issue,
		Kind: npki.PersonalBank, Consents: consents,
		Proofs: []proofing.Proof{{Factor: proofing.IDCard, At: h.now(), Evidence: map[string]string{"person": tag}}}})
	check(h.t, err)
	return a
}

func (h *house) handOut(a enrolment.Application) redeem.Slip {
	h.t.Helper()
	slip, err := h.HandOut(h.ctx, teller, a.ID, a.SubscriberID, branch, redeem.Print)
	check(h.t, err)
	return slip
}

// enter shows a pair from an address of its own.
func (h *house) enter(reference, code string, keys ...[]byte) (string, int64, error) {
	return h.Redeem(h.ctx, nobody, "192.0.2.1", reference, code, keys...)
}

func redeemer(id string) authz.Caller {
	return authz.Caller{Role: authz.Redeemer, ID: id, Request: "browser"}
}

// certify makes the key and gets the certificate, as a browser does that showed
// codes.
func (h *house) certify(id string, key *rsa.PrivateKey) (ca.Record, error) {
	k, err := h.enrol.KeyRequest(h.ctx, redeemer(id), id)
	if err != nil {
		return ca.Record{}, err
	}
	r, err := npki.NewR(rand.Reader)
	check(h.t, err)
	evid, err := npki.EncryptVID(rand.Reader, h.Authority.KMCertificate(), r)
	check(h.t, err)
	csr, err := pkcs10.Create(rand.Reader, key, k.Challenge, evid)
	check(h.t, err)
	return h.enrol.Certify(h.ctx, redeemer(id), id, csr)
}

func hashOf(t testing.TB, key *rsa.PrivateKey) []byte {
	t.Helper()
	spki, err := x509.MarshalPKIXPublicKey(key.Public())
	check(t, err)
	sum := sha256.Sum256(spki)
	return sum[:]
}

// anotherCode is a code that could be one.
func anotherCode() string {
	random := make([]byte, 12)
	_, _ = rand.Read(random)
	return redeem.FormatCode(letters.Of(random, 20))
}

// entries gives the whole audit log.
func (h *house) entries() []audit.Entry {
	h.t.Helper()
	heads, err := h.Store.Heads(h.ctx)
	check(h.t, err)
	var all []audit.Entry
	for _, head := range heads {
		some, err := h.Store.Entries(h.ctx, head.Lane, 0, 10_000)
		check(h.t, err)
		all = append(all, some...)
	}
	return all
}

func (h *house) audited(act authz.Act, outcome audit.Outcome, code int) (n int) {
	h.t.Helper()
	for _, e := range h.entries() {
		if e.Act == act && e.Outcome == outcome && e.Code == code {
			n++
		}
	}
	return n
}

// on runs a test on both engines.
func on(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	t.Parallel()
	for _, e := range storetest.Engines() {
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			test(t, openHouse(t, e))
		})
	}
}
