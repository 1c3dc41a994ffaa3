// Package life_test walks the whole life of many persons' certificates beside a
// reference model (model_test.go, calendar_test.go), which is written from the
// rules and shares no code with the service; concurrent_test.go has four
// instances do the same at once.
package life_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/ca/catest"
	"github.com/ingam-pki/ingam/internal/certification/status"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle/lifetest"
	"github.com/ingam-pki/ingam/internal/registration/notice"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/internal/store/storetest"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/profile"
)

// A walk is so many steps; as many walks are made on each engine as -rapid.checks
// says. Together they are at least 10,000 steps.
const (
	walkSteps = 210
	walks     = 25
)

// dawn is when walks begin: a leap day is near.
var dawn = time.Date(2027, 2, 17, 3, 4, 5, 0, time.UTC)

var ceremony = sync.OnceValues(func() (*ca.Ceremony, error) {
	return catest.Ceremony(2048, func() time.Time { return dawn.AddDate(0, 0, -1) })
})

func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if !given {
		if err := flag.Set("rapid.checks", fmt.Sprint(walks)); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

func TestLives(t *testing.T) {
	made, err := ceremony()
	if err != nil {
		t.Fatal(err)
	}
	for _, engine := range storetest.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			var steps atomic.Int64
			did := map[string]int{}
			rapid.Check(t, func(rt *rapid.T) {
				w := newWalk(t, rt, engine.URL(t), made)
				defer w.close()
				for range walkSteps {
					did[w.step()]++
					steps.Add(1)
				}
				w.persons(true)
				w.audited()
			})
			t.Logf("%d steps: %v", steps.Load(), did)
		})
	}
}

// clock is what the service goes by; only steps of a walk move it.
type clock struct{ at atomic.Int64 }

func (c *clock) now() time.Time { return time.UnixMicro(c.at.Load()).UTC() }

// brittle is a key that can be made to fail: what is begun then stays pending.
type brittle struct {
	crypto.Signer
	broken atomic.Bool
}

func (b *brittle) Sign(random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if b.broken.Load() {
		return nil, errors.New("the key does not answer")
	}
	return b.Signer.Sign(random, digest, opts)
}

// walk is one life of some persons, in the service and in the model.
type walk struct {
	*rapid.T
	ctx   context.Context
	m     *model
	clock *clock
	key   *brittle
	*lifetest.House
	publisher *status.Publisher
	profiles  profile.Profiles
	n         int
	kinds     []npki.Kind
	requests  map[*cert]ca.Request
	codes     map[string]string // code → person
}

func newWalk(t *testing.T, rt *rapid.T, url string, made *ca.Ceremony) *walk {
	ctx := context.Background()
	w := &walk{T: rt, ctx: ctx, clock: &clock{}, key: &brittle{}, profiles: profile.Set(profile.DefaultArc),
		kinds: []npki.Kind{npki.PersonalBank, npki.PersonalGeneral}, requests: map[*cert]ca.Request{}, codes: map[string]string{},
		m: &model{persons: map[string]*person{}, touched: map[string]bool{}}}
	w.set(moment(dawn.UnixMicro()))
	ring := keys.NewRing()
	db, err := store.Open(ctx, url, ring, store.Conns(4))
	w.must(err)
	w.must(db.Migrate(ctx))
	w.House, err = lifetest.New(made, db, ring, w.clock.now, func(c *ca.Config, _ *lifecycle.Config) {
		w.key.Signer = c.Signer
		c.Signer = w.key
	})
	w.must(err)
	w.publisher, err = status.NewPublisher(status.PublisherConfig{Issuer: made.Issuing, Signer: made.IssuingKey, Now: w.clock.now},
		db, db, w.House.Log)
	w.must(err)
	for i := range 6 {
		name := fmt.Sprint("person", i)
		_, err := w.Person(ctx, name, i > 0)
		w.must(err)
		p := &person{name: name, urgent: []string{"mail", "message"}, ordinary: []string{"mail", "message"},
			notices: map[string]int{}, lost: map[string]bool{}}
		switch i {
		case 0: // has no mail
			p.urgent, p.ordinary = []string{"message"}, []string{"message"}
		case 1:
			p.ordinary = []string{"mail"}
			w.must(db.SaveNoticeChoice(ctx, name, notice.Choice{Mail: true, Lang: "ko"}, dawn))
		}
		w.m.persons[name], w.m.names = p, append(w.m.names, name)
	}
	return w
}

