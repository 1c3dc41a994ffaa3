package enrolment

import (
	"context"
	"errors"
	"slices"

	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

// MayApplyAtBranch says early what ApplyAtBranch would refuse at the end, apart
// from proofs, consents and what else is under way: whether a person may have
// what a branch would apply for. It changes nothing.
func (s *Service) MayApplyAtBranch(ctx context.Context, who subscriber.Subscriber, at AtBranch) error {
	now := s.now()
	a := Application{SubscriberID: who.ID, Way: at.Way, Kind: at.Kind, Desk: lifecycle.Branch(at.Branch), Replaces: at.Serial,
		Exception: at.Exception, ExpiresAt: now.Add(BranchLifetime)}
	if a.Exception == "" {
		if err := s.branchWay(ctx, &a, now); err != nil {
			return err
		}
	} else if !slices.Contains(kinds, a.Kind) { // the exception itself is approved at the end
		return ErrKind
	}
	err := eligible(who, a.Kind, now)
	if errors.Is(err, ErrChild) {
		return ErrChildAtBranch
	}
	return err
}
