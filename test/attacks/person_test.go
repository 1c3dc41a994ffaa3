package attacks_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/pkcs10"
)

// person is somebody before the bank: a sample customer, or nobody yet.
type person struct {
	*client.Client
	w     *world
	s     simulator.Sample
	watch *watch
	lang  string
	host  string // the name by which the bank is asked for; its address when empty
}

// visitor is somebody without a session, who speaks lang.
func (w *world) visitor(lang string) *person {
	w.t.Helper()
	p := &person{w: w, watch: &watch{w: w}, lang: lang}
	c, err := client.New(w.address(), &http.Client{Transport: p.watch}, lang)
	if err != nil {
		w.t.Fatal(err)
	}
	p.Client = c
	return p
}

// logIn gives a sample customer with a session.
func (w *world) logIn(loginID string) *person {
	w.t.Helper()
	lang := "ko"
	if len(loginID)%2 == 0 {
		lang = "en"
	}
	p := w.visitor(lang)
	p.s = w.sample(loginID)
	w.vault.keepSample(p.s)
	if _, err := p.LogIn(w.t.Context(), p.s.LoginID, p.s.Password); err != nil {
		w.t.Fatal(err)
	}
	return p
}

// wait lets time pass. When it was too long for the session the person sees
// that it has ended, and logs in again.
func (p *person) wait(d time.Duration) {
	p.w.t.Helper()
	p.w.clock.move(d)
	if d < kit.SessionIdle {
		return
	}
	p.w.turnedAway(p.send("GET", "/api/v1/session", nil).err(), notLoggedIn)
	if _, err := p.LogIn(p.ctx(), p.s.LoginID, p.s.Password); err != nil {
		p.w.t.Fatal(err)
	}
}

// answer is what came back to a raw request.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// err gives the refusal, or nil.
func (a answer) err() error {
	if a.status < 400 {
		return nil
	}
	p := &client.Problem{Status: a.status}
	var d client.ProblemDetails
	if err := json.Unmarshal(a.body, &d); err != nil {
		return fmt.Errorf("status %d: %w", a.status, err)
	}
	p.Code, p.Name, p.Title, p.Detail, p.Request, p.Params = d.Code, d.Name, d.Title, d.Detail, d.Request, d.Params
	p.RetryAfter = time.Duration(d.RetryAfter) * time.Second
	return p
}

// send is a request as any program could make it, with the session of the
// person unless a change takes it away.
func (p *person) send(method, path string, body []byte, changes ...func(*http.Request)) answer {
	p.w.t.Helper()
	r, err := http.NewRequestWithContext(p.w.t.Context(), method, p.w.address()+path, bytes.NewReader(body))
	if err != nil {
		p.w.t.Fatal(err)
	}
	r.Host = p.host
	r.Header.Set("Accept-Language", p.lang)
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if token := p.watch.session(); token != "" {
		r.AddCookie(&http.Cookie{Name: kit.SessionCookie, Value: token})
	}
	for _, change := range changes {
		change(r)
	}
	res, err := p.watch.RoundTrip(r)
	if err != nil {
		p.w.t.Fatalf("%s %s: %v", method, path, err)
	}
	got, err := io.ReadAll(res.Body)
	if err != nil {
		p.w.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, got}
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

// from gives a request an address that nobody has come from before. The world
// has to be behindProxy.
func (w *world) from() func(*http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.visited++
	return header("X-Forwarded-For", fmt.Sprintf("198.18.%d.%d", w.visited/250, w.visited%250+1))
}

func cookie(token string) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Del("Cookie")
		if token != "" {
			r.AddCookie(&http.Cookie{Name: kit.SessionCookie, Value: token})
		}
	}
}

// must takes what a step gives and ends the test when it was refused.
func must[T any](w *world, value T, err error) T {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	return value
}

func (p *person) ctx() context.Context { return p.w.t.Context() }

// start applies, or goes on with the open application.
func (p *person) start(kind client.Kind) string {
	p.w.t.Helper()
	a, _, err := p.Start(p.ctx(), kind)
	return must(p.w, a, err).ID
}

// terms gives what has to be agreed to.
func (p *person) terms() []client.ConsentGiven {
	p.w.t.Helper()
	terms, err := p.Terms(p.ctx(), client.KindPersonalBank)
	var given []client.ConsentGiven
	for _, text := range must(p.w, terms, err) {
		if text.Required {
			given = append(given, client.ConsentGiven{Name: text.Name, Version: text.Version, SHA256: text.SHA256})
		}
	}
	return given
}

// card gives the first document of the person that its issuer would confirm.
func (p *person) card() client.IDCardProof {
	p.w.t.Helper()
	for _, c := range p.s.Cards {
		if c.Standing == simulator.Genuine {
			return p.cardOf(c)
		}
	}
	p.w.t.Fatalf("%s has no genuine document", p.s.LoginID)
	return client.IDCardProof{}
}

func (p *person) cardOf(c simulator.Card) client.IDCardProof {
	return client.IDCardProof{Document: client.Document(c.Document), Number: c.Number, Name: c.Name,
		IssueDate: c.IssueDate, Licence: c.Licence, Image: picture}
}

// picture serves for every card: the simulator does not read it.
var picture = simulator.Picture("attacks")

// otp reads the person's token; when its codes of the moment are used, time
// goes on.
func (p *person) otp() string {
	p.w.t.Helper()
	code, ok := p.w.Simulator().OTP(p.s.Number)
	if !ok {
		p.w.clock.move(time.Minute)
		if code, ok = p.w.Simulator().OTP(p.s.Number); !ok {
			p.w.t.Fatal("the token shows nothing")
		}
	}
	p.w.vault.keepCode(code)
	return code
}