func (w *walk) close() { w.must(w.Store.Close()) }

func (w *walk) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *walk) set(at moment) {
	w.m.at = at
	w.clock.at.Store(int64(at))
}

// number is the fault of an error; whatever is no fault fails the walk.
func (w *walk) number(err error) int {
	w.Helper()
	if err == nil {
		return fine
	}
	f := fault.Of(err)
	if f.Fault == fault.Unexpected {
		w.Fatalf("no fault: %v", err)
	}
	return f.Number
}

// agree fails the walk when service and model differ, and says whether the act
// was done.
func (w *walk) agree(what string, want int, err error) bool {
	w.Helper()
	if got := w.number(err); got != want {
		w.Fatalf("%s: the service says %d (%v), the model %d", what, got, err, want)
	}
	return want == fine
}

// request names a step: each act has its own.
func (w *walk) request() string { return fmt.Sprint("step", w.n) }

func (w *walk) customer(name string) authz.Caller { return lifetest.Customer(name, w.request()) }

func (w *walk) as(by string, caller authz.Caller) (authz.Caller, who) {
	caller.Request = w.request()
	return caller, who{by: by, request: caller.Request}
}

// step does one act that is possible, looks at whom it concerned, and names it.
func (w *walk) step() string {
	w.n++
	w.set(w.m.at + 1000) // no two acts in the same moment
	clear(w.m.touched)
	name := rapid.SampledFrom(acts).Draw(w.T, "act")
	if len(w.m.certs) == 0 {
		name = "issue"
	}
	switch name {
	case "issue", "interrupted":
		w.issue(name == "interrupted")
	case "renew", "reissue":
		w.replace(name, rapid.IntRange(0, 4).Draw(w.T, "interrupted") == 0)
	case "ask again":
		w.again()
	case "recover":
		w.recover()
	case "suspend":
		w.suspend()
	case "lost":
		w.lost()
	case "code":
		w.code()
	case "resume":
		w.resume()
	case "revoke":
		w.revoke()
	case "exception":
		w.exception()
	case "ex officio":
		w.exOfficio()
	case "stranger":
		w.stranger()
	case "sweep":
		w.sweep()
	case "list":
		w.list()
	default:
		w.jump()
	}
	w.persons(false)
	return name
}

var acts = []string{"issue", "issue", "interrupted", "renew", "renew", "reissue", "reissue", "ask again", "recover",
	"suspend", "suspend", "lost", "code", "resume", "resume", "revoke", "exception", "ex officio", "stranger",
	"sweep", "sweep", "list", "jump", "jump", "jump"}

func (w *walk) anyone() string { return rapid.SampledFrom(w.m.names).Draw(w.T, "person") }

// pick takes a certificate, mostly one of those that are not over.
func (w *walk) pick() *cert {
	var open []*cert
	for _, c := range w.m.certs {
		if c.live() || c.state == "pending" {
			open = append(open, c)
		}
	}
	if len(open) == 0 || rapid.IntRange(0, 5).Draw(w.T, "any") == 0 {
		open = w.m.certs
	}
	c := rapid.SampledFrom(open).Draw(w.T, "certificate")
	w.m.touched[c.person] = true
	return c
}

func (w *walk) fresh(person string, kind npki.Kind) ca.Request {
	r, err := catest.Request(rand.Reader, fmt.Sprint(w.n))
	w.must(err)
	r.SubscriberID, r.Kind = person, kind
	return r
}

