package counter

import (
	"context"
	"fmt"
	"time"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
)

// Bounds of looking for customers, and at them, for one member of staff within
// SearchWindow. Customer numbers are in sequence: who walks along them needs no
// search, so the looks are counted, too, whether somebody has the number or not.
const (
	MaxSearches = 120
	MaxLooks    = 600 // a visit takes a handful
	// SearchWindow begins with the first search, or look.
	SearchWindow = time.Hour
)

// What is counted.
const (
	searches proofing.Factor = "customer-search"
	looks    proofing.Factor = "customer-look"
)

// chargeSearch counts a search and records it.
func (s *Service) chargeSearch(ctx context.Context, caller authz.Caller, by string) error {
	return s.charge(ctx, caller, searches, MaxSearches, ErrManySearches, func(ctx context.Context) error {
		if err := s.Log.Record(ctx, caller, authz.SearchCustomers, "customers", "by", by); err != nil {
			return fmt.Errorf("recording a search: %w", err)
		}
		return nil
	})
}

// chargeLook counts a customer number that somebody comes with.
func (s *Service) chargeLook(ctx context.Context, caller authz.Caller) error {
	return s.charge(ctx, caller, looks, MaxLooks, ErrManyLooks, func(context.Context) error { return nil })
}

// charge counts one more and does in the same transaction what goes with it, or
// refuses when there have been as many as there may be.
func (s *Service) charge(ctx context.Context, caller authz.Caller, what proofing.Factor, most int, often *fault.Fault,
	with func(ctx context.Context) error) error {
	var refusal error // the count stays when it is refused
	err := s.Register.InTx(ctx, func(ctx context.Context) error {
		refusal = nil
		t, err := s.Counter.LockTries(ctx, caller.ID, what)
		if err != nil {
			return fmt.Errorf("counting %s: %w", what, err)
		}
		now := s.now()
		if !now.Before(t.LockedUntil) { // a new window; LockedUntil is its end
			t = proofing.Tries{LockedUntil: now.Add(SearchWindow)}
		}
		if t.Failed >= most {
			refusal = often.With(nil, "until", proofing.Clock(t.LockedUntil)).After(t.LockedUntil.Sub(now))
			return nil
		}
		t.Failed++
		if err := with(ctx); err != nil {
			return err
		}
		return s.Counter.SaveTries(ctx, caller.ID, what, t)
	})
	if err != nil {
		return err
	}
	return refusal
}
