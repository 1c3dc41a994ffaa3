package attacks_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/web/kit"
)

// anyTag is a tag as the bank's templates write it: each value in double
// quotes. What else begins like one was not escaped.
var (
	anyTag       = regexp.MustCompile(`^</?([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[a-zA-Z:-]+(?:="[^"<>]*")?)*)\s*/?>`)
	arrived      = regexp.MustCompile(`^<meta http-equiv="refresh" content="0;url=/console(?:/[^"<>/\\\s]+)*">`)
	anyAttribute = regexp.MustCompile(`([a-zA-Z:-]+)(?:="([^"<>]*)")?`)
)

// inspectWay holds an answer's cookies and where it leads against what holds
// for all: to a place of the bank's, and no secret on the way.
func (w *world) inspectWay(where string, res *http.Response) {
	if to := res.Header.Get("Location"); to != "" {
		u, err := url.Parse(to)
		away := err != nil || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\ \t") || u.Host != "" || u.Scheme != ""
		provider := strings.Contains(where, "/console/login/provider") && strings.HasPrefix(to, w.SimulatorURL()+"/signin/authorize?")
		if away && !provider {
			w.t.Errorf("%s leads away, to %q", where, to)
		}
		for _, kind := range w.vault.find([]byte(to)) {
			w.t.Errorf("%s leads to an address that has a secret: %s", where, kind)
		}
	}
	for _, c := range res.Cookies() {
		switch c.Name {
		case "ingam_session", "ingam_said", "ingam_staff", "ingam_staff_said", "ingam_staff_login", "ingam_staff_search", "ingam_staff_why", "ingam_slip":
			if !c.HttpOnly {
				w.t.Errorf("%s: script can read the cookie %s", where, c.Name)
			}
		case "ingam_lang":
			if c.Value != "ko" && c.Value != "en" {
				w.t.Errorf("%s: a language %q", where, c.Value)
			}
		case "ingam_look":
			if !slices.Contains([]string{"auto", "light", "dark", "contrast"}, c.Value) {
				w.t.Errorf("%s: a look %q", where, c.Value)
			}
		default:
			w.t.Errorf("%s: a cookie %q", where, c.Name)
		}
		site := http.SameSiteLaxMode
		if slices.Contains([]string{"ingam_staff", "ingam_staff_search", "ingam_staff_why"}, c.Name) {
			site = http.SameSiteStrictMode
		}
		if c.SameSite != site || c.Domain != "" || (strings.HasPrefix(c.Name, "ingam_staff") || c.Name == "ingam_slip") && !strings.HasPrefix(c.Path, "/console") {
			w.t.Errorf("%s: the cookie %s goes to others", where, c.Name)
		}
		if c.Name != kit.SessionCookie && c.Name != kit.StaffCookie {
			for _, kind := range w.vault.find([]byte(c.Value)) {
				w.t.Errorf("%s: the cookie %s has a secret: %s", where, c.Name, kind)
			}
		}
	}
	for name, values := range res.Header {
		if strings.Contains(strings.ToLower(name), "evil") || strings.ContainsAny(strings.Join(values, ""), "\r\n\x00") {
			w.t.Errorf("%s: header %q: %q", where, name, values)
		}
	}
}

// inspectPage holds a page against what holds for all pages: nothing inline,
// nothing from elsewhere, nothing in it that our templates have not written.
func (w *world) inspectPage(where string, r *http.Request, res *http.Response, body []byte) {
	if res.StatusCode < 300 || res.StatusCode >= 400 { // else it is the line that goes with a redirection
		w.inspectPolicy(where, r, res)
	}
	w.inspectText(where, res, body)
	for at, rest := 0, string(body); ; {
		i := strings.IndexByte(rest, '<')
		if i < 0 {
			return
		}
		at, rest = at+i, rest[i:]
		if problem := w.tag(rest); problem != "" {
			w.t.Errorf("%s: %s in the page, at %d: %.200q", where, problem, at, rest)
			return
		}
		at, rest = at+1, rest[1:]
	}
}

// inspectPolicy sees that a page is told what it may do.
func (w *world) inspectPolicy(where string, r *http.Request, res *http.Response) {
	policy := res.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"} {
		if !strings.Contains(policy, want) {
			w.t.Errorf("%s: a page without %q in %q", where, want, policy)
		}
	}
	if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") || strings.Contains(policy, "http") {
		w.t.Errorf("%s: a policy that lets too much in: %q", where, policy)
	}
	for name, want := range map[string]string{"X-Frame-Options": "DENY", "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin"} {
		if got := res.Header.Get(name); got != want {
			w.t.Errorf("%s: header %s is %q", where, name, got)
		}
	}
	cache := "no-store"
	if slices.Contains([]string{"/wallet", "/sign", "/help/browser-key"}, r.URL.Path) && res.StatusCode < 400 {
		cache = "private, no-cache"
	}
	if got := res.Header.Get("Cache-Control"); got != cache {
		w.t.Errorf("%s: a page with Cache-Control %q", where, got)
	}
}

