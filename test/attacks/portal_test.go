package attacks_test

import (
	"bytes"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/pki/cms"
)

// forms are all that the pages send. TestForgedForms holds the list against the
// forms that a customer meets on the way to a certificate.
var forms = []string{"/login", "/logout", "/settings", "/verify", "/apply", "/apply/{id}/terms", "/apply/{id}/id-card", "/apply/{id}/account",
	"/apply/{id}/otp", "/apply/{id}/phone", "/apply/{id}/phone/code", "/apply/{id}/confirm", "/apply/{id}/abandon"}

// places are the pages that are about one application.
var places = []string{"", "/terms", "/identity", "/id-card", "/account", "/otp", "/phone", "/confirm", "/key", "/done"}

// wellMeantForm sends a form that would do what it is for.
func (b *browser) wellMeantForm(path string, changes ...func(*http.Request)) shown {
	b.w.t.Helper()
	otp, _ := b.w.Simulator().OTP(b.s.Number)
	b.extra = changes
	defer func() { b.extra = nil }()
	switch path[strings.LastIndex(path, "/")+1:] {
	case "id-card":
		return b.upload(path, []file{{"image", "card.png", "image/png", picture}}, b.cardForm()...)
	case "verify":
		return b.upload(path, []file{{"signature", "a.p7s", "", []byte{0x30, 0}}})
	case "otp":
		return b.post(path, "code", otp)
	case "account":
		return b.post(path, "account", b.s.Account, "password", b.s.AccountPassword)
	}
	return b.post(path, "loginId", b.s.LoginID, "password", b.s.Password, "kind", "personal-general", "lang", "en", "look", "dark", "code", "123456")
}

// "The customer is logged in and looks at my page. It has the bank's forms in
// it, filled in by me, and sends them: from my site, from a sister of the
// bank's, from a frame that has no origin."
func TestForgedForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t, behindProxy)
	hong := w.customer("hong")
	id := hong.apply()
	before := w.logIn("hong").send("GET", "/api/v1/applications/"+id, nil)
	want := refusal{403, 1005, "cross-origin"}
	set := func(site, origin string) []func(*http.Request) {
		return []func(*http.Request){w.from(), func(r *http.Request) {
			for name, value := range map[string]string{"Sec-Fetch-Site": site, "Origin": origin} {
				r.Header.Del(name)
				if value != "" {
					r.Header.Set(name, value)
				}
			}
		}}
	}
	for _, form := range forms {
		path := strings.Replace(form, "{id}", id, 1)
		for _, from := range [][2]string{{"cross-site", "https://evil.example"}, {"cross-site", ""}, {"same-site", "http://sister.bank.example"}, {"same-site", ""},
			{"", "https://evil.example"}, {"", "null"}, {"cross-site", "null"}, {"", w.address() + ".evil.example"}, {"", "http://127.0.0.1:1"}, {"cross-site", w.address()}, {"CROSS-SITE", ""}} {
			s := hong.wellMeantForm(path, set(from[0], from[1])...)
			hong.turnedAwayBy(s, want)
			if len(s.header.Values("Set-Cookie")) > 0 {
				t.Errorf("%s from %q sets a cookie", path, from)
			}
		}
	}
	p := w.logIn("hong")
	if after := p.send("GET", "/api/v1/applications/"+id, nil); !bytes.Equal(before.body, after.body) {
		t.Errorf("the application has changed from %s to %s", before.body, after.body)
	}
	if all, err := p.Applications(t.Context()); err != nil || len(all) != 1 {
		t.Errorf("there are %d applications: %v", len(all), err)
	}
	// A program sends neither; it has no cookie but its own.
	if s := w.browser("ko").wellMeantFormOf(hong, "/settings", set("", "")...); s.status != http.StatusSeeOther {
		t.Errorf("a program is refused: %d", s.status)
	}
	// The list is all that there is: what the pages of the whole way have.
	met := map[string]bool{}
	look := func(path string) {
		page := hong.open(path)
		for _, m := range regexp.MustCompile(`<form [^>]*method="post"[^>]*>`).FindAll(page.body, -1) {
			met[strings.Replace(attribute(m, "action"), id, "{id}", 1)] = true
		}
		if page.status != http.StatusOK {
			t.Errorf("%s: %d", path, page.status)
		}
	}
	for _, path := range []string{"/", "/center", "/apply", "/verify", "/wallet", "/sign", "/passkeys", "/certificates", "/help/browser-key"} {
		look(path)
	}
	for _, need := range []client.Need{client.NeedIDCard, client.NeedAccount, client.NeedOTP, client.NeedPhone, client.NeedKey, ""} {
		if need == "" {
			p.finish(id, 0)
		} else {
			p.goTo(id, need)
		}
		for _, place := range places {
			look("/apply/" + id + place)
		}
	}
	for form := range met {
		if !slices.Contains(forms, form) {
			t.Errorf("nobody has tried to forge the form to %s", form)
		}
	}
	if len(met) < len(forms)-3 {
		t.Errorf("only %d forms were met", len(met))
	}
}

func (b *browser) wellMeantFormOf(who *browser, path string, changes ...func(*http.Request)) shown {
	b.s = who.s
	return b.wellMeantForm(path, changes...)
}

