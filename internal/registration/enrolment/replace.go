package enrolment

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/pki/cms"
)

// predecessor gives the certificate that an application is about; a zero value
// when it is about none.
func (s *Service) predecessor(ctx context.Context, a Application) (ca.Record, error) {
	if a.Replaces == "" {
		return ca.Record{}, nil
	}
	old, err := s.Certificates.Certificate(ctx, a.Replaces)
	if err != nil {
		return ca.Record{}, fmt.Errorf("reading what is to be replaced: %w", err)
	}
	return old, nil
}

// SignedByOld says whether the request for an application's certificate is
// signed by the old key: a renewal's is, unless the person was seen at a branch.
func (a Application) SignedByOld() bool { return a.Way == Renew && a.Branch() == "" }

// signedRequest takes the certification request out of a renewal: SignedData
// with attached content, DER, whose one signer is the certificate that is
// renewed. So the old key speaks for the new one and for this application,
// whose challenge stands in the request.
func signedRequest(old ca.Record, body []byte) ([]byte, error) {
	if len(body) > maxCSR {
		return nil, ErrRequest
	}
	message, err := cms.Parse(body)
	if err != nil {
		return nil, ErrOldKey.With(fmt.Errorf("parsing: %w", err))
	}
	content, attached := message.Content()
	if !attached {
		return nil, ErrOldKey.With(errors.New("the request is not inside the signature"))
	}
	signers, err := message.Verify(nil)
	if err != nil {
		return nil, ErrOldKey.With(fmt.Errorf("verifying: %w", err))
	}
	if len(signers) != 1 || !bytes.Equal(signers[0].Certificate.Raw, old.DER) {
		return nil, ErrOldKey.With(errors.New("signed by another certificate than the one that is renewed"))
	}
	return content, nil
}

// replace fills in what a certificate takes over from the one whose place it
// takes: its end, for a reissue; for a renewal its end and another period, so
// that who renews early loses nothing.
func (s *Service) replace(r *ca.Request, a Application, old ca.Record) {
	p, _ := s.Profiles.OfKind(a.Kind)
	switch a.Way {
	case Renew:
		r.Replaces, r.From, r.NotAfter = old.Serial, []ca.State{ca.Valid}, p.Validity.NotAfter(old.NotAfter)
	case Reissue:
		r.Replaces, r.From, r.NotAfter = old.Serial, []ca.State{ca.Valid, ca.Suspended, ca.Held}, old.NotAfter
	case Issue, Resume:
	}
}

// Resume makes the suspended certificate of a resume application valid again
// (회복), once identity is proven. Asking again changes nothing.
func (s *Service) Resume(ctx context.Context, caller authz.Caller, id string) (Application, error) {
	a, err := s.load(ctx, caller, authz.ReleaseCertificate, id)
	switch {
	case err != nil:
	case a.Way != Resume:
		err = ErrWay
	case a.State == Issued:
		return a, nil
	case a.State == Consented:
		err = ErrProofFirst.With(nil, "needs", missing(a.unproven()))
	default:
		if err = mayGoOn(a); err == nil {
			_, err = s.sameAsProven(ctx, a)
		}
	}
	if err != nil {
		return Application{}, s.disproven(ctx, caller, authz.ReleaseCertificate, id, err)
	}
	return s.step(context.WithoutCancel(ctx), caller, authz.ReleaseCertificate, id, func(ctx context.Context, a *Application) ([]string, error) {
		if a.State == Issued {
			return nil, nil
		}
		if err := mayGoOn(*a); err != nil {
			return nil, err
		}
		old, err := s.predecessor(ctx, *a)
		if err == nil {
			err = s.mayChange(*a, old)
		}
		if err == nil {
			err = s.Authority.Release(ctx, caller, old.Serial, old.Desk)
		}
		a.State, a.Serial = Issued, old.Serial
		return []string{"state", string(Issued), "serial", old.Serial}, err
	})
}
