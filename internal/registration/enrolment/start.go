package enrolment

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/pki/npki"
)

// Start gives the caller's open application for a first certificate of a kind,
// or makes one. Before it makes one it asks the core bank who the customer is
// today.
func (s *Service) Start(ctx context.Context, caller authz.Caller, kind npki.Kind) (Application, error) {
	a, err := s.start(ctx, caller, Application{Way: Issue, Kind: kind, Desk: lifecycle.DeskOnline})
	if err != nil {
		return Application{}, s.refused(ctx, caller, authz.StartApplication, "subscriber:"+caller.ID, err)
	}
	return a, nil
}

// StartFor gives the caller's open application to renew, reissue or resume one
// of their certificates, or makes one. Whether the certificate may be is asked
// now and once more at the end: lifecycle.MayRenew, MayReissue and MayResume
// give the refusals.
func (s *Service) StartFor(ctx context.Context, caller authz.Caller, way Way, serial string) (Application, error) {
	a, err := s.startFor(ctx, caller, way, serial)
	if err != nil {
		return Application{}, s.refused(ctx, caller, authz.StartApplication, "certificate:"+serial, err)
	}
	return a, nil
}

func (s *Service) startFor(ctx context.Context, caller authz.Caller, way Way, serial string) (Application, error) {
	if !slices.Contains([]Way{Renew, Reissue, Resume}, way) {
		return Application{}, ErrWay
	}
	if len(serial) > maxID {
		return Application{}, ca.ErrNotFound
	}
	old, err := s.Certificates.Certificate(ctx, serial)
	if err == nil {
		err = authz.Allow(caller, authz.StartApplication, old.SubscriberID)
	}
	switch {
	case errors.Is(err, ca.ErrNoCertificate), errors.Is(err, authz.ErrForbidden): // a stranger's looks like none
		return Application{}, ca.ErrNotFound.With(err)
	case err != nil:
		return Application{}, fmt.Errorf("reading a certificate: %w", err)
	}
	wanted := Application{Way: way, Kind: old.Kind, Desk: lifecycle.DeskOnline, Replaces: old.Serial}
	if err := s.mayChange(wanted, old); err != nil {
		return s.begun(ctx, caller, wanted, err)
	}
	return s.start(ctx, caller, wanted)
}

// begun gives the open application for the same for which the authority has
// begun: it has changed the certificate, and only the last word is missing. Where
// there is none, why is the answer.
func (s *Service) begun(ctx context.Context, caller authz.Caller, want Application, why error) (Application, error) {
	a, found, err := s.open(ctx, caller, want)
	if err != nil || !found {
		return Application{}, why
	}
	switch _, err := s.Certificates.ByApplication(ctx, a.ID); {
	case errors.Is(err, ca.ErrNoCertificate):
		return Application{}, why
	case err != nil:
		return Application{}, fmt.Errorf("looking for the certificate: %w", err)
	}
	return a, nil
}

// mayChange says why a certificate can't be renewed, reissued or resumed by an
// application now.
func (s *Service) mayChange(a Application, old ca.Record) error {
	switch p, _ := s.Profiles.OfKind(old.Kind); a.Way {
	case Renew:
		return lifecycle.MayRenew(old, p.RenewalDays, s.now())
	case Reissue:
		return lifecycle.MayReissueAt(old, a.Desk, s.now())
	case Resume:
		return lifecycle.MayResume(old, s.now())
	default:
		return ErrWay
	}
}

// start makes a, or gives the open application that is for the same.
func (s *Service) start(ctx context.Context, caller authz.Caller, a Application) (Application, error) {
	if err := authz.Allow(caller, authz.StartApplication, caller.ID); err != nil {
		return Application{}, err
	}
	if !slices.Contains(kinds, a.Kind) {
		return Application{}, ErrKind
	}
	if open, found, err := s.open(ctx, caller, a); found || err != nil {
		return open, err
	}
	if err := s.notTooMany(ctx, caller.ID); err != nil {
		return Application{}, err
	}
	who, err := s.Subscribers.Refresh(ctx, caller.ID)
	if err != nil {
		return Application{}, err
	}
	now := s.now()
	if err := eligible(who, a.Kind, now); err != nil {
		return Application{}, err
	}
	if a.Way == Issue {
		if !s.offers(a.Kind) {
			return Application{}, ErrNotOnline
		}
		if a.Exception, err = s.holdsNone(ctx, caller.ID, a.Kind, now); err != nil {
			return Application{}, err
		}
	}
	a.ID, a.SubscriberID, a.State = rand.Text(), caller.ID, Started
	if a.Way == Resume { // nothing new to agree to
		a.State = Consented
	}
	a.CreatedAt, a.UpdatedAt, a.ExpiresAt = now, now, now.Add(Lifetime)
	err = s.Register.InTx(ctx, func(ctx context.Context) error {
		err := s.record(ctx, caller, authz.StartApplication, a.ID,
			"way", string(a.Way), "kind", string(a.Kind), "replaces", a.Replaces, "exception", a.Exception)
		if err != nil {
			return err
		}
		return s.Register.CreateApplication(ctx, a)
	})
	if errors.Is(err, ErrOpenApplication) { // another request was faster
		if open, found, err := s.open(ctx, caller, a); found || err != nil {
			return open, err
		}
	}
	if err != nil {
		return Application{}, fmt.Errorf("starting an application: %w", err)
	}
	return s.Register.Application(ctx, a.ID)
}

// open finds the caller's open application of a kind. One that is for something
// else is ErrOpenOther: two at once would undo each other's work.
func (s *Service) open(ctx context.Context, caller authz.Caller, want Application) (Application, bool, error) {
	all, err := s.List(ctx, caller)
	if err != nil {
		return Application{}, false, err
	}
	for _, a := range all {
		if a.Kind != want.Kind || !a.State.Open() {
			continue
		}
		if a.Way != want.Way || a.Replaces != want.Replaces {
			return Application{}, false, ErrOpenOther.With(nil, "way", string(a.Way)).Word("way", wayWords[a.Way])
		}
		return a, true, nil
	}
	return Application{}, false, nil
}

// holdsNone refuses early what the authority would refuse at the end: a second
// certificate of a kind. Where an exception was approved it gives its id.
func (s *Service) holdsNone(ctx context.Context, subscriberID string, kind npki.Kind, now time.Time) (exception string, err error) {
	records, err := s.Certificates.CertificatesOf(ctx, subscriberID)
	if err != nil {
		return "", fmt.Errorf("looking for certificates: %w", err)
	}
	for _, r := range records {
		switch r.StateAt(now) {
		case ca.Pending, ca.Held, ca.Valid, ca.Suspended:
			if r.Kind == kind && r.Exception == "" {
				return s.exceptionFor(ctx, subscriberID, kind)
			}
		case ca.Revoked, ca.Expired:
		}
	}
	return "", nil
}

func (s *Service) exceptionFor(ctx context.Context, subscriberID string, kind npki.Kind) (string, error) {
	if s.Exceptions == nil {
		return "", ca.ErrPersonHolds
	}
	id, err := s.Exceptions.ApprovedException(ctx, subscriberID, kind)
	if err == nil && id == "" {
		err = ca.ErrPersonHolds
	}
	return id, err
}
