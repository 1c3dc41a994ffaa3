package client_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/client"
)

func serve(t *testing.T, h http.HandlerFunc) *client.Client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	c, err := client.New(srv.URL+"/", srv.Client(), "en")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRequestsAsDescribed(t *testing.T) {
	t.Parallel()
	var got []string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.Header.Get("Accept-Language") != "en" {
			t.Errorf("Accept-Language is %q", r.Header.Get("Accept-Language"))
		}
		if len(body) > 0 && r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("Content-Type is %q", r.Header.Get("Content-Type"))
		}
		got = append(got, r.Method+" "+r.URL.RequestURI()+" "+string(body))
		w.Header().Set("Content-Type", "application/json")
		switch {
		case r.Method == http.MethodDelete:
			w.WriteHeader(http.StatusNoContent)
		case r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "applications"):
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, `{"id":"A1","kind":"personal-bank","state":"started","needs":["consent"],"proofs":[],
				"createdAt":"2027-03-14T00:00:00Z","expiresAt":"2027-03-15T00:00:00Z"}`)
		default:
			_, _ = io.WriteString(w, `{}`)
		}
	})
	ctx := t.Context()
	a, created, err := c.Start(ctx, client.KindPersonalBank)
	if err != nil || !created || a.ID != "A1" || a.Needs[0] != client.NeedConsent || a.ExpiresAt.Day() != 15 {
		t.Errorf("Start: %+v, %v, %v", a, created, err)
	}
	calls := []func() error{
		func() error { _, err := c.LogIn(ctx, "hong", "secret"); return err },
		func() error { _, err := c.Session(ctx); return err },
		func() error { _, err := c.Kinds(ctx); return err },
		func() error { _, err := c.Terms(ctx, client.KindPersonalBank); return err },
		func() error { _, err := c.Applications(ctx); return err },
		func() error { _, err := c.Application(ctx, "A1"); return err },
		func() error {
			_, err := c.Consent(ctx, "A1", []client.ConsentGiven{{Name: "service", Version: "1", SHA256: "00"}})
			return err
		},
		func() error {
			_, err := c.ProveIDCard(ctx, "A1", client.IDCardProof{Document: client.DocumentPassport, Image: []byte{1, 2, 3}})
			return err
		},
		func() error { _, err := c.ProveAccount(ctx, "A1", "110-1", "1234"); return err },
		func() error { _, err := c.ProveOTP(ctx, "A1", "123456"); return err },
		func() error { _, err := c.SendPhoneCode(ctx, "A1"); return err },
		func() error { _, err := c.ProvePhone(ctx, "A1", "654321"); return err },
		func() error { _, err := c.KeyRequest(ctx, "A1"); return err },
		func() error {
			_, created, err := c.Certify(ctx, "A1", []byte{4})
			if created {
				t.Error("Certify: status 200 was taken as created")
			}
			return err
		},
		func() error { _, err := c.Certificate(ctx, "A1"); return err },
		func() error { _, err := c.Certificates(ctx); return err },
		func() error { _, _, err := c.StartFor(ctx, client.ChangeWayRenew, "0a1b"); return err },
		func() error { _, _, err := c.Renew(ctx, "A1", []byte{4}); return err },
		func() error { _, err := c.Resume(ctx, "A1"); return err },
		func() error { _, err := c.CertificateBySerial(ctx, "0a1b"); return err },
		func() error { _, err := c.Suspend(ctx, "0a1b"); return err },
		func() error {
			_, err := c.Revoke(ctx, "0a1b", client.RevocationRequest{Reason: client.CustomerReasonKeyCompromise, OTP: "123456"})
			return err
		},
		func() error { _, err := c.EmergencyCode(ctx, "0a1b"); return err },
		func() error { _, err := c.ReportLoss(ctx); return err },
		func() error { _, err := c.ReportLossByCode(ctx, "7K2M"); return err },
		func() error { _, err := c.History(ctx, ""); return err },
		func() error { _, err := c.History(ctx, "0a1b"); return err },
		func() error { _, err := c.Advice(ctx, "0a1b", false); return err },
		func() error { _, err := c.Notices(ctx); return err },
		func() error { _, err := c.NoticePreferences(ctx); return err },
		func() error {
			_, err := c.ChooseNotices(ctx, client.NoticeChoice{Channels: client.ChannelChoiceBoth, Language: client.LanguageEn})
			return err
		},
		func() error { return c.Abandon(ctx, "A1") },
		func() error { return c.LogOut(ctx) },
		func() error { return c.Health(ctx) },
		func() error { _, err := c.Branches(ctx, "", false); return err },
		func() error {
			_, err := c.Branches(ctx, "Jung-gu, Seoul", true, client.BranchServiceForeign, client.BranchServiceParking)
			return err
		},
		func() error { _, err := c.Branch(ctx, "012"); return err },
	}
	for i, call := range calls {
		if err := call(); err != nil {
			t.Errorf("call %d: %v", i, err)
		}
	}
	want := []string{
		`POST /api/v1/applications {"kind":"personal-bank"}`,
		`POST /api/v1/session {"loginId":"hong","password":"secret"}`,
		`GET /api/v1/session `,
		`GET /api/v1/kinds `,
		`GET /api/v1/kinds/personal-bank/terms `,
		`GET /api/v1/applications `,
		`GET /api/v1/applications/A1 `,
		`POST /api/v1/applications/A1/consent {"terms":[{"name":"service","sha256":"00","version":"1"}]}`,
		`POST /api/v1/applications/A1/proofs/id-card {"document":"passport","image":"AQID","issueDate":"","name":"","number":""}`,
		`POST /api/v1/applications/A1/proofs/account {"account":"110-1","password":"1234"}`,
		`POST /api/v1/applications/A1/proofs/otp {"code":"123456"}`,
		`POST /api/v1/applications/A1/proofs/phone/code `,
		`POST /api/v1/applications/A1/proofs/phone {"code":"654321"}`,
		`POST /api/v1/applications/A1/key-request `,
		`POST /api/v1/applications/A1/certificate {"csr":"BA=="}`,
		`GET /api/v1/applications/A1/certificate `,
		`GET /api/v1/certificates `,
		`POST /api/v1/applications {"certificate":"0a1b","way":"renew"}`,
		`POST /api/v1/applications/A1/certificate {"csr":"BA==","type":"application/pkcs7-mime"}`,
		`POST /api/v1/applications/A1/resume `,
		`GET /api/v1/certificates/0a1b `,
		`POST /api/v1/certificates/0a1b/suspension `,
		`POST /api/v1/certificates/0a1b/revocation {"otp":"123456","reason":"key-compromise"}`,
		`GET /api/v1/certificates/0a1b/emergency-code `,
		`POST /api/v1/loss `,
		`POST /api/v1/loss/emergency-code {"code":"7K2M"}`,
		`GET /api/v1/history `,
		`GET /api/v1/history?certificate=0a1b `,
		`GET /api/v1/advice?certificate=0a1b&key=no `,
		`GET /api/v1/notices `,
		`GET /api/v1/notices/preferences `,
		`PUT /api/v1/notices/preferences {"channels":"both","language":"en"}`,
		`DELETE /api/v1/applications/A1 `,
		`DELETE /api/v1/session `,
		`GET /api/v1/health `,
		`GET /api/v1/branches?place=&open=false `,
		`GET /api/v1/branches?place=Jung-gu%2C+Seoul&open=true&service=foreign&service=parking `,
		`GET /api/v1/branches/012 `,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestProblem(t *testing.T) {
	t.Parallel()
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusLocked)
		_, _ = io.WriteString(w, `{"type":"urn:ingam:problem:otp-locked","title":"Your token is locked.","detail":"Go to a branch.",
			"status":423,"code":3403,"name":"otp-locked","request":"R1","retryAfter":90,"params":{"left":"0"}}`)
	})
	_, err := c.ProveOTP(t.Context(), "A1", "123456")
	var problem *client.Problem
	if !errors.As(err, &problem) {
		t.Fatalf("error is %v", err)
	}
	want := client.Problem{Status: 423, Code: 3403, Name: "otp-locked", Title: "Your token is locked.", Detail: "Go to a branch.",
		Request: "R1", RetryAfter: 90 * time.Second, Params: map[string]string{"left": "0"}}
	if diff := cmp.Diff(want, *problem); diff != "" {
		t.Error(diff)
	}
	if problem.Error() != "Your token is locked. (3403)" {
		t.Errorf("Error() is %q", problem.Error())
	}
}

