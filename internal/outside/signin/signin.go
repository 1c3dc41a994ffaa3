// Package signin lets staff log in by the bank's own OpenID provider: OpenID
// Connect Core 1.0, authorization code flow, with PKCE (RFC 7636, S256), state
// and nonce. It implements staff.Provider.
//
// What the provider says is believed when its ID token holds in every point:
// signed by a key that the provider publishes, for us alone, just now, in answer
// to this very login. Nothing else that it sends is looked at.
package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/ingam-pki/ingam/internal/control/staff"
)

const (
	// MaxAge is how long ago somebody may have typed their password there.
	MaxAge = 10 * time.Minute
	// skew is by how much the provider's clock may be ahead of ours.
	skew = time.Minute
	// callTime is how long one question may take, maxBody how large the answer
	// may be, in bytes.
	callTime = 5 * time.Second
	maxBody  = 256 << 10
	// discoveryLasts is how long we go by what the provider says of itself.
	discoveryLasts = time.Hour
	// maxParam is how long a parameter of the browser's may be, in bytes.
	maxParam = 2048
)

// algorithms are those that an ID token may be signed by: none that needs a
// secret which both sides know, and never none.
var algorithms = []string{oidc.RS256, oidc.PS256, oidc.ES256}

// Config says which provider it is, and who we are to it.
type Config struct {
	Issuer      string // its address, as its tokens say it
	ClientID    string
	Secret      string // of the client
	RedirectURL string // where it sends browsers back to
	NumberClaim string // which claim is the employee number
	Transport   http.RoundTripper
	Now         func() time.Time
}

// Client speaks with one provider. It is safe for use by many goroutines.
type Client struct {
	config Config
	http   *http.Client

	mu    sync.Mutex
	known *discovered
}

var _ staff.Provider = (*Client)(nil)

// discovered is what the provider says of itself.
type discovered struct {
	oauth    oauth2.Config
	verifier *oidc.IDTokenVerifier
	until    time.Time
	issIn    bool // it names itself in answers (RFC 9207)
}

// New makes a client. Nothing is asked yet.
func New(c Config) (*Client, error) {
	if !Fitting(c.Issuer) || !Fitting(c.RedirectURL) {
		return nil, errors.New("signin: issuer and redirect have to be https://… (http:// only on this computer)")
	}
	if c.ClientID == "" || c.Secret == "" || c.NumberClaim == "" || c.Transport == nil || c.Now == nil {
		return nil, errors.New("signin: a client, its secret, a claim, a transport and a clock are needed")
	}
	return &Client{config: c, http: &http.Client{
		Transport: bounded{c.Transport}, Timeout: callTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return errors.New("signin: the provider redirects us") },
	}}, nil
}

// Fitting says whether secrets can go to an address: by TLS, or not beyond this
// computer.
func Fitting(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return false
	}
	host := u.Hostname()
	ip := net.ParseIP(host)
	return u.Scheme == "https" || u.Scheme == "http" && (host == "localhost" || ip != nil && ip.IsLoopback())
}

// began is what an answer is held against.
type began struct {
	State    string `json:"state"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"`
}

// Begin gives the address to send the browser to. Errors: staff.ErrProviderDown.
func (c *Client) Begin(ctx context.Context) (redirect string, state []byte, err error) {
	d, err := c.discover(ctx)
	if err != nil {
		return "", nil, staff.ErrProviderDown.With(err)
	}
	b := began{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier()}
	if state, err = json.Marshal(b); err != nil {
		return "", nil, fmt.Errorf("encoding a login: %w", err)
	}
	return d.oauth.AuthCodeURL(b.State, oidc.Nonce(b.Nonce), oauth2.S256ChallengeOption(b.Verifier),
		oauth2.SetAuthURLParam("max_age", fmt.Sprint(int(MaxAge.Seconds())))), state, nil
}

