package attacks_test

import (
	"bufio"
	"bytes"
	"crypto"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/pki/crl"
	"github.com/ingam-pki/ingam/pki/ocsp"
)

// line sends a request line as it stands, which no client of ours would.
func (w *world) line(target string) (status int, body []byte) {
	w.t.Helper()
	c, err := net.DialTimeout("tcp", w.Address().String(), 5*time.Second)
	must(w, c, err)
	defer c.Close()
	must(w, 0, c.SetDeadline(time.Now().Add(10*time.Second)))
	_, err = fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: bank.example\r\nConnection: close\r\n\r\n", target)
	must(w, 0, err)
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	must(w, res, err)
	defer res.Body.Close()
	body, err = io.ReadAll(res.Body)
	return res.StatusCode, must(w, body, err)
}

// loot is what a file from the bank's disk would hold.
var loot = regexp.MustCompile(`root:.*:0:0|BEGIN [A-Z ]*(KEY|CERTIFICATE)|SQLite format|argon2|passphrase|"?ring"?:`)

// "The lists and certificates that everybody may have lie beside files that
// nobody may have. I climb out of their folder."
func TestPaths(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	climbs := []string{"..", "%2e%2e", "%2e.", "..%2f..", "..%5c..", "..\\..", "%252e%252e", "..;", "....//", "%c0%ae%c0%ae", "..%00", ".%2e", "\u2025"}
	targets := []string{"etc/passwd", "ca/issuing.key", "ring.json", "ingam.db", "offline/root.key", "config.yaml", "demo.passphrase", "root.cer", "issuing.crl"}
	var paths []string
	for _, folder := range []string{"/crl", "/ca", "/ocsp", "/api/v1/kinds", "/api/v1"} {
		for _, climb := range climbs {
			for _, target := range targets {
				paths = append(paths, folder+"/"+climb+"/"+target, folder+"/"+climb+"/"+climb+"/"+target, folder+"/"+climb+"%2f"+target)
			}
		}
	}
	paths = append(paths, "/ca/", "/ca", "/crl/", "/crl/.crl", "/ca/.cer", "/ca/km.cer", "/ca/ocsp.cer", "/ca/issuing.key", "/ca/issuing.pem", "/ca/issuing.cer.key",
		"/crl/issuing.crl/", "/crl/issuing.crl/x", "/crl/issuing.crl%00.key", "/crl/issuing.CRL", "/CRL/issuing.crl", "/crl//issuing.crl", "//crl/issuing.crl/..",
		"/crl/*.crl", "/ca/root.cer;x", "/ca/%72oot.cer%20", "/ca/"+strings.Repeat("a", 8000)+".cer", "/ca/\x7f.cer", "/crl/%s%n.crl", "/crl/-.crl")
	for _, path := range paths {
		status, body := w.line(path)
		refusedOCSP := status == 200 && strings.HasPrefix(path, "/ocsp/")
		if status != 400 && status != 404 && (status < 301 || status > 308) && !refusedOCSP {
			t.Errorf("%s: %d %.100q", path, status, body)
		}
		if loot.Match(body) || internals.Match(body) {
			t.Errorf("%s: gives what is inside: %.200q", path, body)
		}
		if status == 200 { // an OCSP response that says no
			wantOCSP(t, path, body, ocsp.MalformedRequest)
		}
	}
	// In another spelling it is what it is: lists and certificates for all.
	p := w.visitor("en")
	for _, path := range []string{"/crl/issuing.crl", "/crl/root.crl", "/ca/root.cer", "/ca/issuing.cer", "/ca/issuing%2ecer"} {
		if a := p.send("GET", path, nil, header("Range", "bytes=0-10")); a.status != 200 || len(a.body) < 200 {
			t.Errorf("%s: %d, %d bytes", path, a.status, len(a.body))
		}
	}
	for _, path := range []string{"/crl/issuing.crl", "/ca/root.cer", "/ocsp/MAA=", "/ocsp"} {
		for _, method := range []string{"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"} {
			w.turnedAway(p.send(method, path, nil).err(), refusal{405, 1002, "wrong-method"})
		}
	}
	w.turnedAway(p.send("GET", "/crl/mine.crl", nil).err(), refusal{404, 1031, "no-revocation-list"})
	w.turnedAway(p.send("GET", "/ca/km.cer", nil).err(), refusal{404, 1032, "no-ca-certificate"})
}

// wantOCSP demands an OCSP response that is an error.
func wantOCSP(t *testing.T, what string, body []byte, want ocsp.ResponseStatus) {
	t.Helper()
	_, err := ocsp.ParseResponse(body)
	var status *ocsp.StatusError
	if !errors.As(err, &status) || status.Status != want {
		t.Errorf("%s: answered with %v, want %v", what, err, want)
	}
}

