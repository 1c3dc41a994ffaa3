package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
	"github.com/ingam-pki/ingam/internal/store"
)

func pair(reference, application string, generation int64) redeem.Pair {
	return redeem.Pair{Reference: []byte(reference), Application: application, Code: []byte("code of " + reference), By: redeem.Message,
		HandedBy: "teller", HandedAt: day(0), Until: day(3), Generation: generation}
}

func testPairs(t *testing.T, s *store.Store) {
	ctx := context.Background()
	if _, err := s.PairBy(ctx, []byte("r0")); !errors.Is(err, redeem.ErrNoPair) {
		t.Errorf("unknown: %v, want ErrNoPair", err)
	}
	if found, err := s.PairsOf(ctx, "a1"); err != nil || len(found) > 0 {
		t.Errorf("of nothing: %v %v", found, err)
	}
	first, second, other := pair("r1", "a1", 1), pair("r2", "a1", 2), pair("r3", "a2", 1)
	for _, p := range []redeem.Pair{first, other, second} {
		must(t, s.AddPair(ctx, p))
	}
	must(t, s.InTx(ctx, func(ctx context.Context) error {
		if err := s.AddPair(ctx, pair("r1", "a9", 1)); !errors.Is(err, redeem.ErrReferenceUsed) {
			t.Errorf("a number twice: %v, want ErrReferenceUsed", err)
		}
		return s.DropPair(ctx, []byte("r9")) // the transaction may go on
	}))
	if err := s.AddPair(ctx, pair("r4", "a1", 2)); err == nil || errors.Is(err, redeem.ErrReferenceUsed) {
		t.Errorf("a generation twice: %v", err)
	}
	second.Wrong, second.Generation, second.OpenedAt = 4, 7, day(1)
	must(t, s.SavePair(ctx, second))
	if err := s.SavePair(ctx, pair("r9", "a1", 9)); !errors.Is(err, redeem.ErrNoPair) {
		t.Errorf("saving the unknown: %v, want ErrNoPair", err)
	}
	want := func(application string, pairs ...redeem.Pair) {
		t.Helper()
		got, err := s.PairsOf(ctx, application)
		if diff := cmp.Diff(pairs, got); err != nil || diff != "" {
			t.Errorf("pairs of %s: %v\n%s", application, err, diff)
		}
	}
	want("a1", second, first) // the newest first
	if got, err := s.PairBy(ctx, first.Reference); err != nil || !cmp.Equal(got, first) {
		t.Errorf("by its number: %+v %v", got, err)
	}

	must(t, s.SpendPairs(ctx, "a1", day(2)))
	must(t, s.SpendPairs(ctx, "a1", day(3))) // once
	must(t, s.SpendPairs(ctx, "a9", day(2)))
	first.SpentAt, second.SpentAt = day(2), day(2)
	want("a1", second, first)
	want("a2", other)
	must(t, s.DropPair(ctx, second.Reference))
	want("a1", first)
}

// What is counted for a pair is counted one after the other.
func testRacePairs(t *testing.T, s *store.Store) {
	ctx := context.Background()
	must(t, s.AddPair(ctx, pair("r1", "a1", 1)))
	errs := race(func(int) error {
		return s.InTx(ctx, func(ctx context.Context) error {
			found, err := s.PairsOf(ctx, "a1")
			if err != nil {
				return err
			}
			found[0].Wrong++
			found[0].Generation++
			return s.SavePair(ctx, found[0])
		})
	})
	for _, err := range errs {
		must(t, err)
	}
	found, err := s.PairsOf(ctx, "a1")
	must(t, err)
	if found[0].Wrong != racers || found[0].Generation != 1+racers {
		t.Errorf("counted %d, generation %d", found[0].Wrong, found[0].Generation)
	}
}

// The desk of an application is kept, and stays when it is saved.
func testApplicationDesk(t *testing.T, s *store.Store) {
	ctx := context.Background()
	a := application("a1", "s1")
	a.Desk = lifecycle.Branch("014")
	must(t, s.CreateApplication(ctx, a))
	a.ExpiresAt = day(3).Add(time.Minute)
	must(t, s.SaveApplication(ctx, a))
	got, err := s.Application(ctx, "a1")
	must(t, err)
	if got.Branch() != "014" || !got.ExpiresAt.Equal(a.ExpiresAt) {
		t.Errorf("desk %q, until %v", got.Desk, got.ExpiresAt)
	}
}
