package subscriber_test

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/outside/corebank"
	"github.com/ingam-pki/ingam/internal/outside/rest"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/store"
)

var (
	anonymous = authz.Caller{Role: authz.Anonymous, Request: "test"}
	system    = authz.Caller{Role: authz.System, ID: "test"}
	hong      = simulator.Samples[0]
)

type bank struct {
	*subscriber.Service
	ctx   context.Context
	store *store.Store
	world *simulator.Simulator
	mu    sync.Mutex
	at    time.Time
}

func (b *bank) now() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.at
}

func (b *bank) pass(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.at = b.at.Add(d)
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T) *bank {
	t.Helper()
	b := &bank{ctx: t.Context(), at: time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)}
	b.world = simulator.New(b.now)
	server := httptest.NewServer(b.world.Handler())
	t.Cleanup(server.Close)
	ring := keys.NewRing()
	var err error
	b.store, err = store.Open(b.ctx, "sqlite:"+filepath.Join(t.TempDir(), "bank.db"), ring)
	check(t, err)
	t.Cleanup(func() { _ = b.store.Close() })
	check(t, b.store.Migrate(b.ctx))
	b.Service, err = subscriber.New(subscriber.Config{Tx: b.store, Register: b.store, Logins: b.store, Counter: b.store,
		Customers: corebank.Client{Client: rest.Client{Base: server.URL}}, Log: audit.New(b.store, ring.AuditKey(), b.now), Index: ring.Index, Now: b.now})
	check(t, err)
	check(t, b.SetLogin(b.ctx, system, hong.LoginID, hong.Password, hong.Number))
	return b
}

func TestAuthenticate(t *testing.T) {
	t.Parallel()
	b := open(t)
	for _, id := range []string{"hong", " HONG "} {
		who, err := b.Authenticate(b.ctx, anonymous, id, hong.Password)
		check(t, err)
		if who.Name != hong.Name || who.IdentityNumber != hong.IdentityNumber || who.Phone != hong.Phone {
			t.Error("somebody else logged in")
		}
	}
	login, err := b.store.Login(b.ctx, "hong")
	check(t, err)
	if !strings.HasPrefix(login.Password, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Error("the password's hash is not argon2id in PHC form with our costs")
	}
	_, err = b.Authenticate(b.ctx, authz.Caller{Role: authz.Customer, ID: "x"}, "hong", hong.Password)
	if !errors.Is(err, authz.ErrForbidden) {
		t.Errorf("one who is logged in logs in: %v", err)
	}
}

// A login that nobody has gets, try by try, what a wrong password gets.
func TestUnknownLoginLooksLikeAWrongPassword(t *testing.T) {
	t.Parallel()
	b := open(t)
	for try := range 7 {
		_, known := b.Authenticate(b.ctx, anonymous, "hong", "not the password")
		_, unknown := b.Authenticate(b.ctx, anonymous, "nobody", hong.Password)
		_, malformed := b.Authenticate(b.ctx, anonymous, "no such login!", strings.Repeat("x", 5000))
		k, u, m := fault.Of(known), fault.Of(unknown), fault.Of(malformed)
		want := subscriber.ErrWrongLogin
		if try >= 4 {
			want = subscriber.ErrLoginLocked
		}
		if k.Fault != want || u.Fault != want || m.Fault != want || k.Retry != u.Retry {
			t.Fatalf("try %d: %v, %v, %v", try, known, unknown, malformed)
		}
	}
	_, err := b.Authenticate(b.ctx, anonymous, "hong", hong.Password)
	if !errors.Is(err, subscriber.ErrLoginLocked) {
		t.Errorf("locked, yet %v", err)
	}
	b.pass(30 * time.Minute)
	_, err = b.Authenticate(b.ctx, anonymous, "hong", hong.Password)
	check(t, err)
}

