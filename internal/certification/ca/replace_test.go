package ca_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// witness writes down what it is told.
type witness struct {
	mu   sync.Mutex
	told []string
}

func (w *witness) Witness(_ context.Context, c ca.Change) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told = append(w.told, fmt.Sprintf("%s %s>%s by %s, other %s", c.Record.Serial, c.From, c.Record.State, c.By.Role, c.Other))
	return nil
}

func (w *witness) count(line string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, told := range w.told {
		if told == line {
			n++
		}
	}
	return n
}

// watched is a house whose authority has a witness.
func watched(t *testing.T) (*house, *witness) {
	w := &witness{}
	h := newHouse(t)
	h.cfg.Witness = w
	h.Authority = h.another(t)
	return h, w
}

// successor asks for what takes the place of a certificate.
func successor(t *testing.T, old ca.Record, n string) ca.Request {
	r := request(t, n)
	r.SubscriberID, r.Replaces, r.From = old.SubscriberID, old.Serial, []ca.State{ca.Valid, ca.Suspended}
	r.NotAfter = old.NotAfter
	return r
}

func (h *house) state(t *testing.T, serial string) ca.Record {
	t.Helper()
	r, err := h.store.Certificate(t.Context(), serial)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestReplace(t *testing.T) {
	t.Parallel()
	h, w := watched(t)
	old := h.issued(t, "1")
	h.clock.move(time.Hour)
	r := successor(t, old, "2")
	made, err := h.Issue(t.Context(), owner(r), r)
	if err != nil || made.State != ca.Valid || !made.NotAfter.Equal(old.NotAfter) {
		t.Fatalf("%s until %s, %v", made.State, made.NotAfter, err)
	}
	was := h.state(t, old.Serial)
	if was.State != ca.Revoked || was.Reason != int(ca.Superseded) || !was.ChangedAt.Equal(made.IssuedAt) {
		t.Errorf("the old one is %s for %d since %s, the new one is from %s", was.State, was.Reason, was.ChangedAt, made.IssuedAt)
	}
	for _, line := range []string{
		old.Serial + " valid>revoked by customer, other " + made.Serial,
		made.Serial + " pending>valid by customer, other " + old.Serial,
	} {
		if w.count(line) != 1 {
			t.Errorf("%q is not told once: %q", line, w.told)
		}
	}
	// Again: the same certificate, and nothing is told anew.
	again, err := h.Issue(t.Context(), owner(r), r)
	if err != nil || again.Serial != made.Serial || len(w.told) != 3 {
		t.Errorf("asking again: %s, %v, told %q", again.Serial, err, w.told)
	}
	// What is replaced can't be replaced once more.
	next := successor(t, old, "3")
	_, err = h.Issue(t.Context(), owner(next), next)
	refused(t, err, ca.ErrPredecessor)
}

func refused(t *testing.T, err error, want *fault.Fault) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %s", err, want.Name)
	}
}

func TestReplaceRefuses(t *testing.T) {
	t.Parallel()
	h, w := watched(t)
	old, other := h.issued(t, "1"), h.issued(t, "2")
	told := len(w.told)
	for name, test := range map[string]struct {
		change func(*ca.Request)
		want   *fault.Fault
	}{
		"another's":         {func(r *ca.Request) { r.Replaces = other.Serial }, ca.ErrIncomplete},
		"another kind":      {func(r *ca.Request) { r.Kind = npki.PersonalGeneral }, ca.ErrIncomplete},
		"nobody's":          {func(r *ca.Request) { r.Replaces = "00" }, ca.ErrIncomplete},
		"not in that state": {func(r *ca.Request) { r.From = []ca.State{ca.Suspended} }, ca.ErrPredecessor},
		"in no state":       {func(r *ca.Request) { r.From = nil }, ca.ErrPredecessor},
		"not any more": {func(r *ca.Request) {
			r.Still = func(context.Context) error { return ca.ErrState.With(nil, "state", "x") }
		}, ca.ErrState},
	} {
		r := successor(t, old, name)
		test.change(&r)
		_, err := h.Issue(t.Context(), owner(r), r)
		if !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %s", name, err, test.want.Name)
		}
		if _, err := h.store.ByApplication(t.Context(), r.ApplicationID); !errors.Is(err, ca.ErrNoCertificate) {
			t.Errorf("%s: something was begun, %v", name, err)
		}
	}
	if h.state(t, old.Serial).State != ca.Valid || len(w.told) != told {
		t.Errorf("a refusal changed something: %q", w.told[told:])
	}
}

