package wallet_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"flag"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/wallet"
	"github.com/ingam-pki/ingam/internal/wallet/wallettest"
	"github.com/ingam-pki/ingam/pki/ocsp"
	"github.com/ingam-pki/ingam/pki/validation"
)

// signed signs a text with a new certificate that names addresses.
func signed(t *testing.T, c wallettest.Customer) []byte {
	t.Helper()
	c.Name, c.NotBefore = "홍길동", now.Add(-time.Hour)
	cert := held(t, t.TempDir(), c)[0]
	der, err := cert.Sign(strings.NewReader("hello"), "hello.txt", world().Key, now, wallet.SignOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func roots() []*x509.Certificate   { return []*x509.Certificate{world().Root} }
func between() []*x509.Certificate { return []*x509.Certificate{world().Issuing} }

// TestOnlineAnswers sees that only an answer of the authority to this very
// question counts: all else leaves the verdict open, in bounded time and space.
func TestOnlineAnswers(t *testing.T) {
	t.Parallel()
	honest := world().Responder(now, nil)
	stranger, err := wallettest.New()
	if err != nil {
		t.Fatal(err)
	}
	var recorded atomic.Pointer[[]byte]
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		want    validation.Verdict
	}{
		"honest":       {honest.ServeHTTP, validation.Valid},
		"out of order": {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "", http.StatusServiceUnavailable) }, validation.Unknown},
		"try later":    {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(ocsp.ErrorResponse(ocsp.TryLater)) }, validation.Unknown},
		"a page":       {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }, validation.Unknown},
		"endless": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(bytes.Repeat([]byte{0x30}, ocsp.MaxResponseSize+2))
		}, validation.Unknown},
		"sends away": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusFound)
		}, validation.Unknown},
		"of a stranger": {stranger.Responder(now, nil).ServeHTTP, validation.Unknown},
		"stale":         {world().Responder(now.Add(-48*time.Hour), nil).ServeHTTP, validation.Unknown},
		"replayed":      {replay(&recorded, honest), validation.Unknown},
		"revoked": {world().Responder(now, func(*big.Int) ocsp.Single {
			return ocsp.Single{Status: ocsp.Revoked, RevokedAt: now.Add(-time.Minute), Reason: 1}
		}).ServeHTTP, validation.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(c.handler)
			defer server.Close()
			v, err := wallet.Verify(t.Context(), signed(t, wallettest.Customer{OCSPURL: server.URL}), wallet.Judging{
				Name: "signed", Roots: roots(), Intermediates: between(), At: now, Online: &wallet.Online{Random: rand.Reader},
			})
			if err != nil || v.Verdict != c.want {
				t.Fatalf("%s (%s), %v; want %s", v.Verdict, v.Reason, err, c.want)
			}
			s := v.Signers[0]
			if status := s.Revocation().Status; (status == "good") != (c.want == validation.Valid) {
				t.Errorf("revocation status %q with verdict %s", status, c.want)
			}
			if answered := s.Asked != ""; answered && s.AskProblem != nil {
				t.Errorf("answered, and not: %v", s.AskProblem)
			}
		})
	}
}

// replay gives the first answer to every question about another certificate
// or with another nonce.
func replay(kept *atomic.Pointer[[]byte], honest http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if kept.Load() == nil {
			id, err := ocsp.NewCertID(5, world().Issuing, big.NewInt(1)) // crypto.SHA256
			if err != nil {
				panic(err)
			}
			question, err := ocsp.CreateRequest([]ocsp.CertID{id}, bytes.Repeat([]byte{7}, 32))
			if err != nil {
				panic(err)
			}
			recorder := httptest.NewRecorder()
			honest.ServeHTTP(recorder, httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(question)))
			body := recorder.Body.Bytes()
			kept.Store(&body)
		}
		_, _ = w.Write(*kept.Load())
	}
}

// TestOnlineIssuer fetches the issuer's certificate when it is not at hand,
// and trusts it no more for that.
func TestOnlineIssuer(t *testing.T) {
	t.Parallel()
	stranger, err := wallettest.New()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		body []byte
		want validation.Verdict
	}{
		"the issuer":        {world().Issuing.Raw, validation.Valid},
		"its namesake":      {stranger.Issuing.Raw, validation.Invalid},
		"no certificate":    {[]byte("hello"), validation.Unknown},
		"two certificates":  {append(bytes.Clone(world().Issuing.Raw), world().Root.Raw...), validation.Unknown},
		"megabytes of them": {bytes.Repeat(world().Issuing.Raw, 2000), validation.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mux := http.NewServeMux()
			mux.Handle("POST /ocsp", world().Responder(now, nil))
			mux.HandleFunc("GET /ca", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(c.body) })
			server := httptest.NewServer(mux)
			defer server.Close()
			v, err := wallet.Verify(t.Context(), signed(t, wallettest.Customer{OCSPURL: server.URL + "/ocsp", CAURL: server.URL + "/ca"}),
				wallet.Judging{Name: "signed", Roots: roots(), At: now, Online: &wallet.Online{Random: rand.Reader}})
			if err != nil || v.Verdict != c.want {
				t.Errorf("%s (%s), %v; want %s", v.Verdict, v.Reason, err, c.want)
			}
		})
	}
}

