package kit_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2/memstore"
	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

func problemOf(t *testing.T, res *http.Response) kit.Problem {
	t.Helper()
	if got := res.Header.Get("Content-Type"); got != kit.ProblemType {
		t.Fatalf("Content-Type is %q, want %q", got, kit.ProblemType)
	}
	var p kit.Problem
	if err := json.NewDecoder(res.Body).Decode(&p); err != nil {
		t.Fatal(err)
	}
	return p
}

func ask(h http.Handler, method, target string, edit ...func(*http.Request)) *http.Response {
	r := httptest.NewRequest(method, target, nil)
	for _, e := range edit {
		e(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func from(addr string) func(*http.Request) {
	return func(r *http.Request) { r.RemoteAddr = addr }
}

func TestProblemSpeaksBothLanguages(t *testing.T) {
	t.Parallel()
	refusal := fault.Define(9999, "some-refusal", fault.Locked,
		fault.Text{KO: "{step} 단계가 잠겼어요.", EN: "Step {step} is locked."},
		fault.Text{KO: "기다려 주세요.", EN: "Please wait."})
	h := kit.NewFace(time.Now, kit.FaceConfig{}).Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kit.Fail(w, r, fmt.Errorf("proving: %w", refusal.With(errors.New("hidden cause"), "step", "OTP").After(1500*time.Millisecond)))
	}))
	for _, tt := range []struct{ accept, lang, title string }{
		{"", "ko", "OTP 단계가 잠겼어요."},
		{"ko-KR,ko;q=0.9,en;q=0.8", "ko", "OTP 단계가 잠겼어요."},
		{"en-GB,en;q=0.9", "en", "Step OTP is locked."},
		{"de-DE, en;q=0.5", "en", "Step OTP is locked."},
		{"en;q=zero", "ko", "OTP 단계가 잠겼어요."},
		{strings.Repeat("en,", 100), "ko", "OTP 단계가 잠겼어요."},
	} {
		res := ask(h, "GET", "/", header("Accept-Language", tt.accept))
		if res.StatusCode != 423 || res.Header.Get("Retry-After") != "2" || res.Header.Get("Content-Language") != tt.lang {
			t.Errorf("%q: status %d, Retry-After %q, Content-Language %q", tt.accept, res.StatusCode,
				res.Header.Get("Retry-After"), res.Header.Get("Content-Language"))
		}
		p := problemOf(t, res)
		if p.Request == "" || p.Request != res.Header.Get("X-Request-Id") {
			t.Errorf("request id %q, header %q", p.Request, res.Header.Get("X-Request-Id"))
		}
		p.Request, p.Detail = "", ""
		want := kit.Problem{Type: "urn:ingam:problem:some-refusal", Title: tt.title, Status: 423,
			Code: 9999, Name: "some-refusal", RetryAfter: 2, Params: map[string]string{"step": "OTP"}}
		if diff := cmp.Diff(want, p); diff != "" {
			t.Errorf("%q: %s", tt.accept, diff)
		}
	}
}

func TestUnexpectedErrorsStayInside(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	face := kit.NewFace(time.Now, kit.FaceConfig{Log: slog.New(slog.NewTextHandler(&log, nil))})
	h := face.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kit.Fail(w, r, errors.New("disk is on fire"))
	}))
	res := ask(h, "GET", "/secret-path?card=900101", header("Accept-Language", "en"))
	body, _ := io.ReadAll(res.Body)
	if res.StatusCode != 500 || strings.Contains(string(body), "fire") {
		t.Errorf("status %d: %s", res.StatusCode, body)
	}
	line := log.String()
	if !strings.Contains(line, "disk is on fire") || !strings.Contains(line, "code=1000") {
		t.Errorf("log does not have the cause: %s", line)
	}
	if strings.Contains(line, "secret-path") || strings.Contains(line, "900101") {
		t.Errorf("log has the path or the query: %s", line)
	}
}

