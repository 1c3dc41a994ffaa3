package life_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mrand "math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/ca/catest"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle/lifetest"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/internal/store/storetest"
	"github.com/ingam-pki/ingam/internal/store/storetest/pgtest"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/seoul"
)

const (
	instances   = 4
	clientsEach = 2
	actsEach    = 24
	rounds      = 8
)

// input is what a client asks about the certificate of a person and kind.
type input struct{ act, key, serial, desk string }

// output is what it was told.
type output struct {
	number              int
	serial, state, desk string
	suspended           int // of this kind, by a report of loss
}

// place is what a person holds of a kind, as one who sees the acts one after the
// other would see it.
type place struct {
	serial, state, desk string // state is empty when there is none
	long                bool   // was renewed: it is too early for more
	issued              string // all serials that there ever were
}

func (p place) knows(serial string) bool { return strings.Contains(p.issued, serial+" ") }

func (p place) holds(serial string) bool { return p.state != "" && p.serial == serial }

// fits says whether a fault is right for what one sees.
func (p place) fits(in input, number int) bool {
	state := "revoked"
	if p.holds(in.serial) {
		state = p.state
	}
	switch number {
	case personHolds:
		return in.act == "issue" && p.state != ""
	case replaced: // another replacement was under way
		return in.act == "renew" || in.act == "reissue"
	case tooEarly:
		return in.act == "renew" && state == "valid" && p.long
	case isValid:
		return strings.HasPrefix(in.act, "resume") && state == "valid"
	case elsewhere:
		return (in.act == "reissue" || in.act == "resume") && state == "suspended" && !online(p.desk)
	case otherDesk:
		return in.act == "resume at desk" && (state == "suspended" || state == "held") && p.desk != in.desk
	}
	return number == standing(state) && number != fine && in.act != "lost"
}

// then gives what one sees after an act, and whether it can have been so.
func (p place) then(in input, out output) (bool, place) {
	if out.number != fine {
		return p.fits(in, out.number), p
	}
	holds := p.holds(in.serial)
	becomes := func(state, desk string) place {
		p.state, p.desk = state, desk
		return p
	}
	switch in.act {
	case "suspend":
		return holds && p.state == "valid", becomes("suspended", in.desk)
	case "resume":
		return holds && (p.state == "suspended" || p.state == "held") && online(p.desk), becomes("valid", "")
	case "resume at desk":
		return holds && (p.state == "suspended" || p.state == "held") && p.desk == in.desk, becomes("valid", "")
	case "revoke":
		return holds, becomes("", "")
	case "lost":
		if p.state != "valid" {
			return out.suspended == 0, p
		}
		return out.suspended == 1, becomes("suspended", "lost")
	}
	if p.knows(out.serial) { // asked for before: the same again
		return true, p
	}
	ok := false
	switch {
	case in.act == "issue":
		ok = p.state == "" && (out.state == "valid" || out.state == "held")
		p.long = false
	case out.state == "revoked": // its predecessor was gone
		p.issued += out.serial + " "
		return !holds, p
	case out.state == "held":
		ok = holds
	case out.state == "valid":
		ok = holds && (p.state == "valid" || online(p.desk))
	}
	p.long = p.long || in.act == "renew"
	p.issued += out.serial + " "
	p.serial, p.state, p.desk = out.serial, out.state, out.desk
	return ok, p
}

var places = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		by := map[string][]porcupine.Operation{}
		for _, o := range history {
			key := o.Input.(input).key
			by[key] = append(by[key], o)
		}
		var parts [][]porcupine.Operation
		for _, part := range by {
			parts = append(parts, part)
		}
		return parts
	},
	Init: func() any { return place{} },
	Step: func(state, in, out any) (bool, any) { return state.(place).then(in.(input), out.(output)) },
	DescribeOperation: func(in, out any) string {
		return fmt.Sprintf("%+v → %+v", in, out)
	},
}

