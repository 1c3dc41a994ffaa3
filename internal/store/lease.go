package store

import (
	"context"
	"fmt"
	"time"
)

// Lease takes a piece of work by name for ttl, or prolongs it for the one who
// holds it. held is false when somebody else does. The time is the database's,
// so instances whose clocks differ agree on it; an instance that dies keeps the
// work for ttl at most.
//
// Who was stopped for longer than ttl may still believe that it holds the work:
// what must never be done twice needs a check of its own beside the lease.
func (s *Store) Lease(ctx context.Context, name, holder string, ttl time.Duration) (held bool, err error) {
	now := s.engine.clock()
	n, err := s.exec(ctx, `INSERT INTO lease (name, holder, held_until) VALUES ($1, $2, `+now+` + $3)
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until
		WHERE lease.holder = excluded.holder OR lease.held_until <= `+now, name, holder, ttl.Microseconds())
	if err != nil {
		return false, fmt.Errorf("taking lease %s: %w", name, err)
	}
	return n == 1, nil
}

// Release gives work back that holder holds; it is no error when another does.
func (s *Store) Release(ctx context.Context, name, holder string) error {
	if _, err := s.exec(ctx, `DELETE FROM lease WHERE name = $1 AND holder = $2`, name, holder); err != nil {
		return fmt.Errorf("releasing lease %s: %w", name, err)
	}
	return nil
}

// ReleaseAll gives back all that a holder holds.
func (s *Store) ReleaseAll(ctx context.Context, holder string) error {
	if _, err := s.exec(ctx, `DELETE FROM lease WHERE holder = $1`, holder); err != nil {
		return fmt.Errorf("releasing leases: %w", err)
	}
	return nil
}
