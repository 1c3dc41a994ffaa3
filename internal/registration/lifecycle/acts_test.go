package lifecycle_test

import (
	"context"
	"crypto/rand"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/ca/catest"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle/lifetest"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/pki/npki"
)

var start = at("2027-03-02 12:00:00")

var ceremony = sync.OnceValues(func() (*ca.Ceremony, error) {
	return catest.Ceremony(2048, func() time.Time { return start.AddDate(0, 0, -1) })
})

// house is what a life needs, on a SQLite store of its own, with a clock.
type house struct {
	*lifetest.House
	t   *testing.T
	ctx context.Context
	mu  sync.Mutex
	at  time.Time
	n   int
}

func newHouse(t *testing.T, changes ...lifetest.Change) *house {
	t.Helper()
	made, err := ceremony()
	check(t, err)
	h := &house{t: t, ctx: t.Context(), at: start}
	ring := keys.NewRing()
	db, err := store.Open(h.ctx, "sqlite:"+filepath.Join(t.TempDir(), "ingam.db"), ring)
	check(t, err)
	t.Cleanup(func() { check(t, db.Close()) })
	check(t, db.Migrate(h.ctx))
	h.House, err = lifetest.New(made, db, ring, h.now, changes...)
	check(t, err)
	for _, name := range []string{"hong", "kim"} {
		_, err := h.Person(h.ctx, name, true)
		check(t, err)
	}
	return h
}

func (h *house) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *house) set(t time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = t
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refused(t *testing.T, err error, want *fault.Fault) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got %v, want %s", err, want.Name)
		return
	}
	whole(t, err)
}

var hong, kim = lifetest.Customer("hong", "r1"), lifetest.Customer("kim", "r2")

func (h *house) issued(person string, change ...func(*ca.Request)) ca.Record {
	h.t.Helper()
	h.n++
	r, err := catest.Request(rand.Reader, rand.Text())
	check(h.t, err)
	r.SubscriberID = person
	for _, f := range change {
		f(&r)
	}
	record, err := h.Authority.Issue(h.ctx, lifetest.Customer(person, "issue"), r)
	check(h.t, err)
	return record
}

func (h *house) state(serial string) ca.Record {
	h.t.Helper()
	r, err := h.Store.Certificate(h.ctx, serial)
	check(h.t, err)
	return r
}

// audited counts the entries of an act on an object.
func (h *house) audited(act authz.Act, object string, outcome audit.Outcome) int {
	h.t.Helper()
	heads, err := h.Store.Heads(h.ctx)
	check(h.t, err)
	n := 0
	for _, head := range heads {
		entries, err := h.Store.Entries(h.ctx, head.Lane, 0, 10_000)
		check(h.t, err)
		for _, e := range entries {
			if e.Act == act && e.Object == object && e.Outcome == outcome {
				n++
			}
		}
	}
	return n
}

// told gives the person's notices of an event.
func (h *house) told(person, event string) int {
	h.t.Helper()
	all, err := h.Store.NoticesOf(h.ctx, person, 1000)
	check(h.t, err)
	n := 0
	for _, e := range all {
		if string(e.Event) == event {
			n++
		}
	}
	return n
}

