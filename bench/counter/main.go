// Command counter measures what a teller waits for: to find a customer, and to
// see a customer's page, where the bank has few and where it has many
// certificates.
//
//	go run ./bench/counter [-rows 5000,5000000] [-rounds 3] [-for 5s] [-workers 2]
//
// Each certificate has a customer of its own, with an application, a line of
// history and a case that is over. Customers are searched by name and birth date,
// by phone and by certificate; a page is what the store is asked for it: customer,
// certificates, applications, history and cases. All of it is sealed as it always is and is opened; what
// a certificate itself takes is shorter than in real ones. Databases take turns, so
// that what else the machine does falls on few and on many rows alike.
//
// PostgreSQL runs in a temporary folder. See bench/README.md for figures and
// what they mean.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/internal/store/storetest/pgtest"
)

// settings are the flags.
type settings struct {
	rows    string
	rounds  int
	workers int
	span    time.Duration
}

func main() {
	var s settings
	flag.StringVar(&s.rows, "rows", "5000,5000000", "certificates in the databases that are compared")
	flag.IntVar(&s.rounds, "rounds", 3, "measurements of each; the middle one counts")
	flag.IntVar(&s.workers, "workers", 2, "how many ask side by side")
	flag.DurationVar(&s.span, "for", 5*time.Second, "how long each measurement takes")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := s.run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "counter:", err)
		os.Exit(1)
	}
}

func (s settings) run(ctx context.Context) (err error) {
	sizes, err := s.sizes()
	if err != nil {
		return err
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
	fmt.Printf("%s, %d processors, PostgreSQL\n", runtime.Version(), runtime.GOMAXPROCS(0))
	banks := make([]*bank, len(sizes))
	for i, rows := range sizes {
		begin := time.Now()
		if banks[i], err = open(ctx, cluster, rows); err != nil {
			return fmt.Errorf("making %d customers: %w", rows, err)
		}
		defer func() { err = errors.Join(err, banks[i].db.Close()) }()
		fmt.Printf("%d customers are in after %s\n", rows, time.Since(begin).Round(time.Second))
	}
	return s.measure(ctx, banks)
}

func (s settings) sizes() ([]int, error) {
	if s.rounds < 1 || s.workers < 1 || s.span <= 0 {
		return nil, errors.New("numbers and time must be positive")
	}
	var sizes []int
	for text := range strings.SplitSeq(s.rows, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 50_000_000 {
			return nil, fmt.Errorf("%q is not a number of rows", text)
		}
		sizes = append(sizes, n)
	}
	return sizes, nil
}

// bank is a database with so many customers.
type bank struct {
	rows int
	db   *store.Store
}

func open(ctx context.Context, cluster *pgtest.Cluster, rows int) (_ *bank, err error) {
	_, url, err := cluster.NewDatabase(ctx)
	if err != nil {
		return nil, err
	}
	ring := keys.NewRing()
	db, err := store.Open(ctx, url, ring)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, db.Close())
		}
	}()
	if err := db.Migrate(ctx); err != nil {
		return nil, err
	}
	return &bank{rows, db}, filler{url: url, ring: ring, rows: rows, now: time.Now()}.fill(ctx)
}

func middle[T cmp.Ordered](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// part gives the time below which so many in a hundred lie; times must be
// sorted.
func part(times []time.Duration, hundredths int) time.Duration {
	return times[min(len(times)-1, len(times)*hundredths/100)]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
