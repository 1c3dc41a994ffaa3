package kit

import (
	"net/http"
)

// Routes serves a mux, and answers what the mux does not know with problems:
// 404, and 405 with Allow. The bare mux would say it in a line of English.
func Routes(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler, pattern := mux.Handler(r)
		if pattern != "" {
			SetRoute(r.Context(), pattern)
			mux.ServeHTTP(w, r)
			return
		}
		probe := &probe{header: make(http.Header)}
		handler.ServeHTTP(probe, r)
		if probe.status == http.StatusMethodNotAllowed {
			allow := probe.header.Get("Allow")
			w.Header().Set("Allow", allow)
			Fail(w, r, ErrMethod.With(nil, "method", knownMethod(r.Method), "allow", allow))
			return
		}
		Fail(w, r, ErrNoRoute.With(nil))
	})
}

// knownMethod keeps what a visitor made up out of our texts.
func knownMethod(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodConnect, http.MethodOptions, http.MethodTrace:
		return m
	}
	return "?"
}

// SameOrigin refuses what another site's page makes a browser send. Programs
// that are no browsers pass: they have no cookies to be robbed of.
func SameOrigin(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		Fail(w, r, ErrCrossOrigin.With(nil))
	}))
	return protection.Handler(next)
}

// probe hears what a handler would answer.
type probe struct {
	header http.Header
	status int
}

func (p *probe) Header() http.Header         { return p.header }
func (p *probe) Write(b []byte) (int, error) { return len(b), nil }
func (p *probe) WriteHeader(status int)      { p.status = status }
