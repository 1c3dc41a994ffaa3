package server

import (
	"context"
	"time"

	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
)

// buildCounter makes what leads the branches' cases.
func (s *Server) buildCounter(proofs *proofing.Service) {
	db := s.desk.Store
	s.counter = counter.New(counter.Config{
		Register: db, Queues: db, Cards: db, Scans: db, Known: db, Holdings: db, Counter: db,
		People: s.subscribers, Prover: proofs, Enrolment: s.enrolment, Life: s.lifecycle, Codes: s.redemptions,
		Log: s.desk.Audit, Now: s.options.Now, ScansLast: s.config.Counter.ScansLast,
	})
}

// counterJobs ask again for cases that wait, end those whose time is up, and
// erase scans.
func (s *Server) counterJobs() []*job {
	tell := func(what string, do func(context.Context) (int, error)) func(context.Context) error {
		return func(ctx context.Context) error {
			n, err := do(ctx)
			if n > 0 {
				s.log.InfoContext(ctx, what, "number", n)
			}
			return err
		}
	}
	return []*job{
		s.alone(&job{name: "counter", every: 15 * time.Second, do: tell("cases of the clock", func(ctx context.Context) (int, error) {
			return s.counter.Work(ctx, system("counter"))
		})}),
		s.alone(&job{name: "scans", every: time.Hour, do: tell("scans erased", func(ctx context.Context) (int, error) {
			return s.counter.EraseScans(ctx, system("counter"))
		})}),
	}
}
