package counter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
)

// How much the clock does in one run; what is left comes with the next.
const (
	checksARun = 200
	batch      = 100
)

// Work does what the clock brings about: it asks again for the cases that wait
// for the authenticity service, ends those whose time is up, and finishes those
// whose application is over. It says how many cases have changed. Any number of
// instances may work at once, and one that dies leaves nothing half done: a check
// that was asked twice is answered once.
func (s *Service) Work(ctx context.Context, system authz.Caller) (n int, err error) {
	if err := authz.Allow(system, authz.LapseCase, ""); err != nil {
		return 0, s.refused(ctx, system, authz.LapseCase, "cases", err)
	}
	overdue, overdueErr := s.sweep(ctx, system, func() ([]Case, error) { return s.Queues.OverdueCases(ctx, s.now(), batch) })
	finished, finishedErr := s.sweep(ctx, system, func() ([]Case, error) { return s.Queues.FinishedCases(ctx, batch) })
	asked, askedErr := s.askAgain(ctx, system)
	return overdue + finished + asked, errors.Join(overdueErr, finishedErr, askedErr)
}

// sweep follows what find finds until that is nothing more, or can't be moved.
func (s *Service) sweep(ctx context.Context, system authz.Caller, find func() ([]Case, error)) (n int, err error) {
	for ctx.Err() == nil {
		found, err := find()
		if err != nil {
			return n, fmt.Errorf("finding cases for the clock: %w", err)
		}
		moved := 0
		var problems []error
		for _, c := range found {
			before := c.State
			after, err := s.follow(ctx, system, c)
			if err != nil {
				problems = append(problems, err)
			} else if after.State != before {
				moved++
			}
		}
		n += moved
		if len(found) < batch || moved == 0 {
			return n, errors.Join(problems...)
		}
	}
	return n, ctx.Err()
}

// askAgain asks the issuers for cases that wait, one by one, until one does not
// answer: then the others would wait in vain, too.
func (s *Service) askAgain(ctx context.Context, system authz.Caller) (n int, err error) {
	var problems []error
	for range checksARun {
		c, found, err := s.claim(ctx, system)
		if err != nil || !found {
			return n, errors.Join(append(problems, err)...)
		}
		after, err := s.askFor(ctx, system, c)
		switch f := fault.Of(err); {
		case f != nil && f.Fault == fault.Unexpected:
			problems = append(problems, fmt.Errorf("asking for a case: %w", err))
		case after.State == Waiting && after.Check == c.Check:
			return n, errors.Join(problems...)
		default:
			n++
		}
	}
	return n, errors.Join(problems...)
}

// claim takes one case whose check is due: it is due for nobody else then, for
// as long as the service is waited for and more.
func (s *Service) claim(ctx context.Context, system authz.Caller) (c Case, found bool, err error) {
	err = s.Register.InTx(ctx, func(ctx context.Context) error {
		found = false
		if err := authz.Allow(system, authz.WorkOnCase, ""); err != nil {
			return err
		}
		now := s.now()
		due, err := s.Queues.DueChecks(ctx, now, 1)
		if err != nil || len(due) == 0 {
			return err
		}
		c, found = due[0], true
		c.Checks++
		c.NextCheckAt = now.Add(max(backOff(c.Checks), firstWait))
		return s.save(ctx, &c)
	})
	if err != nil {
		return Case{}, false, fmt.Errorf("claiming a check: %w", err)
	}
	return c, found, nil
}

// askFor asks with what was entered and kept.
func (s *Service) askFor(ctx context.Context, system authz.Caller, c Case) (Case, error) {
	entries, err := s.Cards.Card(ctx, c.ID)
	if errors.Is(err, ErrNoCard) { // answered meanwhile
		return s.read(ctx, c.ID)
	}
	if err != nil {
		return Case{}, fmt.Errorf("reading a card's entries: %w", err)
	}
	var card proofing.CounterCard
	if err := json.Unmarshal(entries, &card); err != nil {
		return Case{}, fmt.Errorf("unpacking a card: %w", err)
	}
	return s.ask(ctx, system, c, card)
}
