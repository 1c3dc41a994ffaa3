package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

// LogIn answers POST /api/v1/session. Besides the lock-out of a login, which
// the service keeps, an address has a limit of its own: one that tries many
// logins once each.
func (h *handlers) LogIn(w http.ResponseWriter, r *http.Request) {
	var body LogInRequest
	h.enter(w, r, &body, func(ctx context.Context, anonymous authz.Caller) (subscriber.Subscriber, error) {
		return h.Subscribers.Authenticate(ctx, anonymous, body.LoginID, body.Password)
	})
}

// enter is what all ways to log in share. Who is logged in already asks as
// anybody: the session that they have ends.
func (h *handlers) enter(w http.ResponseWriter, r *http.Request, body bounded,
	who func(ctx context.Context, anonymous authz.Caller) (subscriber.Subscriber, error)) {
	err := within(h.LoginLimit, r)
	if err == nil {
		err = take(r, 0, body)
	}
	var entered subscriber.Subscriber
	if err == nil {
		entered, err = who(r.Context(), authz.Caller{Role: authz.Anonymous, Request: kit.RequestID(r.Context())})
	}
	if err == nil {
		err = h.Sessions.Begin(r.Context(), entered.ID)
	}
	answer(w, r, http.StatusOK, sessionOf(entered), err)
}

// within counts a request by its address.
func within(limit *kit.Limiter, r *http.Request) error {
	if wait := limit.Take(kit.Address(r.Context())); wait > 0 {
		return kit.ErrTooMany.With(nil).After(wait)
	}
	return nil
}

// GetSession answers GET /api/v1/session.
func (h *handlers) GetSession(w http.ResponseWriter, r *http.Request) {
	caller := h.Sessions.Caller(r.Context())
	who, err := h.Subscribers.Subscriber(r.Context(), caller, caller.ID)
	answer(w, r, http.StatusOK, sessionOf(who), err)
}

// LogOut answers DELETE /api/v1/session.
func (h *handlers) LogOut(w http.ResponseWriter, r *http.Request) {
	caller := h.Sessions.Caller(r.Context())
	mine, object := kit.Own(caller)
	err := authz.AllowOn(caller, authz.LogOut, mine)
	if err == nil {
		err = h.Log.Record(r.Context(), caller, authz.LogOut, object)
	}
	if err == nil {
		err = h.Sessions.End(r.Context())
	}
	if err != nil {
		kit.Fail(w, r, fmt.Errorf("logging out: %w", err))
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func sessionOf(s subscriber.Subscriber) Session {
	return Session{Subscriber: Subscriber{ID: s.ID, Name: s.Name, Sort: Sort(s.Sort)}}
}
