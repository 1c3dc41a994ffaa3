package server_test

import (
	"context"
	"encoding/base64"
	"encoding/pem"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/server"
	"github.com/ingam-pki/ingam/pki/crl"
)

// openssl runs OpenSSL in a folder and gives all that it says.
func openssl(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "openssl", args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("openssl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// TestOpenSSLAsks lets OpenSSL ask about a certificate through its life: by
// OCSP with and without nonce and by the list, whose addresses it takes from
// the certificate itself.
func TestOpenSSLAsks(t *testing.T) {
	t.Parallel()
	d := startDemo(t, config(), server.Options{})
	p := logIn(t, d, "hong")
	id := p.start(t)
	p.consent(t, id)
	p.prove(t, id)
	made, _, err := p.Certify(t.Context(), id, p.csr(t, id, testKeys[0]()))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, der := range map[string][]byte{"user.pem": made.Certificate, "issuing.pem": made.Chain[0], "root.pem": made.Chain[1]} {
		content := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	uri := strings.TrimSpace(openssl(t, dir, "x509", "-in", "user.pem", "-noout", "-ocsp_uri"))
	if uri != d.URL()+"/ocsp" {
		t.Fatalf("the certificate names %q", uri)
	}
	ask := func(more ...string) string {
		t.Helper()
		return openssl(t, dir, append([]string{"ocsp", "-issuer", "issuing.pem", "-cert", "user.pem", "-url", uri,
			"-CAfile", "root.pem", "-verify_other", "issuing.pem"}, more...)...)
	}
	wantStatus := func(want string, more ...string) {
		t.Helper()
		if got := ask(more...); !strings.Contains(got, "Response verify OK") || !strings.Contains(got, "user.pem: "+want) {
			t.Errorf("want %s:\n%s", want, got)
		}
	}
	wantStatus("good")
	wantStatus("good", "-no_nonce")
	if got := ask("-serial", "0x1234"); !strings.Contains(got, "Response verify OK") || !strings.Contains(got, "0x1234: unknown") {
		t.Errorf("two questions in one request:\n%s", got)
	}

	operator := server.Operator("tester")
	desk := d.Desk()
	if err := desk.Authority.Hold(t.Context(), operator, made.Serial, "bank"); err != nil {
		t.Fatal(err)
	}
	if got := ask(); !strings.Contains(got, "user.pem: revoked") || !strings.Contains(got, "certificateHold") {
		t.Errorf("held:\n%s", got)
	}
	if err := desk.Authority.Release(t.Context(), operator, made.Serial, "bank"); err != nil {
		t.Fatal(err)
	}
	wantStatus("good")
	if err := desk.Authority.Revoke(t.Context(), operator, made.Serial, ca.KeyCompromise, time.Time{}); err != nil {
		t.Fatal(err)
	}
	wantStatus("revoked")

	if _, _, err := desk.Publisher.Due(t.Context(), operator); err != nil {
		t.Fatal(err)
	}
	list := get(t, d.URL()+"/crl/issuing.crl")
	if list.Header.Get("Content-Type") != "application/pkix-crl" || !strings.Contains(list.Header.Get("Cache-Control"), "max-age=3600") {
		t.Errorf("list: %v", list.Header)
	}
	der := body(t, list)
	parsed, err := crl.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	if err := parsed.CheckSignature(desk.Issuing()); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "list.crl"), der, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := openssl(t, dir, "crl", "-inform", "DER", "-in", "list.crl", "-noout", "-text"); !strings.Contains(got, strings.ToUpper(made.Serial)) {
		t.Errorf("the list does not name %s:\n%s", made.Serial, got)
	}
	byGet(t, d, dir, uri)
}

// byGet asks by GET with what OpenSSL would have posted.
func byGet(t *testing.T, d *server.Demo, dir, uri string) {
	t.Helper()
	// Not the question of before: an answer is given again for a second.
	openssl(t, dir, "ocsp", "-sha256", "-issuer", "issuing.pem", "-cert", "user.pem", "-no_nonce", "-reqout", "request.der")
	request, err := os.ReadFile(filepath.Join(dir, "request.der"))
	if err != nil {
		t.Fatal(err)
	}
	text := base64.StdEncoding.EncodeToString(request)
	for name, path := range map[string]string{"escaped": url.QueryEscape(text), "as it is": text} {
		res := get(t, uri+"/"+path)
		answer := body(t, res)
		if res.StatusCode != 200 || res.Header.Get("Content-Type") != "application/ocsp-response" ||
			!strings.HasPrefix(res.Header.Get("Cache-Control"), "public") || len(res.Cookies()) != 0 {
			t.Errorf("%s: status %d, %v", name, res.StatusCode, res.Header)
		}
		if err := os.WriteFile(filepath.Join(dir, "answer.der"), answer, 0o600); err != nil {
			t.Fatal(err)
		}
		said := openssl(t, dir, "ocsp", "-respin", "answer.der", "-sha256", "-issuer", "issuing.pem", "-cert", "user.pem", "-CAfile", "root.pem",
			"-verify_other", "issuing.pem")
		if !strings.Contains(said, "Response verify OK") || !strings.Contains(said, "user.pem: revoked") {
			t.Errorf("%s:\n%s", name, said)
		}
	}
	if res := get(t, d.URL()+"/ca/issuing.cer"); string(body(t, res)) != string(d.Desk().Issuing().Raw) {
		t.Error("the issuing CA's certificate is another one")
	}
}

func get(t *testing.T, address string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = res.Body.Close() })
	return res
}

func body(t *testing.T, res *http.Response) []byte {
	t.Helper()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// TestSignerIsRenewed starts a service whose OCSP signer comes near its end:
// it gets a new one, and the next start finds that.
func TestSignerIsRenewed(t *testing.T) {
	t.Parallel()
	c := config()
	c.Data = filepath.Join(t.TempDir(), "bank")
	began := time.Now()
	first, err := server.OpenDemo(t.Context(), c, server.Options{Sealing: cheap, Now: func() time.Time { return began }})
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	later := began.Add(345 * 24 * time.Hour)
	for start := range 2 {
		d, err := server.OpenDemo(context.Background(), c, server.Options{Sealing: cheap, Now: func() time.Time { return later }})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		signers, err := filepath.Glob(filepath.Join(c.Data, "ca", "ocsp*.key"))
		if err != nil || len(signers) != 2 {
			t.Errorf("after start %d there are the signers %v, %v", start+1, signers, err)
		}
	}
}
