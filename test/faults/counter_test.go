package faults_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/counter/countertest"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle/lifetest"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/internal/store/storetest"
	"github.com/ingam-pki/ingam/pki/npki"
)

// counterVariable holds the order of a child that works at a counter.
const counterVariable = "INGAM_FAULTS_COUNTER"

// counterOrder is one act on one case.
type counterOrder struct {
	URL, Dir, Base string
	Act            string // prove, submit, decide, work
	Case           string
	At             int64 // microseconds
	Step, Hit      int   // kill -9 oneself there; Hit 0: never
}

// The steps of an act on a case. All but the last three are within a
// transaction.
const (
	beforeSaved = 1 // what the act does is done, the case is not written
	afterSaved  = 2
	beforeAsked = 3 // the case waits, its issuer was not asked
	afterAsked  = 4 // it has answered, and nobody wrote that down
	afterAct    = 5
)

var (
	mortalTeller     = countertest.Teller("teller", "012")
	mortalSupervisor = countertest.Supervisor("supervisor", "012")
)

type steppingCases struct {
	counter.Register
	step func(int)
}

func (r steppingCases) SaveCase(ctx context.Context, c counter.Case) error {
	r.step(beforeSaved)
	err := r.Register.SaveCase(ctx, c)
	r.step(afterSaved)
	return err
}

type steppingIssuer struct {
	*proofing.Service
	step func(int)
}

func (i steppingIssuer) CheckAtCounter(ctx context.Context, p proofing.Person, subject string, c proofing.CounterCard) (proofing.Proof, error) {
	i.step(beforeAsked)
	proof, err := i.Service.CheckAtCounter(ctx, p, subject, c)
	i.step(afterAsked)
	return proof, err
}

// counterChild is one instance of the service as far as a counter goes.
func counterChild(ctx context.Context, o counterOrder) error {
	ring, err := keys.ReadRing(filepath.Join(o.Dir, "ring.json"), passphrase)
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, o.URL, ring)
	if err != nil {
		return err
	}
	made, err := readCeremony(filepath.Join(o.Dir, "ca.json"))
	if err != nil {
		return err
	}
	now := func() time.Time { return time.UnixMicro(o.At).UTC() }
	h, err := lifetest.New(made, db, ring, now)
	if err != nil {
		return err
	}
	step, _ := order{Step: o.Step, Hit: o.Hit}.steps(nil)
	d, err := countertest.New(h, ring, o.Base, now, func(c *counter.Config) {
		c.Register = steppingCases{c.Register, step}
		if p, ok := c.Prover.(*proofing.Service); ok {
			c.Prover = steppingIssuer{p, step}
		}
	})
	if err != nil {
		return err
	}
	switch o.Act {
	case "prove":
		_, err = d.Counter.Prove(ctx, mortalTeller, o.Case, countertest.Card(simulator.Samples[0].Cards[0]))
	case "submit":
		_, err = d.Counter.Submit(ctx, mortalTeller, o.Case, d.Signed(npki.PersonalGeneral))
	case "decide":
		_, err = d.Counter.Decide(ctx, mortalSupervisor, o.Case, counter.Approve, "", 0)
	default:
		_, err = d.Counter.Work(ctx, countertest.System)
	}
	step(afterAct)
	return errors.Join(err, db.Close())
}

// TestKillCounter kills tellers', supervisors' and the clock's acts on cases at
// each of their steps, starts again, and looks whether anything is lost, half
// done, or done twice.
func TestKillCounter(t *testing.T) {
	for _, engine := range storetest.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			k := newCounters(t, newHouse(t, engine.URL(t)))
			for _, step := range []struct{ step, hit int }{{beforeSaved, 1}, {afterSaved, 1}, {beforeAsked, 1}, {afterAsked, 1}, {beforeSaved, 2}, {afterSaved, 2}, {afterAct, 1}} {
				k.proves(t, "prove", step.step, step.hit)
				if step.step != beforeSaved || step.hit != 1 {
					k.proves(t, "work", step.step, step.hit)
				}
			}
			for _, step := range []int{beforeSaved, afterSaved, afterAct} {
				k.loses(t, step)
				k.revokes(t, step)
				k.applies(t, step)
			}
			k.verified(t)
		})
	}
}