func TestPanicBecomesProblem(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	face := kit.NewFace(time.Now, kit.FaceConfig{Log: slog.New(slog.NewTextHandler(&log, nil))})
	res := ask(face.Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("boom") })), "GET", "/")
	if p := problemOf(t, res); res.StatusCode != 500 || p.Code != 1000 {
		t.Errorf("status %d, code %d", res.StatusCode, p.Code)
	}
	if !strings.Contains(log.String(), "kit_test.go") {
		t.Error("log has no stack of the panic")
	}
	defer func() {
		if err, _ := recover().(error); !errors.Is(err, http.ErrAbortHandler) {
			t.Error("http.ErrAbortHandler did not pass")
		}
	}()
	ask(face.Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })), "GET", "/")
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	var seen string
	mux.HandleFunc("GET /things/{id}", func(_ http.ResponseWriter, r *http.Request) { seen = r.PathValue("id") })
	mux.HandleFunc("DELETE /things/{id}", func(http.ResponseWriter, *http.Request) {})
	var log bytes.Buffer
	h := kit.NewFace(time.Now, kit.FaceConfig{Log: slog.New(slog.NewTextHandler(&log, nil))}).Wrap(kit.Routes(mux))

	if res := ask(h, "GET", "/things/7"); res.StatusCode != 200 || seen != "7" {
		t.Errorf("status %d, saw %q", res.StatusCode, seen)
	}
	if !strings.Contains(log.String(), `route="GET /things/{id}"`) {
		t.Errorf("log line has no route: %s", log.String())
	}
	res := ask(h, "PUT", "/things/7")
	if p := problemOf(t, res); res.StatusCode != 405 || p.Code != 1002 || p.Status != 405 {
		t.Errorf("wrong method: status %d, problem %+v", res.StatusCode, p)
	}
	if got := res.Header.Get("Allow"); got != "DELETE, GET, HEAD" {
		t.Errorf("Allow is %q", got)
	}
	for _, path := range []string{"/nothing", "/", "/things", "/things/7/8", "//nothing", "/../nothing"} {
		res := ask(h, "GET", path)
		if p := problemOf(t, res); res.StatusCode != 404 || p.Code != 1001 {
			t.Errorf("%s: status %d, code %d", path, res.StatusCode, p.Code)
		}
	}
	if p := problemOf(t, ask(h, "MADEUP", "/things/7")); p.Params["method"] != "?" {
		t.Errorf("a made-up method is repeated: %q", p.Params["method"])
	}
}

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	ok := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	h := ask(kit.NewFace(time.Now, kit.FaceConfig{HTTPS: true}).Wrap(ok), "GET", "/").Header
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
		"Strict-Transport-Security": "max-age=31536000", "Cross-Origin-Resource-Policy": "same-origin",
	} {
		if got := h.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("Content-Security-Policy is %q", h.Get("Content-Security-Policy"))
	}
	if h := ask(kit.NewFace(time.Now, kit.FaceConfig{Cacheable: true}).Wrap(ok), "GET", "/").Header; h.Get("Cache-Control") != "" ||
		h.Get("Strict-Transport-Security") != "" {
		t.Errorf("plain cacheable face: %v", h)
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	now := time.Date(2027, 3, 14, 9, 0, 0, 0, time.UTC)
	face := kit.NewFace(func() time.Time { return now }, kit.FaceConfig{
		Rate:           kit.Rate{Every: time.Second, Burst: 2},
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")},
	})
	h := face.Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	want := func(name string, status int, edit ...func(*http.Request)) {
		t.Helper()
		if res := ask(h, "GET", "/", edit...); res.StatusCode != status {
			t.Errorf("%s: status %d, want %d", name, res.StatusCode, status)
		}
	}
	want("first", 200, from("192.0.2.1:1000"))
	want("second", 200, from("192.0.2.1:1001"))
	want("third", 429, from("192.0.2.1:1002"))
	want("third, claiming another address", 429, from("192.0.2.1:1002"), header("X-Forwarded-For", "198.51.100.9"))
	want("another address", 200, from("192.0.2.2:1000"))
	now = now.Add(time.Second)
	want("a second later", 200, from("192.0.2.1:1003"))
	want("and again", 429, from("192.0.2.1:1004"))

	proxied := func(forwarded string) []func(*http.Request) {
		return []func(*http.Request){from("10.1.1.1:80"), header("X-Forwarded-For", forwarded)}
	}
	want("by proxy", 200, proxied("203.0.113.5")...)
	want("by proxy", 200, proxied("1.1.1.1, 203.0.113.5")...)
	want("by proxy, with an invented first hop", 429, proxied("2.2.2.2, 203.0.113.5, 10.9.9.9")...)
	want("by proxy, another visitor", 200, proxied("203.0.113.6")...)

	want("v6", 200, from("[2001:db8:1:1::1]:1"))
	want("v6, same line", 200, from("[2001:db8:1:1::2]:1"))
	want("v6, same line", 429, from("[2001:db8:1:1:ffff::3]:1"))
	want("v6, another line", 200, from("[2001:db8:1:2::1]:1"))

	res := ask(h, "GET", "/", from("192.0.2.1:1005"))
	if p := problemOf(t, res); p.Code != 1006 || p.RetryAfter != 1 || res.Header.Get("Retry-After") != "1" {
		t.Errorf("problem %+v", p)
	}
}

