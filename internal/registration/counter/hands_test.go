package counter_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/counter/countertest"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
	"github.com/ingam-pki/ingam/pki/npki"
)

// One at a time works on a case; a colleague takes it over first.
func TestColleagues(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := d.open(kim, wish(hong, counter.Issue))
	if _, err := d.Counter.View(d.ctx, lee, c.ID); err != nil {
		t.Error(err)
	}
	_, err := d.Counter.Prove(d.ctx, lee, c.ID, countertest.Card(hong.Cards[0]))
	refuses(t, err, counter.ErrColleague)
	_, err = d.Counter.Attach(d.ctx, lee, c.ID, counter.IdentityCard, []byte("not looked at"))
	refuses(t, err, counter.ErrColleague)
	_, err = d.Counter.Withdraw(d.ctx, lee, c.ID, "고객이 돌아갔어요")
	refuses(t, err, counter.ErrColleague)
	f := refuses(t, openErr(d, lee, wish(hong, counter.Issue)), counter.ErrGoing)
	if f.Params["case"] != c.ID {
		t.Errorf("led to %q", f.Params["case"])
	}
	other := wish(hong, counter.Issue)
	other.Kind = npki.PersonalGeneral
	d.open(lee, other) // another kind is another matter
	got, err := d.Counter.Take(d.ctx, lee, c.ID)
	if err != nil || got.Handler != "lee" || got.Maker != "kim" {
		t.Fatalf("%+v, %v", got, err)
	}
	again, err := d.Counter.Take(d.ctx, lee, c.ID)
	if err != nil || again.Revision != got.Revision {
		t.Errorf("taken twice: %+v, %v", again, err)
	}
	_, err = d.Counter.Prove(d.ctx, kim, c.ID, countertest.Card(hong.Cards[0]))
	refuses(t, err, counter.ErrColleague)
	d.complete(lee, got, hong.Cards[0])
}

func openErr(d *desk, caller authz.Caller, w counter.Wish) error {
	_, err := d.Counter.Open(d.ctx, caller, w)
	return err
}

// Another branch's case is nobody's business, and a denial is an entry.
func TestOtherBranch(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := d.submitted(kim, wish(hong, counter.Issue), hong.Cards[0])
	scan := c.Attached[0].ID
	for name, try := range map[string]func(authz.Caller) error{
		"view":  func(a authz.Caller) error { return second(d.Counter.View(d.ctx, a, c.ID)) },
		"sheet": func(a authz.Caller) error { return second(d.Counter.Sheet(d.ctx, a, c.ID)) },
		"prove": func(a authz.Caller) error {
			return second(d.Counter.Prove(d.ctx, a, c.ID, countertest.Card(hong.Cards[0])))
		},
		"attach": func(a authz.Caller) error {
			return second(d.Counter.Attach(d.ctx, a, c.ID, counter.Further, picture(500, 500, 9)))
		},
		"detach":   func(a authz.Caller) error { return second(d.Counter.Detach(d.ctx, a, c.ID, scan)) },
		"see":      func(a authz.Caller) error { return second(d.Counter.See(d.ctx, a, c.ID, counter.Further, "")) },
		"scan":     func(a authz.Caller) error { return second(d.Counter.Scan(d.ctx, a, c.ID, scan)) },
		"submit":   func(a authz.Caller) error { return second(d.Counter.Submit(d.ctx, a, c.ID, nil)) },
		"take":     func(a authz.Caller) error { return second(d.Counter.Take(d.ctx, a, c.ID)) },
		"decide":   func(a authz.Caller) error { return second(d.Counter.Decide(d.ctx, a, c.ID, counter.Approve, "", 0)) },
		"withdraw": func(a authz.Caller) error { return second(d.Counter.Withdraw(d.ctx, a, c.ID, "because of it")) },
		"codes":    func(a authz.Caller) error { return second(d.Counter.HandOut(d.ctx, a, c.ID, redeem.Print)) },
	} {
		for _, caller := range []authz.Caller{afar, {Role: authz.Customer, ID: c.SubscriberID}, {Role: authz.Operator, ID: "op"}, {}} {
			err := try(caller)
			if want := authz.ErrForbidden; !isFault(err, want) {
				t.Errorf("%s by %q: %v", name, caller.Role, err)
			}
		}
		self := boss
		self.Self = c.SubscriberID
		if err := try(self); !isFault(err, authz.ErrOwnMatter) {
			t.Errorf("%s of one's own: %v", name, err)
		}
	}
	if got := d.view(c.ID); got.State != counter.Submitted || got.Revision != c.Revision {
		t.Errorf("%+v", got)
	}
	if n := d.audited(authz.DecideCase, audit.Denied, authz.ErrElsewhere.Number); n != 1 {
		t.Errorf("%d denials on record", n)
	}
}

