package storetest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/pki/npki"
)

// replacing makes a pending certificate that is to take another's place.
func replacing(old ca.Record) ca.Record {
	r := record(old.SubscriberID)
	r.Replaces, r.Exception = old.Serial, old.Exception
	return r
}

// A replacement stands beside its predecessor while it is pending; when both
// would count, the database refuses.
func testReplacement(t *testing.T, s *store.Store) {
	ctx := context.Background()
	old := issued(t, s, record("s1"))
	next := replacing(old)
	must(t, s.Reserve(ctx, next))
	got, err := s.Certificate(ctx, next.Serial)
	if diff := cmp.Diff(next, got); err != nil || diff != "" {
		t.Errorf("reserved: %v\n%s", err, diff)
	}
	if err := s.Reserve(ctx, replacing(old)); !errors.Is(err, ca.ErrHolds) {
		t.Errorf("a second replacement: %v, want ErrHolds", err)
	}
	if holder, err := s.Holder(ctx, "s1", npki.PersonalBank, ""); err != nil || holder != old.Serial {
		t.Errorf("the holder is %s, %v; want the old one", holder, err)
	}
	if err := second(s.Complete(ctx, next.Serial, []byte("next"), ca.Valid, day(1))); err == nil {
		t.Error("two count at once")
	}
	must(t, s.InTx(ctx, func(ctx context.Context) error {
		must(t, s.ChangeState(ctx, old.Serial, ca.Move{From: []ca.State{ca.Valid}, To: ca.Revoked, Reason: ca.Superseded, At: day(1)}))
		state, err := s.Complete(ctx, next.Serial, []byte("next"), ca.Valid, day(1))
		if state != ca.Valid {
			t.Errorf("it became %s", state)
		}
		return err
	}))
	if holder, err := s.Holder(ctx, "s1", npki.PersonalBank, ""); err != nil || holder != next.Serial {
		t.Errorf("the holder is %s, %v; want the new one", holder, err)
	}
	// What replaces one that is gone comes out revoked, and can be replaced no more.
	lost := replacing(next)
	must(t, s.Reserve(ctx, lost))
	if state, err := s.Complete(ctx, lost.Serial, []byte("lost"), ca.Revoked, day(2)); err != nil || state != ca.Revoked {
		t.Errorf("it became %s, %v", state, err)
	}
	standing, err := s.Standings(ctx, issuer, []string{lost.Serial})
	if err != nil || !standing[0].Revoked || standing[0].Reason != int(ca.Superseded) || !standing[0].RevokedAt.Equal(day(2)) {
		t.Errorf("it stands as %+v, %v", standing, err)
	}
	if err := second(s.Complete(ctx, lost.Serial, []byte("x"), ca.Suspended, day(2))); !errors.Is(err, ca.ErrWrongState) {
		t.Errorf("completing as suspended: %v", err)
	}
}

// An exception is a place of its own.
func testException(t *testing.T, s *store.Store) {
	ctx := context.Background()
	plain := issued(t, s, record("s1"))
	more := record("s1")
	more.Exception = "e1"
	more = issued(t, s, more)
	same := record("s1")
	same.Exception = "e1"
	if err := s.Reserve(ctx, same); !errors.Is(err, ca.ErrHolds) {
		t.Errorf("a second one by the exception: %v, want ErrHolds", err)
	}
	for exception, want := range map[string]string{"": plain.Serial, "e1": more.Serial, "e2": ""} {
		if holder, err := s.Holder(ctx, "s1", npki.PersonalBank, exception); err != nil || holder != want {
			t.Errorf("the holder by %q is %s, %v; want %s", exception, holder, err, want)
		}
	}
}

// What is pending can be told to become held; others' is left alone.
func testHoldPending(t *testing.T, s *store.Store) {
	ctx := context.Background()
	old := issued(t, s, record("s1"))
	first, next, others := record("s1"), replacing(old), record("s2")
	first.Kind = npki.PersonalGeneral
	for _, r := range []ca.Record{first, next, others} {
		must(t, s.Reserve(ctx, r))
	}
	hold := func(replaces string, want int) {
		t.Helper()
		if n, err := s.HoldPending(ctx, "s1", replaces, "lost", day(180)); err != nil || n != want {
			t.Errorf("held %d, %v; want %d", n, err, want)
		}
	}
	hold("00", 0)
	hold(old.Serial, 1)
	hold("", 1)
	hold("", 0)
	for _, test := range []struct {
		r    ca.Record
		want ca.State
	}{{first, ca.Held}, {others, ca.Valid}} {
		state, err := s.Complete(ctx, test.r.Serial, []byte("done"), ca.Valid, day(1))
		got, err2 := s.Certificate(ctx, test.r.Serial)
		if err != nil || err2 != nil || state != test.want || got.State != test.want {
			t.Errorf("it became %s, %v; want %s", state, errors.Join(err, err2), test.want)
		}
		if test.want == ca.Held && (got.Reason != int(ca.OnHold) || got.Desk != "lost" || !got.HoldUntil.Equal(day(180))) {
			t.Errorf("held as %+v", got)
		}
		standing, err := s.Standings(ctx, issuer, []string{test.r.Serial})
		if err != nil || standing[0].Revoked != (test.want == ca.Held) {
			t.Errorf("it stands as %+v, %v", standing, err)
		}
	}
	must(t, s.ChangeState(ctx, first.Serial, ca.Move{From: []ca.State{ca.Held}, To: ca.Valid, At: day(2)}))
	if got, err := s.Certificate(ctx, first.Serial); err != nil || got.Hold || got.Desk != "" || !got.HoldUntil.IsZero() {
		t.Errorf("released: %+v, %v", got, err)
	}
}

