// Package login lets customers in by other ways than id and password: with a
// certificate that they hold, and with a passkey.
//
// Both are a challenge and its answer. What the answer is held against is a
// State: bytes that the door keeps in the browser's session and gives back
// once. Each state is of one kind, for 3 minutes, and for the person that asked
// when somebody had to be logged in.
//
//	challenge, state, err := s.Challenge("ko", host)
//	who, err := s.WithCertificate(ctx, anonymous, state, signature)
//
//	options, state, err := s.PasskeyOptions(ctx, caller, host)
//	key, err := s.AddPasskey(ctx, caller, state, "휴대폰", response)
//	options, state, err := s.LoginOptions(host)
//	who, err := s.WithPasskey(ctx, anonymous, state, response)
//
// Nothing that is answered here can be guessed, so wrong answers are not
// counted against a person: who knows their public certificate could lock them
// out. How often one address may try is the door's to bound.
package login

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/verification"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

// Lasts is how long a challenge waits for its answer.
const Lasts = 3 * time.Minute

// State is what a challenge's answer will be held against. It is no secret of
// ours, but must not be the browser's to change.
type State []byte

// ledger finds certificates that this authority issued.
type ledger interface {
	Certificate(ctx context.Context, serial string) (ca.Record, error)
}

// people finds subscribers; subscriber.ErrUnknown when there is none.
type people interface {
	Subscriber(ctx context.Context, id string) (subscriber.Subscriber, error)
}

// verifier checks signed messages.
type verifier interface {
	Verify(ctx context.Context, message, content []byte) (verification.Report, error)
}

// recorder is the audit log.
type recorder interface {
	Record(ctx context.Context, caller authz.Caller, act authz.Act, object string, detail ...string) error
	Refuse(ctx context.Context, caller authz.Caller, act authz.Act, object string, outcome audit.Outcome, err error) error
}

// Config is what a Service works with.
type Config struct {
	Tx       proofing.Transactor
	Ledger   ledger
	People   people
	Passkeys Passkeys
	Verifier verifier
	Log      recorder
	Now      func() time.Time
	Bank     string // its name, as challenges and authenticators show it
	// Origins are the web addresses (scheme://host[:port]) that customers use;
	// the first one is the service's own.
	Origins []string
}

// Service lets customers in.
type Service struct {
	Config
	sites []site
}

// site is one web address, and the name by which authenticators know it.
type site struct {
	origin string
	host   string // with its port, as browsers send it
	rp     string // WebAuthn's RP ID: the host without port; empty when it is an IP address
}

// ports are those that an address of a scheme has when it names none.
var ports = map[string]string{"http": "80", "https": "443"}

// New makes a Service.
func New(c Config) (*Service, error) {
	s := &Service{Config: c}
	for _, origin := range c.Origins {
		u, err := url.Parse(origin)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
			return nil, fmt.Errorf("login: %q is not scheme://host[:port]", origin)
		}
		host := strings.ToLower(u.Host)
		if u.Port() == ports[u.Scheme] { // browsers don't say it (RFC 6454 §6.2)
			host = strings.TrimSuffix(host, ":"+u.Port())
		}
		one := site{origin: u.Scheme + "://" + host, host: host, rp: strings.ToLower(u.Hostname())}
		if _, err := netip.ParseAddr(one.rp); err == nil {
			one.rp = ""
		}
		s.sites = append(s.sites, one)
	}
	if len(s.sites) == 0 || c.Bank == "" || c.Now == nil {
		return nil, errors.New("login: a web address, a bank and a clock are needed")
	}
	return s, nil
}

// site is the one of our addresses that a browser has come by; our own for a
// host that we don't know.
func (s *Service) site(host string) site {
	for _, one := range s.sites {
		if strings.EqualFold(one.host, host) {
			return one
		}
	}
	return s.sites[0]
}

// kindOf says what a state is for, so that one can't be used as another.
type kindOf string

const (
	forCertificate  kindOf = "certificate"
	forNewPasskey   kindOf = "new-passkey"
	forPasskeyLogin kindOf = "passkey-login"
)

// waiting is a State, opened.
type waiting struct {
	Kind    kindOf          `json:"kind"`
	Until   time.Time       `json:"until"`
	Person  string          `json:"person,omitempty"` // who asked, when logged in
	Origin  string          `json:"origin,omitempty"`
	Content string          `json:"content,omitempty"`
	Session json.RawMessage `json:"session,omitempty"` // the WebAuthn library's
}

func (w waiting) state() (State, error) {
	encoded, err := json.Marshal(w)
	if err != nil {
		return nil, fmt.Errorf("encoding a challenge: %w", err)
	}
	return encoded, nil
}

// open gives what a state says: ErrNoChallenge unless it is of this kind, for
// this person and not too old.
func (s *Service) open(state State, kind kindOf, person string) (waiting, error) {
	var w waiting
	if len(state) == 0 {
		return w, ErrNoChallenge.With(nil)
	}
	if err := json.Unmarshal(state, &w); err != nil {
		return w, ErrNoChallenge.With(err)
	}
	if w.Kind != kind || w.Person != person || !s.Now().Before(w.Until) {
		return w, ErrNoChallenge.With(nil)
	}
	return w, nil
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// enter lets a subscriber in: the last part of each login, within its
// transaction.
func (s *Service) enter(ctx context.Context, caller authz.Caller, id string, detail ...string) (subscriber.Subscriber, error) {
	if err := s.Log.Record(ctx, caller, authz.LogIn, "subscriber:"+id, detail...); err != nil {
		return subscriber.Subscriber{}, fmt.Errorf("recording a login: %w", err)
	}
	who, err := s.People.Subscriber(ctx, id)
	if errors.Is(err, subscriber.ErrUnknown) {
		return subscriber.Subscriber{}, ErrNobody.With(err)
	}
	if err != nil {
		return subscriber.Subscriber{}, fmt.Errorf("reading a subscriber: %w", err)
	}
	if who.Deceased {
		return subscriber.Subscriber{}, ErrDeceased.With(nil)
	}
	return who, nil
}

// refused records a refusal and gives it on; what is no fault is a defect or a
// broken dependency and is told to the log of the program instead.
func (s *Service) refused(ctx context.Context, caller authz.Caller, act authz.Act, object string, err error) error {
	if fault.Of(err).Fault == fault.Unexpected {
		return err
	}
	outcome := audit.Refused
	if errors.Is(err, authz.ErrForbidden) {
		outcome = audit.Denied
	}
	if unwritten := s.Log.Refuse(context.WithoutCancel(ctx), caller, act, object, outcome, err); unwritten != nil {
		return fmt.Errorf("recording a refusal: %w", unwritten)
	}
	return err
}
