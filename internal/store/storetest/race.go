package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/store"
)

var auditor = authz.Caller{Role: authz.System, ID: "storetest", Request: "r"}

func newLog(s *store.Store) *audit.Log {
	return audit.New(s, []byte("an audit key of the tests, 32 by"), func() time.Time { return day(0) })
}

// oneWins checks that one racer got through and all others heard the same no.
func oneWins(t *testing.T, errs []error, no error) {
	t.Helper()
	won := 0
	for _, err := range errs {
		switch {
		case err == nil:
			won++
		case !errors.Is(err, no):
			t.Errorf("a loser hears %v, want %v", err, no)
		}
	}
	if won != 1 {
		t.Errorf("%d of %d got through, want 1", won, len(errs))
	}
}

// reserve is what the authority does: the entry and the record, in one
// transaction.
func reserve(s *store.Store, log *audit.Log, r ca.Record) error {
	return s.InTx(context.Background(), func(ctx context.Context) error {
		if err := log.Record(ctx, auditor, authz.IssueCertificate, "application:"+r.ApplicationID); err != nil {
			return err
		}
		return s.Reserve(ctx, r)
	})
}

func testRaceHolder(t *testing.T, s *store.Store) {
	log := newLog(s)
	for round := range 5 {
		person := fmt.Sprint("s", round)
		oneWins(t, race(func(int) error { return reserve(s, log, record(person)) }), ca.ErrHolds)
	}
	verified(t, log, 5)
}

func testRaceApplication(t *testing.T, s *store.Store) {
	log := newLog(s)
	for range 5 {
		r := record("s1")
		person := r.ApplicationID
		oneWins(t, race(func(int) error {
			mine := record(person)
			mine.ApplicationID, mine.KeyHash = r.ApplicationID, r.KeyHash
			return reserve(s, log, mine)
		}), ca.ErrApplicationUsed)
	}
	verified(t, log, 5)
}

func testRaceSerial(t *testing.T, s *store.Store) {
	log := newLog(s)
	for round := range 5 {
		serial := record("s").Serial
		oneWins(t, race(func(n int) error {
			mine := record(fmt.Sprint("s", round, "-", n))
			mine.Serial = serial
			return reserve(s, log, mine)
		}), ca.ErrSerialUsed)
	}
	verified(t, log, 5)
}

func testRaceOpenApplication(t *testing.T, s *store.Store) {
	oneWins(t, race(func(n int) error {
		return s.CreateApplication(context.Background(), application(fmt.Sprint("a", n), "s1"))
	}), enrolment.ErrOpenApplication)
}

func testRaceCRLNumber(t *testing.T, s *store.Store) {
	var mu sync.Mutex
	var committed []int64 // in the order in which the lists were saved
	errs := race(func(n int) error {
		for i := range 10 {
			err := s.InTx(context.Background(), func(ctx context.Context) error {
				number, err := s.NextCRLNumber(ctx, issuer)
				if err != nil {
					return err
				}
				if (n+i)%4 == 0 {
					return errOops
				}
				mu.Lock() // others wait for the number until we commit
				committed = append(committed, number)
				mu.Unlock()
				return nil
			})
			if err != nil && !errors.Is(err, errOops) {
				return err
			}
		}
		return nil
	})
	must(t, errors.Join(errs...))
	for i, number := range committed {
		if number != int64(i+1) {
			t.Fatalf("numbers in order of time are %v", committed)
		}
	}
	if want := racers * 10 * 3 / 4; len(committed) != want {
		t.Errorf("%d numbers, want %d", len(committed), want)
	}
}

func testRaceTries(t *testing.T, s *store.Store) {
	errs := race(func(int) error {
		return s.InTx(context.Background(), func(ctx context.Context) error {
			tries, err := s.LockTries(ctx, "s1", proofing.OTP)
			if err != nil {
				return err
			}
			tries.Failed++
			return s.SaveTries(ctx, "s1", proofing.OTP, tries)
		})
	})
	must(t, errors.Join(errs...))
	if got, err := s.LockTries(context.Background(), "s1", proofing.OTP); got.Failed != racers || err != nil {
		t.Errorf("%d failures counted, %v; want %d", got.Failed, err, racers)
	}
}

func testRaceSubscriber(t *testing.T, s *store.Store) {
	ids := make([]string, racers)
	errs := race(func(n int) (err error) {
		ids[n], err = s.SaveSubscriber(context.Background(), person(fmt.Sprint("s", n), "100001", "9001011000000"))
		return err
	})
	must(t, errors.Join(errs...))
	for _, id := range ids {
		if id != ids[0] {
			t.Fatalf("one customer got the ids %v", ids)
		}
	}
}

// testRaceAudit writes from all sides, with rollbacks, panics and refusals in
// between, while someone verifies.
func testRaceAudit(t *testing.T, s *store.Store) {
	log := newLog(s)
	ctx := context.Background()
	const rounds = 25
	done := make(chan struct{})
	var watcher sync.WaitGroup
	watcher.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				verified(t, log, -1)
			}
		}
	})
	errs := race(func(n int) error {
		for i := range rounds {
			switch i % 5 {
			case 0, 1: // two entries in one act
				must(t, s.InTx(ctx, func(ctx context.Context) error {
					return errors.Join(log.Record(ctx, auditor, authz.LogIn, "a"), log.Record(ctx, auditor, authz.LogIn, "b"))
				}))
			case 2:
				err := s.InTx(ctx, func(ctx context.Context) error {
					return errors.Join(log.Record(ctx, auditor, authz.LogIn, "rolled back"), errOops)
				})
				if !errors.Is(err, errOops) {
					return err
				}
			case 3:
				func() {
					defer func() { _ = recover() }() // ours
					_ = s.InTx(ctx, func(ctx context.Context) error {
						must(t, log.Record(ctx, auditor, authz.LogIn, "panicked"))
						panic("oops")
					})
				}()
			case 4:
				if err := log.Refuse(ctx, auditor, authz.LogIn, "c", audit.Denied, authz.ErrForbidden); err != nil {
					return err
				}
			}
		}
		return nil
	})
	close(done)
	watcher.Wait()
	must(t, errors.Join(errs...))
	verified(t, log, racers*rounds) // 2+2+0+0+1 in five rounds
}

// verified checks that the log has no flaw and so many entries.
func verified(t *testing.T, log *audit.Log, entries int64) {
	t.Helper()
	summary, err := log.Verify(context.Background(), func(p audit.Problem) { t.Errorf("%s: %s", p.Flaw, p.Text) })
	if err != nil || entries >= 0 && summary.Entries != entries {
		t.Errorf("log has %d entries, want %d; %v", summary.Entries, entries, err)
	}
}
