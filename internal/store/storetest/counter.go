package storetest

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/pki/npki"
)

// matter makes a case of branch 014 that is in nobody's way.
func matter() counter.Case {
	return counter.Case{ID: rand.Text(), Branch: "014", SubscriberID: rand.Text(), Act: counter.Issue, Kind: npki.PersonalBank,
		Visitor: counter.Oneself, State: counter.Open, Maker: "kim", Handler: "kim", CreatedAt: day(0), UpdatedAt: day(0), ExpiresAt: day(2)}
}

func testCases(t *testing.T, s *store.Store) {
	ctx := context.Background()
	if _, err := s.Case(ctx, "none"); !errors.Is(err, counter.ErrNoCase) {
		t.Errorf("no case: %v", err)
	}
	c := matter()
	c.VisitorName, c.Why, c.Reason, c.Invalidity, c.Serial = "문대리", "because\nof it", ca.KeyCompromise, day(-3), "0a0b"
	must(t, s.CreateCase(ctx, c))
	got, err := s.Case(ctx, c.ID)
	if diff := cmp.Diff(c, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	full := c
	full.State, full.Handler, full.Submitter, full.Decider, full.Note = counter.Approved, "lee", "lee", "boss", "음, 좋아요"
	full.Consents = []enrolment.Consent{{Terms: "service", Version: "1", SHA256: "aa", At: day(1)}}
	full.Proof = &proofing.Proof{Factor: proofing.AtCounter, At: day(1), Evidence: map[string]string{"document": "passport"}}
	full.Finding, full.Failed, full.Check, full.Checks = 3211, 2, "check", 3
	full.Attached = []counter.Attached{{ID: "s", Paper: counter.Further, SHA256: "bb", Bytes: 1, Width: 2, Height: 3, By: "kim", At: day(1)}}
	full.Seen = []counter.Seen{{Paper: counter.Application, Number: "17", By: "kim", At: day(1)}}
	full.Application = "a"
	full.UpdatedAt, full.SubmittedAt, full.DecidedAt, full.NextCheckAt, full.ExpiresAt, full.EndedAt = day(1), day(2), day(3), day(4), day(5), day(6)
	must(t, s.SaveCase(ctx, full))
	full.Revision++
	if got, err = s.Case(ctx, c.ID); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(full, got); diff != "" {
		t.Error(diff)
	}
	if err := s.SaveCase(ctx, c); !errors.Is(err, counter.ErrStale) {
		t.Errorf("an old revision: %v", err)
	}
	if err := s.SaveCase(ctx, matter()); !errors.Is(err, counter.ErrNoCase) {
		t.Errorf("saving what is not there: %v", err)
	}
}

// One going case of a customer for the same, and any number that are over.
func testGoingCases(t *testing.T, s *store.Store) {
	ctx := context.Background()
	first := matter()
	must(t, s.CreateCase(ctx, first))
	again := func(ctx context.Context, change func(*counter.Case)) error {
		c := matter()
		c.SubscriberID = first.SubscriberID
		change(&c)
		return s.CreateCase(ctx, c)
	}
	err := s.InTx(ctx, func(ctx context.Context) error {
		if err := again(ctx, func(c *counter.Case) { c.Branch = "101" }); !errors.Is(err, counter.ErrOpenCase) {
			t.Errorf("a second one: %v", err)
		}
		return again(ctx, func(c *counter.Case) { c.Kind = npki.PersonalGeneral }) // the transaction goes on
	})
	must(t, errors.Join(err, again(ctx, func(c *counter.Case) { c.Act = counter.Lost }),
		again(ctx, func(c *counter.Case) { c.Act, c.Serial = counter.Renew, "0a" }), again(ctx, func(c *counter.Case) { c.Act, c.Serial = counter.Renew, "0b" })))
	for _, state := range []counter.State{counter.Waiting, counter.Submitted, counter.Approved} {
		first.State = state
		must(t, s.SaveCase(ctx, first))
		first.Revision++
		if err := again(ctx, func(*counter.Case) {}); !errors.Is(err, counter.ErrOpenCase) {
			t.Errorf("beside one that is %s: %v", state, err)
		}
	}
	first.State = counter.Lapsed
	must(t, s.SaveCase(ctx, first))
	must(t, again(ctx, func(c *counter.Case) { c.CreatedAt = day(1) }))
	all, err := s.CasesOf(ctx, first.SubscriberID, 3)
	if err != nil || len(all) != 3 || !all[0].CreatedAt.Equal(day(1)) {
		t.Errorf("%d cases of the customer, %v", len(all), err)
	}
}

func ids(cases []counter.Case) []string {
	var all []string
	for _, c := range cases {
		all = append(all, c.ID)
	}
	return all
}

func testQueues(t *testing.T, s *store.Store) {
	ctx := context.Background()
	var made []counter.Case
	for i, state := range []counter.State{counter.Open, counter.Waiting, counter.Submitted, counter.Approved, counter.Done, counter.Open} {
		c := matter()
		c.State, c.CreatedAt, c.UpdatedAt = state, day(-i), day(i)
		if i == 2 {
			c.Handler, c.Submitter = "lee", "lee"
		}
		if i == 5 {
			c.Branch = "101"
		}
		c.NextCheckAt, c.ExpiresAt = day(i), day(i)
		must(t, s.CreateCase(ctx, c))
		made = append(made, c)
	}
	queue := func(want []int, states []counter.State, handler string, limit int) {
		t.Helper()
		found, err := s.QueueOf(ctx, "014", states, handler, limit)
		var names []string
		for _, i := range want {
			names = append(names, made[i].ID)
		}
		if err != nil || !slices.Equal(ids(found), names) {
			t.Errorf("queue of %v: %v, %v; want %v", states, ids(found), err, names)
		}
	}
	all := []counter.State{counter.Open, counter.Waiting, counter.Submitted, counter.Approved}
	queue([]int{3, 2, 1, 0}, all, "", 9)
	queue([]int{3, 2}, all, "", 2)
	queue([]int{3, 1, 0}, all, "kim", 9)
	queue([]int{2}, all[2:3], "", 9)
	queue(nil, nil, "", 9)
	if _, err := s.QueueOf(ctx, "014", []counter.State{"open') OR ('x"}, "", 9); err == nil {
		t.Error("a queue of anything")
	}
	counts, err := s.CountsOf(ctx, "014", "lee", made[0].SubscriberID)
	slices.SortFunc(counts, func(a, b counter.Count) int { return a.Latest.Compare(b.Latest) })
	want := []counter.Count{{State: counter.Waiting, Cases: 1, Latest: day(1)},
		{State: counter.Submitted, Mine: true, Made: true, Cases: 1, Latest: day(2)}, {State: counter.Approved, Cases: 1, Latest: day(3)}}
	if diff := cmp.Diff(want, counts); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	due, err := s.DueChecks(ctx, day(1).Add(-time.Microsecond), 9)
	if err != nil || len(due) != 0 {
		t.Errorf("due too early: %v, %v", ids(due), err)
	}
	if due, err = s.DueChecks(ctx, day(9), 9); err != nil || !slices.Equal(ids(due), []string{made[1].ID}) {
		t.Errorf("due: %v, %v", ids(due), err)
	}
	over, err := s.OverdueCases(ctx, day(2), 9)
	if err != nil || !slices.Equal(ids(over), []string{made[0].ID, made[1].ID, made[2].ID}) {
		t.Errorf("overdue: %v, %v", ids(over), err)
	}
}

// An approved case is over when its application is.
func testFinishedCases(t *testing.T, s *store.Store) {
	ctx := context.Background()
	var finished []string
	for _, state := range []enrolment.State{enrolment.Proofed, enrolment.Ready, enrolment.Issued, enrolment.Lapsed, enrolment.Abandoned} {
		a := enrolment.Application{ID: rand.Text(), SubscriberID: rand.Text(), Way: enrolment.Issue, Kind: npki.PersonalBank, State: state,
			CreatedAt: day(0), UpdatedAt: day(0), ExpiresAt: day(1)}
		must(t, s.CreateApplication(ctx, a))
		c := matter()
		c.State, c.Application = counter.Approved, a.ID
		must(t, s.CreateCase(ctx, c))
		if !state.Open() {
			finished = append(finished, c.ID)
		}
	}
	slices.Sort(finished)
	found, err := s.FinishedCases(ctx, 9)
	if err != nil || !slices.Equal(ids(found), finished) {
		t.Errorf("%v, %v; want %v", ids(found), err, finished)
	}
	if found, err = s.FinishedCases(ctx, 2); err != nil || len(found) != 2 {
		t.Errorf("%v, %v", ids(found), err)
	}
}

func testCards(t *testing.T, s *store.Store) {
	ctx := context.Background()
	if _, err := s.Card(ctx, "c"); !errors.Is(err, counter.ErrNoCard) {
		t.Errorf("no card: %v", err)
	}
	must(t, s.SaveCard(ctx, "c", []byte("first")))
	must(t, s.SaveCard(ctx, "c", []byte("second")))
	if card, err := s.Card(ctx, "c"); err != nil || string(card) != "second" {
		t.Errorf("%q, %v", card, err)
	}
	must(t, s.DropCard(ctx, "c"))
	must(t, s.DropCard(ctx, "c"))
	if _, err := s.Card(ctx, "c"); !errors.Is(err, counter.ErrNoCard) {
		t.Errorf("a dropped card: %v", err)
	}
}

func testScans(t *testing.T, s *store.Store) {
	ctx := context.Background()
	var all []counter.Picture
	for i, of := range []string{"one", "one", "two", "three"} {
		p := counter.Picture{ID: rand.Text(), CaseID: of, Type: "image/jpeg", File: []byte{byte(i), 1, 2}, At: day(i)}
		must(t, s.AddScan(ctx, p))
		all = append(all, p)
	}
	got, err := s.Scan(ctx, all[1].ID)
	if diff := cmp.Diff(all[1], got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	must(t, s.DropScan(ctx, all[0].ID))
	must(t, s.DropScan(ctx, all[0].ID))
	must(t, s.EndScans(ctx, "one", day(1)))
	must(t, s.EndScans(ctx, "two", day(2)))
	for _, erase := range []struct {
		at    time.Time
		limit int
		want  int
	}{{day(1).Add(-time.Microsecond), 9, 0}, {day(2), 1, 1}, {day(9), 9, 1}, {day(9), 9, 0}} {
		if n, err := s.EraseScans(ctx, erase.at, erase.limit); n != erase.want || err != nil {
			t.Errorf("erased %d, %v; want %d", n, err, erase.want)
		}
	}
	for i, p := range all {
		_, err := s.Scan(ctx, p.ID)
		if there := err == nil; there != (i == 3) || !there && !errors.Is(err, counter.ErrNoScan) {
			t.Errorf("scan %d: %v", i, err)
		}
	}
}

// Of those who open a case for the same at once one does, and a check is due for
// one of those who look for it.
func testRaceCases(t *testing.T, s *store.Store) {
	ctx := context.Background()
	person := rand.Text()
	won := 0
	for _, err := range race(func(int) error {
		c := matter()
		c.SubscriberID, c.State, c.NextCheckAt = person, counter.Waiting, day(0)
		return s.CreateCase(ctx, c)
	}) {
		if err == nil {
			won++
		} else if !errors.Is(err, counter.ErrOpenCase) {
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d opened a case", won)
	}
	claimed := make([]int, racers)
	for _, err := range race(func(n int) error {
		return s.InTx(ctx, func(ctx context.Context) error {
			claimed[n] = 0
			due, err := s.DueChecks(ctx, day(0), 1)
			if err != nil || len(due) == 0 {
				return err
			}
			claimed[n] = 1
			due[0].NextCheckAt = day(1)
			return s.SaveCase(ctx, due[0])
		})
	}) {
		must(t, err)
	}
	total := 0
	for _, n := range claimed {
		total += n
	}
	if total != 1 {
		t.Errorf("the check was due for %d", total)
	}
}
