package attacks_test

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/registration/login/logintest"
	"github.com/ingam-pki/ingam/pki/cms"
)

// holder is a customer with a certificate and its key.
type holder struct {
	*person
	cert *x509.Certificate
	key  *rsa.PrivateKey
	made client.Certificate
}

// keyOf says which key a sample has, where two of them have one.
var keyOf = map[string]int{"hong": 0, "kim": 1}

// holder logs a sample in and has the certificate made. Those of hong and kim
// have keys of their own.
func (w *world) holder(loginID string) *holder {
	w.t.Helper()
	n := keyOf[loginID]
	p := w.logIn(loginID)
	made := p.finish(p.start(client.KindPersonalBank), n)
	cert, err := x509.ParseCertificate(made.Certificate)
	return &holder{p, must(w, cert, err), testKeys[n](), made}
}

func (h *holder) sign(content string, o cms.SignOptions) []byte {
	h.w.t.Helper()
	message, err := cms.Sign([]byte(content), h.cert, h.key, o)
	return must(h.w, message, err)
}

// atName lets a person come by the name of the bank's computer: passkeys don't
// work at an address.
func (p *person) atName() *person {
	u, err := url.Parse(p.w.PortalURL())
	must(p.w, u, err)
	p.host = u.Host
	return p
}

// device is a new one at the bank's own address.
func (p *person) device() *logintest.Device { return &logintest.Device{Origin: p.w.PortalURL()} }

// options asks for what a passkey has to answer.
func (p *person) options(path string) []byte {
	p.w.t.Helper()
	a := p.send(http.MethodPost, path, nil)
	if a.status != http.StatusOK {
		p.w.t.Fatalf("%s: %d %s", path, a.status, a.body)
	}
	return a.body
}

const (
	newPasskey   = "/api/v1/passkeys/options"
	passkeyLogIn = "/api/v1/session/passkey/options"
)

// addPasskey registers a device.
func (p *person) addPasskey(d *logintest.Device, name string) answer {
	p.w.t.Helper()
	response, err := d.Create(p.options(newPasskey))
	return p.addResponse(name, must(p.w, response, err))
}

func (p *person) addResponse(name string, response []byte) answer {
	p.w.t.Helper()
	var credential struct{ ID string }
	if json.Unmarshal(response, &credential) == nil {
		p.w.vault.keep("id of a passkey", credential.ID)
	}
	return p.send(http.MethodPost, "/api/v1/passkeys", encode(p.w.t, map[string]any{"name": name, "response": json.RawMessage(response)}))
}

// enterBy logs in with a device.
func (p *person) enterBy(d *logintest.Device) answer {
	p.w.t.Helper()
	response, err := d.Get(p.options(passkeyLogIn))
	return p.answerWith(must(p.w, response, err))
}

func (p *person) answerWith(response []byte) answer {
	p.w.t.Helper()
	return p.send(http.MethodPost, "/api/v1/session/passkey", encode(p.w.t, map[string]any{"response": json.RawMessage(response)}))
}

// challenge asks for a text to be signed.
func (p *person) challenge() string {
	p.w.t.Helper()
	a := p.send(http.MethodPost, "/api/v1/session/challenge", nil)
	var c client.LoginChallenge
	if err := json.Unmarshal(a.body, &c); err != nil || a.status != http.StatusOK {
		p.w.t.Fatalf("challenge: %d %s", a.status, a.body)
	}
	return c.Content
}

// enterWith logs in by a signature.
func (p *person) enterWith(message []byte) answer {
	p.w.t.Helper()
	return p.send(http.MethodPost, "/api/v1/session/certificate", encode(p.w.t, map[string]any{"signature": message}))
}
