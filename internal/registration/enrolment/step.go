package enrolment

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/authz"
)

// load gives an application to who may do act on it, lapsed first if its time
// is up. A stranger's application and one that does not exist look the same.
func (s *Service) load(ctx context.Context, caller authz.Caller, act authz.Act, id string) (Application, error) {
	a, err := s.allowed(ctx, caller, act, id)
	if err != nil {
		return Application{}, err
	}
	return s.lapseIfDue(ctx, caller, a)
}

func (s *Service) allowed(ctx context.Context, caller authz.Caller, act authz.Act, id string) (Application, error) {
	if id == "" || len(id) > maxID {
		return Application{}, ErrUnknown
	}
	a, err := s.Register.Application(ctx, id)
	if errors.Is(err, ErrNoApplication) {
		return Application{}, ErrUnknown.With(err)
	}
	if err != nil {
		return Application{}, fmt.Errorf("reading an application: %w", err)
	}
	if err := authz.AllowOn(caller, act, a.object()); err != nil {
		return Application{}, ErrUnknown.With(err)
	}
	// A bank login is less than what was proven at the counter: the key is made by
	// whoever has the codes.
	if act == authz.IssueCertificate && caller.Role == authz.Customer && a.Branch() != "" {
		return Application{}, ErrCodesNeeded
	}
	return a, nil
}

// object is an application as the table of rights knows it.
func (a Application) object() authz.Object {
	return authz.Object{Owner: a.SubscriberID, Application: a.ID, Branch: a.Branch()}
}

const maxID = 64 // ids are 26 letters

// step does one act on an application: fn changes it and gives the facts for
// the audit entry; nil facts mean that there was nothing to do. Application,
// entry and change are one transaction, and the row is locked throughout.
func (s *Service) step(ctx context.Context, caller authz.Caller, act authz.Act, id string,
	fn func(ctx context.Context, a *Application) ([]string, error)) (Application, error) {
	_, err := s.load(ctx, caller, act, id)
	var a Application
	if err == nil {
		a, err = s.change(ctx, caller, act, id, fn)
	}
	if err != nil {
		return Application{}, s.refused(ctx, caller, act, object(id), err)
	}
	return a, nil
}

// maxStale is how often an application is read again that another request has
// changed since it was read. What came before stays done: a proof that was given
// is not asked for once more.
const maxStale = 3

func (s *Service) change(ctx context.Context, caller authz.Caller, act authz.Act, id string,
	fn func(ctx context.Context, a *Application) ([]string, error)) (a Application, err error) {
	for range maxStale {
		if a, err = s.changeOnce(ctx, caller, act, id, fn); !errors.Is(err, ErrChanged) {
			break
		}
	}
	return a, err
}

func (s *Service) changeOnce(ctx context.Context, caller authz.Caller, act authz.Act, id string,
	fn func(ctx context.Context, a *Application) ([]string, error)) (a Application, err error) {
	err = s.Register.InTx(ctx, func(ctx context.Context) error {
		if a, err = s.allowed(ctx, caller, act, id); err != nil {
			return err
		}
		if a.due(s.now()) {
			return a.lapsed()
		}
		facts, err := fn(ctx, &a)
		if err != nil || facts == nil {
			return err
		}
		if err := s.record(ctx, caller, act, id, facts...); err != nil {
			return err
		}
		return s.save(ctx, &a)
	})
	return a, err
}

func (s *Service) save(ctx context.Context, a *Application) error {
	a.UpdatedAt = s.now()
	err := s.Register.SaveApplication(ctx, *a)
	if errors.Is(err, ErrStale) {
		return ErrChanged.With(err)
	}
	if err != nil {
		return fmt.Errorf("saving an application: %w", err)
	}
	a.Revision++
	return nil
}

// due says whether an open application's time is up.
func (a Application) due(now time.Time) bool { return a.State.Open() && !now.Before(a.ExpiresAt) }

// lapsed says that an application's time is up.
func (a Application) lapsed() error {
	if a.Branch() != "" {
		return ErrLapsedAtBranch
	}
	return ErrLapsed
}

// Over says why an application that is over can't go on: ErrLapsed,
// ErrAbandoned, ErrRejected or ErrIssued; nil when it can.
func (a Application) Over() error { return mayGoOn(a) }

// mayGoOn says why an application that is over can't go on.
func mayGoOn(a Application) error {
	switch a.State {
	case Lapsed:
		return a.lapsed()
	case Abandoned:
		return ErrAbandoned
	case Rejected:
		return ErrRejected.With(nil, "reason", strconv.Itoa(a.RejectedFor))
	case Issued:
		return ErrIssued
	case Started, Consented, Proofed, Ready:
	}
	return nil
}

// lapseIfDue ends an application whose time is up.
func (s *Service) lapseIfDue(ctx context.Context, caller authz.Caller, a Application) (Application, error) {
	if !a.due(s.now()) {
		return a, nil
	}
	clock := authz.Caller{Role: authz.System, ID: "enrolment", Request: caller.Request}
	return s.lapse(ctx, clock, a.ID)
}

// lapse ends one application whose time is up: it becomes lapsed, or issued if
// the authority has made its certificate and only the last word was lost.
func (s *Service) lapse(ctx context.Context, system authz.Caller, id string) (a Application, err error) {
	err = s.Register.InTx(ctx, func(ctx context.Context) error {
		if err := authz.Allow(system, authz.LapseApplication, ""); err != nil {
			return err
		}
		if a, err = s.Register.Application(ctx, id); err != nil {
			return err
		}
		if !a.due(s.now()) {
			return nil
		}
		a.State = Lapsed
		if a.Challenge != "" {
			made, err := s.Certificates.ByApplication(ctx, id)
			if err == nil {
				a.State, a.Serial = Issued, made.Serial
				if err := s.useException(ctx, a); err != nil {
					return err
				}
			} else if !errors.Is(err, ca.ErrNoCertificate) {
				return err
			}
		}
		if err := s.record(ctx, system, authz.LapseApplication, id, "state", string(a.State)); err != nil {
			return err
		}
		return s.save(ctx, &a)
	})
	if err != nil {
		return Application{}, fmt.Errorf("lapsing an application: %w", err)
	}
	return a, nil
}

// Lapse ends all applications whose time is up and says how many those were.
// It is the clock's work; each access does the same for what it touches.
func (s *Service) Lapse(ctx context.Context, system authz.Caller) (n int, err error) {
	if err := authz.Allow(system, authz.LapseApplication, ""); err != nil {
		return 0, s.refused(ctx, system, authz.LapseApplication, "applications", err)
	}
	const batch = 100
	for {
		due, err := s.Overdue.OverdueApplications(ctx, s.now(), batch)
		if err != nil {
			return n, fmt.Errorf("finding applications whose time is up: %w", err)
		}
		for _, a := range due {
			if _, err := s.lapse(ctx, system, a.ID); err != nil {
				return n, err
			}
			n++
		}
		if len(due) < batch {
			return n, nil
		}
	}
}