// What becomes of a replacement when something happens to its predecessor
// between steps 5 and 7.
func TestPredecessorMeanwhile(t *testing.T) {
	t.Parallel()
	hold := func(h *house, r ca.Record) error { return h.Hold(context.Background(), operator, r.Serial, "online") }
	for name, test := range map[string]struct {
		before, meanwhile func(h *house, old ca.Record) error
		old, made         ca.State
	}{
		"nothing":             {nil, nil, ca.Revoked, ca.Valid},
		"suspended before":    {hold, nil, ca.Revoked, ca.Valid},
		"suspended meanwhile": {nil, hold, ca.Revoked, ca.Held},
		"suspended and resumed meanwhile": {nil, func(h *house, r ca.Record) error {
			return errors.Join(hold(h, r), h.Release(context.Background(), operator, r.Serial, "online"))
		}, ca.Revoked, ca.Held},
		"resumed meanwhile": {hold, func(h *house, r ca.Record) error {
			return h.Release(context.Background(), operator, r.Serial, "online")
		}, ca.Revoked, ca.Valid},
		"revoked meanwhile": {nil, func(h *house, r ca.Record) error {
			return h.Revoke(context.Background(), operator, r.Serial, ca.KeyCompromise, time.Time{})
		}, ca.Revoked, ca.Revoked},
		"expired meanwhile": {nil, func(h *house, r ca.Record) error {
			h.clock.move(r.NotAfter.Add(time.Second).Sub(h.clock.now()))
			return nil
		}, ca.Expired, ca.Valid},
		"expired meanwhile, and written down": {nil, func(h *house, r ca.Record) error {
			h.clock.move(r.NotAfter.Add(time.Second).Sub(h.clock.now()))
			_, err := h.Lapse(context.Background(), system, r.Serial)
			return err
		}, ca.Expired, ca.Valid},
		"the suspension's time over meanwhile": {hold, func(h *house, _ ca.Record) error {
			h.clock.move(200 * 24 * time.Hour)
			return nil
		}, ca.Suspended, ca.Revoked},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, w := watched(t)
			old := h.issued(t, "1")
			renew := strings.Contains(name, "expired")
			if renew {
				h.clock.move(old.NotAfter.AddDate(0, 0, -20).Sub(h.clock.now()))
			}
			if test.before != nil {
				if err := test.before(h, old); err != nil {
					t.Fatal(err)
				}
			}
			var key *signer
			a := h.another(t, func(c *ca.Config) { key = h.signer(c) })
			key.fail.Store(true)
			r := successor(t, old, "2")
			if renew {
				r.NotAfter = seoul.LastSecond(seoul.AddYears(old.NotAfter, 1))
			}
			_, err := a.Issue(t.Context(), owner(r), r)
			refused(t, err, ca.ErrSigning)
			second := successor(t, old, "3")
			_, err = h.Issue(t.Context(), owner(second), second)
			refused(t, err, ca.ErrPredecessor)
			if test.meanwhile != nil {
				if err := test.meanwhile(h, old); err != nil {
					t.Fatal(err)
				}
			}
			before := len(w.told)
			if n, err := h.Recover(t.Context()); n != 1 || err != nil {
				t.Fatalf("recovered %d, %v", n, err)
			}
			made, err := h.Issue(t.Context(), owner(r), r)
			if err != nil || made.State != test.made || h.state(t, old.Serial).State != test.old {
				t.Errorf("the new one is %s (%v), the old one %s", made.State, err, h.state(t, old.Serial).State)
			}
			if made.State == ca.Held && (made.Desk != "online" || made.HoldUntil.IsZero()) {
				t.Errorf("held at %q until %s", made.Desk, made.HoldUntil)
			}
			standing, err := h.store.Standings(t.Context(), made.Issuer, []string{made.Serial})
			if err != nil || !standing[0].Known || standing[0].Revoked != (made.State != ca.Valid) {
				t.Errorf("the world hears %+v, %v", standing, err)
			}
			if made.State == ca.Revoked && len(w.told) != before+1 {
				t.Errorf("told %q", w.told[before:])
			}
		})
	}
}

