package ca_test

import (
	"context"
	"crypto/rand"
	"flag"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/ca/catest"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/store"
)

var start = time.Date(2026, 3, 14, 1, 30, 0, 0, time.UTC)

// ceremony is one authority for all tests of the package: keys take long.
var ceremony = sync.OnceValues(func() (*ca.Ceremony, error) {
	return catest.Ceremony(2048, func() time.Time { return start.AddDate(0, 0, -1) })
})

func theCeremony(t testing.TB) *ca.Ceremony {
	t.Helper()
	made, err := ceremony()
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// clock is a clock that stands until a test moves it.
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

// house is an authority on a SQLite store of its own.
type house struct {
	*ca.Authority
	store *store.Store
	log   *audit.Log
	clock *clock
	made  *ca.Ceremony
	cfg   ca.Config
}

func newHouse(t testing.TB, change ...func(*ca.Config)) *house {
	t.Helper()
	ring := keys.NewRing()
	s, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "ingam.db"), ring)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("closing store: %v", err)
		}
	})
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	h := &house{store: s, clock: &clock{at: start}, made: theCeremony(t)}
	h.log = audit.New(s, ring.AuditKey(), h.clock.now)
	h.cfg = catest.Config(h.made, h.clock.now)
	h.Authority = h.another(t, change...)
	return h
}

// another is one more instance on the same store.
func (h *house) another(t testing.TB, change ...func(*ca.Config)) *ca.Authority {
	t.Helper()
	cfg := h.cfg
	for _, f := range change {
		f(&cfg)
	}
	a, err := ca.New(cfg, h.store, h.store, h.log)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func request(t testing.TB, n string) ca.Request {
	t.Helper()
	r, err := catest.Request(rand.Reader, n)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func owner(r ca.Request) authz.Caller {
	return authz.Caller{Role: authz.Customer, ID: r.SubscriberID, Request: "test"}
}

var (
	operator = authz.Caller{Role: authz.Operator, ID: "op", Request: "test"}
)

// entries gives the whole audit log.
func (h *house) entries(t testing.TB) []audit.Entry {
	t.Helper()
	heads, err := h.store.Heads(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var all []audit.Entry
	for _, head := range heads {
		part, err := h.store.Entries(context.Background(), head.Lane, 0, 10_000)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, part...)
	}
	return all
}

// TestMain walks 30 times over the states where rapid's default is 100: each
// act waits for the disk. -rapid.checks=1000 walks longer.
func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if !given {
		if err := flag.Set("rapid.checks", "30"); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}
