//nolint:bodyclose // receive closes every body
package client

import (
	"context"
	"net/http"

	"github.com/ingam-pki/ingam/client/internal/rest"
)

// StartFor applies to renew, reissue or resume the certificate of a serial
// number. created is false when an application for the same was open and is
// given back.
func (c *Client) StartFor(ctx context.Context, way ChangeWay, serial string) (a Application, created bool, err error) {
	mediaType, body, err := send(StartRequest{Way: way, Certificate: serial})
	if err != nil {
		return Application{}, false, err
	}
	a, status, err := receive[Application](c.rest.StartApplicationWithBody(ctx, mediaType, body))
	return a, status == http.StatusCreated, err
}

// Renew hands in the request of a renewal: SignedData with attached content
// (DER) over a PKCS #10, by the certificate that is renewed. created is false
// when the application had its certificate already.
func (c *Client) Renew(ctx context.Context, id string, signed []byte) (certificate Certificate, created bool, err error) {
	return c.certify(ctx, id, CertifyRequest{Type: RequestTypeApplicationPkcs7Mime, CSR: signed})
}

// Resume makes the suspended certificate of a proven application valid again.
func (c *Client) Resume(ctx context.Context, id string) (Application, error) {
	return only[Application](c.rest.ResumeCertificate(ctx, id))
}

// CertificateBySerial gives one of one's certificates.
func (c *Client) CertificateBySerial(ctx context.Context, serial string) (Certificate, error) {
	return only[Certificate](c.rest.GetCertificateBySerial(ctx, serial))
}

// Suspend suspends a valid certificate.
func (c *Client) Suspend(ctx context.Context, serial string) (Certificate, error) {
	return only[Certificate](c.rest.SuspendCertificate(ctx, serial))
}

// Revoke revokes a certificate for good. The one-time password is spent, also
// when the rest is refused.
func (c *Client) Revoke(ctx context.Context, serial string, r RevocationRequest) (Certificate, error) {
	mediaType, body, err := send(r)
	if err != nil {
		return Certificate{}, err
	}
	return only[Certificate](c.rest.RevokeCertificateWithBody(ctx, serial, mediaType, body))
}

// EmergencyCode gives the code by which a certificate's owner reports its loss
// without logging in.
func (c *Client) EmergencyCode(ctx context.Context, serial string) (string, error) {
	code, err := only[EmergencyCode](c.rest.GetEmergencyCode(ctx, serial))
	return code.Code, err
}

// ReportLoss suspends everything that one holds.
func (c *Client) ReportLoss(ctx context.Context) (Loss, error) {
	return only[Loss](c.rest.ReportLoss(ctx))
}

// ReportLossByCode suspends everything that the person of an emergency code
// holds. No session is needed.
func (c *Client) ReportLossByCode(ctx context.Context, code string) (Loss, error) {
	mediaType, body, err := send(LossByCode{Code: code})
	if err != nil {
		return Loss{}, err
	}
	return only[Loss](c.rest.ReportLossByCodeWithBody(ctx, mediaType, body))
}

// History gives what happened to the certificate of a serial number, or to all
// of one's certificates when it is empty, the newest first.
func (c *Client) History(ctx context.Context, serial string) ([]Event, error) {
	history, err := only[History](c.rest.GetHistory(ctx, &rest.GetHistoryParams{Certificate: serial}, withoutEmpty))
	return history.Events, err
}

// Advice says what to do about a certificate; about the one in use when serial
// is empty. keyAtHand is whether one has its key and knows the password.
func (c *Client) Advice(ctx context.Context, serial string, keyAtHand bool) (Advice, error) {
	key := rest.GetAdviceParamsKeyNo
	if keyAtHand {
		key = rest.GetAdviceParamsKeyYes
	}
	return only[Advice](c.rest.GetAdvice(ctx, &rest.GetAdviceParams{Certificate: serial, Key: key}, withoutEmpty))
}

// withoutEmpty leaves out of a request's query what has no value.
func withoutEmpty(_ context.Context, r *http.Request) error {
	query := r.URL.Query()
	for name := range query {
		if query.Get(name) == "" {
			query.Del(name)
		}
	}
	r.URL.RawQuery = query.Encode()
	return nil
}

// Notices gives what one was told, the newest first.
func (c *Client) Notices(ctx context.Context) ([]Notice, error) {
	notices, err := only[Notices](c.rest.ListNotices(ctx))
	return notices.Notices, err
}

// NoticePreferences says how one is told.
func (c *Client) NoticePreferences(ctx context.Context) (NoticePreferences, error) {
	return only[NoticePreferences](c.rest.GetNoticePreferences(ctx))
}

// ChooseNotices chooses how to be told.
func (c *Client) ChooseNotices(ctx context.Context, choice NoticeChoice) (NoticePreferences, error) {
	mediaType, body, err := send(choice)
	if err != nil {
		return NoticePreferences{}, err
	}
	return only[NoticePreferences](c.rest.SetNoticePreferencesWithBody(ctx, mediaType, body))
}
