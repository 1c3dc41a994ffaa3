// Package lifecycle is what happens to a certificate after its first day:
// suspended and resumed, revoked, lost, reminded of, expired. What makes a new
// certificate (renewal, reissue) is an application, which package enrolment
// leads; the rules by which it may are here.
//
//	h := lifecycle.NewHistorian(…)        // the authority's witness: history and notices
//	s := lifecycle.New(lifecycle.Config{…})
//	found, err := s.LostByCode(ctx, caller, address, code)
//	advice := lifecycle.Advise(record, keyAtHand, 30, now)
//
// Everything that changes a certificate goes through the authority, which tells
// the Historian in the same transaction: so there is no change without its line
// in the history and its notice, whoever made it.
package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

// authority is the certificate authority as far as a life asks it.
type authority interface {
	Certificate(ctx context.Context, caller authz.Caller, serial string) (ca.Record, error)
	Hold(ctx context.Context, caller authz.Caller, serial, desk string) error
	Release(ctx context.Context, caller authz.Caller, serial, desk string) error
	Revoke(ctx context.Context, caller authz.Caller, serial string, reason ca.Reason, invalidity time.Time) error
	Lapse(ctx context.Context, caller authz.Caller, serial string) (ca.State, error)
}

// People finds what a person holds, and stops what is under way for them. The
// store implements it.
type People interface {
	// LiveOf gives the certificates of a person that are valid, suspended or
	// held, in order of serial, and locks them until the transaction ends.
	LiveOf(ctx context.Context, subscriberID string) ([]ca.Record, error)
	HoldPending(ctx context.Context, subscriberID, replaces, desk string, until time.Time) (int, error)
	// AbandonOpen ends the open applications of a person, except those for which
	// the authority has begun, and gives their ids.
	AbandonOpen(ctx context.Context, subscriberID string, at time.Time) ([]string, error)
	// ByEmergencyCode gives whose emergency code has a keyed hash; ErrNoCode when
	// nobody's has.
	ByEmergencyCode(ctx context.Context, index []byte) (subscriberID string, err error)
}

// Clockwork finds what the clock has to do. The store implements it.
type Clockwork interface {
	// Older gives up to limit certificates whose life is not kept yet, in order of
	// serial from after on, and locks them until the transaction ends.
	Older(ctx context.Context, after string, limit int) ([]Older, error)
	Adopt(ctx context.Context, a Adoption) error
	// Overdue gives up to limit serials of certificates whose end, or the end of
	// whose suspension, lies before a moment.
	Overdue(ctx context.Context, at time.Time, limit int) ([]string, error)
	// DueReminders gives up to limit valid certificates whose reminder is due,
	// and locks them until the transaction ends; those that somebody else has
	// locked are passed over.
	DueReminders(ctx context.Context, at time.Time, limit int) ([]Reminder, error)
	// SetReminders notes when the next reminder of certificates is due; never,
	// when at is zero.
	SetReminders(ctx context.Context, serials []string, at time.Time) error
}

// prover checks a one-time password; proofing.Service does.
type prover interface {
	CheckOTP(ctx context.Context, p proofing.Person, code string) (proofing.Proof, error)
	Settle(ctx context.Context, person, applicationID string, factor proofing.Factor) error
}

// subscribers knows who somebody is.
type subscribers interface {
	Subscriber(ctx context.Context, caller authz.Caller, id string) (subscriber.Subscriber, error)
}

// recorder is the audit log.
type recorder interface {
	Record(ctx context.Context, caller authz.Caller, act authz.Act, object string, detail ...string) error
	Refuse(ctx context.Context, caller authz.Caller, act authz.Act, object string, outcome audit.Outcome, err error) error
}

// Config is what a Service works with.
type Config struct {
	Tx          proofing.Transactor
	Authority   authority
	People      People
	Clockwork   Clockwork
	Proposals   Proposals
	Chronicle   Chronicle
	Historian   *Historian
	Prover      prover
	Subscribers subscribers
	Counter     proofing.Counter
	Log         recorder
	// Index gives the keyed hash under which tries from an address are counted
	// (keys.Ring.Index).
	Index func(table, column string, value []byte) []byte
	Now   func() time.Time
}

// Service does the acts of a certificate's life. It keeps nothing in memory.
type Service struct {
	Config
	tries proofing.Limiter
}

// New makes a Service.
func New(c Config) *Service {
	return &Service{Config: c, tries: proofing.Limiter{Tx: c.Tx, Counter: c.Counter, Now: c.Now}}
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// refused records a refusal and gives it on. What is no fault is a defect or a
// broken dependency. What the authority refused it has recorded itself.
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
