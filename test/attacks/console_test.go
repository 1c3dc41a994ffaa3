package attacks_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/web/assets"
	"github.com/ingam-pki/ingam/internal/web/console"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

// consoleRoutes are all doors of the console.
func consoleRoutes(t *testing.T) []console.Route {
	t.Helper()
	files, err := assets.New()
	if err != nil {
		t.Fatal(err)
	}
	c, err := console.New(console.Config{}, files)
	if err != nil {
		t.Fatal(err)
	}
	return c.Routes()
}

// real fills a route's pattern in with what there is.
func real(pattern string, c counter.Case, number, account string) (method, path string) {
	method, path, _ = strings.Cut(pattern, " ")
	of := "{id}"
	switch {
	case strings.HasPrefix(path, "/console/staff/"):
		path = strings.Replace(path, of, account, 1)
	case strings.HasPrefix(path, "/console/cases/"):
		path = strings.Replace(path, of, c.ID, 1)
	}
	return method, strings.NewReplacer("{number}", number, "{subscriber}", c.SubscriberID, "{scan}", c.Attached[0].ID, "{id}", "AAAA", "{$}", "").Replace(path)
}

// "A supervisor has the console open and comes to my page, which has all forms
// of the console in it, filled in by me."
func TestForgedFormsOfTheConsole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, behindProxy)
	hong := w.walksIn("hong")
	teller, boss, officer := w.employee(tellerNumber), w.employee(theSupervisor), w.employee(theSecurityOfficer)
	at := teller.submitted(hong)
	before, account := w.caseAt(at), w.account(tellerNumber)
	fields := []byte(form("verdict", "approve", "revision", "0", "note", "아무 말이나 적어요", "act", "issue", "kind", "personal-general", "visitor", "self",
		"by", "print", "why", "아무 말이나 적어요", "name", account.Name, "role", "supervisor", "branch", "012", "number", "990001", "scan", before.Attached[0].ID, "lang", "en", "phone", hong.Phone))
	walked := 0
	for _, route := range consoleRoutes(t) {
		method, path := real(route.Pattern, before, hong.Number, account.ID)
		if method == http.MethodGet {
			continue
		}
		walked++
		for _, from := range [][2]string{{"cross-site", "https://evil.example"}, {"same-site", "http://sister.bank.example"}, {"cross-site", "null"}, {"", "https://evil.example"}, {"cross-site", ""}} {
			for _, b := range []*browser{teller, boss, officer} {
				s := b.ask(method, path, urlencoded, fields, func(r *http.Request) {
					for name, value := range map[string]string{"Sec-Fetch-Site": from[0], "Origin": from[1]} {
						if r.Header.Del(name); value != "" {
							r.Header.Set(name, value)
						}
					}
				})
				if s.status != crossSite.status || len(s.header.Values("Set-Cookie")) > 0 {
					t.Errorf("%s %s, from %q: %d, %d cookies", method, route.Pattern, from, s.status, len(s.header.Values("Set-Cookie")))
				}
				w.logged(s.request(), crossSite.status, crossSite)
			}
		}
	}
	if walked < 20 {
		t.Errorf("only %d doors were tried", walked)
	}
	w.untouched(at, before)
	if now := w.account(tellerNumber); now.Role != account.Role || now.State != account.State || now.Epoch != account.Epoch {
		t.Errorf("the account is another: %+v", now)
	}
	for _, b := range []*browser{teller, boss, officer} {
		b.atWork(true)
	}
}

// jsonOf asks for JSON where that is all there is.
func jsonOf(path string) func(*http.Request) {
	if strings.HasSuffix(path, ".json") {
		return asScript
	}
	return func(*http.Request) {}
}

