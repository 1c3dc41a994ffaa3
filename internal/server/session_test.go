package server_test

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/server"
)

// TestSession walks a session by its cookie: what it is like, that a login
// makes a new one, that a logout ends it, and what the audit log has of it.
func TestSession(t *testing.T) {
	t.Parallel()
	d := startDemo(t, config(), server.Options{})
	first := session(t, d, "hong", "hong-demo-2026")
	if first.Name != "ingam_session" || !first.HttpOnly || first.SameSite != http.SameSiteLaxMode || first.Secure ||
		first.Path != "/" || len(first.Value) < 40 {
		t.Errorf("cookie %+v", first)
	}
	who := knock(t, d, first, "GET", "/api/v1/session", "")
	if who.status != 200 || !strings.Contains(who.body, `"name":"홍길동"`) || !strings.Contains(who.body, `"sort":"individual"`) {
		t.Errorf("status %d: %s", who.status, who.body)
	}
	for name, want := range map[string]string{"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"} {
		if !strings.Contains(strings.Join(who.header.Values(name), ","), want) {
			t.Errorf("%s is %q", name, who.header.Values(name))
		}
	}
	again := knock(t, d, first, "POST", "/api/v1/session", `{"loginId":"HONG","password":"hong-demo-2026"}`)
	if again.status != 200 {
		t.Fatalf("second login: status %d", again.status)
	}
	second := (&http.Response{Header: again.header}).Cookies()[0]
	if second.Value == first.Value {
		t.Error("a login keeps the token that was there before")
	}
	knock(t, d, first, "GET", "/api/v1/session", "").want(t, "the old token", 401, 1004)
	if a := knock(t, d, second, "DELETE", "/api/v1/session", ""); a.status != 204 || a.body != "" {
		t.Errorf("logout: status %d", a.status)
	}
	knock(t, d, second, "GET", "/api/v1/session", "").want(t, "after the logout", 401, 1004)
	var acts []authz.Act
	for _, e := range entries(t, d) {
		if e.Caller.Request == again.header.Get("X-Request-Id") || e.Act == authz.LogOut {
			acts = append(acts, e.Act)
		}
	}
	if len(acts) != 2 || !strings.Contains(string(acts[0]+acts[1]), "session.login") {
		t.Errorf("audited: %v", acts)
	}
}

// TestSecureCookie sees that a service named by https sets secure cookies.
func TestSecureCookie(t *testing.T) {
	t.Parallel()
	c := config()
	c.URL, c.StatusURL = "https://bank.example", "http://status.bank.example"
	d := startDemo(t, c, server.Options{})
	r, err := http.NewRequestWithContext(t.Context(), "POST", "http://"+d.Address().String()+"/api/v1/session",
		strings.NewReader(`{"loginId":"hong","password":"hong-demo-2026"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != 200 || len(res.Cookies()) != 1 || !res.Cookies()[0].Secure || res.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("status %d, cookies %v, %v", res.StatusCode, res.Cookies(), res.Header)
	}
}

// clock is a time that a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// TestWrongPasswords sees the lock-out of a login: the same for a login that
// there is and one that there is not, and open again when its time is over.
func TestWrongPasswords(t *testing.T) {
	t.Parallel()
	time := &clock{at: time.Now()}
	d := startDemo(t, config(), server.Options{Now: time.now})
	try := func(loginID, password string) answer {
		return knock(t, d, nil, "POST", "/api/v1/session", `{"loginId":"`+loginID+`","password":"`+password+`"}`, "Accept-Language", "en")
	}
	for _, loginID := range []string{"hong", "nobody-has-this"} {
		for range 4 {
			try(loginID, "wrong").want(t, loginID, 401, 2001)
		}
		a := try(loginID, "wrong")
		a.want(t, loginID+", fifth", 423, 2002)
		if a.RetryAfter < 60 || a.header.Get("Retry-After") != strconv.Itoa(a.RetryAfter) {
			t.Errorf("retry after %d, header %q", a.RetryAfter, a.header.Get("Retry-After"))
		}
	}
	try("hong", "hong-demo-2026").want(t, "the right one, locked", 423, 2002)
	refused := 0
	for _, e := range entries(t, d) {
		if e.Act == authz.LogIn && e.Outcome == audit.Refused {
			refused++
		}
	}
	if refused != 11 {
		t.Errorf("%d refused logins are audited, want 11", refused)
	}
	time.pass(30 * 60 * 1e9)
	if a := try("hong", "hong-demo-2026"); a.status != 200 {
		t.Errorf("after half an hour: status %d, %s", a.status, a.body)
	}
}

// TestLoginRate sees that one address that tries many logins is slowed down.
func TestLoginRate(t *testing.T) {
	t.Parallel()
	c := config()
	c.Limits.Logins = server.Rate{PerMinute: 1, Burst: 3}
	d := startDemo(t, c, server.Options{})
	for i := range 3 {
		knock(t, d, nil, "POST", "/api/v1/session", `{"loginId":"guess`+strconv.Itoa(i)+`","password":"1234"}`).want(t, "guess", 401, 2001)
	}
	a := knock(t, d, nil, "POST", "/api/v1/session", `{"loginId":"hong","password":"hong-demo-2026"}`)
	a.want(t, "one too many", 429, 1006)
	if a.RetryAfter < 1 {
		t.Errorf("retry after %d", a.RetryAfter)
	}
}

// TestSessionEnds sees both ends of a session by the service's clock: ten
// minutes after the last request, and eight hours after the login in any case.
func TestSessionEnds(t *testing.T) {
	t.Parallel()
	time := &clock{at: time.Now()}
	d := startDemo(t, config(), server.Options{Now: time.now})
	const minute = 60 * 1e9
	cookie := session(t, d, "hong", "hong-demo-2026")
	for range 2 { // each request puts the end off
		time.pass(9 * minute)
		if a := knock(t, d, cookie, "GET", "/api/v1/session", ""); a.status != 200 {
			t.Errorf("nine minutes later: status %d", a.status)
		}
	}
	time.pass(11 * minute)
	knock(t, d, cookie, "GET", "/api/v1/session", "").want(t, "after eleven minutes", 401, 1004)

	cookie = session(t, d, "hong", "hong-demo-2026")
	for passed := 9; passed < 8*60; passed += 9 {
		time.pass(9 * minute)
		if a := knock(t, d, cookie, "GET", "/api/v1/session", ""); a.status != 200 {
			t.Fatalf("busy for %d minutes: status %d", passed, a.status)
		}
	}
	time.pass(9 * minute)
	knock(t, d, cookie, "GET", "/api/v1/session", "").want(t, "busy for eight hours", 401, 1004)
}