// A revocation counts from the suspension before it, and who ends it at a desk
// leaves none behind.
func testSuspension(t *testing.T, s *store.Store) {
	ctx := context.Background()
	r := issued(t, s, record("s1"))
	must(t, s.ChangeState(ctx, r.Serial, ca.Move{From: []ca.State{ca.Valid}, To: ca.Suspended, Reason: ca.OnHold, Desk: "online", Until: day(180), At: day(2)}))
	got, err := s.Certificate(ctx, r.Serial)
	if err != nil || got.Desk != "online" || !got.HoldUntil.Equal(day(180)) {
		t.Errorf("suspended: %+v, %v", got, err)
	}
	must(t, s.ChangeState(ctx, r.Serial, ca.Move{From: []ca.State{ca.Suspended}, To: ca.Revoked, Reason: ca.Cessation, At: day(9)}))
	got, err = s.Certificate(ctx, r.Serial)
	if err != nil || got.Desk != "" || !got.HoldUntil.IsZero() {
		t.Errorf("revoked: %+v, %v", got, err)
	}
	standing, err := s.Standings(ctx, issuer, []string{r.Serial})
	if err != nil || !standing[0].RevokedAt.Equal(day(2)) || standing[0].Reason != int(ca.Cessation) {
		t.Errorf("it stands as %+v, %v", standing, err)
	}
}

func testEvents(t *testing.T, s *store.Store) {
	ctx := context.Background()
	var want []lifecycle.Event
	for n := range 3 {
		e := lifecycle.Event{ID: string(rune('a' + n)), Serial: "0a", SubscriberID: "s1", At: day(n), Act: lifecycle.Suspended,
			Role: authz.CodeHolder, Desk: "lost", Reason: ca.OnHold, Other: "0b"}
		must(t, s.AddEvent(ctx, e))
		want = append([]lifecycle.Event{e}, want...)
	}
	other := want[0]
	other.ID, other.SubscriberID = "x", "s2"
	must(t, s.AddEvent(ctx, other))
	got, err := s.EventsOf(ctx, "s1")
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("history: %v\n%s", err, diff)
	}
	if none, err := s.EventsOf(ctx, "nobody"); len(none) != 0 || err != nil {
		t.Errorf("nobody's history: %v, %v", none, err)
	}
	if err := s.AddEvent(ctx, other); err == nil {
		t.Error("one line stands there twice")
	}
}

func testEmergencyCode(t *testing.T, s *store.Store) {
	ctx := context.Background()
	a, b := issued(t, s, record("s1")), issued(t, s, record("s2"))
	must(t, s.BeginLife(ctx, a.Serial, day(30), []byte("index of a")))
	must(t, s.BeginLife(ctx, b.Serial, time.Time{}, []byte("index of b")))
	for index, want := range map[string]string{"index of a": "s1", "index of b": "s2"} {
		if owner, err := s.ByEmergencyCode(ctx, []byte(index)); err != nil || owner != want {
			t.Errorf("%s is %s's, %v", index, owner, err)
		}
	}
	if _, err := s.ByEmergencyCode(ctx, []byte("index of c")); !errors.Is(err, lifecycle.ErrNoCode) {
		t.Errorf("nobody's: %v, want ErrNoCode", err)
	}
	if err := s.BeginLife(ctx, b.Serial, time.Time{}, []byte("index of a")); err == nil {
		t.Error("two certificates have one code")
	}
}