// Finish checks what the browser has brought back, has the provider give the
// token for it, and checks that.
func (c *Client) Finish(ctx context.Context, state []byte, query map[string][]string) (staff.Claims, error) {
	var b began
	if json.Unmarshal(state, &b) != nil || b.State == "" || b.Nonce == "" || b.Verifier == "" {
		return staff.Claims{}, staff.ErrProviderState.With(nil)
	}
	for _, name := range []string{"state", "code", "error", "iss"} {
		if v := query[name]; len(v) > 1 || len(v) == 1 && len(v[0]) > maxParam {
			return staff.Claims{}, staff.ErrProviderState.With(errors.New("a parameter comes twice, or is too long"))
		}
	}
	if subtle.ConstantTimeCompare([]byte(url.Values(query).Get("state")), []byte(b.State)) != 1 {
		return staff.Claims{}, staff.ErrProviderState.With(errors.New("state differs"))
	}
	d, err := c.discover(ctx)
	if err != nil {
		return staff.Claims{}, staff.ErrProviderDown.With(err)
	}
	iss := url.Values(query).Get("iss")
	if iss != "" && iss != c.config.Issuer || iss == "" && d.issIn {
		return staff.Claims{}, staff.ErrProviderAnswer.With(errors.New("the answer is another provider's"))
	}
	if problem := url.Values(query).Get("error"); problem != "" {
		return staff.Claims{}, cancelled(problem)
	}
	code := url.Values(query).Get("code")
	if code == "" {
		return staff.Claims{}, staff.ErrProviderAnswer.With(errors.New("neither code nor error"))
	}
	raw, access, err := c.exchange(ctx, d, code, b.Verifier)
	if err != nil {
		return staff.Claims{}, err
	}
	return c.judge(ctx, d, raw, access, b.Nonce)
}

// cancelled gives a face to the provider's word that there is no code. Only its
// own words go on to the log.
func cancelled(problem string) error {
	switch problem {
	case "temporarily_unavailable", "server_error":
		return staff.ErrProviderDown.With(errors.New(problem))
	case "access_denied", "login_required", "interaction_required", "consent_required", "account_selection_required":
		return staff.ErrProviderCancelled.With(errors.New(problem))
	}
	return staff.ErrProviderAnswer.With(errors.New("the provider refused the request"))
}

// exchange has the provider give the ID token for a code.
func (c *Client) exchange(ctx context.Context, d *discovered, code, verifier string) (raw, access string, err error) {
	token, err := d.oauth.Exchange(oidc.ClientContext(ctx, c.http), code, oauth2.VerifierOption(verifier))
	var refusal *oauth2.RetrieveError
	switch {
	case errors.As(err, &refusal) && refusal.Response != nil && refusal.Response.StatusCode < 500 && refusal.ErrorCode != "":
		// Its text may quote what we sent: only the code goes on.
		return "", "", staff.ErrProviderAnswer.With(fmt.Errorf("exchanging the code: status %d, %.40q", refusal.Response.StatusCode, refusal.ErrorCode))
	case errors.As(err, &refusal) && refusal.Response != nil:
		return "", "", staff.ErrProviderDown.With(fmt.Errorf("exchanging the code: status %d", refusal.Response.StatusCode))
	case err != nil:
		return "", "", staff.ErrProviderDown.With(fmt.Errorf("exchanging the code: %w", err))
	}
	raw, _ = token.Extra("id_token").(string)
	if raw == "" {
		return "", "", staff.ErrProviderAnswer.With(errors.New("no ID token"))
	}
	return raw, token.AccessToken, nil
}

// said are the claims that go-oidc does not check (OpenID Connect Core §2,
// §3.1.3.7).
type said struct {
	AuthorizedParty *string `json:"azp"`
	AuthTime        *int64  `json:"auth_time"`
	Name            string  `json:"name"`
}

// judge checks an ID token (§3.1.3.7) and gives what it says.
func (c *Client) judge(ctx context.Context, d *discovered, raw, access, nonce string) (staff.Claims, error) {
	fail := func(why string, err error) (staff.Claims, error) {
		return staff.Claims{}, staff.ErrProviderAnswer.With(fmt.Errorf("ID token: %s: %w", why, err))
	}
	no := errors.New("not as it has to be")
	fetched := new(trouble)
	token, err := d.verifier.Verify(context.WithValue(ctx, troubleKey{}, fetched), raw)
	if fetched.err != nil {
		return staff.Claims{}, staff.ErrProviderDown.With(fetched.err)
	}
	if err != nil {
		return fail("not verified", err)
	}
	var s said
	var all map[string]any
	if err := errors.Join(token.Claims(&s), token.Claims(&all)); err != nil {
		return fail("claims", err)
	}
	now := c.config.Now()
	number, _ := all[c.config.NumberClaim].(string)
	switch {
	case subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(nonce)) != 1:
		return fail("nonce", no)
	case len(token.Audience) > 1 && s.AuthorizedParty == nil, s.AuthorizedParty != nil && *s.AuthorizedParty != c.config.ClientID:
		return fail("azp", no)
	case token.IssuedAt.After(now.Add(skew)), token.IssuedAt.Before(now.Add(-MaxAge)):
		return fail("iat", no)
	case token.Subject == "" || len(token.Subject) > 255:
		return fail("sub", no)
	case s.AuthTime == nil:
		return fail("auth_time", no)
	case time.Unix(*s.AuthTime, 0).After(now.Add(skew)):
		return fail("auth_time", no)
	case number == "" || len(number) > 64:
		return fail("employee number", no)
	}
	if token.AccessTokenHash != "" {
		if err := token.VerifyAccessToken(access); err != nil {
			return fail("at_hash", err)
		}
	}
	if now.Sub(time.Unix(*s.AuthTime, 0)) > MaxAge+skew {
		return staff.Claims{}, staff.ErrProviderStale.With(nil)
	}
	return staff.Claims{Issuer: token.Issuer, Subject: token.Subject, Number: number, Name: s.Name}, nil
}

