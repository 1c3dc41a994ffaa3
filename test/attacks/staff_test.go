package attacks_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/outside/simulator/provider"
	"github.com/ingam-pki/ingam/internal/server"
)

var (
	codeNot       = refusal{422, 7022, "staff-code-wrong"}
	staffLocked   = refusal{423, 7023, "staff-code-locked"}
	answerForged  = refusal{401, 7053, "staff-provider-answer"}
	notBegunHere  = refusal{409, 7054, "staff-provider-state"}
	otherIdentity = refusal{403, 7058, "staff-other-identity"}
)

const (
	consoleLogin = "/console/login"
	tellerNumber = "240117"
)

// chosen begins a login at the bank's provider, chooses who to be there, and
// gives where the browser is sent to, without going.
func (b *browser) chosen(number string) string {
	b.w.t.Helper()
	begun := b.get(consoleLogin + "/provider")
	return b.chosenAt(begun.to(), number)
}

// chosenAt chooses at the provider's page.
func (b *browser) chosenAt(provider, number string) string {
	b.w.t.Helper()
	r, err := http.NewRequestWithContext(b.ctx(), http.MethodPost, provider, strings.NewReader(url.Values{"number": {number}}.Encode()))
	must(b.w, r, err)
	r.Header.Set("Content-Type", urlencoded)
	res, err := http.DefaultTransport.RoundTrip(r)
	must(b.w, res, err)
	defer res.Body.Close()
	to, err := res.Location()
	must(b.w, to, err)
	return to.RequestURI()
}

// employee is the browser of somebody who works at the bank and is logged in.
func (w *world) employee(number string, extra ...func(*http.Request)) *browser {
	w.t.Helper()
	b := w.browser("ko")
	b.extra = extra
	if s := b.get(b.chosen(number)); s.status != http.StatusOK {
		w.t.Fatalf("login of %s: %d", number, s.status)
	}
	b.atWork(true)
	return b
}

// atWork demands that the console knows the browser, or that it doesn't.
func (b *browser) atWork(want bool) {
	b.w.t.Helper()
	s := b.get("/console/session", header("Accept", "application/json"))
	if got := s.status == http.StatusNoContent; got != want {
		b.w.t.Errorf("at work: %d, want %v", s.status, want)
	}
}

// account is that of an employee number.
func (w *world) account(number string) staff.Account {
	w.t.Helper()
	a, err := w.Desk().Staff.ByNumber(w.t.Context(), server.Operator("test"), number)
	return must(w, a, err)
}

// "I have the cookie of a teller: from a log, or by a look at their screen. I
// show it from my own machine."
func TestStaffTheft(t *testing.T) {
	t.Parallel()
	w := newWorld(t, behindProxy)
	for name, mine := range map[string][]func(*http.Request){
		"another browser": {header("X-Forwarded-For", "198.18.200.1"), header("User-Agent", "thief")},
		"another network": {header("X-Forwarded-For", "198.18.200.2")},
	} {
		teller := w.employee(tellerNumber, header("X-Forwarded-For", "198.18.200.1"))
		u, err := url.Parse(w.address() + "/console")
		must(w, u, err)
		thief := w.browser("ko")
		thief.extra = mine
		thief.http.Jar.SetCookies(u, teller.http.Jar.Cookies(u))
		thief.atWork(false)
		teller.atWork(false) // better than two who share it
		told := false
		for _, e := range w.entries() {
			told = told || e.Act == authz.EndStaffSessions && e.Object == "staff:"+w.account(tellerNumber).ID && e.Detail["why"] == "moved"
		}
		if !told {
			t.Errorf("%s: nobody is told", name)
		}
		w.employee(tellerNumber, header("X-Forwarded-For", "198.18.200.1"))
	}
}

