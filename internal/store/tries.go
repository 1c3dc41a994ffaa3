package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ingam-pki/ingam/internal/registration/proofing"
)

var (
	_ proofing.Counter = (*Store)(nil)
	_ proofing.Locks   = (*Store)(nil)
)

// LockTries gives how often a subject has failed, and locks that number until
// the transaction ends, also when there is none yet.
func (s *Store) LockTries(ctx context.Context, subject string, factor proofing.Factor) (proofing.Tries, error) {
	var t proofing.Tries
	// An update that changes nothing is what locks the row.
	err := s.put(ctx, `INSERT INTO attempts (subject, factor, failed) VALUES ($1, $2, 0)
		ON CONFLICT (subject, factor) DO UPDATE SET failed = attempts.failed RETURNING failed, locked_until`,
		[]any{subject, string(factor)}, &t.Failed, clock{&t.LockedUntil})
	if err != nil {
		return proofing.Tries{}, fmt.Errorf("locking tries: %w", err)
	}
	return t, nil
}

// LockedFactors gives the factors at which a subject is locked at a moment, and
// until when.
func (s *Store) LockedFactors(ctx context.Context, subject string, at time.Time) (map[proofing.Factor]time.Time, error) {
	locked := make(map[proofing.Factor]time.Time)
	err := s.each(ctx, `SELECT factor, locked_until FROM attempts WHERE subject = $1 AND locked_until > $2`,
		[]any{subject, at.UnixMicro()}, func(row scanner) error {
			var factor proofing.Factor
			var until time.Time
			err := row.Scan(&factor, clock{&until})
			locked[factor] = until
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("finding locks: %w", err)
	}
	return locked, nil
}

// SaveTries stores how often a subject has failed.
func (s *Store) SaveTries(ctx context.Context, subject string, factor proofing.Factor, t proofing.Tries) error {
	_, err := s.exec(ctx, `INSERT INTO attempts (subject, factor, failed, locked_until) VALUES ($1, $2, $3, $4)
		ON CONFLICT (subject, factor) DO UPDATE SET failed = excluded.failed, locked_until = excluded.locked_until`,
		subject, string(factor), t.Failed, micros(t.LockedUntil))
	if err != nil {
		return fmt.Errorf("saving tries: %w", err)
	}
	return nil
}

// PhoneCode gives the code that waits for its answer, or a zero value. Within
// a transaction its row is locked.
func (s *Store) PhoneCode(ctx context.Context, applicationID string) (proofing.PhoneCode, error) {
	c := proofing.PhoneCode{ApplicationID: applicationID}
	found, err := s.get(ctx, `SELECT hash, expires_at, sent FROM phone_code WHERE application_id = $1`+s.forUpdate(ctx),
		[]any{applicationID}, &c.Hash, clock{&c.ExpiresAt}, &c.Sent)
	if err != nil {
		return proofing.PhoneCode{}, fmt.Errorf("finding phone code: %w", err)
	}
	if !found {
		return proofing.PhoneCode{}, nil
	}
	return c, nil
}

// SavePhoneCode stores a code in place of the one before it.
func (s *Store) SavePhoneCode(ctx context.Context, c proofing.PhoneCode) error {
	_, err := s.exec(ctx, `INSERT INTO phone_code (application_id, hash, expires_at, sent) VALUES ($1, $2, $3, $4)
		ON CONFLICT (application_id) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at,
		sent = excluded.sent`, c.ApplicationID, c.Hash, c.ExpiresAt.UnixMicro(), c.Sent)
	if err != nil {
		return fmt.Errorf("saving phone code: %w", err)
	}
	return nil
}

// DropPhoneCode forgets a code; none is no error.
func (s *Store) DropPhoneCode(ctx context.Context, applicationID string) error {
	if _, err := s.exec(ctx, `DELETE FROM phone_code WHERE application_id = $1`, applicationID); err != nil {
		return fmt.Errorf("dropping phone code: %w", err)
	}
	return nil
}
