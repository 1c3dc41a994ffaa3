package attacks_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"net/http"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/server"
	"github.com/ingam-pki/ingam/pki/cms"
)

var (
	challengeOver  = refusal{410, 2201, "login-challenge-over"}
	signatureForm  = refusal{400, 2211, "login-signature-form"}
	signatureWrong = refusal{401, 2212, "login-signature-wrong"}
	foreign        = refusal{422, 2213, "login-certificate-foreign"}
	expired        = refusal{422, 2214, "login-certificate-expired"}
	suspended      = refusal{422, 2215, "login-certificate-suspended"}
	revoked        = refusal{422, 2216, "login-certificate-revoked"}
	held           = refusal{422, 2217, "login-certificate-held"}
	unfit          = refusal{422, 2218, "login-certificate-unfit"}
)

// "I have seen a signature with which somebody logged in, or have them sign
// something for me. I hand it in again: in their browser, in mine, to another
// challenge, later, twice at once."
func TestReplayedSignature(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hong := w.holder("hong")
	browser, thief := w.visitor("ko"), w.visitor("en")
	signed := hong.sign(browser.challenge(), cms.SignOptions{})
	w.refused(thief.enterWith(signed).err(), challengeOver, audit.Refused) // one who has not asked
	thief.challenge()
	w.refused(thief.enterWith(signed).err(), signatureWrong, audit.Refused) // one who has asked for another
	w.refused(thief.enterWith(signed).err(), challengeOver, audit.Refused)  // and has used that up
	if a := browser.enterWith(signed); a.status != http.StatusOK {
		t.Fatalf("the rightful one is refused: %s", a.body)
	}
	w.refused(browser.enterWith(signed).err(), challengeOver, audit.Refused)
	w.refused(thief.enterWith(signed).err(), challengeOver, audit.Refused)

	// At once: one gets in.
	signed = hong.sign(thief.challenge(), cms.SignOptions{})
	token := thief.watch.session()
	body := encode(t, map[string]any{"signature": signed})
	said := atOnce(12, func(int) error {
		return thief.send("POST", "/api/v1/session/certificate", body, cookie(token)).err()
	})
	if said["done"] != 1 || said[challengeOver.name] != 11 {
		t.Errorf("one answer twelve times at once: %v", said)
	}
	// A challenge that was asked for again is the last one; the last one ends.
	late := w.visitor("ko")
	first := late.challenge()
	late.challenge()
	w.refused(late.enterWith(hong.sign(first, cms.SignOptions{})).err(), signatureWrong, audit.Refused)
	second := late.challenge()
	w.clock.move(3 * time.Minute)
	w.refused(late.enterWith(hong.sign(second, cms.SignOptions{})).err(), challengeOver, audit.Refused)
	// What stands for a passkey does for nothing else, and the other way.
	late.atName().options(passkeyLogIn)
	w.refused(late.enterWith(hong.sign(second, cms.SignOptions{})).err(), challengeOver, audit.Refused)
	kim := w.logIn("kim")
	kim.finish(kim.start(client.KindPersonalBank), 1)
}

