package signin_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/outside/signin"
	"github.com/ingam-pki/ingam/internal/outside/simulator/provider"
)

var start = time.Date(2026, 3, 14, 1, 30, 0, 0, time.UTC)

const back = "https://bank.example/console/login/return"

type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time       { c.mu.Lock(); defer c.mu.Unlock(); return c.at }
func (c *clock) move(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.at = c.at.Add(d) }

// world is a client and the provider that it speaks with, over HTTP.
type world struct {
	*signin.Client
	provider *provider.Provider
	server   *httptest.Server
	clock    *clock
	asked    atomic.Int32 // requests that the provider got
}

func open(t testing.TB) *world {
	t.Helper()
	w := &world{clock: &clock{at: start}}
	w.provider = provider.New([]provider.Person{{Number: "240117", Name: "김창구", Role: "teller", Branch: "012"},
		{Number: "110215", Name: "안보안", Role: "security-officer"}}, w.clock.now)
	handler := w.provider.Handler()
	w.server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.asked.Add(1)
		handler.ServeHTTP(rw, r)
	}))
	t.Cleanup(w.server.Close)
	w.provider.Register("ingam", "s3cret & more", back)
	w.Client = w.client(t, func(*signin.Config) {})
	return w
}

func (w *world) client(t testing.TB, change func(c *signin.Config)) *signin.Client {
	t.Helper()
	c := signin.Config{Issuer: w.server.URL + provider.Path, ClientID: "ingam", Secret: "s3cret & more", RedirectURL: back,
		NumberClaim: "employee_number", Transport: http.DefaultTransport, Now: w.clock.now}
	change(&c)
	client, err := signin.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// browser goes where it is sent, chooses a person and gives what it brings back.
func (w *world) browser(t testing.TB, redirect, number string) url.Values {
	t.Helper()
	do := func(method, body string) *http.Response {
		r, err := http.NewRequestWithContext(t.Context(), method, redirect, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		res, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = res.Body.Close() })
		return res
	}
	if page := do(http.MethodGet, ""); page.StatusCode != http.StatusOK || page.Header.Get("X-Ingam-Simulator") != "1" {
		t.Fatalf("the page: %s", page.Status)
	}
	res := do(http.MethodPost, url.Values{"number": {number}}.Encode())
	to, err := res.Location()
	if err != nil || !strings.HasPrefix(to.String(), back+"?") {
		t.Fatalf("%s, %v, %v", res.Status, to, err)
	}
	return to.Query()
}

// login goes the whole way.
func (w *world) login(t testing.TB) (staff.Claims, error) {
	t.Helper()
	redirect, state, err := w.Begin(t.Context())
	if err != nil {
		return staff.Claims{}, err
	}
	return w.Finish(t.Context(), state, w.browser(t, redirect, "240117"))
}

func refused(t testing.TB, what string, err error, want *fault.Fault) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, want %s", what, err, want.Name)
	}
}

