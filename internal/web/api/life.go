package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// GetCertificateBySerial answers GET /api/v1/certificates/{serial}.
func (h *handlers) GetCertificateBySerial(w http.ResponseWriter, r *http.Request, serial Serial) {
	record, err := h.own(r.Context(), serial)
	answer(w, r, http.StatusOK, h.certificateOf(record), err)
}

// own finds one of the caller's certificates; a stranger's is like none, and so
// is one that is not signed yet.
func (h *handlers) own(ctx context.Context, serial string) (ca.Record, error) {
	if err := serialKnown(serial); err != nil {
		return ca.Record{}, err
	}
	record, err := h.Authority.Certificate(ctx, h.Sessions.Caller(ctx), serial)
	if errors.Is(err, authz.ErrForbidden) || err == nil && len(record.DER) == 0 {
		err = ca.ErrNotFound.With(err)
	}
	if err != nil {
		return ca.Record{}, err
	}
	return record, nil
}

// SuspendCertificate answers POST /api/v1/certificates/{serial}/suspension.
func (h *handlers) SuspendCertificate(w http.ResponseWriter, r *http.Request, serial Serial) {
	err := serialKnown(serial)
	var record ca.Record
	if err == nil {
		record, err = h.Lifecycle.Suspend(r.Context(), h.Sessions.Caller(r.Context()), serial, lifecycle.DeskOnline)
	}
	answer(w, r, http.StatusOK, h.certificateOf(record), err)
}

// RevokeCertificate answers POST /api/v1/certificates/{serial}/revocation.
func (h *handlers) RevokeCertificate(w http.ResponseWriter, r *http.Request, serial Serial) {
	var body RevocationRequest
	var reason ca.Reason
	var since time.Time
	err := serialKnown(serial)
	if err == nil {
		err = take(r, 0, &body)
	}
	if err == nil {
		reason, err = ca.ParseReason(string(body.Reason))
	}
	if err == nil && body.InvalidityDate != "" {
		since, err = h.invalidSince(r.Context(), serial, body.InvalidityDate)
	}
	var record ca.Record
	if err == nil {
		record, err = h.Lifecycle.Revoke(r.Context(), h.Sessions.Caller(r.Context()), serial, reason, since, body.OTP)
	}
	answer(w, r, http.StatusOK, h.certificateOf(record), err)
}

// invalidSince gives the beginning of a day in Seoul; of the day of issue the
// moment of issue, since there was no key before.
func (h *handlers) invalidSince(ctx context.Context, serial, day string) (time.Time, error) {
	since, err := seoul.ParseDay(day)
	if err != nil {
		return time.Time{}, kit.ErrField.With(err, "field", "invalidityDate")
	}
	record, err := h.own(ctx, serial)
	if err != nil {
		return time.Time{}, err
	}
	if seoul.StartOfDay(record.NotBefore).Equal(since) {
		since = record.NotBefore
	}
	return since, nil
}

// GetEmergencyCode answers GET /api/v1/certificates/{serial}/emergency-code.
func (h *handlers) GetEmergencyCode(w http.ResponseWriter, r *http.Request, serial Serial) {
	var shown EmergencyCode
	err := serialKnown(serial)
	if err == nil {
		shown.Code, err = h.Lifecycle.EmergencyCode(r.Context(), h.Sessions.Caller(r.Context()), serial)
	}
	answer(w, r, http.StatusOK, shown, err)
}

// ReportLoss answers POST /api/v1/loss.
func (h *handlers) ReportLoss(w http.ResponseWriter, r *http.Request) {
	caller := h.Sessions.Caller(r.Context())
	loss, err := h.Lifecycle.Lost(r.Context(), caller, caller.ID)
	answer(w, r, http.StatusOK, lossOf(loss), err)
}

