package simulator

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/ingam-pki/ingam/internal/outside/rest"
)

// Service is what a fault can be scripted for.
type Service string

// The services. CoreBank stands for Customers, Search, Accounts and OTPs together.
const (
	IDCheck   Service = "idcheck"
	CoreBank  Service = "corebank"
	Customers Service = "corebank/customers"
	Search    Service = "corebank/search"
	Accounts  Service = "corebank/accounts"
	OTPs      Service = "corebank/otp"
	Messages  Service = "message"
	Receipts  Service = "message/receipts"
	Arrival   Service = "message/arrival" // of messages at the phones: late or never
	Mails     Service = "mail"
)

// Mode is a way to fail.
type Mode string

// The modes. Slow answers rightly after Delay; the others may be delayed, too.
const (
	Status    Mode = "status"    // an error status
	Slow      Mode = "slow"      // a right answer, late
	Malformed Mode = "malformed" // status 200 and half a body
	Hang      Mode = "hang"      // no answer until the client leaves
	Reset     Mode = "reset"     // the connection is reset
	Late      Mode = "late"      // Arrival: the receipt says that it is on its way
	Never     Mode = "never"     // Arrival: the receipt says that it can't be delivered
)

// Fault is a failure that is to happen at a service.
type Fault struct {
	Service Service `json:"service"`
	Mode    Mode    `json:"mode"`
	Status  int     `json:"status,omitempty"` // for Status; 503 when zero
	Delay   string  `json:"delay,omitempty"`  // as "1.5s"
	Count   int     `json:"count,omitempty"`  // how often; until cleared when zero
	delay   time.Duration
	forever bool
}

// maxDelay bounds what a script can ask for.
const maxDelay = 2 * time.Minute

// check completes a fault.
func (f *Fault) check() error {
	switch f.Service {
	case IDCheck, CoreBank, Customers, Search, Accounts, OTPs, Messages, Receipts, Arrival, Mails:
	default:
		return fmt.Errorf("service %q is none", f.Service)
	}
	switch f.Mode {
	case Status, Slow, Malformed, Hang, Reset, Late, Never:
	default:
		return fmt.Errorf("mode %q is none", f.Mode)
	}
	if (f.Service == Arrival) != (f.Mode == Late || f.Mode == Never) {
		return fmt.Errorf("mode %q is none of service %q", f.Mode, f.Service)
	}
	if f.Status == 0 {
		f.Status = http.StatusServiceUnavailable
	}
	if f.Status < 300 || f.Status > 599 || f.Count < 0 {
		return errors.New("status is not 300 to 599, or count is negative")
	}
	f.forever = f.Count == 0
	if f.Delay == "" {
		return nil
	}
	var err error
	f.delay, err = time.ParseDuration(f.Delay)
	if err != nil || f.delay < 0 || f.delay > maxDelay {
		return errors.New("delay is not a time of up to 2m, such as 1.5s")
	}
	return nil
}

// Script replaces what is to go wrong; no faults means that all is well.
func (s *Simulator) Script(faults ...Fault) error {
	script := make([]*Fault, len(faults))
	for i := range faults {
		f := faults[i]
		if err := f.check(); err != nil {
			return err
		}
		script[i] = &f
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = script
	return nil
}

// nextFault takes the next fault for a service.
func (s *Simulator) nextFault(service Service) (Fault, bool) {
	return s.nextFaultIf(service, func(*Fault) bool { return true })
}

func (s *Simulator) nextFaultIf(service Service, fits func(*Fault) bool) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		core := f.Service == CoreBank && (service == Customers || service == Search || service == Accounts || service == OTPs)
		if f.Service != service && !core || !f.forever && f.Count == 0 || !fits(f) {
			continue
		}
		if !f.forever {
			f.Count--
		}
		return *f, true
	}
	return Fault{}, false
}

// strike lets the fault happen; false means that the service answers after all.
func (f Fault) strike(w http.ResponseWriter, r *http.Request) bool {
	wait := f.delay
	if f.Mode == Hang {
		wait = maxDelay
	}
	if wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
			return true
		}
	}
	switch f.Mode {
	case Slow:
		return false
	case Status:
		write(w, f.Status, problem{Error: "scripted failure"})
	case Malformed:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"requestId":"`))
	case Hang, Reset:
		reset(w)
	default: // Late and Never happen to no call
		return false
	}
	return true
}

// reset ends the connection without an answer; TCP says RST where it can.
func reset(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // net/http's own way to break off an answer
	}
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = connection.Close()
}

type script struct {
	Faults []Fault `json:"faults"`
}

func (s *Simulator) getFaults(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	now := script{Faults: make([]Fault, 0, len(s.faults))}
	for _, f := range s.faults {
		if f.forever || f.Count > 0 {
			now.Faults = append(now.Faults, *f)
		}
	}
	s.mu.Unlock()
	write(w, http.StatusOK, now)
}

func (s *Simulator) putFaults(w http.ResponseWriter, r *http.Request) {
	var next script
	err := rest.Decode(http.MaxBytesReader(w, r.Body, rest.MaxAnswer), &next)
	if err == nil {
		err = s.Script(next.Faults...)
	}
	if err != nil {
		write(w, http.StatusBadRequest, problem{Error: err.Error()})
		return
	}
	s.getFaults(w, r)
}