// TestLivesAtOnce has four instances do acts on the same persons at once. What
// they answered must be what one could have answered, act after act; and what is
// left must hold together.
func TestLivesAtOnce(t *testing.T) {
	t.Parallel()
	made, err := ceremony()
	if err != nil {
		t.Fatal(err)
	}
	url, ring := pgtest.URL(t, pgtest.NoFsync()), keys.NewRing()
	c := &crowd{t: t, clock: &clock{}, known: map[string][]string{}}
	c.clock.at.Store(dawn.UnixMicro())
	for range instances {
		db := storetest.Open(t, url, ring, store.Conns(8))
		h, err := lifetest.New(made, db, ring, c.clock.now)
		if err != nil {
			t.Fatal(err)
		}
		c.houses = append(c.houses, h)
	}
	acts := 0
	for round := range rounds {
		c.round(round)
		acts += len(c.history)
		if result := porcupine.CheckOperationsTimeout(places, c.history, 20*time.Second); result != porcupine.Ok {
			t.Errorf("round %d: the answers to %d acts fit no order: %s", round, len(c.history), result)
			c.show()
			break
		}
	}
	t.Logf("%d acts in %d rounds", acts, rounds)
	c.sweeps()
	c.together()
}

type crowd struct {
	t       *testing.T
	clock   *clock
	houses  []*lifetest.House
	persons []string // of this round
	all     []string
	n       atomic.Int64

	mu      sync.Mutex
	history []porcupine.Operation
	known   map[string][]string // serials by person and kind, the newest last
}

var twoKinds = []npki.Kind{npki.PersonalBank, npki.PersonalGeneral}

func (c *crowd) round(n int) {
	c.persons, c.history = nil, nil
	for i := range 2 {
		name := fmt.Sprintf("round%d-person%d", n, i)
		if _, err := c.houses[0].Person(context.Background(), name, true); err != nil {
			c.t.Fatal(err)
		}
		c.persons = append(c.persons, name)
	}
	c.all = append(c.all, c.persons...)
	defer c.births()
	var wg sync.WaitGroup
	for i := range instances * clientsEach {
		wg.Go(func() {
			random := mrand.New(mrand.NewPCG(uint64(n), uint64(i)))
			for range actsEach {
				c.act(i, c.houses[i%instances], random)
			}
		})
	}
	wg.Wait()
}

// births puts into the history as what each certificate was born: who is told
// last, by a second click, may be told what became of it since.
func (c *crowd) births() {
	born := map[string]output{}
	for _, name := range c.persons {
		events, err := c.houses[0].Store.EventsOf(context.Background(), name)
		if err != nil {
			c.t.Fatal(err)
		}
		for _, e := range events {
			switch {
			case e.Act == lifecycle.Held, e.Act == lifecycle.Revoked && e.Other != "":
				born[e.Serial] = output{serial: e.Serial, state: string(e.Act), desk: e.Desk}
			case e.Act == lifecycle.Issued, e.Act == lifecycle.Renewed, e.Act == lifecycle.Reissued:
				born[e.Serial] = output{serial: e.Serial, state: "valid"}
			}
		}
	}
	for i, o := range c.history {
		if was, ok := born[o.Output.(output).serial]; ok {
			c.history[i].Output = was
		}
	}
}

