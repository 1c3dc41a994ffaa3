package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/outside/rest"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/notice"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

// world is where the bank's other systems are, and those that we play
// ourselves.
type world struct {
	idcheck, corebank, message rest.Client
	mails                      notice.Mailer // nil when there is no mail server

	transport *http.Transport
	simulator *simulator.Simulator // nil when none is played
	listener  net.Listener
	http      *http.Server
	stopped   chan struct{}
	mailbox   net.Listener // of the simulated mail server; nil when there is none
	received  chan struct{}
}

// missing names what has neither an address nor a simulator that was turned on.
func (s Services) missing() string {
	var names []string
	for _, service := range []struct{ name, address string }{
		{SimIDCheck, s.IDCheck}, {SimCoreBank, s.CoreBank}, {SimMessage, s.Message},
	} {
		if service.address == "" && !slices.Contains(s.Simulators, service.name) {
			names = append(names, service.name)
		}
	}
	return strings.Join(names, ", ")
}

// openWorld reaches for the services, and starts the simulators that were named
// on a loopback listener of their own: they have no business on ours.
func openWorld(ctx context.Context, c Config, now func() time.Time, log *slog.Logger) (w *world, err error) {
	s := c.Services
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 16
	transport.Proxy = nil // persons go to the service that is configured, by no detour of the environment
	w = &world{transport: transport}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.close())
			w = nil
		}
	}()
	simulated := ""
	if len(s.Simulators) > 0 {
		if w.listener, err = listen(ctx, s.SimulatorListen); err != nil {
			return nil, err
		}
		w.simulator = simulator.New(now)
		w.http = kit.Server(w.simulator.Handler(), log)
		w.stopped = make(chan struct{})
		simulated = "http://" + w.listener.Addr().String()
		go func() {
			defer close(w.stopped)
			if err := w.http.Serve(w.listener); !errors.Is(err, http.ErrServerClosed) {
				log.Error("simulators stopped", "error", err)
			}
		}()
		log.WarnContext(ctx, "SIMULATORS are playing parts of the bank: no identity is checked", "simulators", s.Simulators, "url", simulated)
	}
	client := func(name, address string) rest.Client {
		if slices.Contains(s.Simulators, name) {
			address = simulated
		}
		return rest.Client{Base: strings.TrimRight(address, "/"), HTTP: &http.Client{Transport: transport}}
	}
	w.idcheck, w.corebank, w.message = client(SimIDCheck, s.IDCheck), client(SimCoreBank, s.CoreBank), client(SimMessage, s.Message)
	return w, w.openMail(ctx, c, now, log)
}

func (w *world) close() error {
	var err error
	if w.http != nil {
		err = w.http.Close()
		<-w.stopped
	}
	if w.mailbox != nil {
		err = errors.Join(err, w.mailbox.Close())
		w.simulator.CloseMail()
		<-w.received
	}
	w.transport.CloseIdleConnections()
	return err
}
