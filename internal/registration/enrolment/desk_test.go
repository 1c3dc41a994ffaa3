package enrolment_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/outside/corebank"
	"github.com/ingam-pki/ingam/internal/outside/idcheck"
	"github.com/ingam-pki/ingam/internal/outside/message"
	"github.com/ingam-pki/ingam/internal/outside/rest"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/pkcs10"
	"github.com/ingam-pki/ingam/pki/profile"
)

// clock is the time of one test.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

var opening = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

// Keys and the ceremony take most of a second each: one of each a test binary.
var (
	ceremony = sync.OnceValues(func() (*ca.Ceremony, error) {
		return ca.Init(ca.InitConfig{CAName: "ingam", Profiles: profile.Set(profile.DefaultArc),
			RootCRLURL: "http://127.0.0.1/root.crl", CRLURL: "http://127.0.0.1/issuing.crl",
			RootBits: 2048, IssuingBits: 2048, KMBits: 2048, OCSPBits: 2048, Now: func() time.Time { return opening.Add(-time.Hour) }})
	})
	keyA = sync.OnceValue(newKey)
	keyB = sync.OnceValue(newKey)
)

func newKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

// desk is a whole registration desk: real store, real authority, and the
// simulator over HTTP.
type desk struct {
	t     testing.TB
	ctx   context.Context
	clock *clock
	world *simulator.Simulator
	wire  *wire
	store *store.Store
	log   *audit.Log
	ca    *ca.Authority
	subs  *subscriber.Service
	proof *proofing.Service
	*enrolment.Service
	config enrolment.Config
}

// wire carries all calls to the world. Before each it writes to the database
// in a transaction of its own: if the caller held one, SQLite's single writer
// would make that wait for ever.
type wire struct {
	t     testing.TB
	store *store.Store
	mu    sync.Mutex
	calls map[string]int
	then  func() // what else happens while a service is being asked
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	err := w.store.InTx(ctx, func(ctx context.Context) error {
		_, err := w.store.LockTries(ctx, "wire", "wire")
		return err
	})
	if err != nil {
		w.t.Errorf("outside call %s within a transaction: %v", r.URL.Path, err)
	}
	w.mu.Lock()
	w.calls[r.URL.Path]++
	w.mu.Unlock()
	if w.then != nil {
		w.then()
	}
	return http.DefaultTransport.RoundTrip(r)
}

func (w *wire) count(path string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.calls[path]
}

