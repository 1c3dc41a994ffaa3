package subscriber_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/outside/corebank"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

var (
	kim    = simulator.Samples[1]
	ingam  = simulator.Samples[11]
	teller = authz.Caller{Role: authz.Teller, ID: "t1", Branch: "012", Request: "test"}
)

func (b *bank) script(t *testing.T, faults ...simulator.Fault) {
	t.Helper()
	check(t, b.world.Script(faults...))
}

func TestFind(t *testing.T) {
	t.Parallel()
	b := open(t) // hong is a subscriber; the others the core bank alone knows
	known, err := b.store.ByCustomerNumber(b.ctx, hong.Number)
	check(t, err)
	for name, test := range map[string]struct {
		q    subscriber.Query
		want string // customer number; empty: nobody
	}{
		"name and birth":         {subscriber.Query{Name: hong.Name, Birth: hong.Birth}, hong.Number},
		"birth with hyphens":     {subscriber.Query{Name: " 홍 길동 ", Birth: "1985-03-14"}, hong.Number},
		"phone with hyphens":     {subscriber.Query{Phone: "010-0000-0001"}, hong.Number},
		"account with hyphens":   {subscriber.Query{Account: "999-0000-000001"}, hong.Number},
		"one we don't have":      {subscriber.Query{Name: kim.Name, Birth: kim.Birth}, kim.Number},
		"… by phone":             {subscriber.Query{Phone: kim.Phone}, kim.Number},
		"a business":             {subscriber.Query{Name: ingam.Name}, ingam.Number},
		"nobody":                 {subscriber.Query{Name: hong.Name, Birth: "19850315"}, ""},
		"no business of a name":  {subscriber.Query{Name: hong.Name}, ""},
		"an account of nobody's": {subscriber.Query{Account: "1234567890"}, ""},
	} {
		people, incomplete, err := b.Find(b.ctx, test.q)
		if err != nil || incomplete || len(people) > 1 || (len(people) == 1) != (test.want != "") {
			t.Errorf("%s: %d found, %v, %v", name, len(people), incomplete, err)
			continue
		}
		if test.want != "" && (people[0].CustomerNumber != test.want || (people[0].ID == known.ID) != (test.want == hong.Number) || people[0].Branch != "012") {
			t.Errorf("%s: %+v", name, people[0])
		}
	}
}

