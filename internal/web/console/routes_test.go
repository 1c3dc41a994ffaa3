package console_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/server"
	"github.com/ingam-pki/ingam/internal/web/assets"
	"github.com/ingam-pki/ingam/internal/web/console"
)

// routes are all doors of the console.
func routes(t *testing.T) []console.Route {
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

var wild = regexp.MustCompile(`\{[a-z]+(?:\.\.\.)?\}`)

// knock is how a route is asked for: nothing of it is there.
func knock(route console.Route) (method, path string) {
	method, path, _ = strings.Cut(route.Pattern, " ")
	return method, strings.ReplaceAll(wild.ReplaceAllString(path, "0BADCAFE"), "{$}", "")
}

// everyRouteEveryRole walks over all routes with everybody who may come: who
// may not do the act at all is refused at the door, and that is on record; who
// may comes in, and whatever the form lacks is said politely.
func everyRouteEveryRole(t *testing.T, d *server.Demo) {
	all := routes(t)
	for _, role := range authz.Staff {
		t.Run(string(role), func(t *testing.T) {
			t.Parallel()
			b := as(t, d, role)
			var denied []string
			for _, route := range all {
				if !b.in() { // a route that ends sessions
					b = as(t, d, role)
				}
				method, path := knock(route)
				p := b.once(method, path, urlencoded, nil)
				if p.status >= http.StatusInternalServerError {
					t.Errorf("%s: status %d\n%s", route.Pattern, p.status, p.main())
				}
				may := route.Open || route.Act == "" || authz.May(role, route.Act)
				if refused := p.status == http.StatusForbidden && (strings.Contains(p.body, "(1003)") || strings.Contains(p.body, `"code":1003,`)); refused == may {
					t.Errorf("%s: status %d, but the table says %v\n%s", route.Pattern, p.status, may, p.main())
				}
				if !may {
					denied = append(denied, route.Pattern)
				}
			}
			if len(denied) == 0 {
				t.Error("nothing is closed to this role: the walk looks at nothing")
			}
			wantDenials(t, recorded(t, all, func(act authz.Act) []audit.Entry { return entries(t, d, act, "") }, role), denied)
		})
	}
}

// recorded are the denials that stand in the audit log for a role.
func recorded(t *testing.T, all []console.Route, of func(authz.Act) []audit.Entry, role authz.Role) (found []string) {
	t.Helper()
	acts := map[authz.Act]bool{}
	for _, route := range all {
		if acts[route.Act] {
			continue
		}
		acts[route.Act] = true
		for _, e := range of(route.Act) {
			if pattern, ok := strings.CutPrefix(e.Object, "page:"); ok && e.Caller.Role == role {
				if e.Outcome != audit.Denied || e.Code != authz.ErrForbidden.Number || e.Caller.ID == "" || e.Caller.Request == "" {
					t.Errorf("entry %+v", e)
				}
				found = append(found, pattern)
			}
		}
	}
	return found
}

func wantDenials(t *testing.T, got, want []string) {
	t.Helper()
	slices.Sort(got)
	slices.Sort(want)
	// Others may have knocked in the same role: once or more is on record.
	if got = slices.Compact(got); !slices.Equal(got, want) {
		t.Errorf("on record are denials of %v\nwant %v", got, want)
	}
}

// strangersAtEveryRoute: who is not logged in is led to the login, what
// another site sends is refused, and so is a method that a route does not take.
func strangersAtEveryRoute(t *testing.T, d *server.Demo) {
	nobody, somebody := newBrowser(t, d), as(t, d, authz.Security)
	for _, route := range routes(t) {
		method, path := knock(route)
		if !route.Open {
			p := nobody.once(method, path, urlencoded, nil)
			to := p.header.Get("Location")
			if json := strings.HasSuffix(path, ".json"); json && p.status != http.StatusUnauthorized ||
				!json && (p.status != http.StatusSeeOther || !strings.HasPrefix(to, "/console/login")) {
				t.Errorf("%s, nobody: status %d, to %q", route.Pattern, p.status, to)
			}
			p = nobody.once(method, path, urlencoded, nil, "Cookie", "ingam_staff=made-up")
			if to := p.header.Get("Location"); p.status == http.StatusSeeOther && !strings.HasPrefix(to, "/console/login?ended=idle") {
				t.Errorf("%s, a session that is over: to %q", route.Pattern, to)
			}
			p = nobody.once(method, path, "application/json", []byte("{}"), "Accept", "application/json")
			if p.status != http.StatusUnauthorized || !strings.Contains(p.body, `"code":1004`) {
				t.Errorf("%s, nobody's script: status %d %s", route.Pattern, p.status, p.body)
			}
		}
		if method != http.MethodGet {
			p := somebody.once(method, path, urlencoded, nil, "Sec-Fetch-Site", "cross-site", "Origin", "https://elsewhere.example")
			if p.status != http.StatusForbidden || !strings.Contains(p.body, "1005") {
				t.Errorf("%s, from another site: status %d", route.Pattern, p.status)
			}
		}
		p := somebody.once(http.MethodPut, path, urlencoded, nil)
		if p.status != http.StatusMethodNotAllowed || p.header.Get("Allow") == "" {
			t.Errorf("PUT %s: status %d, allow %q", path, p.status, p.header.Get("Allow"))
		}
	}
	if !somebody.in() {
		t.Error("what another site sent has ended the session")
	}
}

// bodiesThatNoFormSends: each route that takes something refuses nonsense.
func bodiesThatNoFormSends(t *testing.T, d *server.Demo) {
	desks := map[authz.Role]*browser{}
	for _, route := range routes(t) {
		method, path := knock(route)
		if method != http.MethodPost {
			continue
		}
		role := whoMay(t, route)
		if desks[role] == nil {
			desks[role] = as(t, d, role)
		}
		b := desks[role]
		for what, sent := range map[string]struct{ kind, body string }{
			"nothing": {"", ""}, "JSON": {"application/json", `{"name":1,"response":[]}`}, "half JSON": {"application/json", `{`},
			"no text": {urlencoded, "name=%00&number=%ff"}, "half an upload": {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=a\r\n\r\nh"},
			"many fields": {urlencoded, strings.Repeat("a=1&", 100)}, "long fields": {urlencoded, form("name", strings.Repeat("가", 3000), "number", strings.Repeat("1", 9000), "role", "teller")},
		} {
			if !b.in() {
				b = as(t, d, role)
				desks[role] = b
			}
			if p := b.once(method, path, sent.kind, []byte(sent.body)); p.status != http.StatusSeeOther && (p.status < 400 || p.status >= 500) && p.status != http.StatusNoContent {
				t.Errorf("%s, %s: status %d\n%s", route.Pattern, what, p.status, p.main())
			}
		}
	}
}

// whoMay is a role that may do a route's act.
func whoMay(t *testing.T, route console.Route) authz.Role {
	t.Helper()
	for _, role := range authz.Staff {
		if route.Act == "" || authz.May(role, route.Act) {
			return role
		}
	}
	t.Fatalf("%s is for nobody", route.Pattern)
	return ""
}

// headers: every answer says what a page may do, and is kept by nobody.
func headers(t *testing.T, d *server.Demo) {
	b := as(t, d, authz.Teller)
	for what, p := range map[string]page{
		"page": b.get("/console/account"), "login": newBrowser(t, d).get("/console/login"), "denied": b.get("/console/staff"),
		"missing": b.get("/console/no-such-page"), "redirection": newBrowser(t, d).once("GET", "/console/account", "", nil),
		"script": b.once("GET", "/console/session", "", nil, "Accept", "application/json"),
	} {
		csp := p.header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self';", "frame-ancestors 'none'", "form-action 'self'", "require-trusted-types-for 'script'"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: no %s in %q", what, want, csp)
			}
		}
		for name, want := range map[string]string{"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
			"X-Frame-Options": "DENY", "Cross-Origin-Opener-Policy": "same-origin"} {
			if got := p.header.Get(name); got != want {
				t.Errorf("%s: %s is %q", what, name, got)
			}
		}
		if !strings.HasPrefix(p.header.Get("Permissions-Policy"), "camera=(self), publickey-credentials-get=(self)") {
			t.Errorf("%s: %q", what, p.header.Get("Permissions-Policy"))
		}
	}
	for _, c := range (&http.Response{Header: b.came}).Cookies() {
		if !c.HttpOnly || c.Name == "ingam_staff" && (c.SameSite != http.SameSiteStrictMode || c.Path != "/console") {
			t.Errorf("cookie %v", c)
		}
	}
}