// "I am a customer, and a teller; or I have the cookie of one and would be the
// other. Both are sessions of the same bank."
func TestSessionsOfTheOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hong := w.customer("hong")
	id := hong.apply()
	teller, boss := w.employee(tellerNumber), w.employee(theSupervisor)
	at := teller.submitted(w.walksIn("kim"))
	account := w.account(tellerNumber)
	boss.decides(at, "approve", "")
	_, reference, code := teller.handsOut(at)
	redeemer := w.browser("ko")
	if s := redeemer.post("/redeem", "reference", reference, "code", code); !strings.HasPrefix(s.to(), "/apply/") {
		t.Fatalf("the codes lead to %q", s.to())
	}
	before := w.caseAt(at)

	customers := map[string]string{"a customer": hong.cookieOf(kit.SessionCookie, "/"), "a redeemer": redeemer.cookieOf(kit.SessionCookie, "/")}
	for who, token := range customers {
		if token == "" {
			t.Fatalf("%s has no session", who)
		}
		thief := w.browser("ko")
		thief.extra = []func(*http.Request){raw(kit.SessionCookie + "=" + token + "; " + kit.StaffCookie + "=" + token)}
		for _, route := range consoleRoutes(t) {
			method, path := real(route.Pattern, before, "1000000002", account.ID)
			if route.Open {
				continue
			}
			var body []byte
			if method != http.MethodGet {
				body = []byte(form("verdict", "approve", "revision", "0"))
			}
			s := thief.ask(method, path, urlencoded, body, jsonOf(path))
			if s.status != http.StatusUnauthorized && (s.status != http.StatusSeeOther || !strings.HasPrefix(s.to(), "/console/login")) {
				t.Errorf("%s at %s: %d to %q", who, route.Pattern, s.status, s.to())
			}
		}
	}
	// The other way round. The browser does not even send it there.
	token := teller.cookieOf(kit.StaffCookie, "/console/queue")
	if token == "" || teller.cookieOf(kit.StaffCookie, "/apply") != "" || teller.cookieOf(kit.StaffCookie, "/api/v1/session") != "" {
		t.Error("the cookie of who works here goes to other pages, or there is none")
	}
	thief := w.browser("ko")
	thief.extra = []func(*http.Request){raw(kit.SessionCookie + "=" + token + "; " + kit.StaffCookie + "=" + token)}
	for _, path := range []string{"/apply", "/apply/" + id, "/apply/" + id + "/key", "/apply/" + before.Application, "/apply/" + before.Application + "/key", "/certificates", "/passkeys", "/settings/notices"} {
		if s := thief.get(path); s.status != http.StatusSeeOther || !strings.HasPrefix(s.to(), "/login") {
			t.Errorf("a teller at %s: %d to %q", path, s.status, s.to())
		}
	}
	for _, o := range routes(t, 20, func(o operation) bool { return ofAPI(o) && o.session }) {
		w.turnedAway(thief.send(o.method, o.at(before.Application), o.sample(t), raw(kit.SessionCookie+"="+token)).err(), notLoggedIn)
	}
	// What a browser keeps for a page is of no use in that of another.
	for _, name := range []string{"ingam_staff_search", "ingam_staff_why", "ingam_slip", "ingam_staff_said"} {
		if s := boss.get("/console/customers?found", with(name, token)); s.status != http.StatusOK {
			t.Errorf("%s made up: %d", name, s.status)
		}
	}
	teller.atWork(true)
	w.untouched(at, before)
}

// "I have a slip, and with it a session. It is for one certificate; I would like
// the pages of its owner, and those of everybody else."
func TestRedeemerOnThePages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := w.holder("kim")
	theirs := other.start("personal-general")
	v := w.visits("hong")
	thief := w.browser("ko")
	s := thief.post("/redeem", "reference", v.Slip.Reference, "code", v.Slip.Code)
	if s.status != http.StatusSeeOther || s.to() != "/apply/"+v.Application+"/key" {
		t.Fatalf("the codes lead to %q (%d)", s.to(), s.status)
	}
	thief.open(s.to())
	thief.s = w.sample("kim") // whose form it fills in
	for _, place := range places {
		for path, own := range map[string]bool{"/apply/" + v.Application + place: true, "/apply/" + theirs + place: false} {
			s := thief.get(path)
			open := own && (place == "" || place == "/key" || place == "/done")
			switch {
			case open && s.status != http.StatusOK && s.status != http.StatusSeeOther:
				t.Errorf("their own %s: %d", path, s.status)
			case !open && s.status != http.StatusNotFound && (s.status != http.StatusSeeOther || !strings.HasPrefix(s.to(), "/login")):
				t.Errorf("%s: %d to %q", path, s.status, s.to())
			}
			if s.says(w.sample("hong").Name) || s.says(other.s.Name) {
				t.Errorf("%s tells a name", path)
			}
		}
	}
	pages := []string{"/apply", "/certificates", "/advice", "/settings/notices", "/passkeys"}
	for _, act := range []string{"", "/suspend", "/revoke", "/code", "/renew", "/reissue", "/resume"} {
		pages = append(pages, "/certificates/"+other.made.Serial+act)
	}
	for _, path := range pages {
		for _, s := range []shown{thief.get(path), thief.post(path, "confirm", "yes", "kind", "personal-bank")} {
			if s.status != http.StatusMethodNotAllowed && (s.status != http.StatusSeeOther || !strings.HasPrefix(s.to(), "/login")) {
				t.Errorf("%s: %d to %q", path, s.status, s.to())
			}
		}
	}
	for _, path := range forms {
		if !strings.Contains(path, "{id}") {
			continue
		}
		for _, id := range []string{v.Application, theirs} {
			s := thief.wellMeantForm(strings.Replace(path, "{id}", id, 1))
			if s.status != http.StatusSeeOther || !strings.HasPrefix(s.to(), "/login") {
				t.Errorf("%s: %d to %q", path, s.status, s.to())
			}
		}
	}
	// In an address the pair is of no use, and no address ever has it: see inspectWay.
	pair := url.Values{"reference": {v.Slip.Reference}, "code": {v.Slip.Code}}.Encode()
	fresh := w.browser("ko")
	bare := fresh.get("/redeem")
	if s := fresh.get("/redeem?x"); s.status != http.StatusOK || bare.status != http.StatusOK {
		t.Errorf("the page of the codes: %d", s.status)
	}
	if s := fresh.ask(http.MethodPost, "/redeem?"+pair, urlencoded, []byte{}); s.status != http.StatusSeeOther || s.to() != "/redeem" {
		t.Errorf("a pair in the address: %d to %q", s.status, s.to())
	}
	if a, err := other.Application(t.Context(), theirs); err != nil || a.State != "draft" && len(a.Needs) == 0 {
		t.Errorf("the other's application: %+v %v", a, err)
	}
}

