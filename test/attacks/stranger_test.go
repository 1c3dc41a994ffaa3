package attacks_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/server"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

var (
	applicationUnknown = refusal{404, 2101, "application-unknown"}
	notLoggedIn        = refusal{401, 1004, "not-logged-in"}
)

// "I am a customer like any other. I have seen the id of somebody else's
// application over their shoulder. With my own session I look at it, prove my
// own identity into it, ask for its key, take its certificate, throw it away."
func TestAnothersApplication(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	victim, thief := w.logIn("hong"), w.logIn("kim")
	id := victim.start(client.KindPersonalBank)
	own := thief.start(client.KindPersonalBank)
	thief.goTo(own, client.NeedKey)
	stages := []client.Need{client.NeedConsent, client.NeedIDCard, client.NeedKey, ""}
	for i, stage := range stages {
		if stage == "" {
			victim.finish(id, 0)
		} else {
			victim.goTo(id, stage)
		}
		before := victim.send("GET", "/api/v1/applications/"+id, nil)
		for _, o := range routes(t, 10, ofOne) {
			body := thief.wellMeant(o, own)
			thief.lang = []string{"ko", "en"}[i%2]
			stolen := thief.send(o.method, o.at(id), body)
			w.refused(stolen.err(), applicationUnknown, audit.Denied)
			// One that does not exist must look the same, or ids could be tried.
			nothing := thief.send(o.method, o.at("AAAAAAAAAAAAAAAAAAAAAAAAAA"), body)
			w.refused(nothing.err(), applicationUnknown, audit.Refused)
			if !bytes.Equal(anonymous(stolen), anonymous(nothing)) {
				t.Errorf("%s %s: another's application and none look different:\n%s%s", o.method, o.path, stolen.body, nothing.body)
			}
		}
		if after := victim.send("GET", "/api/v1/applications/"+id, nil); !bytes.Equal(before.body, after.body) {
			t.Errorf("the victim's application has changed from %s to %s", before.body, after.body)
		}
	}
	thief.finish(own, 1)
	if all, err := thief.Certificates(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("the thief sees %d certificates: %v", len(all), err)
	}
}

// wellMeant is a body that would do what the route is for if the application
// were the person's own.
func (p *person) wellMeant(o operation, own string) []byte {
	p.w.t.Helper()
	var body any
	switch o.path[strings.LastIndex(o.path, "/")+1:] {
	case "consent":
		body = client.ConsentRequest{Terms: p.terms()}
	case "id-card":
		body = p.card()
	case "account":
		body = client.AccountProof{Account: p.s.Account, Password: p.s.AccountPassword}
	case "otp":
		code, _ := p.w.Simulator().OTP(p.s.Number)
		body = client.CodeProof{Code: code}
	case "phone":
		body = client.CodeProof{Code: "123456"}
	case "certificate":
		if a, err := p.Application(p.ctx(), own); err == nil && len(a.Needs) == 1 {
			body = client.CertifyRequest{CSR: p.order(own).honest(1)}
		}
	}
	if body == nil || o.media == "" {
		return o.sample(p.w.t)
	}
	return encode(p.w.t, body)
}

// anonymous is a problem without the request's id.
func anonymous(a answer) []byte {
	var p map[string]any
	if json.Unmarshal(a.body, &p) != nil {
		return a.body
	}
	delete(p, "request")
	bare, _ := json.Marshal(p) // what was just decoded
	return bare
}

