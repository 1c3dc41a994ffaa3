package staff

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/passkey"
	"github.com/ingam-pki/ingam/internal/fault"
)

// Lasts is how long a login that was begun waits for its answer: somebody may
// have to type a password at the provider.
const Lasts = 10 * time.Minute

type transactor interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}

// recorder is the audit log.
type recorder interface {
	Record(ctx context.Context, caller authz.Caller, act authz.Act, object string, detail ...string) error
	Refuse(ctx context.Context, caller authz.Caller, act authz.Act, object string, outcome audit.Outcome, err error) error
}

// branches knows which branches there are.
type branches interface{ Branch(number string) bool }

// customers knows who staff are as customers: the subscriber of the core bank's
// number, or of the id that stands in an account already. It waits for the core
// bank. ErrNoCustomer when there is none.
type customers interface {
	Customer(ctx context.Context, request, numberOrID string) (subscriberID string, err error)
}

// Provider is the bank's own OpenID provider. It gives faults of this package:
// ErrProviderDown, ErrProviderAnswer, ErrProviderState, ErrProviderCancelled,
// ErrProviderStale.
type Provider interface {
	// Begin gives the address to send a browser to, and what the answer will be
	// held against: keep it for that browser alone.
	Begin(ctx context.Context) (redirect string, state []byte, err error)
	// Finish checks what the browser has brought back.
	Finish(ctx context.Context, state []byte, query map[string][]string) (Claims, error)
}

// Claims is what the provider says of somebody, verified.
type Claims struct {
	Issuer  string // who says it
	Subject string // who it is there, for good
	Number  string // employee number
	Name    string
}

// Config is what a Service works with.
type Config struct {
	Tx       transactor
	Register Register
	Roster   Roster
	Passkeys Passkeys
	Keyring  Keyring
	Counter  Counter
	Branches branches
	Provider Provider // nil: nobody logs in by it
	// Customers is asked whom an account's owner is as a customer. Nil, where no
	// core bank can be reached: only no customer can be named.
	Customers customers
	Log       recorder
	// Index gives the keyed hash of codes, subjects and places
	// (keys.Ring.Index).
	Index func(table, column string, value []byte) []byte
	Now   func() time.Time
	// Origins are the web addresses (scheme://host[:port]) of the console.
	// Passkeys belong to the name of the first that has one.
	Origins []string
	Bank    string // its name, as authenticators show it
}

// Service knows who works here.
type Service struct {
	Config
	site passkey.Site
}

// NewService makes a Service.
func NewService(c Config) (*Service, error) {
	s := &Service{Config: c, site: passkey.Site{Title: c.Bank, Lasts: Lasts}}
	for _, origin := range c.Origins {
		u, err := url.Parse(origin)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
			return nil, fmt.Errorf("staff: %q is not scheme://host[:port]", origin)
		}
		name := strings.ToLower(u.Hostname())
		if _, err := netip.ParseAddr(name); err == nil || s.site.RP != "" && s.site.RP != name {
			continue
		}
		host := strings.ToLower(u.Host)
		if u.Port() == map[string]string{"http": "80", "https": "443"}[u.Scheme] { // browsers don't say it (RFC 6454 §6.2)
			host = strings.TrimSuffix(host, ":"+u.Port())
		}
		s.site.RP, s.site.Origins = name, append(s.site.Origins, u.Scheme+"://"+host)
	}
	if c.Bank == "" || c.Now == nil || c.Branches == nil {
		return nil, errors.New("staff: a bank, its branches and a clock are needed")
	}
	return s, nil
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

// HasProvider says whether anybody can log in by the bank's provider.
func (s *Service) HasProvider() bool { return s.Provider != nil }

// Current gives the account of a session if it is still good: the account is
// active, and its sessions were not ended since. ErrSessionOver otherwise. Ask
// it at every request, and act as what it gives: a role may have changed.
func (s *Service) Current(ctx context.Context, id string, epoch int64) (Account, error) {
	a, err := s.Register.Account(ctx, id)
	switch {
	case errors.Is(err, ErrUnknown):
		return Account{}, ErrSessionOver.With(err)
	case err != nil:
		return Account{}, fmt.Errorf("reading an account: %w", err)
	case a.State != Active || a.Epoch != epoch:
		return Account{}, ErrSessionOver.With(nil)
	}
	return a, nil
}

