// Package provider plays the bank's OpenID provider: where those who work there
// log in to everything. It speaks OpenID Connect over HTTP (discovery, keys,
// authorization code with PKCE, tokens signed by RS256), and shows a page on
// which a tester chooses who to be; nobody is asked for a password. Each of its
// answers says X-Ingam-Simulator: 1.
//
// For tests it can misbehave: tokens that lie in one point, answers that hang,
// break or never end.
package provider

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// Path is below which everything is; the issuer is the host with it.
const Path = "/signin"

// Person works at the bank.
type Person struct {
	Number, Name, RomanName string
	Role                    string // as the certificate system calls it
	Branch                  string // three digits; empty at headquarters
}

// client is who may ask for tokens.
type client struct{ id, secret, redirect string }

// grant is what a code stands for.
type grant struct {
	person               Person
	client, redirect     string
	nonce, challenge     string
	authenticated, until time.Time
	used                 bool
}

const (
	codeLasts  = time.Minute
	tokenLasts = 5 * time.Minute
	maxGrants  = 1000
)

// Provider is one provider. Make it with New.
type Provider struct {
	now      func() time.Time
	staff    []Person
	key      func() *rsa.PrivateKey // tokens are signed by it
	stranger func() *rsa.PrivateKey // nobody knows it

	mu     sync.Mutex
	client client
	grants map[string]*grant
	order  []string // of codes, oldest first
	last   string   // the ID token that was given last
	deed   Misdeed
}

// New makes a provider of a staff, which tells the time by now. Its keys are
// made when they are first needed.
func New(staff []Person, now func() time.Time) *Provider {
	return &Provider{now: now, staff: staff, grants: make(map[string]*grant), key: sync.OnceValue(newKey), stranger: sync.OnceValue(newKey)}
}

func newKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err) // no randomness: nothing can go on
	}
	return key
}

// Register names the one client there is, and where its browsers come back to.
func (p *Provider) Register(id, secret, redirect string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.client = client{id, secret, redirect}
}

// Handler serves what is below Path.
func (p *Provider) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Path+"/.well-known/openid-configuration", p.discovery)
	mux.HandleFunc("GET "+Path+"/keys", p.keySet)
	mux.HandleFunc("GET "+Path+"/authorize", p.ask)
	mux.HandleFunc("POST "+Path+"/authorize", p.choose)
	mux.HandleFunc("POST "+Path+"/token", p.token)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Ingam-Simulator", "1")
		w.Header().Set("Cache-Control", "no-store")
		mux.ServeHTTP(w, r)
	})
}

func issuer(r *http.Request) string { return "http://" + r.Host + Path }

func (p *Provider) discovery(w http.ResponseWriter, r *http.Request) {
	deed := p.misdeed()
	if deed.at("discovery", w, r) {
		return
	}
	base := issuer(r)
	about := map[string]any{
		"issuer": base, "authorization_endpoint": base + "/authorize", "token_endpoint": base + "/token", "jwks_uri": base + "/keys",
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"}, "scopes_supported": []string{"openid", "profile"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_basic", "client_secret_post"},
		"code_challenge_methods_supported":      []string{"S256"}, "authorization_response_iss_parameter_supported": true,
		"claims_supported": []string{"sub", "name", "employee_number", "auth_time"},
	}
	if deed == DiscoveryOther {
		about["issuer"] = "https://elsewhere.example"
	}
	if deed == DiscoveryPlain {
		about["token_endpoint"] = "http://elsewhere.example/token"
	}
	reply(w, http.StatusOK, about)
}

func (p *Provider) keySet(w http.ResponseWriter, r *http.Request) {
	if p.misdeed().at("keys", w, r) {
		return
	}
	public := p.key().PublicKey
	reply(w, http.StatusOK, map[string]any{"keys": []map[string]string{jwk(&public)}})
}

const keyID = "sim-1"

func jwk(key *rsa.PublicKey) map[string]string {
	return map[string]string{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": keyID,
		"n": encode(key.N.Bytes()), "e": encode(big.NewInt(int64(key.E)).Bytes())}
}