var sixDigits = regexp.MustCompile(`\b[0-9]{6}\b`)

// message reads the code of the newest message on the person's phone.
func (p *person) message() string {
	p.w.t.Helper()
	inbox := p.w.Simulator().Inbox(p.s.Phone)
	code := ""
	for _, m := range slices.Backward(inbox) { // notices come there, too
		if code = sixDigits.FindString(m.Text); code != "" {
			break
		}
	}
	if code == "" {
		p.w.t.Fatal("no code has arrived")
	}
	p.w.vault.keepCode(code)
	return code
}

// sendCode has a code sent, after the pause that there may be, and reads it.
func (p *person) sendCode(id string) string {
	p.w.t.Helper()
	p.w.clock.move(30 * time.Second)
	sent, err := p.SendPhoneCode(p.ctx(), id)
	if must(p.w, sent, err); strings.Contains(sent.Phone, p.s.Phone[3:7]) {
		p.w.t.Errorf("the phone number is shown: %s", sent.Phone)
	}
	return p.message()
}

// give gives what an application needs, honestly.
func (p *person) give(id string, need client.Need) {
	p.w.t.Helper()
	var err error
	switch need {
	case client.NeedConsent:
		_, err = p.Consent(p.ctx(), id, p.terms())
	case client.NeedIDCard:
		_, err = p.ProveIDCard(p.ctx(), id, p.card())
	case client.NeedAccount:
		_, err = p.ProveAccount(p.ctx(), id, p.s.Account, p.s.AccountPassword)
	case client.NeedOTP:
		_, err = p.ProveOTP(p.ctx(), id, p.otp())
	case client.NeedPhone:
		_, err = p.ProvePhone(p.ctx(), id, p.sendCode(id))
	case client.NeedKey:
		_, _, err = p.Certify(p.ctx(), id, p.order(id).honest(0))
	case client.NeedResume:
		_, err = p.Resume(p.ctx(), id)
	}
	if err != nil {
		p.w.t.Fatalf("%s: giving %s: %v", p.s.LoginID, need, err)
	}
}

// goTo goes on honestly until the application needs need.
func (p *person) goTo(id string, need client.Need) {
	p.w.t.Helper()
	a, err := p.Application(p.ctx(), id)
	for _, n := range must(p.w, a, err).Needs {
		if n == need {
			return
		}
		p.give(id, n)
	}
}

// finish is the proof that an attack has harmed nobody: the customer goes on
// from where they are, with key number n, and has a certificate that is theirs.
func (p *person) finish(id string, n int) client.Certificate {
	p.w.t.Helper()
	p.goTo(id, client.NeedKey)
	o := p.order(id)
	made, created, err := p.Certify(p.ctx(), id, o.honest(n))
	if err != nil || !created {
		p.w.t.Fatalf("%s can't go on to a certificate: created %v, %v", p.s.LoginID, created, err)
	}
	p.owns(made, n, o.r)
	return made
}

// owns sees that a certificate is for this person, key and R.
func (p *person) owns(made client.Certificate, n int, r npki.R) {
	p.w.t.Helper()
	leaf, err := x509.ParseCertificate(made.Certificate)
	must(p.w, leaf, err)
	data, err := npki.IdentifyDataOf(leaf)
	must(p.w, data, err)
	mine := slices.ContainsFunc(data.VIDs, func(v npki.VID) bool { return v.Matches(p.s.IdentityNumber, r) })
	if !testKeys[n]().PublicKey.Equal(leaf.PublicKey) || data.RealName != p.s.Name || !mine {
		p.w.t.Errorf("the certificate is not that of %s and their key and R", p.s.LoginID)
	}
	if made.State != client.CertificateStateValid || leaf.CheckSignatureFrom(p.w.Desk().Issuing()) != nil {
		p.w.t.Error("the certificate is not valid")
	}
}

// order is a key request that was answered, and what a request is made of.
type order struct {
	w         *world
	challenge string
	km        *x509.Certificate
	r         npki.R
	evid      []byte
}

// order asks for the key request and draws R.
func (p *person) order(id string) *order {
	p.w.t.Helper()
	wanted, err := p.KeyRequest(p.ctx(), id)
	return p.sealFor(must(p.w, wanted, err))
}

// sealFor draws R and seals it.
func (p *person) sealFor(wanted client.KeyRequest) *order {
	p.w.t.Helper()
	km, err := x509.ParseCertificate(wanted.KMCertificate)
	must(p.w, km, err)
	r, err := npki.NewR(rand.Reader)
	must(p.w, r, err)
	sealed, err := npki.EncryptVID(rand.Reader, km, r)
	must(p.w, sealed, err)
	p.w.vault.keepBytes("R", r)
	return &order{w: p.w, challenge: wanted.Challenge, km: km, r: r, evid: sealed}
}

// honest makes a certification request as the wallet does.
func (o *order) honest(n int) []byte { return o.request(testKeys[n]()) }

func (o *order) request(key crypto.Signer) []byte {
	o.w.t.Helper()
	if private, ok := key.(*rsa.PrivateKey); ok {
		o.w.vault.keepKey(private)
	}
	csr, err := pkcs10.Create(rand.Reader, key, o.challenge, o.evid)
	return must(o.w, csr, err)
}
