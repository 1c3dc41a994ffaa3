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

// What is over: ends and suspensions, after their last microsecond.
func testOverdueCertificates(t *testing.T, s *store.Store) {
	ctx := context.Background()
	ends, held, both := record("s1"), record("s2"), record("s3")
	ends.NotAfter, both.NotAfter = day(10), day(10)
	for _, r := range []*ca.Record{&ends, &held, &both} {
		*r = issued(t, s, *r)
	}
	for _, serial := range []string{held.Serial, both.Serial} {
		must(t, s.ChangeState(ctx, serial, ca.Move{From: []ca.State{ca.Valid}, To: ca.Suspended, Reason: ca.OnHold, Until: day(5), At: day(1)}))
	}
	wait := record("s4") // pending ones wait for Recover
	wait.NotAfter = day(1)
	must(t, s.Reserve(ctx, wait))
	want := func(at time.Time, limit int, serials ...string) {
		t.Helper()
		slices.Sort(serials)
		got, err := s.Overdue(ctx, at, limit)
		if limit < len(serials) {
			if err != nil || len(got) != limit {
				t.Errorf("up to %d: %v, %v", limit, got, err)
			}
			return
		}
		if diff := cmp.Diff(serials, got); err != nil || diff != "" {
			t.Errorf("over at %s: %v\n%s", at, err, diff)
		}
	}
	want(day(5), 9)
	want(day(5).Add(time.Microsecond), 9, held.Serial, both.Serial)
	want(day(10), 9, held.Serial, both.Serial)
	want(day(10).Add(time.Microsecond), 9, ends.Serial, held.Serial, both.Serial)
	want(day(11), 2, ends.Serial, held.Serial, both.Serial)
	must(t, s.ChangeState(ctx, both.Serial, ca.Move{From: []ca.State{ca.Suspended}, To: ca.Expired, At: day(11)}))
	must(t, s.ChangeState(ctx, held.Serial, ca.Move{From: []ca.State{ca.Suspended}, To: ca.Revoked, At: day(11)}))
	want(day(11), 9, ends.Serial)
}

func testReminders(t *testing.T, s *store.Store) {
	ctx := context.Background()
	var all []ca.Record
	for n, person := range []string{"s1", "s2", "s3", "s4", "s5"} {
		r := record(person)
		r.NotAfter = day(20)
		r = issued(t, s, r)
		if person != "s5" { // is never reminded
			must(t, s.BeginLife(ctx, r.Serial, day(n+1), []byte(person)))
		}
		all = append(all, r)
	}
	must(t, s.ChangeState(ctx, all[1].Serial, ca.Move{From: []ca.State{ca.Valid}, To: ca.Suspended, Reason: ca.OnHold, Until: day(19), At: day(1)}))
	due := func(at time.Time, limit int, want ...int) {
		t.Helper()
		must(t, s.InTx(ctx, func(ctx context.Context) error {
			got, err := s.DueReminders(ctx, at, limit)
			var reminders []lifecycle.Reminder
			for _, i := range want {
				reminders = append(reminders, lifecycle.Reminder{Serial: all[i].Serial, SubscriberID: all[i].SubscriberID, Kind: npki.PersonalBank, NotAfter: day(20)})
			}
			if diff := cmp.Diff(reminders, got); diff != "" {
				t.Errorf("due at %s:\n%s", at, diff)
			}
			return err
		}))
	}
	due(day(1).Add(-time.Microsecond), 9)
	due(day(1), 9, 0)
	due(day(4), 9, 0, 2, 3) // the longest due first; not the suspended one
	due(day(4), 2, 0, 2)
	due(day(20), 9, 0, 2, 3)
	due(day(20).Add(time.Microsecond), 9) // nobody is reminded of what is over
	must(t, s.SetReminder(ctx, all[0].Serial, day(9)))
	must(t, s.SetReminder(ctx, all[2].Serial, time.Time{}))
	due(day(4), 9, 3)
	due(day(9), 9, 3, 0)
}

