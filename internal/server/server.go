// Package server builds the whole service from one Config, and runs it:
//
//	s, err := server.Open(ctx, config, server.Options{Passphrase: p, Log: log})
//	fmt.Println(s.URL())
//	err = s.Run(ctx) // until ctx ends
//	err = s.Close()
//
// Open listens already (on any free port when Listen ends in :0), so that the
// address is known before Run serves it. OpenDemo does the same for a bank that
// is made up on the spot: authority, simulators of its other systems, sample
// customers. Init makes a new authority; OpenDesk and OpenRecords open what an
// operator's command needs, without any door.
//
// Only this package knows all the others. It decides nothing itself.
package server

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/status"
	"github.com/ingam-pki/ingam/internal/certification/verification"
	"github.com/ingam-pki/ingam/internal/clock"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/registration/branch"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/notice"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

// drainTime is how long requests in progress may take when the service stops.
const drainTime = 15 * time.Second

// Options are what a configuration file can't hold.
type Options struct {
	Passphrase     []byte // opens the key files
	RootPassphrase []byte // Init: seals the root's key; Passphrase when nil
	Log            *slog.Logger
	Now            func() time.Time // time.Now when nil
	Clock          *clock.Clock     // in the place of Now: one that can be put forward, at which periodic work wakes
	Officer        string           // Init: employee number of the first security officer; nobody is invited when empty
	At             time.Time        // OpenDemo: where the bank's clock begins; zero is now
	Migrate        bool             // Open: make or update the tables first
	Sealing        []keys.Option    // how dear it is to try a passphrase; tests make it cheap

	rootListLasts time.Duration // Init: how long the root's list is good; zero is ca.Init's
}

func (o Options) withDefaults() Options {
	o.Passphrase = bytes.Clone(o.Passphrase) // Close clears it
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	switch {
	case o.Clock != nil:
		o.Now = o.Clock.Now
	case o.Now == nil:
		o.Now = time.Now //nolint:forbidigo // this is the wiring
	}
	return o
}

// Server is a service that listens.
type Server struct {
	config  Config
	options Options
	log     *slog.Logger

	desk          *Desk
	enrolment     *enrolment.Service
	redemptions   *redeem.Service
	counter       *counter.Service
	lifecycle     *lifecycle.Service
	proofs        *proofing.Service
	subscribers   *subscriber.Service
	responder     *status.Responder
	sessions      *store.Sessions
	staff         *staff.Service
	staffSessions *kit.StaffSessions
	verification  *verification.Service
	sender        *notice.Sender
	branches      *branch.Register
	world         *world
	work          []*job
	instance      string // random; names this process where instances share work
	demo          bool   // the bank is made up

	listener net.Listener
	http     *http.Server
	cleanup  func() error // of a demo's temporary folder; may be nil
	closing  sync.Once
	closed   error
}

// baseURL is how the service is named: the configured URL, or the address that
// it listens on.
func (c Config) baseURL(address string) string {
	if c.URL != "" {
		return strings.TrimRight(c.URL, "/")
	}
	return "http://" + address
}

// statusURL is how certificates name OCSP, lists and the authority's
// certificates: always over plain http, since whoever checks a certificate must
// not have to check another one first (RFC 5280 §8).
func (c Config) statusURL(address string) string {
	if c.StatusURL != "" {
		return strings.TrimRight(c.StatusURL, "/")
	}
	if rest, ok := strings.CutPrefix(c.baseURL(address), "https://"); ok {
		return "http://" + rest
	}
	return c.baseURL(address)
}

func (c Config) https() bool { return strings.HasPrefix(c.URL, "https://") }

// Open opens keys and database, finishes what a crash has left behind, builds
// all services and listens. The errors are faults: ErrConfig, ErrNoService,
// ErrNoAuthority, ErrPassphrase, ErrKeys, ErrDatabase, ErrOldDatabase,
// ErrNewDatabase, ErrOtherDatabase, ErrListen.
func Open(ctx context.Context, c Config, o Options) (*Server, error) {
	c, o = c.withDefaults(), o.withDefaults()
	if err := c.Check(); err != nil {
		return nil, ErrConfig.With(err, "why", err.Error())
	}
	if missing := c.Services.missing(); missing != "" {
		return nil, ErrNoService.With(nil, "services", missing)
	}
	return open(ctx, &Server{config: c, options: o, log: o.Log})
}

