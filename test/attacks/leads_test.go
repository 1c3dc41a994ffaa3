package attacks_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

// elsewhere are addresses that a browser would take for another site's, or for
// script, or that would end a header: by how they are written, by what is
// decoded from them, or by what browsers leave out.
var elsewhere = []string{
	"//evil.example", "///evil.example", "////evil.example/..", "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\\/evil.example",
	"/%2fevil.example", "/%2f%2fevil.example", "/%252fevil.example", "/%5cevil.example", "/%5C%5Cevil.example", "%2f%2fevil.example",
	"https://evil.example", "HTTPS:evil.example", "https:/evil.example", "https:///evil.example", "//evil.example@127.0.0.1", "/@evil.example",
	"javascript:alert(1)", "JavaScript:alert(1)//", "java\tscript:alert(1)", "\x01javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x",
	"/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example", "/%09/evil.example", "/%0a/evil.example",
	"/\r\nX-Evil: 1", "/%0d%0aX-Evil:%201", "/%0D%0ASet-Cookie:%20ingam_session=planted", "/\u010d\u010aX-Evil:1", "/%e5%98%8a%e5%98%8dX-Evil:1",
	"/..//evil.example", "/.//evil.example", "/./\\evil.example", "/apply/..//evil.example", "/apply/../..//evil.example", "/apply/%2e%2e//evil.example",
	"／／evil.example", "/\u2215evil.example", "/\u200b/evil.example", "//evil。example", "//[::1]", "//0x7f000001", "?next=//evil.example", "#//evil.example", ".evil.example", ":80//evil.example", "evil.example",
	"/login?next=//evil.example", "/login/../login?next=//evil.example", "/logout", "/%6cogout", "/api/v1/session", "/settings", "/assets/x",
	"/" + strings.Repeat("a", 5000), "/%", "/%zz", "/\xff\xfe", "/\x00",
}

// "The bank's address stands in my link, and where it leads is mine: after the
// login, or after a change of language, the customer is at my page, which looks
// like the bank's. Or the address that they come back to is a header more."
func TestLeadingAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hong, nobody := w.customer("hong"), w.browser("en")
	for _, next := range elsewhere {
		// inspectWay looks at where each of these leads.
		if s := hong.get("/login?next=" + url.QueryEscape(next)); s.status != http.StatusSeeOther {
			t.Errorf("%q: one who is logged in stays at the login: %d", next, s.status)
		}
		isText := utf8.ValidString(next) && !strings.Contains(next, "\x00")
		for _, field := range []string{"back", "next"} {
			if !isText {
				hong.turnedAwayBy(hong.post("/settings", "lang", "en", field, next), badForm)
				continue
			}
			if s := hong.post("/settings", "lang", "en", field, next); s.status != http.StatusSeeOther || len(s.cookie("ingam_session")) > 0 {
				t.Errorf("%q: settings answer %d", next, s.status)
			}
		}
		if s := nobody.post("/login", "loginId", "hong", "next", next); isText && (s.status != http.StatusSeeOther || !strings.HasPrefix(s.to(), "/login")) {
			t.Errorf("%q: a login without a password answers %d, to %q", next, s.status, s.to())
		}
		page := nobody.get("/login?ended&next=" + url.QueryEscape(next))
		for _, tag := range anyLead.FindAll(page.body, -1) {
			to := attribute(tag, "next")
			if name := attribute(tag, "name"); name == "next" || name == "back" {
				to = attribute(tag, "value")
			}
			if u, err := url.Parse(to); err != nil || u.Host != "" || to != "" && !w.ours(to) {
				t.Errorf("%q: the page of the login leads to %q", next, to)
			}
		}
	}
	// A login takes its time: the worst of them.
	for _, next := range elsewhere[:5] {
		b := w.browser("ko")
		if s := b.post("/login", "loginId", "hong", "password", hong.s.Password, "next", next); s.status != http.StatusSeeOther || s.to() != "/" {
			t.Errorf("%q: the login leads to %q", next, s.to())
		}
	}
	hong.goesOn()
}

// "What I can't put into a parameter I put into the path: the bank's own
// redirections repeat it."
func TestPathsThatLead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hong, nobody := w.customer("hong"), w.browser("ko")
	for _, path := range []string{"//evil.example", "//evil.example/%2e%2e", "///evil.example/apply", "/%2fevil.example/..", "//evil.example/../apply", "/\\evil.example",
		"/apply/%0d%0aX-Evil:%201", "/apply/%0aX-Evil:1/terms", "/apply/%5c%5cevil.example", "/apply/a&ended&next=%2f%2fevil.example", "/apply/a%26next=%2f%2fevil.example",
		"/apply/%23//evil.example", "/apply/%3fnext=//evil.example", "/apply/..%2f..%2f%2fevil.example", "/certificates/..%2f%2fevil.example", "/certificates/%00",
		"/apply//evil.example", "/apply/./x", "/passkeys/%2e%2e//evil.example", "/assets/..//evil.example", "/assets//evil.example", "/login//evil.example/", "/wallet//evil.example",
		"/.%5c/evil.example", "/%E2%80%AE/apply", "/sw.js//evil.example", "/manifest.webmanifest/..//evil.example", "/apply;x=//evil.example", "/apply/%ff"} {
		for _, b := range []*browser{hong, nobody} {
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
	// Where one wanted to go stays as it was, whatever letters it has.
	s := nobody.get("/apply/a&ended")
	if u, err := url.Parse(s.to()); err != nil || u.Query().Get("next") != "/apply/a&ended" || u.Query().Has("ended") {
		t.Errorf("comes back to %q", s.to())
	}
	hong.goesOn()
}
