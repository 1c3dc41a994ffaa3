package lifecycle_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle/lifetest"
	"github.com/ingam-pki/ingam/internal/registration/notice"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/seoul"
)

func TestBy(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		role authz.Role
		act  lifecycle.Happening
		want lifecycle.By
	}{
		{authz.Customer, lifecycle.Issued, lifecycle.ByCustomer}, {authz.CodeHolder, lifecycle.Suspended, lifecycle.ByCode},
		{authz.Teller, lifecycle.Resumed, lifecycle.ByDesk}, {authz.Supervisor, lifecycle.Revoked, lifecycle.ByDesk},
		{authz.Operator, lifecycle.Revoked, lifecycle.ByBank}, {authz.Auditor, lifecycle.Revoked, lifecycle.ByBank},
		{authz.System, lifecycle.Revoked, lifecycle.ByClock}, {authz.System, lifecycle.Expired, lifecycle.ByClock},
		{authz.Customer, lifecycle.Expired, lifecycle.ByClock}, // who came for the next one
		{authz.System, lifecycle.Issued, lifecycle.ByCustomer}, // finished after a crash
		{authz.System, lifecycle.Renewed, lifecycle.ByCustomer}, {authz.System, lifecycle.Replaced, lifecycle.ByCustomer},
	} {
		if got := (lifecycle.Event{Role: test.role, Act: test.act}).By(); got != test.want {
			t.Errorf("%s by %s is by %s, want %s", test.act, test.role, got, test.want)
		}
	}
}

func TestHistoryIsOnesOwn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.issued("hong")
	h.set(start.Add(time.Hour))
	_, err := h.Life.Suspend(h.ctx, lifetest.Operator, c.Serial, lifecycle.DeskBank)
	check(t, err)
	_, err = h.Life.History(h.ctx, kim, "hong")
	refused(t, err, authz.ErrForbidden)
	if h.audited(authz.ViewCertificate, "subscriber:hong", audit.Denied) != 1 {
		t.Error("the denial is not in the audit log")
	}
	for _, caller := range []authz.Caller{hong, lifetest.Teller, lifetest.Operator} {
		events, err := h.Life.History(h.ctx, caller, "hong")
		if err != nil || len(events) != 2 || events[0].Act != lifecycle.Suspended || events[0].Desk != lifecycle.DeskBank ||
			events[0].By() != lifecycle.ByBank || events[1].Act != lifecycle.Issued || events[1].Serial != c.Serial {
			t.Errorf("%s sees %+v, %v", caller.Role, events, err)
		}
	}
}

// Who suspends what ends soon is not told that it could be resumed after its end.
func TestSuspensionOfWhatEndsSoon(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.issued("hong")
	for _, test := range []struct {
		at   time.Time
		want time.Time
	}{{start, ca.SuspendedUntil(start)}, {c.NotAfter.AddDate(0, 0, -10), c.NotAfter}} {
		h.set(test.at)
		_, err := h.Life.Suspend(h.ctx, hong, c.Serial, lifecycle.DeskOnline)
		check(t, err)
		all, err := h.Store.NoticesOf(h.ctx, "hong", 10)
		check(t, err)
		i := slices.IndexFunc(all, func(e notice.Entry) bool { return e.Event == notice.Suspended })
		if i < 0 || all[i].Facts["until"] != seoul.Day(test.want) {
			t.Errorf("at %s: %+v, want until %s", test.at, all, test.want)
		}
		_, err = h.Life.Resume(h.ctx, lifetest.Supervisor, c.Serial, lifecycle.DeskOnline)
		check(t, err)
	}
}

// What can't be told is not done: the witness's error undoes the act.
func TestNoNoticeNoAct(t *testing.T) {
	t.Parallel()
	var broken bool
	h := newHouse(t, func(c *ca.Config, _ *lifecycle.Config) { c.Witness = refusing{c.Witness, &broken} })
	c := h.issued("hong")
	broken = true
	_, err := h.Life.Suspend(h.ctx, hong, c.Serial, lifecycle.DeskOnline)
	if !errors.Is(err, errBroken) {
		t.Errorf("suspended: %v", err)
	}
	_, err = h.Life.Lost(h.ctx, hong, "hong")
	if !errors.Is(err, errBroken) {
		t.Errorf("lost: %v", err)
	}
	if h.state(c.Serial).State != ca.Valid || h.audited(authz.HoldCertificate, "certificate:"+c.Serial, audit.Done) != 0 {
		t.Errorf("it is %s", h.state(c.Serial).State)
	}
}

