package proofing_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/store"
)

// impatient are services whose caller leaves as soon as they are asked. They
// answer if the question still stands then.
type impatient struct {
	leave func()
	sent  int
}

func (i *impatient) CheckAccount(ctx context.Context, _, _, _ string) (proofing.Finding, error) {
	i.leave()
	return proofing.Finding{Verdict: proofing.Mismatch, Transaction: "1"}, ctx.Err()
}

func (i *impatient) CheckOTP(ctx context.Context, _, _ string) (proofing.Finding, error) {
	i.leave()
	return proofing.Finding{Verdict: proofing.Mismatch, Transaction: "1"}, ctx.Err()
}

func (i *impatient) Send(ctx context.Context, _, _ string) (string, error) {
	i.leave()
	i.sent++
	return "1", ctx.Err()
}

// TestHangingUp sees that a guess and a message count also when the caller
// does not wait for what comes of them.
func TestHangingUp(t *testing.T) {
	t.Parallel()
	ring := keys.NewRing()
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "tries.db"), ring)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
	service := &impatient{}
	s := proofing.New(proofing.Config{Tx: db, Counter: db, Accounts: service, OTPs: service, Messages: service,
		Index: ring.Index, Now: func() time.Time { return now }, Bank: "test"})
	p := proofing.Person{ID: "somebody", CustomerNumber: "1", Phone: "01000000000"}
	for name, guess := range map[string]func(ctx context.Context) error{
		"account": func(ctx context.Context) error {
			_, err := s.CheckAccount(ctx, p, "9990000000001", "9999")
			return err
		},
		"otp": func(ctx context.Context) error {
			_, err := s.CheckOTP(ctx, p, "000000")
			return err
		},
	} {
		for n := range proofing.MaxTries + 1 {
			var ctx context.Context
			ctx, service.leave = context.WithCancel(t.Context())
			if err := guess(ctx); (n >= proofing.MaxTries-1) != errors.Is(err, proofing.ErrLocked) {
				t.Errorf("%s: guess %d by one who hangs up: %v", name, n+1, err)
			}
			service.leave()
		}
	}
	for n := range 3 {
		var ctx context.Context
		ctx, service.leave = context.WithCancel(t.Context())
		if _, _, err := s.SendCode(ctx, p, "application"); n > 0 && !errors.Is(err, proofing.ErrCodeSoon) {
			t.Errorf("message %d for one who hangs up: %v", n+1, err)
		}
		service.leave()
	}
	if service.sent != 1 {
		t.Errorf("%d messages were sent at once", service.sent)
	}
}
