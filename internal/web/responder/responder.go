// Package responder tells anyone how certificates stand, over plain HTTP as
// certificates themselves name it:
//
//	POST /ocsp, GET /ocsp/{base64}   OCSP (RFC 6960 appendix A)
//	GET  /crl/{name}.crl             revocation lists (RFC 5280)
//	GET  /ca/{name}.cer              the authority's own certificates
//
// It has no session and sets no cookie. Answers carry the headers by which
// caches can help (RFC 9111, RFC 5019 §6), since most questions are the same.
package responder

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/status"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

// MaxRequest is the size of the largest OCSP request, in bytes.
const MaxRequest = 8 << 10

// maxGet is the length of the longest OCSP request in a URL, in characters of
// base64; RFC 5019 asks clients to stay below 255.
const maxGet = 4096

// How long others may keep what hardly ever changes.
const (
	certificateAge = 24 * time.Hour
	longestListAge = time.Hour // a list may be followed early, when somebody is revoked
)

var (
	errTooLong = fault.Define(1030, "ocsp-too-long", fault.TooLarge,
		fault.Text{KO: "주소에 담긴 OCSP 요청이 너무 길어요.", EN: "The OCSP request in the address is too long."},
		fault.Text{KO: "POST로 보내 주세요.", EN: "Please send it by POST."})
	errNoList = fault.Define(1031, "no-revocation-list", fault.NotFound,
		fault.Text{KO: "이 이름의 인증서 폐지 목록이 없어요.", EN: "There is no revocation list of this name."},
		fault.Text{KO: "인증서에 적힌 주소인지 확인해 주세요.", EN: "Please check it against the address in the certificate."})
	errNoCertificate = fault.Define(1032, "no-ca-certificate", fault.NotFound,
		fault.Text{KO: "이 이름의 인증기관 인증서가 없어요.", EN: "There is no certificate of an authority of this name."},
		fault.Text{KO: "인증서에 적힌 주소인지 확인해 주세요.", EN: "Please check it against the address in the certificate."})
)

// ocsp answers requests; status.Responder does.
type ocsp interface {
	Respond(ctx context.Context, request []byte) (status.Answer, error)
}

// Lister gives the latest list of an authority, or status.ErrNoCRL;
// status.Publisher does.
type Lister interface {
	Latest(ctx context.Context) (status.CRL, error)
}

// Config is what the responder answers from.
type Config struct {
	OCSP         ocsp
	Lists        map[string]Lister // by name: "root", "issuing"
	Certificates map[string][]byte
	Now          func() time.Time
	// Problem is told why an OCSP request could not be answered.
	Problem func(ctx context.Context, err error)
}

type handler struct{ Config }

// New gives the handler of /ocsp, /crl/ and /ca/. It expects to be wrapped by
// a kit.Face that is Cacheable. It is no ServeMux: that would clean the double
// slashes that base64 in a path can have.
func New(c Config) http.Handler { return &handler{c} }

// Serves says whether a path is one of the responder's.
func Serves(path string) bool {
	return path == "/ocsp" || strings.HasPrefix(path, "/ocsp/") ||
		strings.HasPrefix(path, "/crl/") || strings.HasPrefix(path, "/ca/")
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path
	switch {
	case path == "/ocsp" || path == "/ocsp/" && r.Method == http.MethodPost:
		if allowed(w, r, "/ocsp", http.MethodPost) {
			h.post(w, r)
		}
	case strings.HasPrefix(path, "/ocsp/"):
		if allowed(w, r, "/ocsp/{request}", http.MethodGet, http.MethodHead) {
			h.get(w, r, path[len("/ocsp/"):])
		}
	case strings.HasPrefix(path, "/crl/"):
		if allowed(w, r, "/crl/{name}.crl", http.MethodGet, http.MethodHead) {
			h.list(w, r, strings.TrimPrefix(path, "/crl/"))
		}
	case strings.HasPrefix(path, "/ca/"):
		if allowed(w, r, "/ca/{name}.cer", http.MethodGet, http.MethodHead) {
			h.certificate(w, r, strings.TrimPrefix(path, "/ca/"))
		}
	default:
		kit.Fail(w, r, kit.ErrNoRoute.With(nil))
	}
}