// "The text is the bank's, the signature is somebody's, the certificate is of
// a CA: between the three I put something else."
func TestWrongSignature(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hong, kim := w.holder("hong"), w.holder("kim")
	attributes := cms.SignOptions{SignedAttributes: true, SigningTime: w.clock.Now()}
	plain := cms.SignOptions{}
	issue := func(change func(*x509.Certificate), parent *x509.Certificate, key *rsa.PrivateKey) *holder {
		c := &x509.Certificate{SerialNumber: hong.cert.SerialNumber, RawSubject: hong.cert.RawSubject, NotBefore: hong.cert.NotBefore, NotAfter: hong.cert.NotAfter,
			KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment, Policies: hong.cert.Policies, AuthorityKeyId: hong.cert.AuthorityKeyId}
		change(c)
		if parent == nil {
			parent = c
		}
		der, err := x509.CreateCertificate(rand.Reader, c, parent, &testKeys[2]().PublicKey, key)
		cert, err2 := x509.ParseCertificate(must(w, der, err))
		return &holder{hong.person, must(w, cert, err2), testKeys[2](), hong.made}
	}
	itself := func(*x509.Certificate) {}
	twin := issue(itself, &x509.Certificate{RawSubject: hong.cert.RawIssuer, Subject: pkix.Name{CommonName: "x"}}, testKeys[2]())
	selfSigned := issue(func(c *x509.Certificate) { c.RawSubject, c.Subject = nil, pkix.Name{CommonName: "홍길동()0001"} }, nil, testKeys[2]())
	below := issue(func(c *x509.Certificate) { c.SerialNumber = big.NewInt(77) }, hong.cert, hong.key) // the customer as a CA
	for name, attack := range map[string]struct {
		message func(content string) []byte
		want    refusal
	}{
		"a byte more": {func(c string) []byte { return hong.sign(c+"\n", plain) }, signatureWrong},
		"a byte less": {func(c string) []byte { return hong.sign(c[:len(c)-1], plain) }, signatureWrong},
		"other line ends": {func(c string) []byte {
			return hong.sign(string(bytes.ReplaceAll([]byte(c), []byte("\n"), []byte("\r\n"))), plain)
		}, signatureWrong},
		"nothing":              {func(string) []byte { return hong.sign("", plain) }, signatureWrong},
		"a contract, detached": {func(string) []byte { return hong.sign("I sell my house.", cms.SignOptions{Detached: true}) }, signatureWrong},
		"a contract, attached": {func(string) []byte { return hong.sign("I sell my house.", attributes) }, signatureWrong},
		"the text in the wrong shell": {func(c string) []byte {
			return bytes.Replace(hong.sign("x"+c[1:], plain), []byte("x"+c[1:]), []byte(c), 1)
		}, signatureWrong},
		"two signers":                  {func(c string) []byte { return w.merge(hong.sign(c, plain), kim.sign(c, plain)) }, signatureForm},
		"two signers, the other first": {func(c string) []byte { return w.merge(kim.sign(c, attributes), hong.sign(c, attributes)) }, signatureForm},
		"the same signer twice":        {func(c string) []byte { return w.merge(hong.sign(c, plain), hong.sign(c, plain)) }, signatureForm},
		"one signer right, one wrong":  {func(c string) []byte { return w.merge(hong.sign(c, plain), kim.sign(c+" ", plain)) }, signatureWrong},
		"no signer":                    {func(c string) []byte { return w.merge(hong.sign(c, plain), nil) }, signatureForm},
		"another's certificate, too":   {func(c string) []byte { o := plain; o.Certificates = [][]byte{kim.cert.Raw}; return hong.sign(c, o) }, refusal{}},
		"a byte behind":                {func(c string) []byte { return append(hong.sign(c, plain), 0) }, signatureForm},
		"cut off":                      {func(c string) []byte { m := hong.sign(c, plain); return m[:len(m)-1] }, signatureForm},
		"a certificate":                {func(string) []byte { return hong.cert.Raw }, signatureForm},
		"a text":                       {func(c string) []byte { return []byte(c) }, signatureForm},
		"deep":                         {func(string) []byte { return bytes.Repeat([]byte{0x30, 0x80}, 8000) }, signatureForm},
		"by a CA of one's own":         {func(c string) []byte { return selfSigned.sign(c, plain) }, foreign},
		"by a twin: serial and issuer": {func(c string) []byte { return twin.sign(c, plain) }, foreign},
		"by a CA below a customer":     {func(c string) []byte { o := plain; o.Certificates = [][]byte{hong.cert.Raw}; return below.sign(c, o) }, unfit},
	} {
		p := w.visitor([]string{"ko", "en"}[len(name)%2])
		a := p.enterWith(attack.message(p.challenge()))
		if attack.want == (refusal{}) {
			if a.status != http.StatusOK || !bytes.Contains(a.body, []byte(hong.s.Name)) {
				t.Errorf("%s: %d %s", name, a.status, a.body)
			}
			continue
		}
		t.Log(name)
		w.refused(a.err(), attack.want, audit.Refused)
		if again := p.send("GET", "/api/v1/session", nil); again.status != http.StatusUnauthorized {
			t.Errorf("%s: is logged in all the same", name)
		}
	}
	// The honest ways: what a wallet may make.
	for _, o := range []cms.SignOptions{plain, attributes, {Detached: true}} {
		p := w.visitor("ko")
		if a := p.enterWith(hong.sign(p.challenge(), o)); a.status != http.StatusOK || !bytes.Contains(a.body, []byte(hong.s.Name)) {
			t.Errorf("%+v: %d %s", o, a.status, a.body)
		}
	}
}

