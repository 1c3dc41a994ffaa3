package kit

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// programPaths are for programs, whatever they say that they accept.
var programPaths = []string{"/api/", "/ocsp", "/crl/", "/ca/"}

// WantsPage says whether a refusal should come as a page: a browser asks that
// shows what it gets, not a program.
func WantsPage(r *http.Request) bool {
	for _, prefix := range programPaths {
		if strings.HasPrefix(r.URL.Path, prefix) {
			return false
		}
	}
	return accepts(r.Header.Values("Accept"), "text/html")
}

// accepts says whether a list of media types or encodings names one, without
// refusing it by q=0 (RFC 9110 §12.4.2).
func accepts(lists []string, name string) bool {
	for _, list := range lists {
		for item := range strings.SplitSeq(list, ",") {
			value, params, _ := strings.Cut(item, ";")
			if !strings.EqualFold(strings.TrimSpace(value), name) {
				continue
			}
			q, isQ := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
			return !isQ || strings.Trim(q, "0.") != ""
		}
	}
	return false
}

// compressFrom is the size of a page, in bytes, from which it is worth packing.
const compressFrom = 1 << 10

var packers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, 5) // the level is one that there is
	return w
}}

// WritePage answers with HTML, packed where that pays and the visitor can read
// it.
//
// Packing beside a secret tells by the length what was guessed right, when
// somebody else can put guesses into the same page (BREACH). Ours hold no
// secret: no token against forged requests (SameOrigin does that), no session,
// no code; a page that repeats what was typed comes only after a POST from our
// own origin; and that of the branches, which repeats a place from its address,
// comes without anybody's name when another site asks (SameSite).
func WritePage(w http.ResponseWriter, r *http.Request, status int, page []byte) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Add("Vary", "Accept-Language, Accept-Encoding, Cookie")
	if len(page) >= compressFrom && accepts(r.Header.Values("Accept-Encoding"), "gzip") {
		page = pack(page)
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(page)))
	w.WriteHeader(status)
	_, _ = w.Write(page) // a visitor who has left hears nothing
}

func pack(page []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(page) / 3)
	z := packers.Get().(*gzip.Writer)
	defer packers.Put(z)
	z.Reset(&out)
	_, _ = z.Write(page) // writing to memory never fails
	_ = z.Close()
	return out.Bytes()
}
