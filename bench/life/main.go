// Command life measures what the clock has to do when many certificates end on
// the same day, and how fast certificates are suspended and revoked, on
// PostgreSQL.
//
//	go run ./bench/life [-n 1000000] [-for 5s] [-workers 8]
//
// The sweep: n persons, each with a certificate whose reminder is due, are
// reminded through the real lifecycle, store, notices and audit log. Persons are
// sealed as they always are, for whom to tell is read from them. What the sweep
// does not open (subject and bytes of the certificates) is short and not sealed,
// so that n rows are made in bearable time; rows of that size would be longer,
// and the sweep touches them all. Memory is this process's peak while it sweeps.
//
// The acts: suspensions and revocations by their owners through lifecycle, each
// with its history, notices and audit entries, synchronously committed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/ca/catest"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle/lifetest"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/internal/store/storetest/pgtest"
	"github.com/ingam-pki/ingam/pki/seoul"
)

type settings struct {
	n       int
	span    time.Duration
	workers int
}

func main() {
	var s settings
	flag.IntVar(&s.n, "n", 1_000_000, "certificates that are due")
	flag.DurationVar(&s.span, "for", 5*time.Second, "how long each measurement of acts takes")
	flag.IntVar(&s.workers, "workers", 8, "workers that act")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := s.run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "life:", err)
		os.Exit(1)
	}
}

func (s settings) run(ctx context.Context) (err error) {
	if s.n < 1 || s.workers < 1 || s.span <= 0 {
		return errors.New("numbers and time must be positive")
	}
	dir, err := os.MkdirTemp("", "ingam-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	// The server may run as another user, who must be able to get there.
	if err := os.Chmod(dir, 0o711); err != nil {
		return err
	}
	cluster, err := pgtest.Start(filepath.Join(dir, "cluster")) //nolint:contextcheck // it is stopped below, whatever happens
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cluster.Stop()) }()
	_, url, err := cluster.NewDatabase(ctx)
	if err != nil {
		return err
	}
	ring := keys.NewRing()
	db, err := store.Open(ctx, url, ring)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	made, err := catest.Ceremony(2048, time.Now)
	if err != nil {
		return err
	}
	// At nine in the morning in Seoul, when reminders are due.
	now := seoul.StartOfDay(time.Now()).Add(24*time.Hour + 9*time.Hour)
	h, err := lifetest.New(made, db, ring, func() time.Time { return now })
	if err != nil {
		return err
	}
	fmt.Printf("%s, %d processors, PostgreSQL with fsync\n", runtime.Version(), runtime.GOMAXPROCS(0))
	begin := time.Now()
	f := filler{url: url, ring: ring, n: s.n, openable: min(s.n, 40_000), now: now, issuer: h.Authority.IssuerID()}
	if err := f.fill(ctx); err != nil {
		return fmt.Errorf("making %d persons: %w", s.n, err)
	}
	fmt.Printf("%d persons with a certificate each were made in %s\n\n", s.n, time.Since(begin).Round(time.Second))
	if err := s.sweep(ctx, h); err != nil {
		return err
	}
	return s.acts(ctx, h, f.openable)
}

// sweep reminds them all, and looks once more when there is nothing to do.
func (s settings) sweep(ctx context.Context, h *lifetest.House) error {
	runtime.GC()
	resetPeak()
	begin, cpu := time.Now(), processor()
	done, err := h.Life.Sweep(ctx, lifetest.Clock)
	took, used := time.Since(begin), processor()-cpu
	if err == nil && done != (lifecycle.Swept{Reminded: s.n}) {
		err = fmt.Errorf("swept %+v", done)
	}
	if err != nil {
		return fmt.Errorf("sweeping: %w", err)
	}
	fmt.Printf("sweep: %d reminded in %s: %.0f a second, %.0f µs of this process's processor time each; peak %d MB\n",
		done.Reminded, took.Round(10*time.Millisecond), float64(s.n)/took.Seconds(), float64(used.Microseconds())/float64(s.n), peak())
	begin = time.Now()
	if done, err = h.Life.Sweep(ctx, lifetest.Clock); err != nil || done != (lifecycle.Swept{}) {
		return fmt.Errorf("sweeping again: %+v, %w", done, err)
	}
	fmt.Printf("sweep with nothing to do: %s\n\n", time.Since(begin).Round(10*time.Microsecond))
	return nil
}

// acts suspends, and then revokes, as many as there is time for.
func (s settings) acts(ctx context.Context, h *lifetest.House, openable int) error {
	half := int64(openable / 2)
	for i, act := range []struct {
		name string
		do   func(ctx context.Context, n int) error
	}{
		{"suspend", func(ctx context.Context, n int) error {
			_, err := h.Life.Suspend(ctx, lifetest.Customer(subscriberID(n), fmt.Sprint("s", n)), serial(n), lifecycle.DeskOnline)
			return err
		}},
		{"revoke", func(ctx context.Context, n int) error {
			_, err := h.Life.Revoke(ctx, lifetest.Customer(subscriberID(n), fmt.Sprint("r", n)), serial(n), ca.Cessation, time.Time{}, lifetest.RightOTP)
			return err
		}},
	} {
		next := atomic.Int64{}
		next.Store(int64(i) * half)
		end := int64(i)*half + half
		count, took, err := s.work(ctx, func(ctx context.Context) error {
			n := next.Add(1) - 1
			if n >= end {
				return errEmpty
			}
			return act.do(ctx, int(n))
		})
		if err != nil {
			return fmt.Errorf("%s: %w", act.name, err)
		}
		fmt.Printf("%-8s %d workers: %6.0f a second\n", act.name, s.workers, float64(count)/took.Seconds())
	}
	return nil
}

// errEmpty says that nothing is left to act on: the measurement ends early.
var errEmpty = errors.New("nothing is left")

func (s settings) work(ctx context.Context, do func(context.Context) error) (count int64, took time.Duration, err error) {
	var wg sync.WaitGroup
	var done atomic.Int64
	problems := make([]error, s.workers)
	begin := time.Now()
	for i := range s.workers {
		wg.Go(func() {
			for time.Since(begin) < s.span && problems[i] == nil {
				if problems[i] = do(ctx); problems[i] == nil {
					done.Add(1)
				}
			}
			if errors.Is(problems[i], errEmpty) {
				problems[i] = nil
			}
		})
	}
	wg.Wait()
	return done.Load(), time.Since(begin), errors.Join(problems...)
}
