package staff

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/passkey"
)

// MaxPasskeys is how many passkeys one person can have.
const MaxPasskeys = 10

// BeginPasskey begins a login with whatever passkey the browser finds. options
// is the JSON for navigator.credentials.get; state is for LogInByPasskey: the
// door keeps it for this browser, and gives it back once.
func (s *Service) BeginPasskey(_ context.Context) (options, state []byte, err error) {
	if s.site.RP == "" {
		return nil, nil, ErrPasskeyAddress.With(nil)
	}
	options, session, err := s.site.Get()
	if err != nil {
		return nil, nil, err
	}
	state, err = s.wait(forLogin, "", session)
	return options, state, err
}

// LogInByPasskey ends what BeginPasskey began and says who it is. answer is the
// JSON of the browser's credential.
func (s *Service) LogInByPasskey(ctx context.Context, caller authz.Caller, state, answer []byte) (Account, error) {
	about := "staff"
	var a Account
	err := authz.Allow(caller, authz.LogInStaff, "")
	if err == nil {
		// One transaction: of two answers with the same count one is refused.
		err = s.Tx.InTx(ctx, func(ctx context.Context) (err error) {
			a, about, err = s.logInByPasskey(ctx, caller, state, answer)
			return err
		})
	}
	if err != nil {
		return Account{}, s.refused(ctx, caller, authz.LogInStaff, about, err)
	}
	return a, nil
}

func (s *Service) logInByPasskey(ctx context.Context, caller authz.Caller, state, answer []byte) (a Account, about string, err error) {
	about = "staff"
	session, ok := s.held(state, forLogin, "")
	if !ok {
		return a, about, ErrNoChallenge.With(nil)
	}
	var key Passkey
	used, err := s.site.Got(session, answer, func(id []byte) (string, passkey.Credential, error) {
		key, err = s.Config.Passkeys.StaffPasskey(ctx, s.site.RP, id)
		return key.StaffID, key.Credential, err
	})
	if key.StaffID != "" {
		about = object(key.StaffID)
	}
	switch {
	case errors.Is(err, ErrNoPasskey), errors.Is(err, passkey.ErrRefused):
		return a, about, ErrPasskeyWrong.With(err)
	case err != nil:
		return a, about, passkeyFault(err)
	}
	if err := s.Log.Record(ctx, caller, authz.LogInStaff, about, "by", "passkey", "passkey", key.ID); err != nil {
		return a, about, err
	}
	if a, err = s.account(ctx, key.StaffID); err != nil {
		return a, about, err
	}
	if a, err = s.welcome(ctx, a); err != nil {
		return a, about, err
	}
	if err := s.Config.Passkeys.UseStaffPasskey(ctx, key.ID, used.SignCount, used.Flags, s.now()); err != nil {
		return a, about, fmt.Errorf("noting the use of a passkey: %w", err)
	}
	return a, about, nil
}

// passkeyFault gives a face to what the answer of a device is refused for.
func passkeyFault(err error) error {
	switch {
	case errors.Is(err, passkey.ErrState):
		return ErrNoChallenge.With(err)
	case errors.Is(err, passkey.ErrForm):
		return ErrPasskeyForm.With(err)
	case errors.Is(err, passkey.ErrCopied):
		return ErrPasskeyCopied.With(err)
	case errors.Is(err, passkey.ErrRefused):
		return ErrPasskeyRefused.With(err)
	}
	return err
}

// BeginAddPasskey begins to add a passkey for who is logged in.
func (s *Service) BeginAddPasskey(ctx context.Context, caller authz.Caller) (options, state []byte, err error) {
	options, state, err = s.beginAddPasskey(ctx, caller)
	if err != nil {
		return nil, nil, s.refused(ctx, caller, authz.ManageOwnPasskey, object(caller.ID), err)
	}
	return options, state, nil
}

func (s *Service) beginAddPasskey(ctx context.Context, caller authz.Caller) (options, state []byte, err error) {
	if err := authz.Allow(caller, authz.ManageOwnPasskey, caller.ID); err != nil {
		return nil, nil, err
	}
	if s.site.RP == "" {
		return nil, nil, ErrPasskeyAddress.With(nil)
	}
	a, err := s.account(ctx, caller.ID)
	if err != nil {
		return nil, nil, err
	}
	have, err := s.Config.Passkeys.StaffPasskeys(ctx, a.ID)
	if err != nil {
		return nil, nil, fmt.Errorf("reading passkeys: %w", err)
	}
	if len(have) >= MaxPasskeys {
		return nil, nil, ErrPasskeyMany.With(nil)
	}
	var known []passkey.Credential
	for _, p := range have {
		if p.RP == s.site.RP {
			known = append(known, p.Credential)
		}
	}
	options, session, err := s.site.Create(a.ID, a.Name, known)
	if err != nil {
		return nil, nil, err
	}
	state, err = s.wait(forKey, a.ID, session)
	return options, state, err
}

