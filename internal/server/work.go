package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/clock"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
)

// job is work that comes again. Each is harmless when several instances do it
// at once: the database lets one of them be first. What is not worth doing in
// each of them goes through alone.
type job struct {
	name  string
	every time.Duration // of real time
	most  time.Duration // that a run may take; longestRun when zero
	do    func(ctx context.Context) error

	clock *clock.Clock    // nil when it can't be moved
	moved <-chan struct{} // the next move
	turn  sync.Mutex      // one at a time here: by its own time, and by CatchUp
}

// run does the work again and again until ctx ends: when its time has come,
// and at once when the clock is moved.
func (j *job) run(ctx context.Context, log *slog.Logger) {
	ticker := time.NewTicker(j.every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-j.moved:
			j.moved = j.clock.Moved()
		}
		if err := j.once(ctx); err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "periodic work", "job", j.name, "error", err)
		}
	}
}

// longestRun is how long a run may take, so that one that hangs (at a connection
// behind which nobody is) is not the last. All work goes on where it was ended.
const longestRun = time.Hour

func (j *job) once(ctx context.Context) error {
	j.turn.Lock()
	defer j.turn.Unlock()
	most := j.most
	if most == 0 {
		most = longestRun
	}
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	return j.do(ctx)
}

// CatchUp does all periodic work once, now, in the order in which one follows
// from another: after it nothing is left that the clock would have done.
func (s *Server) CatchUp(ctx context.Context) error {
	var all []error
	for _, j := range s.work {
		if err := j.once(ctx); err != nil {
			all = append(all, fmt.Errorf("%s: %w", j.name, err))
		}
	}
	return errors.Join(all...)
}

// jobs are the work of a service. What moves its clock from now on wakes them,
// once they run.
func (s *Server) jobs() []*job {
	all := s.inOrder()
	if c := s.options.Clock; c != nil {
		for _, j := range all {
			j.clock, j.moved = c, c.Moved()
		}
	}
	return all
}

// inOrder gives the jobs in the order of CatchUp: what changes certificates
// comes before the list and the notices that tell of it.
func (s *Server) inOrder() []*job {
	return append([]*job{
		{name: "OCSP signer", every: time.Hour, do: s.renewSigner},
		s.alone(&job{name: "lapse", every: time.Minute, do: func(ctx context.Context) error {
			n, err := s.enrolment.Lapse(ctx, system("enrolment"))
			if n > 0 {
				s.log.InfoContext(ctx, "applications lapsed", "applications", n)
			}
			return err
		}}),
		s.alone(&job{name: "older certificates", every: time.Minute, do: func(ctx context.Context) error {
			n, err := s.lifecycle.Adopt(ctx, system("adoption"))
			if n > 0 {
				s.log.InfoContext(ctx, "older certificates adopted", "certificates", n)
			}
			return err
		}}),
		s.alone(&job{name: "search index", every: time.Minute, do: func(ctx context.Context) error {
			n, err := s.desk.Store.IndexSubscribers(ctx, 500)
			if n > 0 {
				s.log.InfoContext(ctx, "older subscribers can be searched for", "subscribers", n)
			}
			return err
		}}),
		s.alone(&job{name: "the clock", every: 30 * time.Second, do: func(ctx context.Context) error {
			done, err := s.lifecycle.Sweep(ctx, system("clock"))
			if done != (lifecycle.Swept{}) {
				s.log.InfoContext(ctx, "the clock's work", "expired", done.Expired, "revoked", done.Revoked, "reminded", done.Reminded)
			}
			return err
		}}),
		{name: "interrupted issues", every: 5 * time.Minute, do: func(ctx context.Context) error {
			_, err := s.desk.Authority.Recover(ctx)
			return err
		}},
		s.alone(&job{name: "sessions", every: 10 * time.Minute, do: func(ctx context.Context) error {
			_, err := s.sessions.DeleteExpired(ctx)
			return err
		}}),
		{name: "revocation list", every: 30 * time.Second, do: func(ctx context.Context) error {
			_, _, err := s.desk.Publisher.Due(ctx, system("publisher"))
			return err
		}},
	}, append(s.counterJobs(), s.noticeJobs()...)...)
}

// renewSigner replaces an OCSP signer whose end comes near. The new one is kept
// in the data folder for the next start; where that can't be written it serves
// until then.
func (s *Server) renewSigner(ctx context.Context) error {
	if !ca.OCSPSignerDue(s.responder.Signer(), s.options.Now()) {
		return nil
	}
	certificate, key, err := s.desk.Authority.RenewOCSPSigner(ctx, system("responder"), s.config.Authority.Bits.OCSP)
	if err != nil {
		return fmt.Errorf("renewing OCSP signer: %w", err)
	}
	if err := s.responder.UseSigner(certificate, key); err != nil {
		return fmt.Errorf("renewing OCSP signer: %w", err)
	}
	if err := writeOCSP(s.config.Data, certificate, key, s.options.Passphrase, s.options.Sealing); err != nil {
		s.log.WarnContext(ctx, "OCSP signer is renewed but not kept", "error", err)
	}
	s.log.InfoContext(ctx, "OCSP signer is renewed", "until", certificate.NotAfter)
	return nil
}