func TestSameOrigin(t *testing.T) {
	t.Parallel()
	h := kit.NewFace(time.Now, kit.FaceConfig{}).Wrap(kit.SameOrigin(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})))
	for _, tt := range []struct {
		name, method string
		edit         func(*http.Request)
		status       int
	}{
		{"a program", "POST", func(*http.Request) {}, 200},
		{"own page", "POST", header("Sec-Fetch-Site", "same-origin"), 200},
		{"another site", "POST", header("Sec-Fetch-Site", "cross-site"), 403},
		{"another host of ours", "POST", header("Sec-Fetch-Site", "same-site"), 403},
		{"old browser, another site", "POST", header("Origin", "https://evil.example"), 403},
		{"old browser, null origin", "DELETE", header("Origin", "null"), 403},
		{"a link from another site", "GET", header("Sec-Fetch-Site", "cross-site"), 200},
	} {
		res := ask(h, tt.method, "http://bank.example/", tt.edit)
		if res.StatusCode != tt.status {
			t.Errorf("%s: status %d, want %d", tt.name, res.StatusCode, tt.status)
		}
		if tt.status == 403 {
			if p := problemOf(t, res); p.Code != 1005 {
				t.Errorf("%s: code %d", tt.name, p.Code)
			}
		}
	}
}

