package counter

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/pki/npki"
)

// How long a case waits. An approved one lasts as long as its codes.
const (
	OpenLasts      = 48 * time.Hour // open and waiting, since it was opened or returned
	SubmittedLasts = 72 * time.Hour
	ScansLast      = 90 * 24 * time.Hour // after the case has ended, when Config says nothing else
)

// people finds customers and makes them subscribers; subscriber.Service does.
type people interface {
	Find(ctx context.Context, q subscriber.Query) (found []subscriber.Subscriber, incomplete bool, err error)
	Meet(ctx context.Context, caller authz.Caller, customerNumber string) (subscriber.Subscriber, error)
}

// known is what is kept of customers; the store has it.
type known interface {
	Subscriber(ctx context.Context, id string) (subscriber.Subscriber, error)
	ByCustomerNumber(ctx context.Context, number string) (subscriber.Subscriber, error)
}

// holdings is what customers have; the store knows.
type holdings interface {
	Certificate(ctx context.Context, serial string) (ca.Record, error)
	CertificatesOf(ctx context.Context, subscriberID string) ([]ca.Record, error)
	EventsOf(ctx context.Context, subscriberID string) ([]lifecycle.Event, error)
	Application(ctx context.Context, id string) (enrolment.Application, error)
	ApplicationsOf(ctx context.Context, subscriberID string) ([]enrolment.Application, error)
}

// prover checks cards and pictures; proofing.Service does.
type prover interface {
	CheckAtCounter(ctx context.Context, p proofing.Person, subject string, c proofing.CounterCard) (proofing.Proof, error)
	Settle(ctx context.Context, person, applicationID string, factor proofing.Factor) error
	Redraw(ctx context.Context, file []byte) (proofing.Redrawn, error)
}

// enrolments makes applications; enrolment.Service does.
type enrolments interface {
	Agree(kind npki.Kind, given []enrolment.ConsentGiven) ([]enrolment.Consent, error)
	MayApplyAtBranch(ctx context.Context, who subscriber.Subscriber, at enrolment.AtBranch) error
	ApplyAtBranch(ctx context.Context, caller authz.Caller, at enrolment.AtBranch) (enrolment.Application, error)
	Abandon(ctx context.Context, caller authz.Caller, id string) error
}

// lives changes certificates; lifecycle.Service does.
type lives interface {
	Suspend(ctx context.Context, caller authz.Caller, serial, desk string) (ca.Record, error)
	Resume(ctx context.Context, caller authz.Caller, serial, desk string) (ca.Record, error)
	Revoke(ctx context.Context, caller authz.Caller, serial string, reason ca.Reason, invalidity time.Time, otp string) (ca.Record, error)
	Lost(ctx context.Context, caller authz.Caller, subscriberID string) (lifecycle.Loss, error)
	ApproveException(ctx context.Context, caller authz.Caller, p lifecycle.Proposal) (lifecycle.Proposal, error)
}

// codes hands out reference numbers and authorization codes; redeem.Service
// does.
type codes interface {
	HandOut(ctx context.Context, caller authz.Caller, applicationID, subscriberID, branch string, by redeem.Way) (redeem.Slip, error)
	Status(ctx context.Context, applicationID string) (redeem.Status, error)
}

// names knows who works here; staff.Service does.
type names interface {
	Names(ctx context.Context, ids []string) (map[string]string, error)
}

// recorder is the audit log.
type recorder interface {
	Record(ctx context.Context, caller authz.Caller, act authz.Act, object string, detail ...string) error
	Refuse(ctx context.Context, caller authz.Caller, act authz.Act, object string, outcome audit.Outcome, err error) error
}

// Config is what a Service works with.
type Config struct {
	Register  Register
	Queues    Queues
	Cards     Cards
	Scans     Scans
	Known     known
	Holdings  holdings
	People    people
	Prover    prover
	Enrolment enrolments
	Life      lives
	Codes     codes
	Names     names            // nil: staff are named by their ids
	Counter   proofing.Counter // counts searches
	Log       recorder
	Now       func() time.Time
	ScansLast time.Duration // how long scans are kept after their case has ended; the constant when zero
}

// Service leads cases. It keeps nothing in memory; any number of them work on
// one Register.
type Service struct{ Config }

