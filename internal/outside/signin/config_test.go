package signin_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/outside/signin"
	"github.com/ingam-pki/ingam/internal/outside/simulator/provider"
)

func TestNew(t *testing.T) {
	t.Parallel()
	w := open(t)
	good := signin.Config{Issuer: "https://id.example", ClientID: "c", Secret: "s", RedirectURL: back, NumberClaim: "n",
		Transport: http.DefaultTransport, Now: w.clock.now}
	if _, err := signin.New(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(c *signin.Config){
		"plain issuer": func(c *signin.Config) { c.Issuer = "http://id.example" }, "no issuer": func(c *signin.Config) { c.Issuer = "" },
		"a name like ours": func(c *signin.Config) { c.Issuer = "http://localhost.example" }, "an address like ours": func(c *signin.Config) { c.Issuer = "http://10.0.0.1" },
		"plain redirect": func(c *signin.Config) { c.RedirectURL = "http://bank.example/x" }, "a password": func(c *signin.Config) { c.Issuer = "https://a:b@id.example" },
		"no secret": func(c *signin.Config) { c.Secret = "" }, "no client": func(c *signin.Config) { c.ClientID = "" },
		"no claim": func(c *signin.Config) { c.NumberClaim = "" }, "no clock": func(c *signin.Config) { c.Now = nil },
	} {
		c := good
		change(&c)
		if _, err := signin.New(c); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// FuzzReturn gives anything to what reads a browser's answer.
func FuzzReturn(f *testing.F) {
	w := open(f)
	_, state, err := w.Begin(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(state, "state=x&code=y&iss=z")
	f.Add([]byte(`{"state":"a","nonce":"b","verifier":"c"}`), "state=a&error=access_denied")
	f.Add([]byte(`{"state":"a","nonce":"b","verifier":"c"}`), "state=a&error=x&iss="+url.QueryEscape(w.server.URL+provider.Path))
	f.Fuzz(func(t *testing.T, state []byte, query string) {
		q, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		if _, err := w.Finish(context.Background(), state, q); err == nil || fault.Of(err).Fault == fault.Unexpected {
			t.Errorf("%v", err)
		}
	})
}
