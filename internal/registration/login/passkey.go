package login

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/passkey"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

// Bounds on passkeys.
const (
	MaxPasskeys = 10 // of one person
	MaxResponse = passkey.MaxResponse
	maxName     = 40 // characters
)

// Options is what a browser's WebAuthn call is made with: the JSON object with
// the member publicKey (WebAuthn Level 3 §5.1, the JSON forms).
type Options json.RawMessage

// passkeys is how keys are made and used at one of our addresses: that address
// alone may answer.
func (s *Service) passkeys(at site) (passkey.Site, error) {
	if at.rp == "" {
		return passkey.Site{}, ErrPasskeyAddress.With(nil, "address", s.named())
	}
	return passkey.Site{RP: at.rp, Title: s.Bank, Origins: []string{at.origin}, Lasts: Lasts}, nil
}

// named is one of our addresses that has a name, or nothing to say.
func (s *Service) named() string {
	for _, one := range s.sites {
		if one.rp != "" {
			return one.origin
		}
	}
	return "-"
}

// PasskeyOptions begins to add a passkey for a customer who is logged in.
func (s *Service) PasskeyOptions(ctx context.Context, caller authz.Caller, host string) (Options, State, error) {
	options, state, err := s.passkeyOptions(ctx, caller, s.site(host))
	if err != nil {
		return nil, nil, s.refused(ctx, caller, authz.AddPasskey, "subscriber:"+caller.ID, err)
	}
	return options, state, nil
}

func (s *Service) passkeyOptions(ctx context.Context, caller authz.Caller, at site) (Options, State, error) {
	if err := authz.Allow(caller, authz.AddPasskey, caller.ID); err != nil {
		return nil, nil, err
	}
	keys, err := s.passkeys(at)
	if err != nil {
		return nil, nil, err
	}
	who, err := s.People.Subscriber(ctx, caller.ID)
	if err != nil {
		return nil, nil, fmt.Errorf("reading a subscriber: %w", err)
	}
	have, err := s.Passkeys.PasskeysOf(ctx, caller.ID)
	if err != nil {
		return nil, nil, fmt.Errorf("reading passkeys: %w", err)
	}
	if len(have) >= MaxPasskeys {
		return nil, nil, ErrPasskeyMany.With(nil)
	}
	var known []passkey.Credential
	for _, p := range have {
		if p.RP == at.rp {
			known = append(known, p.credential())
		}
	}
	options, session, err := keys.Create(who.ID, who.Name, known)
	if err != nil {
		return nil, nil, err
	}
	return s.begun(options, session, waiting{Kind: forNewPasskey, Person: caller.ID, Origin: at.origin})
}

// begun gives both halves of a challenge: what goes out and what stays here.
func (s *Service) begun(options, session []byte, w waiting) (Options, State, error) {
	w.Session, w.Until = session, s.now().Add(Lasts)
	state, err := w.state()
	return options, state, err
}

// reopen gives what an answer is held against, and where it was asked for.
func (s *Service) reopen(state State, kind kindOf, person string) (passkey.Site, []byte, error) {
	w, err := s.open(state, kind, person)
	if err != nil {
		return passkey.Site{}, nil, err
	}
	for _, one := range s.sites {
		if one.origin == w.Origin {
			keys, err := s.passkeys(one)
			return keys, w.Session, err
		}
	}
	return passkey.Site{}, nil, ErrNoChallenge.With(nil) // the service has moved meanwhile
}

// AddPasskey ends what PasskeyOptions began: response is the JSON of the
// browser's credential.
func (s *Service) AddPasskey(ctx context.Context, caller authz.Caller, state State, name string, response []byte) (Passkey, error) {
	added, err := s.addPasskey(ctx, caller, state, name, response)
	if err != nil {
		return Passkey{}, s.refused(ctx, caller, authz.AddPasskey, "subscriber:"+caller.ID, err)
	}
	return added, nil
}

func (s *Service) addPasskey(ctx context.Context, caller authz.Caller, state State, name string, response []byte) (Passkey, error) {
	if err := authz.Allow(caller, authz.AddPasskey, caller.ID); err != nil {
		return Passkey{}, err
	}
	keys, session, err := s.reopen(state, forNewPasskey, caller.ID)
	if err != nil {
		return Passkey{}, err
	}
	if err := CheckName(name); err != nil {
		return Passkey{}, err
	}
	made, err := keys.Created(session, caller.ID, response)
	if err != nil {
		return Passkey{}, passkeyFault(err, ErrPasskeyRefused)
	}
	p := Passkey{
		ID: rand.Text(), SubscriberID: caller.ID, RP: keys.RP, Name: strings.TrimSpace(name),
		CredentialID: made.ID, PublicKey: made.PublicKey, Transports: made.Transports,
		Flags: made.Flags, SignCount: made.SignCount, CreatedAt: s.now(),
	}
	err = s.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.Log.Record(ctx, caller, authz.AddPasskey, "passkey:"+p.ID, "rp", p.RP); err != nil {
			return fmt.Errorf("recording a passkey: %w", err)
		}
		return s.Passkeys.AddPasskey(ctx, p, MaxPasskeys)
	})
	switch {
	case errors.Is(err, ErrPasskeysFull):
		return Passkey{}, ErrPasskeyMany.With(err)
	case errors.Is(err, ErrPasskeyUsed):
		return Passkey{}, ErrPasskeyThere.With(err)
	}
	return p, err
}