// AddPasskey ends what BeginAddPasskey began: answer is the JSON of the
// browser's credential, name what its owner calls it.
func (s *Service) AddPasskey(ctx context.Context, caller authz.Caller, state, answer []byte, name string) (Passkey, error) {
	p, err := s.addPasskey(ctx, caller, state, answer, strings.TrimSpace(name))
	if err != nil {
		return Passkey{}, s.refused(ctx, caller, authz.ManageOwnPasskey, object(caller.ID), err)
	}
	return p, nil
}

func (s *Service) addPasskey(ctx context.Context, caller authz.Caller, state, answer []byte, name string) (Passkey, error) {
	if err := authz.Allow(caller, authz.ManageOwnPasskey, caller.ID); err != nil {
		return Passkey{}, err
	}
	session, ok := s.held(state, forKey, caller.ID)
	if !ok {
		return Passkey{}, ErrNoChallenge.With(nil)
	}
	if !Nameable(name) {
		return Passkey{}, ErrPasskeyName.With(nil)
	}
	made, err := s.site.Created(session, caller.ID, answer)
	if err != nil {
		return Passkey{}, passkeyFault(err)
	}
	p := Passkey{ID: rand.Text(), StaffID: caller.ID, RP: s.site.RP, Name: name, CreatedAt: s.now(), Credential: made}
	err = s.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.Log.Record(ctx, caller, authz.ManageOwnPasskey, object(caller.ID), "step", "add", "passkey", p.ID); err != nil {
			return err
		}
		return s.Config.Passkeys.AddStaffPasskey(ctx, p, MaxPasskeys)
	})
	switch {
	case errors.Is(err, ErrPasskeysFull):
		return Passkey{}, ErrPasskeyMany.With(err)
	case errors.Is(err, ErrPasskeyUsed):
		return Passkey{}, ErrPasskeyThere.With(err)
	}
	return p, err
}

// Passkeys gives one's own, oldest first.
func (s *Service) Passkeys(ctx context.Context, caller authz.Caller) ([]Passkey, error) {
	if err := authz.Allow(caller, authz.ManageOwnPasskey, caller.ID); err != nil {
		return nil, s.refused(ctx, caller, authz.ManageOwnPasskey, object(caller.ID), err)
	}
	all, err := s.Config.Passkeys.StaffPasskeys(ctx, caller.ID)
	if err != nil {
		return nil, fmt.Errorf("reading passkeys: %w", err)
	}
	return all, nil
}

// RemovePasskey makes one of one's own passkeys worthless. The last one stays
// where nobody can log in otherwise.
func (s *Service) RemovePasskey(ctx context.Context, caller authz.Caller, id string) error {
	err := authz.Allow(caller, authz.ManageOwnPasskey, caller.ID)
	if err == nil {
		err = s.Tx.InTx(ctx, func(ctx context.Context) error {
			if err := s.Log.Record(ctx, caller, authz.ManageOwnPasskey, object(caller.ID), "step", "remove", "passkey", id); err != nil {
				return err
			}
			if _, err := s.account(ctx, caller.ID); err != nil { // locked: of two last ones one stays
				return err
			}
			n, err := 0, error(nil)
			if id != "" {
				n, err = s.Config.Passkeys.RemoveStaffPasskeys(ctx, caller.ID, id)
			}
			if err != nil {
				return fmt.Errorf("removing a passkey: %w", err)
			}
			if n == 0 {
				return ErrPasskeyUnknown.With(nil)
			}
			left, err := s.Config.Passkeys.StaffPasskeys(ctx, caller.ID)
			if err != nil {
				return fmt.Errorf("reading passkeys: %w", err)
			}
			if len(left) == 0 && s.Provider == nil {
				return ErrPasskeyLast.With(nil)
			}
			return nil
		})
	}
	return s.refused(ctx, caller, authz.ManageOwnPasskey, object(caller.ID), err)
}