// begun finds what a request has left behind, done or interrupted, and lets the
// model begin the same.
func (w *walk) begun(r ca.Request, old *cert, end moment) *cert {
	record, err := w.Store.ByApplication(w.ctx, r.ApplicationID)
	w.must(err)
	exception := r.Exception
	if old != nil {
		exception = old.exception
	}
	c := w.m.begin(record.Serial, r.SubscriberID, string(r.Kind), exception, old, end)
	w.requests[c] = r
	return c
}

func (w *walk) issue(interrupted bool) {
	name, kind := w.anyone(), rapid.SampledFrom(w.kinds).Draw(w.T, "kind")
	r := w.fresh(name, kind)
	var used *exception
	if !interrupted && rapid.IntRange(0, 2).Draw(w.T, "by exception") == 0 {
		id, err := w.Life.ApprovedException(w.ctx, name, kind)
		w.must(err)
		if used = w.m.approved(name, string(kind)); (used == nil) != (id == "") || used != nil && used.id != id {
			w.Fatalf("exception %q, in the model %+v", id, used)
		}
		r.Exception = id
	}
	want := w.m.mayIssue(name, string(kind), r.Exception)
	c := w.do(r, want, nil, w.m.year(), interrupted)
	if c != nil && used != nil {
		used.used = true
		w.must(w.Store.InTx(w.ctx, func(ctx context.Context) error { return w.Life.UseException(ctx, used.id) }))
	}
}

// do asks the authority, and the model for the same.
func (w *walk) do(r ca.Request, want int, old *cert, end moment, interrupted bool) *cert {
	caller := w.customer(r.SubscriberID)
	if interrupted && want == fine {
		want = noKeyAnswers
	}
	w.key.broken.Store(interrupted)
	_, err := w.Authority.Issue(w.ctx, caller, r)
	w.key.broken.Store(false)
	done := w.agree("issuing", want, err)
	if !done && want != noKeyAnswers {
		return nil
	}
	c := w.begun(r, old, end)
	if done {
		w.m.finish(c, who{by: "customer", request: caller.Request})
	}
	return c
}

// replace does what enrolment does at the end of a renewal or a reissue.
func (w *walk) replace(way string, interrupted bool) {
	c := w.pick()
	record, err := w.Authority.Certificate(w.ctx, w.customer(c.person), c.serial)
	w.must(err)
	r := w.fresh(c.person, record.Kind)
	r.Replaces = c.serial
	p, _ := w.profiles.OfKind(record.Kind)
	want, end := w.m.mayReissue(c), c.end
	if way == "renew" {
		want, end = w.m.mayRenew(c), endOf(monthsLater(dayOf(c.end), 12))
		r.From, r.NotAfter = []ca.State{ca.Valid}, p.Validity.NotAfter(record.NotAfter)
		err = lifecycle.MayRenew(record, p.RenewalDays, w.clock.now())
	} else {
		r.From, r.NotAfter = []ca.State{ca.Valid, ca.Suspended, ca.Held}, record.NotAfter
		err = lifecycle.MayReissue(record, w.clock.now())
	}
	if !w.agree(way, want, err) {
		return
	}
	made := w.do(r, w.m.mayReplace(c), c, end, interrupted)
	if made != nil && interrupted && rapid.Bool().Draw(w.T, "and suspended") {
		w.set(w.m.at + 1000)
		caller := w.customer(c.person)
		_, err := w.Life.Suspend(w.ctx, caller, c.serial, "online")
		if w.agree("suspending what is being replaced", standing(c.now(w.m.at)), err) {
			w.m.suspend(c, who{by: "customer", request: caller.Request}, "online")
		}
	}
}

// again asks once more for what was asked for before.
func (w *walk) again() {
	c := w.pick()
	r, caller := w.requests[c], w.customer(c.person)
	record, err := w.Authority.Issue(w.ctx, caller, r)
	if c.lost {
		w.agree("asking again for what was never finished", 4006, err)
		return
	}
	w.must(err)
	if c.state == "pending" {
		w.m.finish(c, who{by: "customer", request: caller.Request})
	}
	if record.Serial != c.serial {
		w.Fatalf("asking again gives %s, not %s", record.Serial, c.serial)
	}
}