// counters is a house with counters.
type counters struct {
	*lives
	desk *countertest.Desk
	base string
	who  string // the customer: the first sample
}

func newCounters(t *testing.T, h *house) *counters {
	k := &counters{lives: newLives(t, h)}
	server := httptest.NewServer(simulator.New(func() time.Time { return k.at }).Handler())
	t.Cleanup(server.Close)
	k.base = server.URL
	var err error
	if k.desk, err = countertest.New(k.House, h.ring, k.base, func() time.Time { return k.at }); err != nil {
		t.Fatal(err)
	}
	who, err := k.desk.Subscribers.Meet(t.Context(), mortalTeller, simulator.Samples[0].Number)
	if err != nil {
		t.Fatal(err)
	}
	k.who = who.ID
	return k
}

// child runs an act in a process of its own, which has to die where it is told.
func (k *counters) child(t *testing.T, act, id string, step, hit int) {
	t.Helper()
	text, err := json.Marshal(counterOrder{URL: k.url, Dir: k.dir, Base: k.base, Act: act, Case: id, At: k.at.UnixMicro(), Step: step, Hit: hit})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), counterVariable+"="+string(text))
	var said bytes.Buffer
	cmd.Stderr = &said
	err = cmd.Run()
	status, _ := cmd.ProcessState.Sys().(syscall.WaitStatus)
	died := status.Signaled() && status.Signal() == syscall.SIGKILL
	if died {
		k.killed++
	}
	if died != (hit > 0) || !died && err != nil {
		t.Errorf("%s at step %d, time %d: %v: %s", act, step, hit, err, said.String())
	}
}

