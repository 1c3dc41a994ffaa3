package server

import (
	"context"
	"errors"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/outside/message"
	"github.com/ingam-pki/ingam/internal/registration/notice"
)

// buildSender makes what sends the notices that the desk's service writes.
func (s *Server) buildSender() {
	s.sender = notice.NewSender(notice.SenderConfig{
		Outbox: s.desk.Store, Subscribers: s.desk.Store, Live: s.live,
		Mails: s.world.mails, Messages: message.Client{Client: s.world.message},
		Now: s.options.Now, Bank: s.config.Bank.Title, URL: s.config.URL,
		Problem: func(ctx context.Context, id string, f *notice.Failure) {
			s.log.WarnContext(ctx, "notice not taken over", "notice", id, "why", f.Word, "permanent", f.Permanent, "error", f.Cause)
		},
	})
}

// live says whether a certificate can still be renewed, or be resumed and then
// renewed.
func (s *Server) live(ctx context.Context, serial string) (bool, error) {
	r, err := s.desk.Store.Certificate(ctx, serial)
	if errors.Is(err, ca.ErrNoCertificate) {
		return false, nil
	}
	return r.State == ca.Valid || r.State == ca.Held || r.State == ca.Suspended, err
}

// noticeJobs send what waits and ask what became of it. All instances send:
// each claims what it sends. One alone asks.
func (s *Server) noticeJobs() []*job {
	tell := func(work string, do func(context.Context) (notice.Tally, error)) func(context.Context) error {
		return func(ctx context.Context) error {
			t, err := do(ctx)
			if t.Any() {
				s.log.InfoContext(ctx, work, "sent", t.Sent, "delivered", t.Delivered, "retried", t.Retried,
					"dead", t.Dead, "dropped", t.Dropped, "lost", t.Lost)
			}
			return err
		}
	}
	return []*job{
		{name: "notices", every: 2 * time.Second, do: tell("notices", s.sender.Send)},
		s.alone(&job{name: "notice receipts", every: 5 * time.Second, do: tell("notice receipts", s.sender.Receipts)}),
	}
}