func (w *walk) recover() {
	n := 0
	for _, c := range w.m.certs {
		if c.state == "pending" {
			w.m.finish(c, who{by: "clock", clock: true})
			n++
		}
	}
	if got, err := w.Authority.Recover(w.ctx); got != n || err != nil {
		w.Fatalf("recovered %d, %v; in the model %d", got, err, n)
	}
}

func (w *walk) suspend() {
	c := w.pick()
	caller, actor, desk := w.customer(c.person), who{by: "customer", request: w.request()}, "online"
	switch rapid.IntRange(0, 3).Draw(w.T, "by") {
	case 1:
		caller, actor = w.as("desk", lifetest.Supervisor)
		desk = rapid.SampledFrom([]string{"branch:101", "branch:202"}).Draw(w.T, "desk")
	case 2:
		caller, actor = w.as("bank", lifetest.Operator)
		desk = "bank"
	}
	_, err := w.Life.Suspend(w.ctx, caller, c.serial, desk)
	if w.agree("suspending", standing(c.now(w.m.at)), err) {
		w.m.suspend(c, actor, desk)
	}
}

func (w *walk) resume() {
	c := w.pick()
	if rapid.Bool().Draw(w.T, "online") { // what enrolment does at the end of a resumption
		caller := w.customer(c.person)
		record, err := w.Authority.Certificate(w.ctx, caller, c.serial)
		w.must(err)
		if w.agree("resuming", w.m.mayResume(c), lifecycle.MayResume(record, w.clock.now())) {
			w.must(w.Authority.Release(w.ctx, caller, c.serial, record.Desk))
			w.m.resume(c, who{by: "customer", request: caller.Request})
		}
		return
	}
	caller, actor := w.as("desk", lifetest.Supervisor)
	desk := rapid.SampledFrom([]string{"branch:101", "branch:202", "bank", "online", "lost"}).Draw(w.T, "desk")
	want := standing(c.now(w.m.at))
	switch c.now(w.m.at) {
	case "valid":
		want = isValid
	case "suspended", "held":
		if want = fine; c.desk != desk {
			want = otherDesk
		}
	}
	_, err := w.Life.Resume(w.ctx, caller, c.serial, desk)
	if w.agree("resuming at a desk", want, err) {
		w.m.resume(c, actor)
	}
}

func (w *walk) revoke() {
	c := w.pick()
	reason := rapid.SampledFrom([]ca.Reason{ca.Unspecified, ca.KeyCompromise, ca.AffiliationChanged, ca.Cessation}).Draw(w.T, "reason")
	want, invalid, otp := w.m.mayEnd(c), moment(0), lifetest.RightOTP
	switch rapid.IntRange(0, 5).Draw(w.T, "since") {
	case 0:
		invalid = c.begin + (w.m.at-c.begin)/2
	case 1:
		invalid = w.m.at + 1
	case 2:
		invalid = c.begin - 1
	}
	if want == fine && invalid != 0 && (invalid > w.m.at || invalid < c.begin) {
		want = badDate
	}
	caller, actor := w.customer(c.person), who{by: "customer", request: w.request()}
	if rapid.IntRange(0, 3).Draw(w.T, "by") == 0 {
		caller, actor = w.as("desk", lifetest.Supervisor)
	} else if rapid.IntRange(0, 3).Draw(w.T, "password") == 0 {
		otp = "000000"
		if want == fine {
			want = otpWrong
		}
	}
	_, err := w.Life.Revoke(w.ctx, caller, c.serial, reason, timeOf(invalid), otp)
	if w.agree("revoking", want, err) {
		w.m.revoke(c, actor, int(reason), invalid)
	}
}

func timeOf(m moment) time.Time {
	if m == 0 {
		return time.Time{}
	}
	return time.UnixMicro(int64(m)).UTC()
}

// code has a certificate's emergency code shown.
func (w *walk) code() {
	c := w.pick()
	want := fine
	if w.m.mayEnd(c) != fine {
		want = codeOver
	}
	shown, err := w.Life.EmergencyCode(w.ctx, w.customer(c.person), c.serial)
	if w.agree("showing a code", want, err) {
		w.codes[shown] = c.person
	}
}