var errBroken = errors.New("the outbox is broken")

type refusing struct {
	next   ca.Witness
	broken *bool
}

func (r refusing) Witness(ctx context.Context, c ca.Change) error {
	if err := r.next.Witness(ctx, c); err != nil || !*r.broken {
		return err
	}
	return errBroken
}

func TestSweep(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ends := h.issued("hong")
	held := h.issued("kim")
	h.issued("hong", func(r *ca.Request) { r.Kind, r.Hold = npki.PersonalGeneral, true })
	_, err := h.Life.Suspend(h.ctx, kim, held.Serial, lifecycle.DeskOnline)
	check(t, err)
	sweep := func(at time.Time, want lifecycle.Swept) {
		t.Helper()
		h.set(at)
		if got, err := h.Life.Sweep(h.ctx, lifetest.Clock); err != nil || got != want {
			t.Errorf("at %s: %+v, %v; want %+v", at, got, err, want)
		}
	}
	_, err = h.Life.Sweep(h.ctx, lifetest.Operator)
	refused(t, err, authz.ErrForbidden)
	sweep(start, lifecycle.Swept{})
	until := h.state(held.Serial).HoldUntil
	sweep(until, lifecycle.Swept{})
	sweep(until.Add(time.Microsecond), lifecycle.Swept{Revoked: 2})
	if h.told("hong", "held-ended") != 2 || h.told("hong", "revoked") != 0 {
		t.Error("what was held and has lapsed is not told as such")
	}
	if h.told("kim", "held-ended") != 2 || h.state(held.Serial).State != ca.Revoked {
		t.Errorf("told %d times", h.told("kim", "held-ended"))
	}
	for _, reminder := range []string{"2028-02-01 09:00:00", "2028-02-17 09:00:00", "2028-02-24 09:00:00", "2028-03-01 09:00:00"} {
		sweep(at(reminder).Add(-time.Microsecond), lifecycle.Swept{})
		sweep(at(reminder), lifecycle.Swept{Reminded: 1})
		sweep(at(reminder), lifecycle.Swept{})
	}
	if h.told("hong", "reminder") != 2*4 {
		t.Errorf("reminded %d times", h.told("hong", "reminder"))
	}
	sweep(ends.NotAfter, lifecycle.Swept{})
	sweep(ends.NotAfter.Add(time.Microsecond), lifecycle.Swept{Expired: 1})
	if h.told("hong", "expired") != 2 || h.state(ends.Serial).State != ca.Expired {
		t.Errorf("told %d times", h.told("hong", "expired"))
	}
	// Who slept through them all sends the nearest one, once.
	late := h.issued("kim")
	sweep(late.NotAfter.Add(-time.Hour), lifecycle.Swept{Reminded: 1})
	all, err := h.Store.NoticesOf(h.ctx, "kim", 1000)
	check(t, err)
	for _, n := range all {
		if n.Event == "reminder" && n.Key != "reminder:"+late.Serial+":1" {
			t.Errorf("reminded by %s", n.Key)
		}
	}
	if h.told("kim", "reminder") != 2 {
		t.Errorf("reminded %d times", h.told("kim", "reminder"))
	}
}

// What can't be written down does not hold up the rest, however much it is.
func TestSweepLooksPast(t *testing.T) {
	t.Parallel()
	var stuck crowded
	h := newHouse(t, func(_ *ca.Config, c *lifecycle.Config) {
		stuck.Clockwork = c.Clockwork
		c.Clockwork = &stuck
	})
	c := h.issued("hong")
	for i := range 450 {
		stuck.before = append(stuck.before, fmt.Sprintf("%032x", i))
	}
	h.set(c.NotAfter.Add(time.Second))
	got, err := h.Life.Sweep(h.ctx, lifetest.Clock)
	if !errors.Is(err, ca.ErrNoCertificate) || got.Expired != 1 || h.state(c.Serial).State != ca.Expired {
		t.Errorf("%+v, %.80v", got, err)
	}
}

// crowded finds more to do than there is, and finds that first.
type crowded struct {
	lifecycle.Clockwork
	before []string
}

func (s *crowded) Overdue(ctx context.Context, at time.Time, limit int) ([]string, error) {
	more, err := s.Clockwork.Overdue(ctx, at, limit)
	all := append(append([]string{}, s.before...), more...)
	return all[:min(limit, len(all))], err
}
