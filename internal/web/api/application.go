package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/pki/npki"
)

const applicationsPath = "/api/v1/applications/"

// StartApplication answers POST /api/v1/applications.
func (h *handlers) StartApplication(w http.ResponseWriter, r *http.Request) {
	var body StartRequest
	if err := take(r, 0, &body); err != nil {
		kit.Fail(w, r, err)
		return
	}
	caller := h.Sessions.Caller(r.Context())
	before, err := h.Enrolment.List(r.Context(), caller)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	var a enrolment.Application
	if body.Way == "" {
		a, err = h.Enrolment.Start(r.Context(), caller, npki.Kind(body.Kind))
	} else {
		a, err = h.Enrolment.StartFor(r.Context(), caller, enrolment.Way(body.Way), body.Certificate)
	}
	status := http.StatusOK
	if err == nil && !slices.ContainsFunc(before, func(b enrolment.Application) bool { return b.ID == a.ID }) {
		status = http.StatusCreated
		w.Header().Set("Location", applicationsPath+a.ID)
	}
	answer(w, r, status, applicationOf(a), err)
}

// ListApplications answers GET /api/v1/applications.
func (h *handlers) ListApplications(w http.ResponseWriter, r *http.Request) {
	all, err := h.Enrolment.List(r.Context(), h.Sessions.Caller(r.Context()))
	shown := Applications{Applications: make([]Application, 0, len(all))}
	for _, a := range all {
		shown.Applications = append(shown.Applications, applicationOf(a))
	}
	answer(w, r, http.StatusOK, shown, err)
}

// GetApplication answers GET /api/v1/applications/{id}.
func (h *handlers) GetApplication(w http.ResponseWriter, r *http.Request, id ApplicationID) {
	h.step(w, r, id, nil, 0, func(ctx context.Context) (enrolment.Application, error) {
		return h.Enrolment.View(ctx, h.Sessions.Caller(ctx), id)
	})
}

// AbandonApplication answers DELETE /api/v1/applications/{id}.
func (h *handlers) AbandonApplication(w http.ResponseWriter, r *http.Request, id ApplicationID) {
	err := known(id)
	if err == nil {
		err = h.Enrolment.Abandon(r.Context(), h.Sessions.Caller(r.Context()), id)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// GiveConsent answers POST /api/v1/applications/{id}/consent.
func (h *handlers) GiveConsent(w http.ResponseWriter, r *http.Request, id ApplicationID) {
	var body ConsentRequest
	h.step(w, r, id, &body, 0, func(ctx context.Context) (enrolment.Application, error) {
		given := make([]enrolment.ConsentGiven, 0, len(body.Terms))
		for _, t := range body.Terms {
			given = append(given, enrolment.ConsentGiven{Terms: t.Name, Version: t.Version, SHA256: t.SHA256})
		}
		return h.Enrolment.Consent(ctx, h.Sessions.Caller(ctx), id, given)
	})
}

// ProveIDCard answers POST /api/v1/applications/{id}/proofs/id-card.
func (h *handlers) ProveIDCard(w http.ResponseWriter, r *http.Request, id ApplicationID) {
	done, err := h.CardTurns.Take(r.Context(), h.Sessions.Subscriber(r.Context()))
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	defer done()
	var body IDCardProof
	h.step(w, r, id, &body, maxCard, func(ctx context.Context) (enrolment.Application, error) {
		return h.Enrolment.ProveIDCard(ctx, h.Sessions.Caller(ctx), id, proofing.Card{
			Document: proofing.Document(body.Document), Number: body.Number, Name: body.Name,
			IssueDate: body.IssueDate, Licence: body.Licence, Image: body.Image,
		})
	})
}

// ProveAccount answers POST /api/v1/applications/{id}/proofs/account.
func (h *handlers) ProveAccount(w http.ResponseWriter, r *http.Request, id ApplicationID) {
	var body AccountProof
	h.step(w, r, id, &body, 0, func(ctx context.Context) (enrolment.Application, error) {
		return h.Enrolment.ProveAccount(ctx, h.Sessions.Caller(ctx), id, body.Account, body.Password)
	})
}

// ProveOTP answers POST /api/v1/applications/{id}/proofs/otp.
func (h *handlers) ProveOTP(w http.ResponseWriter, r *http.Request, id ApplicationID) {
	var body CodeProof
	h.step(w, r, id, &body, 0, func(ctx context.Context) (enrolment.Application, error) {
		return h.Enrolment.ProveOTP(ctx, h.Sessions.Caller(ctx), id, body.Code)
	})
}

// SendPhoneCode answers POST /api/v1/applications/{id}/proofs/phone/code.
func (h *handlers) SendPhoneCode(w http.ResponseWriter, r *http.Request, id ApplicationID) {
	var shown PhoneCode
	err := known(id)
	if err == nil {
		shown.Phone, shown.ExpiresAt, err = h.Enrolment.SendPhoneCode(r.Context(), h.Sessions.Caller(r.Context()), id)
	}
	answer(w, r, http.StatusAccepted, shown, err)
}

// ProvePhone answers POST /api/v1/applications/{id}/proofs/phone.
func (h *handlers) ProvePhone(w http.ResponseWriter, r *http.Request, id ApplicationID) {
	var body CodeProof
	h.step(w, r, id, &body, 0, func(ctx context.Context) (enrolment.Application, error) {
		return h.Enrolment.ProvePhone(ctx, h.Sessions.Caller(ctx), id, body.Code)
	})
}

// ResumeCertificate answers POST /api/v1/applications/{id}/resume.
func (h *handlers) ResumeCertificate(w http.ResponseWriter, r *http.Request, id ApplicationID) {
	h.step(w, r, id, nil, 0, func(ctx context.Context) (enrolment.Application, error) {
		return h.Enrolment.Resume(ctx, h.Sessions.Caller(ctx), id)
	})
}

// step is what the routes of one application share: id, body (unless nil),
// act, and the application as it stands after it.
func (h *handlers) step(w http.ResponseWriter, r *http.Request, id string, body bounded, limit int64,
	act func(context.Context) (enrolment.Application, error)) {
	err := known(id)
	if err == nil && body != nil {
		err = take(r, limit, body)
	}
	var a enrolment.Application
	if err == nil {
		a, err = act(r.Context())
	}
	answer(w, r, http.StatusOK, applicationOf(a), err)
}

func applicationOf(a enrolment.Application) Application {
	shown := Application{
		ID: a.ID, Way: Way(a.Way), Replaces: a.Replaces, Kind: Kind(a.Kind), State: ApplicationState(a.State), Serial: a.Serial,
		Branch: a.Branch(), Needs: []Need{}, Proofs: make([]Proof, 0, len(a.Proofs)),
		CreatedAt: a.CreatedAt, ExpiresAt: a.ExpiresAt,
	}
	for _, n := range a.Needs() {
		shown.Needs = append(shown.Needs, Need(n))
	}
	for _, p := range a.Proofs {
		shown.Proofs = append(shown.Proofs, Proof{Factor: Factor(p.Factor), At: p.At})
	}
	return shown
}