// Asking again for what was reissued gives it also after its end, when it could
// not be made any more.
func TestAskedForAfterItsEnd(t *testing.T) {
	t.Parallel()
	h, _ := watched(t)
	old := h.issued(t, "1")
	r := successor(t, old, "2")
	made, err := h.Issue(t.Context(), owner(r), r)
	if err != nil {
		t.Fatal(err)
	}
	h.clock.move(old.NotAfter.Add(time.Second).Sub(h.clock.now()))
	again, err := h.Issue(t.Context(), owner(r), r)
	if err != nil || again.Serial != made.Serial {
		t.Errorf("asking again: %s, %v", again.Serial, err)
	}
	late := successor(t, old, "3")
	_, err = h.Issue(t.Context(), owner(late), late)
	refused(t, err, ca.ErrLint)
}

// Who got another one since the old one ended does not get two.
func TestReplacementComesTooLate(t *testing.T) {
	t.Parallel()
	h, _ := watched(t)
	old := h.issued(t, "1")
	h.clock.move(old.NotAfter.AddDate(0, 0, -20).Sub(h.clock.now()))
	var key *signer
	a := h.another(t, func(c *ca.Config) { key = h.signer(c) })
	key.fail.Store(true)
	r := successor(t, old, "2")
	r.NotAfter = seoul.LastSecond(seoul.AddYears(old.NotAfter, 1))
	_, err := a.Issue(t.Context(), owner(r), r)
	refused(t, err, ca.ErrSigning)
	h.clock.move(old.NotAfter.Add(time.Second).Sub(h.clock.now()))
	first := request(t, "3")
	first.SubscriberID = old.SubscriberID
	if _, err := h.Issue(t.Context(), owner(first), first); err != nil {
		t.Fatal(err)
	}
	made, err := h.Issue(t.Context(), owner(r), r)
	if err != nil || made.State != ca.Revoked {
		t.Errorf("%s, %v", made.State, err)
	}
}

// Two requests for the same, or a request and a recovery, come together at step
// 7: what is told of a certificate is told once.
func TestToldOnce(t *testing.T) {
	t.Parallel()
	h, w := watched(t)
	old := h.issued(t, "1")
	for name, r := range map[string]ca.Request{"first": request(t, "2"), "replacement": successor(t, old, "3")} {
		told := len(w.told)
		a := h.another(t, func(c *ca.Config) {
			c.Step = func(n int) {
				if n == 6 {
					if _, err := h.Issue(context.Background(), owner(r), r); err != nil {
						t.Error(err)
					}
				}
			}
		})
		made, err := a.Issue(t.Context(), owner(r), r)
		if err != nil || made.State != ca.Valid {
			t.Errorf("%s: %s, %v", name, made.State, err)
		}
		want := 1
		if r.Replaces != "" {
			want = 2
		}
		if len(w.told) != told+want {
			t.Errorf("%s: told %q", name, w.told[told:])
		}
		stored := 0
		for _, e := range h.entries(t) {
			if e.Detail["step"] == "stored" && e.Object == "certificate:"+made.Serial {
				stored++
			}
		}
		if stored != 1 {
			t.Errorf("%s: %d entries that it was stored", name, stored)
		}
	}
}

func TestIssuedOnHold(t *testing.T) {
	t.Parallel()
	h, w := watched(t)
	r := request(t, "1")
	r.Hold = true
	made, err := h.Issue(t.Context(), owner(r), r)
	if err != nil || made.State != ca.Held || made.Desk != ca.DeskBank || !made.HoldUntil.Equal(seoul.LastSecond(seoul.AddMonths(start, 6))) {
		t.Fatalf("%s at %q until %s, %v", made.State, made.Desk, made.HoldUntil, err)
	}
	if w.count(made.Serial+" pending>held by customer, other ") != 1 {
		t.Errorf("told %q", w.told)
	}
	refused(t, h.Hold(t.Context(), operator, made.Serial, "online"), ca.ErrState)
	refused(t, h.Release(t.Context(), operator, made.Serial, "branch:101"), ca.ErrDesk)
	if err := h.Release(t.Context(), operator, made.Serial, ca.DeskBank); err != nil {
		t.Fatal(err)
	}
	if got := h.state(t, made.Serial); got.State != ca.Valid || got.Desk != "" || !got.HoldUntil.IsZero() || got.Hold {
		t.Errorf("released it is %+v", got)
	}
}

