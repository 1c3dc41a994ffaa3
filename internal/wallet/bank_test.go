package wallet_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/wallet"
	"github.com/ingam-pki/ingam/internal/wallet/wallettest"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/pkcs10"
	"github.com/ingam-pki/ingam/pki/profile"
)

var world = sync.OnceValue(func() *wallettest.World {
	w, err := wallettest.New()
	if err != nil {
		panic(err)
	}
	return w
})

var now = time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)

// bank is a bank whose answers a test can spoil. What an honest bank does is
// told by the scripts of cmd/ingam; this one is for those that are not.
type bank struct {
	t       *testing.T
	address string

	mu        sync.Mutex
	app       client.Application
	challenge string
	issued    *client.Certificate
	requests  [][]byte // certification requests that came

	// Spoilers, nil or zero when the bank is honest.
	terms      func([]client.Terms) []client.Terms
	keyRequest func(*client.KeyRequest)
	after      func(a *client.Application) // each answer about the application
	certify    func(spki []byte, c *client.Certificate)
	raw        map[string]string // "METHOD path" → a body that is no answer
}

const termsText = "약관입니다.\n둘째 줄."

func newBank(t *testing.T) *bank {
	t.Helper()
	b := &bank{t: t, challenge: "challenge-1", app: client.Application{
		ID: "APP1", Kind: client.KindPersonalBank, State: client.ApplicationStateStarted,
		Needs:  []client.Need{client.NeedConsent, client.NeedOTP, client.NeedPhone, client.NeedKey},
		Proofs: []client.Proof{},
	}}
	s := httptest.NewServer(b)
	t.Cleanup(s.Close)
	b.address = s.URL
	return b
}

func (b *bank) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	route := r.Method + " " + r.URL.Path
	if body, spoiled := b.raw[route]; spoiled {
		_, _ = w.Write([]byte(body))
		return
	}
	switch route {
	case "POST /api/v1/session":
		b.answer(w, client.Session{Subscriber: client.Subscriber{ID: "S1", Name: "홍길동", Sort: client.SortIndividual}})
	case "GET /api/v1/kinds":
		b.answer(w, client.Kinds{Kinds: []client.KindInfo{{Kind: client.KindPersonalBank, Online: true, CA: "ingam"}, {Kind: client.KindCorporateBank}}})
	case "GET /api/v1/kinds/personal-bank/terms":
		sum := sha256.Sum256([]byte(termsText))
		terms := []client.Terms{{Name: "service", Version: "1", SHA256: hex.EncodeToString(sum[:]), Text: termsText, Title: "약관", Required: true}}
		if b.terms != nil {
			terms = b.terms(terms)
		}
		b.answer(w, client.TermsList{Terms: terms})
	case "POST /api/v1/applications", "GET /api/v1/applications/APP1":
		b.application(w)
	case "POST /api/v1/applications/APP1/consent":
		b.met(w, client.NeedConsent)
	case "POST /api/v1/applications/APP1/proofs/otp":
		b.met(w, client.NeedOTP)
	case "POST /api/v1/applications/APP1/proofs/phone/code":
		b.answer(w, client.PhoneCode{Phone: "010-****-0001", ExpiresAt: now.Add(3 * time.Minute)})
	case "POST /api/v1/applications/APP1/proofs/phone":
		b.met(w, client.NeedPhone)
	case "POST /api/v1/applications/APP1/key-request":
		request := client.KeyRequest{Challenge: b.challenge, KMCertificate: world().KM.Raw, MinBits: 2048, CA: "ingam"}
		if b.keyRequest != nil {
			b.keyRequest(&request)
		}
		b.answer(w, request)
	case "POST /api/v1/applications/APP1/certificate":
		b.issue(w, r)
	case "GET /api/v1/applications/APP1/certificate":
		b.answer(w, b.issued)
	default:
		b.refuse(w, http.StatusNotFound, "not-found")
	}
}

func (b *bank) answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		b.t.Error(err)
	}
}

func (b *bank) refuse(w http.ResponseWriter, status int, name string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(client.ProblemDetails{Status: status, Code: 2999, Name: name, Title: name, Detail: name})
}

func (b *bank) application(w http.ResponseWriter) {
	a := b.app
	if b.after != nil {
		b.after(&a)
	}
	b.answer(w, a)
}

func (b *bank) met(w http.ResponseWriter, need client.Need) {
	for i, n := range b.app.Needs {
		if n == need {
			b.app.Needs = append(b.app.Needs[:i:i], b.app.Needs[i+1:]...)
		}
	}
	b.application(w)
}