func openDesk(t testing.TB, change ...func(*enrolment.Config)) *desk {
	t.Helper()
	d := &desk{t: t, ctx: t.Context(), clock: &clock{t: opening}}
	d.world = simulator.New(d.clock.now)
	server := httptest.NewServer(d.world.Handler())
	t.Cleanup(server.Close)
	ring := keys.NewRing()
	var err error
	d.store, err = store.Open(d.ctx, "sqlite:"+filepath.Join(t.TempDir(), "desk.db"), ring)
	check(t, err)
	t.Cleanup(func() { _ = d.store.Close() })
	check(t, d.store.Migrate(d.ctx))
	d.log = audit.New(d.store, ring.AuditKey(), d.clock.now)
	made, err := ceremony()
	check(t, err)
	d.ca, err = ca.New(ca.Config{Root: made.Root, Issuer: made.Issuing, Signer: made.IssuingKey, KM: made.KM, KMKey: made.KMKey,
		Profiles: profile.Set(profile.DefaultArc), BankName: "INGAM", BankCode: "0099", Branch: "041",
		CRLURL: "http://127.0.0.1/issuing.crl", OCSPURL: "http://127.0.0.1/ocsp", Now: d.clock.now}, d.store, d.store, d.log)
	check(t, err)
	d.wire = &wire{t: t, store: d.store, calls: map[string]int{}}
	client := rest.Client{Base: server.URL, HTTP: &http.Client{Transport: d.wire}, Timeout: 5 * time.Second}
	core := corebank.Client{Client: client}
	d.subs, err = subscriber.New(subscriber.Config{Tx: d.store, Register: d.store, Logins: d.store, Counter: d.store,
		Customers: core, Log: d.log, Index: ring.Index, Now: d.clock.now})
	check(t, err)
	d.proof = proofing.New(proofing.Config{Tx: d.store, Counter: d.store, Locks: d.store, Cards: idcheck.Client{Client: client}, Accounts: core,
		OTPs: core, Messages: message.Client{Client: client}, Index: ring.Index, Now: d.clock.now, Bank: "인감은행"})
	d.config = enrolment.Config{Register: d.store, Overdue: d.store, Subscribers: d.subs, Prover: d.proof, Phones: d.proof,
		Authority: d.ca, Certificates: d.store, Log: d.log, Now: d.clock.now, CAName: "ingam"}
	for _, c := range change {
		c(&d.config)
	}
	d.Service, err = enrolment.New(d.config)
	check(t, err)
	return d
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

var (
	operator = authz.Caller{Role: authz.System, ID: "test"}
	sample   = simulator.Samples
)

// customer makes a sample a subscriber and gives them as a caller.
func (d *desk) customer(s simulator.Sample) authz.Caller {
	d.t.Helper()
	check(d.t, d.subs.SetLogin(d.ctx, operator, s.LoginID, s.Password, s.Number))
	who, err := d.store.ByCustomerNumber(d.ctx, s.Number)
	check(d.t, err)
	return authz.Caller{Role: authz.Customer, ID: who.ID, Request: "test"}
}

func (d *desk) started(s simulator.Sample) (authz.Caller, enrolment.Application) {
	d.t.Helper()
	c := d.customer(s)
	a, err := d.Start(d.ctx, c, npki.PersonalBank)
	check(d.t, err)
	return c, a
}

// all agrees to every text.
func (d *desk) all() []enrolment.ConsentGiven {
	var given []enrolment.ConsentGiven
	for _, t := range d.Terms(npki.PersonalBank) {
		given = append(given, enrolment.ConsentGiven{Terms: t.Name, Version: t.Version, SHA256: t.SHA256})
	}
	return given
}

func (d *desk) consented(s simulator.Sample) (authz.Caller, enrolment.Application) {
	d.t.Helper()
	c, a := d.started(s)
	a, err := d.Consent(d.ctx, c, a.ID, d.all())
	check(d.t, err)
	return c, a
}

func cardOf(s simulator.Sample) proofing.Card {
	c := s.Cards[0]
	return proofing.Card{Document: c.Document, Number: c.Number, Name: c.Name, IssueDate: c.IssueDate, Licence: c.Licence,
		Image: simulator.Picture(s.Number)}
}

var codeInText = regexp.MustCompile(`\b\d{6}\b`)

// lastCode reads the code of the last message to a phone.
func (d *desk) lastCode(phone string) string {
	d.t.Helper()
	inbox := d.world.Inbox(phone)
	if len(inbox) == 0 {
		d.t.Fatal("no message arrived")
	}
	return codeInText.FindString(inbox[len(inbox)-1].Text)
}

func (d *desk) otp(s simulator.Sample) string {
	d.t.Helper()
	code, ok := d.world.OTP(s.Number)
	if !ok {
		d.t.Fatal("the token shows no code that can be used")
	}
	return code
}

// wrongCode is 6 digits that are not code.
func wrongCode(code string) string {
	if code[5] == '0' {
		return code[:5] + "1"
	}
	return code[:5] + "0"
}

// proofed goes on until the identity is proven.
func (d *desk) proofed(s simulator.Sample) (authz.Caller, enrolment.Application) {
	d.t.Helper()
	c, a := d.consented(s)
	_, err := d.ProveIDCard(d.ctx, c, a.ID, cardOf(s))
	check(d.t, err)
	_, err = d.ProveAccount(d.ctx, c, a.ID, s.Account, s.AccountPassword)
	check(d.t, err)
	_, err = d.ProveOTP(d.ctx, c, a.ID, d.otp(s))
	check(d.t, err)
	_, _, err = d.SendPhoneCode(d.ctx, c, a.ID)
	check(d.t, err)
	a, err = d.ProvePhone(d.ctx, c, a.ID, d.lastCode(s.Phone))
	check(d.t, err)
	return c, a
}

// ready goes on until a key can be made.
func (d *desk) ready(s simulator.Sample) (authz.Caller, enrolment.Application, enrolment.KeyRequest) {
	d.t.Helper()
	c, a := d.proofed(s)
	k, err := d.KeyRequest(d.ctx, c, a.ID)
	check(d.t, err)
	a, err = d.View(d.ctx, c, a.ID)
	check(d.t, err)
	return c, a, k
}

// csr is what the customer's side makes.
func (d *desk) csr(key *rsa.PrivateKey, challenge string, r npki.R) []byte {
	d.t.Helper()
	evid, err := npki.EncryptVID(rand.Reader, d.ca.KMCertificate(), r)
	check(d.t, err)
	csr, err := pkcs10.Create(rand.Reader, key, challenge, evid)
	check(d.t, err)
	return csr
}

func newR(t testing.TB) npki.R {
	t.Helper()
	r, err := npki.NewR(rand.Reader)
	check(t, err)
	return r
}

// entries gives the whole audit log.
func (d *desk) entries() []audit.Entry {
	d.t.Helper()
	heads, err := d.store.Heads(d.ctx)
	check(d.t, err)
	var all []audit.Entry
	for _, h := range heads {
		some, err := d.store.Entries(d.ctx, h.Lane, 0, 10_000)
		check(d.t, err)
		all = append(all, some...)
	}
	return all
}

func (d *desk) audited(act authz.Act, outcome audit.Outcome, code int) int {
	d.t.Helper()
	n := 0
	for _, e := range d.entries() {
		if e.Act == act && e.Outcome == outcome && e.Code == code {
			n++
		}
	}
	return n
}

// vid is an EncryptedVID for the ceremony's authority.
func (d *desk) vid() []byte {
	d.t.Helper()
	made, err := ceremony()
	check(d.t, err)
	evid, err := npki.EncryptVID(rand.Reader, made.KM, newR(d.t))
	check(d.t, err)
	return evid
}

func signed(t testing.TB, key *rsa.PrivateKey, challenge string, evid []byte) []byte {
	t.Helper()
	csr, err := pkcs10.Create(rand.Reader, key, challenge, evid)
	check(t, err)
	return csr
}