func second[T any](_ T, err error) error { return err }

// Four eyes: neither who made a case decides it, nor who submitted it, whatever
// their role.
func TestFourEyes(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := d.submitted(boss, wish(hong, counter.Issue), hong.Cards[0]) // a supervisor at the counter
	_, err := d.Counter.Decide(d.ctx, boss, c.ID, counter.Approve, "", 0)
	refuses(t, err, authz.ErrMaker)
	_, err = d.Counter.Decide(d.ctx, kim, c.ID, counter.Approve, "", 0)
	refuses(t, err, authz.ErrForbidden)
	_, err = d.Counter.Decide(d.ctx, chief, c.ID, counter.Return, "서류를 더 받아 주세요", 0)
	must(t, err)
	_, err = d.Counter.Take(d.ctx, chief, c.ID)
	must(t, err)
	c, err = d.Counter.Submit(d.ctx, chief, c.ID, nil) // what was signed stays signed
	must(t, err)
	for _, caller := range []authz.Caller{boss, chief} {
		_, err = d.Counter.Decide(d.ctx, caller, c.ID, counter.Approve, "", 0)
		refuses(t, err, authz.ErrMaker)
	}
	third := countertest.Supervisor("third", "012")
	c, err = d.Counter.Decide(d.ctx, third, c.ID, counter.Approve, "", c.Revision)
	if err != nil || c.State != counter.Approved {
		t.Errorf("%+v, %v", c, err)
	}
}

