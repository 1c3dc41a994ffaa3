package kit_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/web/kit"
)

const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

// paged is a face whose refusals are pages.
func paged(log io.Writer, rate kit.Rate) *kit.Face {
	return kit.NewFace(time.Now, kit.FaceConfig{Rate: rate, MaxBody: 1000, Log: slog.New(slog.NewJSONHandler(log, nil)),
		Page: func(w http.ResponseWriter, r *http.Request, p kit.Problem) bool {
			if r.URL.Path == "/broken" {
				return false
			}
			kit.WritePage(w, r, p.Status, []byte("<h1>"+p.Title+" "+strconv.Itoa(p.Code)+"</h1>"))
			return true
		}})
}

func read(t *testing.T, res *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestRefusalsAsPages(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	h := paged(&log, kit.Rate{}).Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/panic":
			panic("a defect")
		case "/noted":
			kit.Note(r.Context(), errors.New("the store is on fire"))
			http.Redirect(w, r, "/form", http.StatusSeeOther)
		default:
			kit.Fail(w, r, kit.ErrNoSession.With(nil))
		}
	}))
	for _, tt := range []struct {
		what, path, accept string
		status             int
		page               bool
	}{
		{"a browser", "/apply", browser, 401, true},
		{"a program", "/apply", "application/json", 401, false},
		{"one that says nothing", "/apply", "", 401, false},
		{"one that wants anything", "/apply", "*/*", 401, false},
		{"one that refuses pages", "/apply", "application/json, text/html;q=0.0", 401, false},
		{"a browser at the API", "/api/v1/session", browser, 401, false},
		{"a browser at OCSP", "/ocsp", browser, 401, false},
		{"a panic", "/panic", browser, 500, true},
		{"a page that can't be made", "/broken", browser, 401, false},
	} {
		res := ask(h, http.MethodGet, tt.path, header("Accept", tt.accept))
		isPage := res.Header.Get("Content-Type") == "text/html; charset=utf-8"
		if res.StatusCode != tt.status || isPage != tt.page {
			t.Errorf("%s: status %d, %s", tt.what, res.StatusCode, res.Header.Get("Content-Type"))
		}
		if res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: may be kept", tt.what)
		}
	}
	log.Reset()
	if res := ask(h, http.MethodGet, "/noted", header("Accept", browser)); res.StatusCode != http.StatusSeeOther {
		t.Errorf("noted: status %d", res.StatusCode)
	}
	if line := log.String(); !strings.Contains(line, `"code":1000`) || !strings.Contains(line, `"level":"ERROR"`) || !strings.Contains(line, "on fire") {
		t.Errorf("the log does not say why: %s", line)
	}
}

// TestPagesOfTheFace sees that what the face itself refuses is a page, too, and
// that a browser is heard out before it is told that it sent too much.
func TestPagesOfTheFace(t *testing.T) {
	t.Parallel()
	h := paged(io.Discard, kit.Rate{Every: time.Hour, Burst: 2}).Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	body := strings.NewReader(strings.Repeat("x", 5000))
	res := ask(h, http.MethodPost, "/apply", header("Accept", browser), func(r *http.Request) {
		r.Body, r.ContentLength = io.NopCloser(body), 5000
	})
	if page := read(t, res); res.StatusCode != 413 || !strings.Contains(page, "1007") || body.Len() != 0 {
		t.Errorf("too large: status %d, %d bytes unread, %s", res.StatusCode, body.Len(), page)
	}
	ask(h, http.MethodGet, "/")
	body.Reset(strings.Repeat("x", 900))
	res = ask(h, http.MethodPost, "/", header("Accept", browser), header("Accept-Language", "en"), func(r *http.Request) {
		r.Body, r.ContentLength = io.NopCloser(body), 900
	})
	if body.Len() != 0 {
		t.Errorf("too many: %d bytes unread", body.Len())
	}
	if page := read(t, res); res.StatusCode != 429 || !strings.Contains(page, "too many requests") || res.Header.Get("Retry-After") == "" {
		t.Errorf("too many: status %d, %s", res.StatusCode, page)
	}
}

func TestWritePage(t *testing.T) {
	t.Parallel()
	small, large := []byte("<p>small"), []byte(strings.Repeat("<p>large", 1000))
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page := large
		if r.URL.Path == "/small" {
			page = small
		}
		kit.WritePage(w, r, http.StatusOK, page)
	})
	for _, tt := range []struct {
		path, accept string
		packed       bool
	}{
		{"/", "gzip, br", true}, {"/", "br", false}, {"/", "gzip;q=0", false}, {"/", "GZIP; q=0.5", true}, {"/", "", false}, {"/small", "gzip", false},
	} {
		res := ask(h, http.MethodGet, tt.path, header("Accept-Encoding", tt.accept))
		body := read(t, res)
		if got := res.Header.Get("Content-Encoding") == "gzip"; got != tt.packed {
			t.Errorf("%s with %q: packed %v", tt.path, tt.accept, got)
		}
		if res.Header.Get("Content-Length") != strconv.Itoa(len(body)) || !strings.Contains(res.Header.Get("Vary"), "Accept-Encoding") {
			t.Errorf("%s with %q: %v", tt.path, tt.accept, res.Header)
		}
		if tt.packed {
			z, err := gzip.NewReader(strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			if plain, err := io.ReadAll(z); err != nil || !bytes.Equal(plain, large) {
				t.Errorf("unpacked it is another page: %v", err)
			}
		}
	}
}

func TestChosenLanguage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ cookie, accept, want string }{
		{"en", "ko", "en"}, {"ko", "en", "ko"}, {"fr", "en", "en"}, {"", "en", "en"}, {"<script>", "", "ko"},
	} {
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, kit.Language(r)) })
		res := ask(h, http.MethodGet, "/", header("Accept-Language", tt.accept), func(r *http.Request) {
			r.AddCookie(&http.Cookie{Name: kit.LanguageCookie, Value: tt.cookie})
		})
		if got := read(t, res); got != tt.want {
			t.Errorf("cookie %q and %q: %s", tt.cookie, tt.accept, got)
		}
	}
}
