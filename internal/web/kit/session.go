package kit

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/ingam-pki/ingam/internal/control/authz"
)

// SessionCookie is the name of the cookie.
const SessionCookie = "ingam_session"

// How long a session lasts: without a request, and in any case.
const (
	SessionIdle  = 10 * time.Minute
	SessionTotal = 8 * time.Hour
)

// idleSlack is how much longer than SessionIdle a session may live, so that not
// every request has to write.
const idleSlack = 15 * time.Second

const (
	subscriberKey = "subscriber"
	startedKey    = "started" // microseconds since 1970
)

// jar keeps the sessions of one sort of people. What the browser holds is a
// random token that says nothing; the store keeps what belongs to it. A browser
// gets the cookie when somebody logs in or something is Put for it, not before.
type jar struct {
	scs *scs.SessionManager
	box box
	now func() time.Time
}

// newJar makes a jar over a store; what it keeps there has names of its own,
// that begin with prefix.
func newJar(store scs.Store, prefix string, cookie scs.SessionCookie, now func() time.Time) jar {
	k := keeper{Store: store, prefix: prefix, now: now}
	cookie.HttpOnly, cookie.Persist = true, false
	// Not scs.New: that starts a goroutine for a store that is never used. No
	// IdleTimeout: that would store each session anew at each request.
	m := &scs.SessionManager{
		Lifetime: SessionTotal, Store: k, Codec: scs.GobCodec{}, Cookie: cookie,
		ErrorFunc: func(w http.ResponseWriter, r *http.Request, err error) {
			Fail(w, r, ErrStoreDown.With(err))
		},
	}
	return jar{scs: m, box: box{keeper: k, alone: new(sync.Mutex)}, now: now}
}

// wrap loads the session before the handler and stores it after. check looks at
// it in between, may end it, and gives the request that goes on. A quiet request
// is none of a person's: it does not keep the session from idling.
func (j jar) wrap(next http.Handler, quiet bool, check func(r *http.Request) (*http.Request, error)) http.Handler {
	load := j.scs.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r, err := check(r)
		if err != nil {
			Fail(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		load.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), loadedKey{}, &loaded{quiet: quiet})))
	})
}

// overdue says whether a login is longer ago than a session lasts in any case.
func (j jar) overdue(ctx context.Context) bool {
	return !j.now().Before(time.UnixMicro(j.scs.GetInt64(ctx, startedKey)).Add(SessionTotal))
}

// begin starts the session of somebody. Whatever session there was is over, with
// all that was put into it: the token is a new one, so one that was planted or
// overheard before is worth nothing.
func (j jar) begin(ctx context.Context, key, id string) error {
	if err := j.scs.Clear(ctx); err != nil {
		return ErrStoreDown.With(err)
	}
	if err := j.scs.RenewToken(ctx); err != nil {
		return ErrStoreDown.With(err)
	}
	j.scs.Put(ctx, key, id)
	j.scs.Put(ctx, startedKey, j.now().UnixMicro())
	return nil
}

// End logs out.
func (j jar) End(ctx context.Context) error {
	if err := j.scs.Destroy(ctx); err != nil {
		return ErrStoreDown.With(err)
	}
	return nil
}

type overKey struct{}

// Sessions knows which customer is logged in, or which application somebody has
// shown the codes of, and keeps small things for one browser.
type Sessions struct {
	jar
	still Still
}

// NewSessions makes sessions over a store, which may implement scs.CtxStore
// and should keep tokens by their hash. With https set the cookie is sent over
// https only. Both ends of a session are told by now.
func NewSessions(store scs.Store, https bool, now func() time.Time) *Sessions {
	cookie := scs.SessionCookie{Name: SessionCookie, Path: "/", Secure: https, SameSite: http.SameSiteLaxMode}
	return &Sessions{jar: newJar(store, "", cookie, now)}
}

// Wrap loads the session before the handler and stores it after.
func (s *Sessions) Wrap(next http.Handler) http.Handler {
	return s.wrap(next, false, func(r *http.Request) (*http.Request, error) {
		over, err := s.over(r.Context())
		if err != nil || over == nil {
			return r, err
		}
		if err := s.End(r.Context()); err != nil {
			return r, err
		}
		return r.WithContext(context.WithValue(r.Context(), overKey{}, over)), nil
	})
}

// over says why somebody's session has to end now: it lasts for longer than a
// session does in any case, or what was redeemed in it is redeemed elsewhere.
func (s *Sessions) over(ctx context.Context) (why, err error) {
	application, generation := s.Redemption(ctx)
	switch {
	case s.Subscriber(ctx) == "" && application == "":
		return nil, nil
	case s.overdue(ctx):
		return ErrNoSession, nil
	case application == "":
		return nil, nil
	}
	return s.stillRedeems(ctx, application, generation)
}

// Over says why the session that a request came with has ended with it; nil when
// it has not.
func (s *Sessions) Over(ctx context.Context) error {
	why, _ := ctx.Value(overKey{}).(error)
	return why
}

// Begin logs a subscriber in.
func (s *Sessions) Begin(ctx context.Context, subscriberID string) error {
	return s.begin(ctx, subscriberKey, subscriberID)
}

// Subscriber is the id of who is logged in, or empty: who showed codes is not.
func (s *Sessions) Subscriber(ctx context.Context) string { return s.scs.GetString(ctx, subscriberKey) }

// Caller names who asks: a customer, one who showed the codes of an application,
// or anybody.
func (s *Sessions) Caller(ctx context.Context) authz.Caller {
	if id := s.Subscriber(ctx); id != "" {
		return authz.Caller{Role: authz.Customer, ID: id, Request: RequestID(ctx)}
	}
	if id, _ := s.Redemption(ctx); id != "" {
		return authz.Caller{Role: authz.Redeemer, ID: id, Request: RequestID(ctx)}
	}
	return authz.Caller{Role: authz.Anonymous, Request: RequestID(ctx)}
}

// Put keeps a value of at most MaxPut bytes for this browser until Take, the
// next login, or SessionIdle from now. It takes the place of an earlier one
// under the same key. A browser without a session gets one, that of nobody.
func (j jar) Put(ctx context.Context, key string, value []byte) error {
	if len(value) > MaxPut || len(key) > maxKey {
		return errPutSize
	}
	if j.scs.Token(ctx) == "" {
		if err := j.scs.RenewToken(ctx); err != nil { // a first one
			return ErrStoreDown.With(err)
		}
	}
	if err := j.box.put(ctx, j.scs.Token(ctx), key, value, j.now().Add(SessionIdle)); err != nil {
		return ErrStoreDown.With(err)
	}
	return nil
}

// Take gives what was Put under a key, once: of requests that ask at the same
// time one gets it. It is nil when there is nothing (any more).
func (j jar) Take(ctx context.Context, key string) ([]byte, error) {
	token := j.scs.Token(ctx)
	if token == "" {
		return nil, nil
	}
	value, err := j.box.take(ctx, token, key)
	if err != nil {
		return nil, ErrStoreDown.With(err)
	}
	return value, nil
}
