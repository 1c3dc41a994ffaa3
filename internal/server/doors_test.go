package server_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/server"
)

// door is one route that wants a session.
type door struct{ method, path, body string }

// doors are all of them; those about one application have {id}.
var doors = []door{
	{"GET", "/api/v1/session", ""},
	{"POST", "/api/v1/applications", `{"kind":"personal-bank"}`},
	{"GET", "/api/v1/applications", ""},
	{"GET", "/api/v1/applications/{id}", ""},
	{"DELETE", "/api/v1/applications/{id}", ""},
	{"POST", "/api/v1/applications/{id}/consent", `{"terms":[{"name":"service","version":"2026.2","sha256":"` + strings.Repeat("0", 64) + `"}]}`},
	{"POST", "/api/v1/applications/{id}/proofs/id-card",
		`{"document":"resident-card","number":"8503141000011","name":"홍길동","issueDate":"2019-07-22","image":"/9j/"}`},
	{"POST", "/api/v1/applications/{id}/proofs/account", `{"account":"9990000000001","password":"1201"}`},
	{"POST", "/api/v1/applications/{id}/proofs/otp", `{"code":"123456"}`},
	{"POST", "/api/v1/applications/{id}/proofs/phone/code", ""},
	{"POST", "/api/v1/applications/{id}/proofs/phone", `{"code":"123456"}`},
	{"POST", "/api/v1/applications/{id}/key-request", ""},
	{"POST", "/api/v1/applications/{id}/certificate", `{"csr":"MIIC"}`},
	{"GET", "/api/v1/applications/{id}/certificate", ""},
	{"POST", "/api/v1/applications/{id}/resume", ""},
	{"GET", "/api/v1/certificates", ""},
	{"GET", "/api/v1/certificates/0a1b", ""},
	{"POST", "/api/v1/certificates/0a1b/suspension", ""},
	{"POST", "/api/v1/certificates/0a1b/revocation", `{"reason":"cessation","otp":"123456"}`},
	{"GET", "/api/v1/certificates/0a1b/emergency-code", ""},
	{"GET", "/api/v1/history", ""},
	{"GET", "/api/v1/advice", ""},
	{"POST", "/api/v1/loss", ""},
	{"GET", "/api/v1/notices", ""},
	{"GET", "/api/v1/notices/preferences", ""},
	{"PUT", "/api/v1/notices/preferences", `{"channels":"both","language":"ko"}`},
	{"GET", "/api/v1/passkeys", ""},
	{"POST", "/api/v1/passkeys/options", ""},
	{"POST", "/api/v1/passkeys", `{"name":"x","response":{"id":"AA"}}`},
	{"DELETE", "/api/v1/session", ""},
}

// answer is what came back, as far as the tests look.
type answer struct {
	status int
	header http.Header
	body   string
	client.ProblemDetails
}

// knock sends one raw request.
func knock(t *testing.T, d *server.Demo, cookie *http.Cookie, method, path, body string, headers ...string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, d.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if cookie != nil {
		r.AddCookie(cookie)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{status: res.StatusCode, header: res.Header, body: string(content)}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "application/problem+json") {
		if err := json.Unmarshal(content, &a.ProblemDetails); err != nil {
			t.Fatal(err)
		}
	}
	return a
}

func (a answer) want(t *testing.T, what string, status, code int) {
	t.Helper()
	if a.status != status || a.Code != code {
		t.Errorf("%s: status %d, code %d (%s); want status %d, code %d", what, a.status, a.Code, a.Title, status, code)
	}
}

// session logs in with a raw request and gives the cookie.
func session(t *testing.T, d *server.Demo, loginID, password string) *http.Cookie {
	t.Helper()
	a := knock(t, d, nil, "POST", "/api/v1/session", `{"loginId":"`+loginID+`","password":"`+password+`"}`)
	if a.status != 200 {
		t.Fatalf("login: status %d: %s", a.status, a.body)
	}
	cookies := (&http.Response{Header: a.header}).Cookies()
	if len(cookies) != 1 {
		t.Fatalf("%d cookies", len(cookies))
	}
	return cookies[0]
}

