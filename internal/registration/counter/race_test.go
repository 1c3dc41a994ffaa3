package counter_test

import (
	"sync"
	"testing"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/counter/countertest"
	"github.com/ingam-pki/ingam/internal/store/storetest"
	"github.com/ingam-pki/ingam/pki/npki"
)

// together runs fn as many times at once and gives the errors.
func together(n int, fn func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = fn(i)
		})
	}
	close(start)
	wg.Wait()
	return errs
}

// tally counts what came of them: successes under nil.
func tally(t *testing.T, errs []error) map[*fault.Fault]int {
	t.Helper()
	counts := map[*fault.Fault]int{}
	for _, err := range errs {
		f := fault.Of(err)
		switch {
		case f == nil:
			counts[nil]++
		case f.Fault == fault.Unexpected:
			t.Error(err)
		default:
			counts[f.Fault]++
		}
	}
	return counts
}

// Tellers and supervisors at the same case at once: one is first, the others are
// told so, and nothing is done twice.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	d := openDeskOn(t, storetest.Engine{Name: "postgres"})
	r := d.holds(hong, npki.PersonalBank, 300)
	w := wish(hong, counter.Revoke)
	w.Serial = r.Serial
	tellers := []authz.Caller{kim, lee}
	opened := tally(t, together(8, func(i int) error { return openErr(d, tellers[i%2], w) }))
	if opened[nil] != 1 || opened[counter.ErrGoing] != 7 {
		t.Fatalf("opened: %v", opened)
	}
	all, err := d.Store.CasesOf(d.ctx, d.subscriber(hong), 9)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d cases, %v", len(all), err)
	}
	c := all[0]
	maker := kim
	if c.Maker == lee.ID {
		maker = lee
	}
	errs := together(6, func(i int) error {
		switch i % 3 {
		case 0:
			return second(d.Counter.Prove(d.ctx, maker, c.ID, countertest.Card(hong.Cards[0])))
		case 1:
			return second(d.Counter.See(d.ctx, maker, c.ID, counter.Application, ""))
		}
		return second(d.Counter.Attach(d.ctx, maker, c.ID, counter.IdentityCard, simulator.Picture("card")))
	})
	if counts := tally(t, errs); counts[nil] != 6 {
		t.Errorf("worked on: %v", counts)
	}
	// Of two proofs at once the one that began last counts; ask once more.
	c, err = d.Counter.Prove(d.ctx, maker, c.ID, countertest.Card(hong.Cards[0]))
	if err != nil || c.Proof == nil || len(c.Attached) != 1 || len(c.Seen) != 1 {
		t.Fatalf("%+v, %v", c, err)
	}
	submitted := tally(t, together(4, func(int) error { return second(d.Counter.Submit(d.ctx, maker, c.ID, nil)) }))
	if submitted[nil] != 1 || submitted[counter.ErrNotNow] != 3 {
		t.Errorf("submitted: %v", submitted)
	}
	supervisors := []authz.Caller{boss, chief}
	verdicts := []counter.Verdict{counter.Approve, counter.Refuse}
	decided := tally(t, together(8, func(i int) error {
		return second(d.Counter.Decide(d.ctx, supervisors[i%2], c.ID, verdicts[i/2%2], "책임자의 의견이에요", 0))
	}))
	if decided[nil] != 1 || decided[counter.ErrOver] != 7 {
		t.Errorf("decided: %v", decided)
	}
	c = d.view(c.ID)
	if revoked := d.state(r.Serial).State == ca.Revoked; revoked != (c.State == counter.Done) {
		t.Errorf("%s, and the certificate is %s", c.State, d.state(r.Serial).State)
	}
	if d.audited(authz.DecideCase, audit.Done, 0) != 1 || d.audited(authz.SubmitCase, audit.Done, 0) != 1 {
		t.Errorf("%d decisions on record", d.audited(authz.DecideCase, audit.Done, 0))
	}
}

// Instances whose clocks work at once ask for each case once, or harmlessly more
// often.
func TestClocksAtOnce(t *testing.T) {
	t.Parallel()
	d := openDeskOn(t, storetest.Engine{Name: "postgres"})
	d.down(simulator.Status)
	var waiting []counter.Case
	for _, i := range []int{0, 1, 2, 7} {
		c := d.open(kim, wish(people[i], counter.Issue))
		must(t, second(d.Counter.Prove(d.ctx, kim, c.ID, countertest.Card(people[i].Cards[0]))))
		waiting = append(waiting, c)
	}
	d.up()
	d.pass(counter.OpenLasts / 2)
	for _, err := range together(4, func(int) error { return second(d.Counter.Work(d.ctx, countertest.System)) }) {
		must(t, err)
	}
	for _, c := range waiting {
		if c = d.view(c.ID); c.State != counter.Open || c.Proof == nil {
			t.Errorf("%+v", c)
		}
	}
}
