package attacks_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/server"
)

var (
	loginWrong  = refusal{401, 2001, "login-wrong"}
	loginLocked = refusal{423, 2002, "login-locked"}
)

// "I have the victim's password half: it is one of fifty. And I want to know
// which ids exist at all."
func TestGuessingPasswords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.sample("hong")
	w.vault.keepSample(s)
	for _, lang := range []string{"ko", "en"} {
		told := map[string][]string{}
		for _, loginID := range []string{map[string]string{"ko": "hong", "en": "kim"}[lang], "nobody-" + lang} {
			for range tries + 1 {
				a := w.visitor(lang).send("POST", "/api/v1/session", encode(t, client.LogInRequest{LoginID: loginID, Password: "wrong-password"}))
				want := loginWrong
				if len(told[loginID]) >= tries-1 {
					want = loginLocked
				}
				problem := w.refused(a.err(), want, audit.Refused)
				if want == loginLocked {
					w.visitor(lang).wayOut(problem, lang)
				}
				if a.header.Get("Set-Cookie") != "" {
					t.Error("a refused login gets a session")
				}
				told[loginID] = append(told[loginID], string(anonymous(a)))
			}
		}
		var before []string
		for loginID, answers := range told {
			if before != nil && strings.Join(before, "") != strings.Join(answers, "") {
				t.Errorf("%s: a login that nobody has is answered otherwise:\n%q\n%q", loginID, before, answers)
			}
			before = answers
		}
	}
	// The right password comes too late, in any spelling of the id.
	for _, loginID := range []string{"hong", "HONG", "Hong"} {
		_, err := w.visitor("en").LogIn(t.Context(), loginID, s.Password)
		w.refused(err, loginLocked, audit.Refused)
	}
	w.clock.move(30 * time.Minute)
	p := w.logIn("hong")
	p.finish(p.start(client.KindPersonalBank), 0)

	said := atOnce(50, func(n int) error {
		return err(w.visitor("ko").LogIn(t.Context(), "choi", fmt.Sprintf("choi-demo-%04d", n)))
	})
	if said[loginWrong.name] != tries-1 || said[loginLocked.name] != 50-tries+1 {
		t.Errorf("fifty passwords at once: %v", said)
	}
	_, e := w.visitor("en").LogIn(t.Context(), "choi", w.sample("choi").Password)
	w.refused(e, loginLocked, audit.Refused)
}

// "One password for many ids, from one address: no single login is locked."
// And: "I am a load balancer. Believe me where I come from."
func TestSprayingPasswords(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *server.Config) { c.Limits.Logins = server.Rate{} })
	limit := w.Config().Limits.Logins.Burst
	for n := range limit + 5 {
		body := encode(t, client.LogInRequest{LoginID: fmt.Sprintf("spray-%d", n), Password: "Password1!"})
		a := w.visitor([]string{"ko", "en"}[n%2]).send("POST", "/api/v1/session", body,
			header("X-Forwarded-For", fmt.Sprintf("203.0.113.%d", n)), header("X-Real-IP", "203.0.113.9"), header("Forwarded", "for=203.0.113.9"))
		if n < limit {
			w.refused(a.err(), loginWrong, audit.Refused)
			continue
		}
		if p := w.turnedAway(a.err(), refusal{429, 1006, "too-many-requests"}); p.RetryAfter <= 0 {
			t.Error("does not say when to try again")
		}
	}
	w.clock.move(time.Minute)
	p := w.logIn("hong")
	p.finish(p.start(client.KindPersonalBank), 0)
}

// "The customer may ask twenty times a second. I ask as often as I can."
func TestFlood(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *server.Config) { c.Limits.Requests = server.Rate{PerMinute: 60, Burst: 30} })
	p := w.visitor("en")
	said := map[int]int{}
	for range 40 {
		a := p.send("GET", "/api/v1/kinds", nil)
		said[a.status]++
		if a.status != 200 {
			w.turnedAway(a.err(), refusal{429, 1006, "too-many-requests"})
		}
	}
	if said[200] != 30 || said[429] != 10 {
		t.Errorf("forty requests at once: %v", said)
	}
	w.clock.move(time.Minute)
	customer := w.logIn("kim")
	customer.finish(customer.start(client.KindPersonalBank), 0)
}
