package counter_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/pki/npki"
)

func TestSearch(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	r := d.holds(hong, npki.PersonalBank, 300)
	colons := strings.ToUpper(r.Serial[:2]) + ":" + r.Serial[2:]
	for name, q := range map[string]counter.Query{
		"name and birth": {Name: " 홍 길동", Birth: "1985-03-14"}, "phone": {Phone: "010-0000-0001"}, "account": {Account: hong.Account},
		"serial": {Certificate: r.Serial}, "serial as OpenSSL has it": {Certificate: colons}, "serial in C": {Certificate: "0x" + r.Serial},
	} {
		found, err := d.Counter.Search(d.ctx, kim, q)
		if err != nil || len(found.People) != 1 || found.People[0].CustomerNumber != hong.Number || found.People[0].SubscriberID == "" || found.Incomplete {
			t.Errorf("%s: %+v, %v", name, found, err)
		} else if hit := found.People[0]; hit.Phone == hong.Phone || hit.Branch != "012" || hit.Birth != hong.Birth {
			t.Errorf("%s: %+v", name, hit)
		}
	}
	for name, q := range map[string]counter.Query{
		"nobody": {Phone: "01099999999"}, "no such serial": {Certificate: "0a0b"}, "injection": {Name: `%' OR 1=1 --`, Birth: "19850314"},
	} {
		if found, err := d.Counter.Search(d.ctx, kim, q); err != nil || len(found.People) != 0 {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
	}
	if found, err := d.Counter.Search(d.ctx, kim, counter.Query{Name: ingam.Name}); err != nil || len(found.People) != 1 || found.People[0].SubscriberID != "" {
		t.Errorf("a business: %+v, %v", found, err)
	}
	for name, q := range map[string]counter.Query{
		"nothing": {}, "birth alone": {Birth: "19850314"}, "two ways": {Phone: hong.Phone, Account: hong.Account},
		"no serial": {Certificate: "xyz"}, "zeros": {Certificate: "00"}, "long": {Certificate: strings.Repeat("1", 401)}, "blank": {Phone: "   "},
	} {
		if _, err := d.Counter.Search(d.ctx, kim, q); !isFault(err, counter.ErrQuery) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, e := range d.entries(authz.SearchCustomers) {
		for _, value := range e.Detail {
			if strings.ContainsAny(value, "0123456789") || strings.Contains(value, "홍") {
				t.Errorf("the audit log says what was looked for: %q", value)
			}
		}
	}
	if n := d.audited(authz.SearchCustomers, audit.Done, 0); n < 10 {
		t.Errorf("%d searches on record", n)
	}
	_, err := d.Counter.Search(d.ctx, authz.Caller{Role: authz.Auditor, ID: "a"}, counter.Query{Phone: hong.Phone})
	refuses(t, err, authz.ErrForbidden)
}

// The core bank is down: what is known here is found, and said to be that.
func TestSearchIncomplete(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.subscriber(hong)
	d.coreDown()
	found, err := d.Counter.Search(d.ctx, kim, counter.Query{Phone: hong.Phone})
	if err != nil || !found.Incomplete || len(found.People) != 1 {
		t.Errorf("%+v, %v", found, err)
	}
}

// Who looks for too much, or too often, is asked to stop.
func TestSearchLimits(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	for n := range counter.MaxHits + 1 {
		_, err := d.Store.SaveSubscriber(d.ctx, subscriber.Subscriber{ID: fmt.Sprint("many", n), CustomerNumber: fmt.Sprint("20000", n),
			Sort: subscriber.Individual, Name: "김많음", Birth: "19900101", IdentityNumber: fmt.Sprintf("9001011%06d", n), Phone: "01012345678"})
		must(t, err)
	}
	_, err := d.Counter.Search(d.ctx, kim, counter.Query{Phone: "01012345678"})
	refuses(t, err, counter.ErrManyHits)
	for n := 1; n < counter.MaxSearches; n++ {
		if _, err := d.Counter.Search(d.ctx, kim, counter.Query{Certificate: "0a"}); err != nil {
			t.Fatalf("search %d: %v", n, err)
		}
	}
	_, err = d.Counter.Search(d.ctx, kim, counter.Query{Certificate: "0a"})
	f := refuses(t, err, counter.ErrManySearches)
	if f.Retry != counter.SearchWindow || f.Params["until"] != proofing.Clock(d.now().Add(counter.SearchWindow)) {
		t.Errorf("%v, %v", f.Retry, f.Params)
	}
	must(t, second(d.Counter.Search(d.ctx, lee, counter.Query{Certificate: "0a"}))) // each their own
	d.pass(counter.SearchWindow)
	must(t, second(d.Counter.Search(d.ctx, kim, counter.Query{Certificate: "0a"})))
}

// Who walks along the customers' numbers is asked to stop: it is a search by
// another name.
func TestLookLimits(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	for n := range counter.MaxLooks {
		switch n % 3 {
		case 0:
			_, err := d.Counter.Customer(d.ctx, kim, fmt.Sprint("9000", n), "") // nobody's
			refuses(t, err, subscriber.ErrNoCustomer)
		case 1:
			must(t, second(d.Counter.Customer(d.ctx, kim, hong.Number, "")))
		case 2:
			w := wish(hong, counter.Lost)
			w.CustomerNumber = fmt.Sprint("9000", n)
			_, err := d.Counter.Open(d.ctx, kim, w)
			refuses(t, err, subscriber.ErrNoCustomer)
		}
	}
	_, err := d.Counter.Customer(d.ctx, kim, hong.Number, "")
	if f := refuses(t, err, counter.ErrManyLooks); f.Retry != counter.SearchWindow {
		t.Errorf("again in %v", f.Retry)
	}
	_, err = d.Counter.Open(d.ctx, kim, wish(hong, counter.Lost))
	refuses(t, err, counter.ErrManyLooks)
	_, err = d.Counter.Export(d.ctx, kim, hong.Number, "")
	refuses(t, err, counter.ErrManyLooks)
	must(t, second(d.Counter.Customer(d.ctx, lee, hong.Number, "")))
	d.pass(counter.SearchWindow)
	must(t, second(d.Counter.Customer(d.ctx, kim, hong.Number, "")))
}

func TestCustomer(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.holds(hong, npki.PersonalBank, 300)
	c := d.open(kim, wish(hong, counter.Lost))
	found, err := d.Counter.Customer(d.ctx, kim, hong.Number, "")
	if err != nil || found.Subscriber.Name != hong.Name || len(found.Certificates) != 1 || len(found.Events) != 1 || len(found.Cases) != 1 ||
		found.Cases[0].ID != c.ID || found.Stale {
		t.Errorf("%+v, %v", found, err)
	}
	_, err = d.Counter.Customer(d.ctx, far, hong.Number, "")
	refuses(t, err, authz.ErrUnexplained)
	for _, why := range []string{"네", strings.Repeat("가", 201), "ab\x00cdef"} {
		_, err = d.Counter.Customer(d.ctx, far, hong.Number, why)
		refuses(t, err, counter.ErrWhy)
	}
	const why = "고객이 이 영업점에 와 있어요"
	if _, err = d.Counter.Customer(d.ctx, far, hong.Number, why); err != nil {
		t.Error(err)
	}
	said := 0
	for _, e := range d.entries(authz.ViewCustomer) {
		if e.Outcome == audit.Done && e.Object == "subscriber:"+found.Subscriber.ID && e.Detail["why"] == why {
			said++
		}
	}
	if said != 1 || d.audited(authz.ViewCustomer, audit.Denied, authz.ErrUnexplained.Number) != 1 {
		t.Errorf("the reason is on record %d times", said)
	}
	for _, number := range []string{"", "nobody", strings.Repeat("1", 100)} {
		_, err = d.Counter.Customer(d.ctx, kim, number, "")
		refuses(t, err, subscriber.ErrNoCustomer)
	}
	self := kim
	self.Self = found.Subscriber.ID
	_, err = d.Counter.Customer(d.ctx, self, hong.Number, "")
	refuses(t, err, authz.ErrOwnMatter)
	_, err = d.Counter.Customer(d.ctx, authz.Caller{Role: authz.Customer, ID: found.Subscriber.ID}, hong.Number, "")
	refuses(t, err, authz.ErrForbidden)
	if _, err := d.Counter.Customer(d.ctx, kim, seo.Number, ""); err != nil { // whom no branch looks after
		t.Error(err)
	}
}

// Who may look at no customer makes nobody a subscriber.
func TestNoMeetingWithoutARight(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	_, err := d.Counter.Customer(d.ctx, authz.Caller{Role: authz.Auditor, ID: "a"}, hong.Number, "because of it")
	refuses(t, err, authz.ErrForbidden)
	if who, err := d.Store.ByCustomerNumber(d.ctx, hong.Number); err == nil {
		t.Errorf("%s is a subscriber", who.ID)
	}
	_ = simulator.Samples
}

// A queue shows what there is to do, and its counts say when it has changed.
func TestQueues(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	seen := map[string]bool{}
	counts := func(caller authz.Caller, mine, approve, waiting, branch int) {
		t.Helper()
		got, revision, err := d.Counter.Counts(d.ctx, caller)
		want := map[counter.Queue]int{counter.MineQueue: mine, counter.ApproveQueue: approve, counter.WaitingQueue: waiting, counter.BranchQueue: branch}
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("counts %v, %v; want %v", got, err, want)
		}
		for _, q := range counter.QueueOrder {
			if rows, err := d.Counter.Queue(d.ctx, caller, q); err != nil || len(rows) != want[q] {
				t.Errorf("%s has %d rows, %v; want %d", q, len(rows), err, want[q])
			}
		}
		if _, again, _ := d.Counter.Counts(d.ctx, caller); again != revision {
			t.Error("the revision has changed by itself")
		}
		if seen[caller.ID+revision] {
			t.Error("the revision is an old one")
		}
		seen[caller.ID+revision] = true
	}
	counts(kim, 0, 0, 0, 0)
	c := d.open(kim, wish(hong, counter.Issue))
	counts(kim, 1, 0, 0, 1)
	d.pass(time.Second)
	submitted := d.submitted(lee, wish(people[1], counter.Issue), people[1].Cards[0])
	counts(kim, 1, 1, 0, 2)
	counts(lee, 1, 0, 0, 2)
	counts(boss, 0, 1, 0, 2)
	d.down(simulator.Status)
	must(t, second(d.Counter.Prove(d.ctx, kim, c.ID, proofing.CounterCard{Document: "resident-card", Number: hong.Cards[0].Number, Name: hong.Name,
		IssueDate: hong.Cards[0].IssueDate})))
	counts(kim, 1, 1, 1, 2)
	counts(far, 0, 0, 0, 0)
	self := boss
	self.ID, self.Self = "self", c.SubscriberID
	counts(self, 0, 1, 0, 1)
	must(t, second(d.Counter.Decide(d.ctx, boss, submitted.ID, counter.Approve, "", 0)))
	counts(boss, 0, 0, 1, 2)
	rows, err := d.Counter.Queue(d.ctx, boss, counter.BranchQueue)
	if err != nil || rows[0].Case.ID != c.ID || rows[0].Name != hong.Name || rows[0].HandlerName != "kim" || rows[1].MakerName != "lee" {
		t.Errorf("%+v, %v", rows, err)
	}
	next := func(caller authz.Caller, other, want string) {
		t.Helper()
		looks := len(d.entries(authz.ViewQueue))
		if id, err := d.Counter.Next(d.ctx, caller, other); err != nil || id != want {
			t.Errorf("%s decides %q next, %v; want %q", caller.ID, id, err, want)
		}
		if len(d.entries(authz.ViewQueue)) != looks { // nobody sees a name
			t.Error("that is a look at the queue on record")
		}
	}
	next(boss, "", "")
	d.up()
	late := d.submitted(lee, wish(people[2], counter.Issue), people[2].Cards[0])
	next(boss, "", late.ID)
	next(boss, late.ID, "")
	next(lee, "", "")
	next(far, "", "")
	d.pass(counter.SubmittedLasts)
	next(boss, "", "")
	_, err = d.Counter.Queue(d.ctx, boss, "other")
	refuses(t, err, counter.ErrQueue)
	for _, caller := range []authz.Caller{{Role: authz.Customer, ID: "x"}, {Role: authz.Auditor, ID: "x"}, {Role: authz.Teller, ID: "x"}} {
		_, err = d.Counter.Queue(d.ctx, caller, counter.BranchQueue)
		refuses(t, err, authz.ErrForbidden)
		_, _, err = d.Counter.Counts(d.ctx, caller)
		refuses(t, err, authz.ErrForbidden)
		_, err = d.Counter.Next(d.ctx, caller, "")
		refuses(t, err, authz.ErrForbidden)
	}
}