func (w *walk) lost() {
	how := rapid.IntRange(0, 3).Draw(w.T, "how")
	if how < 2 || len(w.codes) == 0 {
		name := w.anyone()
		caller, actor := w.customer(name), who{by: "customer", request: w.request()}
		if how == 0 {
			caller, actor = w.as("desk", lifetest.Supervisor)
		}
		loss, err := w.Life.Lost(w.ctx, caller, name)
		w.must(err)
		w.loss(loss, name, actor)
		return
	}
	caller, actor := w.as("emergency-code", lifetest.Nobody)
	typed, owner := "0000-0000-0000-0000", ""
	if how == 3 {
		for shown, name := range w.codes { // any
			if owner == "" || shown < typed {
				typed, owner = shown, name
			}
		}
	}
	want := w.m.try()
	if want == fine && owner == "" {
		want = codeWrong
	} else if want == fine {
		w.m.refund()
		if w.holdsNothing(owner) {
			want = codeWrong
		}
	}
	loss, err := w.Life.LostByCode(w.ctx, caller, "192.0.2.1", " "+strings.ToLower(strings.ReplaceAll(typed, "-", " ")))
	if w.agree("reporting a loss by code", want, err) {
		w.loss(loss, owner, actor)
	}
}

func (w *walk) holdsNothing(name string) bool {
	w.m.touched[name] = true
	for _, c := range w.m.certs {
		if c.person != name {
			continue
		}
		if w.m.mayEnd(c) == fine || c.state == "pending" && !c.hold {
			return false
		}
	}
	return true
}

func (w *walk) loss(got lifecycle.Loss, name string, actor who) {
	suspended, before, begun := w.m.lose(name, actor)
	if len(got.Suspended) != suspended || len(got.Before) != before || got.Begun != begun || got.Stopped != 0 {
		w.Fatalf("the loss is %+v; in the model %d, %d, %d", got, suspended, before, begun)
	}
}

// exception proposes one or two, and has them approved by who may not and who
// may.
func (w *walk) exception() {
	name, kind := rapid.SampledFrom(w.m.names[:2]).Draw(w.T, "person"), rapid.SampledFrom(w.kinds).Draw(w.T, "kind")
	for range rapid.IntRange(1, 2).Draw(w.T, "exceptions") {
		w.set(w.m.at + 1000)
		w.exceptionFor(name, kind)
	}
}

func (w *walk) exceptionFor(name string, kind npki.Kind) {
	p, err := w.Life.Propose(w.ctx, lifetest.Supervisor, lifecycle.Proposal{Act: lifecycle.Exception, SubscriberID: name, Kind: kind, Why: "두 번째 기기에서도 씁니다"})
	w.must(err)
	_, err = w.Life.Decide(w.ctx, lifetest.Teller, p.ID, true)
	w.agree("a teller decides", forbidden, err)
	_, err = w.Life.Decide(w.ctx, lifetest.Supervisor, p.ID, true)
	w.agree("the maker decides", ownProposal, err)
	approve := rapid.Bool().Draw(w.T, "approve")
	_, err = w.Life.Decide(w.ctx, lifetest.Operator, p.ID, approve)
	w.must(err)
	_, err = w.Life.Decide(w.ctx, lifetest.Operator, p.ID, approve)
	w.agree("deciding again", 2333, err)
	if approve {
		w.m.exceptions = append(w.m.exceptions, &exception{id: p.ID, person: name, kind: string(kind), made: w.m.at, ends: w.m.at + 7*aDay})
	}
}

// exOfficio has a certificate revoked by the bank's own decision.
func (w *walk) exOfficio() {
	c := w.pick()
	p, err := w.Life.Propose(w.ctx, lifetest.Teller, lifecycle.Proposal{Act: lifecycle.ExOfficio, Serial: c.serial, Reason: ca.Cessation, Why: "사망 신고가 접수됨"})
	if !w.agree("proposing a revocation", w.m.mayEnd(c), err) {
		return
	}
	caller, actor := w.as("bank", lifetest.Operator)
	_, err = w.Life.Decide(w.ctx, caller, p.ID, true)
	w.must(err)
	w.m.revoke(c, actor, int(ca.Cessation), 0)
}

