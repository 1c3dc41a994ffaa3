// Command forms measures the Korean algorithms of pki/kcrypto beside OpenSSL's
// and rhash's in C:
//
//	go run ./bench/forms [-rounds 5]
//
// Each round takes all of them in turn. What counts is processor time, which
// others' work on the machine disturbs less than the clock on the wall; the
// middle round is told. See bench/README.md for figures and what they mean.
package main

import (
	"context"
	"crypto/cipher"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/ingam-pki/ingam/pki/kcrypto"
)

const (
	chunk  = 64 << 10
	volume = 48 << 20  // that we work through in a round
	hashed = 256 << 20 // that rhash and we hash in a round
)

func main() {
	rounds := flag.Int("rounds", 5, "measurements of each; the middle one counts")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Stdout, *rounds)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "forms:", err)
		os.Exit(1)
	}
}

// contest is an algorithm of ours beside another's, each in bytes a second of
// processor time.
type contest struct {
	name   string
	ours   func() (float64, error)
	theirs func(context.Context) (float64, error)
}

func run(ctx context.Context, out io.Writer, rounds int) error {
	dir, err := os.MkdirTemp("", "forms")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	file := filepath.Join(dir, "zeros")
	if err := os.WriteFile(file, make([]byte, hashed), 0o600); err != nil {
		return err
	}
	contests := []contest{
		{"SEED-CBC", cbc(16, kcrypto.NewSEED), openssl("seed-cbc")},
		{"ARIA-128-CBC", cbc(16, kcrypto.NewARIA), openssl("aria-128-cbc")},
		{"ARIA-192-CBC", cbc(24, kcrypto.NewARIA), openssl("aria-192-cbc")},
		{"ARIA-256-CBC", cbc(32, kcrypto.NewARIA), openssl("aria-256-cbc")},
		{"HAS-160", has160, rhash(file)},
	}
	type pair struct{ ours, theirs, ratio float64 }
	results := make([][]pair, len(contests))
	for range rounds {
		for i, c := range contests {
			ours, err := c.ours()
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			theirs, err := c.theirs(ctx)
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			results[i] = append(results[i], pair{ours, theirs, ours / theirs})
		}
	}
	_, _ = fmt.Fprintf(out, "| | ours MB/s | theirs MB/s | ratio (least to most) |\n|---|---|---|---|\n")
	for i, c := range contests {
		r := results[i]
		slices.SortFunc(r, func(a, b pair) int { return int(1e6 * (a.ratio - b.ratio)) })
		m := r[len(r)/2]
		_, _ = fmt.Fprintf(out, "| %s | %.0f | %.0f | **%.2f** (%.2f–%.2f) |\n",
			c.name, m.ours/1e6, m.theirs/1e6, m.ratio, r[0].ratio, r[len(r)-1].ratio)
	}
	return nil
}

// spent is this process's time in its own code so far.
func spent() (time.Duration, error) {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0, err
	}
	return time.Duration(usage.Utime.Nano()), nil
}

func rate(bytes int, work func()) (float64, error) {
	before, err := spent()
	if err != nil {
		return 0, err
	}
	work()
	after, err := spent()
	return float64(bytes) / (after - before).Seconds(), err
}

func cbc(size int, algorithm func([]byte) (cipher.Block, error)) func() (float64, error) {
	return func() (float64, error) {
		block, err := algorithm(make([]byte, size))
		if err != nil {
			return 0, err
		}
		mode, buf := cipher.NewCBCEncrypter(block, make([]byte, block.BlockSize())), make([]byte, chunk)
		return rate(volume, func() {
			for range volume / chunk {
				mode.CryptBlocks(buf, buf)
			}
		})
	}
}

func has160() (float64, error) {
	h, err := kcrypto.NewHAS160()
	if err != nil {
		return 0, err
	}
	buf := make([]byte, chunk)
	return rate(hashed, func() {
		for range hashed / chunk {
			_, _ = h.Write(buf)
		}
	})
}

// openssl asks "openssl speed", which counts processor time and prints a line
// +F:number:name:bytes a second.
func openssl(name string) func(context.Context) (float64, error) {
	return func(ctx context.Context) (float64, error) {
		out, err := exec.CommandContext(ctx, "openssl", "speed", "-mr", "-seconds", "1", "-bytes", strconv.Itoa(chunk),
			"-provider", "legacy", "-provider", "default", "-evp", name).Output()
		if err != nil {
			return 0, fmt.Errorf("openssl speed: %w", err)
		}
		for line := range strings.Lines(string(out)) {
			if f := strings.Split(strings.TrimSpace(line), ":"); len(f) == 4 && f[0] == "+F" {
				return strconv.ParseFloat(f[3], 64)
			}
		}
		return 0, errors.New("openssl speed says nothing")
	}
}

// rhash hashes a file that lies in memory; only its own code's time counts.
func rhash(file string) func(context.Context) (float64, error) {
	return func(ctx context.Context) (float64, error) {
		cmd := exec.CommandContext(ctx, "rhash", "--has160", file)
		if err := cmd.Run(); err != nil {
			return 0, fmt.Errorf("rhash: %w", err)
		}
		return hashed / cmd.ProcessState.UserTime().Seconds(), nil
	}
}
