package provider

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"strings"
	"time"
)

// Misdeed is something that a provider must not do.
type Misdeed string

// The misdeeds. Those of a token stand in the ID token; the others say where
// they happen.
const (
	None           Misdeed = ""
	WrongNonce     Misdeed = "nonce"
	NoNonce        Misdeed = "no-nonce"
	WrongAudience  Misdeed = "aud"
	TwoAudiences   Misdeed = "two-aud"    // and no azp
	OtherParty     Misdeed = "azp"        // made out to somebody else
	WrongIssuer    Misdeed = "iss"        // of the token
	Expired        Misdeed = "exp"        // an hour ago
	Future         Misdeed = "future-iat" // in an hour
	Old            Misdeed = "old-iat"    // an hour ago
	AlgNone        Misdeed = "alg-none"   // no signature
	PublicHMAC     Misdeed = "alg-hs256"  // by the public key as if it were a secret
	OtherKey       Misdeed = "other-key"  // under the right key's name
	CarriedKey     Misdeed = "jwk"        // by a key that the token brings along
	Spoiled        Misdeed = "signature"  // claims were changed after it
	ReplayedToken  Misdeed = "old-token"  // that of the login before
	NoIDToken      Misdeed = "no-token"
	Stale          Misdeed = "stale" // auth_time an hour ago
	NoAuthTime     Misdeed = "no-auth-time"
	NoSubject      Misdeed = "no-sub"
	OtherSubject   Misdeed = "other-sub" // the same number, somebody else
	NoNumber       Misdeed = "no-number"
	NumberNoText   Misdeed = "number-object" // the employee number is no text
	WrongHash      Misdeed = "at-hash"
	ReplayedCode   Misdeed = "replayed-code" // takes a code twice
	NoPKCE         Misdeed = "no-pkce"       // does not ask for the verifier
	TokenHangs     Misdeed = "token hangs"
	TokenBroken    Misdeed = "token broken"
	TokenHuge      Misdeed = "token huge"
	TokenMalformed Misdeed = "token malformed"
	TokenElsewhere Misdeed = "token elsewhere" // redirects us
	KeysHang       Misdeed = "keys hangs"
	KeysBroken     Misdeed = "keys broken"
	KeysHuge       Misdeed = "keys huge"
	DiscoveryHangs Misdeed = "discovery hangs"
	DiscoveryDown  Misdeed = "discovery broken"
	DiscoveryHuge  Misdeed = "discovery huge"
	DiscoveryOther Misdeed = "discovery-iss"   // names another issuer
	DiscoveryPlain Misdeed = "discovery-plain" // names an address without TLS
)

// Misbehave makes the provider do wrong from now on; None lets it do right.
func (p *Provider) Misbehave(m Misdeed) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.deed = m
}

func (p *Provider) misdeed() Misdeed {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.deed
}

// at does what is done to the answers of an endpoint; false when it is nothing.
func (m Misdeed) at(endpoint string, w http.ResponseWriter, r *http.Request) bool {
	where, what, _ := strings.Cut(string(m), " ")
	if where != endpoint {
		return false
	}
	switch what {
	case "hangs":
		_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, 16<<10)) // who leaves is noticed after the body only
		<-r.Context().Done()
	case "broken":
		w.WriteHeader(http.StatusInternalServerError)
	case "malformed":
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"id_token": `))
	case "elsewhere":
		http.Redirect(w, r, "/signin/keys", http.StatusTemporaryRedirect)
	case "huge":
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"x":"`))
		for range 64 { // 4 MiB
			if _, err := w.Write([]byte(strings.Repeat("x", 64<<10))); err != nil {
				return true
			}
		}
		_, _ = w.Write([]byte(`"}`))
	default:
		return false
	}
	return true
}

// answer is that of the token endpoint.
func (p *Provider) answer(m Misdeed, iss string, g grant) map[string]any {
	access := rand.Text()
	half := sha256.Sum256([]byte(access))
	now := p.now()
	claims := map[string]any{
		"iss": iss, "sub": subject(g.person.Number), "aud": g.client, "azp": g.client, "nonce": g.nonce,
		"iat": now.Unix(), "exp": now.Add(tokenLasts).Unix(), "auth_time": g.authenticated.Unix(), "at_hash": encode(half[:16]),
		"name": g.person.Name, "employee_number": g.person.Number,
	}
	m.bend(claims, now)
	header := map[string]any{"alg": "RS256", "typ": "JWT", "kid": keyID}
	raw := p.sign(m, header, claims)
	p.mu.Lock()
	before := p.last
	p.last = raw
	p.mu.Unlock()
	answer := map[string]any{"access_token": access, "token_type": "Bearer", "expires_in": 60, "id_token": raw}
	if m == ReplayedToken {
		answer["id_token"] = before
	}
	if m == NoIDToken {
		delete(answer, "id_token")
	}
	return answer
}

// subject is who somebody is here, for good: not their number, as real
// providers have it.
func subject(number string) string {
	sum := sha256.Sum256([]byte("simulated subject " + number))
	return encode(sum[:15])
}

// bend makes claims lie.
func (m Misdeed) bend(claims map[string]any, now time.Time) {
	earlier, later := now.Add(-time.Hour).Unix(), now.Add(time.Hour).Unix()
	lies := map[Misdeed]map[string]any{
		WrongNonce: {"nonce": rand.Text()}, NoNonce: {"nonce": nil}, WrongAudience: {"aud": "somebody", "azp": nil},
		TwoAudiences: {"aud": []any{claims["aud"], "somebody"}, "azp": nil}, OtherParty: {"azp": "somebody"},
		WrongIssuer: {"iss": "https://elsewhere.example"}, Expired: {"exp": earlier}, Future: {"iat": later, "exp": now.Add(2 * time.Hour).Unix()},
		Old: {"iat": earlier}, Stale: {"auth_time": earlier}, NoAuthTime: {"auth_time": nil}, NoSubject: {"sub": ""},
		OtherSubject: {"sub": "somebody"}, NoNumber: {"employee_number": nil}, NumberNoText: {"employee_number": map[string]any{"a": 1}},
		WrongHash: {"at_hash": encode(make([]byte, 16))},
	}
	for name, value := range lies[m] {
		if value == nil {
			delete(claims, name)
			continue
		}
		claims[name] = value
	}
}

func (p *Provider) sign(m Misdeed, header, claims map[string]any) string {
	key := p.key()
	if m == OtherKey || m == CarriedKey {
		key = p.stranger()
	}
	if m == CarriedKey {
		header["jwk"] = jwk(&key.PublicKey)
	}
	if other, ok := map[Misdeed]string{AlgNone: "none", PublicHMAC: "HS256"}[m]; ok {
		header["alg"] = other
	}
	text := part(header) + "." + part(claims)
	if m == AlgNone {
		return text + "."
	}
	if m == PublicHMAC {
		der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
		if err != nil {
			panic(err) // the key is ours
		}
		mac := hmac.New(sha256.New, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
		mac.Write([]byte(text))
		return text + "." + encode(mac.Sum(nil))
	}
	digest := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	if err != nil {
		panic(err) // key and digest are ours
	}
	if m == Spoiled {
		claims["employee_number"] = "110215"
		text = part(header) + "." + part(claims)
	}
	return text + "." + encode(signature)
}

func part(v map[string]any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // only texts and numbers
	}
	return encode(b)
}
