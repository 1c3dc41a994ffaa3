package lifecycle_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle/lifetest"
	"github.com/ingam-pki/ingam/internal/store/storetest"
)

// counted counts how often a report of loss begins, and says so.
type counted struct {
	lifecycle.People
	begun atomic.Int64
	once  chan struct{}
}

func (c *counted) AbandonOpen(ctx context.Context, subscriberID string, at time.Time) ([]string, error) {
	if c.begun.Add(1) == 1 {
		close(c.once)
	}
	return c.People.AbandonOpen(ctx, subscriberID, at)
}

// A report of loss and the last step of a replacement lock in the same order:
// neither has to be undone by the database, which takes it a second to find out.
func TestLossAndReplacementDontLockEachOther(t *testing.T) {
	t.Parallel()
	made, err := ceremony()
	check(t, err)
	people := &counted{once: make(chan struct{})}
	ring := keys.NewRing()
	db := storetest.Open(t, storetest.Engine{Name: "postgres"}.URL(t), ring)
	h := &house{t: t, ctx: t.Context(), at: start}
	h.House, err = lifetest.New(made, db, ring, h.now, func(_ *ca.Config, c *lifecycle.Config) {
		people.People, c.People = c.People, people
	})
	check(t, err)
	_, err = h.Person(h.ctx, "hong", true)
	check(t, err)
	old := h.issued("hong")
	next := old
	next.Serial, next.ApplicationID, next.Subject, next.KeyHash = hexSerial(), random(), random(), []byte(random())
	next.Replaces, next.State = old.Serial, ca.Pending
	check(t, db.Reserve(h.ctx, next))

	lost := make(chan error, 1)
	tries := 0
	check(t, db.InTx(h.ctx, func(ctx context.Context) error { // as the authority does it
		if tries++; tries > 1 {
			return nil
		}
		if _, err := db.Certificate(ctx, old.Serial); err != nil {
			return err
		}
		go func() {
			_, err := h.Life.Lost(h.ctx, hong, "hong")
			lost <- err
		}()
		<-people.once
		time.Sleep(300 * time.Millisecond) // until it waits for the old one
		if err := db.ChangeState(ctx, old.Serial, ca.Move{From: []ca.State{ca.Valid}, To: ca.Revoked, Reason: ca.Superseded, At: start}); err != nil {
			return err
		}
		_, err := db.Complete(ctx, next.Serial, []byte("certificate"), ca.Valid, start)
		return err
	}))
	check(t, <-lost)
	if n := people.begun.Load(); n != 1 || tries != 1 {
		t.Errorf("the loss was begun %d times and the replacement %d times, want once", n, tries)
	}
	if now := h.state(next.Serial).State; now != ca.Suspended {
		t.Errorf("the new one is %s", now)
	}
}
