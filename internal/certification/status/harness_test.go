package status_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/ca/catest"
	"github.com/ingam-pki/ingam/internal/certification/status"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/store"
)

var start = time.Date(2026, 3, 14, 1, 30, 0, 0, time.UTC)

var ceremony = sync.OnceValues(func() (*ca.Ceremony, error) {
	return catest.Ceremony(2048, func() time.Time { return start.AddDate(0, 0, -1) })
})

var (
	operator = authz.Caller{Role: authz.Operator, ID: "op"}
	system   = authz.Caller{Role: authz.System, ID: "clock"}
)

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

// house is an authority and what tells of its certificates, on a store of its
// own.
type house struct {
	*ca.Authority
	made  *ca.Ceremony
	store *store.Store
	log   *audit.Log
	clock *clock
}

func newHouse(t testing.TB) *house {
	t.Helper()
	made, err := ceremony()
	if err != nil {
		t.Fatal(err)
	}
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
	h := &house{made: made, store: s, clock: &clock{at: start}}
	h.log = audit.New(s, ring.AuditKey(), h.clock.now)
	if h.Authority, err = ca.New(catest.Config(made, h.clock.now), s, s, h.log); err != nil {
		t.Fatal(err)
	}
	return h
}

// issue issues one certificate and gives its serial.
func (h *house) issue(t testing.TB, n int) ca.Record {
	t.Helper()
	r, err := catest.Request(rand.Reader, fmt.Sprint(n))
	if err != nil {
		t.Fatal(err)
	}
	record, err := h.Issue(context.Background(), authz.Caller{Role: authz.Customer, ID: r.SubscriberID}, r)
	if err != nil {
		t.Fatal(err)
	}
	return record
}

func (h *house) responder(t testing.TB, change ...func(*status.ResponderConfig)) *status.Responder {
	t.Helper()
	c := status.ResponderConfig{Issuer: h.made.Issuing, Signer: h.made.OCSP, Key: h.made.OCSPKey, Now: h.clock.now}
	for _, f := range change {
		f(&c)
	}
	r, err := status.NewResponder(c, h.store)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (h *house) publisher(t testing.TB) *status.Publisher {
	t.Helper()
	p, err := status.NewPublisher(status.PublisherConfig{
		Issuer: h.made.Issuing, Signer: h.made.IssuingKey, Now: h.clock.now,
	}, h.store, h.store, h.log)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func do(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