// stranger tries everything with another's certificate.
func (w *walk) stranger() {
	c, name := w.pick(), w.anyone()
	if name == c.person {
		return
	}
	caller := w.customer(name)
	_, err := w.Life.Suspend(w.ctx, caller, c.serial, "online")
	w.agree("a stranger suspends", unknown, err)
	_, err = w.Life.Revoke(w.ctx, caller, c.serial, ca.KeyCompromise, time.Time{}, lifetest.RightOTP)
	w.agree("a stranger revokes", unknown, err)
	_, err = w.Life.EmergencyCode(w.ctx, caller, c.serial)
	w.agree("a stranger wants the code", unknown, err)
	_, err = w.Life.Lost(w.ctx, caller, c.person)
	w.agree("a stranger reports a loss", forbidden, err)
	_, err = w.Life.History(w.ctx, caller, c.person)
	w.agree("a stranger reads the history", forbidden, err)
	_, err = w.Life.Resume(w.ctx, w.customer(c.person), c.serial, c.desk)
	w.agree("a customer resumes without proving who they are", forbidden, err)
	_, err = w.Life.Sweep(w.ctx, caller)
	if err != nil { // there was something to do, which nobody but the clock may
		w.agree("a customer sweeps", forbidden, firstOf(err))
	}
}

// firstOf gives the refusal among joined errors.
func firstOf(err error) error {
	if errors.Is(err, authz.ErrForbidden) {
		return authz.ErrForbidden
	}
	return err
}

func (w *walk) sweep() {
	expired, revoked, reminded := w.m.sweep()
	got, err := w.Life.Sweep(w.ctx, lifetest.Clock)
	if want := (lifecycle.Swept{Expired: expired, Revoked: revoked, Reminded: reminded}); err != nil || got != want {
		w.Fatalf("the clock has done %+v (%v), in the model %+v", got, err, want)
	}
	over, err := w.Store.Overdue(w.ctx, w.clock.now(), 100)
	if err != nil || len(over) != 0 {
		w.Fatalf("the clock left %v, %v", over, err)
	}
	w.must(w.Store.InTx(w.ctx, func(ctx context.Context) error {
		due, err := w.Store.DueReminders(ctx, w.clock.now(), 100)
		if len(due) != 0 {
			w.Fatalf("the clock left reminders: %v", due)
		}
		return err
	}))
}

// jump moves the clock: by seconds to 13 months, or to an edge of a
// certificate's life and a microsecond beyond.
func (w *walk) jump() {
	to := w.m.at
	switch rapid.IntRange(0, 5).Draw(w.T, "jump") {
	case 0:
		to += moment(rapid.IntRange(1, 7200).Draw(w.T, "seconds")) * second
	case 1:
		to += moment(rapid.IntRange(1, 40).Draw(w.T, "days")) * aDay
	case 2:
		to = startOf(monthsLater(dayOf(to), int64(rapid.IntRange(1, 13).Draw(w.T, "months")))) + moment(rapid.IntRange(0, 86399).Draw(w.T, "second"))*second
	default:
		c := w.pick()
		edges := []moment{c.end, opens(c), startOf(dayOf(c.end))}
		if c.until != 0 {
			edges = append(edges, c.until, c.until)
		}
		if c.remind != 0 {
			edges = append(edges, c.remind)
		}
		// This step looks at the very moment, or sweeps at it; the next act comes a
		// millisecond after what is set here.
		to = rapid.SampledFrom(edges).Draw(w.T, "edge") + moment(rapid.SampledFrom([]int{-1, 0, 1, -1001, -1000, -999}).Draw(w.T, "off"))
	}
	if to > w.m.at && to < moment(dawn.AddDate(8, 0, 0).UnixMicro()) {
		w.set(to)
		if rapid.IntRange(0, 2).Draw(w.T, "and sweep") == 0 {
			w.sweep()
		}
	}
}