// A suspension ends after the last second of a day in Seoul, six months on,
// whether the clock's work comes in time or not.
func TestSuspensionEnds(t *testing.T) {
	t.Parallel()
	h, w := watched(t)
	record := h.issued(t, "1")
	if err := h.Hold(t.Context(), operator, record.Serial, "online"); err != nil {
		t.Fatal(err)
	}
	until := time.Date(2026, 9, 14, 14, 59, 59, 0, time.UTC)
	if got := h.state(t, record.Serial); !got.HoldUntil.Equal(until) {
		t.Fatalf("suspended until %s, want %s", got.HoldUntil, until)
	}
	h.clock.move(until.Sub(h.clock.now()))
	if to, err := h.Lapse(t.Context(), system, record.Serial); to != "" || err != nil {
		t.Errorf("in the last second it becomes %q, %v", to, err)
	}
	if err := h.Release(t.Context(), operator, record.Serial, "online"); err != nil {
		t.Errorf("in the last second: %v", err)
	}
	h.clock.move(start.Sub(h.clock.now()))
	if err := h.Hold(t.Context(), operator, record.Serial, "online"); err != nil {
		t.Fatal(err)
	}
	h.clock.move(until.Add(time.Microsecond).Sub(h.clock.now()))
	refused(t, h.Release(t.Context(), operator, record.Serial, "online"), ca.ErrState)
	refused(t, h.Revoke(t.Context(), operator, record.Serial, ca.KeyCompromise, time.Time{}), ca.ErrState)
	_, err := h.Lapse(t.Context(), operator, record.Serial)
	refused(t, err, authz.ErrForbidden)
	for _, want := range []ca.State{ca.Revoked, ""} {
		if to, err := h.Lapse(t.Context(), system, record.Serial); to != want || err != nil {
			t.Errorf("the clock made it %q, %v; want %q", to, err, want)
		}
	}
	got := h.state(t, record.Serial)
	if got.State != ca.Revoked || got.Reason != int(ca.Cessation) || w.count(record.Serial+" suspended>revoked by system, other ") != 1 {
		t.Errorf("%s for %d, told %q", got.State, got.Reason, w.told)
	}
	// It has not counted since it was suspended.
	standing, err := h.store.Standings(t.Context(), got.Issuer, []string{got.Serial})
	if err != nil || !standing[0].RevokedAt.Equal(start) {
		t.Errorf("revoked since %s, %v", standing[0].RevokedAt, err)
	}
	// The person may have another one.
	r := request(t, "2")
	r.SubscriberID = record.SubscriberID
	if _, err := h.Issue(t.Context(), owner(r), r); err != nil {
		t.Error(err)
	}
}

// Who comes for the next certificate before the clock did ends the old one: in
// its name, with its line in the history, once.
func TestNextCertificateEndsTheOldOne(t *testing.T) {
	t.Parallel()
	h, w := watched(t)
	old := h.issued(t, "1")
	h.clock.move(old.NotAfter.Sub(h.clock.now()))
	r := request(t, "2")
	r.SubscriberID = old.SubscriberID
	_, err := h.Issue(t.Context(), owner(r), r)
	refused(t, err, ca.ErrPersonHolds)
	h.clock.move(time.Microsecond)
	if _, err := h.Issue(t.Context(), owner(r), r); err != nil {
		t.Fatal(err)
	}
	if to, err := h.Lapse(t.Context(), system, old.Serial); to != "" || err != nil {
		t.Errorf("the clock made it %q, %v", to, err)
	}
	if w.count(old.Serial+" valid>expired by system, other ") != 1 {
		t.Errorf("told %q", w.told)
	}
	audited := 0
	for _, e := range h.entries(t) {
		if e.Act == authz.ExpireCertificate && e.Object == "certificate:"+old.Serial {
			audited++
		}
	}
	if audited != 1 {
		t.Errorf("%d audit entries of its end", audited)
	}
}

// An exception gives one more, and only one; what replaces it has its place.
func TestException(t *testing.T) {
	t.Parallel()
	h, _ := watched(t)
	plain := h.issued(t, "1")
	also := func(n, exception string) (ca.Record, error) {
		r := request(t, n)
		r.SubscriberID, r.Exception = plain.SubscriberID, exception
		return h.Issue(t.Context(), owner(r), r)
	}
	more, err := also("2", "approved")
	if err != nil {
		t.Fatal(err)
	}
	_, err = also("3", "approved")
	refused(t, err, ca.ErrPersonHolds)
	_, err = also("4", "")
	refused(t, err, ca.ErrPersonHolds)
	r := successor(t, more, "5")
	next, err := h.Issue(t.Context(), owner(r), r)
	if err != nil || next.Exception != "approved" || h.state(t, plain.Serial).State != ca.Valid {
		t.Errorf("replaced in %q, %v", next.Exception, err)
	}
	_, err = also("6", "approved")
	refused(t, err, ca.ErrPersonHolds)
}
