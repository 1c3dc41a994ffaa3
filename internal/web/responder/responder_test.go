package responder_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/ingam-pki/ingam/api"
	"github.com/ingam-pki/ingam/internal/certification/status"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/responder"
)

var now = time.Date(2027, 3, 14, 9, 0, 0, 0, time.UTC)

// echo answers an OCSP request with itself behind a byte, so that a test sees
// what arrived.
type echo struct{ last []byte }

func (e *echo) Respond(_ context.Context, request []byte) (status.Answer, error) {
	e.last = bytes.Clone(request)
	der := append([]byte{0x30}, request...)
	switch {
	case len(request) == 0:
		return status.Answer{DER: der, Status: 1}, errors.New("not a request")
	case request[0] == 'N':
		return status.Answer{DER: der, ProducedAt: now, NextUpdate: now.Add(10 * time.Minute), Nonce: true}, nil
	}
	return status.Answer{DER: der, ProducedAt: now.Add(-30 * time.Second), NextUpdate: now.Add(10 * time.Minute)}, nil
}

type list struct {
	latest status.CRL
	err    error
}

func (l list) Latest(context.Context) (status.CRL, error) { return l.latest, l.err }

func newHandler(t *testing.T) (http.Handler, *echo) {
	t.Helper()
	e := &echo{}
	face := kit.NewFace(func() time.Time { return now }, kit.FaceConfig{MaxBody: responder.MaxRequest, Cacheable: true})
	return face.Wrap(responder.New(responder.Config{
		OCSP: e, Now: func() time.Time { return now },
		Lists: map[string]responder.Lister{
			"issuing": list{latest: status.CRL{DER: []byte("list"), ThisUpdate: now.Add(-time.Hour), NextUpdate: now.Add(23 * time.Hour)}},
			"root":    list{latest: status.CRL{DER: []byte("root list"), ThisUpdate: now.Add(-time.Hour), NextUpdate: now.Add(10 * time.Minute)}},
			"none":    list{err: status.ErrNoCRL},
			"down":    list{err: errors.New("database is down")},
		},
		Certificates: map[string][]byte{"root": []byte("root"), "issuing": []byte("issuing")},
	})), e
}

func ask(h http.Handler, method, target string, body io.Reader, headers ...string) *http.Response {
	r := httptest.NewRequest(method, target, body)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestOCSPByPost(t *testing.T) {
	t.Parallel()
	h, e := newHandler(t)
	for _, tt := range []struct {
		name, path, contentType string
		body                    io.Reader
		status                  int
	}{
		{"well formed", "/ocsp", "application/ocsp-request", strings.NewReader("question"), 200},
		{"with a slash", "/ocsp/", "application/ocsp-request", strings.NewReader("question"), 200},
		{"empty", "/ocsp", "application/ocsp-request", strings.NewReader(""), 200},
		{"wrong type", "/ocsp", "application/json", strings.NewReader("{}"), 415},
		{"no type", "/ocsp", "", strings.NewReader("question"), 415},
		{"too large", "/ocsp", "application/ocsp-request", strings.NewReader(strings.Repeat("x", responder.MaxRequest+1)), 413},
		{"too large, length not told", "/ocsp", "application/ocsp-request",
			struct{ io.Reader }{strings.NewReader(strings.Repeat("x", responder.MaxRequest+1))}, 413},
		{"as large as can be", "/ocsp", "application/ocsp-request", strings.NewReader(strings.Repeat("x", responder.MaxRequest)), 200},
	} {
		res := ask(h, "POST", tt.path, tt.body, "Content-Type", tt.contentType)
		if res.StatusCode != tt.status {
			t.Errorf("%s: status %d, want %d", tt.name, res.StatusCode, tt.status)
		}
		if tt.status != 200 {
			continue
		}
		if got := res.Header.Get("Content-Type"); got != "application/ocsp-response" {
			t.Errorf("%s: Content-Type %q", tt.name, got)
		}
		if got := res.Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("%s: Cache-Control %q", tt.name, got)
		}
		if got := text(t, res); got != "0"+string(e.last) {
			t.Errorf("%s: answer %q", tt.name, got)
		}
		if len(res.Cookies()) != 0 || res.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: sets a cookie", tt.name)
		}
	}
}

