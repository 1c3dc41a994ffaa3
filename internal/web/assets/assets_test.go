package assets_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/web/assets"
)

func open(t *testing.T) *assets.Files {
	t.Helper()
	f, err := assets.New()
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func get(h http.Handler, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.URL.Path = path
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestServing(t *testing.T) {
	t.Parallel()
	f := open(t)
	for _, name := range f.Names() {
		want, _ := f.Body(name)
		w := get(f, f.Base()+"/"+name)
		if w.Code != http.StatusOK || !bytes.Equal(w.Body.Bytes(), want) {
			t.Errorf("%s answers %d with %d bytes", name, w.Code, w.Body.Len())
		}
		if !strings.Contains(w.Header().Get("Cache-Control"), "immutable") || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: headers are %v", name, w.Header())
		}
		tag := w.Header().Get("ETag")
		if w := get(f, f.Base()+"/"+name, "If-None-Match", `"other", W/`+tag); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
			t.Errorf("%s with its tag answers %d", name, w.Code)
		}
	}
	for name, want := range map[string]string{assets.Style: "text/css; charset=utf-8", "frame.js": "text/javascript; charset=utf-8",
		"ingam-wallet.js": "text/javascript; charset=utf-8", "icons/icon-192.png": "image/png", "fonts/pretendard-gov.0.woff2": "font/woff2",
		"fonts/OFL.txt": "text/plain; charset=utf-8", "icons/seal.svg": "image/svg+xml"} {
		if got := get(f, f.Base()+"/"+name).Header().Get("Content-Type"); got != want {
			t.Errorf("%s is of type %q", name, got)
		}
	}
}

func TestCodings(t *testing.T) {
	t.Parallel()
	f := open(t)
	want, _ := f.Body(assets.Style)
	tags := map[string]bool{}
	for accept, coding := range map[string]string{"gzip, deflate, br": "br", "gzip": "gzip", "br;q=0, gzip;q=0.5": "gzip",
		"identity": "", "": "", "x-br": "", "BR": "br"} {
		w := get(f, f.Base()+"/"+assets.Style, "Accept-Encoding", accept)
		if got := w.Header().Get("Content-Encoding"); got != coding || w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%q gets %q", accept, got)
		}
		tags[w.Header().Get("ETag")] = true
		if coding != "gzip" {
			continue
		}
		z, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(z); err != nil || !bytes.Equal(got, want) {
			t.Errorf("gzip gives other bytes (%v)", err)
		}
	}
	if len(tags) != 3 {
		t.Errorf("three forms have the tags %v", tags)
	}
}

func TestNothingElseIsServed(t *testing.T) {
	t.Parallel()
	f := open(t)
	for _, path := range []string{"/assets", "/assets/", f.Base(), f.Base() + "/", f.Base() + "/icons", f.Base() + "/icons/",
		f.Base() + "/../assets.go", f.Base() + "/icons/../style.css", f.Base() + "//style.css", f.Base() + "/packed/index.json",
		f.Base() + "/css/10-tokens.css", "/assets/x/style.css", "/assets/style.css", f.Base() + "/STYLE.CSS", f.Base() + "/style.css/"} {
		if w := get(f, path); w.Code != http.StatusNotFound {
			t.Errorf("%s answers %d", path, w.Code)
		}
	}
	old := "/assets/" + strings.Repeat("0", len(path.Base(f.Base()))) + "/" + assets.Style
	if w := get(f, old); w.Code != http.StatusOK || strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("an address of another version answers %d, %s", w.Code, w.Header().Get("Cache-Control"))
	}
	r := httptest.NewRequest(http.MethodPost, f.Base()+"/"+assets.Style, nil)
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST answers %d", w.Code)
	}
	if w := get(f.At("icons/icon.svg"), "/icon.svg"); w.Code != http.StatusOK || strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("the loose icon answers %d, %s", w.Code, w.Header().Get("Cache-Control"))
	}
	if w := get(f.At("icons/none.svg"), "/none.svg"); w.Code != http.StatusNotFound {
		t.Errorf("a loose file that is not there answers %d", w.Code)
	}
}

// TestBrotliIsFresh: after a build or a change of a style sheet,
// `node internal/web/assets/compress.mjs` has to run.
func TestBrotliIsFresh(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("packed/index.json")
	if err != nil {
		t.Fatal(err)
	}
	var index map[string]struct {
		SHA256 string `json:"sha256"`
	}
	if err := json.Unmarshal(raw, &index); err != nil {
		t.Fatal(err)
	}
	contents, err := assets.Contents()
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range contents {
		sum := sha256.Sum256(body)
		ext := path.Ext(name)
		if _, packed := index[name]; !packed && len(body) < 64 {
			continue // it would get no smaller
		}
		if (ext == ".js" || ext == ".css") && index[name].SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: its brotli form is stale or missing; run compress.mjs", name)
		}
	}
	for name := range index {
		if _, ok := contents[name]; !ok {
			t.Errorf("%s has a brotli form and is not there any more; run compress.mjs", name)
		}
	}
}

var (
	address   = regexp.MustCompile(`url\(['"]?([^'")]+)`)
	vermilion = regexp.MustCompile(`var\(--seal\)|#c1361f|#e0553d`)
)

// TestStyle: what a sheet names is there and ours, and the seal's ink is on the
// seal alone.
func TestStyle(t *testing.T) {
	t.Parallel()
	f := open(t)
	for _, sheet := range []string{assets.Style, assets.Fonts} {
		body, _ := f.Body(sheet)
		for _, m := range address.FindAllSubmatch(body, -1) {
			if _, ok := f.Body(string(m[1])); !ok {
				t.Errorf("%s names %s, which is not there", sheet, m[1])
			}
		}
		if bytes.Contains(body, []byte("/*")) || bytes.Contains(body, []byte("@import")) {
			t.Errorf("%s holds a comment or an import", sheet)
		}
	}
	style, _ := f.Body(assets.Style)
	for rule := range strings.SplitSeq(string(style), "}") {
		selector, body, _ := strings.Cut(rule, "{")
		if vermilion.MatchString(body) && !strings.Contains(body, "--seal:") && !strings.Contains(selector, ".seal") {
			t.Errorf("the ink of the seal is used by %s", strings.TrimSpace(selector))
		}
	}
}