// New makes a Service.
func New(c Config) *Service {
	if c.ScansLast <= 0 {
		c.ScansLast = ScansLast
	}
	return &Service{Config: c}
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// clockCaller is who does what the clock brings about on the way of another
// request.
func clockCaller(of authz.Caller) authz.Caller {
	return authz.Caller{Role: authz.System, ID: "counter", Request: of.Request}
}

func object(id string) string { return "case:" + id }

func (c Case) object() authz.Object {
	return authz.Object{Owner: c.SubscriberID, Branch: c.Branch, Maker: c.Maker, Application: c.Application}
}

// due says whether a case's time is up. An approved one ends with its
// application.
func (c Case) due(now time.Time) bool {
	return c.State.Going() && c.State != Approved && !now.Before(c.ExpiresAt)
}

const maxID = 64 // ids are 26 letters

// read gives a case, locked within a transaction.
func (s *Service) read(ctx context.Context, id string) (Case, error) {
	if id == "" || len(id) > maxID {
		return Case{}, ErrUnknown
	}
	c, err := s.Register.Case(ctx, id)
	if errors.Is(err, ErrNoCase) {
		return Case{}, ErrUnknown.With(err)
	}
	if err != nil {
		return Case{}, fmt.Errorf("reading a case: %w", err)
	}
	return c, nil
}

// step does one act on a case in a transaction: fn changes it and gives the
// facts for the audit entry; nil facts mean that there was nothing to do. What
// the clock has brought about meanwhile is written first.
func (s *Service) step(ctx context.Context, caller authz.Caller, act authz.Act, id string,
	fn func(ctx context.Context, c *Case) ([]string, error)) (Case, error) {
	c, err := s.allowed(ctx, caller, act, id)
	if err == nil {
		c, err = s.follow(ctx, caller, c)
	}
	if err == nil {
		c, err = s.change(ctx, caller, act, id, fn)
	}
	if err != nil {
		return Case{}, s.refused(ctx, caller, act, object(id), err)
	}
	return c, nil
}

// allowed gives a case to who may do act on it.
func (s *Service) allowed(ctx context.Context, caller authz.Caller, act authz.Act, id string) (Case, error) {
	c, err := s.read(ctx, id)
	if err != nil {
		return Case{}, err
	}
	if err := authz.AllowOn(caller, act, c.object()); err != nil {
		return Case{}, err
	}
	return c, nil
}

func (s *Service) change(ctx context.Context, caller authz.Caller, act authz.Act, id string,
	fn func(ctx context.Context, c *Case) ([]string, error)) (c Case, err error) {
	err = s.Register.InTx(ctx, func(ctx context.Context) error {
		if c, err = s.allowed(ctx, caller, act, id); err != nil {
			return err
		}
		if c.due(s.now()) {
			return ErrLapsed
		}
		facts, err := fn(ctx, &c)
		if err != nil || facts == nil {
			return err
		}
		if err := s.record(ctx, caller, act, id, facts...); err != nil {
			return err
		}
		return s.save(ctx, &c)
	})
	return c, err
}

// save stores a case. What has ended keeps neither the entries of a card that
// are waited for nor, in the end, its scans.
func (s *Service) save(ctx context.Context, c *Case) error {
	c.UpdatedAt = s.now()
	if !c.State.Going() && c.EndedAt.IsZero() {
		c.EndedAt = c.UpdatedAt
		if err := s.Scans.EndScans(ctx, c.ID, c.EndedAt); err != nil {
			return err
		}
	}
	if c.State != Waiting && c.Check != "" {
		c.Check, c.Checks, c.NextCheckAt = "", 0, time.Time{}
		if err := s.Cards.DropCard(ctx, c.ID); err != nil {
			return err
		}
	}
	err := s.Register.SaveCase(ctx, *c)
	if errors.Is(err, ErrStale) {
		return ErrChanged.With(err)
	}
	if err != nil {
		return fmt.Errorf("saving a case: %w", err)
	}
	c.Revision++
	return nil
}

// worked is what each step of a teller asks: the case is at a teller, and at
// this one.
func worked(caller authz.Caller, c Case, states ...State) error {
	if err := c.at(states...); err != nil {
		return err
	}
	if c.Handler != caller.ID {
		return ErrColleague
	}
	return nil
}

// at says why a case is in none of some states.
func (c Case) at(states ...State) error {
	for _, s := range states {
		if c.State == s {
			return nil
		}
	}
	switch {
	case c.State == Lapsed:
		return ErrLapsed
	case !c.State.Going():
		return c.State.in(ErrOver)
	}
	return c.State.in(ErrNotNow)
}

func (s *Service) record(ctx context.Context, caller authz.Caller, act authz.Act, id string, detail ...string) error {
	if err := s.Log.Record(ctx, caller, act, object(id), detail...); err != nil {
		return fmt.Errorf("recording %s: %w", act, err)
	}
	return nil
}

// refused records a refusal and gives it on. What is no fault is a defect or a
// broken dependency.
func (s *Service) refused(ctx context.Context, caller authz.Caller, act authz.Act, object string, err error) error {
	if fault.Of(err).Fault == fault.Unexpected {
		return err
	}
	outcome := audit.Refused
	if errors.Is(err, authz.ErrForbidden) {
		outcome = audit.Denied
	}
	if unwritten := s.Log.Refuse(context.WithoutCancel(ctx), caller, act, object, outcome, err); unwritten != nil {
		return fmt.Errorf("recording a refusal: %w", unwritten)
	}
	return err
}