func testProposals(t *testing.T, s *store.Store) {
	ctx := context.Background()
	p := lifecycle.Proposal{ID: "p1", Act: lifecycle.Exception, State: lifecycle.Open, SubscriberID: "s1", Kind: npki.PersonalBank,
		Why: "두 번째 기기", Maker: "m", MadeAt: day(0), ExpiresAt: day(7)}
	ex := lifecycle.Proposal{ID: "p0", Act: lifecycle.ExOfficio, State: lifecycle.Open, SubscriberID: "s1", Kind: npki.PersonalBank, Serial: "0a",
		Reason: ca.KeyCompromise, Invalidity: day(-3), Why: "사기", Maker: "m", MadeAt: day(1), ExpiresAt: day(8)}
	for _, one := range []lifecycle.Proposal{p, ex} {
		must(t, s.CreateProposal(ctx, one))
		got, err := s.Proposal(ctx, one.ID)
		if diff := cmp.Diff(one, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", one.ID, err, diff)
		}
	}
	if _, err := s.Proposal(ctx, "none"); !errors.Is(err, lifecycle.ErrNoProposal) {
		t.Errorf("unknown: %v", err)
	}
	if err := s.SaveProposal(ctx, lifecycle.Proposal{ID: "none", State: lifecycle.Used}); !errors.Is(err, lifecycle.ErrNoProposal) {
		t.Errorf("saving the unknown: %v", err)
	}
	open := func(at time.Time, limit int, want ...lifecycle.Proposal) {
		t.Helper()
		got, err := s.OpenProposals(ctx, at, limit)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("open at %s: %v\n%s", at, err, diff)
		}
	}
	open(day(1), 9, p, ex)
	open(day(1), 1, p)
	open(day(7), 9, ex)
	usable := func(at time.Time, person string, kind npki.Kind, want string) {
		t.Helper()
		if id, err := s.ApprovedException(ctx, person, kind, at); err != nil || id != want {
			t.Errorf("usable at %s is %q, %v; want %q", at, id, err, want)
		}
	}
	usable(day(1), "s1", npki.PersonalBank, "")
	p.State, p.Decider, p.DecidedAt, p.ExpiresAt = lifecycle.Approved, "d", day(2), day(9)
	must(t, s.SaveProposal(ctx, p))
	if got, err := s.Proposal(ctx, "p1"); err != nil || cmp.Diff(p, got) != "" {
		t.Errorf("approved: %+v, %v", got, err)
	}
	open(day(2), 9, ex)
	usable(day(9).Add(-time.Microsecond), "s1", npki.PersonalBank, "p1")
	usable(day(9), "s1", npki.PersonalBank, "")
	usable(day(3), "s2", npki.PersonalBank, "")
	usable(day(3), "s1", npki.PersonalGeneral, "")
	p.State = lifecycle.Used
	must(t, s.SaveProposal(ctx, p))
	usable(day(3), "s1", npki.PersonalBank, "")
}

// Of those who replace the same one at once, one does.
func testRaceReplacement(t *testing.T, s *store.Store) {
	old := issued(t, s, record("s1"))
	done := 0
	for _, err := range race(func(int) error { return s.Reserve(context.Background(), replacing(old)) }) {
		if err == nil {
			done++
		} else if !errors.Is(err, ca.ErrHolds) {
			t.Error(err)
		}
	}
	if done != 1 {
		t.Errorf("%d replace it, want 1", done)
	}
}

// Of those who take reminders at once each gets others.
func testRaceReminders(t *testing.T, s *store.Store) {
	const many = 40
	for i := range many {
		r := issued(t, s, record(string(rune('A'+i))))
		must(t, s.BeginLife(context.Background(), r.Serial, day(1), []byte(r.Serial)))
	}
	taken := make([][]string, racers)
	for _, err := range race(func(n int) error {
		for {
			found := 0
			err := s.InTx(context.Background(), func(ctx context.Context) error {
				due, err := s.DueReminders(ctx, day(2), 3)
				if found = len(due); err != nil {
					return err
				}
				for _, r := range due {
					if err := s.SetReminder(ctx, r.Serial, time.Time{}); err != nil {
						return err
					}
				}
				for _, r := range due {
					taken[n] = append(taken[n], r.Serial)
				}
				return nil
			})
			if err != nil || found == 0 {
				return err
			}
		}
	}) {
		must(t, err)
	}
	all := slices.Concat(taken...)
	slices.Sort(all)
	if len(all) != len(slices.Compact(slices.Clone(all))) {
		t.Error("a reminder was taken twice")
	}
}
