package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/store/storetest/pgtest"
)

func postgres(t *testing.T) *Store {
	t.Helper()
	s := open(t, pgtest.URL(t, pgtest.NoFsync()), keys.NewRing())
	if err := s.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return s
}

// Two who lock the same rows in opposite order: PostgreSQL ends one of them,
// and InTx runs it again. Some callers hide the cause in an error of their own.
func TestDeadlockIsTriedAgain(t *testing.T) {
	t.Parallel()
	for name, hide := range map[string]func(error) error{
		"error as it is": func(err error) error { return err },
		"wrapped":        func(err error) error { return fmt.Errorf("locking: %w", err) },
		"hidden":         func(error) error { return errors.New("something went wrong") },
		"forgiven":       func(error) error { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := postgres(t)
			ctx := context.Background()
			for _, subject := range []string{"a", "b"} {
				if err := s.SaveTries(ctx, subject, proofing.OTP, proofing.Tries{}); err != nil {
					t.Fatal(err)
				}
			}
			var both sync.WaitGroup // until both hold their first row
			both.Add(2)
			var runs atomic.Int64
			act := func(first, second string) error {
				met := false
				return s.InTx(ctx, func(ctx context.Context) error {
					runs.Add(1)
					count := func(subject string) error {
						tries, err := s.LockTries(ctx, subject, proofing.OTP)
						if err != nil {
							return hide(err)
						}
						tries.Failed++
						return s.SaveTries(ctx, subject, proofing.OTP, tries)
					}
					if err := count(first); err != nil {
						return err
					}
					if !met {
						met = true
						both.Done()
						both.Wait()
					}
					return count(second)
				})
			}
			var wg sync.WaitGroup
			var errs [2]error
			wg.Go(func() { errs[0] = act("a", "b") })
			wg.Go(func() { errs[1] = act("b", "a") })
			wg.Wait()
			if err := errors.Join(errs[:]...); err != nil {
				t.Errorf("an act was lost: %v", err)
			}
			for _, subject := range []string{"a", "b"} {
				tries, err := s.LockTries(ctx, subject, proofing.OTP)
				if err != nil || tries.Failed != 2 {
					t.Errorf("%s was counted %d times, %v; want 2", subject, tries.Failed, err)
				}
			}
			if runs.Load() < 3 {
				t.Error("there was no deadlock: the test shows nothing")
			}
		})
	}
}

func TestRetryEnds(t *testing.T) {
	t.Parallel()
	s := postgres(t)
	runs := 0
	err := s.InTx(context.Background(), func(context.Context) error {
		runs++
		return &pgconn.PgError{Code: "40001"}
	})
	var pg *pgconn.PgError
	if !errors.As(err, &pg) || runs != maxTries {
		t.Errorf("after %d runs: %v; want the error after %d", runs, err, maxTries)
	}
	runs = 0
	if err := s.InTx(context.Background(), func(context.Context) error {
		runs++
		return &pgconn.PgError{Code: "23505"}
	}); err == nil || runs != 1 {
		t.Errorf("another error: %d runs, %v", runs, err)
	}
}

// A transaction belongs to its store: another store's methods don't join it.
func TestTransactionsOfTwoStores(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	var stores [2]*Store
	for i := range stores {
		stores[i] = open(t, fmt.Sprintf("sqlite:%s/%d.db", t.TempDir(), i), keys.NewRing())
		if err := stores[i].Migrate(ctx); err != nil {
			t.Fatal(err)
		}
	}
	oops := errors.New("oops")
	err := stores[0].InTx(ctx, func(ctx context.Context) error {
		for _, s := range stores {
			if err := s.SaveTries(ctx, "a", proofing.OTP, proofing.Tries{Failed: 1}); err != nil {
				t.Error(err)
			}
		}
		return oops
	})
	if !errors.Is(err, oops) {
		t.Fatal(err)
	}
	for i, want := range []int{0, 1} {
		if got, err := stores[i].LockTries(ctx, "a", proofing.OTP); got.Failed != want || err != nil {
			t.Errorf("store %d: %d, %v; want %d", i, got.Failed, err, want)
		}
	}
}

// The lanes of PostgreSQL don't make acts wait for each other; when all are
// taken one more waits for its turn.
func TestLanesSideBySide(t *testing.T) {
	t.Parallel()
	s := postgres(t)
	ctx := context.Background()
	const lanes = 16
	var taken, over sync.WaitGroup
	taken.Add(lanes)
	free := make(chan struct{})
	used := make([]int, lanes)
	for i := range lanes {
		over.Go(func() {
			err := s.InTx(ctx, func(ctx context.Context) error {
				head, err := s.takeLane(ctx)
				used[i] = head.Lane
				taken.Done()
				<-free
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	taken.Wait() // hangs when two can't have a lane at once
	seen := make(map[int]bool)
	for _, lane := range used {
		seen[lane] = true
	}
	if len(seen) != lanes {
		t.Errorf("%d lanes for %d acts: %v", len(seen), lanes, used)
	}
	late := make(chan error)
	go func() {
		late <- s.InTx(ctx, func(ctx context.Context) error {
			_, err := s.takeLane(ctx)
			return err
		})
	}()
	waiting := `SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND a.datname = current_database()`
	for n := 0; n == 0; {
		select {
		case err := <-late:
			t.Fatalf("the seventeenth did not wait: %v", err)
		default:
			if _, err := s.get(ctx, waiting, nil, &n); err != nil {
				t.Fatal(err)
			}
		}
	}
	close(free)
	over.Wait()
	if err := <-late; err != nil {
		t.Errorf("the seventeenth: %v", err)
	}
}

func FuzzDecodeDetail(f *testing.F) {
	for _, seed := range []string{`{}`, `{"a":"b"}`, `{"a": "b"}`, `{"a":1}`, `null`, `[]`, `{"":"x"}`, `{"a":"\u00e9"}`, "{\"a\":\"\xff\"}", `{"b":"1","a":"2"}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, stored string) {
		detail := decodeDetail(stored)
		raw, changed := detail[""]
		switch {
		case stored == "{}":
			if detail != nil {
				t.Errorf("%q gives %v", stored, detail)
			}
		case changed && len(detail) == 1 && raw == stored:
		case len(detail) == 0:
			t.Errorf("%q reads as no detail", stored)
		}
		// Two texts never read as the same detail.
		if other := decodeDetail(stored + " "); len(other) == len(detail) && other[""] != stored+" " {
			t.Errorf("%q and the same with a blank both read as %v", stored, other)
		}
	})
}
