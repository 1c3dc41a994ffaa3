package api

import (
	"encoding/hex"
	"net/http"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

// Bounds of a redemption.
const (
	maxCodeTyped = 64 // characters
	maxKeys      = 16
)

func (b *Redemption) check() error {
	err := first(text("reference", b.Reference, 1, maxCodeTyped), text("code", b.Code, 1, maxCodeTyped))
	switch {
	case err != nil:
	case b.Keys != nil && len(b.Keys) == 0:
		err = kit.ErrMissingField.With(nil, "field", "keys")
	case len(b.Keys) > maxKeys:
		err = kit.ErrField.With(nil, "field", "keys")
	}
	for _, key := range b.Keys {
		if err == nil {
			err = form("keys", key, 64, sha256Form)
		}
	}
	return err
}

// hashes are the keys, read.
func (b *Redemption) hashes() [][]byte {
	var hashes [][]byte
	for _, key := range b.Keys {
		if hash, err := hex.DecodeString(key); err == nil {
			hashes = append(hashes, hash)
		}
	}
	return hashes
}

// Redeem answers POST /api/v1/redemptions. As with a login whoever is logged in
// asks as anybody, and their session ends; and an address has a limit besides
// that of wrong codes.
func (h *handlers) Redeem(w http.ResponseWriter, r *http.Request) {
	var body Redemption
	err := within(h.LoginLimit, r)
	if err == nil {
		err = take(r, 0, &body)
	}
	ctx := r.Context()
	var id string
	var generation int64
	if err == nil {
		anonymous := authz.Caller{Role: authz.Anonymous, Request: kit.RequestID(ctx)}
		id, generation, err = h.Redemptions.Redeem(ctx, anonymous, kit.Network(ctx), body.Reference, body.Code, body.hashes()...)
	}
	if err == nil {
		err = h.Sessions.BeginRedemption(ctx, id, generation)
	}
	var a enrolment.Application
	if err == nil {
		a, err = h.Enrolment.View(ctx, h.Sessions.Caller(ctx), id)
	}
	answer(w, r, http.StatusOK, applicationOf(a), err)
}