func open(ctx context.Context, s *Server) (_ *Server, err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	if s.listener == nil {
		if s.listener, err = listen(ctx, s.config.Listen); err != nil {
			return nil, err
		}
	}
	s.config.URL = s.config.baseURL(s.listener.Addr().String())
	if s.desk, err = openDesk(ctx, s.config, s.options, s.options.Migrate); err != nil {
		return nil, err
	}
	if err := s.checkClock(ctx); err != nil {
		return nil, err
	}
	if s.world == nil {
		if s.world, err = openWorld(ctx, s.config, s.options.Now, s.log); err != nil {
			return nil, err
		}
	}
	s.instance = rand.Text()
	handler, err := s.build() //nolint:contextcheck // hashing the decoy of a login takes no context
	if err != nil {
		return nil, fmt.Errorf("building the service: %w", err)
	}
	s.http = kit.Server(handler, s.log)
	s.work = s.jobs()
	if err := s.settleIn(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// settleIn does what comes before the first request: the authority's own
// certificates enter the ledger, what a crash interrupted is finished, and
// there is a revocation list.
func (s *Server) settleIn(ctx context.Context) error {
	authority := system("authority")
	if err := s.desk.Authority.Adopt(ctx, authority, s.desk.files.km, s.desk.files.ocsp); err != nil {
		return fmt.Errorf("entering the authority's own certificates: %w", err)
	}
	finished, err := s.desk.Authority.Recover(ctx)
	if err != nil {
		return fmt.Errorf("finishing what was interrupted: %w", err)
	}
	if finished > 0 {
		s.log.WarnContext(ctx, "finished certificates that were interrupted", "certificates", finished)
	}
	if err := s.renewSigner(ctx); err != nil {
		return err
	}
	if _, _, err := s.desk.Publisher.Due(ctx, system("publisher")); err != nil {
		return fmt.Errorf("issuing the revocation list: %w", err)
	}
	return nil
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, ErrListen.With(err, "address", address)
	}
	return l, nil
}

// URL is how the service is reached.
func (s *Server) URL() string { return s.config.URL }

// Address is where it listens.
func (s *Server) Address() net.Addr { return s.listener.Addr() }

// Desk gives the authority and the records of the service.
func (s *Server) Desk() *Desk { return s.desk }

// Config gives the configuration with all defaults filled in.
func (s *Server) Config() Config { return s.config }

// Run serves until ctx ends or the listener fails; then it lets requests in
// progress come to their end. It can be run once.
func (s *Server) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var work sync.WaitGroup
	for _, job := range s.work {
		work.Go(func() { job.run(ctx, s.log) })
	}
	failed := make(chan error, 1)
	work.Go(func() {
		if err := s.http.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
			failed <- err
		}
	})
	s.log.InfoContext(ctx, "serving", "url", s.URL(), "database", s.desk.Store.Engine(), "simulators", s.config.Services.Simulators)
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	stop()
	drain, done := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer done()
	if e := s.http.Shutdown(drain); e != nil {
		err = errors.Join(err, fmt.Errorf("draining: %w", e), s.http.Close())
	}
	work.Wait()
	err = errors.Join(err, s.handBack(context.WithoutCancel(ctx)))
	s.log.InfoContext(ctx, "stopped")
	return err
}

// Close lets go of everything that Open took. It may be called more than once,
// and after a Run that ended.
func (s *Server) Close() error {
	s.closing.Do(func() {
		var all []error
		if s.http != nil {
			all = append(all, s.http.Close())
		}
		if s.listener != nil {
			if err := s.listener.Close(); !errors.Is(err, net.ErrClosed) {
				all = append(all, err)
			}
		}
		if s.world != nil {
			all = append(all, s.world.close())
		}
		if s.desk != nil {
			all = append(all, s.desk.Close())
		}
		clear(s.options.Passphrase)
		if s.cleanup != nil {
			all = append(all, s.cleanup())
		}
		s.closed = errors.Join(all...)
	})
	return s.closed
}

// temporary makes a folder that goes when the demo ends.
func temporary() (dir string, cleanup func() error, err error) {
	dir, err = os.MkdirTemp("", "ingam-demo-")
	if err != nil {
		return "", nil, ErrFolder.With(err, "data", os.TempDir())
	}
	return dir, func() error { return os.RemoveAll(dir) }, nil
}
