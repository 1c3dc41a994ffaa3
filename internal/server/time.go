package server

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ingam-pki/ingam/internal/clock"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/pki/crl"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// ErrClockEnd keeps a demo within the life of its authority.
var ErrClockEnd = fault.Define(6042, "clock-end", fault.Conflict,
	fault.Text{KO: "이 데모의 시계는 {end}까지만 맞출 수 있어요. 그때 인증기관의 인증서가 끝나요.", EN: "This demo's clock goes to {end} only: then certificates of its authority end."},
	fault.Text{KO: "더 이른 시각으로 맞추거나, 새 폴더에서 데모를 시작해 주세요.", EN: "Please choose an earlier moment, or start a demo in a new folder."})

// demoRootList is how long a demo's root list is good: nobody comes by with the
// root's key to issue the next one.
const demoRootList = 10 * 365 * 24 * time.Hour

// clocksDiffer is by how much the clock may be behind the newest entry of the
// audit log before it is worth a word: clocks of instances differ.
const clocksDiffer = 5 * time.Minute

// checkClock compares the clock with what the database holds. A service whose
// clock is behind says so in its log and goes on: the entry in the future may
// be the one that is wrong, and a bank that doesn't open helps nobody. A demo
// goes on where its audit log ends; when a day was asked for that has passed
// there, it is clock.ErrBack.
func (s *Server) checkClock(ctx context.Context) error {
	latest, err := s.desk.Audit.Latest(ctx)
	if err != nil {
		return fmt.Errorf("comparing the clock: %w", err)
	}
	switch now := s.options.Now(); {
	case s.demo:
		return s.checkDemoClock(latest)
	case latest.Sub(now) > clocksDiffer:
		s.log.ErrorContext(ctx, "the clock is BEHIND the newest entry of the audit log: one of them is wrong", "clock", now, "entry", latest)
	}
	return nil
}

func (s *Server) checkDemoClock(latest time.Time) error {
	c, at := s.options.Clock, s.options.At
	if c.Now().Before(latest) {
		if !at.IsZero() && seoul.DaysUntil(at, latest) > 0 {
			return clock.ErrBack.With(nil, "at", clock.Text(at), "now", clock.Text(latest))
		}
		c.Set(latest)
	}
	return s.checkEnd(c.Now())
}

// checkEnd says whether everything of the authority lasts until a moment that
// nobody can renew: OCSP signers are renewed, the others are not.
func (s *Server) checkEnd(at time.Time) error {
	files := s.desk.files
	list, err := crl.Parse(files.rootList)
	if err != nil {
		return ErrKeys.With(err, "data", s.config.Data)
	}
	end := slices.MinFunc([]time.Time{files.root.NotAfter, files.issuing.NotAfter, files.km.NotAfter, list.NextUpdate}, time.Time.Compare)
	if at.After(end) {
		return ErrClockEnd.With(nil, "end", clock.Text(end))
	}
	return nil
}

// bankClock is the clock of a demo as its simulator moves it.
type bankClock struct{ server *Server }

// Now is the bank's time.
func (b bankClock) Now() time.Time { return b.server.options.Now() }

// Forward moves the bank's clock and comes back when all that the clock does
// is done.
func (b bankClock) Forward(ctx context.Context, to time.Time) error {
	if err := b.server.checkEnd(to); err != nil {
		return err
	}
	if err := b.server.options.Clock.Forward(to); err != nil {
		return err
	}
	return b.server.CatchUp(ctx)
}

// Clock is the bank's clock. After moving it by hand, CatchUp does what has
// become due.
func (d *Demo) Clock() *clock.Clock { return d.options.Clock }

// inDemo gives a command for a demo a clock that can follow the demo's.
func (o Options) inDemo(c Config) Options {
	o = o.withDefaults()
	if o.Clock == nil && DemoPassphrase(c.Data) != "" {
		o.Clock = clock.New(o.Now)
	}
	return o
}

// follow puts a clock forward to where the audit log ends; nil stays. When it
// can't be told where, the records are closed.
func (r *Records) follow(ctx context.Context, c *clock.Clock) error {
	if c == nil {
		return nil
	}
	latest, err := r.Audit.Latest(ctx)
	if err != nil {
		return errors.Join(fmt.Errorf("reading the bank's time: %w", err), r.Close())
	}
	if latest.After(c.Now()) {
		c.Set(latest)
	}
	return nil
}