// passkeyFault gives a face to what a device's answer is refused for; refused is
// that of an answer which does not hold.
func passkeyFault(err error, refused *fault.Fault) error {
	switch {
	case errors.Is(err, passkey.ErrState):
		return ErrNoChallenge.With(err)
	case errors.Is(err, passkey.ErrForm):
		return ErrPasskeyForm.With(err)
	case errors.Is(err, passkey.ErrCopied):
		return ErrPasskeyCopied.With(nil)
	case errors.Is(err, passkey.ErrRefused):
		return refused.With(err)
	}
	return err
}

// LoginOptions begins a login with whatever passkey the browser finds.
func (s *Service) LoginOptions(host string) (Options, State, error) {
	at := s.site(host)
	keys, err := s.passkeys(at)
	if err != nil {
		return nil, nil, err
	}
	options, session, err := keys.Get()
	if err != nil {
		return nil, nil, err
	}
	return s.begun(options, session, waiting{Kind: forPasskeyLogin, Origin: at.origin})
}

// WithPasskey ends what LoginOptions began and says who it is.
func (s *Service) WithPasskey(ctx context.Context, caller authz.Caller, state State, response []byte) (subscriber.Subscriber, error) {
	object := "passkey" // not known which
	var who subscriber.Subscriber
	err := authz.Allow(caller, authz.LogIn, "")
	if err == nil {
		// One transaction: of two answers with the same count one is refused.
		err = s.Tx.InTx(ctx, func(ctx context.Context) (err error) {
			object = "passkey"
			who, err = s.withPasskey(ctx, caller, state, response, &object)
			return err
		})
	}
	if err != nil {
		return subscriber.Subscriber{}, s.refused(ctx, caller, authz.LogIn, object, err)
	}
	return who, nil
}

func (s *Service) withPasskey(ctx context.Context, caller authz.Caller, state State, response []byte, object *string) (subscriber.Subscriber, error) {
	keys, session, err := s.reopen(state, forPasskeyLogin, "")
	if err != nil {
		return subscriber.Subscriber{}, err
	}
	var p Passkey
	used, err := keys.Got(session, response, func(id []byte) (string, passkey.Credential, error) {
		found, err := s.Passkeys.PasskeyOf(ctx, keys.RP, id)
		switch {
		case errors.Is(err, ErrNoPasskey):
			err = ErrPasskeyWrong.With(err)
		case err != nil:
			err = fmt.Errorf("reading a passkey: %w", err)
		}
		p = found
		return p.SubscriberID, p.credential(), err
	})
	if err == nil || errors.Is(err, passkey.ErrCopied) {
		*object = "passkey:" + p.ID
	}
	if err != nil {
		return subscriber.Subscriber{}, passkeyFault(err, ErrPasskeyWrong)
	}
	who, err := s.enter(ctx, caller, p.SubscriberID, "by", "passkey", "passkey", p.ID)
	if err != nil {
		return subscriber.Subscriber{}, err
	}
	err = s.Passkeys.UsePasskey(ctx, p.ID, used.SignCount, used.Flags, s.now())
	if err != nil {
		return subscriber.Subscriber{}, fmt.Errorf("noting the use of a passkey: %w", err)
	}
	return who, nil
}

// ListPasskeys gives a customer's own, oldest first.
func (s *Service) ListPasskeys(ctx context.Context, caller authz.Caller) ([]Passkey, error) {
	if err := authz.Allow(caller, authz.ViewPasskeys, caller.ID); err != nil {
		return nil, s.refused(ctx, caller, authz.ViewPasskeys, "subscriber:"+caller.ID, err)
	}
	all, err := s.Passkeys.PasskeysOf(ctx, caller.ID)
	if err != nil {
		return nil, fmt.Errorf("reading passkeys: %w", err)
	}
	return all, nil
}

// RemovePasskey makes one of a customer's own passkeys worthless.
func (s *Service) RemovePasskey(ctx context.Context, caller authz.Caller, id string) error {
	object := "passkey:" + id
	err := authz.Allow(caller, authz.RemovePasskey, caller.ID)
	if err == nil {
		err = s.Tx.InTx(ctx, func(ctx context.Context) error {
			if err := s.Log.Record(ctx, caller, authz.RemovePasskey, object); err != nil {
				return fmt.Errorf("recording the removal of a passkey: %w", err)
			}
			return s.Passkeys.RemovePasskey(ctx, caller.ID, id)
		})
	}
	if errors.Is(err, ErrNoPasskey) {
		err = ErrPasskeyUnknown.With(err)
	}
	if err != nil {
		return s.refused(ctx, caller, authz.RemovePasskey, object, err)
	}
	return nil
}

// credential is the part of a passkey that is the device's.
func (p Passkey) credential() passkey.Credential {
	return passkey.Credential{ID: p.CredentialID, PublicKey: p.PublicKey, Transports: p.Transports, Flags: p.Flags, SignCount: p.SignCount}
}

// CheckName says whether a passkey can be called so: ErrPasskeyName. A door
// asks before it takes the state, which is good for one answer: the device has
// made its key by then, and would keep it for nothing.
func CheckName(name string) error {
	if !nameable(strings.TrimSpace(name)) {
		return ErrPasskeyName.With(nil)
	}
	return nil
}

func nameable(name string) bool {
	if n := utf8.RuneCountInString(name); n < 1 || n > maxName || !utf8.ValidString(name) {
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) })
}
