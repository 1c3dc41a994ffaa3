// Command status measures what telling how certificates stand costs:
//
//	go run ./bench/status [-parts crl,due,told,ocsp] [-entries 1000000] [-rows 10000,5000000] [-rounds 3]
//
// crl: a list of so many entries by our encoder and by crypto/x509, each in a
// process of its own, processor time and peak memory side by side.
// due: what the publisher does every half minute with so many on the list.
// told: from the commit of a revocation until OCSP says so on every instance.
// ocsp: look-ups and answers with few and with many certificates in the
// database, in turns; the ratio of their slowest hundredths.
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
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/ca/catest"
	"github.com/ingam-pki/ingam/internal/store/storetest/pgtest"
)

// settings are the flags.
type settings struct {
	parts   string
	entries int
	rows    string
	rounds  int
	workers int
	span    time.Duration
	child   string // which encoder this process is, see crl.go
}

func main() {
	var s settings
	flag.StringVar(&s.parts, "parts", "crl,due,told,ocsp", "what to measure")
	flag.IntVar(&s.entries, "entries", 1_000_000, "entries of a list")
	flag.StringVar(&s.rows, "rows", "10000,5000000", "certificates in the databases that are compared")
	flag.IntVar(&s.rounds, "rounds", 3, "measurements of each; the middle one counts")
	flag.IntVar(&s.workers, "workers", 2, "how many ask side by side")
	flag.DurationVar(&s.span, "for", 5*time.Second, "how long each measurement of look-ups takes")
	flag.StringVar(&s.child, "child", "", "for this program's own use")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, s)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "status:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, s settings) error {
	if s.child != "" {
		return encode(s.child, s.entries)
	}
	if s.rounds < 1 || s.entries < 1 || s.workers < 1 || s.span <= 0 {
		return errors.New("numbers and times must be positive")
	}
	parts := map[string]func(context.Context, *bank) error{"crl": s.crl, "due": s.due, "told": s.told, "ocsp": s.ocsp}
	b := &bank{}
	err := func() error {
		for part := range strings.SplitSeq(s.parts, ",") {
			measure := parts[part]
			if measure == nil {
				return fmt.Errorf("there is no part %q", part)
			}
			if err := measure(ctx, b); err != nil {
				return fmt.Errorf("%s: %w", part, err)
			}
		}
		return nil
	}()
	return errors.Join(err, b.close())
}

// bank is what parts share, made when it is first wanted.
type bank struct {
	dir     string
	cluster *pgtest.Cluster
	made    *ca.Ceremony
}

// authority is the bank's CA, with a key of RSA-3072.
func (b *bank) authority() (_ *ca.Ceremony, err error) {
	if b.made == nil {
		b.made, err = catest.Ceremony(3072, func() time.Time { return time.Now().Add(-time.Hour) })
	}
	return b.made, err
}

// database makes an empty one.
func (b *bank) database(ctx context.Context) (string, error) {
	if b.cluster == nil {
		dir, err := os.MkdirTemp("", "ingam-bench-")
		if err != nil {
			return "", err
		}
		b.dir = dir
		// The server may run as another user, who must be able to get there.
		if err := os.Chmod(dir, 0o711); err != nil { //nolint:gosec // see above
			return "", err
		}
		if b.cluster, err = pgtest.Start(filepath.Join(dir, "cluster")); err != nil { //nolint:contextcheck // close stops it
			return "", err
		}
	}
	_, url, err := b.cluster.NewDatabase(ctx)
	return url, err
}

func (b *bank) close() error {
	var err error
	if b.cluster != nil {
		err = b.cluster.Stop()
	}
	if b.dir != "" {
		err = errors.Join(err, os.RemoveAll(b.dir))
	}
	return err
}

func (s settings) sizes() ([]int, error) {
	var sizes []int
	for text := range strings.SplitSeq(s.rows, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is not a number of rows", text)
		}
		sizes = append(sizes, n)
	}
	return sizes, nil
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