// "The responder takes DER from anybody. I feed it until it chokes, has it
// vouch for what it never issued, or gives me answers to keep for later."
func TestOCSPRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	customer := w.logIn("hong")
	made := customer.finish(customer.start(client.KindPersonalBank), 0)
	serial, _ := new(big.Int).SetString(made.Serial, 16)
	issuing := w.Desk().Issuing()
	id := func(serial *big.Int) ocsp.CertID {
		i, err := ocsp.NewCertID(crypto.SHA1, issuing, serial)
		return must(w, i, err)
	}
	nonce := make([]byte, 32)
	_, _ = rand.Read(nonce)
	good, err := ocsp.CreateRequest([]ocsp.CertID{id(serial)}, nonce)
	must(w, good, err)
	p := w.visitor("en")
	post := func(body []byte, changes ...func(*http.Request)) answer {
		return p.send("POST", "/ocsp", body, append([]func(*http.Request){header("Content-Type", "application/ocsp-request")}, changes...)...)
	}
	one := good[bytes.Index(good, []byte{0x30, 0x09, 0x06, 0x05, 0x2b})-4:]
	one = one[:2+int(one[1])] // the request for one certificate, without a list around it
	if one[0] != 0x30 {
		t.Fatal("can't find the request in the request")
	}
	many := func(n int) []byte {
		return sequence(sequence(sequence(bytes.Repeat(one, n))))
	}
	if single := post(many(1)); single.status != 200 {
		t.Fatalf("a request of one: %d", single.status)
	} else if r, err := ocsp.ParseResponse(single.body); err != nil || len(r.Singles) != 1 || r.Singles[0].Status != ocsp.Good {
		t.Fatalf("a request of one is not answered: %v", err)
	}
	withNonce := func(n int) []byte {
		extension := sequence([]byte{6, 9, 0x2b, 6, 1, 5, 5, 7, 0x30, 1, 2}, octets(octets(make([]byte, n))))
		return sequence(sequence(sequence(one), tagged(2, sequence(extension))))
	}
	for name, der := range map[string][]byte{
		"nothing": {}, "rubbish": []byte("rubbish"), "an empty list": many(0), "33 certificates": many(33), "100 certificates": many(100),
		"a nonce of nothing": withNonce(0), "a nonce of 129 bytes": withNonce(129), "a nonce of 2000 bytes": withNonce(2000),
		"cut off": good[:len(good)-1], "something behind": append(bytes.Clone(good), 0), "a certificate": issuing.Raw,
		"deep": bytes.Repeat([]byte{0x30, 0x80}, 4000), "a length that lies": {0x30, 0x84, 0x7f, 0xff, 0xff, 0xff},
	} {
		a := post(der)
		if a.status != 200 || a.header.Get("Content-Type") != "application/ocsp-response" || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %q %q", name, a.status, a.header.Get("Content-Type"), a.header.Get("Cache-Control"))
		}
		wantOCSP(t, name, a.body, ocsp.MalformedRequest)
	}
	big8 := make([]byte, 8<<10+1)
	for _, told := range []bool{true, false} {
		w.turnedAway(post(big8, func(r *http.Request) {
			if !told {
				r.Body, r.ContentLength, r.GetBody = io.NopCloser(bytes.NewReader(big8)), -1, nil
			}
		}).err(), tooLarge)
	}
	for _, media := range []string{"", "text/plain", "application/json", "application/ocsp-response"} {
		w.turnedAway(post(good, header("Content-Type", media)).err(), wrongType)
	}
	w.turnedAway(p.send("GET", "/ocsp/"+strings.Repeat("A", 4097), nil).err(), refusal{413, 1030, "ocsp-too-long"})
	w.turnedAway(p.send("GET", "/ocsp/"+strings.Repeat("A", 4097), nil, header("Accept-Language", "ko")).err(), refusal{413, 1030, "ocsp-too-long"})

	// What it never issued it does not vouch for.
	stranger, err := ocsp.NewCertID(crypto.SHA1, w.Desk().Root(), serial)
	must(w, stranger, err)
	for name, asked := range map[string]ocsp.CertID{
		"a serial of nobody": id(new(big.Int).Add(serial, big.NewInt(1))), "another issuer": stranger,
	} {
		request, err := ocsp.CreateRequest([]ocsp.CertID{asked}, nil)
		a := post(must(w, request, err))
		r, err := ocsp.ParseResponse(a.body)
		var status *ocsp.StatusError
		vouches := err == nil && r.Singles[0].Status == ocsp.Good
		if vouches || err != nil && (!errors.As(err, &status) || status.Status != ocsp.Unauthorized) {
			t.Errorf("%s: answered with %v %v", name, r, err)
		}
	}

	// The rightful answer: of now, to this question, and no one else's.
	a := post(good)
	r, err := ocsp.ParseResponse(a.body)
	must(w, r, err)
	if err := r.Verify(issuing, w.clock.Now()); err != nil || !bytes.Equal(r.Nonce, nonce) || r.Singles[0].Status != ocsp.Good {
		t.Errorf("the rightful question: %v, status %v", err, r.Singles[0].Status)
	}
	cached := p.send("GET", "/ocsp/"+base64.URLEncoding.EncodeToString(many(1)), nil)
	if !strings.Contains(cached.header.Get("Cache-Control"), "max-age=") || cached.header.Get("Set-Cookie") != "" {
		t.Errorf("an answer by GET: Cache-Control %q", cached.header.Get("Cache-Control"))
	}
	list, err := crl.Parse(p.send("GET", "/crl/issuing.crl", nil).body)
	if must(w, list, err); list.CheckSignature(issuing) != nil {
		t.Error("the list is not signed by the authority")
	}
}

// "A hundred askers at once who never finish asking." The others are served.
func TestSlowAskers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for n := range 100 {
		c, err := net.DialTimeout("tcp", w.Address().String(), 5*time.Second)
		must(w, c, err)
		defer c.Close()
		request := "POST /ocsp HTTP/1.1\r\nHost: x\r\nContent-Type: application/ocsp-request\r\nContent-Length: 8000\r\n\r\n0"
		if _, err := io.WriteString(c, request[:len(request)-n%len(request)]); err != nil {
			t.Fatal(err)
		}
	}
	p := w.logIn("kim")
	p.finish(p.start(client.KindPersonalBank), 0)
}
