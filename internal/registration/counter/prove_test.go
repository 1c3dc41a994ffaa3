package counter_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/counter/countertest"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
)

// The issuer's service is down: the case waits with what was entered, the clock
// asks again, and nothing is lost or kept for longer than needed.
func TestServiceDownAndBack(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := d.open(kim, wish(hong, counter.Issue))
	d.down(simulator.Status)
	c, err := d.Counter.Prove(d.ctx, kim, c.ID, countertest.Card(hong.Cards[0]))
	if err != nil || c.State != counter.Waiting || !errors.Is(c.Notice(), counter.ErrServiceDown) || c.NextCheckAt != d.now().Add(30*time.Second) {
		t.Fatalf("%+v, %v", c, err)
	}
	if c, err = d.Counter.Attach(d.ctx, kim, c.ID, counter.IdentityCard, simulator.Picture("a")); err != nil || c.State != counter.Waiting {
		t.Errorf("papers of a case that waits: %s, %v", c.State, err)
	}
	_, err = d.Counter.Submit(d.ctx, kim, c.ID, d.Signed(c.Kind))
	refuses(t, err, counter.ErrNotNow)
	asked := d.asked.Load()
	work(d, 0) // it is not due yet
	if d.asked.Load() != asked {
		t.Error("asked before it was due")
	}
	var waits []time.Duration
	for range 7 {
		d.pass(d.view(c.ID).NextCheckAt.Sub(d.now()))
		work(d, 0)
		waits = append(waits, d.view(c.ID).NextCheckAt.Sub(d.now()))
	}
	want := []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 10 * time.Minute, 10 * time.Minute, 10 * time.Minute}
	for i := range want {
		if waits[i] != want[i] {
			t.Errorf("the %d. time it waits %v, want %v", i+2, waits[i], want[i])
		}
	}
	d.up()
	d.pass(10 * time.Minute)
	work(d, 1)
	c = d.view(c.ID)
	if c.State != counter.Open || c.Proof == nil || c.Check != "" || !c.NextCheckAt.IsZero() || c.Notice() != nil || len(c.Attached) != 1 {
		t.Errorf("%+v", c)
	}
	if _, err := d.Store.Card(d.ctx, c.ID); !errors.Is(err, counter.ErrNoCard) {
		t.Errorf("what was entered is still there: %v", err)
	}
	work(d, 0)
}

func work(d *desk, want int) {
	d.t.Helper()
	n, err := d.Counter.Work(d.ctx, countertest.System)
	if n != want || err != nil {
		d.t.Errorf("the clock changed %d cases, %v; want %d", n, err, want)
	}
}

// While a service does not answer, one case asks in a run and not all.
func TestOneAsksWhileDown(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.down(simulator.Reset)
	var all []counter.Case
	for _, i := range []int{0, 1, 2} {
		c := d.open(kim, wish(people[i], counter.Issue))
		c, err := d.Counter.Prove(d.ctx, kim, c.ID, countertest.Card(people[i].Cards[0]))
		must(t, err)
		all = append(all, c)
	}
	d.pass(time.Hour)
	before := d.asked.Load()
	work(d, 0)
	if n := d.asked.Load() - before; n < 1 || n > 3 { // the client may ask again by itself
		t.Errorf("asked %d times", n)
	}
	d.up()
	work(d, 2) // the one that asked waits for its turn
	d.pass(10 * time.Minute)
	work(d, 1)
	for _, c := range all {
		if c = d.view(c.ID); c.Proof == nil {
			t.Errorf("%+v", c)
		}
	}
}

// What the card's issuer says against it is kept; what was entered wrongly is
// only said.
func TestFindings(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := d.open(kim, wish(hong, counter.Issue))
	malformed := countertest.Card(hong.Cards[0])
	malformed.Number = "123"
	got, err := d.Counter.Prove(d.ctx, kim, c.ID, malformed)
	refuses(t, err, proofing.ErrNumberForm)
	if got.State != counter.Open || got.Failed != 0 {
		t.Errorf("%+v", got)
	}
	other := countertest.Card(people[15].Cards[0]) // somebody else's
	for n := range counter.MaxFailed {
		got, err = d.Counter.Prove(d.ctx, kim, c.ID, other)
		if err == nil || got.State != counter.Open || got.Failed != n+1 || got.Finding == 0 || got.Proof != nil {
			t.Fatalf("time %d: %+v, %v", n+1, got, err)
		}
	}
	_, err = d.Counter.Prove(d.ctx, kim, c.ID, countertest.Card(hong.Cards[0]))
	refuses(t, err, counter.ErrFailedOften)
	if rows, err := d.Counter.Queue(d.ctx, boss, counter.ApproveQueue); err != nil || len(rows) != 1 {
		t.Errorf("the supervisor sees %d cases, %v", len(rows), err)
	}
	_, err = d.Counter.Decide(d.ctx, boss, c.ID, counter.Approve, "", 0)
	refuses(t, err, counter.ErrNotNow)
	got, err = d.Counter.Decide(d.ctx, boss, c.ID, counter.Return, "카드를 직접 봤어요", 0)
	if err != nil || got.Failed != 0 || got.Finding != 0 || got.State != counter.Open {
		t.Fatalf("%+v, %v", got, err)
	}
	got, err = d.Counter.Prove(d.ctx, kim, c.ID, countertest.Card(hong.Cards[0]))
	if err != nil || got.Proof == nil {
		t.Errorf("%+v, %v", got, err)
	}
	for _, e := range d.entries(authz.WorkOnCase) {
		for name, value := range e.Detail {
			if strings.Contains(value, hong.IdentityNumber) || strings.Contains(value, hong.Name) {
				t.Errorf("the audit log says %s: %s", name, value)
			}
		}
	}
}