// What an older version has issued is found once, whoever else holds what.
func testOlder(t *testing.T, s *store.Store) {
	ctx := context.Background()
	var want []lifecycle.Older
	for i, state := range []ca.State{ca.Valid, ca.Suspended, ca.Revoked} {
		r := record("s1")
		r.Exception = string(state)
		r = issued(t, s, r)
		if state != ca.Valid {
			must(t, s.ChangeState(ctx, r.Serial, ca.Move{From: []ca.State{ca.Valid}, To: state, Reason: ca.OnHold, At: day(i)}))
			r.ChangedAt = day(i)
			r.Reason = int(ca.OnHold)
		}
		want = append(want, lifecycle.Older{Serial: r.Serial, SubscriberID: "s1", State: state, NotBefore: r.NotBefore, NotAfter: r.NotAfter,
			IssuedAt: r.IssuedAt, ChangedAt: r.ChangedAt, Reason: ca.Reason(r.Reason)})
	}
	slices.SortFunc(want, func(a, b lifecycle.Older) int { return strings.Compare(a.Serial, b.Serial) })
	must(t, s.AddEvent(ctx, lifecycle.Event{ID: "e", Serial: want[1].Serial, SubscriberID: "s1", At: day(1), Act: lifecycle.Issued}))
	want[1].Known = true
	own, pending, later := record("authority:ocsp"), record("s2"), issued(t, s, record("s3"))
	issued(t, s, own)
	must(t, s.Reserve(ctx, pending))
	must(t, s.BeginLife(ctx, later.Serial, time.Time{}, []byte("later")))
	wants := func(after string, limit int, want []lifecycle.Older) {
		t.Helper()
		var got []lifecycle.Older
		must(t, s.InTx(ctx, func(ctx context.Context) (err error) {
			got, err = s.Older(ctx, after, limit)
			return err
		}))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	wants("", 10, want)
	wants("", 2, want[:2])
	wants(want[1].Serial, 10, want[2:])
	for i, o := range want {
		must(t, s.Adopt(ctx, lifecycle.Adoption{Serial: o.Serial, RemindAt: day(i), CodeIndex: []byte(o.Serial), Desk: "bank", HoldUntil: day(180)}))
	}
	wants("", 10, nil)
	must(t, s.Adopt(ctx, lifecycle.Adoption{Serial: want[0].Serial, CodeIndex: []byte("again"), Desk: "again", HoldUntil: day(1)}))
	must(t, s.Adopt(ctx, lifecycle.Adoption{Serial: later.Serial, CodeIndex: []byte("again")}))
	r, err := s.Certificate(ctx, want[0].Serial)
	if err != nil || r.Desk != "bank" || !r.HoldUntil.Equal(day(180)) {
		t.Errorf("adopted: at %q until %s, %v", r.Desk, r.HoldUntil, err)
	}
	if owner, err := s.ByEmergencyCode(ctx, []byte(want[0].Serial)); err != nil || owner != "s1" {
		t.Errorf("its code is %q's, %v", owner, err)
	}
}

func testLiveOf(t *testing.T, s *store.Store) {
	ctx := context.Background()
	var want []string
	for i, state := range []ca.State{ca.Valid, ca.Suspended, ca.Revoked, ca.Expired} {
		r := record("s1")
		r.Exception = string(state)
		r = issued(t, s, r)
		if state != ca.Valid {
			must(t, s.ChangeState(ctx, r.Serial, ca.Move{From: []ca.State{ca.Valid}, To: state, Reason: ca.OnHold, At: day(1)}))
		}
		if i < 2 {
			want = append(want, r.Serial)
		}
	}
	issued(t, s, record("s2"))
	pending := record("s1")
	pending.Exception = "pending"
	must(t, s.Reserve(ctx, pending))
	slices.Sort(want)
	must(t, s.InTx(ctx, func(ctx context.Context) error {
		var got []string
		live, err := s.LiveOf(ctx, "s1")
		for _, r := range live {
			got = append(got, r.Serial)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("live:\n%s", diff)
		}
		return err
	}))
}

// Applications are stopped, but not those for which the authority has begun.
func testAbandonOpen(t *testing.T, s *store.Store) {
	ctx := context.Background()
	for id, kind := range map[string]npki.Kind{"open": npki.PersonalBank, "begun": npki.PersonalGeneral} {
		a := application(id, "s1")
		a.Kind = kind
		must(t, s.CreateApplication(ctx, a))
	}
	must(t, s.CreateApplication(ctx, application("other", "s2")))
	r := record("s1")
	r.ApplicationID = "begun"
	must(t, s.Reserve(ctx, r))
	must(t, s.InTx(ctx, func(ctx context.Context) error {
		ids, err := s.AbandonOpen(ctx, "s1", day(3))
		if len(ids) != 1 || ids[0] != "open" {
			t.Errorf("stopped %v", ids)
		}
		return err
	}))
	for id, want := range map[string]enrolment.State{"open": enrolment.Abandoned, "begun": enrolment.Started, "other": enrolment.Started} {
		if a, err := s.Application(ctx, id); err != nil || a.State != want || want == enrolment.Abandoned && (!a.UpdatedAt.Equal(day(3)) || a.Revision == 0) {
			t.Errorf("%s is %s, %v; want %s", id, a.State, err, want)
		}
	}
	must(t, s.InTx(ctx, func(ctx context.Context) error {
		ids, err := s.AbandonOpen(ctx, "s1", day(4))
		if len(ids) != 0 {
			t.Errorf("stopped %v once more", ids)
		}
		return err
	}))
}
