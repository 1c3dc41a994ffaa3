package storetest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/internal/registration/notice"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/pki/npki"
)

func entry(key, person string, channel notice.Channel, due int) notice.Entry {
	return notice.Entry{
		ID: key + "-" + string(channel), Channel: channel, CreatedAt: day(due), DueAt: day(due), State: notice.Waiting,
		Notice: notice.Notice{Key: key, SubscriberID: person, Event: notice.Revoked, Serial: "0a1b", Kind: npki.PersonalBank,
			Facts: map[string]string{"by": "desk", "reason": "key-compromise"}, At: day(due)},
	}
}

// claim asks for what is due on a day.
func claim(holder string, due int, ttl time.Duration, most int) notice.Claim {
	return notice.Claim{Holder: holder, State: notice.Waiting, Due: day(due), TTL: ttl, Most: most}
}

func add(t *testing.T, s *store.Store, e notice.Entry, want bool) {
	t.Helper()
	if added, err := s.AddNotice(context.Background(), e); err != nil || added != want {
		t.Errorf("adding %s: %v, %v, want %v", e.ID, added, err, want)
	}
}

// wantClaimed claims and wants these, in this order.
func wantClaimed(t *testing.T, s *store.Store, c notice.Claim, ids ...string) {
	t.Helper()
	got, err := s.ClaimNotices(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, e := range got {
		have = append(have, e.ID)
	}
	if diff := cmp.Diff(ids, have); diff != "" {
		t.Errorf("%s claims other notices:\n%s", c.Holder, diff)
	}
}

func testNotices(t *testing.T, s *store.Store) {
	ctx := context.Background()
	first, second := entry("a", "s1", notice.Mail, 1), entry("a", "s1", notice.Message, 2)
	second.Urgent, second.Facts = true, nil
	add(t, s, first, true)
	add(t, s, second, true)
	again := entry("a", "s2", notice.Mail, 3)
	again.ID = "other"
	add(t, s, again, false) // of a key and channel there is one, ever
	list := func(got []notice.Entry, err error, want ...notice.Entry) {
		t.Helper()
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("listed: %v\n%s", err, diff)
		}
	}
	all, err := s.NoticesOf(ctx, "s1", 10)
	list(all, err, second, first) // newest first
	all, err = s.NoticesOf(ctx, "s1", 1)
	list(all, err, second)
	all, err = s.NoticesOf(ctx, "s2", 10)
	list(all, err)
	all, err = s.NoticesIn(ctx, notice.Waiting, 10)
	list(all, err, first, second) // oldest first

	wantClaimed(t, s, claim("early", 0, time.Hour, 9)) // none is due
	wantClaimed(t, s, claim("x", 1, time.Hour, 9), first.ID)
	if held, err := s.HoldsNotice(ctx, first.ID, "x"); err != nil || !held {
		t.Errorf("x holds it: %v, %v", held, err)
	}
	if held, err := s.HoldsNotice(ctx, first.ID, "y"); err != nil || held {
		t.Errorf("y holds it: %v, %v", held, err)
	}
	settle := func(id, holder string, o notice.Outcome, want bool) {
		t.Helper()
		if held, err := s.SettleNotice(ctx, id, holder, o); err != nil || held != want {
			t.Errorf("%s settles %s: %v, %v, want %v", holder, id, held, err, want)
		}
	}
	settle(first.ID, "y", notice.Outcome{State: notice.Dead}, false)
	done := notice.Outcome{State: notice.Sent, DueAt: day(5), CarrierID: "250 2.0.0 queued", SentAt: day(3)}
	settle(first.ID, "x", done, true)
	settle(first.ID, "x", notice.Outcome{State: notice.Dead}, false) // a claim settles once
	first.State, first.DueAt, first.CarrierID, first.SentAt, first.Tries = notice.Sent, day(5), done.CarrierID, day(3), 1
	all, err = s.NoticesIn(ctx, notice.Sent, 10)
	list(all, err, first)

	// Asking for a receipt is no try.
	receipts := notice.Claim{Holder: "r", State: notice.Sent, Due: day(5), TTL: time.Hour, Most: 1}
	wantClaimed(t, s, receipts, first.ID)
	settle(first.ID, "r", notice.Outcome{State: notice.Delivered, CarrierID: done.CarrierID, SentAt: day(3), DeliveredAt: day(4)}, true)
	first.State, first.DueAt, first.DeliveredAt = notice.Delivered, time.Time{}, day(4)
	all, err = s.NoticesIn(ctx, notice.Delivered, 10)
	list(all, err, first)

	// A dead one waits again as a new round; what is not dead doesn't.
	for _, id := range []string{first.ID, second.ID, "nobody's"} {
		if err := s.ReviveNotice(ctx, id, day(6)); !errors.Is(err, notice.ErrNoNotice) {
			t.Errorf("reviving %s: %v, want ErrNoNotice", id, err)
		}
	}
	wantClaimed(t, s, claim("z", 9, time.Hour, 9), second.ID)
	settle(second.ID, "z", notice.Outcome{State: notice.Dead, Failure: "refused-550"}, true)
	must(t, s.ReviveNotice(ctx, second.ID, day(6)))
	second.DueAt, second.Round, second.Failure = day(6), 1, "refused-550"
	all, err = s.NoticesIn(ctx, notice.Waiting, 10)
	list(all, err, second)
}

