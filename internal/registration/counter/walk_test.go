package counter_test

import (
	"flag"
	"fmt"
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/counter/countertest"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
	"github.com/ingam-pki/ingam/internal/store/storetest"
)

// A walk has so many steps in the mean; so many are made on each engine, or as
// many as -rapid.checks says.
const (
	steps = 60
	walks = 25
)

func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	for name, value := range map[string]int{"rapid.steps": steps, "rapid.checks": walks} {
		if given && name == "rapid.checks" {
			continue
		}
		if err := flag.Set(name, fmt.Sprint(value)); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// TestCases walks cases of some customers through two counters and compares each
// answer, and how each case stands after it, with the model.
func TestCases(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			down := false
			d := openDeskOn(t, engine, func(c *counter.Config) {
				c.Prover = issuer{&down, c.Prover.(*proofing.Service).Tag}
				c.People = met{c.Known.ByCustomerNumber}
			})
			reached := map[string]int{}
			fresh := 0 // of the samples' customers none is in two walks
			rapid.Check(t, func(rt *rapid.T) {
				down = false
				w := &walk{desk: d, rt: rt, down: &down, model: model{now: d.now(), customers: map[string]*customer{}}}
				for range 3 {
					fresh++
					w.enter(fresh)
				}
				for i, act := range []string{"issue", "lost", "issue"} {
					w.opened([]string{"kim", "boss", "lee"}[i], w.numbers[i], act)
				}
				defer func() {
					for _, c := range w.cases {
						reached[c.act+" "+c.state]++
					}
				}()
				rt.Repeat(map[string]func(*rapid.T){
					"": w.check, "open": w.open, "along": w.along, "along further": w.along, "along still": w.along, "prove": w.prove, "again": w.prove, "paper": w.paper, "submit": w.submit, "decide": w.decide,
					"take": w.take, "withdraw": w.withdraw, "fetch": w.fetch, "codes": w.codes, "time": w.time, "work": w.work, "service": w.service,
				})
			})
			t.Logf("cases at the ends of the walks: %v", reached)
			summary, err := d.Log.Verify(t.Context(), func(p audit.Problem) { t.Errorf("audit log: %+v", p) })
			if err != nil || summary.Problems != 0 {
				t.Errorf("%+v, %v", summary, err)
			}
		})
	}
}

type walk struct {
	model
	*desk
	rt      *rapid.T
	down    *bool
	numbers []string
}

var staff = map[string]authz.Caller{"kim": kim, "lee": lee, "boss": boss, "chief": chief}

func (w *walk) who(t *rapid.T) string {
	return rapid.SampledFrom([]string{"kim", "lee", "boss", "chief"}).Draw(t, "who")
}

func (w *walk) pick(t *rapid.T) *matter {
	if len(w.cases) == 0 {
		t.Skip("no case")
	}
	return w.cases[rapid.IntRange(0, len(w.cases)-1).Draw(t, "case")]
}

func (w *walk) expect(what string, want int, err error) {
	w.rt.Helper()
	if got := number(err); got != want {
		w.rt.Fatalf("%s: %d (%v), want %d", what, got, err, want)
	}
}

func (w *walk) open(t *rapid.T) {
	who, act := w.who(t), rapid.SampledFrom([]string{"issue", "issue", "lost"}).Draw(t, "act")
	of := rapid.SampledFrom(w.numbers).Draw(t, "customer")
	w.opened(who, of, act)
}

func (w *walk) opened(who, of, act string) {
	c, want := w.model.open(who, of, act)
	made, err := w.Counter.Open(w.ctx, staff[who], wishOf(of, actsOf[act]))
	w.expect("open", want, err)
	if c != nil {
		c.id = made.ID
	}
}

func (w *walk) prove(t *rapid.T) {
	who, c := w.who(t), w.pick(t)
	if rapid.Bool().Draw(t, "its handler") {
		who = c.handler
	}
	w.proved(who, c, rapid.SampledFrom([]string{"right", "mismatch", "mismatch", "mismatch", "lost"}).Draw(t, "card"))
}

func (w *walk) proved(who string, c *matter, card string) {
	want := w.model.prove(who, c, card)
	_, err := w.Counter.Prove(w.ctx, staff[who], c.id, proofing.CounterCard{Document: "resident-card", Number: card})
	w.expect("prove", want, err)
}

// along does what comes next, by who is to do it, so that walks come far.
func (w *walk) along(t *rapid.T) {
	c := w.pick(t)
	switch {
	case !c.going() || c.state == "waiting":
		t.Skip("nothing comes next")
	case c.state == "approved":
		w.fetched(t, c)
	case c.state == "submitted":
		who := "boss"
		if c.maker == who || c.submitter == who || c.prover == who || c.looked[who] {
			who = "chief"
		}
		w.decided(who, c, "approve", c.revision)
	case !c.proven:
		w.proved(c.handler, c, "right")
	case !c.scan || !c.form:
		w.papered(c, !c.scan)
	default:
		w.submits(c.handler, c, true)
	}
}

func (w *walk) paper(t *rapid.T) {
	w.papered(w.pick(t), rapid.Bool().Draw(t, "scan"))
}

func (w *walk) papered(c *matter, scan bool) {
	want := c.works(c.handler, "open", "waiting")
	var err error
	if scan {
		_, err = w.Counter.Attach(w.ctx, staff[c.handler], c.id, counter.IdentityCard, []byte("card"))
		c.scan = c.scan || want == fine
	} else {
		_, err = w.Counter.See(w.ctx, staff[c.handler], c.id, counter.Application, "")
		if err == nil {
			_, err = w.Counter.See(w.ctx, staff[c.handler], c.id, counter.IdentityCard, "")
		}
		c.form = c.form || want == fine
	}
	if want == fine {
		if c.looked == nil {
			c.looked = make(map[string]bool)
		}
		c.looked[c.handler] = true
	}
	w.expect("paper", want, err)
}

