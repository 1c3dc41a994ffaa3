package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/login"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

// Under these names a session keeps what an answer will be held against.
const (
	certificateState = "login.certificate"
	passkeyState     = "login.passkey"
	newPasskeyState  = "passkey.new"
)

// ChallengeLogin answers POST /api/v1/session/challenge.
func (h *handlers) ChallengeLogin(w http.ResponseWriter, r *http.Request) {
	err := within(h.challenges, r)
	var c login.Challenge
	var state login.State
	if err == nil {
		c, state, err = h.Login.Challenge(kit.Language(r), r.Host)
	}
	if err == nil {
		err = h.Sessions.Put(r.Context(), certificateState, state)
	}
	answer(w, r, http.StatusOK, LoginChallenge{Content: c.Content, ExpiresAt: c.ExpiresAt}, err)
}

// LogInWithCertificate answers POST /api/v1/session/certificate.
func (h *handlers) LogInWithCertificate(w http.ResponseWriter, r *http.Request) {
	var body CertificateLogIn
	h.enter(w, r, &body, func(ctx context.Context, anonymous authz.Caller) (subscriber.Subscriber, error) {
		state, err := h.Sessions.Take(ctx, certificateState)
		if err != nil {
			return subscriber.Subscriber{}, err
		}
		return h.Login.WithCertificate(ctx, anonymous, state, body.Signature)
	})
}

// PasskeyLogInOptions answers POST /api/v1/session/passkey/options.
func (h *handlers) PasskeyLogInOptions(w http.ResponseWriter, r *http.Request) {
	err := within(h.challenges, r)
	var options login.Options
	var state login.State
	if err == nil {
		options, state, err = h.Login.LoginOptions(r.Host)
	}
	h.begun(w, r, passkeyState, options, state, err)
}

// LogInWithPasskey answers POST /api/v1/session/passkey.
func (h *handlers) LogInWithPasskey(w http.ResponseWriter, r *http.Request) {
	var body PasskeyLogIn
	h.enter(w, r, &body, func(ctx context.Context, anonymous authz.Caller) (subscriber.Subscriber, error) {
		state, err := h.Sessions.Take(ctx, passkeyState)
		if err != nil {
			return subscriber.Subscriber{}, err
		}
		return h.Login.WithPasskey(ctx, anonymous, state, body.Response.json())
	})
}

// PasskeyOptions answers POST /api/v1/passkeys/options.
func (h *handlers) PasskeyOptions(w http.ResponseWriter, r *http.Request) {
	options, state, err := h.Login.PasskeyOptions(r.Context(), h.Sessions.Caller(r.Context()), r.Host)
	h.begun(w, r, newPasskeyState, options, state, err)
}

// begun keeps what the answer will be held against and gives the options out.
func (h *handlers) begun(w http.ResponseWriter, r *http.Request, key string, options login.Options, state login.State, err error) {
	var shown PasskeyOptions
	if err == nil {
		err = json.Unmarshal(options, &shown)
	}
	if err == nil {
		err = h.Sessions.Put(r.Context(), key, state)
	}
	answer(w, r, http.StatusOK, shown, err)
}

// AddPasskey answers POST /api/v1/passkeys.
func (h *handlers) AddPasskey(w http.ResponseWriter, r *http.Request) {
	var body NewPasskey
	err := take(r, 0, &body)
	var added login.Passkey
	if err == nil {
		added, err = h.addPasskey(r.Context(), body)
	}
	answer(w, r, http.StatusCreated, passkeyOf(added), err)
}

func (h *handlers) addPasskey(ctx context.Context, body NewPasskey) (login.Passkey, error) {
	state, err := h.Sessions.Take(ctx, newPasskeyState)
	if err != nil {
		return login.Passkey{}, err
	}
	return h.Login.AddPasskey(ctx, h.Sessions.Caller(ctx), state, body.Name, body.Response.json())
}

// ListPasskeys answers GET /api/v1/passkeys.
func (h *handlers) ListPasskeys(w http.ResponseWriter, r *http.Request) {
	all, err := h.Login.ListPasskeys(r.Context(), h.Sessions.Caller(r.Context()))
	shown := Passkeys{Passkeys: make([]Passkey, 0, len(all))}
	for _, p := range all {
		shown.Passkeys = append(shown.Passkeys, passkeyOf(p))
	}
	answer(w, r, http.StatusOK, shown, err)
}

// RemovePasskey answers DELETE /api/v1/passkeys/{id}.
func (h *handlers) RemovePasskey(w http.ResponseWriter, r *http.Request, id PasskeyID) {
	var err error
	if idForm.MatchString(id) {
		err = h.Login.RemovePasskey(r.Context(), h.Sessions.Caller(r.Context()), id)
	} else {
		err = login.ErrPasskeyUnknown.With(nil)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func passkeyOf(p login.Passkey) Passkey {
	return Passkey{ID: p.ID, Name: p.Name, CreatedAt: p.CreatedAt, UsedAt: p.UsedAt}
}
