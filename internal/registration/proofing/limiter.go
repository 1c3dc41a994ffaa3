package proofing

import (
	"context"
	"fmt"
	"time"
)

// How often one may fail at a factor, and how long it is locked then. Counts
// belong to the person, not to the application: starting again frees nobody.
const (
	MaxTries = 5
	LockFor  = 30 * time.Minute
)

// Limiter counts tries. A try is charged before its answer is known and given
// back when it turns out that nothing was tried, so that any number of
// requests at once gets no more than so many answers. Each charge is a
// transaction of its own: a refusal that follows doesn't undo it.
type Limiter struct {
	Tx      Transactor
	Counter Counter
	Now     func() time.Time
	Most    int // tries until it is locked; MaxTries when zero
}

func (l Limiter) most() int {
	if l.Most == 0 {
		return MaxTries
	}
	return l.Most
}

// Charge takes one try. left is how many remain after it. When lockedUntil is
// not zero no try was to be had until then.
func (l Limiter) Charge(ctx context.Context, subject string, factor Factor) (left int, lockedUntil time.Time, err error) {
	err = l.Tx.InTx(ctx, func(ctx context.Context) error {
		t, err := l.Counter.LockTries(ctx, subject, factor)
		if err != nil {
			return err
		}
		left, lockedUntil = 0, time.Time{} // the transaction may be run again
		now := l.Now().UTC().Truncate(time.Microsecond)
		if now.Before(t.LockedUntil) {
			lockedUntil = t.LockedUntil
			return nil
		}
		if !t.LockedUntil.IsZero() { // the lock is over: begin anew
			t = Tries{}
		}
		t.Failed++
		if t.Failed >= l.most() {
			t.LockedUntil = now.Add(LockFor)
		}
		left = max(0, l.most()-t.Failed)
		return l.Counter.SaveTries(ctx, subject, factor, t)
	})
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("counting a try at %s: %w", factor, err)
	}
	return left, lockedUntil, nil
}

// Refund gives a charged try back: the service that would have judged it did
// not answer. It works after the caller has gone, too.
func (l Limiter) Refund(ctx context.Context, subject string, factor Factor) error {
	err := l.Tx.InTx(context.WithoutCancel(ctx), func(ctx context.Context) error {
		t, err := l.Counter.LockTries(ctx, subject, factor)
		if err != nil || t.Failed == 0 {
			return err
		}
		t.Failed--
		if t.Failed < l.most() {
			t.LockedUntil = time.Time{}
		}
		return l.Counter.SaveTries(ctx, subject, factor, t)
	})
	if err != nil {
		return fmt.Errorf("giving back a try at %s: %w", factor, err)
	}
	return nil
}

// Reset forgets the tries of a person who got it right.
func (l Limiter) Reset(ctx context.Context, subject string, factor Factor) error {
	err := l.Tx.InTx(ctx, func(ctx context.Context) error {
		if _, err := l.Counter.LockTries(ctx, subject, factor); err != nil {
			return err
		}
		return l.Counter.SaveTries(ctx, subject, factor, Tries{})
	})
	if err != nil {
		return fmt.Errorf("forgetting tries at %s: %w", factor, err)
	}
	return nil
}

// seoul is where the bank's clocks stand; Korea has no summer time.
var seoul = time.FixedZone("KST", 9*60*60)

// Clock writes a moment as a customer reads it, in Seoul's time.
func Clock(t time.Time) string { return t.In(seoul).Format("2006-01-02 15:04") }
