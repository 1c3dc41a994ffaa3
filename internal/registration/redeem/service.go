package redeem

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

// Bounds of guessing and of handing out.
const (
	MaxWrong      = 5  // wrong codes for a number, until it is dead
	MaxWrongFrom  = 10 // wrong numbers or codes from an address, until it has to wait
	MaxHandedADay = 5  // pairs for an application within 24 hours
)

// enrolments leads the applications; enrolment.Service does.
type enrolments interface {
	Prolong(ctx context.Context, caller authz.Caller, id string) (enrolment.Application, error)
}

// register finds applications, and what became of them; the store does.
type register interface {
	// Application locks when called within a transaction.
	Application(ctx context.Context, id string) (enrolment.Application, error)
	ByApplication(ctx context.Context, applicationID string) (ca.Record, error)
	Subscriber(ctx context.Context, id string) (subscriber.Subscriber, error)
}

// messenger sends a short message.
type messenger interface {
	Send(ctx context.Context, phone, text string) (transaction string, err error)
}

// recorder is the audit log.
type recorder interface {
	Record(ctx context.Context, caller authz.Caller, act authz.Act, object string, detail ...string) error
	Refuse(ctx context.Context, caller authz.Caller, act authz.Act, object string, outcome audit.Outcome, err error) error
}

// Config is what a Service works with.
type Config struct {
	Tx        proofing.Transactor
	Pairs     Register
	Register  register // the same store as Pairs
	Enrolment enrolments
	Counter   proofing.Counter
	Messages  messenger
	Log       recorder
	// Index gives the keyed hashes by which numbers and codes are found
	// (keys.Ring.Index).
	Index  func(table, column string, value []byte) []byte
	Now    func() time.Time
	Random io.Reader // makes numbers and codes; crypto/rand when nil
	Bank   string    // the name under which messages are sent
}

// Service hands out pairs and takes them back. It keeps nothing in memory.
type Service struct {
	Config
	tries proofing.Limiter
}

// New makes a Service.
func New(c Config) *Service {
	if c.Random == nil {
		c.Random = rand.Reader
	}
	return &Service{Config: c, tries: proofing.Limiter{Tx: c.Tx, Counter: c.Counter, Now: c.Now, Most: MaxWrongFrom}}
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

func object(applicationID string) string { return "application:" + applicationID }

func (s *Service) referenceIndex(number string) []byte {
	return s.Index("redemption", "reference", []byte(number))
}

// codeHash binds the code to its number, so that a hash moved to another row
// proves nothing there.
func (s *Service) codeHash(number, code string) []byte {
	return s.Index("redemption", "code", []byte(number+":"+code))
}

// Status says how the pair of an application stands. It asks no caller: who may
// see the application may see this.
func (s *Service) Status(ctx context.Context, applicationID string) (Status, error) {
	pairs, err := s.Pairs.PairsOf(ctx, applicationID)
	if err != nil || len(pairs) == 0 {
		return Status{}, err
	}
	p := pairs[0]
	return Status{Handed: len(pairs), By: p.By, HandedBy: p.HandedBy, HandedAt: p.HandedAt, Until: p.Until,
		TriesLeft: max(0, MaxWrong-p.Wrong), OpenedAt: p.OpenedAt, SpentAt: p.SpentAt}, nil
}

// Current says whether a generation is the last one of an application: whether
// the browser that got it from Redeem still has the right to go on.
func (s *Service) Current(ctx context.Context, applicationID string, generation int64) (bool, error) {
	pairs, err := s.Pairs.PairsOf(ctx, applicationID)
	if err != nil || len(pairs) == 0 {
		return false, err
	}
	return pairs[0].Generation == generation, nil
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

// subject is the name under which tries from an address are counted.
func (s *Service) subject(from string) string {
	return "from:" + hex.EncodeToString(s.Index("attempts", "from", []byte(from)))
}