func TestSuspendAndResume(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.issued("hong")
	_, err := h.Life.Suspend(h.ctx, kim, c.Serial, lifecycle.DeskOnline)
	refused(t, err, ca.ErrNotFound)
	_, err = h.Life.Suspend(h.ctx, hong, c.Serial, lifecycle.Branch("101"))
	refused(t, err, authz.ErrForbidden)
	_, err = h.Life.Suspend(h.ctx, lifetest.Nobody, c.Serial, lifecycle.DeskOnline)
	refused(t, err, authz.ErrForbidden)
	if _, err = h.Life.Suspend(h.ctx, lifetest.Teller, c.Serial, strings.Repeat("x", 65)); err == nil {
		t.Error("a desk of 65 bytes is taken")
	}
	if n := h.audited(authz.HoldCertificate, "certificate:"+c.Serial, audit.Denied); n != 3 {
		t.Errorf("%d denials in the audit log", n)
	}
	got, err := h.Life.Suspend(h.ctx, hong, c.Serial, lifecycle.DeskOnline)
	check(t, err)
	if got.State != ca.Suspended || got.Desk != lifecycle.DeskOnline || !got.HoldUntil.Equal(at("2027-09-02 23:59:59")) {
		t.Errorf("%s at %s until %s", got.State, got.Desk, got.HoldUntil)
	}
	_, err = h.Life.Suspend(h.ctx, hong, c.Serial, lifecycle.DeskOnline)
	refused(t, err, lifecycle.ErrSuspended)
	if n := h.audited(authz.HoldCertificate, "certificate:"+c.Serial, audit.Refused); n != 1 {
		t.Errorf("%d refusals in the audit log", n)
	}
	_, err = h.Life.Resume(h.ctx, hong, c.Serial, lifecycle.DeskOnline)
	refused(t, err, authz.ErrForbidden) // without proof of identity
	_, err = h.Life.Resume(h.ctx, lifetest.Supervisor, c.Serial, lifecycle.Branch("101"))
	refused(t, err, ca.ErrDesk)
	got, err = h.Life.Resume(h.ctx, lifetest.Supervisor, c.Serial, lifecycle.DeskOnline)
	check(t, err)
	if got.State != ca.Valid || got.Desk != "" {
		t.Errorf("%s at %q", got.State, got.Desk)
	}
	_, err = h.Life.Resume(h.ctx, lifetest.Supervisor, c.Serial, lifecycle.DeskOnline)
	refused(t, err, lifecycle.ErrValid)
	_, err = h.Life.Suspend(h.ctx, hong, "00", lifecycle.DeskOnline)
	refused(t, err, ca.ErrNotFound)
	if a, b := h.told("hong", "suspended"), h.told("hong", "resumed"); a != 2 || b != 2 {
		t.Errorf("told %d and %d times", a, b)
	}
}

func TestRevoke(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.issued("hong")
	for name, test := range map[string]struct {
		caller  authz.Caller
		reason  ca.Reason
		invalid time.Time
		otp     string
		want    *fault.Fault
	}{
		"a stranger":       {kim, ca.Cessation, time.Time{}, lifetest.RightOTP, ca.ErrNotFound},
		"nobody":           {lifetest.Nobody, ca.Cessation, time.Time{}, lifetest.RightOTP, authz.ErrForbidden},
		"wrong password":   {hong, ca.Cessation, time.Time{}, "000000", proofing.ErrOTPWrong},
		"no password":      {hong, ca.Cessation, time.Time{}, "", proofing.ErrOTPWrong},
		"on hold":          {hong, ca.OnHold, time.Time{}, lifetest.RightOTP, ca.ErrReason},
		"no reason":        {hong, ca.Reason(2), time.Time{}, lifetest.RightOTP, ca.ErrReason},
		"from tomorrow on": {hong, ca.KeyCompromise, start.Add(time.Second), lifetest.RightOTP, lifecycle.ErrInvalidity},
		"before there was": {hong, ca.KeyCompromise, start.Add(-time.Second), lifetest.RightOTP, lifecycle.ErrInvalidity},
	} {
		_, err := h.Life.Revoke(h.ctx, test.caller, c.Serial, test.reason, test.invalid, test.otp)
		if refused(t, err, test.want); t.Failed() {
			t.Fatal(name)
		}
	}
	if h.state(c.Serial).State != ca.Valid {
		t.Fatal("a refusal revoked it")
	}
	h.set(start.Add(time.Hour))
	got, err := h.Life.Revoke(h.ctx, hong, c.Serial, ca.KeyCompromise, start, lifetest.RightOTP)
	check(t, err)
	if got.State != ca.Revoked || got.Reason != int(ca.KeyCompromise) || !got.InvalidityDate.Equal(start) {
		t.Errorf("%s for %d since %s", got.State, got.Reason, got.InvalidityDate)
	}
	_, err = h.Life.Revoke(h.ctx, hong, c.Serial, ca.Cessation, time.Time{}, lifetest.RightOTP)
	refused(t, err, lifecycle.ErrRevoked)
	if n := h.audited(authz.RevokeCertificate, "certificate:"+c.Serial, audit.Done); n != 1 || h.told("hong", "revoked") != 2 {
		t.Errorf("%d entries, told %d times", n, h.told("hong", "revoked"))
	}
	over := h.issued("hong")
	h.set(over.NotAfter.Add(time.Second))
	_, err = h.Life.Revoke(h.ctx, hong, over.Serial, ca.Cessation, time.Time{}, lifetest.RightOTP)
	refused(t, err, lifecycle.ErrExpired)
	// Staff needs no password; who is at the desk has been seen.
	next := h.issued("hong")
	_, err = h.Life.Revoke(h.ctx, lifetest.Supervisor, next.Serial, ca.AffiliationChanged, time.Time{}, "")
	check(t, err)
}