func (w *walk) submit(t *rapid.T) {
	who, c := w.who(t), w.pick(t)
	if rapid.Bool().Draw(t, "its handler") {
		who = c.handler
	}
	w.submits(who, c, rapid.IntRange(0, 3).Draw(t, "signed") > 0)
}

func (w *walk) submits(who string, c *matter, sign bool) {
	var signed []enrolment.ConsentGiven
	if sign {
		signed = w.Signed("personal-bank")
	}
	want := w.model.submit(who, c, sign)
	_, err := w.Counter.Submit(w.ctx, staff[who], c.id, signed)
	w.expect("submit", want, err)
}

func (w *walk) decide(t *rapid.T) {
	who, c := rapid.SampledFrom([]string{"boss", "chief", "kim", "afar"}).Draw(t, "who"), w.pick(t)
	if staff[c.submitter].Role == authz.Supervisor && c.maker != c.submitter {
		who = c.submitter // may they?
	}
	verdict := rapid.SampledFrom([]string{"approve", "approve", "return", "refuse"}).Draw(t, "verdict")
	seen := c.revision
	if rapid.IntRange(0, 4).Draw(t, "stale") == 0 {
		seen--
	}
	if seen == 0 {
		t.Skip("zero asks nothing")
	}
	w.decided(who, c, verdict, seen)
}

func (w *walk) decided(who string, c *matter, verdict string, seen int64) {
	caller := staff[who]
	var want int
	switch who {
	case "kim":
		want = denied
	case "afar":
		caller, want = afar, elsewhere
		if c.maker == who {
			want = ownApproval
		}
	default:
		want = w.model.decide(who, c, verdict, seen)
	}
	_, err := w.Counter.Decide(w.ctx, caller, c.id, counter.Verdict(verdict), "책임자의 의견이에요", seen)
	w.expect("decide "+verdict, want, err)
}

func (w *walk) take(t *rapid.T) {
	who, c := w.who(t), w.pick(t)
	want := w.model.take(who, c)
	_, err := w.Counter.Take(w.ctx, staff[who], c.id)
	w.expect("take", want, err)
}

func (w *walk) withdraw(t *rapid.T) {
	who, c := w.who(t), w.pick(t)
	if c.app == "open" && !w.model.now.Before(c.appEnds) {
		t.Skip("its application is over, and the clock has not said so yet")
	}
	want := w.model.withdraw(who, staff[who].Role == authz.Supervisor, c)
	_, err := w.Counter.Withdraw(w.ctx, staff[who], c.id, "고객이 돌아갔어요")
	w.expect("withdraw", want, err)
}

// fetch is the customer's: a key is made with the codes.
func (w *walk) fetch(t *rapid.T) {
	w.fetched(t, w.pick(t))
}

func (w *walk) fetched(t *rapid.T, c *matter) {
	if c.app != "open" || !w.model.now.Before(c.appEnds) {
		t.Skip("nothing to fetch")
	}
	kept, err := w.Store.Case(w.ctx, c.id)
	must(w.t, err)
	if _, err := w.Fetch(w.ctx, kept.Application, w.model.now.AddDate(1, 0, 0)); err != nil {
		t.Fatalf("fetching: %v", err)
	}
	c.app = "issued"
	w.customers[c.customer].holds = true
}

func (w *walk) codes(t *rapid.T) {
	who, c := w.who(t), w.pick(t)
	if c.state == "approved" {
		t.Skip("redeem's own matter")
	}
	_, err := w.Counter.HandOut(w.ctx, staff[who], c.id, redeem.Print)
	w.expect("codes", noCodes, err)
}

func (w *walk) time(t *rapid.T) {
	by := time.Duration(rapid.SampledFrom([]int{1, 10, 60, 60 * 20, 60 * 50}).Draw(t, "minutes")) * time.Minute
	w.pass(by)
	w.model.now = w.desk.now()
}

func (w *walk) service(t *rapid.T) {
	*w.down = rapid.Bool().Draw(t, "down")
	w.model.down = *w.down
}

func (w *walk) work(t *rapid.T) {
	w.model.work()
	_, err := w.Enrolment.Lapse(w.ctx, countertest.System)
	must(w.t, err)
	if _, err := w.Counter.Work(w.ctx, countertest.System); err != nil {
		t.Fatal(err)
	}
}

// check compares every case with the model.
func (w *walk) check(t *rapid.T) {
	w.model.now = w.desk.now()
	w.settle()
	for _, c := range w.cases {
		got, err := w.Counter.View(w.ctx, kim, c.id)
		if err != nil {
			t.Fatal(err)
		}
		if string(got.State) != c.state || got.Maker != c.maker || got.Handler != c.handler || got.Submitter != c.submitter ||
			got.Failed != c.failed || (got.Proof != nil) != c.proven || got.EndedAt.IsZero() != c.going() {
			t.Fatalf("%+v\nis not %+v", got, c)
		}
		if c.state != "approved" && c.going() && !got.ExpiresAt.Equal(c.expires) {
			t.Fatalf("lasts until %v, want %v", got.ExpiresAt, c.expires)
		}
		_, err = w.Store.Card(w.ctx, c.id)
		if (err == nil) != (c.state == "waiting") {
			t.Fatalf("a card's entries while the case is %s: %v", c.state, err)
		}
		c.revision = got.Revision
		if c.state == "waiting" {
			c.nextCheck = got.NextCheckAt
		}
	}
}