func testNoticeClaims(t *testing.T, s *store.Store) {
	for i := range 3 {
		add(t, s, entry(fmt.Sprint("n", i), "s1", notice.Message, i), true)
	}
	urgent := entry("urgent", "s1", notice.Message, 5)
	urgent.Urgent = true
	add(t, s, urgent, true)
	night := claim("night", 9, time.Hour, 9)
	night.UrgentOnly = true
	wantClaimed(t, s, night, urgent.ID)
	wantClaimed(t, s, claim("a", 9, time.Hour, 2), "n0-message", "n1-message")
	wantClaimed(t, s, claim("b", 9, 0, 9), "n2-message") // a claim that lapses at once
	if held, err := s.HoldsNotice(context.Background(), "n2-message", "b"); err != nil || held {
		t.Errorf("a claim that lapsed is held: %v, %v", held, err)
	}
	wantClaimed(t, s, claim("c", 9, time.Hour, 9), "n2-message")
	if held, err := s.SettleNotice(context.Background(), "n2-message", "b", notice.Outcome{State: notice.Sent}); err != nil || held {
		t.Errorf("one whose claim was taken over settles: %v, %v", held, err)
	}
	wantClaimed(t, s, claim("d", 9, time.Hour, 9))
	all, err := s.NoticesOf(context.Background(), "s1", 9)
	must(t, err)
	for _, e := range all {
		if want := map[bool]int{true: 2, false: 1}[e.ID == "n2-message"]; e.Tries != want {
			t.Errorf("%s: %d tries, want %d", e.ID, e.Tries, want)
		}
	}
}

// What rolls back tells nobody.
func testNoticeRollback(t *testing.T, s *store.Store) {
	err := s.InTx(context.Background(), func(ctx context.Context) error {
		if added, err := s.AddNotice(ctx, entry("a", "s1", notice.Mail, 0)); err != nil || !added {
			t.Errorf("adding: %v, %v", added, err)
		}
		if added, err := s.AddNotice(ctx, entry("a", "s1", notice.Mail, 0)); err != nil || added {
			t.Errorf("adding it again: %v, %v", added, err) // an answer, no failure
		}
		return errOops
	})
	if !errors.Is(err, errOops) {
		t.Errorf("InTx gives %v", err)
	}
	wantClaimed(t, s, claim("a", 9, time.Hour, 9))
}

