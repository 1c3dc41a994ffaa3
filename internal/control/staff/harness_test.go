package staff_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/registration/login/logintest"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/internal/store/storetest"
)

var start = time.Date(2026, 3, 14, 1, 30, 0, 0, time.UTC)

const origin = "https://bank.example"

var (
	anonymous = authz.Caller{Role: authz.Anonymous, Request: "test"}
	system    = authz.Caller{Role: authz.System, ID: "test"}
	machine   = authz.Caller{Role: authz.Operator, ID: "root", Request: "test"}
)

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.at }

func (c *clock) move(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.at = c.at.Add(d) }

// twoBranches is a bank that has two.
type twoBranches struct{}

func (twoBranches) Branch(number string) bool { return number == "012" || number == "101" }

// said is a provider that says what it is told to.
type said struct {
	mu     sync.Mutex
	claims staff.Claims
	err    error
}

func (s *said) Begin(context.Context) (string, []byte, error) {
	return "https://id.example/", []byte("held"), nil
}

func (s *said) Finish(_ context.Context, state []byte, _ map[string][]string) (staff.Claims, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if string(state) != "held" {
		return staff.Claims{}, staff.ErrProviderState.With(nil)
	}
	return s.claims, s.err
}

func (s *said) says(subject, number string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.claims = staff.Claims{Issuer: "https://id.example", Subject: subject, Number: number, Name: "누구"}
}

// bank is a service with nobody in it.
type bank struct {
	*staff.Service
	store    *store.Store
	clock    *clock
	provider *said
}

func open(t testing.TB) *bank { return openOn(t, storetest.Engine{Name: "sqlite"}) }

func openOn(t testing.TB, engine storetest.Engine) *bank {
	t.Helper()
	b := &bank{clock: &clock{at: start}, provider: new(said)}
	ring := keys.NewRing()
	b.store = storetest.Open(t, engine.URL(t), ring)
	c := b.config(ring)
	c.Provider = b.provider
	var err error
	b.Service, err = staff.NewService(c)
	do(t, err)
	return b
}

func (b *bank) config(ring *keys.Ring) staff.Config {
	return staff.Config{
		Tx: b.store, Register: b.store, Roster: b.store, Passkeys: b.store, Keyring: b.store, Counter: b.store,
		Branches: twoBranches{}, Customers: oneCustomer{}, Log: audit.New(b.store, ring.AuditKey(), b.clock.now), Index: ring.Index, Now: b.clock.now,
		Origins: []string{"http://127.0.0.1:8480", origin, "https://elsewhere.example"}, Bank: "인감은행",
	}
}

// oneCustomer knows hong, by the number 100234, too.
type oneCustomer struct{}

func (oneCustomer) Customer(_ context.Context, _, numberOrID string) (string, error) {
	if numberOrID == "100234" || numberOrID == "hong" {
		return "hong", nil
	}
	return "", staff.ErrNoCustomer.With(nil, "field", "customer")
}

func do(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refused(t testing.TB, what string, err error, want *fault.Fault) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, want %s", what, err, want.Name)
	}
}

// invited makes an account; its code comes with it.
func (b *bank) invited(t testing.TB, number string, role authz.Role) (staff.Account, string) {
	t.Helper()
	n := staff.New{Number: number, Name: "이름 " + number, Role: role}
	if staff.AtBranch(role) {
		n.Branch = "012"
	}
	a, code, err := b.Create(context.Background(), system, n)
	do(t, err)
	return a, code
}

// active makes an account whose owner has come in by their code.
func (b *bank) active(t testing.TB, number string, role authz.Role) staff.Account {
	t.Helper()
	_, code := b.invited(t, number, role)
	a, err := b.Activate(context.Background(), anonymous, "192.0.2.1/32", number, code)
	do(t, err)
	return a
}

func caller(a staff.Account) authz.Caller { return a.Caller("test") }

func device() *logintest.Device { return &logintest.Device{Origin: origin} }

// register adds a passkey of a device.
func (b *bank) register(t testing.TB, a staff.Account, d *logintest.Device) (staff.Passkey, error) {
	t.Helper()
	options, state, err := b.BeginAddPasskey(context.Background(), caller(a))
	do(t, err)
	answer, err := d.Create(options)
	do(t, err)
	return b.AddPasskey(context.Background(), caller(a), state, answer, " 내 노트북 ")
}

// enter logs in by a device.
func (b *bank) enter(t testing.TB, d *logintest.Device) (staff.Account, error) {
	t.Helper()
	options, state, err := b.BeginPasskey(context.Background())
	do(t, err)
	answer, err := d.Get(options)
	do(t, err)
	return b.LogInByPasskey(context.Background(), anonymous, state, answer)
}

// provided logs in by the provider.
func (b *bank) provided(t testing.TB, subject, number string) (staff.Account, error) {
	t.Helper()
	b.provider.says(subject, number)
	_, state, err := b.BeginProvider(context.Background())
	do(t, err)
	return b.LogInByProvider(context.Background(), anonymous, state, nil)
}

// entries gives the whole audit log, oldest first within a lane.
func (b *bank) entries(t testing.TB) []audit.Entry {
	t.Helper()
	heads, err := b.store.Heads(context.Background())
	do(t, err)
	var all []audit.Entry
	for _, h := range heads {
		some, err := b.store.Entries(context.Background(), h.Lane, 0, 1000)
		do(t, err)
		all = append(all, some...)
	}
	return all
}

// last gives the newest audit entry: on SQLite there is one lane.
func (b *bank) last(t testing.TB) audit.Entry {
	t.Helper()
	all := b.entries(t)
	return all[len(all)-1]
}

func (b *bank) audited(t testing.TB, what string, act authz.Act, object string, outcome audit.Outcome, code *fault.Fault) {
	t.Helper()
	number := 0
	if code != nil {
		number = code.Number
	}
	if e := b.last(t); e.Act != act || e.Object != object || e.Outcome != outcome || e.Code != number {
		t.Errorf("%s: audited as %s %s %s %d", what, e.Outcome, e.Act, e.Object, e.Code)
	}
}
