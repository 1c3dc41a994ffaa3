package api

import (
	"net/http"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
)

// errNotIssued is the answer about the certificate of an application that has
// none yet.
var errNotIssued = fault.Define(1021, "not-issued-yet", fault.NotFound,
	fault.Text{KO: "이 신청으로 발급된 인증서가 아직 없어요.", EN: "No certificate has come of this application yet."},
	fault.Text{KO: "신청의 남은 단계를 먼저 마쳐 주세요.", EN: "Please finish the steps that the application still needs."})

// What a certification request comes in, where it is the wrong thing.
var (
	errUnsigned = fault.Define(1022, "request-unsigned", fault.Unsupported,
		fault.Text{KO: "갱신 요청은 갱신할 인증서로 서명해서 보내야 해요(application/pkcs7-mime).", EN: "The request of a renewal has to be signed by the certificate that is renewed (application/pkcs7-mime)."},
		fault.Text{KO: "갱신할 인증서를 열고 다시 해 주세요. 그 인증서가 없거나 암호를 잊으셨으면 재발급을 받아 주세요. 신청은 그대로 있어요.", EN: "Please open that certificate and try again. If you don't have it or forgot its password, have it reissued. Your application is kept."})
	errSigned = fault.Define(1023, "request-signed", fault.Unsupported,
		fault.Text{KO: "이 신청은 갱신이 아니어서 서명된 요청(application/pkcs7-mime)을 받지 않아요.", EN: "This application is no renewal, so it takes no signed request (application/pkcs7-mime)."},
		fault.Text{KO: "PKCS#10 요청을 그대로(application/pkcs10) 보내 주세요. 신청은 그대로 있어요.", EN: "Please send the PKCS #10 request as it is (application/pkcs10). Your application is kept."})
)

// fitting refuses the wrong type of request for an application.
func (b *CertifyRequest) fitting(a enrolment.Application) error {
	signed := b.Type == RequestTypeApplicationPkcs7Mime
	switch {
	case a.SignedByOld() && !signed:
		return errUnsigned.With(nil)
	case !a.SignedByOld() && signed:
		return errSigned.With(nil)
	}
	return nil
}

// RequestKey answers POST /api/v1/applications/{id}/key-request.
func (h *handlers) RequestKey(w http.ResponseWriter, r *http.Request, id ApplicationID) {
	err := known(id)
	var k enrolment.KeyRequest
	if err == nil {
		k, err = h.Enrolment.KeyRequest(r.Context(), h.Sessions.Caller(r.Context()), id)
	}
	answer(w, r, http.StatusOK, KeyRequest{Challenge: k.Challenge, KMCertificate: k.KMCertificate,
		MinBits: k.MinBits, CA: k.CA}, err)
}

// Certify answers POST /api/v1/applications/{id}/certificate.
func (h *handlers) Certify(w http.ResponseWriter, r *http.Request, id ApplicationID) {
	var body CertifyRequest
	err := known(id)
	if err == nil {
		err = take(r, 0, &body)
	}
	caller := h.Sessions.Caller(r.Context())
	var before enrolment.Application
	if err == nil {
		before, err = h.Enrolment.View(r.Context(), caller, id)
	}
	if err == nil {
		err = body.fitting(before)
	}
	var record ca.Record
	if err == nil {
		record, err = h.Enrolment.Certify(r.Context(), caller, id, body.CSR)
	}
	status := http.StatusOK
	if err == nil && before.State != enrolment.Issued {
		status = http.StatusCreated
		w.Header().Set("Location", applicationsPath+id+"/certificate")
	}
	answer(w, r, status, h.certificateOf(record), err)
}

// GetCertificate answers GET /api/v1/applications/{id}/certificate.
func (h *handlers) GetCertificate(w http.ResponseWriter, r *http.Request, id ApplicationID) {
	caller := h.Sessions.Caller(r.Context())
	err := known(id)
	var a enrolment.Application
	if err == nil {
		a, err = h.Enrolment.View(r.Context(), caller, id)
	}
	if err == nil && a.Serial == "" {
		err = errNotIssued.With(nil)
	}
	var record ca.Record
	if err == nil {
		record, err = h.Authority.Certificate(r.Context(), caller, a.Serial)
	}
	if err == nil && len(record.DER) == 0 {
		err = errNotIssued.With(nil)
	}
	answer(w, r, http.StatusOK, h.certificateOf(record), err)
}

// ListCertificates answers GET /api/v1/certificates. What is not signed yet is
// no certificate.
func (h *handlers) ListCertificates(w http.ResponseWriter, r *http.Request) {
	caller := h.Sessions.Caller(r.Context())
	records, err := h.Authority.CertificatesOf(r.Context(), caller, caller.ID)
	shown := Certificates{Certificates: make([]Certificate, 0, len(records))}
	for _, record := range records {
		if len(record.DER) > 0 {
			shown.Certificates = append(shown.Certificates, h.certificateOf(record))
		}
	}
	answer(w, r, http.StatusOK, shown, err)
}

func (h *handlers) certificateOf(record ca.Record) Certificate {
	chain := make([][]byte, 0, 2)
	for _, c := range h.Authority.Chain() {
		chain = append(chain, c.Raw)
	}
	shown := Certificate{
		Serial: record.Serial, Kind: Kind(record.Kind), State: CertificateState(record.StateAt(h.Now())), Subject: record.Subject,
		NotBefore: record.NotBefore, NotAfter: record.NotAfter, ChangedAt: record.ChangedAt, Replaces: record.Replaces,
		Certificate: record.DER, Chain: chain, CA: h.CAName,
	}
	if h.RenewalDays != nil {
		shown.RenewFrom = lifecycle.RenewalOpens(record.NotAfter, h.RenewalDays(record.Kind))
	}
	switch record.StateAt(h.Now()) {
	case ca.Held, ca.Suspended:
		shown.Desk, shown.HeldUntil = record.Desk, record.HoldUntil
	case ca.Revoked:
		shown.Reason = RevocationReason(ca.Reason(record.Reason).String())
	case ca.Pending, ca.Valid, ca.Expired:
	}
	return shown
}