// A card that was reported lost ends the case.
func TestLostCard(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := d.open(kim, wish(park, counter.Issue))
	d.down(simulator.Status)
	_, err := d.Counter.Prove(d.ctx, kim, c.ID, countertest.Card(park.Cards[0]))
	must(t, err)
	d.up()
	d.pass(time.Minute)
	work(d, 1)
	if got := d.view(c.ID); got.State != counter.Refused || got.Finding != proofing.ErrCounterLost.Number || !errors.Is(got.Notice(), counter.ErrCardEnds) {
		t.Errorf("%+v", got)
	}
	if _, err := d.Store.Card(d.ctx, c.ID); !errors.Is(err, counter.ErrNoCard) {
		t.Errorf("what was entered is still there: %v", err)
	}
	c = d.open(lee, wish(park, counter.Issue)) // with another card
	got, err := d.Counter.Prove(d.ctx, lee, c.ID, countertest.Card(park.Cards[0]))
	f := refuses(t, err, counter.ErrCardEnds)
	if got.State != counter.Refused || !errors.Is(f, proofing.ErrCounterLost) {
		t.Errorf("%+v, %v", got, f)
	}
}

// An answer that comes when the case has gone on without it changes nothing.
func TestLateAnswers(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := d.open(kim, wish(hong, counter.Issue))
	d.down(simulator.Status)
	_, err := d.Counter.Prove(d.ctx, kim, c.ID, countertest.Card(hong.Cards[0]))
	must(t, err)
	must(t, d.world.Script(simulator.Fault{Service: simulator.IDCheck, Mode: simulator.Slow, Delay: "1500ms"}))
	d.pass(time.Minute)
	asked := d.asked.Load()
	done := make(chan error, 1)
	go func() {
		_, err := d.Counter.Work(d.ctx, countertest.System)
		done <- err
	}()
	for d.asked.Load() == asked {
		time.Sleep(time.Millisecond)
	}
	_, err = d.Counter.Withdraw(d.ctx, kim, c.ID, "고객이 돌아갔어요")
	must(t, err)
	must(t, <-done)
	if got := d.view(c.ID); got.State != counter.Withdrawn || got.Proof != nil {
		t.Errorf("%+v", got)
	}
	if d.audited(authz.WorkOnCase, audit.Done, 0) != 2 { // asked, and no answer
		t.Errorf("%d entries", d.audited(authz.WorkOnCase, audit.Done, 0))
	}
}

// A case that waits for too long lapses, and what was entered goes.
func TestWaitingLapses(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := d.open(kim, wish(hong, counter.Issue))
	d.down(simulator.Status)
	_, err := d.Counter.Prove(d.ctx, kim, c.ID, countertest.Card(hong.Cards[0]))
	must(t, err)
	d.pass(counter.OpenLasts)
	work(d, 1)
	if got := d.view(c.ID); got.State != counter.Lapsed {
		t.Errorf("%+v", got)
	}
	if _, err := d.Store.Card(d.ctx, c.ID); !errors.Is(err, counter.ErrNoCard) {
		t.Errorf("what was entered is still there: %v", err)
	}
	_, err = d.Counter.Prove(d.ctx, kim, c.ID, countertest.Card(hong.Cards[0]))
	refuses(t, err, counter.ErrLapsed)
	_, err = d.Counter.Work(d.ctx, kim)
	refuses(t, err, authz.ErrForbidden)
}

// What is typed is bounded before it is kept.
func TestCardBounds(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := d.open(kim, wish(hong, counter.Issue))
	card := countertest.Card(hong.Cards[0])
	card.MRZ = strings.Repeat("<", 401)
	_, err := d.Counter.Prove(d.ctx, kim, c.ID, card)
	refuses(t, err, counter.ErrWish)
	card = countertest.Card(hong.Cards[0])
	card.Image = make([]byte, proofing.MaxPictureBytes+1)
	_, err = d.Counter.Prove(d.ctx, kim, c.ID, card)
	refuses(t, err, counter.ErrScanLarge)
	if got := d.view(c.ID); got.State != counter.Open || got.Revision != c.Revision {
		t.Errorf("%+v", got)
	}
}