func TestGuessesAtOnce(t *testing.T) {
	t.Parallel()
	b := open(t)
	var wait sync.WaitGroup
	var mu sync.Mutex
	wrong := 0
	for range 16 {
		wait.Go(func() {
			_, err := b.Authenticate(b.ctx, anonymous, "hong", "not the password")
			mu.Lock()
			defer mu.Unlock()
			if errors.Is(err, subscriber.ErrWrongLogin) {
				wrong++
			} else if !errors.Is(err, subscriber.ErrLoginLocked) {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if wrong != 4 {
		t.Errorf("%d guesses were judged before the lock", wrong)
	}
}

func TestOldHashIsRenewed(t *testing.T) {
	t.Parallel()
	b := open(t)
	login, err := b.store.Login(b.ctx, "hong")
	check(t, err)
	salt := []byte("saltsaltsaltsalt")
	oldHash := "$argon2id$v=19$m=64,t=1,p=1$" + base64.RawStdEncoding.EncodeToString(salt) + "$" +
		base64.RawStdEncoding.EncodeToString(argon2.IDKey([]byte("correct horse"), salt, 1, 64, 1, 32))
	old := login
	old.Password = oldHash
	check(t, b.store.SaveLogin(b.ctx, old))
	_, err = b.Authenticate(b.ctx, anonymous, "hong", "correct horse")
	check(t, err)
	login, err = b.store.Login(b.ctx, "hong")
	check(t, err)
	if login.Password == oldHash || !strings.Contains(login.Password, "m=19456") {
		t.Error("the hash was not renewed")
	}
	_, err = b.Authenticate(b.ctx, anonymous, "hong", "correct horse")
	check(t, err)
}

// A hash that can't be read is our defect: no try is counted, nobody gets in.
func TestBrokenHash(t *testing.T) {
	t.Parallel()
	b := open(t)
	login, err := b.store.Login(b.ctx, "hong")
	check(t, err)
	for _, hash := range []string{"", "$argon2id$v=19$m=19456,t=2,p=1$$", "$argon2i$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
		"$argon2id$v=19$m=99999999,t=2,p=1$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAA", "$2a$10$abcdefghijklmnopqrstuv"} {
		login.Password = hash
		check(t, b.store.SaveLogin(b.ctx, login))
		_, err := b.Authenticate(b.ctx, anonymous, "hong", hong.Password)
		if fault.Of(err) == nil || fault.Of(err).Fault != fault.Unexpected {
			t.Errorf("%q: %v", hash, err)
		}
	}
	check(t, b.SetLogin(b.ctx, system, hong.LoginID, hong.Password, hong.Number))
	_, err = b.Authenticate(b.ctx, anonymous, "hong", hong.Password)
	check(t, err)
}

func TestSetLogin(t *testing.T) {
	t.Parallel()
	b := open(t)
	for _, test := range []struct {
		caller                  authz.Caller
		login, password, number string
		want                    *fault.Fault
	}{
		{anonymous, "kim", "kim-demo-2026", hong.Number, authz.ErrForbidden},
		{authz.Caller{Role: authz.Customer, ID: "x"}, "kim", "kim-demo-2026", hong.Number, authz.ErrForbidden},
		{system, "k", "kim-demo-2026", hong.Number, subscriber.ErrLoginForm},
		{system, "김하늘", "kim-demo-2026", hong.Number, subscriber.ErrLoginForm},
		{system, "kim", "short", hong.Number, subscriber.ErrLoginForm},
		{system, "kim", strings.Repeat("x", 129), hong.Number, subscriber.ErrLoginForm},
		{system, "kim", "kim-demo-2026", "404", subscriber.ErrNoCustomer},
		{system, "kim", "kim-demo-2026", "../../simulator", subscriber.ErrNoCustomer},
	} {
		if err := b.SetLogin(b.ctx, test.caller, test.login, test.password, test.number); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", test.login, err)
		}
	}
}

func TestRefreshTakesOverWhatTheBankKnows(t *testing.T) {
	t.Parallel()
	b := open(t)
	who, err := b.Authenticate(b.ctx, anonymous, "hong", hong.Password)
	check(t, err)
	b.world.Update(hong.Number, func(s *simulator.Sample) { s.Phone, s.Deceased = "01000009999", true })
	fresh, err := b.Refresh(b.ctx, who.ID)
	check(t, err)
	kept, err := b.Subscriber(b.ctx, authz.Caller{Role: authz.Customer, ID: who.ID}, who.ID)
	check(t, err)
	if fresh.ID != who.ID || !kept.Deceased || kept.Phone != "01000009999" {
		t.Error("the change did not arrive")
	}
	_, err = b.Subscriber(b.ctx, authz.Caller{Role: authz.Customer, ID: "another"}, who.ID)
	if !errors.Is(err, authz.ErrForbidden) {
		t.Errorf("a stranger sees the customer: %v", err)
	}
	_, err = b.Refresh(b.ctx, "nobody")
	if !errors.Is(err, subscriber.ErrNoCustomer) {
		t.Error(err)
	}
}
