package server

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
)

// job is work that comes again. Each is harmless when several instances do it
// at once: the database lets one of them be first.
type job struct {
	name  string
	every time.Duration
	do    func(ctx context.Context) error
}

func (j job) run(ctx context.Context, log *slog.Logger) {
	ticker := time.NewTicker(j.every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if err := j.do(ctx); err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "periodic work", "job", j.name, "error", err)
		}
	}
}

func (s *Server) jobs() []job {
	return []job{
		{"revocation list", 30 * time.Second, func(ctx context.Context) error {
			_, _, err := s.desk.Publisher.Due(ctx, system("publisher"))
			return err
		}},
		{"lapse", time.Minute, func(ctx context.Context) error {
			n, err := s.enrolment.Lapse(ctx, system("enrolment"))
			if n > 0 {
				s.log.InfoContext(ctx, "applications lapsed", "applications", n)
			}
			return err
		}},
		{"the clock", 30 * time.Second, func(ctx context.Context) error {
			done, err := s.lifecycle.Sweep(ctx, system("clock"))
			if done != (lifecycle.Swept{}) {
				s.log.InfoContext(ctx, "the clock's work", "expired", done.Expired, "revoked", done.Revoked, "reminded", done.Reminded)
			}
			return err
		}},
		{"interrupted issues", 5 * time.Minute, func(ctx context.Context) error {
			_, err := s.desk.Authority.Recover(ctx)
			return err
		}},
		{"sessions", 10 * time.Minute, func(ctx context.Context) error {
			_, err := s.sessions.DeleteExpired(ctx)
			return err
		}},
		{"OCSP signer", time.Hour, s.renewSigner},
	}
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