func allowed(w http.ResponseWriter, r *http.Request, route string, methods ...string) bool {
	for _, m := range methods {
		if r.Method == m {
			kit.SetRoute(r.Context(), m+" "+route)
			return true
		}
	}
	allow := strings.Join(methods, ", ")
	w.Header().Set("Allow", allow)
	kit.Fail(w, r, kit.ErrMethod.With(nil, "method", "?", "allow", allow))
	return false
}

func (h *handler) post(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Content-Type") != "application/ocsp-request" {
		kit.Fail(w, r, kit.ErrContentType.With(nil, "type", "application/ocsp-request"))
		return
	}
	request, err := io.ReadAll(io.LimitReader(r.Body, MaxRequest+1))
	var tooLarge *http.MaxBytesError
	switch {
	case len(request) > MaxRequest || errors.As(err, &tooLarge):
		kit.Fail(w, r, kit.ErrTooLarge.With(err, "limit", "8 KiB"))
		return
	case err != nil:
		request = nil // what came is no request; the answer says so
	}
	h.answer(w, r, request, false)
}

func (h *handler) get(w http.ResponseWriter, r *http.Request, text string) {
	if len(text) > maxGet {
		kit.Fail(w, r, errTooLong.With(nil))
		return
	}
	request, ok := decodePath(text)
	if !ok {
		request = nil
	}
	h.answer(w, r, request, true)
}

// answer sends an OCSP response. One to a GET may be kept by others until its
// nextUpdate, unless it was made for one asker.
func (h *handler) answer(w http.ResponseWriter, r *http.Request, request []byte, get bool) {
	answer, err := h.OCSP.Respond(r.Context(), request)
	if err != nil && h.Problem != nil {
		h.Problem(r.Context(), err)
	}
	head := w.Header()
	head.Set("Content-Type", "application/ocsp-response")
	fresh := answer.NextUpdate.Sub(h.Now())
	if !get || answer.NextUpdate.IsZero() || answer.Nonce || fresh <= 0 {
		head.Set("Cache-Control", "no-store")
		head.Set("Content-Length", strconv.Itoa(len(answer.DER)))
		_, _ = w.Write(answer.DER) // an asker who has left hears nothing
		return
	}
	cache(head, fresh, answer.NextUpdate)
	serve(w, r, answer.DER, sha256.Sum256(answer.DER), answer.ProducedAt)
}

func (h *handler) list(w http.ResponseWriter, r *http.Request, file string) {
	name, ok := strings.CutSuffix(file, ".crl")
	source := h.Lists[name]
	if !ok || source == nil {
		kit.Fail(w, r, errNoList.With(nil))
		return
	}
	list, err := source.Latest(r.Context())
	if errors.Is(err, status.ErrNoCRL) {
		kit.Fail(w, r, errNoList.With(err))
		return
	}
	if err != nil {
		kit.Fail(w, r, kit.ErrStoreDown.With(err))
		return
	}
	w.Header().Set("Content-Type", "application/pkix-crl")
	cache(w.Header(), min(list.NextUpdate.Sub(h.Now()), longestListAge), list.NextUpdate)
	if list.SHA256 == [sha256.Size]byte{} {
		list.SHA256 = sha256.Sum256(list.DER)
	}
	serve(w, r, list.DER, list.SHA256, list.ThisUpdate)
}

func (h *handler) certificate(w http.ResponseWriter, r *http.Request, file string) {
	name, ok := strings.CutSuffix(file, ".cer")
	der := h.Certificates[name]
	if !ok || der == nil {
		kit.Fail(w, r, errNoCertificate.With(nil))
		return
	}
	w.Header().Set("Content-Type", "application/pkix-cert")
	cache(w.Header(), certificateAge, time.Time{})
	serve(w, r, der, sha256.Sum256(der), time.Time{})
}

// cache says for how long others may keep an answer (RFC 5019 §6.2).
func cache(head http.Header, age time.Duration, expires time.Time) {
	seconds := max(0, int64(age/time.Second))
	head.Set("Cache-Control", "public, no-transform, must-revalidate, max-age="+strconv.FormatInt(seconds, 10))
	if !expires.IsZero() {
		head.Set("Expires", expires.UTC().Format(http.TimeFormat))
	}
}

// serve answers with bytes, or with 304 to who has them. The ETag is of the
// bytes; ServeContent compares.
func serve(w http.ResponseWriter, r *http.Request, der []byte, sum [sha256.Size]byte, modified time.Time) {
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
	r.Header.Del("Range") // a part of a DER is of no use to anyone
	http.ServeContent(w, r, "", modified, bytes.NewReader(der))
}