// LogOut records that somebody ends their session. Ending it is the door's.
func (s *Service) LogOut(ctx context.Context, caller authz.Caller) error {
	err := authz.Allow(caller, authz.LogOutStaff, caller.ID)
	if err == nil {
		err = s.Log.Record(ctx, caller, authz.LogOutStaff, object(caller.ID))
	}
	return s.refused(ctx, caller, authz.LogOutStaff, object(caller.ID), err)
}

// EndSessions ends all sessions of an account: one's own, or one that was left
// open or stolen.
func (s *Service) EndSessions(ctx context.Context, caller authz.Caller, id string) error {
	err := authz.Allow(caller, authz.EndStaffSessions, id)
	if err == nil {
		err = s.Tx.InTx(ctx, func(ctx context.Context) error {
			if err := s.Log.Record(ctx, caller, authz.EndStaffSessions, object(id)); err != nil {
				return err
			}
			a, err := s.account(ctx, id)
			if err != nil {
				return err
			}
			a.Epoch++
			return s.save(ctx, a)
		})
	}
	return s.refused(ctx, caller, authz.EndStaffSessions, object(id), err)
}

// Moved records that a session was shown from another place or by another
// browser than it was begun in, and was ended by the door for it.
func (s *Service) Moved(ctx context.Context, request, id string) error {
	caller := authz.Caller{Role: authz.System, ID: "console", Request: request}
	if err := authz.Allow(caller, authz.EndStaffSessions, id); err != nil {
		return err
	}
	return s.Log.Record(ctx, caller, authz.EndStaffSessions, object(id), "why", "moved")
}

// Names gives the names of accounts by id, for pages that say who did
// something. Who is unknown is left out. The door has to see to it that only
// staff see them.
func (s *Service) Names(ctx context.Context, ids []string) (map[string]string, error) {
	if len(ids) == 0 {
		return map[string]string{}, nil
	}
	names, err := s.Roster.StaffNames(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("reading names: %w", err)
	}
	return names, nil
}

func object(id string) string { return "staff:" + id }

// account reads an account, and locks it within a transaction.
func (s *Service) account(ctx context.Context, id string) (Account, error) {
	a, err := s.Register.Account(ctx, id)
	if errors.Is(err, ErrUnknown) {
		return Account{}, ErrNoAccount.With(err)
	}
	if err != nil {
		return Account{}, fmt.Errorf("reading an account: %w", err)
	}
	return a, nil
}

func (s *Service) save(ctx context.Context, a Account) error {
	a.UpdatedAt = s.now()
	if err := s.Register.SaveAccount(ctx, a); err != nil {
		return fmt.Errorf("saving an account: %w", err)
	}
	return nil
}

// refused records a refusal and gives it on; nil stays nil. What is no fault is
// a defect or a broken dependency and is told to the log of the program
// instead.
func (s *Service) refused(ctx context.Context, caller authz.Caller, act authz.Act, object string, err error) error {
	if err == nil || fault.Of(err).Fault == fault.Unexpected {
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

// waiting is what the answer to a challenge is held against. It is no secret,
// but must not be the browser's to change.
type waiting struct {
	Kind   string    `json:"kind"`
	Until  time.Time `json:"until"`
	Person string    `json:"person,omitempty"` // who asked, when logged in
	Held   []byte    `json:"held"`
}

// The kinds of what waits, so that one can't be used as another.
const (
	forLogin    = "staff-login"
	forKey      = "staff-key"
	forProvider = "staff-provider"
)

func (s *Service) wait(kind, person string, held []byte) ([]byte, error) {
	state, err := json.Marshal(waiting{Kind: kind, Until: s.now().Add(Lasts), Person: person, Held: held})
	if err != nil {
		return nil, fmt.Errorf("encoding a challenge: %w", err)
	}
	return state, nil
}

// held gives what waits: false unless it is of this kind, for this person and
// not too old.
func (s *Service) held(state []byte, kind, person string) ([]byte, bool) {
	var w waiting
	if len(state) == 0 || json.Unmarshal(state, &w) != nil || w.Kind != kind || w.Person != person || !s.now().Before(w.Until) {
		return nil, false
	}
	return w.Held, true
}
