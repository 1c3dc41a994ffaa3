package attacks_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

// watch stands between a visitor and the bank and looks at every answer.
type watch struct {
	w  *world
	mu sync.Mutex
	// token is of the last session that the bank gave.
	token string
}

// wire is shared by all visitors: one set of connections.
var wire = &http.Transport{MaxIdleConnsPerHost: 64}

func (h *watch) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := wire.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	for _, c := range res.Cookies() {
		if c.Name == kit.SessionCookie {
			h.mu.Lock()
			h.token = c.Value
			h.mu.Unlock()
			h.w.vault.keep("session token", c.Value)
			if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" {
				h.w.t.Errorf("session cookie lacks HttpOnly, SameSite=Lax or Path=/: %s", redact(c))
			}
		}
	}
	for _, c := range res.Cookies() {
		if c.Name == kit.StaffCookie {
			h.w.vault.keep("session token", c.Value)
			if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != kit.StaffPath || c.Domain != "" {
				h.w.t.Errorf("the cookie of who works here lacks HttpOnly, SameSite=Strict or Path=/console: %s", redact(c))
			}
		}
	}
	inspect(h.w, r, res, body)
	return res, nil
}

func redact(c *http.Cookie) string {
	bare := *c
	bare.Value = "…"
	return bare.String()
}

func (h *watch) session() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.token
}

// internals are traces of what is inside: SQL, paths, Go, addresses of the
// bank's other systems.
var internals = regexp.MustCompile(`(?i)sqlite|postgres|\bsql\b|constraint|\bselect\b|insert into|/tmp/|/home/|/etc/|\.go\b|\.db\b|` +
	`goroutine|panic|runtime|github\.com|\b(ca|npki|enrolment|proofing|subscriber|store|kit|api|json|asn1|rsa|x509|pkcs10|corebank|idcheck|rest|npki|net|http)\.[A-Z]` +
	`|\b(npki|pkcs10|rest|enrolment|subscriber|json|x509|asn1|crypto/rsa|encoding/\w+): |0x[0-9a-f]{6}|127\.0\.0\.1|localhost|dial tcp|\bEOF\b|context (canceled|deadline)`)

var hangul = regexp.MustCompile(`\p{Hangul}`)

// inspect holds an answer against what holds for all answers.
func inspect(w *world, r *http.Request, res *http.Response, body []byte) {
	t := w.t
	where := r.Method + " " + r.URL.Path
	referrer := "no-referrer"
	if !strings.HasPrefix(r.URL.Path, "/api/") && strings.Contains(res.Header.Get("Content-Security-Policy"), "form-action 'self'") {
		referrer = "same-origin" // a page: without it a browser would send its forms from "null"
	}
	for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": referrer} {
		if got := res.Header.Get(name); got != want {
			t.Errorf("%s: header %s is %q", where, name, got)
		}
	}
	if !strings.Contains(res.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("%s: no Content-Security-Policy", where)
	}
	for name := range res.Header {
		if strings.HasPrefix(name, "Access-Control-") || name == "Server" || name == "X-Powered-By" {
			t.Errorf("%s: header %s is none of the bank's", where, name)
		}
	}
	if (strings.HasPrefix(r.URL.Path, "/api/") || res.StatusCode >= 400) && res.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s: may be kept by caches", where)
	}
	w.inspectWay(where, res)
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		w.inspectPage(where, r, res, body)
	}
	if res.StatusCode < 400 {
		return
	}
	if res.StatusCode == http.StatusInternalServerError {
		t.Errorf("%s: 500, a defect: %s", where, body)
	}
	if wantsPage(r) {
		if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d is no page", where, res.StatusCode)
		}
		return
	}
	if r.Method != http.MethodHead {
		inspectProblem(w, where, r, res, body)
	}
}