// act does one act and writes down what was asked, when, and what was told.
func (c *crowd) act(client int, h *lifetest.House, random *mrand.Rand) {
	name, kind := c.persons[random.IntN(len(c.persons))], twoKinds[random.IntN(2)]
	in := input{key: name + " " + string(kind), serial: c.pick(name, kind, random)}
	choices := []string{"issue", "issue", "renew", "reissue", "reissue", "suspend", "suspend", "resume", "resume at desk", "revoke", "lost", "recover"}
	in.act = choices[random.IntN(len(choices))]
	if in.serial == "" {
		in.act = "issue"
	}
	caller := lifetest.Customer(name, fmt.Sprint("act", c.n.Add(1)))
	ctx := context.Background()
	begin := time.Now().UnixNano()
	var out output
	var err error
	switch in.act {
	case "recover":
		_, err = h.Authority.Recover(ctx)
		if err != nil {
			c.t.Errorf("recovering: %v", err)
		}
		return
	case "issue", "renew", "reissue":
		var made ca.Record
		made, err = c.make(ctx, client, h, caller, in, kind, random)
		out = output{serial: made.Serial}
	case "suspend":
		in.desk = "online"
		if random.IntN(3) == 0 {
			in.desk, caller = "branch:101", lifetest.Supervisor
		}
		_, err = h.Life.Suspend(ctx, caller, in.serial, in.desk)
	case "resume": // as enrolment does at the end of a resumption
		err = h.Store.InTx(ctx, func(ctx context.Context) error {
			r, err := h.Store.Certificate(ctx, in.serial)
			if err == nil {
				err = lifecycle.MayResume(r, c.clock.now())
			}
			if err == nil {
				err = h.Authority.Release(ctx, caller, in.serial, r.Desk)
			}
			return err
		})
	case "resume at desk":
		in.desk = []string{"branch:101", "online", "lost"}[random.IntN(3)]
		_, err = h.Life.Resume(ctx, lifetest.Supervisor, in.serial, in.desk)
	case "revoke":
		_, err = h.Life.Revoke(ctx, caller, in.serial, ca.KeyCompromise, time.Time{}, lifetest.RightOTP)
	case "lost":
		c.lost(ctx, client, h, caller, name, begin)
		return
	}
	c.wrote(client, in, out, begin, err)
}

// make issues, renews or reissues. One time in four two instances are asked the
// same at once, as by a second click, which is an act of its own.
func (c *crowd) make(ctx context.Context, client int, h *lifetest.House, caller authz.Caller, in input, kind npki.Kind, random *mrand.Rand) (ca.Record, error) {
	r, err := catest.Request(rand.Reader, fmt.Sprint(c.n.Add(1)))
	if err != nil {
		return ca.Record{}, err
	}
	r.SubscriberID, r.Kind, r.NotAfter = caller.ID, kind, seoul.LastSecond(dawn.AddDate(0, 0, 10))
	if in.act != "issue" {
		if err := c.replacing(ctx, h, &r, in); err != nil {
			return ca.Record{}, err
		}
	}
	r.Still = c.still(h, r, in)
	if random.IntN(4) > 0 {
		return h.Authority.Issue(ctx, caller, r)
	}
	var wg sync.WaitGroup
	other, begin := c.houses[random.IntN(instances)], time.Now().UnixNano()
	wg.Go(func() {
		r := r
		r.Still = c.still(other, r, in)
		made, err := other.Authority.Issue(ctx, caller, r)
		c.wrote(instances*clientsEach+client, in, output{serial: made.Serial}, begin, err)
	})
	defer wg.Wait()
	return h.Authority.Issue(ctx, caller, r)
}

// may is what enrolment asks before a renewal or a reissue.
func (c *crowd) may(ctx context.Context, h *lifetest.House, in input) (ca.Record, error) {
	old, err := h.Store.Certificate(ctx, in.serial)
	switch {
	case err != nil:
		return old, err
	case in.act == "renew":
		return old, lifecycle.MayRenew(old, 30, c.clock.now())
	}
	return old, lifecycle.MayReissue(old, c.clock.now())
}

// replacing makes a request one for a renewal or a reissue.
func (c *crowd) replacing(ctx context.Context, h *lifetest.House, r *ca.Request, in input) error {
	old, err := c.may(ctx, h, in)
	if err != nil {
		return err
	}
	r.Replaces, r.From, r.NotAfter = in.serial, []ca.State{ca.Valid, ca.Suspended, ca.Held}, old.NotAfter
	if in.act == "renew" {
		r.From, r.NotAfter = []ca.State{ca.Valid}, lifecycle.RenewedUntil(old.NotAfter, 1)
	}
	return nil
}

