package enrolment

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"strconv"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/pkcs10"
)

// KeyRequest is what the customer's side needs to make a key for an
// application.
type KeyRequest struct {
	Challenge     string // goes into the request's challengePassword
	KMCertificate []byte // DER; R is encrypted to it
	MinBits       int    // of the RSA key
	Kind          npki.Kind
	CA            string // the folder's name under NPKI
}

// KeyRequest gives what a key is to be made with. Asking again gives the same,
// so a key that was begun is not in vain.
func (s *Service) KeyRequest(ctx context.Context, caller authz.Caller, id string) (KeyRequest, error) {
	a, err := s.step(ctx, caller, authz.IssueCertificate, id, func(_ context.Context, a *Application) ([]string, error) {
		if err := mayGoOn(*a); err != nil {
			return nil, err
		}
		switch a.State {
		case Ready:
			return nil, nil
		case Started:
			return nil, ErrConsentFirst
		case Consented:
			return nil, ErrProofFirst.With(nil, "needs", missing(a.unproven()))
		default:
			if a.Way == Resume {
				return nil, ErrNoKey
			}
			a.State, a.Challenge = Ready, rand.Text()
			return []string{"step", "key-request", "state", string(Ready)}, nil
		}
	})
	if err != nil {
		return KeyRequest{}, err
	}
	return KeyRequest{Challenge: a.Challenge, KMCertificate: s.Authority.KMCertificate().Raw, MinBits: s.MinBits, Kind: a.Kind, CA: s.CAName}, nil
}

// maxCSR bounds a request: one with a key of 4096 bits takes some 2 KiB, and
// signed for a renewal some 4 KiB.
const maxCSR = 16 << 10

// Certify has the key of a certification request (DER) certified. The request
// must prove possession of the key and carry this application's challenge and
// R for the authority; a renewal's is signed by the old key (see SignedByOld).
// The same key again gets the same certificate, also when
// the first answer was lost on the way; another key gets ca.ErrOtherKey.
func (s *Service) Certify(ctx context.Context, caller authz.Caller, id string, csr []byte) (ca.Record, error) {
	request, made, err := s.prepare(ctx, caller, id, csr)
	if err != nil {
		return ca.Record{}, s.disproven(ctx, caller, authz.IssueCertificate, id, err)
	}
	if made == nil {
		record, err := s.Authority.Issue(ctx, caller, request)
		if err != nil {
			return ca.Record{}, err // the authority has recorded it
		}
		made = &record
	}
	return *made, s.settle(context.WithoutCancel(ctx), caller, id, *made)
}

// prepare gives the request for the authority, or the certificate that the
// application has already for the same key.
func (s *Service) prepare(ctx context.Context, caller authz.Caller, id string, csr []byte) (ca.Request, *ca.Record, error) {
	a, err := s.load(ctx, caller, authz.IssueCertificate, id)
	if err != nil {
		return ca.Request{}, nil, err
	}
	if err := mayCertify(a); err != nil {
		return ca.Request{}, nil, err
	}
	old, err := s.predecessor(ctx, a)
	if err != nil {
		return ca.Request{}, nil, err
	}
	if a.SignedByOld() {
		if csr, err = signedRequest(old, csr); err != nil {
			return ca.Request{}, nil, err
		}
	}
	key, err := s.parseRequest(a, csr)
	if err != nil {
		return ca.Request{}, nil, err
	}
	made, err := s.made(ctx, a, key)
	if err != nil || made != nil && made.State != ca.Pending {
		return ca.Request{}, made, err
	}
	// What the authority has begun it will finish as it began it.
	if made == nil && a.Replaces != "" {
		if err := s.mayChange(a, old); err != nil {
			return ca.Request{}, nil, err
		}
	}
	who, err := s.sameAsProven(ctx, a)
	if err != nil {
		return ca.Request{}, nil, err
	}
	r, err := s.openVID(key.EncryptedVID)
	if err != nil {
		return ca.Request{}, nil, err
	}
	vid, err := npki.NewVID(crypto.SHA256, who.IdentityNumber, r)
	if err != nil {
		return ca.Request{}, nil, fmt.Errorf("computing the VID: %w", err)
	}
	request := ca.Request{ApplicationID: a.ID, SubscriberID: a.SubscriberID, Kind: a.Kind, RealName: who.Name, VID: vid,
		PublicKey: key.RawPublicKey, Exception: a.Exception,
		Still: func(ctx context.Context) error { return s.still(ctx, id) }}
	s.replace(&request, a, old)
	return request, nil, nil
}

// still says, in the transaction in which the authority begins, whether an
// application goes on as it did when it was prepared: since then it may have
// been stopped by a report of loss, or what it replaces suspended elsewhere.
func (s *Service) still(ctx context.Context, id string) error {
	a, err := s.Register.Application(ctx, id)
	if err != nil {
		return fmt.Errorf("reading an application: %w", err)
	}
	_, err = s.Certificates.ByApplication(ctx, id)
	if !errors.Is(err, ca.ErrNoCertificate) {
		return err // nil: it has begun already
	}
	if a.due(s.now()) {
		return a.lapsed()
	}
	if err := mayCertify(a); err != nil || a.Replaces == "" {
		return err
	}
	old, err := s.predecessor(ctx, a)
	if err != nil {
		return err
	}
	return s.mayChange(a, old)
}

