package counter

import (
	"context"
	"errors"
	"fmt"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
)

// follow writes what has become of a case without anybody's act: its time is
// up, or the application of an approved one is over.
func (s *Service) follow(ctx context.Context, caller authz.Caller, c Case) (Case, error) {
	to, err := s.become(ctx, &c)
	if err != nil || to == c.State {
		return c, err
	}
	clock := clockCaller(caller)
	err = s.Register.InTx(ctx, func(ctx context.Context) error {
		if err := authz.Allow(clock, authz.LapseCase, ""); err != nil {
			return err
		}
		if c, err = s.read(ctx, c.ID); err != nil {
			return err
		}
		if to, err = s.become(ctx, &c); err != nil || to == c.State {
			return err
		}
		if err := s.record(ctx, clock, authz.LapseCase, c.ID, "state", string(to), "from", string(c.State)); err != nil {
			return err
		}
		c.State = to
		return s.save(ctx, &c)
	})
	if err != nil {
		return Case{}, fmt.Errorf("following a case: %w", err)
	}
	return c, nil
}

// become says in which state a case is now; of an approved one it fills in until
// when the codes can last.
func (s *Service) become(ctx context.Context, c *Case) (State, error) {
	switch {
	case c.due(s.now()):
		return Lapsed, nil
	case c.State != Approved || c.Application == "":
		return c.State, nil
	}
	a, err := s.Holdings.Application(ctx, c.Application)
	if errors.Is(err, enrolment.ErrNoApplication) {
		return Lapsed, nil
	}
	if err != nil {
		return "", fmt.Errorf("reading the application of a case: %w", err)
	}
	c.ExpiresAt = a.ExpiresAt
	switch a.State {
	case enrolment.Issued:
		return Done, nil
	case enrolment.Lapsed, enrolment.Abandoned, enrolment.Rejected:
		return Lapsed, nil
	case enrolment.Started, enrolment.Consented, enrolment.Proofed, enrolment.Ready:
	}
	return Approved, nil
}
