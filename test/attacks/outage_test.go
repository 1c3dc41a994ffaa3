package attacks_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
)

var (
	idCheckDown  = refusal{503, 3101, "id-check-unavailable"}
	coreBankDown = refusal{503, 3102, "core-bank-unavailable"}
	messageDown  = refusal{503, 3103, "message-unavailable"}
)

// outages are the steps that need another system of the bank.
var outages = []struct {
	service simulator.Service
	step    string
	need    client.Need // where the application stands then
	want    refusal
}{
	{simulator.Customers, "start", "", coreBankDown},
	{simulator.IDCheck, "id-card", client.NeedIDCard, idCheckDown},
	{simulator.Accounts, "account", client.NeedAccount, coreBankDown},
	{simulator.OTPs, "otp", client.NeedOTP, coreBankDown},
	{simulator.Messages, "phone-code", client.NeedPhone, messageDown},
	{simulator.Customers, "certificate", client.NeedKey, coreBankDown},
}

// failing are ways to be down that come at once.
var failing = []simulator.Fault{
	{Mode: simulator.Status, Status: 500}, {Mode: simulator.Status, Status: 503}, {Mode: simulator.Status, Status: 429},
	{Mode: simulator.Status, Status: 401}, {Mode: simulator.Status, Status: 302},
	{Mode: simulator.Malformed}, {Mode: simulator.Reset}, {Mode: simulator.Reset, Delay: "20ms"},
}

// try takes a step of the way honestly, which may fail.
func (p *person) try(id, step string, o *order) error {
	switch step {
	case "start":
		return err3(p.Start(p.ctx(), client.KindPersonalBank))
	case "certificate":
		return err3(p.Certify(p.ctx(), id, o.honest(0)))
	}
	return p.step(id, step)
}

func err3[A, B any](_ A, _ B, err error) error { return err }

// "While one of the bank's systems is down the bank must either stop or wave
// me through. And its customers, who can do nothing about it, shall pay: with
// their tries, with what they had done already."
func TestOutage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.logIn("kim")
	var id string
	var o *order
	for _, down := range outages {
		switch down.need {
		case "":
		case client.NeedKey:
			p.goTo(id, client.NeedKey)
			o = p.order(id)
		default:
			p.goTo(id, down.need)
		}
		for _, fault := range failing { // more often than one may be wrong
			fault.Service = down.service
			w.script(fault)
			p.waitOut(w.refused(p.try(id, down.step, o), down.want, audit.Refused))
		}
		w.script()
		if down.step == "start" {
			id = p.start(client.KindPersonalBank)
		}
		if a, e := p.Application(t.Context(), id); e != nil || (down.need != "" && len(a.Needs) > 0 && a.Needs[0] != down.need) {
			t.Fatalf("after the outage of %s the application needs %v: %v", down.service, a.Needs, e)
		}
	}
	// Nothing was lost, no try charged: what is left goes on.
	made, created, e := p.Certify(t.Context(), id, o.honest(0))
	if must(w, made, e); !created {
		t.Error("not created")
	}
	p.owns(made, 0, o.r)
	if n := len(w.Simulator().Inbox(p.s.Phone)); n != 1 {
		t.Errorf("%d messages were sent", n)
	}
}

// waitOut sees that a customer learns that it is not their fault, that nothing
// is lost, and when to come back.
func (p *person) waitOut(problem *client.Problem) {
	p.w.t.Helper()
	kept := "Nothing is lost"
	if hangul.MatchString(problem.Detail) {
		kept = "그대로"
	}
	if !strings.Contains(problem.Detail, kept) || problem.RetryAfter <= 0 {
		p.w.t.Errorf("an outage without comfort: %q, again in %v", problem.Detail, problem.RetryAfter)
	}
}

// "Everything is slow today." Slow is not down.
func TestSlow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.logIn("hong")
	var slow []simulator.Fault
	for _, s := range []simulator.Service{simulator.Customers, simulator.IDCheck, simulator.Accounts, simulator.OTPs, simulator.Messages} {
		slow = append(slow, simulator.Fault{Service: s, Mode: simulator.Slow, Delay: "150ms"})
	}
	w.script(slow...)
	p.finish(p.start(client.KindPersonalBank), 0)
}

// "Not down, not slow: silent." All systems take the question and never
// answer, at every step at once.
func TestSilence(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, prover, last := w.logIn("han"), w.logIn("kim"), w.logIn("hong")
	id, ready := prover.start(client.KindPersonalBank), last.start(client.KindPersonalBank)
	prover.give(id, client.NeedConsent)
	last.goTo(ready, client.NeedKey)
	o := last.order(ready)
	var silent []simulator.Fault
	for _, s := range []simulator.Service{simulator.CoreBank, simulator.IDCheck, simulator.Messages} {
		silent = append(silent, simulator.Fault{Service: s, Mode: simulator.Hang})
	}
	w.script(silent...)
	codes := prover.otp() // read before: the token needs no bank
	refusals := make([]error, len(outages))
	began := time.Now()
	var wg sync.WaitGroup
	for i, down := range outages {
		wg.Go(func() {
			switch down.step {
			case "start":
				refusals[i] = first.try("", down.step, nil)
			case "certificate":
				refusals[i] = last.try(ready, down.step, o)
			case "otp":
				_, refusals[i] = prover.ProveOTP(t.Context(), id, codes)
			case "phone-code":
				_, refusals[i] = prover.SendPhoneCode(t.Context(), id)
			default:
				refusals[i] = prover.try(id, down.step, nil)
			}
		})
	}
	wg.Wait()
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("the customer waits %v for the refusal", took)
	}
	for i, down := range outages {
		prover.waitOut(w.refused(refusals[i], down.want, audit.Refused))
	}
	w.script()
	first.finish(first.start(client.KindPersonalBank), 1)
	prover.finish(id, 2)
	made, _, e := last.Certify(t.Context(), ready, o.honest(0))
	last.owns(must(w, made, e), 0, o.r)
}
