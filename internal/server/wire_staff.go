package server

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/outside/signin"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/outside/simulator/provider"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

// anyBranch takes any three digits for a branch: of who is made before there is a
// service.
type anyBranch struct{}

// Branch says whether a number can be a branch's.
func (anyBranch) Branch(number string) bool { return digits(number, 3) }

// staffConfig is what knows who works here, as far as no web address and no
// provider is needed for it.
func staffConfig(c Config, o Options, db *store.Store, ring *keys.Ring, log *audit.Log) staff.Config {
	return staff.Config{
		Tx: db, Register: db, Roster: db, Passkeys: db, Keyring: db, Counter: db, Branches: anyBranch{},
		Log: log, Index: ring.Index, Now: o.Now, Bank: c.Bank.Title,
	}
}

// asCustomers knows who staff are as customers. What knows customers is made after
// what knows staff.
type asCustomers struct{ *Server }

// Customer implements staff's Config.Customers. Who never had anything here becomes
// a subscriber: so they can't handle their own first certificate, either.
func (a asCustomers) Customer(ctx context.Context, request, numberOrID string) (string, error) {
	switch who, err := a.desk.Store.Subscriber(ctx, numberOrID); {
	case err == nil:
		return who.ID, nil
	case !errors.Is(err, subscriber.ErrUnknown):
		return "", fmt.Errorf("reading a subscriber: %w", err)
	}
	who, err := a.subscribers.Meet(ctx, authz.Caller{Role: authz.System, ID: "staff", Request: request}, numberOrID)
	if errors.Is(err, subscriber.ErrNoCustomer) {
		err = staff.ErrNoCustomer.With(err, "field", "customer")
	}
	return who.ID, err
}

// buildStaff makes what knows who works here, and their sessions.
func (s *Server) buildStaff() error {
	c := staffConfig(s.config, s.options, s.desk.Store, s.desk.Ring, s.desk.Audit)
	c.Branches = s.branches
	c.Origins = origins(s.config.URL)
	c.Customers = asCustomers{s}
	client, err := s.provider()
	if err != nil {
		return err
	}
	if client != nil { // a nil client in the interface would be none that is nil
		c.Provider = client
	}
	if s.staff, err = staff.NewService(c); err != nil {
		return fmt.Errorf("building staff: %w", err)
	}
	s.staffSessions = kit.NewStaffSessions(s.sessions, s.config.https(), s.options.Now, s.staff.Moved)
	return nil
}

// provider reaches for the bank's OpenID provider, or the one that is played;
// nil when there is none.
func (s *Server) provider() (*signin.Client, error) {
	p := s.config.Staff.Provider
	c := signin.Config{
		Issuer: p.Issuer, ClientID: p.ClientID, NumberClaim: p.NumberClaim, RedirectURL: s.PortalURL() + staff.ReturnPath,
		Transport: s.world.transport, Now: s.options.Now,
	}
	switch {
	case slices.Contains(s.config.Services.Simulators, SimSignIn):
		c.Issuer, c.ClientID, c.Secret = s.simulatorURL()+provider.Path, "ingam-console", rand.Text()
		s.world.simulator.SignIn().Register(c.ClientID, c.Secret, c.RedirectURL)
	case p.Issuer == "":
		return nil, nil //nolint:nilnil // there is none, and that is all right
	default:
		secret, err := readBounded(p.Secret)
		line, _, _ := bytes.Cut(secret, []byte("\n"))
		if c.Secret = string(bytes.TrimSuffix(line, []byte("\r"))); err != nil || c.Secret == "" {
			return nil, ErrConfig.With(err, "why", "staff.provider.clientSecretFile: the file can't be read, or is empty")
		}
	}
	client, err := signin.New(c)
	if err != nil {
		return nil, ErrConfig.With(err, "why", "staff.provider: "+strings.TrimPrefix(err.Error(), "signin: "))
	}
	return client, nil
}

// seedStaff gives the sample staff their accounts. Those that are there are left
// alone, as whoever tries the demo has changed them.
func (s *Server) seedStaff(ctx context.Context) error {
	for _, one := range simulator.Staff {
		_, err := s.desk.Store.AccountByNumber(ctx, one.Number)
		if err == nil {
			continue
		}
		if !errors.Is(err, staff.ErrUnknown) {
			return err
		}
		at := one.Branch
		if at != "" && !s.branches.Branch(at) { // the bank has branches of its own
			at = s.branches.All()[0].Number
		}
		_, _, err = s.staff.Create(ctx, system("demo"), staff.New{Number: one.Number, Name: one.Name, Role: authz.Role(one.Role), Branch: at})
		if err != nil {
			return err
		}
	}
	return nil
}
