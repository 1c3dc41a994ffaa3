package attacks_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/pki/cms"
)

// patience is how long one question about a signature may take. Real ones take
// a few milliseconds; the rest is for a machine that has a bad day.
const patience = 15 * time.Second

// verify asks about a signature, from an address of its own.
func (p *person) verify(message, content []byte) (client.Verification, answer) {
	p.w.t.Helper()
	body := map[string]any{"signature": message}
	if content != nil {
		body["content"] = content
	}
	begin := time.Now()
	a := p.send(http.MethodPost, "/api/v1/verifications", encode(p.w.t, body), p.w.from())
	if took := time.Since(begin); took > patience {
		p.w.t.Errorf("a question kept the bank busy for %v", took)
	}
	var v client.Verification
	_ = json.Unmarshal(a.body, &v) // what is no report is looked at by its status
	return v, a
}

// long is an element of DER with a length of four bytes.
func long(tag byte, content ...[]byte) []byte {
	all := bytes.Join(content, nil)
	return append(binary.BigEndian.AppendUint32([]byte{tag, 0x84}, uint32(len(all))), all...)
}

// "Anybody may ask about a signature, so I ask: about the largest one there
// is, the deepest, one of hundreds of signers, one whose certificates lead to
// one another in circles. The bank will be busy with me, or fall over."
func TestVerificationBombs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, behindProxy)
	hong := w.holder("hong")
	p, b := w.visitor("ko"), w.browser("en")
	good := hong.sign("a text", cms.SignOptions{})
	many := good
	for range 20 {
		many = w.merge(many, good)
	}
	crowd := good
	for range 5 { // 32 signers, with as many certificates
		crowd = w.merge(crowd, crowd)
	}
	for name, message := range map[string][]byte{
		"zeros":                 make([]byte, 4608<<10),
		"deep":                  bytes.Repeat([]byte{0x30, 0x80}, 1<<20),
		"deep, in the content":  long(0x30, good[4:24], bytes.Repeat([]byte{0xa0, 0x80}, 1<<20)),
		"deep strings":          bytes.Repeat([]byte{0x24, 0x80}, 1<<20),
		"a million elements":    append([]byte{0x30, 0x80}, bytes.Repeat([]byte{0x05, 0x00}, 1<<20)...),
		"pieces of nothing":     append([]byte{0x24, 0x80}, bytes.Repeat([]byte{0x04, 0x00}, 1<<20)...),
		"a length that lies":    {0x30, 0x84, 0xff, 0xff, 0xff, 0xff, 0},
		"a length of 126 bytes": append([]byte{0x30, 0xfe}, bytes.Repeat([]byte{0xff}, 200)...),
		"a tag without end":     bytes.Repeat([]byte{0x3f, 0xff}, 1<<20),
		"21 signers":            many,
		"32 signers":            crowd,
		"PEM in PEM":            []byte(strings.Repeat("-----BEGIN CMS-----\n", 100_000)),
		"PEM of headers":        []byte("-----BEGIN CMS-----\n" + strings.Repeat("A: b\n", 400_000) + "\n-----END CMS-----\n"),
		"base64 in base64":      nested(good, 20),
		"blanks":                bytes.Repeat([]byte(" \n"), 2<<20),
		"equals signs":          bytes.Repeat([]byte("="), 4<<20),
		"a zip":                 append([]byte("PK\x03\x04"), make([]byte, 1<<20)...),
		"a text":                []byte("-----"),
		"nothing in PEM":        pem.EncodeToMemory(&pem.Block{Type: "PKCS7"}),
		"a certificate":         hong.cert.Raw,
		"an unending OID":       append([]byte{0x30, 0x84, 0, 0x10, 0, 6, 0x06, 0x84, 0, 0x10, 0, 0}, bytes.Repeat([]byte{0xff}, 1<<20)...),
	} {
		v, a := p.verify(message, nil)
		if a.status != http.StatusOK || v.Verdict == client.VerdictValid || len(v.Signers) > 0 {
			t.Errorf("%s: %d %.300s", name, a.status, a.body)
		}
		if s := b.uploadFrom("/verify", []file{{"signature", "x", "", message}}); s.status != http.StatusOK || !strings.Contains(string(s.body), `data-verdict="`+string(v.Verdict)+`"`) {
			t.Errorf("%s, on the page: %d", name, s.status)
		}
	}
	for _, o := range []cms.SignOptions{{Certificates: circle(w, 60)}, {Certificates: heavy(w)}, {Certificates: circle(w, 60), SignedAttributes: true, SigningTime: w.clock.Now()}} {
		if v, a := p.verify(hong.sign("a text", o), nil); a.status != http.StatusOK || v.Verdict != client.VerdictValid {
			t.Errorf("among others' certificates: %d %.300s", a.status, a.body)
		}
	}
	// One below a CA of the circle, so that the search has to walk it.
	lost, key := leafOf(w)
	signed, err := cms.Sign([]byte("x"), lost, key, cms.SignOptions{Certificates: circle(w, 60)})
	if v, a := p.verify(must(w, signed, err), nil); a.status != http.StatusOK || v.Verdict != client.VerdictUnknown {
		t.Errorf("below a circle of CAs: %d %.300s", a.status, a.body)
	}
	if v, a := p.verify(good, nil); a.status != http.StatusOK || v.Verdict != client.VerdictValid {
		t.Errorf("a good one afterwards: %d %s", a.status, a.body)
	}
}

