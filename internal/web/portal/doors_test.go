package portal_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// door is one route. Those of one application have {id}.
type door struct {
	method, path string
	public       bool
}

var doors = []door{
	{"GET", "/", true},
	{"GET", "/center", true},
	{"GET", "/login", true},
	{"POST", "/login", true},
	{"POST", "/logout", true},
	{"GET", "/wallet", true},
	{"GET", "/sign", true},
	{"GET", "/help/browser-key", true},
	{"GET", "/offline", true},
	{"GET", "/verify", true},
	{"POST", "/verify", true},
	{"POST", "/settings", true},
	{"GET", "/branches", true},
	{"GET", "/branches/012", true},
	{"GET", "/apply", false},
	{"POST", "/apply", false},
	{"GET", "/apply/{id}", false},
	{"POST", "/apply/{id}/abandon", false},
	{"GET", "/apply/{id}/terms", false},
	{"POST", "/apply/{id}/terms", false},
	{"GET", "/apply/{id}/identity", false},
	{"GET", "/apply/{id}/id-card", false},
	{"POST", "/apply/{id}/id-card", false},
	{"GET", "/apply/{id}/account", false},
	{"POST", "/apply/{id}/account", false},
	{"GET", "/apply/{id}/otp", false},
	{"POST", "/apply/{id}/otp", false},
	{"GET", "/apply/{id}/phone", false},
	{"POST", "/apply/{id}/phone", false},
	{"POST", "/apply/{id}/phone/code", false},
	{"GET", "/apply/{id}/confirm", false},
	{"POST", "/apply/{id}/confirm", false},
	{"GET", "/apply/{id}/key", false},
	{"GET", "/apply/{id}/done", false},
	{"GET", "/certificates", false},
	{"GET", "/certificates/{serial}", false},
	{"GET", "/certificates/{serial}/renew", false},
	{"POST", "/certificates/{serial}/renew", false},
	{"GET", "/certificates/{serial}/reissue", false},
	{"POST", "/certificates/{serial}/reissue", false},
	{"GET", "/certificates/{serial}/resume", false},
	{"POST", "/certificates/{serial}/resume", false},
	{"GET", "/certificates/{serial}/suspend", false},
	{"POST", "/certificates/{serial}/suspend", false},
	{"GET", "/certificates/{serial}/revoke", false},
	{"POST", "/certificates/{serial}/revoke", false},
	{"GET", "/certificates/{serial}/code", false},
	{"GET", "/advice", false},
	{"GET", "/redeem", true},
	{"POST", "/redeem", true},
	{"GET", "/lost", true},
	{"POST", "/lost", true},
	{"GET", "/lost/done", true},
	{"GET", "/settings/notices", false},
	{"POST", "/settings/notices", false},
	{"GET", "/passkeys", false},
}

// send knocks with a body that the door could take.
func (d door) send(b *browser, path string, headers ...string) page {
	body, contentType := []byte(form("code", "123456", "loginId", "nobody", "password", "wrong-password")), urlencoded
	if strings.HasSuffix(path, "/id-card") || path == "/verify" {
		body, contentType = multipartOf(b.t, "image", []byte("no picture"), "document", "resident-card")
	}
	if d.method == http.MethodGet {
		body = nil
	}
	return b.once(d.method, path, contentType, body, headers...)
}