// "I have the address of the page at which somebody else stands: of their
// application, their certificate. I open it, and send its forms, as myself."
func TestAnothersPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, behindProxy)
	victim, thief := w.logIn("hong"), w.customer("kim")
	id := victim.start(client.KindPersonalBank)
	none := strings.Repeat("A", 26)
	same := func(a, b shown) bool {
		strip := func(s shown, id string) string { return strings.ReplaceAll(string(s.body), id, "ID") }
		return a.status == b.status && strip(a, id) == strip(b, none) && a.to() == "" && b.to() == "" && len(a.header.Values("Set-Cookie")) == len(b.header.Values("Set-Cookie"))
	}
	for _, stage := range []client.Need{client.NeedConsent, client.NeedIDCard, client.NeedKey, ""} {
		if stage == "" {
			victim.finish(id, 0)
		} else {
			victim.goTo(id, stage)
		}
		before := victim.send("GET", "/api/v1/applications/"+id, nil)
		for _, place := range places {
			theirs, nobodys := thief.get("/apply/"+id+place), thief.get("/apply/"+none+place)
			thief.turnedAwayBy(theirs, applicationUnknown)
			w.audited(theirs.request(), applicationUnknown, audit.Denied)
			w.audited(nobodys.request(), applicationUnknown, audit.Refused)
			if !same(theirs, nobodys) {
				t.Errorf("GET %s: another's application and none look different:\n%s\n%s", place, theirs.body, nobodys.body)
			}
		}
		for _, form := range forms {
			if !strings.Contains(form, "{id}") {
				continue
			}
			theirs, nobodys := thief.wellMeantForm(strings.Replace(form, "{id}", id, 1)), thief.wellMeantForm(strings.Replace(form, "{id}", none, 1))
			thief.turnedAwayBy(theirs, applicationUnknown)
			w.audited(theirs.request(), applicationUnknown, audit.Denied)
			if !same(theirs, nobodys) {
				t.Errorf("POST %s: another's application and none look different", form)
			}
		}
		if after := victim.send("GET", "/api/v1/applications/"+id, nil); !bytes.Equal(before.body, after.body) {
			t.Errorf("the victim's application has changed from %s to %s", before.body, after.body)
		}
	}
	all, err := victim.Certificates(t.Context())
	serial := must(w, all, err)[0].Serial
	notFound := refusal{404, 4010, "certificate-not-found"}
	theirs, nobodys := thief.get("/certificates/"+serial), thief.get("/certificates/"+strings.Repeat("0", len(serial)))
	thief.turnedAwayBy(theirs, notFound)
	if theirs.status != nobodys.status || string(theirs.body) != string(nobodys.body) {
		t.Errorf("another's certificate and none look different: %d, %d", theirs.status, nobodys.status)
	}
	thief.goesOn()
}

// "I plant a cookie in the victim's browser: one that I made up, one of a
// login that I have begun, one of my own session. Whichever way they log in,
// I know their session then."
func TestPlantedSessions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hong := w.holder("hong")
	device := hong.device()
	if a := hong.atName().addPasskey(device, "phone"); a.status != http.StatusCreated {
		t.Fatalf("adding a passkey: %d %s", a.status, a.body)
	}
	thief := w.logIn("kim")
	for way, logIn := range map[string]func(p *person) int{
		"password": func(p *person) int {
			s := w.browser("ko").ask("POST", "/login", urlencoded, []byte(form("loginId", "hong", "password", hong.s.Password)), with(kit.SessionCookie, p.watch.session()))
			for _, c := range s.cookie(kit.SessionCookie) {
				p.plant(c.Value)
			}
			return s.status
		},
		"certificate": func(p *person) int { return p.enterWith(hong.sign(p.challenge(), cms.SignOptions{})).status },
		"passkey":     func(p *person) int { return p.atName().enterBy(device).status },
	} {
		for kind, planted := range map[string]string{"made up": strings.Repeat("B", 43), "begun": w.begun(), "the thief's own": w.logIn("kim").watch.session()} {
			victim := w.visitor("en")
			victim.plant(planted)
			status := logIn(victim)
			if got := victim.watch.session(); status >= 400 || got == "" || got == planted {
				t.Errorf("%s, with a cookie that is %s: %d, token renewed: %v", way, kind, status, got != planted)
			}
			if a := victim.send("GET", "/api/v1/session", nil); a.status != 200 || !bytes.Contains(a.body, []byte(hong.s.Name)) {
				t.Errorf("%s, with a cookie that is %s: the victim is not logged in: %d", way, kind, a.status)
			}
			again := w.visitor("en").send("GET", "/api/v1/session", nil, cookie(planted))
			w.turnedAway(again.err(), notLoggedIn)
		}
	}
	if a := thief.send("GET", "/api/v1/session", nil); a.status != 200 || bytes.Contains(a.body, []byte(hong.s.Name)) {
		t.Errorf("the thief's other session: %d %s", a.status, a.body)
	}
	thief.finish(thief.start(client.KindPersonalBank), 1)
}

// begun gives the cookie of a browser in which a login was begun.
func (w *world) begun() string {
	w.t.Helper()
	p := w.visitor("ko")
	p.challenge()
	return p.watch.session()
}

// plant puts a cookie into a person's browser.
func (p *person) plant(token string) {
	p.watch.mu.Lock()
	defer p.watch.mu.Unlock()
	p.watch.token = token
}
