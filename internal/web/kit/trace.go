package kit

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"

	"github.com/ingam-pki/ingam/internal/fault"
)

// trace gives each request an id, writes its log line when it has ended, and
// turns a panic into a problem. The line has neither path nor query nor body:
// they may hold what is personal.
func (f *Face) trace(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := f.now()
		v := &visit{id: rand.Text(), address: f.address(r), page: f.cfg.Page, word: f.cfg.Word}
		r = r.WithContext(context.WithValue(r.Context(), contextKey{}, v))
		out := &recorder{ResponseWriter: w}
		f.guard(next, out, r, v)
		f.line(r, v, out, f.now().Sub(start).Milliseconds())
	})
}

// guard serves a request; a panic below becomes a problem, unless it is the
// one that net/http wants to see.
func (f *Face) guard(next http.Handler, out *recorder, r *http.Request, v *visit) {
	ctx := r.Context()
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		err, isError := p.(error)
		if errors.Is(err, http.ErrAbortHandler) {
			panic(p)
		}
		if !isError {
			err = fmt.Errorf("panic: %v", p)
		}
		f.cfg.Log.ErrorContext(ctx, "panic", "request", v.id, "route", v.route,
			"panic", err.Error(), "stack", string(debug.Stack()))
		v.err = err
		if out.status == 0 {
			Fail(out, r, err)
		}
	}()
	next.ServeHTTP(out, r)
}

func (f *Face) line(r *http.Request, v *visit, out *recorder, ms int64) {
	status := out.status
	if status == 0 {
		status = http.StatusOK
	}
	route := v.route
	if route == "" {
		route = r.Method + " -"
	}
	attrs := []slog.Attr{
		slog.String("request", v.id), slog.String("route", route), slog.Int("status", status),
		slog.Int64("bytes", out.bytes), slog.Int64("ms", ms), slog.String("from", v.address.String()),
	}
	level := slog.LevelInfo
	if v.err != nil {
		occurrence := fault.Of(v.err)
		attrs = append(attrs, slog.Int("code", occurrence.Number))
		if status >= 500 || occurrence.Kind.Status() >= 500 {
			level = slog.LevelError
			attrs = append(attrs, slog.String("error", v.err.Error()))
		}
	}
	f.cfg.Log.LogAttrs(r.Context(), level, "request", attrs...)
}

// address finds where a request came from. A trusted proxy's X-Forwarded-For
// is read from its right end: the first address that is no trusted proxy is
// the visitor's; what stands left of it anybody may have written.
func (f *Face) address(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	addr, _ := netip.ParseAddr(host)
	addr = addr.Unmap()
	if !f.trusted(addr) {
		return addr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		addr = hop.Unmap()
		if !f.trusted(addr) {
			break
		}
	}
	return addr
}

func (f *Face) trusted(addr netip.Addr) bool {
	for _, p := range f.cfg.TrustedProxies {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

// recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(p)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
