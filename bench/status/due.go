package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"syscall"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/status"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/pki/crl"
)

func thisYear() time.Time { return time.Now().AddDate(0, -1, 0) }

// due measures the publisher with a long list: issuing it, finding it not due,
// and, beside that, reading it and all that is revoked to compare them.
func (s settings) due(ctx context.Context, b *bank) (err error) {
	made, err := b.authority()
	if err != nil {
		return err
	}
	issuer := hex.EncodeToString(made.Issuing.SubjectKeyId)
	db, err := b.open(ctx, issuer, s.entries, 1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	publisher, err := status.NewPublisher(status.PublisherConfig{Issuer: made.Issuing, Signer: made.IssuingKey, Now: time.Now},
		db, db, audit.New(db, keys.NewRing().AuditKey(), time.Now))
	if err != nil {
		return err
	}
	caller := authz.Caller{Role: authz.System, ID: "bench", Request: "bench"}
	acts := []struct {
		name string
		do   func() error
	}{
		{"issue the list", func() error {
			_, err := publisher.Publish(ctx, caller)
			return err
		}},
		{"find it not due", func() error {
			_, issued, err := publisher.Due(ctx, caller)
			if issued {
				err = errors.Join(err, errors.New("a list was issued"))
			}
			return err
		}},
		{"read both and compare", func() error {
			list, err := db.LatestCRL(ctx, issuer)
			if err != nil {
				return err
			}
			if _, err := crl.Parse(list.DER); err != nil {
				return err
			}
			return db.EachRevoked(ctx, issuer, list.ThisUpdate, func(status.Entry) error { return nil })
		}},
	}
	fmt.Printf("publisher with %d entries on PostgreSQL, middle of %d rounds\n%-24s %10s %14s\n", s.entries, s.rounds, "", "ms", "processor ms")
	for _, act := range acts {
		var times, cpus []time.Duration
		for range s.rounds {
			begin, before := time.Now(), cpu()
			if err := act.do(); err != nil {
				return fmt.Errorf("%s: %w", act.name, err)
			}
			times, cpus = append(times, time.Since(begin)), append(cpus, cpu()-before)
		}
		fmt.Printf("%-24s %10.1f %14.1f\n", act.name, ms(middle(times)), ms(middle(cpus)))
	}
	fmt.Println("(processor time is this program's; the server's comes on top)")
	fmt.Println()
	return nil
}

// cpu is the processor time of this process.
func cpu() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
