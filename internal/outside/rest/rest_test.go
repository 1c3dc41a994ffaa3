package rest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/outside/rest"
)

type answer struct {
	rest.Answer
	Value string `json:"value"`
}

// service starts a server that counts its calls.
func service(t *testing.T, serve func(call int64, w http.ResponseWriter, r *http.Request)) (rest.Client, *atomic.Int64) {
	t.Helper()
	var calls atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		serve(calls.Add(1), w, r)
	}))
	t.Cleanup(server.Close)
	return rest.Client{Base: server.URL, Timeout: 5 * time.Second}, &calls
}

func right(w http.ResponseWriter, r *http.Request) {
	_, _ = fmt.Fprintf(w, `{"requestId":%q,"value":"v"}`, r.Header.Get("X-Request-Id"))
}

func TestRetries(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		serve     func(call int64, w http.ResponseWriter, r *http.Request)
		gets      int64
		posts     int64
		get, post bool // whether the call ends well
	}{
		{"well", func(_ int64, w http.ResponseWriter, r *http.Request) { right(w, r) }, 1, 1, true, true},
		{"more than asked for", func(_ int64, w http.ResponseWriter, r *http.Request) {
			_, _ = fmt.Fprintf(w, `{"requestId":%q,"value":"v","since":{"version":2}}`, r.Header.Get("X-Request-Id"))
		}, 1, 1, true, true},
		{"unwell once", func(call int64, w http.ResponseWriter, r *http.Request) {
			if call == 1 {
				w.WriteHeader(http.StatusServiceUnavailable)
				return
			}
			right(w, r)
		}, 2, 1, true, false},
		{"unwell", func(_ int64, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, 2, 1, false, false},
		{"unknown", func(_ int64, w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }, 1, 1, false, false},
		{"malformed", func(_ int64, w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"requestId":`)) }, 1, 1, false, false},
		{"connection lost", func(int64, http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, 2, 1, false, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c, calls := service(t, test.serve)
			if err := rest.Get(t.Context(), c, "/x", &answer{}); (err == nil) != test.get || calls.Load() != test.gets {
				t.Errorf("get: %v after %d calls", err, calls.Load())
			}
			calls.Store(0)
			if err := rest.Post(t.Context(), c, "/x", map[string]string{}, &answer{}); (err == nil) != test.post || calls.Load() != test.posts {
				t.Errorf("post: %v after %d calls", err, calls.Load())
			}
		})
	}
}

func TestAnswersThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, serve := range map[string]func(w http.ResponseWriter, r *http.Request){
		"another request's": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"requestId":"other","value":"v"}`))
		},
		"no request id": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"value":"v"}`)) },
		"a page": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			right(w, r)
		},
		"endless": func(w http.ResponseWriter, r *http.Request) {
			_, _ = fmt.Fprintf(w, `{"requestId":%q,"value":"%s"}`, r.Header.Get("X-Request-Id"), strings.Repeat("x", 2*rest.MaxAnswer))
		},
		"null": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`null`)) },
		"two":  func(w http.ResponseWriter, r *http.Request) { right(w, r); right(w, r) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := service(t, func(_ int64, w http.ResponseWriter, r *http.Request) { serve(w, r) })
			if err := rest.Get(t.Context(), c, "/x", &answer{}); !errors.Is(err, rest.ErrAnswer) {
				t.Error(err)
			}
		})
	}
}

// What was asked goes to one place, and its address stays out of errors.
func TestRedirectionsAndErrors(t *testing.T) {
	t.Parallel()
	elsewhere, calls := service(t, func(_ int64, w http.ResponseWriter, r *http.Request) { right(w, r) })
	c, _ := service(t, func(_ int64, w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.Base+"/x", http.StatusTemporaryRedirect)
	})
	var status *rest.StatusError
	if err := rest.Post(t.Context(), c, "/x", map[string]string{}, &answer{}); !errors.As(err, &status) || status.Status != 307 {
		t.Error(err)
	}
	if calls.Load() != 0 {
		t.Error("a redirection was followed")
	}
	for _, base := range []string{"http://127.0.0.1:1", "http://[", "ftp://127.0.0.1"} {
		err := rest.Get(t.Context(), rest.Client{Base: base}, "/customers/8503141000011", &answer{})
		if err == nil || strings.Contains(err.Error(), "8503141000011") || strings.Contains(err.Error(), "customers") {
			t.Errorf("%s: %v", base, err)
		}
	}
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	c, calls := service(t, func(_ int64, _ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // a server notices that the client left only after the body
		<-r.Context().Done()
	})
	c.Timeout = 50 * time.Millisecond
	if err := rest.Post(t.Context(), c, "/x", map[string]string{}, &answer{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	calls.Store(0)
	if err := rest.Get(t.Context(), c, "/x", &answer{}); !errors.Is(err, context.DeadlineExceeded) || calls.Load() != 1 {
		t.Errorf("%v after %d calls", err, calls.Load())
	}
	c.Timeout = time.Minute
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	calls.Store(0)
	if err := rest.Get(ctx, c, "/x", &answer{}); !errors.Is(err, context.DeadlineExceeded) || calls.Load() != 1 {
		t.Errorf("%v after %d calls", err, calls.Load()) // nobody waits for a second one
	}
}