// TestDoors tries each route as one who may not, or in a way that it does not
// take. Nothing of it may change the application that stands behind.
func TestDoors(t *testing.T) {
	t.Parallel()
	c := config()
	c.Limits.Requests = server.Rate{PerMinute: 100_000, Burst: 10_000} // one knocks at all of them
	d := startDemo(t, c, server.Options{})
	owner := logIn(t, d, "hong")
	id := owner.start(t)
	stranger := session(t, d, "kim", "kim-demo-2026")
	own := session(t, d, "hong", "hong-demo-2026")
	for _, door := range doors {
		t.Run(door.method+" "+door.path, func(t *testing.T) {
			path := strings.ReplaceAll(door.path, "{id}", id)
			a := knock(t, d, nil, door.method, path, door.body)
			a.want(t, "no session", 401, 1004)
			if a.Title != "로그인하지 않았거나 로그인 시간이 지났어요." {
				t.Errorf("title in Korean: %q", a.Title)
			}
			a = knock(t, d, &http.Cookie{Name: "ingam_session", Value: "made-up"}, door.method, path, door.body, "Accept-Language", "en-GB")
			a.want(t, "a made-up session", 401, 1004)
			if a.Title != "You are not logged in, or your session has ended." {
				t.Errorf("title in English: %q", a.Title)
			}
			if door.method != "GET" {
				knock(t, d, own, door.method, path, door.body, "Sec-Fetch-Site", "cross-site").want(t, "from another site", 403, 1005)
				knock(t, d, own, door.method, path, door.body, "Origin", "https://evil.example").want(t, "from another origin", 403, 1005)
			}
			a = knock(t, d, own, "PATCH", path, door.body)
			a.want(t, "by another method", 405, 1002)
			if !strings.Contains(a.header.Get("Allow"), door.method) {
				t.Errorf("Allow is %q", a.header.Get("Allow"))
			}
			if door.body != "" {
				badBodies(t, d, own, door.method, path)
			}
			if path != door.path {
				strangers(t, d, stranger, door, id)
			}
		})
	}
	a, err := owner.Application(t.Context(), id)
	if err != nil || a.State != client.ApplicationStateStarted || len(a.Needs) != 6 || len(a.Proofs) != 0 {
		t.Errorf("the application is not as it was: %+v %v", a, err)
	}
	knock(t, d, own, "GET", "/api/v1/no-such-thing", "").want(t, "no such route", 404, 1001)
	knock(t, d, own, "GET", "/no-such-page", "").want(t, "no such page", 404, 1001)
}

func badBodies(t *testing.T, d *server.Demo, own *http.Cookie, method, path string) {
	t.Helper()
	limit := 64 << 10
	if strings.HasSuffix(path, "id-card") {
		limit = 8 << 20
	}
	knock(t, d, own, method, path, `{"x":"`+strings.Repeat("a", limit)+`"}`).want(t, "too large", 413, 1007)
	knock(t, d, own, method, path, `{`).want(t, "malformed", 400, 1009)
	knock(t, d, own, method, path, ``).want(t, "no body", 415, 1008)
	knock(t, d, own, method, path, `a=b`, "Content-Type", "application/x-www-form-urlencoded").want(t, "a form", 415, 1008)
	knock(t, d, own, method, path, `{"surprise":1}`).want(t, "unknown field", 400, 1011)
	knock(t, d, own, method, path, `{}`).want(t, "nothing in it", 400, 1012)
}

// strangers: another's application is answered like one that there is not, and
// the try is in the audit log.
func strangers(t *testing.T, d *server.Demo, stranger *http.Cookie, door door, id string) {
	t.Helper()
	before := denials(t, d, "application:"+id)
	theirs := knock(t, d, stranger, door.method, strings.ReplaceAll(door.path, "{id}", id), door.body)
	none := knock(t, d, stranger, door.method, strings.ReplaceAll(door.path, "{id}", strings.Repeat("A", 26)), door.body)
	none.want(t, "one that there is not", 404, 2101)
	theirs.Request, none.Request = "", ""
	if theirs.status != none.status || theirs.Code != none.Code || theirs.Title != none.Title || theirs.Detail != none.Detail {
		t.Errorf("another's: status %d, code %d; none: status %d, code %d", theirs.status, theirs.Code, none.status, none.Code)
	}
	if after := denials(t, d, "application:"+id); after != before+1 {
		t.Errorf("%d denials in the audit log, want one more than %d", after, before)
	}
	knock(t, d, stranger, door.method, strings.ReplaceAll(door.path, "{id}", "%2e%2e%2f"+id), door.body).want(t, "no id at all", 404, 2101)
}

// denials counts the audit entries that say that somebody might not.
func denials(t *testing.T, d *server.Demo, object string) int {
	t.Helper()
	n := 0
	for _, e := range entries(t, d) {
		if e.Object == object && e.Outcome == audit.Denied {
			n++
		}
	}
	return n
}

// entries gives the whole audit log.
func entries(t *testing.T, d *server.Demo) []audit.Entry {
	t.Helper()
	db := d.Desk().Store
	heads, err := db.Heads(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var all []audit.Entry
	for _, h := range heads {
		for after := int64(0); ; {
			page, err := db.Entries(t.Context(), h.Lane, after, 500)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			all, after = append(all, page...), page[len(page)-1].Seq
		}
	}
	return all
}