func nested(message []byte, deep int) []byte {
	for range deep {
		message = []byte(base64.StdEncoding.EncodeToString(message[:min(len(message), 1<<20)]))
	}
	return message
}

var walk = pkix.Name{CommonName: "Circle CA"}

// circle makes CAs of one name and two keys that vouch for one another.
func circle(w *world, n int) (all [][]byte) {
	w.t.Helper()
	for i := range n {
		c := &x509.Certificate{SerialNumber: big.NewInt(int64(i) + 1), Subject: walk, NotBefore: w.clock.Now().Add(-time.Hour), NotAfter: w.clock.Now().Add(time.Hour),
			IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
		der, err := x509.CreateCertificate(rand.Reader, c, &x509.Certificate{Subject: walk}, testKeys[2+i%2]().Public(), testKeys[3-i/2%2]())
		all = append(all, must(w, der, err))
	}
	return all
}

func leafOf(w *world) (*x509.Certificate, *rsa.PrivateKey) {
	w.t.Helper()
	c := &x509.Certificate{SerialNumber: big.NewInt(1000), Subject: pkix.Name{CommonName: "leaf"}, NotBefore: w.clock.Now().Add(-time.Hour), NotAfter: w.clock.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature}
	der, err := x509.CreateCertificate(rand.Reader, c, &x509.Certificate{Subject: walk}, testKeys[4]().Public(), testKeys[2]())
	cert, err2 := x509.ParseCertificate(must(w, der, err))
	return must(w, cert, err2), testKeys[4]()
}

// heavy makes certificates with keys that take long to calculate with.
func heavy(w *world) (all [][]byte) {
	w.t.Helper()
	n := new(big.Int).Lsh(big.NewInt(1), 8191)
	n.SetBit(n, 0, 1)
	for i := range 8 {
		c := &x509.Certificate{SerialNumber: big.NewInt(int64(i) + 1), RawSubject: w.Desk().Issuing().RawSubject, NotBefore: w.clock.Now().Add(-time.Hour), NotAfter: w.clock.Now().Add(time.Hour),
			IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
		der, err := x509.CreateCertificate(rand.Reader, c, &x509.Certificate{RawSubject: w.Desk().Issuing().RawSubject}, &rsa.PublicKey{N: n, E: 1<<31 - 1}, testKeys[2]())
		all = append(all, must(w, der, err))
	}
	return all
}

// "I ask too much, too often, by whichever door, or beside a signature that is
// right I lay what was never signed."
func TestVerificationLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, behindProxy)
	hong := w.holder("hong")
	p, b := w.visitor("en"), w.browser("ko")
	w.vault.keep("signed text", "I sell my house to nobody.")
	house := []byte("I sell my house to nobody.")
	attached, detached := hong.sign(string(house), cms.SignOptions{}), hong.sign(string(house), cms.SignOptions{Detached: true})
	for name, ask := range map[string]struct {
		message, content []byte
		verdict          client.Verdict
		reason           string
	}{
		"as it is":                    {attached, nil, client.VerdictValid, "ok"},
		"with the same beside it":     {attached, house, client.VerdictValid, "ok"},
		"with something else":         {attached, []byte("I sell my boat."), client.VerdictInvalid, "content-differs"},
		"with nothing more":           {attached, append(bytes.Clone(house), 0), client.VerdictInvalid, "content-differs"},
		"detached":                    {detached, house, client.VerdictValid, "ok"},
		"detached, without a content": {detached, nil, client.VerdictUnknown, "content-missing"},
		"detached, of another":        {detached, []byte("I sell my boat."), client.VerdictInvalid, "changed"},
		"detached, a byte more":       {detached, append(bytes.Clone(house), '\n'), client.VerdictInvalid, "changed"},
		"changed inside":              {bytes.Replace(attached, []byte("nobody"), []byte("anyone"), 1), nil, client.VerdictInvalid, "changed"},
	} {
		v, a := p.verify(ask.message, ask.content)
		if a.status != http.StatusOK || v.Verdict != ask.verdict || v.Reason != ask.reason {
			t.Errorf("%s: %d, %s because of %s", name, a.status, v.Verdict, v.Reason)
		}
		if v.Verdict != client.VerdictValid && (len(v.Signers) > 0 || v.Text != "" || bytes.Contains(a.body, []byte(hong.s.Name))) {
			t.Errorf("%s: names a signer or shows a text for a signature that is not right: %s", name, a.body)
		}
	}
	// What is too large for it, by each door.
	big := make([]byte, 4608<<10+1)
	w.turnedAway(problemOf(p.verify(big, nil)), badField)
	b.sentBack(b.uploadFrom("/verify", []file{{"signature", "x", "", attached}, {"content", "x", "", big}}), "/verify", refusal{413, 4101, "signature-too-large"}, "")
	b.sentBack(b.uploadFrom("/verify", []file{{"signature", "x", "", make([]byte, 6144<<10+1)}}), "/verify", refusal{413, 4101, "signature-too-large"}, "")
	b.sentBack(b.uploadFrom("/verify", nil, "text", strings.Repeat("A", 6144<<10+1)), "/verify", refusal{413, 4101, "signature-too-large"}, "")
	b.sentBack(b.uploadFrom("/verify", nil, "text", "  \n "), "/verify", refusal{400, 1046, "signature-missing"}, "")

	// How often one address may ask: by the page and the API together.
	tooMany := refusal{429, 1006, "too-many-requests"}
	from := w.from()
	body := encode(t, map[string]any{"signature": attached})
	b.extra = []func(*http.Request){from}
	asked, slowed := 0, 0
	for n := range 60 {
		if n%2 == 0 {
			if s := b.upload("/verify", nil, "text", base64.StdEncoding.EncodeToString(attached)); s.status == http.StatusTooManyRequests {
				b.turnedAwayBy(s, tooMany)
				slowed++
				continue
			}
		} else if a := p.send("POST", "/api/v1/verifications", body, from); a.status == http.StatusTooManyRequests {
			w.turnedAway(a.err(), tooMany)
			slowed++
			continue
		}
		asked++
	}
	if asked > 25 || slowed < 30 {
		t.Errorf("one address asked %d times at once, and was slowed down %d times", asked, slowed)
	}
	b.extra = nil
	if v, _ := p.verify(attached, nil); v.Verdict != client.VerdictValid {
		t.Error("others have to wait, too")
	}
	w.clock.move(4 * time.Second)
	if a := p.send("POST", "/api/v1/verifications", body, from); a.status != http.StatusOK {
		t.Errorf("after a while: %d", a.status)
	}
	kim := w.logIn("kim")
	kim.finish(kim.start(client.KindPersonalBank), 1)
}

func problemOf(_ client.Verification, a answer) error {
	if err := a.err(); err != nil {
		return err
	}
	return fmt.Errorf("was answered: %.200s", a.body)
}
