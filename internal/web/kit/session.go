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

type overKey struct{}

// Sessions knows who is logged in, and keeps small things for one browser. What
// the browser holds is a random token that says nothing; the store keeps what
// belongs to it. A browser gets the cookie when somebody logs in or something
// is Put for it, not before.
type Sessions struct {
	scs   *scs.SessionManager
	box   box
	now   func() time.Time
	still Still
}

// NewSessions makes sessions over a store, which may implement scs.CtxStore
// and should keep tokens by their hash. With https set the cookie is sent over
// https only. Both ends of a session are told by now.
func NewSessions(store scs.Store, https bool, now func() time.Time) *Sessions {
	k := keeper{Store: store, now: now}
	// Not scs.New: that starts a goroutine for a store that is never used. No
	// IdleTimeout: that would store each session anew at each request.
	m := &scs.SessionManager{
		Lifetime: SessionTotal, Store: k, Codec: scs.GobCodec{},
		Cookie: scs.SessionCookie{
			Name: SessionCookie, Path: "/", HttpOnly: true, Secure: https,
			SameSite: http.SameSiteLaxMode, Persist: false,
		},
		ErrorFunc: func(w http.ResponseWriter, r *http.Request, err error) {
			Fail(w, r, ErrStoreDown.With(err))
		},
	}
	return &Sessions{scs: m, box: box{keeper: k, alone: new(sync.Mutex)}, now: now}
}

// Wrap loads the session before the handler and stores it after.
func (s *Sessions) Wrap(next http.Handler) http.Handler {
	load := s.scs.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		over, err := s.over(r.Context())
		if err == nil && over != nil {
			err = s.End(r.Context())
		}
		if err != nil {
			Fail(w, r, err)
			return
		}
		if over != nil {
			r = r.WithContext(context.WithValue(r.Context(), overKey{}, over))
		}
		next.ServeHTTP(w, r)
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		load.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), loadedKey{}, new(loaded))))
	})
}

// over says why somebody's session has to end now: it lasts for longer than a
// session does in any case, or what was redeemed in it is redeemed elsewhere.
func (s *Sessions) over(ctx context.Context) (why, err error) {
	application, generation := s.Redemption(ctx)
	if s.Subscriber(ctx) == "" && application == "" {
		return nil, nil
	}
	if !s.now().Before(time.UnixMicro(s.scs.GetInt64(ctx, startedKey)).Add(SessionTotal)) {
		return ErrNoSession, nil
	}
	if application == "" {
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

// Begin logs a subscriber in. Whatever session there was is over, with all that
// was put into it: the token is a new one, so one that was planted or overheard
// before is worth nothing.
func (s *Sessions) Begin(ctx context.Context, subscriberID string) error {
	if err := s.anew(ctx); err != nil {
		return err
	}
	s.scs.Put(ctx, subscriberKey, subscriberID)
	return nil
}

// anew ends whatever session there was and begins another.
func (s *Sessions) anew(ctx context.Context) error {
	if err := s.scs.Clear(ctx); err != nil {
		return ErrStoreDown.With(err)
	}
	if err := s.scs.RenewToken(ctx); err != nil {
		return ErrStoreDown.With(err)
	}
	s.scs.Put(ctx, startedKey, s.now().UnixMicro())
	return nil
}

// End logs out.
func (s *Sessions) End(ctx context.Context) error {
	if err := s.scs.Destroy(ctx); err != nil {
		return ErrStoreDown.With(err)
	}
	return nil
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
func (s *Sessions) Put(ctx context.Context, key string, value []byte) error {
	if len(value) > MaxPut || len(key) > maxKey {
		return errPutSize
	}
	if s.scs.Token(ctx) == "" {
		if err := s.scs.RenewToken(ctx); err != nil { // a first one
			return ErrStoreDown.With(err)
		}
	}
	if err := s.box.put(ctx, s.scs.Token(ctx), key, value, s.now().Add(SessionIdle)); err != nil {
		return ErrStoreDown.With(err)
	}
	return nil
}

// Take gives what was Put under a key, once: of requests that ask at the same
// time one gets it. It is nil when there is nothing (any more).
func (s *Sessions) Take(ctx context.Context, key string) ([]byte, error) {
	token := s.scs.Token(ctx)
	if token == "" {
		return nil, nil
	}
	value, err := s.box.take(ctx, token, key)
	if err != nil {
		return nil, ErrStoreDown.With(err)
	}
	return value, nil
}
