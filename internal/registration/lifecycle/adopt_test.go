package lifecycle_test

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle/lifetest"
)

// absent is a witness that was not there yet.
type absent struct {
	there ca.Witness
	yet   *bool
}

func (a absent) Witness(ctx context.Context, c ca.Change) error {
	if *a.yet {
		return nil
	}
	return a.there.Witness(ctx, c)
}

// What an older version issued and suspended lives on as if it had been ours.
func TestAdopt(t *testing.T) {
	t.Parallel()
	older := true
	h := newHouse(t, func(c *ca.Config, _ *lifecycle.Config) { c.Witness = absent{c.Witness, &older} })
	valid, held := h.issued("hong"), h.issued("kim")
	suspended := start.Add(time.Hour)
	check(t, h.Store.ChangeState(h.ctx, held.Serial, ca.Move{From: []ca.State{ca.Valid}, To: ca.Suspended, Reason: ca.OnHold, At: suspended}))
	const more = 450 // some batches
	for range more {
		r := held
		r.ApplicationID, r.KeyHash, r.Subject = random(), []byte(random()), random()
		r.Serial, r.SubscriberID, r.State = hexSerial(), random(), ca.Pending
		check(t, h.Store.Reserve(h.ctx, r))
		_, err := h.Store.Complete(h.ctx, r.Serial, []byte("certificate"), ca.Valid, start)
		check(t, err)
	}
	older = false
	h.set(valid.NotAfter.AddDate(0, 0, -20))
	code, err := h.Life.EmergencyCode(h.ctx, hong, valid.Serial)
	check(t, err)
	_, err = h.Life.LostByCode(h.ctx, lifetest.Nobody, "192.0.2.1", code)
	refused(t, err, lifecycle.ErrCodeWrong)

	_, err = h.Life.Adopt(h.ctx, hong)
	refused(t, err, authz.ErrForbidden)
	for _, want := range []int{more + 2, 0} {
		if n, err := h.Life.Adopt(h.ctx, lifetest.Clock); err != nil || n != want {
			t.Errorf("%d adopted, want %d: %v", n, want, err)
		}
	}
	if n := h.audited(authz.AdoptCertificate, "certificates", audit.Done); n != 3 {
		t.Errorf("%d batches are in the audit log", n)
	}

	events, err := h.Life.History(h.ctx, kim, "kim")
	if err != nil || len(events) != 2 || events[0].Act != lifecycle.Suspended || events[0].By() != lifecycle.ByBank ||
		!events[0].At.Equal(suspended) || events[1].Act != lifecycle.Issued || events[1].By() != lifecycle.ByCustomer {
		t.Errorf("history: %+v, %v", events, err)
	}
	if r := h.state(held.Serial); r.Desk != lifecycle.DeskBank || !r.HoldUntil.Equal(ca.SuspendedUntil(suspended)) {
		t.Errorf("suspended at %q until %s", r.Desk, r.HoldUntil)
	}
	if done, err := h.Life.Sweep(h.ctx, lifetest.Clock); err != nil || done != (lifecycle.Swept{Revoked: 1, Reminded: more + 1}) {
		t.Errorf("swept %+v, %v", done, err)
	}
	loss, err := h.Life.LostByCode(h.ctx, lifetest.Nobody, "192.0.2.1", code)
	if err != nil || len(loss.Suspended) != 1 || h.state(valid.Serial).State != ca.Suspended {
		t.Errorf("lost: %+v, %v", loss, err)
	}
}

// The bank can give back what it suspended before desks were kept.
func TestResumeAdopted(t *testing.T) {
	t.Parallel()
	older := true
	h := newHouse(t, func(c *ca.Config, _ *lifecycle.Config) { c.Witness = absent{c.Witness, &older} })
	c := h.issued("hong")
	check(t, h.Store.ChangeState(h.ctx, c.Serial, ca.Move{From: []ca.State{ca.Valid}, To: ca.Suspended, Reason: ca.OnHold, At: start}))
	older = false
	_, err := h.Life.Resume(h.ctx, lifetest.Operator, c.Serial, lifecycle.DeskBank)
	refused(t, err, ca.ErrDesk)
	_, err = h.Life.Adopt(h.ctx, lifetest.Clock)
	check(t, err)
	if r, err := h.Life.Resume(h.ctx, lifetest.Operator, c.Serial, lifecycle.DeskBank); err != nil || r.State != ca.Valid {
		t.Errorf("%s, %v", r.State, err)
	}
}

func random() string { return rand.Text() }

func hexSerial() string {
	serial := make([]byte, 16)
	_, _ = rand.Read(serial)
	return hex.EncodeToString(serial)
}
