package attacks_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
)

var (
	consentFirst = refusal{409, 2131, "consent-first"}
	proofFirst   = refusal{409, 2132, "proof-first"}
	keyFirst     = refusal{409, 2133, "key-request-first"}
	codeNone     = refusal{409, 3503, "phone-code-none"}
	consentGiven = refusal{409, 2124, "consent-given"}
	issued       = refusal{409, 2105, "application-issued"}
	allowed      = refusal{} // the step is taken
)

// steps are all that one can do to an application, each as the rightful
// customer would do it.
var steps = []struct {
	name string
	do   func(p *person, id string) error
}{
	{"consent", func(p *person, id string) error { return err(p.Consent(p.ctx(), id, p.terms())) }},
	{"id-card", func(p *person, id string) error { return err(p.ProveIDCard(p.ctx(), id, p.card())) }},
	{"account", func(p *person, id string) error {
		return err(p.ProveAccount(p.ctx(), id, p.s.Account, p.s.AccountPassword))
	}},
	{"otp", func(p *person, id string) error { return err(p.ProveOTP(p.ctx(), id, p.otp())) }},
	{"phone-code", func(p *person, id string) error {
		p.w.clock.move(30 * time.Second)
		return err(p.SendPhoneCode(p.ctx(), id))
	}},
	{"phone", func(p *person, id string) error {
		code := "000000"
		if len(p.w.Simulator().Inbox(p.s.Phone)) > 0 {
			code = p.message()
		}
		return err(p.ProvePhone(p.ctx(), id, code))
	}},
	{"key-request", func(p *person, id string) error { return err(p.KeyRequest(p.ctx(), id)) }},
	// A request that would be right but for its time.
	{"certificate", func(p *person, id string) error {
		km := p.w.Desk().Authority.KMCertificate().Raw
		return p.certify(id, p.sealFor(client.KeyRequest{Challenge: id, KMCertificate: km}).honest(0))
	}},
}

// step takes one of the steps.
func (p *person) step(id, name string) error {
	for _, s := range steps {
		if s.name == name {
			return s.do(p, id)
		}
	}
	panic("no step " + name)
}

func err[T any](_ T, err error) error { return err }

// "The proofs are a nuisance. I skip them, or take the steps in another order:
// some order will get me a certificate without one of them."
func TestStepsInAnyOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.logIn("hong")
	groups := []string{"consent", "proofs", "key-request", "certificate"}
	for _, order := range permutations(groups) {
		id := p.start(client.KindPersonalBank)
		done := map[string]bool{}
		for _, group := range order {
			for _, step := range steps {
				if step.name != group && (group != "proofs" || !isProof(step.name)) {
					continue
				}
				want := inTime(group, step.name, done)
				if group == "certificate" && want == allowed {
					continue // the right order: the last line does it
				}
				got := p.step(id, step.name)
				if want == allowed && got != nil {
					t.Fatalf("%q: %s is refused: %v", order, step.name, got)
				}
				if want != allowed {
					w.refused(got, want, audit.Refused)
				}
				done[step.name] = got == nil
			}
			done["proofs"] = done["phone"]
		}
		if all, e := p.Certificates(t.Context()); e != nil || len(all) != 0 {
			t.Fatalf("%q: ends with %d certificates: %v", order, len(all), e)
		}
		if e := p.Abandon(t.Context(), id); e != nil {
			t.Fatal(e)
		}
		w.clock.move(time.Minute)
	}
	p.finish(p.start(client.KindPersonalBank), 0)
}

func isProof(name string) bool {
	return slices.Contains([]string{"id-card", "account", "otp", "phone-code", "phone"}, name)
}

// inTime says what a step should get after those that are done.
func inTime(group, step string, done map[string]bool) refusal {
	switch {
	case group == "consent":
		return allowed
	case !done["consent"]:
		return consentFirst
	case group == "proofs":
		return allowed
	case !done["proofs"]:
		return proofFirst
	case step == "certificate" && !done["key-request"]:
		return keyFirst
	}
	return allowed
}

func permutations(of []string) (all [][]string) {
	if len(of) < 2 {
		return [][]string{slices.Clone(of)}
	}
	for i := range of {
		for _, rest := range permutations(slices.Concat(of[:i], of[i+1:])) {
			all = append(all, append([]string{of[i]}, rest...))
		}
	}
	return all
}

// "Three of four proofs must do. I leave out the one that I can't give."
func TestOneProofMissing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.logIn("kim")
	factors := []client.Need{client.NeedIDCard, client.NeedAccount, client.NeedOTP, client.NeedPhone}
	for _, left := range factors {
		id := p.start(client.KindPersonalBank)
		p.give(id, client.NeedConsent)
		for _, f := range factors {
			if f != left {
				p.give(id, f)
			}
		}
		for _, step := range []string{"key-request", "certificate"} {
			problem := w.refused(p.step(id, step), proofFirst, audit.Refused)
			if problem.Params["needs"] != string(left) {
				t.Errorf("says that %q is missing, but it is %q", problem.Params["needs"], left)
			}
		}
		if left == client.NeedPhone {
			p.finish(id, 0)
			return
		}
		if e := p.Abandon(t.Context(), id); e != nil {
			t.Fatal(e)
		}
		w.clock.move(time.Minute)
	}
}