// "I am nobody. I have no session, one that I made up, or one that has been
// logged out: which route has forgotten to ask?"
func TestNoSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	victim := w.logIn("hong")
	id := victim.start(client.KindPersonalBank)
	victim.goTo(id, client.NeedAccount)
	old := victim.watch.session()
	if err := victim.LogOut(t.Context()); err != nil {
		t.Fatal(err)
	}
	nobody := w.visitor("ko")
	secured := func(o operation) bool { return ofAPI(o) && o.session }
	for _, o := range routes(t, 14, secured) {
		for i, token := range []string{"", "admin", old, old[:len(old)-1], strings.Repeat("A", 43), strings.Repeat("A", 8000), "' OR 1=1 --"} {
			nobody.lang = []string{"ko", "en"}[i%2]
			w.turnedAway(nobody.send(o.method, o.at(id), o.sample(t), cookie(token)).err(), notLoggedIn)
		}
		w.turnedAway(nobody.send(o.method, o.at(id), nil, header("Authorization", "Bearer "+old), header("X-Subscriber", "1")).err(), notLoggedIn)
	}
	// Routes that say they are open give nothing of anybody.
	for _, o := range routes(t, 3, func(o operation) bool { return ofAPI(o) && !o.session && o.method == "GET" }) {
		if a := nobody.send(o.method, o.at(id), nil); a.status != 200 || a.header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d, cookie %q", o.path, a.status, a.header.Get("Set-Cookie"))
		}
	}
	w.logIn("hong").finish(id, 0)
}

// "The victim has my page open beside their bank. My page sends requests to
// the bank, and the browser adds the victim's cookie."
func TestCrossSite(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	victim := w.logIn("hong")
	id := victim.start(client.KindPersonalBank)
	victim.goTo(id, client.NeedAccount)
	before := victim.send("GET", "/api/v1/applications/"+id, nil)
	want := refusal{403, 1005, "cross-origin"}
	form := "application/x-www-form-urlencoded"
	from := map[string][]func(*http.Request){
		"another site":                    {header("Sec-Fetch-Site", "cross-site"), header("Origin", "https://evil.example")},
		"a sister of the bank's":          {header("Sec-Fetch-Site", "same-site"), header("Origin", "http://sister.bank.example")},
		"an old browser":                  {header("Origin", "https://evil.example")},
		"a sandboxed frame":               {header("Origin", "null")},
		"a form":                          {header("Origin", "https://evil.example"), header("Content-Type", form)},
		"another port of the same host":   {header("Origin", "http://127.0.0.1:1")},
		"a name that begins like ours":    {header("Origin", w.URL()+".evil.example")},
		"fetch says so, origin pretends":  {header("Sec-Fetch-Site", "cross-site"), header("Origin", w.URL())},
		"a site that pretends to be none": {header("Sec-Fetch-Site", "CROSS-SITE")},
	}
	changing := func(o operation) bool { return ofAPI(o) && o.method != "GET" }
	for _, o := range routes(t, 10, changing) {
		for _, changes := range from {
			w.turnedAway(victim.send(o.method, o.at(id), victim.wellMeant(o, id), changes...).err(), want)
		}
	}
	if after := victim.send("GET", "/api/v1/applications/"+id, nil); !bytes.Equal(before.body, after.body) {
		t.Errorf("the application has changed from %s to %s", before.body, after.body)
	}
	// What may not be sent may not be asked for either: no preflight is answered.
	a := victim.send("OPTIONS", "/api/v1/applications", nil, header("Origin", "https://evil.example"),
		header("Access-Control-Request-Method", "POST"), header("Access-Control-Request-Headers", "content-type"))
	if a.status < 400 {
		t.Errorf("a preflight was answered with %d", a.status)
	}
	// The bank's own page can do it.
	a = victim.send("POST", "/api/v1/applications", []byte(`{"kind":"personal-bank"}`), header("Sec-Fetch-Site", "same-origin"), header("Origin", w.URL()))
	if a.status != 200 {
		t.Errorf("the bank's own page is refused: %s", a.body)
	}
	victim.finish(id, 0)
}

