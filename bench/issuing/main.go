// Command issuing measures how many certificates the authority issues in a
// second, through the domain with store and audit log, beside how many
// signatures the same key makes in a second in the same run with the same
// number of workers.
//
//	go run ./bench/issuing [-for 3s] [-rounds 3] [-workers 1,8] [-bits 3072] [-engines sqlite,postgres]
//
// Both databases keep what they say they keep: SQLite with synchronous=FULL,
// PostgreSQL with fsync, each in a temporary folder. Raw signing and issuing
// take turns, and the middle round counts, so that a machine that slows down
// slows both. See bench/README.md for figures and what they mean.
package main

import (
	"cmp"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/ca/catest"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/internal/store/storetest/pgtest"
)

// settings are the flags.
type settings struct {
	span    time.Duration
	rounds  int
	workers string
	engines string
	bits    int
	profile string
}

func main() {
	var s settings
	flag.DurationVar(&s.span, "for", 3*time.Second, "how long each measurement takes")
	flag.IntVar(&s.rounds, "rounds", 3, "measurements of each; the middle one counts")
	flag.StringVar(&s.workers, "workers", "1,8", "numbers of workers")
	flag.StringVar(&s.engines, "engines", "sqlite,postgres", "databases")
	flag.IntVar(&s.bits, "bits", 3072, "size of the issuing key")
	flag.StringVar(&s.profile, "cpuprofile", "", "write a CPU profile of the whole run")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, s)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "issuing:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, s settings) (err error) {
	if s.rounds < 1 || s.span <= 0 {
		return errors.New("rounds and time must be positive")
	}
	dir, err := os.MkdirTemp("", "ingam-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if s.profile != "" {
		f, err := os.Create(s.profile)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	made, err := catest.Ceremony(s.bits, time.Now)
	if err != nil {
		return fmt.Errorf("making an authority: %w", err)
	}
	fmt.Printf("issuing key RSA-%d, %s, %d processors, %s each, middle of %d rounds\n\n",
		s.bits, runtime.Version(), runtime.GOMAXPROCS(0), s.span, s.rounds)
	fmt.Printf("%-10s %8s %12s %12s %8s\n", "store", "workers", "issued/s", "signed/s", "ratio")
	var spent []string
	for _, engine := range strings.Split(s.engines, ",") {
		m := &meter{}
		if err := s.engine(ctx, engine, filepath.Join(dir, engine), made, m); err != nil {
			return fmt.Errorf("%s: %w", engine, err)
		}
		spent = append(spent, fmt.Sprintf("%-10s %12.2f %12.2f %12.2f %8.2f", engine, m.sign(), m.issue(), m.server(), m.sign()/(m.issue()+m.server())))
	}
	fmt.Printf("\nprocessor time in ms\n%-10s %12s %12s %12s %8s\n%s\n", "store", "signature", "certificate", "+ server", "ratio", strings.Join(spent, "\n"))
	return nil
}

func (s settings) engine(ctx context.Context, engine, dir string, made *ca.Ceremony, m *meter) (err error) {
	if err := os.MkdirAll(dir, 0o711); err != nil {
		return err
	}
	var url string
	switch engine {
	case "sqlite":
		url = "sqlite:" + filepath.Join(dir, "ingam.db")
	case "postgres":
		// The server may run as another user, who must be able to get there.
		if err := os.Chmod(filepath.Dir(dir), 0o711); err != nil {
			return err
		}
		cluster, err := pgtest.Start(filepath.Join(dir, "cluster")) //nolint:contextcheck // it is stopped below, whatever happens
		if err != nil {
			return err
		}
		before := cpu(syscall.RUSAGE_CHILDREN) // counts who has ended: not yet the server
		defer func() {
			err = errors.Join(err, cluster.Stop())
			m.serverTime = cpu(syscall.RUSAGE_CHILDREN) - before
		}()
		if _, url, err = cluster.NewDatabase(ctx); err != nil {
			return err
		}
	default:
		return errors.New("there is no such database here")
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
	authority, err := ca.New(catest.Config(made, time.Now), db, db, audit.New(db, ring.AuditKey(), time.Now))
	if err != nil {
		return err
	}
	for _, text := range strings.Split(s.workers, ",") {
		workers, err := strconv.Atoi(text)
		if err != nil || workers < 1 {
			return fmt.Errorf("%q is not a number of workers", text)
		}
		if err := s.measure(ctx, engine, workers, authority, made, m); err != nil {
			return err
		}
	}
	return nil
}

// measure takes turns between raw signing and issuing and prints a line.
func (s settings) measure(ctx context.Context, engine string, workers int, authority *ca.Authority, made *ca.Ceremony, m *meter) error {
	digest := sha256.Sum256([]byte("raw"))
	var raw, issued []float64
	for range s.rounds {
		signed, err := s.rate(ctx, workers, &m.signing, func() error {
			_, err := made.IssuingKey.Sign(rand.Reader, digest[:], crypto.SHA256)
			return err
		})
		if err != nil {
			return err
		}
		// As many requests as could be used are ready before the clock starts.
		wants, err := requests(int(1.2*signed*s.span.Seconds()) + workers)
		if err != nil {
			return err
		}
		var next atomic.Int64
		done, err := s.rate(ctx, workers, &m.issuing, func() error {
			want, err := nth(wants, int(next.Add(1))-1)
			if err != nil {
				return err
			}
			_, err = authority.Issue(ctx, authz.Caller{Role: authz.Customer, ID: want.SubscriberID}, want)
			return err
		})
		if err != nil {
			return err
		}
		raw, issued = append(raw, signed), append(issued, done)
	}
	ratios := make([]float64, len(raw))
	for i := range raw {
		ratios[i] = issued[i] / raw[i]
	}
	_, err := fmt.Printf("%-10s %8d %12.1f %12.1f %8.2f\n", engine, workers, middle(issued), middle(raw), middle(ratios))
	return err
}

// rate says how often a second workers do something, side by side.
func (s settings) rate(ctx context.Context, workers int, u *use, do func() error) (float64, error) {
	ctx, cancel := context.WithTimeout(ctx, s.span)
	defer cancel()
	var wg sync.WaitGroup
	var count atomic.Int64
	problems := make([]error, workers)
	begin, before := time.Now(), cpu(syscall.RUSAGE_SELF)
	for i := range workers {
		wg.Go(func() {
			for ctx.Err() == nil && problems[i] == nil {
				problems[i] = do()
				count.Add(1)
			}
		})
	}
	wg.Wait()
	u.count += count.Load()
	u.time += cpu(syscall.RUSAGE_SELF) - before
	if errors.Is(ctx.Err(), context.Canceled) {
		problems = append(problems, ctx.Err())
	}
	return float64(count.Load()) / time.Since(begin).Seconds(), errors.Join(problems...)
}

// requests gives n requests of n persons.
func requests(n int) ([]ca.Request, error) {
	made := make([]ca.Request, n)
	for i := range made {
		var err error
		if made[i], err = catest.Request(rand.Reader, rand.Text()); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// nth gives a request that is ready, or makes one: then the machine was slow
// when it signed and is faster now.
func nth(ready []ca.Request, n int) (ca.Request, error) {
	if n < len(ready) {
		return ready[n], nil
	}
	return catest.Request(rand.Reader, rand.Text())
}

func middle[T cmp.Ordered](values []T) T {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
