// Package kit is what every web face of ingam shares: who asks (sessions,
// addresses), how often (limits), in which language, what goes wrong (problem
// details), and what is written down about it (one log line a request).
//
// A face builds its handler, passes it through Face.Wrap and serves it with
// Server:
//
//	face := kit.NewFace(time.Now, kit.FaceConfig{Log: log})
//	srv := kit.Server(face.Wrap(handler), log)
//
// Within a handler Fail answers with a refusal, Decode takes a JSON body in
// and WriteJSON gives one out. Nothing here knows what a certificate is.
package kit

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
)

// FaceConfig says how a face treats its visitors. The zero value works.
type FaceConfig struct {
	// Log takes one line for each request; nothing is logged when nil.
	Log *slog.Logger
	// HTTPS says that visitors come over https, be it ended here or before us.
	HTTPS bool
	// TrustedProxies are the addresses whose X-Forwarded-For is believed.
	TrustedProxies []netip.Prefix
	// Rate is how often one address may ask. Zero: 20 a second, bursts of 100.
	Rate Rate
	// MaxBody is the size of the largest body that any route takes, in bytes.
	// Zero: 64 KiB. A route may allow itself less by Decode's bound.
	MaxBody int64
	// Page shows a refusal to a browser as a page, with the status of the
	// problem; false when it can't, and nothing was written. Programs, and all
	// when it is nil, get problem details.
	Page func(w http.ResponseWriter, r *http.Request, p Problem) bool
	// Word says how people read a parameter of a refusal that is a word for
	// programs, where its package can't know: a branch by its name. It may be nil.
	Word func(name, value string) (fault.Text, bool)
	// Cacheable leaves out Cache-Control: no-store; the handler sets its own.
	Cacheable bool
}

// Face holds what one face needs for all of its requests.
type Face struct {
	cfg    FaceConfig
	now    func() time.Time
	limits *Limiter
}

// NewFace makes a face that tells the time by now.
func NewFace(now func() time.Time, cfg FaceConfig) *Face {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Rate == (Rate{}) {
		cfg.Rate = Rate{Every: 50 * time.Millisecond, Burst: 100}
	}
	if cfg.MaxBody == 0 {
		cfg.MaxBody = DefaultBody
	}
	return &Face{cfg: cfg, now: now, limits: NewLimiter(cfg.Rate, now)}
}

// Wrap puts around a handler what every request passes through, outermost
// first: id and log line, panic to problem, security headers, limit of rate,
// bound of size.
func (f *Face) Wrap(next http.Handler) http.Handler {
	return f.trace(f.headers(f.limit(Bound(f.cfg.MaxBody, next))))
}

// Bound refuses bodies of more than limit bytes. Within a face it can only make
// the face's own bound narrower.
func Bound(limit int64, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > limit {
			Fail(w, r, ErrTooLarge.With(nil, "limit", sizeText(limit)))
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		next.ServeHTTP(w, r)
	})
}

func (f *Face) limit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if wait := f.limits.Take(Address(r.Context())); wait > 0 {
			Fail(w, r, ErrTooMany.With(nil).After(wait))
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (f *Face) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Request-Id", RequestID(r.Context()))
		if !f.cfg.Cacheable {
			h.Set("Cache-Control", "no-store")
			h.Set("Cross-Origin-Resource-Policy", "same-origin")
		}
		if f.cfg.HTTPS {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

// Server gives the HTTP server that faces the open network: bounds on how long
// a visitor may take and on the size of the headers. Its own complaints go to
// log as debug lines, since any port scan makes some.
func Server(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

type contextKey struct{}

// visit is what is known of one request; it travels in the context.
type visit struct {
	id      string
	address netip.Addr
	route   string
	err     error
	page    func(w http.ResponseWriter, r *http.Request, p Problem) bool
	word    func(name, value string) (fault.Text, bool)
}

func visitOf(ctx context.Context) *visit {
	v, _ := ctx.Value(contextKey{}).(*visit)
	if v == nil {
		return &visit{}
	}
	return v
}

// RequestID is the id of the request: the same in the log, in the audit log
// and in problem details. Empty outside of a face.
func RequestID(ctx context.Context) string { return visitOf(ctx).id }

// Address is where the request came from; invalid when that is not known.
func Address(ctx context.Context) netip.Addr { return visitOf(ctx).address }

// SetRoute tells the log which route a request took. Log lines have the route
// ("GET /api/v1/applications/{id}"), never the path that was asked for.
func SetRoute(ctx context.Context, route string) { visitOf(ctx).route = route }

// Note tells the log what a request was refused for when the answer is no
// problem: a page that shows its form again.
func Note(ctx context.Context, err error) { visitOf(ctx).err = err }
