package storetest

import (
	"context"
	"errors"
	"testing"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/status"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/store"
)

var errOops = errors.New("oops")

// has says whether a certificate is stored, seen from outside a transaction.
func has(t *testing.T, s *store.Store, r ca.Record) bool {
	t.Helper()
	_, err := s.Certificate(context.Background(), r.Serial)
	if err != nil && !errors.Is(err, ca.ErrNoCertificate) {
		t.Fatal(err)
	}
	return err == nil
}

func testTxCommit(t *testing.T, s *store.Store) {
	outer, inner := record("s1"), record("s2")
	must(t, s.InTx(context.Background(), func(ctx context.Context) error {
		if err := s.Reserve(ctx, outer); err != nil {
			return err
		}
		if has(t, s, outer) { //nolint:contextcheck // the view from outside is the point
			t.Error("others see what is not committed")
		}
		if _, err := s.Certificate(ctx, outer.Serial); err != nil {
			t.Errorf("the transaction does not see its own work: %v", err)
		}
		return s.InTx(ctx, func(ctx context.Context) error { return s.Reserve(ctx, inner) })
	}))
	if !has(t, s, outer) || !has(t, s, inner) {
		t.Error("committed work is not there")
	}
}

func testTxRollback(t *testing.T, s *store.Store) {
	outer, inner := record("s1"), record("s2")
	err := s.InTx(context.Background(), func(ctx context.Context) error {
		if err := s.Reserve(ctx, outer); err != nil {
			return err
		}
		if err := s.InTx(ctx, func(ctx context.Context) error { return s.Reserve(ctx, inner) }); err != nil {
			return err
		}
		return errOops
	})
	if !errors.Is(err, errOops) {
		t.Errorf("InTx gives %v", err)
	}
	if has(t, s, outer) || has(t, s, inner) {
		t.Error("rolled back work is there")
	}
}

func testTxPanic(t *testing.T, s *store.Store) {
	r := record("s1")
	for _, nested := range []bool{false, true} {
		func() {
			defer func() {
				if got := recover(); got != "oops" {
					t.Errorf("panic arrives as %v", got)
				}
			}()
			_ = s.InTx(context.Background(), func(ctx context.Context) error { // panics
				work := func(ctx context.Context) error {
					must(t, s.Reserve(ctx, r))
					panic("oops")
				}
				if nested {
					return s.InTx(ctx, work)
				}
				return work(ctx)
			})
		}()
		if has(t, s, r) {
			t.Error("work of a panic is there")
		}
	}
	must(t, s.Reserve(context.Background(), r)) // the next one can work
}

// An error inside that the outer function forgives must not become a commit
// of half the work, on either engine.
func testTxForgivenError(t *testing.T, s *store.Store) {
	ctx := context.Background()
	must(t, s.SaveCRL(ctx, status.CRL{Issuer: issuer, Number: 1, ThisUpdate: day(0), NextUpdate: day(1), DER: []byte("x")}))
	for name, forgiven := range map[string]func(ctx context.Context) error{
		"of a joined InTx": func(ctx context.Context) error {
			return s.InTx(ctx, func(context.Context) error { return errOops })
		},
		"of a statement": func(ctx context.Context) error {
			return s.SaveCRL(ctx, status.CRL{Issuer: issuer, Number: 1, ThisUpdate: day(0), NextUpdate: day(1), DER: []byte("y")})
		},
	} {
		before, after := record("s1"), record("s2")
		err := s.InTx(ctx, func(ctx context.Context) error {
			must(t, s.Reserve(ctx, before))
			if forgiven(ctx) == nil {
				t.Errorf("error %s: there was none", name)
			}
			_ = s.Reserve(ctx, after) // PostgreSQL says no already here
			return nil
		})
		if !errors.Is(err, store.ErrRolledBack) {
			t.Errorf("error %s: InTx gives %v, want ErrRolledBack", name, err)
		}
		if has(t, s, before) || has(t, s, after) {
			t.Errorf("error %s: half of the work is there", name)
		}
	}
}

func testTxCancelled(t *testing.T, s *store.Store) {
	r := record("s1")
	ctx, cancel := context.WithCancel(context.Background())
	err := s.InTx(ctx, func(ctx context.Context) error {
		must(t, s.Reserve(ctx, r))
		cancel()
		return nil
	})
	if err == nil || has(t, s, r) {
		t.Errorf("a cancelled transaction gives %v and stored: %v", err, has(t, s, r))
	}
	must(t, s.Reserve(context.Background(), r))
}

// Answers of the domain are no failures: the transaction goes on.
func testTxAnswers(t *testing.T, s *store.Store) {
	ctx := context.Background()
	must(t, s.Reserve(ctx, record("s1")))
	must(t, s.CreateApplication(ctx, application("a1", "s1")))
	r := record("s2")
	must(t, s.InTx(ctx, func(ctx context.Context) error {
		for _, step := range []struct{ got, want error }{
			{s.Reserve(ctx, record("s1")), ca.ErrHolds},
			{s.CreateApplication(ctx, application("a2", "s1")), enrolment.ErrOpenApplication},
			{second(s.Certificate(ctx, "00")), ca.ErrNoCertificate},
			{second(s.Application(ctx, "a0")), enrolment.ErrNoApplication},
			{second(s.LatestCRL(ctx, issuer)), status.ErrNoCRL},
		} {
			if !errors.Is(step.got, step.want) {
				t.Errorf("%v, want %v", step.got, step.want)
			}
		}
		return s.Reserve(ctx, r)
	}))
	if !has(t, s, r) {
		t.Error("work after an answer is not there")
	}
}