var onward = regexp.MustCompile(`http-equiv="refresh" content="0;url=([^"]+)"`)

// "My link is to the bank's console, and after the login they are at my page,
// which looks like it. Or a change of the language leads there."
func TestConsoleLeadingAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	teller, nobody := w.employee(tellerNumber), w.browser("ko")
	var all []string
	for _, to := range elsewhere {
		all = append(all, to)
		if strings.HasPrefix(to, "/") {
			all = append(all, "/console"+to)
		}
	}
	all = append(all, "/console@evil.example", "/consolex", "/console.evil.example", "/console/..//evil.example", "/console/../../\\evil.example", "/console/%2e%2e//evil.example",
		"/console/logout", "/console/login?next=//evil.example", "/console/login/provider?next=//evil.example", "/console/activate", "/console/settings", "/apply", "/")
	stays := func(what, to string) {
		t.Helper()
		u, err := url.Parse(to)
		if err != nil || u.Host != "" || u.Scheme != "" || !console.Serves(u.Path) || strings.Contains(to, "//") || strings.Contains(to, `\`) || strings.HasPrefix(u.Path, "/console/logout") ||
			strings.Contains(u.Query().Get("next"), "//") {
			t.Errorf("%s: leads to %q", what, to)
		}
	}
	for n, next := range all {
		isText := utf8.ValidString(next) && !strings.Contains(next, "\x00")
		if s := teller.get("/console/login?next=" + url.QueryEscape(next)); s.status != http.StatusSeeOther {
			t.Errorf("%q: one who is logged in stays at the login: %d", next, s.status)
		} else {
			stays("login, "+next, s.to())
		}
		if isText {
			s := teller.post("/console/settings", "lang", "ko", "back", next)
			if s.status != http.StatusSeeOther {
				t.Errorf("%q: settings answer %d", next, s.status)
			}
			stays("settings, "+next, s.to())
		}
		page := nobody.get("/console/login?next=" + url.QueryEscape(next))
		if page.status != http.StatusOK || !isText {
			continue
		}
		for _, tag := range anyLead.FindAll(page.body, -1) {
			for _, name := range []string{"next", "href"} {
				if to := attribute(tag, name); strings.Contains(to, "evil") {
					stays("the page of the login, "+next, to)
				}
			}
			if name := attribute(tag, "name"); name == "next" || name == "back" {
				stays("the page of the login, "+next, attribute(tag, "value"))
			}
		}
		if n%10 == 0 { // through the bank's provider and back
			b := w.browser("ko")
			begun := b.get("/console/login/provider?next=" + url.QueryEscape(next))
			m := onward.FindSubmatch(b.get(b.chosenAt(begun.to(), tellerNumber)).body)
			if m == nil {
				t.Errorf("%q: the login leads nowhere", next)
				continue
			}
			stays("after the login, "+next, string(m[1]))
		}
	}
	for _, path := range []string{"//evil.example/console", "/console//evil.example", "/console/..//evil.example", "/console/%2f%2fevil.example", "/console/cases/..%2f..%2f%2fevil.example",
		"/console/%0d%0aX-Evil:1", "/console/%5c%5cevil.example", "/console;//evil.example", "/console/customers/%3fnext=//evil.example"} {
		for _, b := range []*browser{teller, nobody} {
			for _, s := range []shown{b.get(path), b.post(path, "x", "y")} {
				if s.status < 300 || s.status >= 500 {
					t.Errorf("%s: %d", path, s.status)
				}
				if u, err := url.Parse(s.to()); err == nil && strings.Contains(u.Query().Get("next"), "//") {
					t.Errorf("%s: comes back to %q", path, u.Query().Get("next"))
				}
			}
		}
	}
}