func TestLogin(t *testing.T) {
	t.Parallel()
	w := open(t)
	redirect, _, err := w.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(redirect)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	for name, want := range map[string]string{"response_type": "code", "client_id": "ingam", "redirect_uri": back,
		"scope": "openid profile", "code_challenge_method": "S256", "max_age": "600"} {
		if q.Get(name) != want {
			t.Errorf("%s is %q", name, q.Get(name))
		}
	}
	seen := map[string]bool{}
	for range 3 {
		redirect, state, err := w.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		u, _ := url.Parse(redirect)
		for _, name := range []string{"state", "nonce", "code_challenge"} {
			v := u.Query().Get(name)
			if len(v) < 22 || seen[v] {
				t.Errorf("%s %q is short, or comes twice", name, v)
			}
			seen[v] = true
		}
		if strings.Contains(redirect, "s3cret") || strings.Contains(string(state), "s3cret") {
			t.Error("the secret goes out")
		}
	}
	var first staff.Claims
	for n := range 2 {
		got, err := w.login(t)
		if err != nil || got.Number != "240117" || got.Name != "김창구" || got.Issuer != w.server.URL+provider.Path || got.Subject == "" || got.Subject == got.Number {
			t.Fatalf("%+v, %v", got, err)
		}
		if n > 0 && got != first {
			t.Errorf("somebody else the second time: %+v", got)
		}
		first = got
	}
	w.Client = w.client(t, func(c *signin.Config) { c.NumberClaim = "name" }) // whatever the bank calls it
	if got, err := w.login(t); err != nil || got.Number != "김창구" {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestMisdeeds: whatever the provider does wrong, nobody comes in, and the
// refusal says which sort of wrong it is.
func TestMisdeeds(t *testing.T) {
	t.Parallel()
	w := open(t)
	if _, err := w.login(t); err != nil {
		t.Fatal(err)
	}
	answer, down := staff.ErrProviderAnswer, staff.ErrProviderDown
	for deed, want := range map[provider.Misdeed]*fault.Fault{
		provider.WrongNonce: answer, provider.NoNonce: answer, provider.WrongAudience: answer, provider.TwoAudiences: answer,
		provider.OtherParty: answer, provider.WrongIssuer: answer, provider.Expired: answer, provider.Future: answer, provider.Old: answer,
		provider.AlgNone: answer, provider.PublicHMAC: answer, provider.OtherKey: answer, provider.CarriedKey: answer, provider.Spoiled: answer,
		provider.ReplayedToken: answer, provider.NoIDToken: answer, provider.NoAuthTime: answer, provider.NoSubject: answer,
		provider.NoNumber: answer, provider.NumberNoText: answer, provider.WrongHash: answer, provider.Stale: staff.ErrProviderStale,
		provider.TokenBroken: down, provider.TokenHuge: down, provider.TokenMalformed: down, provider.TokenElsewhere: down,
	} {
		w.provider.Misbehave(deed)
		got, err := w.login(t)
		refused(t, string(deed), err, want)
		if got != (staff.Claims{}) {
			t.Errorf("%s: and yet it says who: %+v", deed, got)
		}
		if text := err.Error(); strings.Contains(text, "s3cret") || strings.Contains(text, "240117") || strings.Contains(text, "eyJ") {
			t.Errorf("%s: the log is told %q", deed, text)
		}
	}
	w.provider.Misbehave(provider.OtherSubject)
	if got, err := w.login(t); err != nil || got.Subject != "somebody" { // for staff to find out
		t.Errorf("another subject: %+v, %v", got, err)
	}
	w.provider.Misbehave(provider.None)
	if _, err := w.login(t); err != nil {
		t.Errorf("when it does right again: %v", err)
	}
}

// TestDown: what the provider says of itself, and its keys, can't be had.
func TestDown(t *testing.T) {
	t.Parallel()
	for _, deed := range []provider.Misdeed{provider.DiscoveryDown, provider.DiscoveryHuge, provider.DiscoveryOther, provider.DiscoveryPlain,
		provider.KeysBroken, provider.KeysHuge} {
		w := open(t)
		w.provider.Misbehave(deed)
		_, err := w.login(t)
		refused(t, string(deed), err, staff.ErrProviderDown)
		if err != nil && len(err.Error()) > 600 {
			t.Errorf("%s: the log is told %d bytes", deed, len(err.Error()))
		}
		w.provider.Misbehave(provider.None)
		if _, err := w.login(t); err != nil {
			t.Errorf("after %s: %v", deed, err)
		}
	}
	w := open(t)
	w.server.Close()
	_, err := w.login(t)
	refused(t, "nobody there", err, staff.ErrProviderDown)
}

// TestHangs: a provider that does not answer is waited for until the caller
// leaves, and no longer than the time-out.
func TestHangs(t *testing.T) {
	t.Parallel()
	w := open(t)
	if _, err := w.login(t); err != nil {
		t.Fatal(err)
	}
	w.provider.Misbehave(provider.TokenHangs)
	redirect, state, err := w.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	query := w.browser(t, redirect, "240117")
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err = w.Finish(ctx, state, query)
	refused(t, "a caller who leaves", err, staff.ErrProviderDown)
	_, err = w.Finish(t.Context(), state, query)
	refused(t, "a caller who waits", err, staff.ErrProviderDown)
}

// TestReturns: what a browser brings back that was not sent so.
func TestReturns(t *testing.T) {
	t.Parallel()
	w := open(t)
	begin := func() (string, []byte) {
		redirect, state, err := w.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return redirect, state
	}
	redirect, state := begin()
	good := w.browser(t, redirect, "240117")
	theirs, theirState := begin()
	other := w.browser(t, theirs, "110215")
	with := func(change func(q url.Values)) url.Values {
		q := url.Values{}
		for name, v := range good {
			q[name] = append([]string(nil), v...)
		}
		change(q)
		return q
	}
	before := w.asked.Load()
	for name, tt := range map[string]struct {
		state []byte
		query url.Values
		want  *fault.Fault
	}{
		"the state of another browser":  {theirState, good, staff.ErrProviderState},
		"another's answer in this one":  {state, other, staff.ErrProviderState},
		"no state in the answer":        {state, with(func(q url.Values) { q.Del("state") }), staff.ErrProviderState},
		"no state kept":                 {nil, good, staff.ErrProviderState},
		"a state of nothing":            {[]byte("{}"), with(func(q url.Values) { q.Set("state", "") }), staff.ErrProviderState},
		"two states":                    {state, with(func(q url.Values) { q.Add("state", "x") }), staff.ErrProviderState},
		"two codes":                     {state, with(func(q url.Values) { q.Add("code", "x") }), staff.ErrProviderState},
		"a long code":                   {state, with(func(q url.Values) { q.Set("code", strings.Repeat("x", 5000)) }), staff.ErrProviderState},
		"another provider's (RFC 9207)": {state, with(func(q url.Values) { q.Set("iss", "https://evil.example") }), staff.ErrProviderAnswer},
		"a provider that hides":         {state, with(func(q url.Values) { q.Del("iss") }), staff.ErrProviderAnswer},
		"neither code nor error":        {state, with(func(q url.Values) { q.Del("code") }), staff.ErrProviderAnswer},
		"called off":                    {state, with(func(q url.Values) { q.Set("error", "access_denied") }), staff.ErrProviderCancelled},
		"out of order":                  {state, with(func(q url.Values) { q.Set("error", "server_error") }), staff.ErrProviderDown},
		"our mistake":                   {state, with(func(q url.Values) { q.Set("error", "<script>") }), staff.ErrProviderAnswer},
	} {
		_, err := w.Finish(t.Context(), tt.state, tt.query)
		refused(t, name, err, tt.want)
	}
	if now := w.asked.Load(); now != before {
		t.Errorf("the provider was asked %d times", now-before)
	}

	// A code that was stolen and planted: the verifier is another browser's, and
	// where nobody asks for it, so is the nonce.
	planted := with(func(q url.Values) { q.Set("code", other.Get("code")) })
	_, err := w.Finish(t.Context(), state, planted)
	refused(t, "a planted code", err, staff.ErrProviderAnswer)
	redirect, state = begin()
	again := w.browser(t, redirect, "240117")
	theirs, _ = begin()
	again.Set("code", w.browser(t, theirs, "110215").Get("code"))
	w.provider.Misbehave(provider.NoPKCE)
	_, err = w.Finish(t.Context(), state, again)
	refused(t, "a planted code, and no verifier asked for", err, staff.ErrProviderAnswer)
	w.provider.Misbehave(provider.None)

	redirect, state = begin()
	once := w.browser(t, redirect, "240117")
	if _, err := w.Finish(t.Context(), state, once); err != nil {
		t.Fatal(err)
	}
	_, err = w.Finish(t.Context(), state, once)
	refused(t, "the same code twice", err, staff.ErrProviderAnswer)
	redirect, state = begin()
	late := w.browser(t, redirect, "240117")
	w.clock.move(2 * time.Minute)
	_, err = w.Finish(t.Context(), state, late)
	refused(t, "a code of two minutes ago", err, staff.ErrProviderAnswer)
	redirect, state = begin()
	cancelled := w.browser(t, redirect, "")
	_, err = w.Finish(t.Context(), state, cancelled)
	refused(t, "called off at the provider", err, staff.ErrProviderCancelled)
}

// TestWrongSecret: the provider lets nobody else ask.
func TestWrongSecret(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.Client = w.client(t, func(c *signin.Config) { c.Secret = "another" })
	_, err := w.login(t)
	refused(t, "another secret", err, staff.ErrProviderAnswer)
}

// TestDiscoveryIsKept: what the provider says of itself is asked for once an
// hour.
func TestDiscoveryIsKept(t *testing.T) {
	t.Parallel()
	w := open(t)
	for range 3 {
		if _, _, err := w.Begin(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := w.asked.Load(); n != 1 {
		t.Errorf("asked %d times", n)
	}
	w.clock.move(time.Hour)
	if _, _, err := w.Begin(t.Context()); err != nil || w.asked.Load() != 2 {
		t.Errorf("asked %d times, %v", w.asked.Load(), err)
	}
}