// ReportLossByCode answers POST /api/v1/loss/emergency-code. Whoever is logged
// in asks as anybody: the code may be of somebody else whom they help.
func (h *handlers) ReportLossByCode(w http.ResponseWriter, r *http.Request) {
	var body LossByCode
	err := within(h.LoginLimit, r)
	if err == nil {
		err = take(r, 0, &body)
	}
	var loss lifecycle.Loss
	if err == nil {
		anonymous := authz.Caller{Role: authz.Anonymous, Request: kit.RequestID(r.Context())}
		loss, err = h.Lifecycle.LostByCode(r.Context(), anonymous, kit.Network(r.Context()), body.Code)
	}
	answer(w, r, http.StatusOK, lossOf(loss), err)
}

func lossOf(l lifecycle.Loss) Loss {
	return Loss{Suspended: kindsOf(l.Suspended), Before: kindsOf(l.Before), Stopped: l.Stopped, At: l.At}
}

func kindsOf(kinds []npki.Kind) []Kind {
	shown := make([]Kind, 0, len(kinds))
	for _, k := range kinds {
		shown = append(shown, Kind(k))
	}
	return shown
}

// GetHistory answers GET /api/v1/history.
func (h *handlers) GetHistory(w http.ResponseWriter, r *http.Request, params GetHistoryParams) {
	caller := h.Sessions.Caller(r.Context())
	var err error
	if params.Certificate != "" {
		_, err = h.own(r.Context(), params.Certificate)
	}
	var events []lifecycle.Event
	if err == nil {
		events, err = h.Lifecycle.History(r.Context(), caller, caller.ID)
	}
	shown := History{Events: make([]Event, 0, len(events))}
	for _, e := range events {
		if params.Certificate == "" || e.Serial == params.Certificate {
			shown.Events = append(shown.Events, eventOf(e))
		}
	}
	answer(w, r, http.StatusOK, shown, err)
}

func eventOf(e lifecycle.Event) Event {
	shown := Event{Serial: e.Serial, At: e.At, What: Happening(e.Act), By: By(e.By()), Other: e.Other}
	switch e.Act {
	case lifecycle.Suspended, lifecycle.Held:
		shown.Desk = e.Desk
	case lifecycle.Revoked, lifecycle.Replaced:
		shown.Reason = RevocationReason(e.Reason.String())
	case lifecycle.Issued, lifecycle.Renewed, lifecycle.Reissued, lifecycle.Resumed, lifecycle.Expired:
	}
	return shown
}

// GetAdvice answers GET /api/v1/advice.
func (h *handlers) GetAdvice(w http.ResponseWriter, r *http.Request, params GetAdviceParams) {
	var record *ca.Record
	var err error
	switch {
	case params.Key != "" && !params.Key.Valid():
		err = kit.ErrField.With(nil, "field", "key")
	case params.Certificate != "":
		var named ca.Record
		named, err = h.own(r.Context(), params.Certificate)
		record = &named
	default:
		record, err = h.inUse(r.Context())
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	days := 0
	if record != nil && h.RenewalDays != nil {
		days = h.RenewalDays(record.Kind)
	}
	a := lifecycle.Advise(record, params.Key != GetAdviceParamsKeyNo, days, h.Now())
	shown := Advice{Do: AdvisedStep(a.Do), Why: a.Why.In(kit.Language(r)), State: CertificateState(a.State), Until: a.Until,
		DaysLeft: a.DaysLeft, RenewFrom: a.RenewFrom, Desk: a.Desk}
	if record != nil {
		shown.Serial = record.Serial
	}
	kit.WriteJSON(w, r, http.StatusOK, shown)
}

// inUse is the certificate that a customer most likely means: the newest that
// is not over, else the newest; nil for one who has none.
func (h *handlers) inUse(ctx context.Context) (*ca.Record, error) {
	caller := h.Sessions.Caller(ctx)
	records, err := h.Authority.CertificatesOf(ctx, caller, caller.ID)
	if err != nil {
		return nil, err
	}
	records = slices.DeleteFunc(records, func(r ca.Record) bool { return len(r.DER) == 0 })
	for i := range records {
		switch records[i].StateAt(h.Now()) {
		case ca.Valid, ca.Suspended, ca.Held:
			return &records[i], nil
		case ca.Pending, ca.Revoked, ca.Expired:
		}
	}
	if len(records) > 0 {
		return &records[0], nil
	}
	return nil, nil
}