func (b *bank) issue(w http.ResponseWriter, r *http.Request) {
	var body client.CertifyRequest
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		b.t.Error(err)
	}
	b.requests = append(b.requests, body.CSR)
	request, err := pkcs10.Parse(body.CSR)
	if err != nil {
		b.t.Error(err)
	}
	if request.Challenge != b.challenge {
		b.refuse(w, http.StatusUnprocessableEntity, "challenge-wrong")
		return
	}
	evid, err := npki.ParseEncryptedVID(request.EncryptedVID)
	if err != nil {
		b.t.Error(err)
	}
	if random, err := evid.Open(world().KMKey); err != nil || len(random) != npki.RSize {
		b.t.Errorf("R did not come with the request: %v", err)
	}
	b.issued = b.certificate(request.RawPublicKey)
	if b.certify != nil {
		b.certify(request.RawPublicKey, b.issued)
	}
	b.app.State, b.app.Needs = client.ApplicationStateIssued, nil
	b.answer(w, b.issued)
}

// certificate makes a certificate for a key.
func (b *bank) certificate(spki []byte) *client.Certificate {
	b.t.Helper()
	p, _ := profile.Set(profile.DefaultArc).OfKind(npki.PersonalBank)
	vid, err := npki.NewVID(crypto.SHA256, wallettest.IDN, world().Key.R)
	if err != nil {
		b.t.Fatal(err)
	}
	tbs, err := p.Prepare(profile.Request{
		Serial: big.NewInt(0x77), Issuer: profile.IssuerOf(world().Issuing), PublicKey: spki, RealName: "홍길동", VID: &vid, NotBefore: now,
		Subject: npki.Name{{Type: npki.OIDCountry, Value: "kr"}, {Type: npki.OIDOrganization, Value: "ingam"}, {Type: npki.OIDCommonName, Value: "홍길동()1"}},
		CRLURL:  "http://127.0.0.1:1/crl", OCSPURL: "http://127.0.0.1:1/ocsp",
	})
	if err != nil {
		b.t.Fatal(err)
	}
	sum := sha256.Sum256(tbs)
	signature, err := rsa.SignPKCS1v15(rand.Reader, world().IssuingKey, crypto.SHA256, sum[:])
	if err != nil {
		b.t.Fatal(err)
	}
	der, err := profile.Assemble(tbs, signature)
	if err != nil {
		b.t.Fatal(err)
	}
	return &client.Certificate{Certificate: der, Chain: [][]byte{world().Issuing.Raw, world().Root.Raw}, CA: "ingam", Serial: "77",
		Kind: client.KindPersonalBank, State: client.CertificateStateValid}
}

// customer answers everything at once.
type customer struct {
	asked  []string
	sentTo string
}

func (c *customer) Consent(_ context.Context, terms []client.Terms) ([]client.Terms, error) {
	c.asked = append(c.asked, "consent")
	return terms, nil
}

func (c *customer) IDCard(context.Context) (client.IDCardProof, error) {
	c.asked = append(c.asked, "id-card")
	return client.IDCardProof{}, nil
}

func (c *customer) Account(context.Context) (client.AccountProof, error) {
	c.asked = append(c.asked, "account")
	return client.AccountProof{}, nil
}

func (c *customer) Code(_ context.Context, factor client.Factor, sentTo string) (string, error) {
	c.asked = append(c.asked, string(factor))
	c.sentTo = sentTo
	return "123456", nil
}

func (c *customer) NewPassword(context.Context) ([]byte, error) {
	c.asked = append(c.asked, "password")
	return []byte(wallettest.Password), nil
}

func (c *customer) Step(client.Need, int, int)      {}
func (c *customer) Refused(client.Need, error) bool { return false }
func (c *customer) Making(int) func()               { return func() {} }

// issue is an issue at the bank that stores in root.
func (b *bank) issueTo(root string, who *customer) *wallet.Issue {
	b.t.Helper()
	c, err := client.New(b.address, nil, "en")
	if err != nil {
		b.t.Fatal(err)
	}
	return &wallet.Issue{Bank: c, Server: b.address, Kind: npki.PersonalBank, Root: root, Ask: who, Watch: who,
		Now: func() time.Time { return now }, Random: rand.Reader}
}

func spkiOf(t *testing.T, der []byte) []byte {
	t.Helper()
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert.RawSubjectPublicKeyInfo
}