// TestDoors knocks at each door as one who may not, or in a way it does not
// take. None of it changes the application that stands behind.
func TestDoors(t *testing.T) {
	t.Parallel()
	d, _ := demo(t)
	owner := logIn(t, d, "hong", "en")
	path := owner.start()
	id := strings.TrimPrefix(path, "/apply/")
	stranger := logIn(t, d, "kim", "en")
	for _, door := range doors {
		t.Run(door.method+" "+door.path, func(t *testing.T) {
			fill := func(id string) string {
				return strings.NewReplacer("{id}", id, "{serial}", "0badcafe").Replace(door.path)
			}
			nobody := newBrowser(t, d, "en")
			p := door.send(nobody, fill(id))
			if door.public {
				if p.status != http.StatusOK && p.status != http.StatusSeeOther || strings.Contains(p.header.Get("Location"), "next=") {
					t.Errorf("nobody: status %d, to %q", p.status, p.header.Get("Location"))
				}
			} else {
				back := strings.TrimSuffix(fill(id), "/abandon")
				if door.method == http.MethodPost {
					back = strings.TrimSuffix(back, "/code")
				}
				wantLogin(t, "nobody", p, "/login?next="+back)
				wantLogin(t, "a session that is over", door.send(nobody, fill(id), "Cookie", "ingam_session=made-up"), "/login?ended&next="+back)
			}
			if strings.Contains(door.path, "{") {
				for what, strange := range map[string]string{"another's": id, "nobody's": strings.Repeat("A", 26), "no id": "x", "a long one": strings.Repeat("A", 5000)} {
					p := door.send(stranger.browser, fill(strange))
					if p.status != http.StatusNotFound || !strings.Contains(p.body, "<main") {
						t.Errorf("%s: status %d\n%s", what, p.status, p.main())
					}
				}
			}
			if door.method == http.MethodPost {
				p := door.send(owner.browser, fill(id), "Sec-Fetch-Site", "cross-site", "Origin", "https://elsewhere.example")
				if p.status != http.StatusForbidden || !strings.Contains(p.body, "1005") {
					t.Errorf("from another site: status %d", p.status)
				}
			}
			p = owner.once("PUT", fill(id), urlencoded, nil)
			if p.status != http.StatusMethodNotAllowed || p.header.Get("Allow") == "" || !strings.Contains(p.body, "<main") {
				t.Errorf("PUT: status %d, allow %q", p.status, p.header.Get("Allow"))
			}
		})
	}
	// The owner was logged out by the door of the logout only if that was hers.
	if p := owner.get(path); p.path != path+"/terms" {
		t.Errorf("the application is at %s", p.path)
	}
}

func wantLogin(t *testing.T, what string, p page, to string) {
	t.Helper()
	if p.status != http.StatusSeeOther || p.header.Get("Location") != to {
		t.Errorf("%s: status %d, to %q, want %q", what, p.status, p.header.Get("Location"), to)
	}
}

// TestBodies sends what no form would.
func TestBodies(t *testing.T) {
	t.Parallel()
	d, _ := demo(t)
	c := logIn(t, d, "hong", "en")
	path := c.start()
	c.agree(path)
	large := []byte("code=" + strings.Repeat("1", 64<<10))
	for _, tt := range []struct {
		what, path, contentType string
		body                    []byte
		status                  int
		code                    string
	}{
		{"too large", path + "/otp", urlencoded, large, 413, "1007"},
		{"too large for anything", path + "/id-card", "multipart/form-data; boundary=x", make([]byte, 9<<20+1), 413, "1007"},
		{"JSON", path + "/otp", "application/json", []byte(`{"code":"123456"}`), 415, "1008"},
		{"no type", path + "/otp", "", []byte(`code=123456`), 415, "1008"},
		{"not text", path + "/otp", urlencoded, []byte("code=%00"), 400, "1015"},
		{"half a form", path + "/id-card", "multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=a\r\n\r\nhalf"), 400, "1015"},
		{"a form that is no upload", path + "/id-card", urlencoded, []byte("name=x"), 415, "1008"},
	} {
		p := c.do("POST", tt.path, tt.contentType, tt.body)
		if p.status != tt.status || !strings.Contains(p.body, tt.code) || !strings.Contains(p.body, "<main") {
			t.Errorf("%s: status %d\n%s", tt.what, p.status, p.main())
		}
	}
}

