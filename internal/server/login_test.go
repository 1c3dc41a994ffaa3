package server_test

import (
	"bytes"
	"crypto/x509"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/registration/login/logintest"
	"github.com/ingam-pki/ingam/internal/server"
	"github.com/ingam-pki/ingam/pki/cms"
)

// holder is a customer with a certificate.
type holder struct {
	*person
	made client.Certificate
	cert *x509.Certificate
}

func issued(t *testing.T, d *server.Demo, loginID string) holder {
	t.Helper()
	p := logIn(t, d, loginID)
	id := p.start(t)
	p.consent(t, id)
	p.prove(t, id)
	made, _, err := p.Certify(t.Context(), id, p.csr(t, id, testKeys[0]()))
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(made.Certificate)
	if err != nil {
		t.Fatal(err)
	}
	return holder{p, made, cert}
}

func (h holder) sign(t *testing.T, content string, o cms.SignOptions) []byte {
	t.Helper()
	message, err := cms.Sign([]byte(content), h.cert, testKeys[0](), o)
	if err != nil {
		t.Fatal(err)
	}
	return message
}

// TestLogInWithCertificate walks a login with a certificate: the challenge is
// for one browser and one use, and a certificate that was withdrawn lets nobody
// in.
func TestLogInWithCertificate(t *testing.T) {
	t.Parallel()
	clock := &clock{at: time.Now()}
	d := startDemo(t, config(), server.Options{Now: clock.now})
	hong := issued(t, d, "hong")
	browser, other := newClient(t, d, "en"), newClient(t, d, "ko")
	ctx := t.Context()
	challenge, err := browser.Challenge(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(challenge.Content, "Address: "+d.URL()+"\n") || !challenge.ExpiresAt.After(clock.now()) {
		t.Errorf("challenge %+v", challenge)
	}
	signed := hong.sign(t, challenge.Content, cms.SignOptions{})
	_, err = other.LogInWithCertificate(ctx, signed)
	wantProblem(t, err, 410, 2201)
	if c, err := other.Challenge(ctx); err != nil || !strings.Contains(c.Content, "로그인에만") {
		t.Errorf("in Korean: %q, %v", c.Content, err)
	}
	_, err = other.LogInWithCertificate(ctx, signed)
	wantProblem(t, err, 401, 2212) // of another browser's challenge
	who, err := browser.LogInWithCertificate(ctx, signed)
	if err != nil || who.Name != "홍길동" {
		t.Fatalf("%+v, %v", who, err)
	}
	if who, err := browser.Session(ctx); err != nil || who.Name != "홍길동" {
		t.Errorf("session %+v, %v", who, err)
	}
	_, err = browser.LogInWithCertificate(ctx, signed)
	wantProblem(t, err, 410, 2201) // used

	try := func(status, code int) {
		t.Helper()
		c, err := other.Challenge(ctx)
		if err != nil {
			t.Fatal(err)
		}
		_, err = other.LogInWithCertificate(ctx, hong.sign(t, c.Content, cms.SignOptions{SignedAttributes: true, SigningTime: time.Unix(1e9, 0)}))
		if status != 200 {
			wantProblem(t, err, status, code)
		} else if err != nil {
			t.Error(err)
		}
	}
	operator, authority := server.Operator("tester"), d.Desk().Authority
	c, err := other.Challenge(ctx)
	if err != nil {
		t.Fatal(err)
	}
	clock.pass(3 * time.Minute)
	_, err = other.LogInWithCertificate(ctx, hong.sign(t, c.Content, cms.SignOptions{}))
	wantProblem(t, err, 410, 2201) // too late
	if err := authority.Hold(ctx, operator, hong.made.Serial, "bank"); err != nil {
		t.Fatal(err)
	}
	try(422, 2215)
	if err := authority.Release(ctx, operator, hong.made.Serial, "bank"); err != nil {
		t.Fatal(err)
	}
	try(200, 0)
	if err := authority.Revoke(ctx, operator, hong.made.Serial, ca.Superseded, time.Time{}); err != nil {
		t.Fatal(err)
	}
	try(422, 2216)
}

// TestPasskeys walks passkeys over HTTP, at a name and at an address.
func TestPasskeys(t *testing.T) {
	t.Parallel()
	d := startDemo(t, config(), server.Options{})
	ctx := t.Context()
	byAddress := logIn(t, d, "hong")
	_, err := byAddress.PasskeyOptions(ctx)
	if p := wantProblem(t, err, 422, 2231); p.Params["address"] != d.PortalURL() {
		t.Errorf("%+v", p.Params)
	}
	_, err = newClient(t, d, "en").PasskeyLogInOptions(ctx)
	wantProblem(t, err, 422, 2231)

	at := func(loginID string) *client.Client {
		c, err := client.New(d.PortalURL(), nil, "en")
		if err != nil {
			t.Fatal(err)
		}
		if loginID != "" {
			if _, err := c.LogIn(ctx, loginID, loginID+"-demo-2026"); err != nil {
				t.Fatal(err)
			}
		}
		return c
	}
	hong, kim, nobody := at("hong"), at("kim"), at("")
	device := &logintest.Device{Origin: d.PortalURL()}
	add := func(c *client.Client, device *logintest.Device) (client.Passkey, []byte, error) {
		t.Helper()
		options, err := c.PasskeyOptions(ctx)
		if err != nil {
			t.Fatal(err)
		}
		response, err := device.Create(options)
		if err != nil {
			t.Fatal(err)
		}
		added, err := c.AddPasskey(ctx, "내 휴대폰", response)
		return added, response, err
	}
	added, response, err := add(hong, device)
	if err != nil || added.Name != "내 휴대폰" || !added.UsedAt.IsZero() {
		t.Fatalf("%+v, %v", added, err)
	}
	_, err = hong.AddPasskey(ctx, "again", response)
	wantProblem(t, err, 410, 2201) // the options were used
	_, _, err = add(kim, &logintest.Device{Origin: d.URL()})
	wantProblem(t, err, 422, 2233) // made at 127.0.0.1

	logInBy := func(c *client.Client, device *logintest.Device) ([]byte, error) {
		t.Helper()
		options, err := c.PasskeyLogInOptions(ctx)
		if err != nil {
			t.Fatal(err)
		}
		response, err := device.Get(options)
		if err != nil {
			t.Fatal(err)
		}
		who, err := c.LogInWithPasskey(ctx, response)
		if err == nil && who.Name != "홍길동" {
			t.Errorf("it lets in %q", who.Name)
		}
		return response, err
	}
	thief := device.Copy()
	thief.Origin = "https://evil.example"
	_, err = logInBy(nobody, thief)
	wantProblem(t, err, 401, 2234)
	response, err = logInBy(nobody, device)
	if err != nil {
		t.Fatal(err)
	}
	_, err = nobody.LogInWithPasskey(ctx, response)
	wantProblem(t, err, 410, 2201) // replayed
	thief.Origin, thief.Count = device.Origin, 0
	_, err = logInBy(at(""), thief)
	wantProblem(t, err, 422, 2235) // a copy's count

	if all, err := nobody.Passkeys(ctx); err != nil || len(all) != 1 || all[0].ID != added.ID || all[0].UsedAt.IsZero() {
		t.Errorf("passkeys %+v, %v", all, err)
	}
	if all, err := kim.Passkeys(ctx); err != nil || len(all) != 0 {
		t.Errorf("another's: %+v, %v", all, err)
	}
	wantProblem(t, kim.RemovePasskey(ctx, added.ID), 404, 2238)
	wantProblem(t, hong.RemovePasskey(ctx, strings.Repeat("A", 26)), 404, 2238)
	wantProblem(t, hong.RemovePasskey(ctx, "no-id"), 404, 2238)
	wantProblem(t, at("").RemovePasskey(ctx, added.ID), 401, 1004)
	if err := hong.RemovePasskey(ctx, added.ID); err != nil {
		t.Fatal(err)
	}
	_, err = logInBy(at(""), device)
	wantProblem(t, err, 401, 2234)
}

// TestVerifications asks as anybody about signatures.
func TestVerifications(t *testing.T) {
	t.Parallel()
	d := startDemo(t, config(), server.Options{})
	hong := issued(t, d, "hong")
	const text = "서울시 종로구의 땅을 판다.\n"
	signed := hong.sign(t, text, cms.SignOptions{SignedAttributes: true, SigningTime: time.Now()})
	anybody := newClient(t, d, "ko")
	rep, err := anybody.Verify(t.Context(), signed, nil)
	if err != nil || rep.Verdict != client.VerdictValid || rep.Reason != "ok" || rep.Text != text || rep.Size != len(text) || !rep.Attached {
		t.Fatalf("%+v, %v", rep, err)
	}
	if s := rep.Signers[0]; s.Name != "홍길동" || s.Kind != "은행·신용카드·보험용 (개인)" || !s.Ours || s.State != client.SignerStateValid ||
		s.Serial != hong.made.Serial || s.SigningTime.IsZero() || !bytes.Equal(s.Certificate, hong.made.Certificate) || len(s.Evidence) < 3 {
		t.Errorf("signer %+v", s)
	}
	detached := hong.sign(t, "\x00\x01", cms.SignOptions{Detached: true})
	if rep, err = anybody.Verify(t.Context(), detached, []byte("\x00\x01")); err != nil || rep.Verdict != client.VerdictValid || rep.Text != "" || rep.Size != 2 {
		t.Errorf("%+v, %v", rep, err)
	}
	if rep, err = anybody.Verify(t.Context(), detached, nil); err != nil || rep.Verdict != client.VerdictUnknown || len(rep.Signers) != 0 {
		t.Errorf("%+v, %v", rep, err)
	}
	changed := bytes.Replace(signed, []byte("판다"), []byte("산다"), 1)
	if rep, err = anybody.Verify(t.Context(), changed, nil); err != nil || rep.Verdict != client.VerdictInvalid || rep.Reason != "changed" || !strings.Contains(rep.Title, "맞지 않아요") {
		t.Errorf("%+v, %v", rep, err)
	}
	body := `{"signature":"` + base64.StdEncoding.EncodeToString(signed) + `"}`
	a := knock(t, d, nil, "POST", "/api/v1/verifications", body, "Accept-Language", "en")
	if a.status != 200 || len((&http.Response{Header: a.header}).Cookies()) != 0 || !strings.Contains(a.body, "The signature is right.") {
		t.Errorf("status %d, %v: %s", a.status, a.header, a.body)
	}
}

// TestOpenDoors: the doors that want no session refuse what all doors refuse,
// and are slowed down by address.
func TestOpenDoors(t *testing.T) {
	t.Parallel()
	c := config()
	c.Limits.Logins = server.Rate{PerMinute: 1, Burst: 5}
	d := startDemo(t, c, server.Options{})
	for _, door := range []door{
		{"POST", "/api/v1/session/challenge", ""},
		{"POST", "/api/v1/session/certificate", `{"signature":"MIIC"}`},
		{"POST", "/api/v1/session/passkey/options", ""},
		{"POST", "/api/v1/session/passkey", `{"response":{"id":"AA"}}`},
		{"POST", "/api/v1/verifications", `{"signature":"MIIC"}`},
	} {
		knock(t, d, nil, door.method, door.path, door.body, "Sec-Fetch-Site", "cross-site").want(t, door.path+" from another site", 403, 1005)
		knock(t, d, nil, "GET", door.path, "").want(t, door.path+" by another method", 405, 1002)
	}
	for _, path := range []string{"/api/v1/session/certificate", "/api/v1/verifications"} {
		knock(t, d, nil, "POST", path, `{}`).want(t, path+" without a field", 400, 1012)
	}
	large := `{"signature":"` + strings.Repeat("A", 8<<20) + `"}`
	knock(t, d, nil, "POST", "/api/v1/verifications", large).want(t, "too large", 413, 1007)
	knock(t, d, nil, "POST", "/api/v1/session/certificate", large[:70<<10]).want(t, "too large", 413, 1007)

	a := knock(t, d, nil, "POST", "/api/v1/session/challenge", "")
	cookies := (&http.Response{Header: a.header}).Cookies()
	if a.status != 200 || len(cookies) != 1 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteLaxMode {
		t.Fatalf("status %d, cookies %v", a.status, cookies)
	}
	knock(t, d, cookies[0], "GET", "/api/v1/session", "").want(t, "a session of nobody", 401, 1004)
	slow := func(path, body string, most int) {
		t.Helper()
		for range most {
			if a := knock(t, d, nil, "POST", path, body); a.status == 429 {
				if a.Code != 1006 || a.RetryAfter < 1 {
					t.Errorf("%s: %+v", path, a.ProblemDetails)
				}
				return
			}
		}
		t.Errorf("%s is never slowed down", path)
	}
	slow("/api/v1/session/certificate", `{"signature":"MIIC"}`, 6)
	slow("/api/v1/session/passkey", `{"response":{"id":"AA"}}`, 6)
	slow("/api/v1/verifications", `{"signature":"MIIC"}`, 60)
	slow("/api/v1/session/challenge", "", 90)
}
