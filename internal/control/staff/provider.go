package staff

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"

	"github.com/ingam-pki/ingam/internal/control/authz"
)

// ReturnPath is where the provider sends a browser back to, below the service's
// address. The session's cookie does not come along there.
const ReturnPath = "/console/login/return"

// BeginProvider begins a login by the bank's provider: redirect is where the
// browser goes, state is for LogInByProvider. The door keeps state for this
// browser alone, or anybody could be logged in as somebody else by a link.
func (s *Service) BeginProvider(ctx context.Context) (redirect string, state []byte, err error) {
	if s.Provider == nil {
		return "", nil, ErrNoProvider.With(nil)
	}
	redirect, held, err := s.Provider.Begin(ctx)
	if err != nil {
		return "", nil, err
	}
	state, err = s.wait(forProvider, "", held)
	return redirect, state, err
}

// LogInByProvider ends what BeginProvider began: query is what the browser has
// brought back. The first login ties the account of the employee number to who
// it is at the provider; from then on nobody else there is let in by that
// number. No login makes an account.
func (s *Service) LogInByProvider(ctx context.Context, caller authz.Caller, state []byte, query map[string][]string) (Account, error) {
	about := "staff"
	a, err := Account{}, authz.Allow(caller, authz.LogInStaff, "")
	var claims Claims
	if err == nil {
		claims, err = s.claims(ctx, state, query)
	}
	if err == nil {
		err = s.Tx.InTx(ctx, func(ctx context.Context) (err error) {
			a, about, err = s.logInByProvider(ctx, caller, claims)
			return err
		})
		if errors.Is(err, ErrBound) { // another login was quicker
			err = ErrOtherIdentity.With(err)
		}
	}
	if err != nil {
		return Account{}, s.refused(ctx, caller, authz.LogInStaff, about, err)
	}
	return a, nil
}

func (s *Service) claims(ctx context.Context, state []byte, query map[string][]string) (Claims, error) {
	if s.Provider == nil {
		return Claims{}, ErrNoProvider.With(nil)
	}
	held, ok := s.held(state, forProvider, "")
	if !ok {
		return Claims{}, ErrProviderState.With(nil)
	}
	return s.Provider.Finish(ctx, held, query)
}

func (s *Service) logInByProvider(ctx context.Context, caller authz.Caller, c Claims) (a Account, about string, err error) {
	about = "staff"
	a, err = s.Register.AccountByNumber(ctx, Tidy(c.Number))
	if errors.Is(err, ErrUnknown) {
		return a, about, ErrNobody.With(err)
	}
	if err != nil {
		return a, about, fmt.Errorf("reading an account: %w", err)
	}
	about = object(a.ID)
	subject := s.Index("staff_identity", "subject", []byte(c.Issuer+"\x00"+c.Subject))
	bound, err := s.Keyring.Identities(ctx, c.Issuer, a.ID, subject)
	if err != nil {
		return a, about, fmt.Errorf("reading identities: %w", err)
	}
	for _, i := range bound {
		if i.StaffID != a.ID || !hmac.Equal(i.Subject, subject) {
			return a, about, ErrOtherIdentity.With(nil)
		}
	}
	first := map[bool]string{true: "yes", false: "no"}[len(bound) == 0]
	if err := s.Log.Record(ctx, caller, authz.LogInStaff, about, "by", "provider", "first", first); err != nil {
		return a, about, err
	}
	if len(bound) == 0 {
		if err := s.Keyring.BindIdentity(ctx, Identity{StaffID: a.ID, Issuer: c.Issuer, Subject: subject, BoundAt: s.now()}); err != nil {
			return a, about, err
		}
	}
	if a.State == Invited { // the code has done its duty
		if err := s.dropCode(ctx, a.ID); err != nil {
			return a, about, err
		}
	}
	a, err = s.welcome(ctx, a)
	return a, about, err
}