// merge puts the signers and certificates of a second message into a first one;
// nil takes the first one's signers away.
func (w *world) merge(first, second []byte) []byte {
	w.t.Helper()
	type signedData struct {
		Version      int
		Digests      asn1.RawValue
		Content      asn1.RawValue
		Certificates asn1.RawValue
		Signers      asn1.RawValue
	}
	type info struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue `asn1:"explicit,tag:0"`
	}
	open := func(der []byte) (i info, s signedData) {
		_, err := asn1.Unmarshal(der, &i)
		must(w, 0, err)
		inner := i.Content
		if inner.Class == asn1.ClassContextSpecific {
			_, err = asn1.Unmarshal(inner.Bytes, &s)
		} else {
			_, err = asn1.Unmarshal(inner.FullBytes, &s)
		}
		must(w, 0, err)
		return i, s
	}
	outer, a := open(first)
	if second != nil {
		_, b := open(second)
		a.Certificates.Bytes = append(bytes.Clone(a.Certificates.Bytes), b.Certificates.Bytes...)
		a.Signers.Bytes = append(bytes.Clone(a.Signers.Bytes), b.Signers.Bytes...)
	} else {
		a.Signers.Bytes = nil
	}
	a.Certificates.FullBytes, a.Signers.FullBytes = nil, nil
	inner, err := asn1.Marshal(a)
	must(w, inner, err)
	der, err := asn1.Marshal(struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue
	}{outer.Type, asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: inner}})
	return must(w, der, err)
}

// "I have found a token with a certificate and know its password. It is
// expired, held, suspended or revoked; the signature is as good as ever, and
// says that it is older."
func TestWithdrawnCertificate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hong := w.holder("hong")
	authority, operator, ctx := w.Desk().Authority, server.Operator("tester"), t.Context()
	signed := w.clock.Now()
	try := func(want refusal) {
		t.Helper()
		for n, o := range []cms.SignOptions{{}, {SignedAttributes: true, SigningTime: signed}} {
			p := w.visitor([]string{"ko", "en"}[n])
			a := p.enterWith(hong.sign(p.challenge(), o))
			if want == allowed {
				if a.status != http.StatusOK {
					t.Errorf("a valid certificate is refused: %s", a.body)
				}
				continue
			}
			w.refused(a.err(), want, audit.Refused)
			if bytes.Contains(a.body, []byte(hong.s.Name)) {
				t.Errorf("%s tells whose it is: %s", want.name, a.body)
			}
		}
	}
	try(allowed)
	must(w, 0, authority.Hold(ctx, operator, hong.made.Serial, "bank"))
	try(suspended)
	must(w, 0, authority.Release(ctx, operator, hong.made.Serial, "bank"))
	try(allowed)
	must(w, 0, w.Desk().Store.ChangeState(ctx, hong.made.Serial, ca.Move{From: []ca.State{ca.Valid}, To: ca.Held, Reason: 6, At: w.clock.Now()}))
	try(held)
	must(w, 0, w.Desk().Store.ChangeState(ctx, hong.made.Serial, ca.Move{From: []ca.State{ca.Held}, To: ca.Valid, At: w.clock.Now()}))
	try(allowed)
	w.clock.move(hong.cert.NotAfter.Sub(w.clock.Now()) + time.Second)
	try(expired)
	must(w, 0, authority.Revoke(ctx, operator, w.holder("kim").made.Serial, ca.KeyCompromise, time.Time{}))
	kim := w.logIn("kim")
	all, err := kim.Certificates(ctx)
	cert, err2 := x509.ParseCertificate(must(w, all, err)[0].Certificate)
	stolen := &holder{kim, must(w, cert, err2), testKeys[1](), all[0]}
	p := w.visitor("ko")
	w.refused(p.enterWith(stolen.sign(p.challenge(), cms.SignOptions{})).err(), revoked, audit.Refused)
	// Who can't log in so logs in by password, and applies anew.
	hong.person = w.logIn("hong")
	hong.finish(hong.start(client.KindPersonalBank), 3)
}