func TestLost(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	one := h.issued("hong")
	two := h.issued("hong", func(r *ca.Request) { r.Kind = npki.PersonalGeneral })
	held := h.issued("hong", func(r *ca.Request) { r.Kind, r.Hold = npki.CorporateGeneral, true })
	other := h.issued("kim")
	_, err := h.Life.Suspend(h.ctx, hong, two.Serial, lifecycle.DeskOnline)
	check(t, err)
	a := enrolment.Application{ID: "open", SubscriberID: "hong", Way: enrolment.Issue, Kind: npki.CorporateBank, State: enrolment.Consented,
		CreatedAt: start, UpdatedAt: start, ExpiresAt: start.Add(time.Hour)}
	check(t, h.Store.CreateApplication(h.ctx, a))
	_, err = h.Life.Lost(h.ctx, kim, "hong")
	refused(t, err, authz.ErrForbidden)
	loss, err := h.Life.Lost(h.ctx, hong, "hong")
	check(t, err)
	if len(loss.Suspended) != 1 || loss.Suspended[0] != npki.PersonalBank || len(loss.Before) != 2 || loss.Stopped != 1 || !loss.At.Equal(start) {
		t.Errorf("%+v", loss)
	}
	if !loss.Until.Equal(ca.SuspendedUntil(start)) {
		t.Errorf("it can be resumed until %s", loss.Until)
	}
	if got := h.state(one.Serial); got.State != ca.Suspended || got.Desk != lifecycle.DeskLost {
		t.Errorf("%s at %s", got.State, got.Desk)
	}
	if h.state(other.Serial).State != ca.Valid || h.state(two.Serial).Desk != lifecycle.DeskOnline || h.state(held.Serial).State != ca.Held {
		t.Error("it touched what it should not")
	}
	if got, err := h.Store.Application(h.ctx, "open"); err != nil || got.State != enrolment.Abandoned {
		t.Errorf("the open application is %s, %v", got.State, err)
	}
	if h.audited(authz.AbandonApplication, "application:open", audit.Done) != 1 || h.audited(authz.ReportLoss, "subscriber:hong", audit.Done) != 1 {
		t.Error("the audit log does not tell")
	}
	again, err := h.Life.Lost(h.ctx, lifetest.Teller, "hong")
	if err != nil || len(again.Suspended) != 0 || len(again.Before) != 3 {
		t.Errorf("reporting again: %+v, %v", again, err)
	}
	if h.told("hong", "lost") != 2 || h.told("kim", "lost") != 0 {
		t.Errorf("told %d and %d times", h.told("hong", "lost"), h.told("kim", "lost"))
	}
	nothing, err := h.Life.Lost(h.ctx, lifetest.Teller, "nobody")
	if err != nil || len(nothing.Suspended)+len(nothing.Before)+nothing.Stopped+nothing.Begun != 0 {
		t.Errorf("who holds nothing: %+v, %v", nothing, err)
	}
}

// What ends before its suspension does can be resumed until its end only.
func TestLostNearTheEnd(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	one := h.issued("hong")
	h.set(one.NotAfter.AddDate(0, -1, 0))
	loss, err := h.Life.Lost(h.ctx, hong, "hong")
	if err != nil || !loss.Until.Equal(one.NotAfter) {
		t.Errorf("until %s, %v; it ends at %s", loss.Until, err, one.NotAfter)
	}
}