// TestWhereItLeads tries addresses to come to after the login, and after a
// choice of language: none leads away.
func TestWhereItLeads(t *testing.T) {
	t.Parallel()
	d, _ := demo(t)
	b := logIn(t, d, "hong", "en")
	for _, tt := range []struct{ next, to string }{
		{"/apply", "/apply"}, {"/certificates/0badcafe", "/certificates/0badcafe"}, {"/apply/../center", "/center"}, {"", "/"},
		{"https://elsewhere.example/", "/"}, {"//elsewhere.example", "/"}, {"/\\elsewhere.example", "/"}, {"/\t/elsewhere.example", "/"},
		{"///elsewhere.example", "/"}, {"/%2f/elsewhere.example", "/elsewhere.example"}, {"/..//elsewhere.example", "/elsewhere.example"},
		{"elsewhere.example", "/"}, {"javascript:alert(1)", "/"}, {"/logout", "/"}, {"/login", "/"}, {"/api/v1/session", "/"},
		{"/apply?x=http://elsewhere.example", "/apply"}, {"/\r\nSet-Cookie: a=b", "/"}, {"/" + strings.Repeat("a", 300), "/"},
	} {
		if strings.Contains(tt.next, "elsewhere") == strings.HasPrefix(tt.next, "//") { // a login takes its time
			p := newBrowser(t, d, "en").once("POST", "/login", urlencoded, []byte(form("loginId", "hong", "password", "hong-demo-2026", "next", tt.next)))
			if got := p.header.Get("Location"); got != tt.to {
				t.Errorf("login with next=%q leads to %q, want %q", tt.next, got, tt.to)
			}
		}
		p := b.once("POST", "/settings", urlencoded, []byte(form("lang", "ko", "back", tt.next)))
		if got := p.header.Get("Location"); got != tt.to && tt.next != "/login" {
			t.Errorf("settings with back=%q leads to %q, want %q", tt.next, got, tt.to)
		}
		p = b.once("GET", "/login?next="+url.QueryEscape(tt.next), "", nil)
		if got := p.header.Get("Location"); p.status != 303 || got != tt.to {
			t.Errorf("one who is logged in comes to %q, want %q", got, tt.to)
		}
	}
}

// TestLogin tries the ways in and out.
func TestLogin(t *testing.T) {
	t.Parallel()
	d, _ := demo(t)
	b := newBrowser(t, d, "en")
	b.get("/certificates").want(t, "nobody", 200, "/login?next=/certificates")
	for path, to := range map[string]string{
		"/apply/a&ended":           "/login?next=/apply/a%26ended",
		"/apply/a%23b%3Fc":         "/login?next=/apply/a%2523b%253Fc",
		"/apply/%0d%0aSet-Cookie:": "/login?next=/apply/%250D%250ASet-Cookie%3A",
		"/apply/%5c%5celsewhere":   "/login",
	} {
		wantLogin(t, path, b.once("GET", path, "", nil), to)
	}
	p := b.post("/login", "loginId", "hong", "password", "wrong-password", "next", "/certificates").
		want(t, "a wrong password", 200, "/login?next=%2Fcertificates", "2001", `value="hong"`, `value="/certificates"`)
	if strings.Contains(p.body, "wrong-password") {
		t.Error("the password is in the page")
	}
	b.post("/login", "loginId", "", "password", "x").want(t, "no id", 200, "/login", "1041", `id="loginId-error"`)
	b.post("/settings", "lang", "ko", "back", "/login?next=%2Fcertificates").want(t, "in Korean", 200, "/login?next=%2Fcertificates", `lang="ko"`)
	b.post("/login", "loginId", " hong ", "password", "hong-demo-2026", "next", "/certificates").want(t, "login", 200, "/certificates", "홍길동")
	before := b.cookie("ingam_session")
	b.post("/logout").want(t, "logout", 200, "/", "로그아웃했어요")
	b.get("/certificates").want(t, "after the logout", 200, "/login?next=/certificates")
	if p := b.once("GET", "/certificates", "", nil, "Cookie", "ingam_session="+before); p.status != 303 {
		t.Errorf("the old session still works: status %d", p.status)
	}
	b.post("/logout").want(t, "logout again", 200, "/")
	b.get("/login?ended").want(t, "ended", 200, "/login?ended", "로그인")

	// A session that somebody planted before is not the one after.
	b = newBrowser(t, d, "en")
	p = b.once("POST", "/login", urlencoded, []byte(form("loginId", "hong", "password", "hong-demo-2026")), "Cookie", "ingam_session=planted")
	for _, c := range (&http.Response{Header: p.header}).Cookies() {
		if c.Name == "ingam_session" && c.Value == "planted" {
			t.Error("the planted session was taken")
		}
	}
}

func (b *browser) cookie(name string) string {
	b.t.Helper()
	u, err := url.Parse(b.d.URL())
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range b.http.Jar.Cookies(u) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}