// mayCertify says whether it is the time for a certificate.
func mayCertify(a Application) error {
	switch a.State {
	case Ready, Issued:
		return nil
	case Started:
		return ErrConsentFirst
	case Consented:
		return ErrProofFirst.With(nil, "needs", missing(a.unproven()))
	case Proofed:
		if a.Way == Resume {
			return ErrNoKey
		}
		return ErrKeyFirst
	case Rejected, Abandoned, Lapsed:
	}
	return mayGoOn(a)
}

// parseRequest reads a request, verifies possession, and checks that it was
// made for this application.
func (s *Service) parseRequest(a Application, csr []byte) (*pkcs10.Request, error) {
	if len(csr) > maxCSR {
		return nil, ErrRequest
	}
	key, err := pkcs10.Parse(csr)
	switch {
	case errors.Is(err, pkcs10.ErrPossession):
		return nil, ErrPossession.With(err)
	case errors.Is(err, pkcs10.ErrKey):
		return nil, ca.ErrKeyUnfit.With(err)
	case err != nil:
		return nil, ErrRequest.With(err)
	}
	if a.Challenge == "" || subtle.ConstantTimeCompare([]byte(key.Challenge), []byte(a.Challenge)) == 0 {
		return nil, ErrChallenge
	}
	if public, ok := key.PublicKey.(*rsa.PublicKey); !ok || public.N.BitLen() < s.MinBits {
		return nil, ErrKeySize.With(nil, "bits", strconv.Itoa(s.MinBits))
	}
	return key, nil
}

// made finds what the authority has made or begun for an application; nil when
// that is nothing, ca.ErrOtherKey when it was for another key.
func (s *Service) made(ctx context.Context, a Application, key *pkcs10.Request) (*ca.Record, error) {
	record, err := s.Certificates.ByApplication(ctx, a.ID)
	if errors.Is(err, ca.ErrNoCertificate) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("looking for the certificate: %w", err)
	}
	if hash := sha256.Sum256(key.RawPublicKey); !bytes.Equal(hash[:], record.KeyHash) {
		return nil, ca.ErrOtherKey
	}
	if record.State != ca.Pending && len(record.DER) == 0 { // its end came before anyone finished it
		return nil, lifecycle.Stands(record.State)
	}
	return &record, nil
}

// sameAsProven asks the core bank once more who the customer is, and refuses
// when that is no longer whom the proofs were of.
func (s *Service) sameAsProven(ctx context.Context, a Application) (subscriber.Subscriber, error) {
	who, err := s.Subscribers.Refresh(ctx, a.SubscriberID)
	if err != nil {
		return subscriber.Subscriber{}, err
	}
	if err := eligible(who, a.Kind, s.now()); err != nil {
		return subscriber.Subscriber{}, err
	}
	tag := s.Phones.Tag(personOf(who))
	proven := 0
	for _, p := range a.Proofs {
		of, known := p.Evidence["person"]
		if known && subtle.ConstantTimeCompare([]byte(of), []byte(tag)) == 0 {
			return subscriber.Subscriber{}, ErrPersonChanged
		}
		if known {
			proven++
		}
	}
	if proven == 0 {
		return subscriber.Subscriber{}, ErrPersonChanged
	}
	return who, nil
}

func (s *Service) openVID(der []byte) (npki.R, error) {
	if len(der) == 0 {
		return nil, ErrVID
	}
	r, err := s.Authority.OpenEncryptedVID(der)
	if errors.Is(err, npki.ErrEncryptedVID) {
		return nil, ca.ErrEncryptedVID.With(err)
	}
	if err != nil {
		return nil, err
	}
	if len(r) != npki.RSize {
		return nil, ErrVID
	}
	return r, nil
}

// useException marks the exception of an application as used, in the transaction
// in which it becomes issued.
func (s *Service) useException(ctx context.Context, a Application) error {
	if a.Exception == "" || s.Exceptions == nil {
		return nil
	}
	if err := s.Exceptions.UseException(ctx, a.Exception); err != nil {
		return fmt.Errorf("using an exception: %w", err)
	}
	return nil
}

// settle writes the certificate's serial into its application. The certificate
// exists: an application that was closed meanwhile becomes issued all the same.
func (s *Service) settle(ctx context.Context, caller authz.Caller, id string, made ca.Record) error {
	return s.Register.InTx(ctx, func(ctx context.Context) error {
		a, err := s.allowed(ctx, caller, authz.IssueCertificate, id)
		if err != nil || a.State == Issued {
			return err
		}
		a.State, a.Serial = Issued, made.Serial
		if err := s.useException(ctx, a); err != nil {
			return err
		}
		if err := s.record(ctx, caller, authz.IssueCertificate, id, "state", string(Issued), "serial", made.Serial); err != nil {
			return err
		}
		return s.save(ctx, &a)
	})
}
