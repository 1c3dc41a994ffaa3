package server

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/ingam-pki/ingam/internal/clock"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

// Demo is a made-up bank: a service with simulators and sample customers.
type Demo struct {
	*Server
	New        bool   // the authority was made just now
	Passphrase string // file with the passphrase of the demo's keys
}

// Samples are the customers that can log in.
func (d *Demo) Samples() []simulator.Sample { return d.world.simulator.Samples() }

// SimulatorURL is where the tester's side of the simulators is: phone messages,
// one-time passwords, scripted failures.
func (d *Demo) SimulatorURL() string { return d.simulatorURL() }

// Simulator is the world of the demo.
func (d *Demo) Simulator() *simulator.Simulator { return d.world.simulator }

// OpenDemo opens a made-up bank. In c.Data it makes an authority, or goes on
// with the one that is there; without c.Data it uses a temporary folder that
// goes at Close. o.Passphrase is not used: a demo keeps its own in a file
// beside its keys, which no real bank would do.
//
// Its clock can be put forward, by the tester's page of the simulators too, and
// begins at o.At. A bank that has got further goes on where its audit log ends:
// an o.At before that day is clock.ErrBack, one after the end of its authority
// ErrClockEnd.
func OpenDemo(ctx context.Context, c Config, o Options) (_ *Demo, err error) {
	if o.Clock == nil {
		o.Clock = clock.New(o.withDefaults().Now)
	}
	if !o.At.IsZero() {
		o.Clock.Set(o.At)
	}
	o.rootListLasts = demoRootList
	s := &Server{options: o.withDefaults(), demo: true}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
		}
	}()
	s.log = s.options.Log
	if c.Data == "" {
		if c.Data, s.cleanup, err = temporary(); err != nil {
			return nil, err
		}
	}
	c.Services.Simulators = []string{SimIDCheck, SimCoreBank, SimMessage, SimMail, SimSignIn}
	s.config = c.withDefaults()
	// Listening comes first: the address goes into the certificates.
	if s.listener, err = listen(ctx, s.config.Listen); err != nil {
		return nil, err
	}
	s.config.Listen = s.listener.Addr().String()
	fresh, err := s.demoAuthority(ctx)
	if err != nil {
		return nil, err
	}
	s.options.Migrate = true
	if _, err := open(ctx, s); err != nil {
		return nil, err
	}
	if err := s.seed(ctx); err != nil {
		return nil, fmt.Errorf("seeding sample customers: %w", err)
	}
	if err := s.seedStaff(ctx); err != nil {
		return nil, fmt.Errorf("seeding sample staff: %w", err)
	}
	s.world.simulator.UseClock(bankClock{s})
	return &Demo{Server: s, New: fresh, Passphrase: filepath.Join(s.config.Data, passphraseFile)}, nil
}

// demoAuthority finds the demo's authority or makes one.
func (s *Server) demoAuthority(ctx context.Context) (fresh bool, err error) {
	path := filepath.Join(s.config.Data, passphraseFile)
	if err := s.putAside(); err != nil {
		return false, ErrFolder.With(err, "data", s.config.Data)
	}
	if hasAuthority(s.config.Data) {
		s.options.Passphrase, err = readBounded(path)
		if errors.Is(err, os.ErrNotExist) {
			return false, ErrNotDemo.With(err, "data", s.config.Data)
		}
		if err != nil {
			return false, ErrFolder.With(err, "data", s.config.Data)
		}
		return false, nil
	}
	if err := os.MkdirAll(s.config.Data, 0o700); err != nil {
		return false, ErrFolder.With(err, "data", s.config.Data)
	}
	s.options.Passphrase = []byte(rand.Text())
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) { // of a start that was broken off
		return false, ErrFolder.With(err, "data", s.config.Data)
	}
	if err := writeFile(path, s.options.Passphrase); err != nil {
		return false, ErrFolder.With(err, "data", s.config.Data)
	}
	_, err = Init(ctx, Operator("demo"), s.config, s.options)
	return true, err
}

// putAside moves away what a start that was killed has left of a demo: without
// the folder ca, which comes last, nobody can use the ring, and the database
// knows no other. It goes into a folder and not for good: it might be more.
func (s *Server) putAside() error {
	data := s.config.Data
	for name, there := range map[string]bool{passphraseFile: true, caFolder: false} {
		if _, err := os.Lstat(filepath.Join(data, name)); (err == nil) != there {
			return nil
		}
	}
	left, err := filepath.Glob(filepath.Join(data, ".making-*"))
	if err != nil {
		return err
	}
	names := []string{filepath.Join(data, ringFile), filepath.Join(data, offlineFolder)}
	if file, ok := strings.CutPrefix(s.config.Database, "sqlite:"); ok && filepath.Dir(file) == filepath.Clean(data) {
		names = append(names, file, file+"-wal", file+"-shm")
	}
	for _, name := range names {
		if _, err := os.Lstat(name); err == nil {
			left = append(left, name)
		}
	}
	if len(left) == 0 {
		return nil
	}
	aside, err := os.MkdirTemp(data, "broken-off-")
	if err != nil {
		return err
	}
	for _, name := range left {
		if err := os.Rename(name, filepath.Join(aside, filepath.Base(name))); err != nil {
			return err
		}
	}
	s.log.Warn("a demo that was broken off while it was made is put aside", "folder", aside)
	return nil
}

// seed lets the sample customers log in. Those that can already are left alone,
// so a password that was changed stays.
func (s *Server) seed(ctx context.Context) error {
	var wg sync.WaitGroup
	samples := s.world.simulator.Samples()
	problems := make([]error, len(samples))
	for i, sample := range samples {
		_, err := s.desk.Store.Login(ctx, sample.LoginID)
		if err == nil {
			continue
		}
		if !errors.Is(err, subscriber.ErrUnknown) {
			return err
		}
		wg.Go(func() {
			problems[i] = s.subscribers.SetLogin(ctx, system("demo"), sample.LoginID, sample.Password, sample.Number)
		})
	}
	wg.Wait()
	return errors.Join(problems...)
}

// DemoPassphrase names the file with the passphrase of the demo in a data
// folder; empty when there is none.
func DemoPassphrase(data string) string {
	path := filepath.Join(data, passphraseFile)
	if _, err := os.Stat(path); data == "" || err != nil {
		return ""
	}
	return path
}