func inspectProblem(w *world, where string, r *http.Request, res *http.Response, body []byte) {
	t := w.t
	var p kit.Problem
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil || res.Header.Get("Content-Type") != kit.ProblemType {
		t.Errorf("%s: %d is no problem detail: %q %.200s", where, res.StatusCode, res.Header.Get("Content-Type"), body)
		return
	}
	if p.Status != res.StatusCode || p.Type != "urn:ingam:problem:"+p.Name || p.Code < 1000 || p.Title == "" || p.Detail == "" ||
		p.Request == "" || p.Request != res.Header.Get("X-Request-Id") {
		t.Errorf("%s: problem is not complete or does not fit: %s", where, body)
	}
	if strings.Contains(p.Title+p.Detail, "{") {
		t.Errorf("%s: a parameter is not filled in: %s", where, body)
	}
	if (p.RetryAfter > 0) != (res.Header.Get("Retry-After") != "") {
		t.Errorf("%s: Retry-After and retryAfter differ", where)
	}
	lang := "ko"
	if strings.HasPrefix(r.Header.Get("Accept-Language"), "en") {
		lang = "en"
	}
	if res.Header.Get("Content-Language") != lang || hangul.MatchString(p.Title) != (lang == "ko") || hangul.MatchString(p.Detail) != (lang == "ko") {
		t.Errorf("%s: not in the language asked for (%s): %s", where, lang, body)
	}
	if found := internals.Find(bytes.ReplaceAll(body, []byte(w.PortalURL()), nil)); found != nil { // that one is told to come by
		t.Errorf("%s: tells %q, which is of the inside: %s", where, found, body)
	}
	if strings.ContainsFunc(p.Title+p.Detail, func(c rune) bool { return unicode.IsControl(c) }) {
		t.Errorf("%s: control characters in a text: %q", where, body)
	}
}

// refusal is how an attack should end.
type refusal struct {
	status, code int
	name         string
}

// is says whether an error is this refusal, and what it is instead.
func (want refusal) is(t *testing.T, err error) *client.Problem {
	t.Helper()
	var p *client.Problem
	if !errors.As(err, &p) {
		t.Fatalf("got %v, want %s (%d)", err, want.name, want.code)
	}
	if p.Status != want.status || p.Code != want.code || p.Name != want.name {
		t.Errorf("refused with %d %s (%d), want %d %s (%d)", p.Status, p.Name, p.Code, want.status, want.name, want.code)
	}
	return p
}

// wantFault demands of what is asked inside of the bank that it ends as this
// refusal would at its door.
func wantFault(t *testing.T, err error, want refusal) {
	t.Helper()
	if f := fault.Of(err); f.Number != want.code || f.Name != want.name {
		t.Errorf("got %v, want %s (%d)", err, want.name, want.code)
	}
}

// refused demands a refusal that the audit log has, under the request's id.
func (w *world) refused(err error, want refusal, outcome audit.Outcome) *client.Problem {
	w.t.Helper()
	p := want.is(w.t, err)
	w.audited(p.Request, want, outcome)
	return p
}

// audited demands that the audit log has a refusal, under the request's id.
func (w *world) audited(request string, want refusal, outcome audit.Outcome) {
	w.t.Helper()
	var found []string
	for _, e := range w.entries() {
		if e.Caller.Request != request {
			continue
		}
		if e.Outcome == outcome && e.Code == want.code {
			return
		}
		found = append(found, string(e.Act)+" "+string(e.Outcome))
	}
	w.t.Errorf("%s is not in the audit log as %s: %q", want.name, outcome, found)
}

// turnedAway demands a refusal at the door. What has no caller, or no form, is
// no act: it stands in the service's log, where the audit log can't be flooded
// by anybody who finds the address.
func (w *world) turnedAway(err error, want refusal) *client.Problem {
	w.t.Helper()
	p := want.is(w.t, err)
	w.logged(p.Request, want.status, want)
	return p
}

// logged demands that the service's log has a request, answered with a status
// and refused as want.
func (w *world) logged(request string, status int, want refusal) {
	w.t.Helper()
	var said struct{ Status, Code int }
	if json.Unmarshal(w.log.line(`"msg":"request","request":"`+request+`"`), &said) != nil {
		w.t.Errorf("%s: the log says nothing of the request", want.name)
		return
	}
	if said.Status != status || said.Code != want.code {
		w.t.Errorf("%s: the log says status %d, code %d", want.name, said.Status, said.Code)
	}
}