// The supervisor's word, and what comes of it.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := d.submitted(kim, wish(hong, counter.Issue), hong.Cards[0])
	for name, try := range map[string]struct {
		v    counter.Verdict
		note string
		seen int64
		want error
	}{
		"no verdict":        {"perhaps", "", 0, counter.ErrVerdict},
		"return, no note":   {counter.Return, "음", 0, counter.ErrNote},
		"refuse, no note":   {counter.Refuse, "    \n   ", 0, counter.ErrNote},
		"long note":         {counter.Approve, strings.Repeat("가", 501), 0, counter.ErrNote},
		"looked at another": {counter.Approve, "", c.Revision - 1, counter.ErrChanged},
	} {
		if _, err := d.Counter.Decide(d.ctx, boss, c.ID, try.v, try.note, try.seen); !isFault(err, try.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := d.Counter.See(d.ctx, kim, c.ID, counter.Further, "")
	refuses(t, err, counter.ErrNotNow)
	c, err = d.Counter.Decide(d.ctx, boss, c.ID, counter.Return, "신청서에 서명이 없어요", c.Revision)
	if err != nil || c.State != counter.Open || c.Note != "신청서에 서명이 없어요" || c.ExpiresAt != d.now().Add(counter.OpenLasts) {
		t.Fatalf("%+v, %v", c, err)
	}
	c, err = d.Counter.Submit(d.ctx, kim, c.ID, nil)
	must(t, err)
	c, err = d.Counter.Decide(d.ctx, boss, c.ID, counter.Refuse, "본인이 아닌 것 같아요", c.Revision)
	if err != nil || c.State != counter.Refused || c.EndedAt.IsZero() {
		t.Fatalf("%+v, %v", c, err)
	}
	_, err = d.Counter.Decide(d.ctx, boss, c.ID, counter.Approve, "", 0)
	f := refuses(t, err, counter.ErrOver)
	if what, _ := f.Public("en"); !strings.Contains(what, "refused") {
		t.Errorf("says %q", what)
	}
	if n := d.audited(authz.DecideCase, audit.Done, 0); n != 2 {
		t.Errorf("%d decisions on record", n)
	}
}

// What can't be done any more when it is approved stays submitted, whole.
func TestApprovalThatFails(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	r := d.holds(hong, npki.PersonalBank, 300)
	w := wish(hong, counter.Revoke)
	w.Serial = r.Serial
	c := d.submitted(kim, w, hong.Cards[0])
	_, err := d.Life.Revoke(d.ctx, boss, r.Serial, 0, time.Time{}, "")
	must(t, err)
	if _, err = d.Counter.Decide(d.ctx, boss, c.ID, counter.Approve, "", 0); err == nil {
		t.Error("revoked twice")
	}
	if got := d.view(c.ID); got.State != counter.Submitted || got.Decider != "" {
		t.Errorf("%+v", got)
	}
	if n := d.audited(authz.DecideCase, audit.Refused, 2304); n != 1 {
		t.Errorf("%d refusals on record", n)
	}
}

// An approved case is withdrawn with its application, by a supervisor.
func TestWithdraw(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := d.open(kim, wish(hong, counter.Issue))
	_, err := d.Counter.Withdraw(d.ctx, kim, c.ID, "no")
	refuses(t, err, counter.ErrNote)
	c, err = d.Counter.Withdraw(d.ctx, kim, c.ID, "고객이 돌아갔어요")
	if err != nil || c.State != counter.Withdrawn || c.Note == "" {
		t.Fatalf("%+v, %v", c, err)
	}
	_, err = d.Counter.Withdraw(d.ctx, kim, c.ID, "고객이 돌아갔어요")
	refuses(t, err, counter.ErrOver)
	c = d.approved(wish(hong, counter.Issue), hong.Cards[0])
	_, err = d.Counter.Withdraw(d.ctx, kim, c.ID, "고객이 돌아갔어요")
	refuses(t, err, counter.ErrWithdrawApproved)
	c, err = d.Counter.Withdraw(d.ctx, boss, c.ID, "고객이 돌아갔어요")
	must(t, err)
	if a, err := d.Store.Application(d.ctx, c.Application); err != nil || a.State != enrolment.Abandoned || c.State != counter.Withdrawn {
		t.Errorf("%s, %+v, %v", c.State, a, err)
	}
	d.open(kim, wish(hong, counter.Issue)) // begins anew
}

// Each state has its time.
func TestExpiry(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	open := d.open(kim, wish(hong, counter.Issue))
	submitted := d.submitted(kim, wish(people[1], counter.Issue), people[1].Cards[0])
	approved := d.approved(wish(people[2], counter.Issue), people[2].Cards[0])
	d.pass(counter.OpenLasts - time.Microsecond)
	work(d, 0)
	d.pass(time.Microsecond)
	if again := d.open(kim, wish(hong, counter.Issue)); again.ID == open.ID { // the lapsed one is in nobody's way
		t.Error("the same case")
	}
	if got := d.view(open.ID); got.State != counter.Lapsed {
		t.Errorf("open: %s", got.State)
	}
	if got := d.view(submitted.ID); got.State != counter.Submitted {
		t.Errorf("submitted: %s", got.State)
	}
	d.pass(counter.SubmittedLasts - counter.OpenLasts)
	must(t, second(d.Enrolment.Lapse(d.ctx, countertest.System)))
	work(d, 2) // the new one has half of its time left
	for _, c := range []counter.Case{submitted, approved} {
		if got := d.view(c.ID); got.State != counter.Lapsed {
			t.Errorf("%s: %s", c.State, got.State)
		}
	}
}
