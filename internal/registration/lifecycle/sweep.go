package lifecycle

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/notice"
	"github.com/ingam-pki/ingam/pki/npki"
)

// Reminder is a certificate whose owner is to be reminded of its end.
type Reminder struct {
	Serial       string
	SubscriberID string
	Kind         npki.Kind
	NotAfter     time.Time
}

// Swept is what the clock has done.
type Swept struct {
	Expired  int // certificates that are over
	Revoked  int // suspensions that were
	Reminded int
}

// How many certificates the clock takes at a time.
const (
	overdueBatch  = 200
	maxOverdue    = overdueBatch << 10
	reminderBatch = 500
)

// Sweep does what the clock has to do, until there is nothing left: it expires
// certificates, ends suspensions and reminds customers. Several instances may
// sweep at once, and one that dies leaves nothing half done.
func (s *Service) Sweep(ctx context.Context, system authz.Caller) (Swept, error) {
	var done Swept
	var problems []error
	stuck := make(map[string]bool) // what could not be written down
	for look := overdueBatch; look <= maxOverdue && ctx.Err() == nil; {
		serials, err := s.Clockwork.Overdue(ctx, s.now(), look)
		if err != nil {
			return done, fmt.Errorf("finding what is over: %w", err)
		}
		moved, err := s.lapse(ctx, system, serials, stuck, &done)
		problems = append(problems, err)
		if len(serials) < look {
			break
		}
		if moved == 0 {
			look *= 4 // all of these are stuck: look past them
		}
	}
	stuck = make(map[string]bool)
	for {
		n, err := s.remind(ctx, system)
		if err != nil && fault.Of(err).Fault == fault.Unexpected && ctx.Err() == nil {
			var moved int
			moved, err = s.remindEach(ctx, system, stuck)
			done.Reminded += moved
			if problems = append(problems, err); moved > 0 {
				continue
			}
			return done, errors.Join(problems...)
		}
		done.Reminded += n
		if err != nil || n < reminderBatch {
			return done, errors.Join(append(problems, err)...)
		}
	}
}

// remindEach reminds of one batch one by one, after one of them has kept the
// others from being told.
func (s *Service) remindEach(ctx context.Context, system authz.Caller, stuck map[string]bool) (moved int, err error) {
	due, err := s.Clockwork.DueReminders(ctx, s.now(), reminderBatch)
	if err != nil {
		return 0, err
	}
	var problems []error
	for _, r := range due {
		if stuck[r.Serial] {
			continue
		}
		err := s.Tx.InTx(ctx, func(ctx context.Context) error {
			record, err := s.Chronicle.Certificate(ctx, r.Serial)
			if err != nil || record.State != ca.Valid {
				return err
			}
			return s.told(ctx, system, []Reminder{r}, s.now())
		})
		if err != nil {
			stuck[r.Serial] = true
			problems = append(problems, fmt.Errorf("reminding of %s: %w", r.Serial, err))
			continue
		}
		moved++
	}
	return moved, errors.Join(problems...)
}

// lapse lets the authority write what is over. One that can't be written does
// not hold up the others.
func (s *Service) lapse(ctx context.Context, system authz.Caller, serials []string, stuck map[string]bool, done *Swept) (moved int, err error) {
	var problems []error
	for _, serial := range serials {
		if stuck[serial] {
			continue
		}
		to, err := s.Authority.Lapse(ctx, system, serial)
		switch {
		case err != nil:
			stuck[serial] = true
			problems = append(problems, fmt.Errorf("lapsing %s: %w", serial, err))
		case to == ca.Expired:
			done.Expired++
			moved++
		case to == ca.Revoked:
			done.Revoked++
			moved++
		}
	}
	return moved, errors.Join(problems...)
}

// remind writes one batch of reminders, each with the moment of the next.
func (s *Service) remind(ctx context.Context, system authz.Caller) (n int, err error) {
	err = s.Tx.InTx(ctx, func(ctx context.Context) error {
		n = 0 // the transaction may be run again
		if err := authz.Allow(system, authz.RemindSubscriber, ""); err != nil {
			return err
		}
		at := s.now()
		due, err := s.Clockwork.DueReminders(ctx, at, reminderBatch)
		if err != nil || len(due) == 0 {
			return err
		}
		n = len(due)
		return s.told(ctx, system, due, at)
	})
	if err != nil {
		return 0, s.refused(ctx, system, authz.RemindSubscriber, "reminders", err)
	}
	return n, nil
}

// told writes reminders, within a transaction that has locked what they are
// about.
func (s *Service) told(ctx context.Context, system authz.Caller, due []Reminder, at time.Time) error {
	if err := s.Log.Record(ctx, system, authz.RemindSubscriber, "reminders", "certificates", strconv.Itoa(len(due))); err != nil {
		return fmt.Errorf("recording reminders: %w", err)
	}
	notices, next := make([]notice.Notice, len(due)), make(map[time.Time][]string)
	for i, r := range due {
		notices[i] = reminder(r, at)
		when := NextReminder(r.NotAfter, at)
		next[when] = append(next[when], r.Serial)
	}
	if err := s.Historian.outbox.EnqueueAll(ctx, notices); err != nil {
		return fmt.Errorf("reminding: %w", err)
	}
	for when, serials := range next { // mostly one: the longest due come together
		if err := s.Clockwork.SetReminders(ctx, serials, when); err != nil {
			return err
		}
	}
	return nil
}
