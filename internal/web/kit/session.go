package kit

import (
	"context"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"
)

// SessionCookie is the name of the cookie.
const SessionCookie = "ingam_session"

// How long a session lasts: without a request, and in any case.
const (
	SessionIdle  = 10 * time.Minute
	SessionTotal = 8 * time.Hour
)

const subscriberKey = "subscriber"

// Sessions knows who is logged in. What the browser holds is a random token
// that says nothing; the store keeps what belongs to it.
type Sessions struct{ scs *scs.SessionManager }

// NewSessions makes sessions over a store, which may implement scs.CtxStore
// and should keep tokens by their hash. With https set the cookie is sent over https only.
func NewSessions(store scs.Store, https bool) *Sessions {
	// Not scs.New: that starts a goroutine for a store that is never used.
	m := &scs.SessionManager{
		IdleTimeout: SessionIdle, Lifetime: SessionTotal, Store: keeper{store}, Codec: scs.GobCodec{},
		Cookie: scs.SessionCookie{
			Name: SessionCookie, Path: "/", HttpOnly: true, Secure: https,
			SameSite: http.SameSiteLaxMode, Persist: false,
		},
		ErrorFunc: func(w http.ResponseWriter, r *http.Request, err error) {
			Fail(w, r, ErrStoreDown.With(err))
		},
	}
	return &Sessions{scs: m}
}

// Wrap loads the session before the handler and stores it after.
func (s *Sessions) Wrap(next http.Handler) http.Handler {
	load := s.scs.LoadAndSave(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		load.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), loadedKey{}, new(loaded))))
	})
}

// Begin logs a subscriber in. Whatever session there was is over: the token is
// a new one, so one that was planted or overheard before is worth nothing.
func (s *Sessions) Begin(ctx context.Context, subscriberID string) error {
	if err := s.scs.Clear(ctx); err != nil {
		return ErrStoreDown.With(err)
	}
	if err := s.scs.RenewToken(ctx); err != nil {
		return ErrStoreDown.With(err)
	}
	s.scs.Put(ctx, subscriberKey, subscriberID)
	return nil
}

// End logs out.
func (s *Sessions) End(ctx context.Context) error {
	if err := s.scs.Destroy(ctx); err != nil {
		return ErrStoreDown.With(err)
	}
	return nil
}

// Subscriber is the id of who is logged in, or empty.
func (s *Sessions) Subscriber(ctx context.Context) string { return s.scs.GetString(ctx, subscriberKey) }

// loaded is which token a request came with, once it was found; it travels in
// the context.
type loaded struct{ token string }

type loadedKey struct{}

// keeper is the store as scs sees it. Each request stores its session anew, to
// put off the end that idling brings. One that began before a logout, or before
// the next login, and ends after it would bring back what is over: keeper stores
// a session that was loaded only while it is still there.
type keeper struct{ scs.Store }

// FindCtx gives a session, and notes that the request has it.
func (k keeper) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	data, found, err := k.find(ctx, token)
	if l, ok := ctx.Value(loadedKey{}).(*loaded); ok && found {
		l.token = token
	}
	return data, found, err
}

func (k keeper) find(ctx context.Context, token string) ([]byte, bool, error) {
	if c, ok := k.Store.(scs.CtxStore); ok {
		return c.FindCtx(ctx, token)
	}
	return k.Find(token)
}

// CommitCtx stores a new session, or an old one that is not over.
func (k keeper) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	if l, ok := ctx.Value(loadedKey{}).(*loaded); ok && l.token == token {
		if _, found, err := k.find(ctx, token); err != nil || !found {
			return err
		}
	}
	if c, ok := k.Store.(scs.CtxStore); ok {
		return c.CommitCtx(ctx, token, data, expiry)
	}
	return k.Commit(token, data, expiry)
}

// DeleteCtx ends a session.
func (k keeper) DeleteCtx(ctx context.Context, token string) error {
	if c, ok := k.Store.(scs.CtxStore); ok {
		return c.DeleteCtx(ctx, token)
	}
	return k.Delete(token)
}