func TestOCSPByGet(t *testing.T) {
	t.Parallel()
	h, e := newHandler(t)
	// Chosen so that its base64 has + and / and //, and padding.
	question := []byte("\xfb\xef\xbe\xff\xff\xff\xff\xff\xffq")
	std := base64.StdEncoding.EncodeToString(question)
	if !strings.Contains(std, "//") || !strings.Contains(std, "+") || !strings.HasSuffix(std, "=") {
		t.Fatalf("test needs a nastier question than %s", std)
	}
	for name, path := range map[string]string{
		"percent-encoded":             url.PathEscape(std),
		"all encoded":                 strings.NewReplacer("/", "%2F", "+", "%2B", "=", "%3D").Replace(std),
		"as it is, with slashes":      std,
		"lower-case escapes":          strings.NewReplacer("/", "%2f", "+", "%2b", "=", "%3d").Replace(std),
		"plus became a blank":         strings.ReplaceAll(url.PathEscape(std), "+", "%20"),
		"URL-safe alphabet":           base64.URLEncoding.EncodeToString(question),
		"URL-safe alphabet, unpadded": base64.RawURLEncoding.EncodeToString(question),
	} {
		res := ask(h, "GET", "/ocsp/"+path, nil)
		if res.StatusCode != 200 || !bytes.Equal(e.last, question) {
			t.Errorf("%s: status %d, arrived %x, want %x", name, res.StatusCode, e.last, question)
		}
		if got := res.Header.Get("Cache-Control"); got != "public, no-transform, must-revalidate, max-age=600" {
			t.Errorf("%s: Cache-Control %q", name, got)
		}
		if res.Header.Get("ETag") == "" || res.Header.Get("Last-Modified") != "Sun, 14 Mar 2027 08:59:30 GMT" ||
			res.Header.Get("Expires") != "Sun, 14 Mar 2027 09:10:00 GMT" {
			t.Errorf("%s: %v", name, res.Header)
		}
	}
	t.Run("a nonce is for one", func(t *testing.T) {
		res := ask(h, "GET", "/ocsp/"+base64.RawURLEncoding.EncodeToString([]byte("N once")), nil)
		if got := res.Header.Get("Cache-Control"); got != "no-store" || res.Header.Get("ETag") != "" {
			t.Errorf("Cache-Control %q, ETag %q", got, res.Header.Get("ETag"))
		}
	})
	t.Run("what is no base64 is no request", func(t *testing.T) {
		for _, path := range []string{"/ocsp/%25%25", "/ocsp/", "/ocsp/====", "/ocsp/a", "/ocsp/QUJD%0AREVG"} {
			res := ask(h, "GET", path, nil)
			if res.StatusCode != 200 || len(e.last) != 0 || res.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: status %d, arrived %q", path, res.StatusCode, e.last)
			}
		}
	})
	t.Run("too long", func(t *testing.T) {
		if res := ask(h, "GET", "/ocsp/"+strings.Repeat("A", 4097), nil); res.StatusCode != 413 {
			t.Errorf("status %d", res.StatusCode)
		}
	})
	t.Run("asked again with the ETag", func(t *testing.T) {
		first := ask(h, "GET", "/ocsp/QUJD", nil)
		res := ask(h, "GET", "/ocsp/QUJD", nil, "If-None-Match", first.Header.Get("ETag"))
		if res.StatusCode != 304 || text(t, res) != "" {
			t.Errorf("status %d", res.StatusCode)
		}
	})
}

func TestFiles(t *testing.T) {
	t.Parallel()
	h, _ := newHandler(t)
	for _, tt := range []struct {
		method, path, contentType, body, cache string
		status                                 int
	}{
		{"GET", "/crl/issuing.crl", "application/pkix-crl", "list", "max-age=3600", 200},
		{"HEAD", "/crl/issuing.crl", "application/pkix-crl", "", "max-age=3600", 200},
		{"GET", "/crl/root.crl", "application/pkix-crl", "root list", "max-age=600", 200},
		{"GET", "/ca/root.cer", "application/pkix-cert", "root", "max-age=86400", 200},
		{"GET", "/ca/issuing.cer", "application/pkix-cert", "issuing", "max-age=86400", 200},
		{"GET", "/crl/none.crl", kit.ProblemType, "", "no-store", 404},
		{"GET", "/crl/down.crl", kit.ProblemType, "", "no-store", 503},
		{"GET", "/crl/other.crl", kit.ProblemType, "", "no-store", 404},
		{"GET", "/crl/issuing", kit.ProblemType, "", "no-store", 404},
		{"GET", "/crl/../ca/root.cer", kit.ProblemType, "", "no-store", 404},
		{"GET", "/crl/", kit.ProblemType, "", "no-store", 404},
		{"GET", "/ca/root.pem", kit.ProblemType, "", "no-store", 404},
		{"POST", "/crl/issuing.crl", kit.ProblemType, "", "no-store", 405},
		{"DELETE", "/ca/root.cer", kit.ProblemType, "", "no-store", 405},
		{"GET", "/ocsp", kit.ProblemType, "", "no-store", 405},
		{"PUT", "/ocsp/QUJD", kit.ProblemType, "", "no-store", 405},
		{"GET", "/elsewhere", kit.ProblemType, "", "no-store", 404},
	} {
		res := ask(h, tt.method, tt.path, nil)
		if res.StatusCode != tt.status || res.Header.Get("Content-Type") != tt.contentType ||
			!strings.Contains(res.Header.Get("Cache-Control"), tt.cache) {
			t.Errorf("%s %s: status %d, %v", tt.method, tt.path, res.StatusCode, res.Header)
		}
		if got := text(t, res); tt.status == 200 && got != tt.body {
			t.Errorf("%s %s: body %q", tt.method, tt.path, got)
		}
		if tt.status == 405 && res.Header.Get("Allow") == "" {
			t.Errorf("%s %s: no Allow", tt.method, tt.path)
		}
		if len(res.Cookies()) != 0 {
			t.Errorf("%s %s: sets a cookie", tt.method, tt.path)
		}
	}
	first := ask(h, "GET", "/crl/issuing.crl", nil)
	for name, header := range map[string][2]string{
		"ETag":          {"If-None-Match", first.Header.Get("ETag")},
		"Last-Modified": {"If-Modified-Since", first.Header.Get("Last-Modified")},
	} {
		if res := ask(h, "GET", "/crl/issuing.crl", nil, header[0], header[1]); res.StatusCode != 304 {
			t.Errorf("by %s: status %d, want 304", name, res.StatusCode)
		}
	}
	if res := ask(h, "GET", "/crl/issuing.crl", nil, "Range", "bytes=1-2"); res.StatusCode != 200 || text(t, res) != "list" {
		t.Errorf("a part was given: status %d", res.StatusCode)
	}
}