// "I put a cookie of mine into the victim's browser before they log in, so
// that afterwards I know their session."
func TestPlantedSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	thief := w.logIn("kim")
	mine := thief.watch.session()
	victim := w.sample("hong")
	w.vault.keepSample(victim)
	logIn := encode(t, client.LogInRequest{LoginID: victim.LoginID, Password: victim.Password})
	for _, planted := range []string{"planted", strings.Repeat("A", 43), mine} {
		browser := w.visitor("ko")
		a := browser.send("POST", "/api/v1/session", logIn, cookie(planted))
		if a.status != 200 || browser.watch.session() == "" || browser.watch.session() == planted {
			t.Fatalf("login: %d %s, token renewed: %v", a.status, a.body, browser.watch.session() != planted)
		}
		again := w.visitor("en").send("GET", "/api/v1/session", nil, cookie(planted))
		w.turnedAway(again.err(), notLoggedIn)
	}
	// Logging in once more renews the token, and the one before is over.
	honest := w.logIn("hong")
	first := honest.watch.session()
	if a := honest.send("POST", "/api/v1/session", logIn); a.status != 200 || honest.watch.session() == first {
		t.Errorf("the token is not renewed: %d", a.status)
	}
	w.turnedAway(w.visitor("en").send("GET", "/api/v1/session", nil, cookie(first)).err(), notLoggedIn)
	// A failed login leaves a session that is there alone: nobody is thrown out.
	if a := honest.send("POST", "/api/v1/session", []byte(`{"loginId":"hong","password":"wrong"}`)); a.status != 401 {
		t.Errorf("a wrong password: %d", a.status)
	}
	if a := honest.send("GET", "/api/v1/session", nil); a.status != 200 {
		t.Errorf("a wrong password at the login throws out who is logged in: %d", a.status)
	}
	customer := w.logIn("hong")
	customer.finish(customer.start(client.KindPersonalBank), 0)
}

// "The victim has left the counter's computer without logging out. I sit down
// ten minutes later. Or my page beside theirs keeps the session awake all day."
func TestIdleSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	victim := w.logIn("hong")
	id := victim.start(client.KindPersonalBank)
	victim.goTo(id, client.NeedAccount)
	w.clock.move(9 * time.Minute)
	if a := victim.send("GET", "/api/v1/session", nil); a.status != 200 {
		t.Errorf("after 9 minutes: %d", a.status)
	}
	w.clock.move(11 * time.Minute)
	w.turnedAway(victim.send("GET", "/api/v1/applications/"+id, nil).err(), notLoggedIn)
	w.turnedAway(victim.send("GET", "/api/v1/applications/"+id, nil, header("Accept-Language", "en")).err(), notLoggedIn)
	w.turnedAway(victim.send("POST", "/api/v1/applications/"+id+"/key-request", nil).err(), notLoggedIn)

	// Eight hours are the end, however busy one is.
	victim = w.logIn("hong")
	for range int(kit.SessionTotal / (8 * time.Minute)) {
		if a := victim.send("GET", "/api/v1/session", nil); a.status != 200 {
			t.Fatalf("one who is busy is logged out: %d", a.status)
		}
		w.clock.move(8 * time.Minute)
	}
	w.turnedAway(victim.send("GET", "/api/v1/session", nil).err(), notLoggedIn)
	w.logIn("hong").finish(id, 0)
}

// "The bank ends TLS before us. Will it send the cookie over http for me to
// read?"
func TestCookieOverHTTPS(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *server.Config) { c.URL = "https://bank.example" })
	p := w.visitor("ko")
	s := w.sample("hong")
	w.vault.keepSample(s)
	a := p.send("POST", "/api/v1/session", encode(t, client.LogInRequest{LoginID: s.LoginID, Password: s.Password}))
	if set := a.header.Get("Set-Cookie"); !strings.Contains(set, "; Secure") || !strings.Contains(set, "; HttpOnly") || strings.Contains(set, "Domain") {
		t.Error("the cookie is not Secure, HttpOnly and of this host alone")
	}
	if a.header.Get("Strict-Transport-Security") == "" {
		t.Error("no Strict-Transport-Security")
	}
}
