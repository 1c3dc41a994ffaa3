package counter_test

import (
	"testing"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/counter/countertest"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/pki/npki"
)

// Who has lost everything is not told to wait for the issuer of a card: the
// bank's own record is enough for what can be undone. A card that does not fit
// it is not.
func TestProtectionDoesNotWait(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	one := d.holds(hong, npki.PersonalBank, 100)
	c := d.open(kim, wish(hong, counter.Lost))
	d.down(simulator.Status)
	wrong := countertest.Card(hong.Cards[0])
	wrong.Name = "홍길순"
	_, err := d.Counter.Prove(d.ctx, kim, c.ID, wrong)
	refuses(t, err, proofing.ErrCounterName)
	c, err = d.Counter.Prove(d.ctx, kim, c.ID, countertest.Card(hong.Cards[0]))
	if err != nil || c.State != counter.Open || c.Proof == nil || c.Proof.Evidence["issuer"] != "no-answer" {
		t.Fatalf("%+v, %v", c, err)
	}
	_, err = d.Counter.See(d.ctx, kim, c.ID, counter.IdentityCard, "")
	must(t, err)
	c, err = d.Counter.Submit(d.ctx, kim, c.ID, nil)
	if err != nil || c.State != counter.Done || d.state(one.Serial).State != ca.Suspended {
		t.Errorf("%s, %v, %s", c.State, err, d.state(one.Serial).State)
	}
}

// Whoever checked something in a case does not approve it, also when a colleague
// took it over and sent it up.
func TestWhoWorkedDoesNotApprove(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := d.open(kim, wish(hong, counter.Issue))
	_, err := d.Counter.Take(d.ctx, boss, c.ID)
	must(t, err)
	c = d.complete(boss, d.view(c.ID), hong.Cards[0])
	_, err = d.Counter.Take(d.ctx, kim, c.ID)
	must(t, err)
	c, err = d.Counter.Submit(d.ctx, kim, c.ID, d.Signed(c.Kind))
	must(t, err)
	_, err = d.Counter.Decide(d.ctx, boss, c.ID, counter.Approve, "", c.Revision)
	refuses(t, err, authz.ErrMaker)
	c, err = d.Counter.Decide(d.ctx, chief, c.ID, counter.Approve, "", c.Revision)
	if err != nil || c.State != counter.Approved {
		t.Errorf("%s, %v", c.State, err)
	}
}
