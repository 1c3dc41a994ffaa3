package counter

import (
	"context"
	"fmt"
	"strings"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
)

// Submit puts a complete case before a supervisor, or does at once what only
// protects the customer. signed are the terms that the customer signed on paper;
// what was signed before counts when there are none. Refusals: ErrNeeds, those
// of consent, and those of what is done.
func (s *Service) Submit(ctx context.Context, caller authz.Caller, id string, signed []enrolment.ConsentGiven) (Case, error) {
	return s.step(ctx, caller, authz.SubmitCase, id, func(ctx context.Context, c *Case) ([]string, error) {
		if err := worked(caller, *c, Open); err != nil {
			return nil, err
		}
		if c.Failed >= MaxFailed {
			return nil, ErrFailedOften
		}
		if err := s.sign(c, signed); err != nil {
			return nil, err
		}
		who, err := s.Known.Subscriber(ctx, c.SubscriberID)
		if err != nil {
			return nil, fmt.Errorf("reading a subscriber: %w", err)
		}
		if needs := s.Needs(*c, who.Sort); len(needs) > 0 {
			return nil, missing(needs)
		}
		c.Submitter, c.SubmittedAt = caller.ID, s.now()
		if c.Act.Protects() {
			c.State = Done
			err = s.protect(ctx, caller, *c)
		} else {
			c.State, c.ExpiresAt = Submitted, c.SubmittedAt.Add(SubmittedLasts)
		}
		return []string{"state", string(c.State), "act", string(c.Act), "subscriber", c.SubscriberID, "serial", c.Serial}, err
	})
}

// sign notes which terms the customer has signed.
func (s *Service) sign(c *Case, signed []enrolment.ConsentGiven) error {
	if !c.Act.MakesKey() || len(signed) == 0 && len(c.Consents) > 0 {
		return nil
	}
	consents, err := s.Enrolment.Agree(c.Kind, signed)
	c.Consents = consents
	return err
}

// protect does what needs no second person, in the transaction of the case.
func (s *Service) protect(ctx context.Context, caller authz.Caller, c Case) error {
	if c.Act == Lost {
		_, err := s.Life.Lost(ctx, caller, c.SubscriberID)
		return err
	}
	_, err := s.Life.Suspend(ctx, caller, c.Serial, lifecycle.Branch(c.Branch))
	return err
}

// Take makes the caller the one who works on a case of their branch.
func (s *Service) Take(ctx context.Context, caller authz.Caller, id string) (Case, error) {
	return s.step(ctx, caller, authz.TakeCase, id, func(_ context.Context, c *Case) ([]string, error) {
		if err := c.at(Open, Waiting, Submitted, Approved); err != nil {
			return nil, err
		}
		if c.Handler == caller.ID {
			return nil, nil
		}
		from := c.Handler
		c.Handler = caller.ID
		return []string{"from", from}, nil
	})
}

// Withdraw ends a case at the customer's wish. The note has 5 to 500 characters.
// An approved case is withdrawn by a supervisor, as long as no certificate has
// been begun; its codes are good for nothing then.
func (s *Service) Withdraw(ctx context.Context, caller authz.Caller, id, note string) (Case, error) {
	note = strings.TrimSpace(note)
	return s.step(ctx, caller, authz.WithdrawCase, id, func(ctx context.Context, c *Case) ([]string, error) {
		if err := c.at(Open, Waiting, Submitted, Approved); err != nil {
			return nil, err
		}
		if !plain(note, minWhy, maxWhy) {
			return nil, ErrNote
		}
		var err error
		switch {
		case c.State != Approved:
			err = worked(caller, *c, c.State)
		case caller.Role != authz.Supervisor:
			err = ErrWithdrawApproved
		default:
			err = s.Enrolment.Abandon(ctx, caller, c.Application)
		}
		from := c.State
		c.State, c.Note = Withdrawn, note
		return []string{"state", string(Withdrawn), "from", string(from)}, err
	})
}