// still asks once more when the authority begins, as enrolment does.
func (c *crowd) still(h *lifetest.House, r ca.Request, in input) func(context.Context) error {
	if in.act == "issue" {
		return nil
	}
	return func(ctx context.Context) error {
		if _, err := h.Store.ByApplication(ctx, r.ApplicationID); !errors.Is(err, ca.ErrNoCertificate) {
			return err
		}
		_, err := c.may(ctx, h, in)
		return err
	}
}

// lost is one act on all that a person holds.
func (c *crowd) lost(ctx context.Context, client int, h *lifetest.House, caller authz.Caller, name string, begin int64) {
	loss, err := h.Life.Lost(ctx, caller, name)
	for _, kind := range twoKinds {
		n := 0
		for _, k := range loss.Suspended {
			if k == kind {
				n++
			}
		}
		c.wrote(client, input{act: "lost", key: name + " " + string(kind)}, output{suspended: n}, begin, err)
	}
}

func (c *crowd) pick(name string, kind npki.Kind, random *mrand.Rand) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	known := c.known[name+" "+string(kind)]
	if len(known) == 0 {
		return ""
	}
	return known[max(0, len(known)-1-random.IntN(3))]
}

func (c *crowd) wrote(client int, in input, out output, begin int64, err error) {
	end := time.Now().UnixNano()
	if err != nil {
		f := fault.Of(err)
		if f.Fault == fault.Unexpected {
			c.t.Errorf("%+v: no fault: %v", in, err)
		}
		out.number = f.Number
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if out.serial != "" && err == nil {
		c.known[in.key] = append(c.known[in.key], out.serial)
	}
	c.history = append(c.history, porcupine.Operation{ClientId: client, Input: in, Output: out, Call: begin, Return: end})
}

// show writes the history of the parts that fit no order.
func (c *crowd) show() {
	for _, part := range places.Partition(c.history) {
		if porcupine.CheckOperations(porcupine.Model{Init: places.Init, Step: places.Step}, part) {
			continue
		}
		slices.SortFunc(part, func(a, b porcupine.Operation) int { return int(a.Call - b.Call) })
		for _, o := range part {
			c.t.Logf("%d–%d µs, client %d: %s", (o.Call-part[0].Call)/1000, (o.Return-part[0].Call)/1000, o.ClientId, places.DescribeOperation(o.Input, o.Output))
		}
	}
}

// sweeps lets all instances do the clock's work at once, when reminders are due
// and when everything is over.
func (c *crowd) sweeps() {
	for _, days := range []int{4, 9, 11, 360, 400} {
		c.clock.at.Store(dawn.AddDate(0, 0, days).UnixMicro())
		var wg sync.WaitGroup
		for _, h := range c.houses {
			wg.Go(func() {
				if _, err := h.Life.Sweep(context.Background(), lifetest.Clock); err != nil {
					c.t.Errorf("sweeping: %v", err)
				}
			})
		}
		wg.Wait()
		over, err := c.houses[0].Store.Overdue(context.Background(), c.clock.now(), 10)
		if err != nil || len(over) != 0 {
			c.t.Errorf("after %d days %d are left, %v", days, len(over), err)
		}
	}
}

// together looks at what is left: each certificate that was replaced has one
// successor, each line of the histories its audit entry and its notices, and
// nothing was told twice.
func (c *crowd) together() {
	ctx, db := context.Background(), c.houses[0].Store
	entries := c.audited()
	for _, name := range c.all {
		events, err := db.EventsOf(ctx, name)
		if err != nil {
			c.t.Fatal(err)
		}
		told, err := db.NoticesOf(ctx, name, 10_000)
		if err != nil {
			c.t.Fatal(err)
		}
		notices := map[string]int{}
		for _, n := range told {
			notices[string(n.Event)+" "+n.Serial]++
			if n.Event == "reminder" {
				notices[n.Key]++
			}
		}
		counts, born, ended, next := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
		for _, e := range events {
			act := string(e.Act)
			if act == "revoked" && e.Other != "" { // born so: its predecessor was gone
				act = "stored"
			}
			counts[act+" "+e.Serial]++
			switch act {
			case "stored":
				born[e.Serial]++
				ended[e.Serial]++
			case "issued", "renewed", "reissued", "held":
				born[e.Serial]++
				if e.Other != "" {
					next[e.Other]++
				}
			case "replaced", "revoked", "expired":
				ended[e.Serial]++
			}
		}
		for what, n := range counts {
			if entries[what] != n {
				c.t.Errorf("%s: %d lines and %d audit entries of %s", name, n, entries[what], what)
			}
			act, _, _ := strings.Cut(what, " ")
			if slices.Contains([]string{"issued", "renewed", "reissued", "resumed", "expired"}, act) && notices[what] != 2*n {
				c.t.Errorf("%s: %d lines and %d notices of %s", name, n, notices[what], what)
			}
		}
		records, err := db.CertificatesOf(ctx, name)
		if err != nil {
			c.t.Fatal(err)
		}
		for _, r := range records {
			if born[r.Serial] != 1 || ended[r.Serial] != 1 {
				c.t.Errorf("%s came %d times and ended %d times", r.Serial, born[r.Serial], ended[r.Serial])
			}
			if n := counts["replaced "+r.Serial]; next[r.Serial] != n || n > 1 {
				c.t.Errorf("%s was replaced %d times, by %d", r.Serial, n, next[r.Serial])
			}
			for _, days := range []int{30, 14, 7, 1} {
				if n := notices[fmt.Sprint("reminder:", r.Serial, ":", days)]; n != 0 && n != 2 {
					c.t.Errorf("%s: %d reminders of %d days", r.Serial, n, days)
				}
			}
		}
	}
}

// audited verifies the log and counts what it says that was done, as histories
// call it.
func (c *crowd) audited() map[string]int {
	ctx, h := context.Background(), c.houses[0]
	summary, err := h.Log.Verify(ctx, func(p audit.Problem) { c.t.Errorf("audit log: %+v", p) })
	if err != nil || summary.Problems != 0 {
		c.t.Fatalf("audit log: %+v, %v", summary, err)
	}
	heads, err := h.Store.Heads(ctx)
	if err != nil {
		c.t.Fatal(err)
	}
	counts := map[string]int{}
	for _, head := range heads {
		for after := int64(0); after < head.Seq; {
			entries, err := h.Store.Entries(ctx, head.Lane, after, 10_000)
			if err != nil || len(entries) == 0 {
				c.t.Fatalf("reading lane %d: %v", head.Lane, err)
			}
			for _, e := range entries {
				after = e.Seq
				serial, about := strings.CutPrefix(e.Object, "certificate:")
				if !about || e.Outcome != audit.Done {
					continue
				}
				for _, act := range acted(e) {
					counts[act+" "+serial]++
				}
			}
		}
	}
	return counts
}

// acted names what an audit entry may be in a history. That a certificate was
// stored is one line there, whatever it was stored as.
func acted(e audit.Entry) []string {
	switch {
	case e.Detail["step"] == "stored":
		return []string{"issued", "renewed", "reissued", "held", "stored"}
	case e.Act == authz.HoldCertificate:
		return []string{"suspended"}
	case e.Act == authz.ReleaseCertificate:
		return []string{"resumed"}
	case e.Detail["to"] == "revoked" && e.Detail["by"] != "":
		return []string{"replaced"}
	case e.Detail["to"] == "revoked":
		return []string{"revoked"}
	case e.Detail["to"] == "expired":
		return []string{"expired"}
	}
	return nil
}