func (k *counters) opened(t *testing.T, w counter.Wish) counter.Case {
	t.Helper()
	w.CustomerNumber, w.Visitor = simulator.Samples[0].Number, counter.Oneself
	c, err := k.desk.Counter.Open(t.Context(), mortalTeller, w)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (k *counters) is(t *testing.T, id string) counter.Case {
	t.Helper()
	c, err := k.store.Case(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// proves kills the check of a card: what was entered is there until there is an
// answer, and gone from then on.
func (k *counters) proves(t *testing.T, act string, step, hit int) {
	t.Helper()
	name := fmt.Sprintf("%s, step %d, time %d", act, step, hit)
	c := k.opened(t, counter.Wish{Act: counter.Lost})
	if act == "work" { // of what another one has left
		k.child(t, "prove", c.ID, beforeAsked, 1)
		k.at = k.at.Add(10 * time.Minute)
	}
	k.child(t, act, c.ID, step, hit)
	got := k.is(t, c.ID)
	_, err := k.store.Card(t.Context(), c.ID)
	switch kept := err == nil; {
	case err != nil && !errors.Is(err, counter.ErrNoCard):
		t.Fatal(err)
	case got.State == counter.Waiting && kept && got.Proof == nil && got.Check != "":
	case got.State == counter.Open && !kept && (got.Proof != nil) == (step == afterAct):
		begun := act == "work" || step >= beforeAsked || hit > 1 // it was told that it waits
		if begun && step != afterAct {
			t.Errorf("%s: what was entered is lost", name)
		}
	default:
		t.Errorf("%s: %s, card kept %v, proof %v", name, got.State, kept, got.Proof)
	}
	k.at = k.at.Add(10 * time.Minute)
	if got.State == counter.Open && got.Proof == nil { // the teller sees that nothing came of it
		k.child(t, "prove", c.ID, 0, 0)
	}
	k.child(t, "work", "", 0, 0)
	if got = k.is(t, c.ID); got.State != counter.Open || got.Proof == nil || got.Finding != 0 {
		t.Errorf("%s: in the end %+v", name, got)
	}
	if _, err := k.desk.Counter.Withdraw(t.Context(), mortalTeller, c.ID, "the test is over"); err != nil {
		t.Fatal(err)
	}
}

// complete gives a case all that it needs.
func (k *counters) complete(t *testing.T, c counter.Case) {
	t.Helper()
	_, err := k.desk.Counter.Prove(t.Context(), mortalTeller, c.ID, countertest.Card(simulator.Samples[0].Cards[0]))
	for _, n := range counter.NeededFor(simulator.Samples[0].Sort, counter.Oneself, c.Act) {
		var more error
		if n.Scan {
			_, more = k.desk.Counter.Attach(t.Context(), mortalTeller, c.ID, n.Paper, simulator.Picture("card"))
		} else {
			_, more = k.desk.Counter.See(t.Context(), mortalTeller, c.ID, n.Paper, "")
		}
		err = errors.Join(err, more)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func (k *counters) submitted(t *testing.T, w counter.Wish) counter.Case {
	t.Helper()
	c := k.opened(t, w)
	k.complete(t, c)
	c, err := k.desk.Counter.Submit(t.Context(), mortalTeller, c.ID, k.desk.Signed(npki.PersonalGeneral))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// loses kills a report of loss: it is done with everything, or not at all.
func (k *counters) loses(t *testing.T, step int) {
	t.Helper()
	held := k.holds(t, k.who, npki.PersonalBank, 100)
	c := k.opened(t, counter.Wish{Act: counter.Lost})
	k.complete(t, c)
	k.child(t, "submit", c.ID, step, 1)
	if done := k.is(t, c.ID).State == counter.Done; done != (k.state(t, held.Serial).State == ca.Suspended) || done != (step == afterAct) {
		t.Errorf("loss, step %d: %s, the certificate is %s", step, k.is(t, c.ID).State, k.state(t, held.Serial).State)
	}
	if step != afterAct {
		k.child(t, "submit", c.ID, 0, 0)
	}
	if got := k.state(t, held.Serial); k.is(t, c.ID).State != counter.Done || got.State != ca.Suspended {
		t.Errorf("loss, step %d: in the end %s, %s", step, k.is(t, c.ID).State, got.State)
	}
	if err := k.Authority.Revoke(t.Context(), mortalSupervisor, held.Serial, ca.Superseded, time.Time{}); err != nil {
		t.Fatal(err)
	}
}

// revokes kills an approval: case and certificate agree.
func (k *counters) revokes(t *testing.T, step int) {
	t.Helper()
	held := k.holds(t, k.who, npki.PersonalBank, 100)
	c := k.submitted(t, counter.Wish{Act: counter.Revoke, Serial: held.Serial, Reason: ca.KeyCompromise})
	k.child(t, "decide", c.ID, step, 1)
	if done := k.is(t, c.ID).State == counter.Done; done != (k.state(t, held.Serial).State == ca.Revoked) || done != (step == afterAct) {
		t.Errorf("revocation, step %d: %s, the certificate is %s", step, k.is(t, c.ID).State, k.state(t, held.Serial).State)
	}
	if step != afterAct {
		k.child(t, "decide", c.ID, 0, 0)
	}
	if got := k.state(t, held.Serial); k.is(t, c.ID).State != counter.Done || got.State != ca.Revoked {
		t.Errorf("revocation, step %d: in the end %s, %s", step, k.is(t, c.ID).State, got.State)
	}
}

// applies kills an approval of an issue: there is one application for it, or
// none.
func (k *counters) applies(t *testing.T, step int) {
	t.Helper()
	c := k.submitted(t, counter.Wish{Act: counter.Issue, Kind: npki.PersonalGeneral})
	open := func() (n int) {
		all, err := k.store.ApplicationsOf(t.Context(), k.who)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range all {
			if a.State == enrolment.Proofed {
				n++
			}
		}
		return n
	}
	k.child(t, "decide", c.ID, step, 1)
	if approved := k.is(t, c.ID).State == counter.Approved; approved != (open() == 1) || approved != (step == afterAct) {
		t.Errorf("issue, step %d: %s, %d applications", step, k.is(t, c.ID).State, open())
	}
	if step != afterAct {
		k.child(t, "decide", c.ID, 0, 0)
	}
	if got := k.is(t, c.ID); got.State != counter.Approved || open() != 1 {
		t.Errorf("issue, step %d: in the end %s, %d applications", step, got.State, open())
	}
	if _, err := k.desk.Counter.Withdraw(t.Context(), mortalSupervisor, c.ID, "the test is over"); err != nil {
		t.Fatal(err)
	}
}