// TestRoutesAreDescribed holds the handler against api/openapi.yaml.
func TestRoutesAreDescribed(t *testing.T) {
	t.Parallel()
	var spec struct {
		Paths map[string]map[string]yaml.Node `yaml:"paths"`
	}
	if err := yaml.Unmarshal(api.OpenAPI, &spec); err != nil {
		t.Fatal(err)
	}
	h, _ := newHandler(t)
	fill := strings.NewReplacer("{request}", "QUJD", "{name}", "issuing")
	described := map[string]bool{}
	for path, operations := range spec.Paths {
		for method, node := range operations {
			if method == "parameters" {
				continue
			}
			var o struct {
				Tags []string `yaml:"tags"`
			}
			if err := node.Decode(&o); err != nil {
				t.Fatal(err)
			}
			if len(o.Tags) != 1 || o.Tags[0] != "responder" {
				continue
			}
			described[strings.ToUpper(method)+" "+path] = true
			res := ask(h, strings.ToUpper(method), fill.Replace(path), strings.NewReader("x"), "Content-Type", "application/ocsp-request")
			if res.StatusCode != 200 || !responder.Serves(fill.Replace(path)) {
				t.Errorf("%s %s is described, but answered with %d", method, path, res.StatusCode)
			}
		}
	}
	for _, served := range []string{"POST /ocsp", "GET /ocsp/{request}", "GET /crl/{name}.crl", "GET /ca/{name}.cer"} {
		if !described[served] {
			t.Errorf("%s is served, but not described", served)
		}
	}
	if responder.Serves("/api/v1/health") || responder.Serves("/ocspx") || responder.Serves("/") {
		t.Error("claims what is not its own")
	}
}

// FuzzPath sends anything as a path: nothing may panic, whatever decodes must
// be what base64 says, and an answer is always an answer.
func FuzzPath(f *testing.F) {
	for _, seed := range []string{"QUJD", "MFEw/TBN//MEsw+STAJ=", "MFEw%2FTBN", "====", "a", "%", "%zz", "../../crl/issuing.crl", "QUJD\n", " ", "-_-_"} {
		f.Add(seed)
	}
	e := &echo{}
	h := kit.NewFace(time.Now, kit.FaceConfig{Cacheable: true, Rate: kit.Rate{Every: time.Nanosecond, Burst: 1 << 30}}).Wrap(
		responder.New(responder.Config{OCSP: e, Now: func() time.Time { return now }}))
	f.Fuzz(func(t *testing.T, path string) {
		u := &url.URL{Path: "/ocsp/" + path}
		r := httptest.NewRequest("GET", "/", nil)
		r.URL = u
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		switch {
		case len(path) > 4096:
			if w.Code != 413 {
				t.Errorf("status %d for %d characters", w.Code, len(path))
			}
		case w.Code != 200:
			t.Errorf("status %d for %s", w.Code, strconv.Quote(path))
		case len(e.last) > 0:
			back := base64.RawStdEncoding.EncodeToString(e.last)
			plain := strings.TrimRight(strings.NewReplacer(" ", "+", "-", "+", "_", "/").Replace(path), "=")
			if len(back) != len(plain) || len(plain) > 1 && back[:len(back)-1] != plain[:len(plain)-1] {
				t.Errorf("%q became %x", path, e.last)
			}
		}
	})
}
