package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/notice"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/pki/npki"
)

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
	must(t, s.SetReminders(ctx, []string{all[0].Serial}, day(9)))
	must(t, s.SetReminders(ctx, []string{all[2].Serial}, time.Time{}))
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
				var serials []string
				for _, r := range due {
					serials = append(serials, r.Serial)
				}
				if err := s.SetReminders(ctx, serials, time.Time{}); err != nil {
					return err
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

// Many at once are what one after the other would be.
func testManyNotices(t *testing.T, s *store.Store) {
	ctx := context.Background()
	add(t, s, entry("k1", "s1", notice.Mail, 0), true)
	var entries []notice.Entry
	for i := range 1203 { // more than one statement takes
		entries = append(entries, entry(fmt.Sprint("k", i), "s1", notice.Mail, i))
		entries[i].ID = fmt.Sprint("many", i)
	}
	entries = append(entries, entry("k7", "s1", notice.Mail, 9)) // there twice
	must(t, s.AddNotices(ctx, entries))
	must(t, s.AddNotices(ctx, entries[:3]))
	must(t, s.AddNotices(ctx, nil))
	all, err := s.NoticesOf(ctx, "s1", 5000)
	must(t, err)
	if len(all) != 1203 {
		t.Errorf("%d notices, want 1203", len(all))
	}
	for _, e := range all {
		want := entry(e.Key, "s1", notice.Mail, 0)
		if e.Key == "k3" {
			if diff := cmp.Diff(entries[3], e); diff != "" {
				t.Errorf("stored otherwise:\n%s", diff)
			}
		}
		if (e.Key == "k1") != (e.ID == want.ID) {
			t.Errorf("%s is %s: the first stays", e.Key, e.ID)
		}
	}
	var ids []string
	for i := range 700 {
		ids = append(ids, fmt.Sprint("p", i))
	}
	must(t, s.SaveNoticeChoice(ctx, "p3", notice.Choice{Mail: true, Lang: "ko"}, day(1)))
	must(t, s.SaveNoticeChoice(ctx, "p600", notice.Choice{Message: true, Lang: "en"}, day(1)))
	must(t, s.SaveNoticeChoice(ctx, "other", notice.Choice{Message: true, Lang: "en"}, day(1)))
	choices, err := s.NoticeChoices(ctx, ids)
	if diff := cmp.Diff(map[string]notice.Choice{"p3": {Mail: true, Lang: "ko"}, "p600": {Message: true, Lang: "en"}}, choices); err != nil || diff != "" {
		t.Errorf("choices: %v\n%s", err, diff)
	}
	want := map[string]notice.Reach{}
	for n, reach := range []notice.Reach{{Mail: true, Phone: true}, {Phone: true}, {Mail: true}, {}} {
		p := person(fmt.Sprint("r", n), fmt.Sprint("number", n), fmt.Sprintf("%013d", n))
		if p.Phone, p.Mail = "", ""; reach.Phone {
			p.Phone = "01000000000"
		}
		if reach.Mail {
			p.Mail = "nobody@example.com"
		}
		id, err := s.SaveSubscriber(ctx, p)
		must(t, err)
		want[id], ids = reach, append(ids, id)
	}
	reach, err := s.Reachable(ctx, ids)
	if diff := cmp.Diff(want, reach); err != nil || diff != "" {
		t.Errorf("reach: %v\n%s", err, diff)
	}
}
