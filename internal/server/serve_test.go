package server_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/server"
)

// TestServeShowsNoDemo opens a bank that is no demo but has simulators turned
// on, by https and behind a proxy: its pages say so, and show neither a sample
// customer nor where the simulators are.
func TestServeShowsNoDemo(t *testing.T) {
	t.Parallel()
	c := config()
	c.Data = t.TempDir()
	c.URL, c.StatusURL = "https://bank.example", "http://status.bank.example"
	c.Services.Simulators = []string{server.SimIDCheck, server.SimCoreBank, server.SimMessage}
	o := server.Options{Passphrase: []byte("a passphrase for this test"), Sealing: cheap}
	if _, err := server.Init(t.Context(), authz.Caller{Role: authz.Operator, ID: "test"}, c, o); err != nil {
		t.Fatal(err)
	}
	o.Passphrase = []byte("a passphrase for this test")
	s, err := server.Open(t.Context(), c, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(run(t, s))
	for _, path := range []string{"/", "/login", "/wallet", "/verify", "/no-such-page"} {
		res, body := visit(t, s, http.MethodGet, path)
		if res.Header.Get("Strict-Transport-Security") == "" {
			t.Errorf("%s: no Strict-Transport-Security", path)
		}
		if !strings.Contains(body, "simulated") {
			t.Errorf("%s does not say that services are simulated", path)
		}
		for _, secret := range append([]string{"127.0.0.1", "localhost", "simulators</a>"}, samplePasswords()...) {
			if strings.Contains(body, secret) {
				t.Errorf("%s shows %q", path, secret)
			}
		}
	}
	for what, path := range map[string]string{"a refused login": "/login", "settings": "/settings"} {
		res, _ := visit(t, s, http.MethodPost, path)
		for _, cookie := range res.Cookies() {
			if !cookie.Secure || cookie.SameSite != http.SameSiteLaxMode {
				t.Errorf("%s: %v", what, cookie)
			}
		}
		if len(res.Cookies()) == 0 {
			t.Errorf("%s sets no cookie", what)
		}
	}
}

func samplePasswords() (all []string) {
	for _, s := range simulator.Samples {
		all = append(all, s.Password)
	}
	return all
}

func visit(t *testing.T, s *server.Server, method, path string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, "http://"+s.Address().String()+path, strings.NewReader("lang=en&loginId=hong&password=wrong"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html")
	r.Header.Set("Accept-Language", "en")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}