// "I send a teller a link that logs them in as me: what they do then is on my
// account, where I can see it. Or I bring the answer of their login here."
func TestStaffLoginPlanted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	thief, victim := w.browser("ko"), w.browser("ko")
	link := thief.chosen("110215")
	victim.sentBack(victim.get(link), consoleLogin, notBegunHere, audit.Refused)
	victim.atWork(false)
	own := victim.chosen(tellerNumber)
	victim.sentBack(victim.get(link), consoleLogin, notBegunHere, audit.Refused) // with a login of theirs begun
	thief.sentBack(thief.get(own), consoleLogin, notBegunHere, audit.Refused)
	thief.atWork(false)
	victim.sentBack(victim.get(own), consoleLogin, notBegunHere, audit.Refused) // the begun one is used up
	again := victim.chosen(tellerNumber)
	if s := victim.get(again); s.status != http.StatusOK {
		t.Errorf("the teller's own: %d", s.status)
	}
	victim.atWork(true)
	fresh := w.browser("ko")
	fresh.sentBack(fresh.get(again), consoleLogin, notBegunHere, audit.Refused) // the same answer from elsewhere
	fresh.atWork(false)
}

// "I sit between the bank and its provider, or I have a token of another
// service, of yesterday, or one that I signed myself."
func TestStaffForgedTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.employee(tellerNumber)
	idp := w.Simulator().SignIn()
	for deed, want := range map[provider.Misdeed]refusal{
		provider.AlgNone: answerForged, provider.PublicHMAC: answerForged, provider.OtherKey: answerForged, provider.CarriedKey: answerForged,
		provider.Spoiled: answerForged, provider.WrongNonce: answerForged, provider.WrongAudience: answerForged, provider.WrongIssuer: answerForged,
		provider.Expired: answerForged, provider.ReplayedToken: answerForged, provider.OtherSubject: otherIdentity,
	} {
		b := w.browser("ko")
		idp.Misbehave(deed)
		b.sentBack(b.get(b.chosen(tellerNumber)), consoleLogin, want, audit.Refused)
		b.atWork(false)
	}
	idp.Misbehave(provider.None)
	w.employee(tellerNumber)
}

// "I know the number of somebody who was invited today, and guess their code."
func TestStaffCodeGuessing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, behindProxy)
	code, err := w.Desk().Staff.Invite(t.Context(), server.Operator("test"), w.account(tellerNumber).ID)
	must(w, code, err)
	w.vault.keep("staff code", code)
	try := func(from, number, code string) (*browser, shown) {
		b := w.browser("ko")
		b.extra = []func(*http.Request){header("X-Forwarded-For", from)}
		return b, b.post("/console/activate", "number", number, "code", code)
	}
	for _, number := range []string{tellerNumber, "999999"} {
		for range tries {
			b, s := try("198.18.201.1", number, "AAAA-BBBB-CCCC-DDDD")
			b.sentBack(s, "/console/activate", codeNot, audit.Refused)
		}
		b, s := try("198.18.201.1", number, code)
		b.sentBack(s, "/console/activate", staffLocked, audit.Refused)
		b.atWork(false)
	}
	owner, s := try("198.18.201.2", tellerNumber, code)
	if s.status != http.StatusSeeOther || s.to() == "/console/activate" {
		t.Errorf("the owner, elsewhere: %d to %q", s.status, s.to())
	}
	owner.atWork(true)
	b, s := try("198.18.201.2", tellerNumber, code)
	b.sentBack(s, "/console/activate", codeNot, audit.Refused)
}

// "I was dismissed this morning, and my browser is still open."
func TestStaffDismissed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, other := w.employee(tellerNumber), w.employee("230508")
	if err := w.Desk().Staff.Disable(t.Context(), server.Operator("test"), w.account(tellerNumber).ID); err != nil {
		t.Fatal(err)
	}
	b.atWork(false)
	other.atWork(true)
	b.sentBack(b.get(b.chosen(tellerNumber)), consoleLogin, refusal{403, 7008, "staff-disabled"}, audit.Refused)
	b.atWork(false)
}
