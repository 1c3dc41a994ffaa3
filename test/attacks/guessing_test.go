package attacks_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
)

var (
	cardMismatch = refusal{422, 3201, "id-card-mismatch"}
	accountWrong = refusal{422, 3301, "account-wrong"}
	otpWrong     = refusal{422, 3401, "otp-wrong"}
	codeWrong    = refusal{422, 3501, "phone-code-wrong"}
	factorLocked = refusal{423, 3601, "factor-locked"}
)

// tries is how often one may be wrong.
const tries = 5

// factor is what can be guessed at, with a guess that is wrong.
type factor struct {
	name  client.Need
	path  string
	wrong refusal
	guess func(p *person, n int) any
}

var factors = []factor{
	{client.NeedIDCard, "/proofs/id-card", cardMismatch, func(p *person, n int) any {
		card := p.card()
		card.IssueDate = time.Date(2001, 1, 1+n, 0, 0, 0, 0, time.UTC).Format("20060102")
		return card
	}},
	{client.NeedAccount, "/proofs/account", accountWrong, func(p *person, n int) any {
		return client.AccountProof{Account: p.s.Account, Password: fmt.Sprintf("9%03d", n)}
	}},
	{client.NeedOTP, "/proofs/otp", otpWrong, func(p *person, n int) any {
		code := fmt.Sprintf("%06d", n)
		if right, ok := p.w.Simulator().OTP(p.s.Number); ok && right == code {
			code = "999999"
		}
		return client.CodeProof{Code: code}
	}},
	{client.NeedPhone, "/proofs/phone", codeWrong, func(p *person, n int) any {
		code := fmt.Sprintf("%06d", n)
		if code == p.message() {
			code = "999999"
		}
		return client.CodeProof{Code: code}
	}},
}

// guess sends a wrong guess.
func (p *person) guess(f factor, id string, n int) error {
	p.w.t.Helper()
	return p.send("POST", "/api/v1/applications/"+id+f.path, encode(p.w.t, f.guess(p, n))).err()
}

// wayOut sees that who is locked out is told until when, and where help is.
func (p *person) wayOut(problem *client.Problem, lang string) {
	p.w.t.Helper()
	help := "branch"
	if lang == "ko" {
		help = "영업점"
	}
	if problem.RetryAfter <= 0 || problem.RetryAfter > 30*time.Minute || problem.Params["until"] == "" ||
		!strings.Contains(problem.Detail, problem.Params["until"]) || !strings.Contains(problem.Detail, help) {
		p.w.t.Errorf("locked out without a way out: %q, again in %v", problem.Detail, problem.RetryAfter)
	}
}

// "I have the victim's session and not their card, password, token or phone. I
// guess. When I am locked out I start another application, of another kind, or
// log in again."
func TestGuessing(t *testing.T) {
	t.Parallel()
	for _, f := range factors {
		t.Run(string(f.name), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			p := w.logIn("hong")
			id := p.start(client.KindPersonalBank)
			p.give(id, client.NeedConsent)
			if f.name == client.NeedPhone {
				p.sendCode(id)
			}
			for n := range tries - 1 {
				problem := w.refused(p.guess(f, id, n), f.wrong, audit.Refused)
				if want := fmt.Sprint(tries - 1 - n); problem.Params["left"] != want || !strings.Contains(problem.Detail, want) {
					t.Errorf("guess %d: says %q, want %s more tries", n+1, problem.Params["left"], want)
				}
			}
			for _, p.lang = range []string{"en", "ko"} {
				p.wayOut(w.refused(p.guess(f, id, tries), factorLocked, audit.Refused), p.lang)
			}
			// Now the right one comes too late, too,
			w.refused(p.honestly(f, id), factorLocked, audit.Refused)
			// in another application and session as well.
			if err := p.Abandon(t.Context(), id); err != nil {
				t.Fatal(err)
			}
			p = w.logIn("hong")
			for _, kind := range []client.Kind{client.KindPersonalBank, client.KindPersonalGeneral} {
				id = p.start(kind)
				p.give(id, client.NeedConsent)
				if f.name == client.NeedPhone {
					p.sendCode(id)
				}
				w.refused(p.honestly(f, id), factorLocked, audit.Refused)
			}
			p.wait(25 * time.Minute)
			if f.name == client.NeedPhone {
				p.sendCode(id) // the one before has expired
			}
			w.refused(p.guess(f, id, tries), factorLocked, audit.Refused)
			w.clock.move(5 * time.Minute)
			p.finish(id, 0)
		})
	}
}