func testNoticeChoice(t *testing.T, s *store.Store) {
	ctx := context.Background()
	if _, err := s.NoticeChoice(ctx, "s1"); !errors.Is(err, notice.ErrNoChoice) {
		t.Errorf("before: %v, want ErrNoChoice", err)
	}
	for _, want := range []notice.Choice{{Mail: true, Lang: "ko"}, {Message: true, Lang: "en"}} {
		must(t, s.SaveNoticeChoice(ctx, "s1", want, day(1)))
		if got, err := s.NoticeChoice(ctx, "s1"); err != nil || got != want {
			t.Errorf("chosen %+v, %v, want %+v", got, err, want)
		}
	}
	if _, err := s.NoticeChoice(ctx, "s2"); !errors.Is(err, notice.ErrNoChoice) {
		t.Errorf("another's: %v, want ErrNoChoice", err)
	}
}

func testLease(t *testing.T, s *store.Store) {
	ctx := context.Background()
	take := func(name, holder string, ttl time.Duration, want bool) {
		t.Helper()
		if held, err := s.Lease(ctx, name, holder, ttl); err != nil || held != want {
			t.Errorf("%s takes %s: %v, %v, want %v", holder, name, held, err, want)
		}
	}
	take("sweep", "a", time.Hour, true)
	take("sweep", "b", time.Hour, false)
	take("other", "b", time.Hour, true)
	take("sweep", "a", 0, true) // prolonged, to now: it is free
	take("sweep", "b", time.Hour, true)
	take("sweep", "a", time.Hour, false)
	must(t, s.Release(ctx, "sweep", "a")) // not a's any more
	take("sweep", "a", time.Hour, false)
	must(t, s.Release(ctx, "sweep", "b"))
	take("sweep", "a", time.Hour, true)
	take("third", "a", time.Hour, true)
	must(t, s.ReleaseAll(ctx, "a"))
	take("sweep", "c", time.Hour, true)
	take("third", "c", time.Hour, true)
	take("other", "c", time.Hour, false) // b's
}

// Of those who take a free lease at once, one gets it.
func testRaceLease(t *testing.T, s *store.Store) {
	for round := range 5 {
		got := 0
		for _, err := range race(func(n int) error {
			held, err := s.Lease(context.Background(), fmt.Sprint("work", round), fmt.Sprint(n), time.Hour)
			if err == nil && !held {
				return errOops
			}
			return err
		}) {
			if err == nil {
				got++
			} else if !errors.Is(err, errOops) {
				t.Error(err)
			}
		}
		if got != 1 {
			t.Errorf("%d hold it, want 1", got)
		}
	}
}

// Of many who claim at once each notice goes to one.
func testRaceNotices(t *testing.T, s *store.Store) {
	const many = 60
	for i := range many {
		add(t, s, entry(fmt.Sprint("n", i), "s1", notice.Message, 0), true)
	}
	claimed := make([][]notice.Entry, racers)
	for _, err := range race(func(n int) error {
		for {
			got, err := s.ClaimNotices(context.Background(), claim(rand.Text(), 1, time.Hour, 3))
			if err != nil || len(got) == 0 {
				return err
			}
			claimed[n] = append(claimed[n], got...)
		}
	}) {
		must(t, err)
	}
	seen := map[string]int{}
	for _, entries := range claimed {
		for _, e := range entries {
			seen[e.ID]++
			if e.Tries != 1 {
				t.Errorf("%s: %d tries", e.ID, e.Tries)
			}
		}
	}
	for id, n := range seen {
		if n != 1 {
			t.Errorf("%s was claimed %d times", id, n)
		}
	}
	if len(seen) != many {
		t.Errorf("%d were claimed of %d", len(seen), many)
	}
}

// Of those who tell the same at once, one does.
func testRaceNotice(t *testing.T, s *store.Store) {
	for _, err := range race(func(n int) error {
		e := entry("same", "s1", notice.Mail, 0)
		e.ID = fmt.Sprint(n)
		_, err := s.AddNotice(context.Background(), e)
		return err
	}) {
		must(t, err)
	}
	if all, err := s.NoticesOf(context.Background(), "s1", 99); err != nil || len(all) != 1 {
		t.Errorf("%d notices (%v), want 1", len(all), err)
	}
}
