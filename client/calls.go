//nolint:bodyclose // receive closes every body
package client

import (
	"context"
	"net/http"

	"github.com/ingam-pki/ingam/client/internal/rest"
)

// LogIn begins a session. An earlier one of this client is over.
func (c *Client) LogIn(ctx context.Context, loginID, password string) (Subscriber, error) {
	mediaType, body, err := send(LogInRequest{LoginID: loginID, Password: password})
	if err != nil {
		return Subscriber{}, err
	}
	session, err := only[Session](c.rest.LogInWithBody(ctx, mediaType, body))
	return session.Subscriber, err
}

// Session says who is logged in.
func (c *Client) Session(ctx context.Context) (Subscriber, error) {
	session, err := only[Session](c.rest.GetSession(ctx))
	return session.Subscriber, err
}

// LogOut ends the session.
func (c *Client) LogOut(ctx context.Context) error {
	_, err := only[struct{}](c.rest.LogOut(ctx))
	return err
}

// Kinds lists what the bank issues.
func (c *Client) Kinds(ctx context.Context) ([]KindInfo, error) {
	kinds, err := only[Kinds](c.rest.ListKinds(ctx))
	return kinds.Kinds, err
}

// Terms lists what has to be agreed to for a kind.
func (c *Client) Terms(ctx context.Context, kind Kind) ([]Terms, error) {
	terms, err := only[TermsList](c.rest.ListTerms(ctx, string(kind)))
	return terms.Terms, err
}

// Branches lists those near a place: a city, district or station by its name, in
// Korean or English. Empty gives all of them. When several places have the name,
// the answer has these as Choices and no branches.
func (c *Client) Branches(ctx context.Context, place string, open bool, services ...BranchService) (Branches, error) {
	params := rest.ListBranchesParams{Place: place, Open: open}
	for _, s := range services {
		params.Service = append(params.Service, rest.BranchService(s))
	}
	return only[Branches](c.rest.ListBranches(ctx, &params))
}

// Branch gives one branch by its number.
func (c *Client) Branch(ctx context.Context, number string) (Branch, error) {
	return only[Branch](c.rest.GetBranch(ctx, number))
}

// Start applies for a certificate. created is false when an application of
// this kind was open and is given back.
func (c *Client) Start(ctx context.Context, kind Kind) (a Application, created bool, err error) {
	mediaType, body, err := send(StartRequest{Kind: kind})
	if err != nil {
		return Application{}, false, err
	}
	a, status, err := receive[Application](c.rest.StartApplicationWithBody(ctx, mediaType, body))
	return a, status == http.StatusCreated, err
}

// Applications lists one's applications, newest first.
func (c *Client) Applications(ctx context.Context) ([]Application, error) {
	all, err := only[Applications](c.rest.ListApplications(ctx))
	return all.Applications, err
}

// Application says how an application stands.
func (c *Client) Application(ctx context.Context, id string) (Application, error) {
	return only[Application](c.rest.GetApplication(ctx, id))
}

// Abandon gives an application up.
func (c *Client) Abandon(ctx context.Context, id string) error {
	_, err := only[struct{}](c.rest.AbandonApplication(ctx, id))
	return err
}

// Consent agrees to terms, each by the version and hash of what was shown.
func (c *Client) Consent(ctx context.Context, id string, terms []ConsentGiven) (Application, error) {
	mediaType, body, err := send(ConsentRequest{Terms: terms})
	if err != nil {
		return Application{}, err
	}
	return only[Application](c.rest.GiveConsentWithBody(ctx, id, mediaType, body))
}

// ProveIDCard proves the identity by an identity card and its picture.
func (c *Client) ProveIDCard(ctx context.Context, id string, card IDCardProof) (Application, error) {
	mediaType, body, err := send(card)
	if err != nil {
		return Application{}, err
	}
	return only[Application](c.rest.ProveIDCardWithBody(ctx, id, mediaType, body))
}

// ProveAccount proves the identity by an account and its password.
func (c *Client) ProveAccount(ctx context.Context, id, account, password string) (Application, error) {
	mediaType, body, err := send(AccountProof{Account: account, Password: password})
	if err != nil {
		return Application{}, err
	}
	return only[Application](c.rest.ProveAccountWithBody(ctx, id, mediaType, body))
}

// ProveOTP proves the identity by a one-time password.
func (c *Client) ProveOTP(ctx context.Context, id, code string) (Application, error) {
	mediaType, body, err := send(CodeProof{Code: code})
	if err != nil {
		return Application{}, err
	}
	return only[Application](c.rest.ProveOTPWithBody(ctx, id, mediaType, body))
}

// SendPhoneCode has a code sent to the phone that the bank knows.
func (c *Client) SendPhoneCode(ctx context.Context, id string) (PhoneCode, error) {
	return only[PhoneCode](c.rest.SendPhoneCode(ctx, id))
}

// ProvePhone proves the phone by the code that was sent to it.
func (c *Client) ProvePhone(ctx context.Context, id, code string) (Application, error) {
	mediaType, body, err := send(CodeProof{Code: code})
	if err != nil {
		return Application{}, err
	}
	return only[Application](c.rest.ProvePhoneWithBody(ctx, id, mediaType, body))
}

// KeyRequest asks what the certification request must carry.
func (c *Client) KeyRequest(ctx context.Context, id string) (KeyRequest, error) {
	return only[KeyRequest](c.rest.RequestKey(ctx, id))
}

// Certify hands in a certification request (DER of a PKCS #10). created is
// false when the application had its certificate already.
func (c *Client) Certify(ctx context.Context, id string, csr []byte) (certificate Certificate, created bool, err error) {
	return c.certify(ctx, id, CertifyRequest{CSR: csr})
}

func (c *Client) certify(ctx context.Context, id string, request CertifyRequest) (certificate Certificate, created bool, err error) {
	mediaType, body, err := send(request)
	if err != nil {
		return Certificate{}, false, err
	}
	certificate, status, err := receive[Certificate](c.rest.CertifyWithBody(ctx, id, mediaType, body))
	return certificate, status == http.StatusCreated, err
}

// Certificate fetches the certificate that came of an application.
func (c *Client) Certificate(ctx context.Context, id string) (Certificate, error) {
	return only[Certificate](c.rest.GetCertificate(ctx, id))
}

// Certificates lists everything that was issued in one's name.
func (c *Client) Certificates(ctx context.Context) ([]Certificate, error) {
	all, err := only[Certificates](c.rest.ListCertificates(ctx))
	return all.Certificates, err
}

// Verify asks whether a signature (CMS, DER or BER) can be relied on. content
// is nil unless the signature comes without it. No session is needed.
func (c *Client) Verify(ctx context.Context, signature, content []byte) (Verification, error) {
	mediaType, body, err := send(VerificationRequest{Signature: signature, Content: content})
	if err != nil {
		return Verification{}, err
	}
	return only[Verification](c.rest.VerifyWithBody(ctx, mediaType, body))
}

// Health is nil when the service can do its work.
func (c *Client) Health(ctx context.Context) error {
	_, err := only[Health](c.rest.GetHealth(ctx))
	return err
}
