package provider_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/outside/simulator/provider"
)

const back = "http://localhost:8480/console/login/return"

// at asks a provider whose only client is ingam.
func at(t *testing.T) func(method, path string, body url.Values, change func(*http.Request)) (*http.Response, string) {
	t.Helper()
	p := provider.New([]provider.Person{
		{Number: "240117", Name: "김창구", RomanName: "Kim Chang-gu", Role: "teller", Branch: "012"},
		{Number: "110215", Name: "안<보>안", RomanName: "Ahn <b>", Role: "security-officer"},
	}, time.Now)
	p.Register("ingam", "secret", back)
	handler := p.Handler()
	return func(method, path string, body url.Values, change func(*http.Request)) (*http.Response, string) {
		r := httptest.NewRequest(method, "http://sim.example"+provider.Path+path, strings.NewReader(body.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if change != nil {
			change(r)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		res := w.Result()
		t.Cleanup(func() { _ = res.Body.Close() })
		text, _ := io.ReadAll(res.Body)
		return res, string(text)
	}
}

func request(change ...string) string {
	q := url.Values{"client_id": {"ingam"}, "redirect_uri": {back}, "response_type": {"code"}, "scope": {"openid profile"},
		"state": {"the & state"}, "nonce": {"n"}, "code_challenge": {strings.Repeat("A", 43)}, "code_challenge_method": {"S256"}}
	for i := 0; i+1 < len(change); i += 2 {
		q.Set(change[i], change[i+1])
	}
	return "/authorize?" + q.Encode()
}

func TestPage(t *testing.T) {
	t.Parallel()
	ask := at(t)
	res, page := ask("GET", request(), nil, nil)
	for _, want := range []string{`<html lang="ko">`, "시뮬레이션", "김창구", "창구직원", "012", "본점", "안&lt;보&gt;안", "취소"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if res.StatusCode != http.StatusOK || res.Header.Get("X-Ingam-Simulator") != "1" || !strings.Contains(res.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
		t.Errorf("%s, %v", res.Status, res.Header)
	}
	english := func(r *http.Request) { r.Header.Set("Accept-Language", "en-GB") }
	for name, text := range map[string]func() string{
		"by the browser": func() string { _, s := ask("GET", request(), nil, english); return s },
		"by the client":  func() string { _, s := ask("GET", request("ui_locales", "en"), nil, nil); return s },
		"by the person":  func() string { _, s := ask("GET", request("lang", "en"), nil, nil); return s },
	} {
		if s := text(); !strings.Contains(s, "Kim Chang-gu") || !strings.Contains(s, "Headquarters") || strings.Contains(s, "김창구") {
			t.Errorf("not in English %s", name)
		}
	}
	if _, s := ask("GET", request("lang", "ko"), nil, english); !strings.Contains(s, "김창구") {
		t.Error("who chose Korean gets English")
	}
}

// TestAuthorize: nobody is sent anywhere but to the client that is known.
func TestAuthorize(t *testing.T) {
	t.Parallel()
	ask := at(t)
	for name, change := range map[string][]string{
		"another client": {"client_id", "x"}, "another site": {"redirect_uri", "https://evil.example"}, "a path below": {"redirect_uri", back + "/x"},
		"no client": {"client_id", ""},
	} {
		for _, method := range []string{"GET", "POST"} {
			if res, _ := ask(method, request(change...), url.Values{"number": {"240117"}}, nil); res.StatusCode != http.StatusBadRequest || res.Header.Get("Location") != "" {
				t.Errorf("%s, %s: %s to %q", name, method, res.Status, res.Header.Get("Location"))
			}
		}
	}
	for want, change := range map[string][]string{
		"unsupported_response_type": {"response_type", "token"}, "invalid_scope": {"scope", "profile"},
		"invalid_request": {"code_challenge_method", "plain"}, "access_denied": nil,
	} {
		for _, method := range []string{"GET", "POST"} {
			if want == "access_denied" && method == "GET" {
				continue
			}
			res, _ := ask(method, request(change...), url.Values{"number": {"nobody"}}, nil)
			to, err := res.Location()
			if err != nil || to.Query().Get("error") != want || to.Query().Get("state") != "the & state" || to.Query().Has("code") {
				t.Errorf("%s, %s: %s, %v", want, method, res.Status, to)
			}
		}
	}
}

// TestToken: what the token endpoint refuses when it does right.
func TestToken(t *testing.T) {
	t.Parallel()
	ask := at(t)
	// The challenge of the verifier "v…".
	verifier, challenge := strings.Repeat("v", 43), "7w_YNF9DSfIdPf_pRjSq646_kPr-2-o9NAl16JGghdM"
	code := func() string {
		res, _ := ask("POST", request("code_challenge", challenge), url.Values{"number": {"240117"}}, nil)
		to, err := res.Location()
		if err != nil {
			t.Fatal(err)
		}
		return to.Query().Get("code")
	}
	form := func(code string, change ...string) url.Values {
		f := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {back}, "code_verifier": {verifier},
			"client_id": {"ingam"}, "client_secret": {"secret"}}
		for i := 0; i+1 < len(change); i += 2 {
			f.Set(change[i], change[i+1])
		}
		return f
	}
	for name, tt := range map[string]struct {
		form url.Values
		want string
	}{
		"another secret": {form(code(), "client_secret", "x"), "invalid_client"}, "another client": {form(code(), "client_id", "x"), "invalid_client"},
		"another grant": {form(code(), "grant_type", "password"), "unsupported_grant_type"}, "no such code": {form("x"), "invalid_grant"},
		"another verifier": {form(code(), "code_verifier", "w"), "invalid_grant"}, "no verifier": {form(code(), "code_verifier", ""), "invalid_grant"},
		"another place": {form(code(), "redirect_uri", "http://localhost/x"), "invalid_grant"},
	} {
		if res, text := ask("POST", "/token", tt.form, nil); res.StatusCode/100 != 4 || !strings.Contains(text, tt.want) {
			t.Errorf("%s: %s %s", name, res.Status, text)
		}
	}
	once := form(code())
	if res, text := ask("POST", "/token", once, nil); res.StatusCode != http.StatusOK || !strings.Contains(text, `"id_token":"eyJ`) {
		t.Errorf("%s %s", res.Status, text)
	}
	if res, text := ask("POST", "/token", once, nil); res.StatusCode != http.StatusBadRequest || !strings.Contains(text, "invalid_grant") {
		t.Errorf("twice: %s %s", res.Status, text)
	}
}