func TestEmergencyCode(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c, other := h.issued("hong"), h.issued("kim")
	code, err := h.Life.EmergencyCode(h.ctx, hong, c.Serial)
	check(t, err)
	again, err := h.Life.EmergencyCode(h.ctx, hong, c.Serial)
	if err != nil || again != code || !codeForm.MatchString(code) {
		t.Errorf("%s, then %s, %v", code, again, err)
	}
	if h.audited(authz.ViewEmergencyCode, "certificate:"+c.Serial, audit.Done) != 2 {
		t.Error("looks at a code are not in the audit log")
	}
	for _, caller := range []authz.Caller{lifetest.Teller, lifetest.Operator, lifetest.Nobody, lifetest.Clock} {
		_, err = h.Life.EmergencyCode(h.ctx, caller, c.Serial)
		refused(t, err, authz.ErrForbidden)
	}
	_, err = h.Life.EmergencyCode(h.ctx, kim, c.Serial)
	refused(t, err, ca.ErrNotFound)

	loss, err := h.Life.LostByCode(h.ctx, lifetest.Nobody, "192.0.2.1", strings.ToLower(strings.ReplaceAll(code, "-", "")))
	check(t, err)
	if len(loss.Suspended) != 1 || h.state(c.Serial).State != ca.Suspended || h.state(other.Serial).State != ca.Valid {
		t.Errorf("%+v", loss)
	}
	events, err := h.Life.History(h.ctx, hong, "hong")
	check(t, err)
	if len(events) != 2 {
		t.Fatalf("%d lines", len(events))
	}
	for _, e := range events {
		if e.Act == lifecycle.Suspended && (e.By() != lifecycle.ByCode || e.Role != authz.CodeHolder) {
			t.Errorf("suspended by %s", e.By())
		}
	}
	_, err = h.Life.Revoke(h.ctx, lifetest.Supervisor, c.Serial, ca.Cessation, time.Time{}, "")
	check(t, err)
	_, err = h.Life.EmergencyCode(h.ctx, hong, c.Serial)
	refused(t, err, lifecycle.ErrCodeOver)
	// Who holds nothing any more hears what one hears whose code nobody has.
	_, err = h.Life.LostByCode(h.ctx, lifetest.Nobody, "192.0.2.1", code)
	refused(t, err, lifecycle.ErrCodeWrong)
	_, err = h.Life.LostByCode(h.ctx, lifetest.Teller, "192.0.2.1", code)
	refused(t, err, authz.ErrForbidden)
}

// Five wrong codes from an address close it for half an hour, also for a right
// one; what can't be a code is no try, and other addresses are not concerned.
func TestGuessingCodes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.issued("hong")
	code, err := h.Life.EmergencyCode(h.ctx, hong, c.Serial)
	check(t, err)
	guess := func(from, typed string, want *fault.Fault) {
		t.Helper()
		_, err := h.Life.LostByCode(h.ctx, lifetest.Nobody, from, typed)
		refused(t, err, want)
	}
	for range 20 {
		guess("192.0.2.1", "not a code", lifecycle.ErrCodeForm)
	}
	wrong := lifecycle.FormatCode(lifecycle.CodeOf([]byte("wrong wrong wrong")))
	for range 5 {
		guess("192.0.2.1", wrong, lifecycle.ErrCodeWrong)
	}
	guess("192.0.2.1", wrong, lifecycle.ErrCodeLocked)
	guess("192.0.2.1", code, lifecycle.ErrCodeLocked)
	if h.state(c.Serial).State != ca.Valid {
		t.Fatal("a locked address suspended it")
	}
	guess("192.0.2.2", wrong, lifecycle.ErrCodeWrong)
	h.set(start.Add(30*time.Minute - time.Microsecond))
	guess("192.0.2.1", code, lifecycle.ErrCodeLocked)
	h.set(start.Add(30 * time.Minute))
	_, err = h.Life.LostByCode(h.ctx, lifetest.Nobody, "192.0.2.1", code)
	check(t, err)
	if h.state(c.Serial).State != ca.Suspended {
		t.Error("it is not suspended")
	}
	// Right ones cost nothing.
	for range 10 {
		_, err = h.Life.LostByCode(h.ctx, lifetest.Nobody, "192.0.2.1", code)
		check(t, err)
	}
	if n := h.audited(authz.ReportLossByCode, "emergency-code", audit.Refused); n != 20+5+3+1 {
		t.Errorf("%d refusals in the audit log", n)
	}
	heads, err := h.Store.Heads(h.ctx)
	check(t, err)
	for _, head := range heads {
		entries, err := h.Store.Entries(h.ctx, head.Lane, 0, 10_000)
		check(t, err)
		for _, e := range entries {
			for name, value := range e.Detail {
				if strings.Contains(value, code) || strings.Contains(value, "192.0.2") || strings.Contains(value, wrong) {
					t.Errorf("the audit log holds %s %q", name, value)
				}
			}
		}
	}
}