// asked is what a browser was sent with.
type asked struct {
	client, redirect, state, nonce, challenge string
}

// request reads it: refused says what a page has to say when nobody can be sent
// back, problem what the client is told.
func (p *Provider) request(q url.Values) (a asked, refused, problem string) {
	p.mu.Lock()
	known := p.client
	p.mu.Unlock()
	a = asked{q.Get("client_id"), q.Get("redirect_uri"), q.Get("state"), q.Get("nonce"), q.Get("code_challenge")}
	switch {
	case known.id == "" || a.client != known.id:
		return a, "client_id", ""
	case a.redirect != known.redirect:
		return a, "redirect_uri", ""
	case q.Get("response_type") != "code":
		return a, "", "unsupported_response_type"
	case !slices.Contains(strings.Fields(q.Get("scope")), "openid"):
		return a, "", "invalid_scope"
	case q.Get("code_challenge_method") != "S256" || len(a.challenge) != 43:
		return a, "", "invalid_request"
	}
	return a, "", ""
}

// choose answers the page: by a code for who was chosen, or without when it was
// called off.
func (p *Provider) choose(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 4<<10)
	a, refused, problem := p.request(r.URL.Query())
	if refused != "" {
		reply(w, http.StatusBadRequest, map[string]string{"error": "invalid_request", "error_description": refused})
		return
	}
	back := url.Values{"state": {a.state}, "iss": {issuer(r)}}
	i := slices.IndexFunc(p.staff, func(one Person) bool { return one.Number == r.PostFormValue("number") })
	switch {
	case problem != "":
		back.Set("error", problem)
	case i < 0:
		back.Set("error", "access_denied")
	default:
		back.Set("code", p.grant(a, p.staff[i]))
	}
	http.Redirect(w, r, a.redirect+"?"+back.Encode(), http.StatusSeeOther)
}

func (p *Provider) grant(a asked, who Person) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, code := p.now(), rand.Text()
	if len(p.order) >= maxGrants {
		delete(p.grants, p.order[0])
		p.order = p.order[1:]
	}
	p.order = append(p.order, code)
	p.grants[code] = &grant{person: who, client: a.client, redirect: a.redirect, nonce: a.nonce, challenge: a.challenge,
		authenticated: now, until: now.Add(codeLasts)}
	return code
}

// token answers POST token: an ID token for a code, once (RFC 6749 §4.1.3, RFC
// 7636 §4.6).
func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	deed := p.misdeed()
	if deed.at("token", w, r) {
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, 16<<10)
	id, secret, basic := r.BasicAuth()
	if basic {
		id, _ = url.QueryUnescape(id)
		secret, _ = url.QueryUnescape(secret)
	} else {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	p.mu.Lock()
	known := p.client
	p.mu.Unlock()
	if id != known.id || subtle.ConstantTimeCompare([]byte(secret), []byte(known.secret)) != 1 {
		reply(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client"})
		return
	}
	if r.PostFormValue("grant_type") != "authorization_code" {
		reply(w, http.StatusBadRequest, map[string]string{"error": "unsupported_grant_type"})
		return
	}
	g, ok := p.take(r.PostFormValue("code"), deed == ReplayedCode)
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	proven := subtle.ConstantTimeCompare([]byte(encode(sum[:])), []byte(g.challenge)) == 1 || deed == NoPKCE
	if !ok || g.client != id || g.redirect != r.PostFormValue("redirect_uri") || !proven {
		reply(w, http.StatusBadRequest, map[string]string{"error": "invalid_grant"})
		return
	}
	reply(w, http.StatusOK, p.answer(deed, issuer(r), g))
}

// take uses up a code.
func (p *Provider) take(code string, again bool) (grant, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	g := p.grants[code]
	if g == nil || g.used && !again || !p.now().Before(g.until) {
		return grant{}, false
	}
	g.used = true
	return *g, true
}

func reply(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // a client that left gets no answer
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