// TestStrangeAnswers sees that what is no answer of the service is an error,
// and no *Problem.
func TestStrangeAnswers(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]http.HandlerFunc{
		"a page of something else": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, "<p>hotel wifi")
		},
		"a bare status": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
		"a redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/elsewhere", http.StatusTemporaryRedirect)
		},
		"broken JSON": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"subscriber":`)
		},
		"broken problem": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `[]`)
		},
		"too much": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"pad":"`+strings.Repeat("a", 5<<20)+`"}`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := serve(t, h).LogIn(t.Context(), "hong", "secret")
			var problem *client.Problem
			if err == nil || errors.As(err, &problem) {
				t.Errorf("error is %v", err)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("error has the password: %v", err)
			}
		})
	}
}

func TestNewWantsAPlainURL(t *testing.T) {
	t.Parallel()
	for _, u := range []string{"", "bank.example", "ftp://bank.example", "http://", "https://a:b@bank.example", "https://bank.example/?q", "http://%zz"} {
		if _, err := client.New(u, nil, "ko"); err == nil {
			t.Errorf("%q was taken", u)
		}
	}
	if _, err := client.New("https://bank.example/ingam/", nil, "ko"); err != nil {
		t.Error(err)
	}
}

// TestSessionsAreApart sees that two clients over one http.Client don't share
// a session.
func TestSessionsAreApart(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.Method == http.MethodPost {
			http.SetCookie(w, &http.Cookie{Name: "ingam_session", Value: "one", Path: "/"})
			_, _ = io.WriteString(w, `{"subscriber":{"id":"1","name":"","sort":"individual"}}`)
			return
		}
		cookie, err := r.Cookie("ingam_session")
		if err != nil {
			cookie = &http.Cookie{}
		}
		_, _ = io.WriteString(w, `{"subscriber":{"id":"`+cookie.Value+`","name":"","sort":"individual"}}`)
	}))
	t.Cleanup(srv.Close)
	shared := srv.Client()
	a, err := client.New(srv.URL, shared, "ko")
	if err != nil {
		t.Fatal(err)
	}
	b, err := client.New(srv.URL, shared, "ko")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.LogIn(t.Context(), "hong", "secret"); err != nil {
		t.Fatal(err)
	}
	first, err1 := a.Session(t.Context())
	second, err2 := b.Session(t.Context())
	if err1 != nil || err2 != nil || first.ID != "one" || second.ID != "" {
		t.Errorf("a: %+v %v, b: %+v %v", first, err1, second, err2)
	}
}