// TestSessions walks a session: none, begun, renewed at the next login, ended.
func TestSessions(t *testing.T) {
	t.Parallel()
	for _, https := range []bool{false, true} {
		sessions := kit.NewSessions(memstore.NewWithCleanupInterval(0), https, time.Now)
		mux := http.NewServeMux()
		mux.HandleFunc("POST /begin/{who}", func(w http.ResponseWriter, r *http.Request) {
			if err := sessions.Begin(r.Context(), r.PathValue("who")); err != nil {
				kit.Fail(w, r, err)
			}
		})
		mux.HandleFunc("POST /end", func(w http.ResponseWriter, r *http.Request) {
			if err := sessions.End(r.Context()); err != nil {
				kit.Fail(w, r, err)
			}
		})
		mux.HandleFunc("GET /who", func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, sessions.Subscriber(r.Context()))
		})
		h := sessions.Wrap(mux)
		who := func(token string) string {
			res := ask(h, "GET", "/who", func(r *http.Request) {
				if token != "" {
					r.AddCookie(&http.Cookie{Name: kit.SessionCookie, Value: token})
				}
			})
			body, _ := io.ReadAll(res.Body)
			return string(body)
		}
		begin := func(name, token string) *http.Cookie {
			res := ask(h, "POST", "/begin/"+name, func(r *http.Request) {
				r.AddCookie(&http.Cookie{Name: kit.SessionCookie, Value: token})
			})
			if len(res.Cookies()) != 1 {
				t.Fatalf("%d cookies", len(res.Cookies()))
			}
			return res.Cookies()[0]
		}
		if got := who(""); got != "" {
			t.Errorf("without a session: %q", got)
		}
		first := begin("A", "planted")
		if first.Value == "planted" || first.Name != "ingam_session" || !first.HttpOnly ||
			first.SameSite != http.SameSiteLaxMode || first.Secure != https {
			t.Errorf("cookie %+v", first)
		}
		if who(first.Value) != "A" || who("planted") != "" {
			t.Errorf("first: %q, planted: %q", who(first.Value), who("planted"))
		}
		second := begin("B", first.Value)
		if second.Value == first.Value || who(first.Value) != "" || who(second.Value) != "B" {
			t.Errorf("after the second login: first %q, second %q", who(first.Value), who(second.Value))
		}
		ask(h, "POST", "/end", func(r *http.Request) {
			r.AddCookie(&http.Cookie{Name: kit.SessionCookie, Value: second.Value})
		})
		if got := who(second.Value); got != "" {
			t.Errorf("after the end: %q", got)
		}
	}
}

// TestSessionStaysOver: a request that began before a logout, and ends after
// it, does not bring the session back.
func TestSessionStaysOver(t *testing.T) {
	t.Parallel()
	sessions := kit.NewSessions(memstore.NewWithCleanupInterval(0), false, time.Now)
	began, goOn := make(chan struct{}), make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("POST /begin", func(w http.ResponseWriter, r *http.Request) {
		if err := sessions.Begin(r.Context(), "A"); err != nil {
			kit.Fail(w, r, err)
		}
	})
	mux.HandleFunc("POST /end", func(w http.ResponseWriter, r *http.Request) {
		if err := sessions.End(r.Context()); err != nil {
			kit.Fail(w, r, err)
		}
	})
	mux.HandleFunc("GET /slow", func(http.ResponseWriter, *http.Request) {
		close(began)
		<-goOn
	})
	mux.HandleFunc("GET /who", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "["+sessions.Subscriber(r.Context())+"]")
	})
	h := sessions.Wrap(mux)
	cookie := ask(h, "POST", "/begin").Cookies()[0]
	with := func(r *http.Request) { r.AddCookie(&http.Cookie{Name: kit.SessionCookie, Value: cookie.Value}) }
	done := make(chan struct{})
	go func() {
		defer close(done)
		ask(h, "GET", "/slow", with)
	}()
	<-began
	ask(h, "POST", "/end", with)
	close(goOn)
	<-done
	if body, _ := io.ReadAll(ask(h, "GET", "/who", with).Body); string(body) != "[]" {
		t.Errorf("the session that was ended belongs to %s again", body)
	}
}

type brokenStore struct{}

func (brokenStore) Find(string) ([]byte, bool, error)      { return nil, false, errors.New("store is down") }
func (brokenStore) Commit(string, []byte, time.Time) error { return errors.New("store is down") }
func (brokenStore) Delete(string) error                    { return errors.New("store is down") }

func TestSessionStoreDown(t *testing.T) {
	t.Parallel()
	sessions := kit.NewSessions(brokenStore{}, false, time.Now)
	h := kit.NewFace(time.Now, kit.FaceConfig{}).Wrap(sessions.Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("the handler ran without its session")
	})))
	res := ask(h, "GET", "/", func(r *http.Request) { r.AddCookie(&http.Cookie{Name: kit.SessionCookie, Value: "x"}) })
	if p := problemOf(t, res); res.StatusCode != 503 || p.Code != 1013 {
		t.Errorf("status %d, problem %+v", res.StatusCode, p)
	}
}
