package assets

import (
	"net/http"
	"strconv"
	"strings"
)

// ServeHTTP answers /assets/{hash}/{name}. A name stands in a map of what there
// is: there is no folder to list and none to climb out of.
func (f *Files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	hash, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/assets/"), "/")
	found := f.files[name]
	if found == nil || len(hash) != len(f.hash) {
		http.NotFound(w, r)
		return
	}
	// An address of another version gets today's file, but not for long: a page
	// that was open during an update must not break.
	age := "public, max-age=60"
	if hash == f.hash {
		age = "public, max-age=31536000, immutable"
	}
	found.serve(w, r, age)
}

// At serves one file at an address that can't carry the hash.
func (f *Files) At(name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		found := f.files[name]
		if found == nil {
			http.NotFound(w, r)
			return
		}
		found.serve(w, r, "public, max-age=0, must-revalidate")
	})
}

func (f *file) serve(w http.ResponseWriter, r *http.Request, age string) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
		return
	}
	body, coding := f.choose(r.Header.Get("Accept-Encoding"))
	h := w.Header()
	h.Set("Content-Type", f.media)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", age)
	if f.gzip != nil || f.brotli != nil {
		h.Add("Vary", "Accept-Encoding")
	}
	tag := `"` + f.etag + `"`
	if coding != "" {
		h.Set("Content-Encoding", coding)
		tag = `"` + f.etag + "-" + coding + `"`
	}
	h.Set("ETag", tag)
	if Unchanged(r, tag) {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // who has left hears nothing
	}
}

// choose takes the smallest form that the visitor reads (RFC 9110 §12.5.3).
func (f *file) choose(accept string) (body []byte, coding string) {
	if f.brotli != nil && accepts(accept, "br") {
		return f.brotli, "br"
	}
	if f.gzip != nil && accepts(accept, "gzip") {
		return f.gzip, "gzip"
	}
	return f.body, ""
}

func accepts(header, coding string) bool {
	if len(header) > 1024 {
		return false
	}
	for part := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if !strings.EqualFold(strings.TrimSpace(name), coding) {
			continue
		}
		q, found := strings.CutPrefix(strings.ReplaceAll(weight, " ", ""), "q=")
		if !found {
			return true
		}
		value, err := strconv.ParseFloat(q, 64)
		return err == nil && value > 0
	}
	return false
}

// Unchanged says whether a browser has what an ETag stands for (If-None-Match,
// RFC 9110 §13.1.2: a weak comparison).
func Unchanged(r *http.Request, tag string) bool {
	header := r.Header.Get("If-None-Match")
	if len(header) > 1024 {
		return false
	}
	for part := range strings.SplitSeq(header, ",") {
		part = strings.TrimPrefix(strings.TrimSpace(part), "W/")
		if part == strings.TrimPrefix(tag, "W/") || part == "*" {
			return true
		}
	}
	return false
}