func TestFindRefuses(t *testing.T) {
	t.Parallel()
	b := open(t)
	for name, q := range map[string]subscriber.Query{
		"nothing": {}, "birth alone": {Birth: hong.Birth}, "no date": {Name: hong.Name, Birth: "19850231"}, "half a date": {Name: hong.Name, Birth: "850314"},
		"name and phone": {Name: hong.Name, Birth: hong.Birth, Phone: hong.Phone}, "phone and account": {Phone: hong.Phone, Account: hong.Account},
		"letters in a phone": {Phone: "010x0000001"}, "short phone": {Phone: "01000000"}, "short account": {Account: "123456789"},
		"long account": {Account: "12345678901234567"}, "full-width": {Phone: "０１０００００００１"}, "endless phone": {Phone: strings.Repeat("-", 1<<20) + hong.Phone},
		"endless name": {Name: strings.Repeat("홍", 101), Birth: hong.Birth}, "not text": {Name: "\xff", Birth: hong.Birth}, "blank name": {Name: " \t"},
	} {
		if _, _, err := b.Find(b.ctx, q); !errors.Is(err, subscriber.ErrQueryForm) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What the core bank says of somebody today counts, not what we remember.
func TestTheCoreBanksWordWins(t *testing.T) {
	t.Parallel()
	b := open(t)
	b.world.Update(hong.Number, func(s *simulator.Sample) { s.Phone, s.Branch, s.Deceased = "01000009999", "215", true })
	people, incomplete, err := b.Find(b.ctx, subscriber.Query{Name: hong.Name, Birth: hong.Birth})
	if err != nil || incomplete || len(people) != 1 || people[0].Phone != "01000009999" || people[0].Branch != "215" || !people[0].Deceased || people[0].ID == "" {
		t.Errorf("%+v, %v", people, err)
	}
	// By the phone they had, we still find them: as we know them.
	people, _, err = b.Find(b.ctx, subscriber.Query{Phone: hong.Phone})
	if err != nil || len(people) != 1 || people[0].CustomerNumber != hong.Number {
		t.Errorf("by the old phone: %+v, %v", people, err)
	}
	// Another has that phone now: both are found, in order.
	b.world.Update(kim.Number, func(s *simulator.Sample) { s.Phone = hong.Phone })
	people, _, err = b.Find(b.ctx, subscriber.Query{Phone: hong.Phone})
	if err != nil || len(people) != 2 || people[0].CustomerNumber != hong.Number || people[1].CustomerNumber != kim.Number || people[1].ID != "" {
		t.Errorf("two: %+v, %v", people, err)
	}
}

func TestFindWithoutTheCoreBank(t *testing.T) {
	t.Parallel()
	b := open(t)
	for _, mode := range []simulator.Mode{simulator.Status, simulator.Reset, simulator.Malformed} {
		b.script(t, simulator.Fault{Service: simulator.CoreBank, Mode: mode})
		for name, test := range map[string]struct {
			q    subscriber.Query
			many int
		}{"ours": {subscriber.Query{Phone: hong.Phone}, 1}, "theirs": {subscriber.Query{Phone: kim.Phone}, 0}, "account": {subscriber.Query{Account: hong.Account}, 0}} {
			people, incomplete, err := b.Find(b.ctx, test.q)
			if err != nil || !incomplete || len(people) != test.many {
				t.Errorf("%s, %s: %d found, %v, %v", mode, name, len(people), incomplete, err)
			}
		}
	}
}

func TestMeet(t *testing.T) {
	t.Parallel()
	b := open(t)
	entries := func() (n int) {
		all, err := b.store.Entries(b.ctx, 0, 0, 100)
		check(t, err)
		for _, e := range all {
			if e.Act == authz.EnrolSubscriber && e.Outcome == audit.Done {
				n++
			}
		}
		return n
	}
	before := entries()
	who, err := b.Meet(b.ctx, teller, kim.Number)
	check(t, err)
	kept, err := b.store.Subscriber(b.ctx, who.ID)
	check(t, err)
	if kept != who || who.Name != kim.Name || who.Branch != "012" || entries() != before+1 {
		t.Errorf("%+v, %d entries", who, entries()-before)
	}
	b.world.Update(kim.Number, func(s *simulator.Sample) { s.Branch = "215" })
	again, err := b.Meet(b.ctx, teller, kim.Number)
	if err != nil || again.ID != who.ID || again.Branch != "215" || entries() != before+1 {
		t.Errorf("again: %+v, %v, %d entries", again, err, entries()-before)
	}
	self := teller
	self.Self = who.ID
	for name, test := range map[string]struct {
		caller authz.Caller
		number string
		want   *fault.Fault
	}{
		"nobody's number": {teller, "404", subscriber.ErrNoCustomer}, "no number": {teller, "../x", subscriber.ErrNoCustomer},
		"a stranger": {anonymous, kim.Number, authz.ErrForbidden}, "a customer": {authz.Caller{Role: authz.Customer, ID: who.ID}, kim.Number, authz.ErrForbidden},
		"an auditor": {authz.Caller{Role: authz.Auditor, ID: "a1"}, kim.Number, authz.ErrForbidden}, "themselves": {self, kim.Number, authz.ErrOwnMatter},
	} {
		if _, err := b.Meet(b.ctx, test.caller, test.number); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	b.script(t, simulator.Fault{Service: simulator.Customers, Mode: simulator.Status})
	if _, err := b.Meet(b.ctx, teller, hong.Number); !errors.Is(err, corebank.ErrUnavailable) {
		t.Errorf("no core bank: %v", err)
	}
}
