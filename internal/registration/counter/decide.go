package counter

import (
	"context"
	"slices"
	"strings"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
)

// Verdict is a supervisor's decision.
type Verdict string

// The verdicts.
const (
	Approve Verdict = "approve" // it is done
	Return  Verdict = "return"  // back to the teller, with what to do
	Refuse  Verdict = "refuse"  // it ends here
)

// Decide decides a submitted case, and does in the same transaction what was
// approved. The supervisor is of the case's branch and has neither made nor
// submitted it (authz.ErrMaker). seen is the Revision of the case that they
// looked at: ErrChanged when it is another one by now; zero asks nothing. The note
// has 5 to 500 characters, and may be empty when the verdict is Approve.
//
// A case that failed MaxFailed checks is decided, too, while it is open: returned
// or refused, by another than who works on it.
func (s *Service) Decide(ctx context.Context, caller authz.Caller, id string, v Verdict, note string, seen int64) (Case, error) {
	note = strings.TrimSpace(note)
	return s.step(ctx, caller, authz.DecideCase, id, func(ctx context.Context, c *Case) ([]string, error) {
		if err := decidable(caller, *c, v, note, seen); err != nil {
			return nil, err
		}
		now := s.now()
		c.Decider, c.DecidedAt, c.Note = caller.ID, now, note
		var err error
		switch v {
		case Approve:
			err = s.perform(ctx, caller, c)
		case Return:
			c.State, c.ExpiresAt = Open, now.Add(OpenLasts)
			if c.Failed > 0 {
				c.Failed, c.Finding = 0, 0
				err = s.Prover.Settle(ctx, c.ID, "", proofing.AtCounter)
			}
		case Refuse:
			c.State = Refused
		}
		return []string{"verdict", string(v), "state", string(c.State), "act", string(c.Act), "maker", c.Maker, "submitter", c.Submitter,
			"subscriber", c.SubscriberID, "application", c.Application}, err
	})
}

// workedOn says whether somebody's work is in a case: whoever checked the card, a
// paper or a scan does not approve what they have checked themselves, also when a
// colleague took the case over and sent it up.
func (c Case) workedOn(id string) bool {
	return c.Proof != nil && c.Proof.Evidence["by"] == id ||
		slices.ContainsFunc(c.Attached, func(a Attached) bool { return a.By == id }) ||
		slices.ContainsFunc(c.Seen, func(p Seen) bool { return p.By == id })
}

// decidable says why a supervisor can't decide a case; that they are not its
// maker and of its branch has been asked.
func decidable(caller authz.Caller, c Case, v Verdict, note string, seen int64) error {
	second := c.Submitter
	switch {
	case c.State == Open && c.Failed >= MaxFailed && v != Approve:
		second = c.Handler
	default:
		if err := c.at(Submitted); err != nil {
			return err
		}
	}
	o := c.object()
	o.Maker = second
	if err := authz.AllowOn(caller, authz.DecideCase, o); err != nil {
		return err
	}
	if v == Approve && c.workedOn(caller.ID) {
		return authz.ErrMaker.With(authz.ErrForbidden)
	}
	switch {
	case !slices.Contains([]Verdict{Approve, Return, Refuse}, v):
		return ErrVerdict
	case !plain(note, 0, maxWhy), v != Approve && !plain(note, minWhy, maxWhy):
		return ErrNote
	case seen != 0 && seen != c.Revision:
		return ErrChanged
	}
	return nil
}

// perform does what was approved.
func (s *Service) perform(ctx context.Context, caller authz.Caller, c *Case) error {
	switch c.Act {
	case Revoke:
		c.State = Done
		_, err := s.Life.Revoke(ctx, caller, c.Serial, c.Reason, c.Invalidity, "")
		return err
	case Resume:
		c.State = Done
		_, err := s.Life.Resume(ctx, caller, c.Serial, lifecycle.Branch(c.Branch))
		return err
	case Suspend, Lost: // never submitted
		return c.State.in(ErrNotNow)
	case Issue, Renew, Reissue, Exception:
	}
	at := c.application()
	if c.Act == Exception {
		p, err := s.Life.ApproveException(ctx, caller, lifecycle.Proposal{SubscriberID: c.SubscriberID, Kind: c.Kind, Why: c.Why, Maker: c.Maker})
		if err != nil {
			return err
		}
		at.Exception = p.ID
	}
	a, err := s.Enrolment.ApplyAtBranch(ctx, caller, at)
	c.State, c.Application, c.ExpiresAt = Approved, a.ID, a.ExpiresAt
	return err
}

// HandOut gives the customer of an approved case a reference number and an
// authorization code, new ones each time; see redeem.Service.
func (s *Service) HandOut(ctx context.Context, caller authz.Caller, id string, by redeem.Way) (redeem.Slip, error) {
	c, err := s.allowed(ctx, caller, authz.HandOutCodes, id)
	if err == nil {
		c, err = s.follow(ctx, caller, c)
	}
	if err == nil && (c.State != Approved || c.Application == "") {
		err = c.State.in(ErrNoCodes)
	}
	if err != nil {
		return redeem.Slip{}, s.refused(ctx, caller, authz.HandOutCodes, object(id), err)
	}
	return s.Codes.HandOut(ctx, caller, c.Application, c.SubscriberID, c.Branch, by)
}