// "An application that is over must still be good for something: I take every
// step with one that was cancelled, has lapsed, was rejected, has its
// certificate."
func TestStepsAfterTheEnd(t *testing.T) {
	t.Parallel()
	gone := func(code int, name string) map[string]refusal {
		wants := map[string]refusal{}
		for _, s := range steps {
			wants[s.name] = refusal{410, code, name}
		}
		return wants
	}
	started := map[string]refusal{"consent": allowed}
	for _, s := range steps[1:] {
		started[s.name] = consentFirst
	}
	for _, end := range []struct {
		name, login string
		bring       func(p *person, id string)
		wants       map[string]refusal
	}{
		{"started", "kim", func(*person, string) {}, started},
		{"abandoned", "kim", func(p *person, id string) { must(p.w, 0, p.Abandon(p.ctx(), id)) }, gone(2103, "application-abandoned")},
		{"abandoned with a key request", "hong", func(p *person, id string) {
			p.goTo(id, client.NeedKey)
			p.order(id)
			must(p.w, 0, p.Abandon(p.ctx(), id))
		}, gone(2103, "application-abandoned")},
		{"lapsed", "hong", func(p *person, id string) {
			p.goTo(id, client.NeedKey)
			p.order(id)
			p.wait(24 * time.Hour)
		}, gone(2102, "application-lapsed")},
		{"rejected", "park", func(p *person, id string) {
			p.give(id, client.NeedConsent)
			_, e := p.ProveIDCard(p.ctx(), id, p.cardOf(p.s.Cards[0]))
			p.w.refused(e, refusal{422, 3202, "id-card-lost"}, audit.Refused)
			p.s.Cards = []simulator.Card{p.s.Cards[0]} // a new card, which the steps show
			p.s.Cards[0].Standing, p.s.Cards[0].IssueDate = simulator.Genuine, "20261001"
			p.w.Simulator().Update(p.s.Number, func(s *simulator.Sample) { s.Cards = p.s.Cards })
		}, gone(2104, "application-rejected")},
		{"issued", "hong", func(p *person, id string) { p.finish(id, 0) }, map[string]refusal{
			"consent": allowed, "id-card": allowed, "account": allowed, "otp": allowed, "phone": allowed, // nothing new
			"phone-code": issued, "key-request": issued, "certificate": {422, 2143, "challenge"}}},
	} {
		t.Run(end.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			p := w.logIn(end.login)
			id := p.start(client.KindPersonalBank)
			end.bring(p, id)
			// Backwards: the step that every other waits for comes last.
			for _, step := range slices.Backward(steps) {
				got := p.step(id, step.name)
				if want := end.wants[step.name]; want != allowed {
					w.refused(got, want, audit.Refused)
				} else if got != nil {
					t.Errorf("%s is refused: %v", step.name, got)
				}
			}
			switch end.name {
			case "started":
				p.finish(id, 0)
			case "issued":
				w.refused(p.Abandon(t.Context(), id), issued, audit.Refused)
				if all, e := p.Certificates(t.Context()); e != nil || len(all) != 1 {
					t.Errorf("there are %d certificates now: %v", len(all), e)
				}
			default:
				p.finish(p.start(client.KindPersonalBank), 0)
			}
		})
	}
}

// "I never read terms. I agree to nothing, to half of it, to last year's, to a
// text of my own."
func TestConsent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.logIn("hong")
	id := p.start(client.KindPersonalBank)
	terms := p.terms()
	change := func(f func(*client.ConsentGiven)) []client.ConsentGiven {
		changed := slices.Clone(terms)
		f(&changed[0])
		return changed
	}
	old, unknownTerms := refusal{409, 2122, "consent-old"}, refusal{400, 2123, "consent-unknown"}
	for name, attack := range map[string]struct {
		given []client.ConsentGiven
		want  refusal
	}{
		"one missing":      {terms[1:], refusal{422, 2121, "consent-missing"}},
		"one alone":        {terms[:1], refusal{422, 2121, "consent-missing"}},
		"old version":      {change(func(c *client.ConsentGiven) { c.Version = "2025.1" }), old},
		"another text":     {change(func(c *client.ConsentGiven) { c.SHA256 = strings.Repeat("0", 64) }), old},
		"another's hash":   {change(func(c *client.ConsentGiven) { c.SHA256 = terms[1].SHA256 }), old},
		"unknown":          {change(func(c *client.ConsentGiven) { c.Name = "everything" }), unknownTerms},
		"one twice":        {append(slices.Clone(terms), terms[0]), unknownTerms},
		"one in place":     {change(func(c *client.ConsentGiven) { *c = terms[1] }), unknownTerms},
		"too many":         {slices.Repeat(terms, 5), unknownTerms},
		"name of capitals": {change(func(c *client.ConsentGiven) { c.Name = strings.ToUpper(c.Name) }), unknownTerms},
	} {
		p.lang = []string{"ko", "en"}[len(name)%2]
		e := p.send("POST", "/api/v1/applications/"+id+"/consent", encode(t, client.ConsentRequest{Terms: attack.given})).err()
		w.refused(e, attack.want, audit.Refused)
	}
	for _, step := range steps[1:] {
		w.refused(p.step(id, step.name), consentFirst, audit.Refused)
	}
	p.give(id, client.NeedConsent)
	// What was agreed to can't be changed behind the bank's back.
	all, e := p.Terms(t.Context(), client.KindPersonalBank)
	more := slices.Clone(terms)
	for _, text := range must(w, all, e) {
		if !text.Required {
			more = append(more, client.ConsentGiven{Name: text.Name, Version: text.Version, SHA256: text.SHA256})
		}
	}
	_, e = p.Consent(t.Context(), id, more)
	w.refused(e, consentGiven, audit.Refused)
	p.finish(id, 0)
}