// honestly gives the right proof of a factor.
func (p *person) honestly(f factor, id string) error {
	p.w.t.Helper()
	return p.step(id, string(f.name))
}

// "The tries are counted one after the other. So I make them at once: fifty
// guesses before the first is counted."
func TestGuessingAtOnce(t *testing.T) {
	t.Parallel()
	const guesses = 50
	for _, f := range factors {
		t.Run(string(f.name), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			p := w.logIn("kim")
			id := p.start(client.KindPersonalBank)
			p.give(id, client.NeedConsent)
			if f.name == client.NeedPhone {
				p.sendCode(id)
			}
			if f.name == client.NeedAccount {
				w.script(simulator.Fault{Service: simulator.Accounts, Mode: simulator.Slow, Delay: "100ms"})
			}
			said := atOnce(guesses, func(n int) error { return p.guess(f, id, n) })
			if said[f.wrong.name] != tries-1 || said[factorLocked.name] != guesses-tries+1 {
				t.Errorf("%d guesses at once: %v; want %d judged and the others locked", guesses, said, tries-1)
			}
			w.script()
			w.refused(p.honestly(f, id), factorLocked, audit.Refused)
			p.wait(30 * time.Minute)
			p.finish(id, 0)
		})
	}
}

// atOnce does something n times at once and counts the refusals by name.
func atOnce(n int, do func(n int) error) map[string]int {
	var mu sync.Mutex
	var wg sync.WaitGroup
	said := map[string]int{}
	begin := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-begin
			name := "done"
			if err := do(i); err != nil {
				name = err.Error()
				var p *client.Problem
				if errors.As(err, &p) {
					name = p.Name
				}
			}
			mu.Lock()
			defer mu.Unlock()
			said[name]++
		})
	}
	close(begin)
	wg.Wait()
	return said
}

// "A guess is only counted if I wait for the answer. So I hang up on each
// while the bank's system is still thinking. And the victim's phone gets a
// message for each request on which I hang up."
func TestHangingUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.logIn("kim")
	id := p.start(client.KindPersonalBank)
	p.give(id, client.NeedConsent)
	account := factors[1]
	for n := range tries {
		p.hangUp(simulator.Accounts, "/api/v1/applications/"+id+account.path, encode(t, account.guess(p, n)))
		// The bank is still at work on what nobody waits for. Its audit log
		// says when the guess is judged.
		for deadline := time.Now().Add(10 * time.Second); w.count(accountWrong)+w.count(factorLocked) <= n; time.Sleep(5 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("guess %d by one who hung up was not counted", n+1)
			}
		}
	}
	w.refused(p.guess(account, id, tries), factorLocked, audit.Refused)
	p.hangUp(simulator.Messages, "/api/v1/applications/"+id+"/proofs/phone/code", nil)
	_, e := p.SendPhoneCode(t.Context(), id)
	w.refused(e, refusal{429, 3504, "phone-code-too-soon"}, audit.Refused)
	p.wait(30 * time.Minute)
	p.finish(id, 0)
	if n := len(w.Simulator().Inbox(p.s.Phone)); n > 2 {
		t.Errorf("%d messages: one who hung up had some for nothing", n)
	}
}

// hangUp sends a request and leaves when one of the bank's systems has begun
// to think about it.
func (p *person) hangUp(thinking simulator.Service, path string, body []byte) {
	p.w.t.Helper()
	p.w.script(simulator.Fault{Service: thinking, Mode: simulator.Slow, Delay: "100ms", Count: 1})
	ctx, leave := context.WithCancel(p.ctx())
	defer leave()
	r, err := http.NewRequestWithContext(ctx, "POST", p.w.address()+path, bytes.NewReader(body))
	must(p.w, r, err)
	r.Header.Set("Content-Type", "application/json")
	cookie(p.watch.session())(r)
	left := make(chan struct{})
	go func() {
		defer close(left)
		if res, err := wire.RoundTrip(r); err == nil {
			_ = res.Body.Close()
		}
	}()
	for deadline := time.Now().Add(10 * time.Second); len(p.w.scripted()) > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			p.w.t.Fatalf("%s was never asked", thinking)
		}
	}
	leave()
	<-left
}