// TestOnlineNotAsked: nobody is asked about a certificate whose chain fails.
func TestOnlineNotAsked(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer server.Close()
	stranger, err := wallettest.New()
	if err != nil {
		t.Fatal(err)
	}
	v, err := wallet.Verify(t.Context(), signed(t, wallettest.Customer{OCSPURL: server.URL}), wallet.Judging{
		Name: "signed", Roots: []*x509.Certificate{stranger.Root}, Intermediates: between(), At: now, Online: &wallet.Online{Random: rand.Reader}})
	if err != nil || v.Verdict == validation.Valid || asked.Load() > 0 {
		t.Errorf("%s, %v, asked %d times", v.Verdict, err, asked.Load())
	}
}

// TestOnlineHangs: a responder that never answers holds nobody for longer than
// the caller wants.
func TestOnlineHangs(t *testing.T) {
	t.Parallel()
	came, over := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(came)
		<-over
	}))
	defer server.Close()
	defer close(over)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-came
		cancel()
	}()
	v, err := wallet.Verify(ctx, signed(t, wallettest.Customer{OCSPURL: server.URL}), wallet.Judging{
		Name: "signed", Roots: roots(), Intermediates: between(), At: now, Online: &wallet.Online{Random: rand.Reader}})
	if err != nil || v.Verdict != validation.Unknown || !errors.Is(v.Signers[0].AskProblem, context.Canceled) {
		t.Errorf("%s, %v", v.Verdict, err)
	}
}

func TestVerifyUnreadable(t *testing.T) {
	t.Parallel()
	for _, message := range []string{"", "hello", "-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----\n", "\x30\x80"} {
		if _, err := wallet.Verify(t.Context(), []byte(message), wallet.Judging{Name: "x", At: now}); nameOfFault(err) != "not-a-signature" {
			t.Errorf("%q gives %v", message, err)
		}
	}
}

var update = flag.Bool("update", false, "make testdata/judged anew")

// judged reads messages that were signed once, and the authorities to judge
// them by: making keys takes longer than a fuzzing worker should.
func judged(t testing.TB) (messages [][]byte, j wallet.Judging) {
	t.Helper()
	if *update {
		makeJudged(t)
	}
	j = wallet.Judging{Name: "x", At: now}
	if err := j.ReadTrust([]string{"testdata/judged/root.pem"}, []string{"testdata/judged/issuing.pem"}, nil); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"attached", "attributes", "detached"} {
		message, err := os.ReadFile(filepath.Join("testdata/judged", name+".p7"))
		if err != nil {
			t.Fatal(err)
		}
		messages = append(messages, message)
	}
	return messages, j
}

func makeJudged(t testing.TB) {
	t.Helper()
	cert := held(t, t.TempDir(), wallettest.Customer{Name: "홍길동", NotBefore: now.Add(-time.Hour)})[0]
	files := map[string][]byte{
		"root.pem":    pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: world().Root.Raw}),
		"issuing.pem": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: world().Issuing.Raw}),
	}
	for name, o := range map[string]wallet.SignOptions{"attached": {}, "attributes": {Attributes: true}, "detached": {Detached: true}} {
		der, err := cert.Sign(strings.NewReader("hello"), "", world().Key, now, o)
		if err != nil {
			t.Fatal(err)
		}
		files[name+".p7"] = der
	}
	if err := os.MkdirAll("testdata/judged", 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join("testdata/judged", name), content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestJudged changes each byte of a signed message in turn: it is never valid
// with another content.
func TestJudged(t *testing.T) {
	t.Parallel()
	messages, j := judged(t)
	for _, message := range messages {
		j.Content = strings.NewReader("hello")
		if v, err := wallet.Verify(t.Context(), message, j); err != nil || v.Verdict != validation.Valid {
			t.Fatalf("%s (%s), %v", v.Verdict, v.Reason, err)
		}
		for i := range message {
			changed := bytes.Clone(message)
			changed[i] ^= 0x20
			neverOther(t, changed, j)
		}
	}
}

// neverOther sees that a message is not valid but for the content hello.
func neverOther(t *testing.T, message []byte, j wallet.Judging) {
	t.Helper()
	j.Content = nil
	v, err := wallet.Verify(t.Context(), message, j)
	if err == nil && v.Verdict == validation.Valid && (string(v.Content) != "hello" || len(v.Signers) == 0) {
		t.Errorf("valid with content %q and %d signers", v.Content, len(v.Signers))
	}
	j.Content = strings.NewReader("other")
	if v, err := wallet.Verify(t.Context(), message, j); err == nil && v.Verdict == validation.Valid {
		t.Error("valid over another content")
	}
}

// FuzzVerify changes signatures: none is ever valid over another content.
func FuzzVerify(f *testing.F) {
	messages, j := judged(f)
	for _, message := range messages {
		f.Add(message)
	}
	f.Fuzz(func(t *testing.T, message []byte) { neverOther(t, message, j) })
}
