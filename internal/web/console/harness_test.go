package console_test

import (
	"bytes"
	"context"
	"encoding/json"
	"html"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/registration/login/logintest"
	"github.com/ingam-pki/ingam/internal/server"
)

// demo opens and runs a demo bank until the test ends.
func demo(t *testing.T) *server.Demo {
	t.Helper()
	d, err := server.OpenDemo(t.Context(), server.Config{
		Listen: "127.0.0.1:0", Services: server.Services{SimulatorListen: "127.0.0.1:0"},
		Limits:    server.Limits{Requests: server.Rate{PerMinute: 60000, Burst: 10000}, Logins: server.Rate{PerMinute: 6000, Burst: 1000}},
		Authority: server.Authority{Bits: server.Bits{Root: 2048, Issuing: 2048, KM: 2048, OCSP: 2048}},
	}, server.Options{Sealing: []keys.Option{keys.Iterations(1000), keys.Memory(64)}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
		if err := d.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return d
}

// A bank takes its time to open: tests that don't get into each other's way
// share one.
type shared map[string]func(t *testing.T, d *server.Demo)

func (s shared) run(t *testing.T) {
	t.Helper()
	d := demo(t)
	for _, name := range slices.Sorted(maps.Keys(s)) {
		t.Run(name, func(t *testing.T) { s[name](t, d) })
	}
}

func TestDoors(t *testing.T) {
	t.Parallel()
	shared{"every role": everyRouteEveryRole, "strangers": strangersAtEveryRoute, "bodies": bodiesThatNoFormSends, "headers": headers}.run(t)
}

func TestSessions(t *testing.T) {
	t.Parallel()
	shared{"over": sessionIsOver, "log out": logOut, "stolen": stolenSession, "provider": providerOnce, "code": codeThenPasskey}.run(t)
}

func TestStaff(t *testing.T) {
	t.Parallel()
	shared{"forms": staffForms, "operators": operatorsBounds, "list": staffList, "passkeys": passkeysOfOnesOwn, "settings": settings, "policy": policyPage}.run(t)
}

// numbers are those of one sample person in each role, all at one branch.
var numbers = map[authz.Role]string{authz.Teller: "240117", authz.Supervisor: "150302", authz.Operator: "120801",
	authz.Security: "110215", authz.Auditor: "130627"}

// browser is one without script. It keeps cookies and follows redirections.
type browser struct {
	t      *testing.T
	d      *server.Demo
	lang   string
	agent  string
	device *logintest.Device
	jar    http.CookieJar
	http   *http.Client
	came   http.Header // what came with the page after the login
}

func newBrowser(t *testing.T, d *server.Demo) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, d: d, lang: "en", agent: "test", jar: jar, device: &logintest.Device{Origin: d.PortalURL()},
		http: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// page is what came back in the end.
type page struct {
	status int
	path   string // with query
	body   string
	header http.Header
}

// once asks one time. An address that is no path of ours is asked as it is.
func (b *browser) once(method, path, contentType string, body []byte, headers ...string) page {
	b.t.Helper()
	to := path
	if strings.HasPrefix(path, "/") {
		to = b.d.PortalURL() + path
	}
	r, err := http.NewRequestWithContext(b.t.Context(), method, to, bytes.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	r.Header.Set("Accept-Language", b.lang)
	r.Header.Set("User-Agent", b.agent)
	if method != http.MethodGet {
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("Origin", b.d.PortalURL())
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := b.http.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return page{res.StatusCode, path, string(content), res.Header}
}

const urlencoded = "application/x-www-form-urlencoded"

func (b *browser) do(method, path string, body []byte) page {
	b.t.Helper()
	for hop := 0; ; hop++ {
		p := b.once(method, path, urlencoded, body)
		if p.status != http.StatusSeeOther || hop > 5 {
			return p
		}
		path = p.header.Get("Location")
		method, body = http.MethodGet, nil
	}
}

func (b *browser) get(path string) page { b.t.Helper(); return b.do(http.MethodGet, path, nil) }

func (b *browser) post(path string, fields ...string) page {
	b.t.Helper()
	return b.do(http.MethodPost, path, []byte(form(fields...)))
}

func form(fields ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		v.Add(fields[i], fields[i+1])
	}
	return v.Encode()
}

// ask is what a script of a page does.
func (b *browser) ask(method, path string, body any) (status int, answer []byte) {
	b.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		b.t.Fatal(err)
	}
	p := b.once(method, path, "application/json", raw, "Accept", "application/json")
	return p.status, []byte(p.body)
}

var onward = regexp.MustCompile(`http-equiv="refresh" content="0;url=([^"]+)"`)

// logIn logs in by the bank's provider, and comes to a page.
func (b *browser) logIn(number, next string) page {
	b.t.Helper()
	p := b.once(http.MethodGet, "/console/login/provider?next="+url.QueryEscape(next), "", nil)
	to := p.header.Get("Location")
	if p.status != http.StatusSeeOther || !strings.HasPrefix(to, b.d.SimulatorURL()) {
		b.t.Fatalf("to the provider: status %d, to %q\n%s", p.status, to, p.main())
	}
	p = b.once(http.MethodPost, to, urlencoded, []byte(form("number", number)), "Origin", b.d.SimulatorURL())
	if p.status != http.StatusSeeOther && p.status != http.StatusFound {
		b.t.Fatalf("at the provider: status %d\n%s", p.status, p.body)
	}
	p = b.once(http.MethodGet, p.header.Get("Location"), "", nil, "Sec-Fetch-Site", "cross-site")
	m := onward.FindStringSubmatch(p.body)
	if p.status != http.StatusOK || m == nil {
		b.t.Fatalf("back from the provider: status %d\n%s", p.status, p.main())
	}
	b.came = p.header
	return b.get(html.UnescapeString(m[1]))
}

// as is a browser in which somebody is logged in.
func as(t *testing.T, d *server.Demo, role authz.Role) *browser {
	t.Helper()
	b := newBrowser(t, d)
	b.logIn(numbers[role], "/console/account").want(t, string(role), http.StatusOK, "/console/account")
	return b
}

// in says whether somebody is logged in.
func (b *browser) in() bool {
	b.t.Helper()
	status, _ := b.ask(http.MethodGet, "/console/session", nil)
	return status == http.StatusNoContent
}

var mainPart = regexp.MustCompile(`(?s)<main.*</main>`)

// main is the page without what stands around it.
func (p page) main() string { return mainPart.FindString(p.body) }

// want looks for status, place and texts.
func (p page) want(t *testing.T, what string, status int, path string, texts ...string) page {
	t.Helper()
	if p.status != status || p.path != path {
		t.Errorf("%s: status %d at %s, want %d at %s\n%s", what, p.status, p.path, status, path, p.main())
	}
	for _, text := range texts {
		if !strings.Contains(p.body, text) {
			t.Errorf("%s: no %q in\n%s", what, text, p.main())
		}
	}
	return p
}

// cookie is the value of one of ours.
func (b *browser) cookie(name string) string {
	b.t.Helper()
	u, err := url.Parse(b.d.PortalURL() + "/console/login/x")
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range b.jar.Cookies(u) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// entries are those of the audit log about an act and an object; empty: any.
func entries(t *testing.T, d *server.Demo, act authz.Act, object string) (all []audit.Entry) {
	t.Helper()
	db := d.Desk().Store
	heads, err := db.Heads(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range heads {
		of, err := db.Entries(t.Context(), h.Lane, 0, int(h.Seq))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range of {
			if e.Act == act && (object == "" || e.Object == object) {
				all = append(all, e)
			}
		}
	}
	return all
}

// idOf is the id of a sample person's account.
func idOf(t *testing.T, d *server.Demo, number string) string {
	t.Helper()
	a, err := d.Desk().Store.AccountByNumber(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	return a.ID
}
