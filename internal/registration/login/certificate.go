package login

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/verification"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

// Challenge is the text that a customer signs to log in. It says to the person
// what it is for, so that it can't be passed off as something else.
type Challenge struct {
	Content   string // UTF-8; the signature is over these bytes
	ExpiresAt time.Time
}

// Challenge makes a text for one login, in "ko" or "en". host is the Host that
// the browser sent.
func (s *Service) Challenge(lang, host string) (Challenge, State, error) {
	now := s.now()
	lines := []string{
		s.Bank + " 로그인",
		"이 서명은 로그인에만 쓰여요. 이체나 계약에는 쓰이지 않아요.",
		"주소: " + s.site(host).origin,
		"시각: " + proofing.Clock(now) + " (한국 시각)",
		"번호: ",
	}
	if strings.HasPrefix(lang, "en") {
		lines = []string{
			"Log in to " + s.Bank,
			"This signature is for logging in only. It moves no money and agrees to nothing.",
			"Address: " + s.site(host).origin,
			"Time: " + proofing.Clock(now) + " (Seoul)",
			"Number: ",
		}
	}
	c := Challenge{Content: strings.Join(lines, "\n") + rand.Text(), ExpiresAt: now.Add(Lasts)}
	state, err := waiting{Kind: forCertificate, Until: c.ExpiresAt, Content: c.Content}.state()
	return c, state, err
}

// WithCertificate lets in who signed the challenge of a state with a
// certificate of this authority that is valid now. message is a CMS SignedData,
// attached or not, over exactly the challenge's content.
func (s *Service) WithCertificate(ctx context.Context, caller authz.Caller, state State, message []byte) (subscriber.Subscriber, error) {
	object := "certificate" // not known which
	who, err := s.withCertificate(ctx, caller, state, message, &object)
	if err != nil {
		return subscriber.Subscriber{}, s.refused(ctx, caller, authz.LogIn, object, err)
	}
	return who, nil
}

func (s *Service) withCertificate(ctx context.Context, caller authz.Caller, state State, message []byte, object *string) (subscriber.Subscriber, error) {
	if err := authz.Allow(caller, authz.LogIn, ""); err != nil {
		return subscriber.Subscriber{}, err
	}
	w, err := s.open(state, forCertificate, "")
	if err != nil {
		return subscriber.Subscriber{}, err
	}
	signer, err := s.signer(ctx, message, w.Content)
	if err != nil {
		return subscriber.Subscriber{}, err
	}
	*object = "certificate:" + signer.Serial
	var who subscriber.Subscriber
	err = s.Tx.InTx(ctx, func(ctx context.Context) error {
		record, err := s.recordOf(ctx, signer)
		if err != nil {
			return err
		}
		who, err = s.enter(ctx, caller, record.SubscriberID, "by", "certificate", "certificate", record.Serial)
		return err
	})
	return who, err
}

// signer gives the one whose signature it is. The certificate is one that this
// authority issued; how it stands is not said yet.
func (s *Service) signer(ctx context.Context, message []byte, content string) (verification.Signer, error) {
	rep, err := s.Verifier.Verify(ctx, message, []byte(content))
	if err != nil {
		return verification.Signer{}, fmt.Errorf("verifying a login: %w", err)
	}
	switch {
	case rep.Reason == verification.Changed || rep.Reason == verification.ContentDiffers:
		return verification.Signer{}, ErrSignature.With(nil)
	case len(rep.Signers) != 1:
		return verification.Signer{}, ErrSignatureForm.With(fmt.Errorf("%s, %d signers", rep.Reason, len(rep.Signers)))
	}
	signer := rep.Signers[0]
	foreign := []verification.Reason{verification.UnknownIssuer, verification.StandingUnknown, verification.Forged, verification.NotIssued}
	if slices.Contains(foreign, signer.Reason) {
		return signer, ErrForeign.With(fmt.Errorf("certificate: %s", signer.Reason))
	}
	if !signer.Ours {
		return signer, ErrUnfit.With(fmt.Errorf("certificate: %s", signer.Reason))
	}
	return signer, nil
}

// recordOf finds the signer's certificate in the ledger and demands that it may
// be used now.
func (s *Service) recordOf(ctx context.Context, signer verification.Signer) (ca.Record, error) {
	record, err := s.Ledger.Certificate(ctx, signer.Serial)
	if errors.Is(err, ca.ErrNoCertificate) {
		return ca.Record{}, ErrForeign.With(err)
	}
	if err != nil {
		return ca.Record{}, fmt.Errorf("reading a certificate: %w", err)
	}
	if !bytes.Equal(record.DER, signer.Certificate) {
		return ca.Record{}, ErrForeign.With(errors.New("the serial's certificate is another one"))
	}
	switch record.StateAt(s.now()) {
	case ca.Valid:
		if signer.Verdict != verification.Valid {
			return ca.Record{}, ErrUnfit.With(fmt.Errorf("certificate: %s", signer.Reason))
		}
		return record, nil
	case ca.Expired:
		return ca.Record{}, ErrExpired.With(nil)
	case ca.Suspended:
		return ca.Record{}, ErrSuspended.With(nil)
	case ca.Revoked:
		return ca.Record{}, ErrRevoked.With(nil)
	case ca.Held:
		return ca.Record{}, ErrHeld.With(nil)
	default:
		return ca.Record{}, ErrUnfit.With(nil)
	}
}