// discover asks the provider about itself, now and then.
func (c *Client) discover(ctx context.Context) (*discovered, error) {
	c.mu.Lock()
	known := c.known
	c.mu.Unlock()
	if known != nil && c.config.Now().Before(known.until) {
		return known, nil
	}
	// Not the request's context: the keys are asked for later, too.
	ctx, stop := context.WithTimeout(oidc.ClientContext(context.WithoutCancel(ctx), c.http), callTime)
	defer stop()
	p, err := oidc.NewProvider(ctx, c.config.Issuer)
	if err != nil {
		return nil, short(err)
	}
	var more struct {
		Keys    string   `json:"jwks_uri"`
		IssIn   bool     `json:"authorization_response_iss_parameter_supported"`
		Methods []string `json:"token_endpoint_auth_methods_supported"`
	}
	if err := p.Claims(&more); err != nil {
		return nil, fmt.Errorf("reading discovery: %w", err)
	}
	endpoint := p.Endpoint()
	if !Fitting(endpoint.AuthURL) || !Fitting(endpoint.TokenURL) || !Fitting(more.Keys) {
		return nil, errors.New("the provider names an address that is not https")
	}
	endpoint.AuthStyle = oauth2.AuthStyleInHeader
	if len(more.Methods) > 0 && !slices.Contains(more.Methods, "client_secret_basic") {
		endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	keys := watched{oidc.NewRemoteKeySet(oidc.ClientContext(context.WithoutCancel(ctx), c.http), more.Keys)}
	d := &discovered{
		oauth: oauth2.Config{ClientID: c.config.ClientID, ClientSecret: c.config.Secret, Endpoint: endpoint,
			RedirectURL: c.config.RedirectURL, Scopes: []string{oidc.ScopeOpenID, "profile"}},
		verifier: oidc.NewVerifier(c.config.Issuer, keys, &oidc.Config{
			ClientID: c.config.ClientID, SupportedSigningAlgs: algorithms, Now: c.config.Now}),
		until: c.config.Now().Add(discoveryLasts), issIn: more.IssIn,
	}
	c.mu.Lock()
	c.known = d
	c.mu.Unlock()
	return d, nil
}

// short keeps a provider's page out of the log.
func short(err error) error {
	text := err.Error()
	if len(text) > 200 {
		return errors.New(strings.ToValidUTF8(text[:200], "") + "…")
	}
	return err
}

// watched tells keys that could not be had from a signature that is wrong: the
// library says both in one way.
type watched struct{ oidc.KeySet }

type trouble struct{ err error }

type troubleKey struct{}

func (w watched) VerifySignature(ctx context.Context, jwt string) ([]byte, error) {
	payload, err := w.KeySet.VerifySignature(ctx, jwt)
	if t, ok := ctx.Value(troubleKey{}).(*trouble); ok && err != nil && strings.HasPrefix(err.Error(), "fetching keys") {
		t.err = short(err)
	}
	return payload, err
}

// bounded refuses answers that are larger than any of a provider's is.
type bounded struct{ http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		res.Body = &limited{ReadCloser: res.Body, left: maxBody}
	}
	return res, err
}

type limited struct {
	io.ReadCloser
	left int
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errors.New("signin: the provider's answer is too large")
	}
	n, err := l.ReadCloser.Read(p[:min(len(p), l.left)])
	l.left -= n
	return n, err
}