// count says how often a refusal stands in the audit log.
func (w *world) count(want refusal) (n int) {
	for _, e := range w.entries() {
		if e.Code == want.code {
			n++
		}
	}
	return n
}

// "Everything about me is right, only that it is somebody else's: their
// account and its password, their card, their token, the code on my phone."
func TestAnothersProofs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	victim, thief := w.logIn("hong"), w.logIn("kim")
	id, own := victim.start(client.KindPersonalBank), thief.start(client.KindPersonalBank)
	victim.give(id, client.NeedConsent)
	thief.give(own, client.NeedConsent)
	_, e := victim.ProveAccount(t.Context(), id, thief.s.Account, thief.s.AccountPassword)
	w.refused(e, accountWrong, audit.Refused)
	_, e = victim.ProveIDCard(t.Context(), id, thief.card())
	w.refused(e, cardMismatch, audit.Refused)
	mixed := thief.card()
	mixed.Name = victim.s.Name
	_, e = victim.ProveIDCard(t.Context(), id, mixed)
	w.refused(e, cardMismatch, audit.Refused)
	mixed = thief.card()
	mixed.Number = victim.s.IdentityNumber
	_, e = victim.ProveIDCard(t.Context(), id, mixed)
	w.refused(e, refusal{422, 3205, "name-differs"}, audit.Refused)
	_, e = victim.ProveOTP(t.Context(), id, thief.otp())
	w.refused(e, otpWrong, audit.Refused)

	_, e = victim.ProvePhone(t.Context(), id, "123456")
	w.refused(e, codeNone, audit.Refused)
	mine := thief.sendCode(own)
	_, e = victim.ProvePhone(t.Context(), id, mine)
	w.refused(e, codeNone, audit.Refused)
	theirs := victim.sendCode(id)
	if mine == theirs {
		mine = thief.sendCode(own)
	}
	_, e = victim.ProvePhone(t.Context(), id, mine)
	w.refused(e, codeWrong, audit.Refused)
	thief.finish(own, 1)
	victim.finish(id, 0)
}

// "A code is six digits; any that was ever sent to that phone may do: of my
// other application, of three minutes ago, of the message before. And I have
// more of them sent than anybody wants."
func TestOldCodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.logIn("kim")
	id, other := p.start(client.KindPersonalBank), p.start(client.KindPersonalGeneral)
	p.give(id, client.NeedConsent)
	p.give(other, client.NeedConsent)
	codes := []string{p.sendCode(other)}
	_, e := p.ProvePhone(t.Context(), id, codes[0])
	w.refused(e, codeNone, audit.Refused)
	codes = append(codes, p.sendCode(id))
	_, e = p.SendPhoneCode(t.Context(), id)
	w.refused(e, refusal{429, 3504, "phone-code-too-soon"}, audit.Refused)
	if codes[0] != codes[1] {
		_, e = p.ProvePhone(t.Context(), id, codes[0])
		w.refused(e, codeWrong, audit.Refused)
	}
	w.clock.move(3 * time.Minute)
	_, e = p.ProvePhone(t.Context(), id, codes[1])
	w.refused(e, refusal{422, 3502, "phone-code-expired"}, audit.Refused)
	if next := p.sendCode(id); next != codes[1] {
		_, e = p.ProvePhone(t.Context(), id, codes[1])
		w.refused(e, codeWrong, audit.Refused)
	}
	// Each application and each person has so many and no more.
	p.sendCode(id)
	p.sendCode(other)
	w.clock.move(time.Minute)
	_, e = p.SendPhoneCode(t.Context(), other)
	p.wayOut(w.refused(e, refusal{423, 3602, "phone-code-locked"}, audit.Refused), "ko")
	p.wait(30 * time.Minute)
	p.finish(id, 0)

	// A used one-time password is used.
	used := p.otp()
	if _, e = p.ProveOTP(t.Context(), other, used); e != nil {
		t.Fatal(e)
	}
	if e = p.Abandon(t.Context(), other); e != nil {
		t.Fatal(e)
	}
	again := p.start(client.KindPersonalGeneral)
	p.give(again, client.NeedConsent)
	_, e = p.ProveOTP(t.Context(), again, used)
	w.refused(e, refusal{422, 3402, "otp-replayed"}, audit.Refused)
	p.finish(again, 1)
}
