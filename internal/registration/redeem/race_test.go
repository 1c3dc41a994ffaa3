package redeem_test

import (
	"crypto/rsa"
	"errors"
	"sync"
	"testing"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
)

// together runs acts that start at once, and gives their errors.
func together(acts ...func() error) []error {
	errs := make([]error, len(acts))
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i, act := range acts {
		wg.Go(func() {
			<-start
			errs[i] = act()
		})
	}
	close(start)
	wg.Wait()
	return errs
}

// Two browsers show the same pair at once, and both hand in a key: one
// certificate comes of it, and one of the browsers has the right in the end.
func TestTwoBrowsers(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		a := h.approved("p1")
		slip := h.handOut(a)
		generations := make([]int64, 2)
		open := func(i int) func() error {
			return func() (err error) {
				_, generations[i], err = h.Redeem(h.ctx, nobody, "192.0.2.1", slip.Reference, slip.Code)
				return err
			}
		}
		for _, err := range together(open(0), open(1)) {
			check(t, err)
		}
		current := 0
		for _, g := range generations {
			is, err := h.Current(h.ctx, a.ID, g)
			check(t, err)
			if is {
				current++
			}
		}
		if current != 1 || generations[0] == generations[1] {
			t.Errorf("generations %v, %d of them current", generations, current)
		}

		made := make([]ca.Record, 2)
		hand := func(i int, key *rsa.PrivateKey) func() error {
			return func() (err error) {
				made[i], err = h.certify(a.ID, key)
				return err
			}
		}
		errs := together(hand(0, keyA()), hand(1, keyB()))
		won := 0
		for _, err := range errs {
			switch {
			case err == nil:
				won++
			case !errors.Is(err, ca.ErrOtherKey) && !errors.Is(err, enrolment.ErrIssued) && !errors.Is(err, enrolment.ErrChanged):
				t.Errorf("the loser is told: %v", err)
			}
		}
		all, err := h.Store.CertificatesOf(h.ctx, a.SubscriberID)
		check(t, err)
		if won != 1 || len(all) != 1 || all[0].State != ca.Valid {
			t.Errorf("%d have won, %d certificates", won, len(all))
		}
		_, _, err = h.enter(slip.Reference, slip.Code)
		refuses(t, err, redeem.ErrSpent)
	})
}

// However many guess at once, from wherever: a pair bears five wrong codes.
func TestGuessingAtOnce(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		a := h.approved("p1")
		slip := h.handOut(a)
		guesses := make([]func() error, 24)
		for i := range guesses {
			guesses[i] = func() error {
				_, _, err := h.Redeem(h.ctx, nobody, string(rune('a'+i)), slip.Reference, anotherCode())
				return err
			}
		}
		for _, err := range together(guesses...) {
			refuses(t, err, redeem.ErrWrong)
		}
		if s, err := h.Status(h.ctx, a.ID); err != nil || s.TriesLeft != 0 {
			t.Errorf("tries left: %d %v", s.TriesLeft, err)
		}
		pairs, err := h.Store.PairsOf(h.ctx, a.ID)
		check(t, err)
		if pairs[0].Wrong != redeem.MaxWrong {
			t.Errorf("%d wrong codes were judged", pairs[0].Wrong)
		}
		_, _, err = h.enter(slip.Reference, slip.Code)
		refuses(t, err, redeem.ErrDead)
		next := h.handOut(a)
		_, _, err = h.enter(next.Reference, next.Code)
		check(t, err)
	})
}

// From one address ten are judged, however many come at once.
func TestScanningAtOnce(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		tries := make([]func() error, 3*redeem.MaxWrongFrom)
		for i := range tries {
			tries[i] = func() error {
				_, _, err := h.enter("012-345-6786", anotherCode())
				return err
			}
		}
		judged := 0
		for _, err := range together(tries...) {
			if errors.Is(err, redeem.ErrWrong) {
				judged++
			} else {
				refuses(t, err, redeem.ErrLocked)
			}
		}
		if judged != redeem.MaxWrongFrom {
			t.Errorf("%d were judged", judged)
		}
	})
}

// Codes that are handed out and shown at once never leave two that open.
func TestHandOutWhileRedeeming(t *testing.T) {
	on(t, func(t *testing.T, h *house) {
		a := h.approved("p1")
		first := h.handOut(a)
		var second redeem.Slip
		var generation int64
		errs := together(
			func() (err error) {
				second, err = h.HandOut(h.ctx, teller, a.ID, a.SubscriberID, branch, redeem.Print)
				return err
			},
			func() (err error) {
				_, generation, err = h.enter(first.Reference, first.Code)
				return err
			})
		check(t, errs[0])
		if errs[1] != nil {
			refuses(t, errs[1], redeem.ErrReplaced)
		}
		if is, err := h.Current(h.ctx, a.ID, generation); err != nil || is {
			t.Errorf("the first browser goes on: %v %v", is, err)
		}
		_, _, err := h.enter(second.Reference, second.Code)
		check(t, err)
	})
}
