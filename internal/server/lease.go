package server

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// minLease is the shortest time for which an instance takes work alone.
const minLease = 30 * time.Second

var errLeaseLost = errors.New("another instance has taken the work over")

// alone makes a job the work of one instance among many: of the one that holds
// the lease of its name. The holder keeps it between two runs, so the others
// only look; it takes three periods (at least 30 seconds) until they take over
// from one that died, and one that ends well hands it back at once.
//
// A run whose lease is lost is told so by its context. That may come late, so
// what must never be done twice guards itself in the database.
func (s *Server) alone(j *job) *job {
	do, ttl := j.do, max(3*j.every, minLease)
	j.do = func(ctx context.Context) error {
		held, err := s.desk.Store.Lease(ctx, j.name, s.instance, ttl)
		if err != nil || !held {
			return err
		}
		ctx, lose := context.WithCancelCause(ctx)
		defer lose(nil)
		kept := make(chan struct{})
		go func() {
			defer close(kept)
			s.keep(ctx, j.name, ttl, lose)
		}()
		err = do(ctx)
		lose(nil)
		<-kept
		if errors.Is(context.Cause(ctx), errLeaseLost) {
			return fmt.Errorf("%w: %w", errLeaseLost, err)
		}
		return err
	}
	return j
}

// keep prolongs a lease while its work goes on.
func (s *Server) keep(ctx context.Context, name string, ttl time.Duration, lose context.CancelCauseFunc) {
	ticker := time.NewTicker(ttl / 3)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		held, err := s.desk.Store.Lease(ctx, name, s.instance, ttl)
		if err == nil && !held {
			lose(errLeaseLost)
			return
		}
		if err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "prolonging a lease", "job", name, "error", err)
		}
	}
}

// handBack gives back all that this instance does alone.
func (s *Server) handBack(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, drainTime)
	defer cancel()
	if err := s.desk.Store.ReleaseAll(ctx, s.instance); err != nil {
		return fmt.Errorf("handing work back: %w", err)
	}
	return nil
}
