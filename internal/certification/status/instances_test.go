package status_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/sha256"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/ca/catest"
	"github.com/ingam-pki/ingam/internal/certification/status"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/internal/store/storetest/pgtest"
	"github.com/ingam-pki/ingam/pki/ocsp"
)

// instances are houses of the same authority on one PostgreSQL, each with
// connections of its own, and with one clock.
func instances(t *testing.T, n int) []*house {
	t.Helper()
	made, err := ceremony()
	if err != nil {
		t.Fatal(err)
	}
	url, ring, at := pgtest.URL(t, pgtest.NoFsync()), keys.NewRing(), &clock{at: start}
	all := make([]*house, n)
	for i := range all {
		s, err := store.Open(t.Context(), url, ring)
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
		h := &house{made: made, store: s, clock: at, log: audit.New(s, ring.AuditKey(), at.now)}
		if h.Authority, err = ca.New(catest.Config(made, at.now), s, s, h.log); err != nil {
			t.Fatal(err)
		}
		all[i] = h
	}
	return all
}

// TestOtherInstancesTell revokes at one instance and asks at the others: with a
// nonce they tell it at once, and without one when half a second has passed on the
// bank's clock, though they have just said good.
func TestOtherInstancesTell(t *testing.T) {
	t.Parallel()
	all := instances(t, 3)
	a := all[0]
	responders := make([]*status.Responder, len(all))
	for i, h := range all {
		responders[i] = h.responder(t)
	}
	nonce := bytes.Repeat([]byte{7}, 32)
	for round, change := range []struct {
		do   func(serial string) error
		want ocsp.CertStatus
	}{
		{func(serial string) error {
			return a.Revoke(t.Context(), operator, serial, ca.KeyCompromise, time.Time{})
		}, ocsp.Revoked},
		{func(serial string) error { return a.Hold(t.Context(), operator, serial, "bank") }, ocsp.Revoked},
	} {
		serial := a.issue(t, round).Serial
		questions := [][]byte{a.question(t, nil, crypto.SHA1, serial), a.question(t, nonce, crypto.SHA1, serial)}
		for i, h := range all {
			for _, q := range questions {
				if said := h.asked(t, responders[i], q).Singles[0].Status; said != ocsp.Good {
					t.Errorf("instance %d, before: %v", i, said)
				}
			}
		}
		do(t, change.do(serial))
		for i, h := range all {
			if said := h.asked(t, responders[i], questions[1]).Singles[0].Status; said != change.want {
				t.Errorf("instance %d, with a nonce, at once: %v", i, said)
			}
		}
		a.clock.move(500 * time.Millisecond)
		for i, h := range all {
			if said := h.asked(t, responders[i], questions[0]).Singles[0].Status; said != change.want {
				t.Errorf("instance %d, half a second later: %v", i, said)
			}
		}
	}
}

// reads counts how often a list's bytes come from the database.
type reads struct {
	*store.Store
	lists atomic.Int64
	fail  atomic.Pointer[error]
}

func (r *reads) LatestCRL(ctx context.Context, issuer string) (status.CRL, error) {
	if err := r.fail.Load(); err != nil {
		return status.CRL{}, *err
	}
	r.lists.Add(1)
	return r.Store.LatestCRL(ctx, issuer)
}

// TestListsAreReadOnce: an instance keeps the latest list and still has a newer
// one of another instance at the next question.
func TestListsAreReadOnce(t *testing.T) {
	t.Parallel()
	all := instances(t, 2)
	a, b := all[0].publisher(t), &reads{Store: all[1].store}
	other, err := status.NewPublisher(status.PublisherConfig{
		Issuer: all[1].made.Issuing, Signer: all[1].made.IssuingKey, Now: all[1].clock.now,
	}, b, b.Store, all[1].log)
	do(t, err)
	if _, err := other.Latest(t.Context()); !errors.Is(err, status.ErrNoCRL) {
		t.Fatalf("before the first: %v", err)
	}
	for round := range 3 {
		record := all[0].issue(t, round)
		do(t, all[0].Revoke(t.Context(), operator, record.Serial, ca.Superseded, time.Time{}))
		list, issued, err := a.Due(t.Context(), system)
		do(t, err)
		if !issued {
			t.Fatalf("round %d: no list", round)
		}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				got, err := other.Latest(context.Background())
				if err != nil || got.Number != list.Number || !bytes.Equal(got.DER, list.DER) || got.SHA256 != sha256.Sum256(list.DER) {
					t.Errorf("round %d: list %d, %v, want %d", round, got.Number, err, list.Number)
				}
			})
		}
		wg.Wait()
		if _, issued, err := other.Due(t.Context(), system); err != nil || issued {
			t.Errorf("round %d: the other instance issued one too: %v, %v", round, issued, err)
		}
		if n := b.lists.Load(); n != int64(round+1) {
			t.Errorf("round %d: lists were read %d times", round, n)
		}
	}
	// What it issues itself it need not read.
	list, err := other.Publish(t.Context(), operator)
	do(t, err)
	if got, err := other.Latest(t.Context()); err != nil || got.Number != list.Number || b.lists.Load() != 3 {
		t.Errorf("its own: list %d, %v, read %d times", got.Number, err, b.lists.Load())
	}
	// A database that fails is not hidden behind what is kept, and is forgiven.
	down := errors.New("the database is down")
	b.fail.Store(&down)
	_, err = a.Publish(t.Context(), operator)
	do(t, err)
	if _, err := other.Latest(t.Context()); !errors.Is(err, down) {
		t.Errorf("an old list is given as the latest: %v", err)
	}
	b.fail.Store(nil)
	if got, err := other.Latest(t.Context()); err != nil || got.Number != list.Number+1 {
		t.Errorf("after the failure: list %d, %v", got.Number, err)
	}
}