// inspectText sees that a page tells no secret.
func (w *world) inspectText(where string, res *http.Response, body []byte) {
	for _, kind := range w.vault.find(body) {
		if slices.Contains([]string{"identity number", "account password", "session token", "prime", "private exponent", "R"}, kind) {
			w.t.Errorf("%s: the page has a secret: %s", where, kind)
		}
	}
	if res.StatusCode >= 400 {
		if found := internals.FindString(visible(body)); found != "" {
			w.t.Errorf("%s: the page tells %q, which is of the inside", where, found)
		}
	}
}

// visible is what a reader sees of a page, but for the link to the simulators.
var (
	notSeen = regexp.MustCompile(`(?s)<script.*?</script>|<[^>]*>`)
	visible = func(body []byte) string { return html.UnescapeString(notSeen.ReplaceAllString(string(body), " ")) }
)

// tag says what is wrong with a tag, if it is one of ours at all.
func (w *world) tag(text string) string {
	if strings.HasPrefix(text, "<!doctype html>\n") {
		return ""
	}
	m := anyTag.FindStringSubmatch(text)
	if m == nil {
		return "something that was not escaped"
	}
	attributes := map[string]string{}
	for _, a := range anyAttribute.FindAllStringSubmatch(m[2], -1) {
		name, value := strings.ToLower(a[1]), html.UnescapeString(a[2])
		if _, twice := attributes[name]; twice {
			return "an attribute twice"
		}
		attributes[name] = value
		switch {
		case arrived.MatchString(text): // from the bank's provider, on by a step of our own
		case strings.HasPrefix(name, "on"), name == "style", name == "srcdoc", name == "formaction", name == "http-equiv", strings.Contains(name, "evil"):
			return "the attribute " + name
		case slices.Contains([]string{"href", "src", "action", "poster", "data", "xlink:href"}, name) && !w.ours(value):
			return fmt.Sprintf("a way to %q", value)
		}
	}
	switch name := strings.ToLower(m[1]); {
	case slices.Contains([]string{"style", "iframe", "frame", "object", "embed", "base", "applet", "template"}, name), strings.Contains(name, "evil"):
		return "the element " + name
	case name == "script" && !strings.HasPrefix(text, "</"):
		if src := attributes["src"]; !strings.HasPrefix(src, "/assets/") && attributes["type"] != "application/json" {
			return "script of its own"
		}
	}
	return ""
}

// ours says whether a link stays with the bank.
func (w *world) ours(link string) bool {
	if strings.HasPrefix(link, "/") {
		return !strings.HasPrefix(link, "//") && !strings.Contains(link, "\\")
	}
	return link == "" || strings.HasPrefix(link, "#") || strings.HasPrefix(link, "tel:") || strings.HasPrefix(link, w.SimulatorURL()+"/")
}

// What looks for markup has to be able to find it: each of these is what one of
// the pokes would be in a page that does not escape it.
func TestInspection(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, bad := range []string{`<evil-tag>`, `<p evil="1">`, `<p onclick="x">`, `<p class="a" onfocus="alert(1)" autofocus>`, `<p style="x">`, `<script>`, `<script src="https://evil.example/x.js">`,
		`<style>`, `<iframe src="/">`, `<base href="/x">`, `<a href="javascript:alert(1)">`, `<a href="//evil.example">`, `<a href="https://evil.example">`, `<a href="/\evil.example">`, `<form action="//evil.example">`,
		`<meta http-equiv="refresh">`, `<input value="a" value="b">`, `<p class='a'>`, `<p class=a>`, `<!-- x -->`, `<?xml`, `<1`, `< p>`, `<p class="<b>">`, `<svg onload="x"/>`, `<object data="/x">`} {
		if w.tag(bad) == "" {
			t.Errorf("%s passes for one of ours", bad)
		}
	}
	for _, good := range []string{"<!doctype html>\n", `<p class="a" hidden>`, `</p>`, `<a href="/apply/X">`, `<a href="#name">`, `<a href="tel:15880000">`, `<script type="module" src="/assets/0/frame.js">`,
		`<script type="application/json" id="texts">`, `<path d="M4 7h16"/>`, `<a href="` + w.SimulatorURL() + `/?lang=ko">`, `<ingam-idle seconds="600">`} {
		if problem := w.tag(good); problem != "" {
			t.Errorf("%s: %s", good, problem)
		}
	}
}
