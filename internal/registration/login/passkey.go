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

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

// Bounds on passkeys.
const (
	MaxPasskeys = 10 // of one person
	MaxResponse = 48 << 10
	maxName     = 40 // characters
)

// Options is what a browser's WebAuthn call is made with: the JSON object with
// the member publicKey (WebAuthn Level 3 §5.1, the JSON forms).
type Options json.RawMessage

// holder is a subscriber as the WebAuthn library sees one. The handle is their
// id with us: random, and no news to their own devices.
type holder struct {
	id, name string
	keys     []webauthn.Credential
}

func (h holder) WebAuthnID() []byte                         { return []byte(h.id) }
func (h holder) WebAuthnName() string                       { return h.name }
func (h holder) WebAuthnDisplayName() string                { return h.name }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

// relying is the library set up for one of our addresses. Only that address may
// answer, and only with a user whom the device has verified.
func (s *Service) relying(at site) (*webauthn.WebAuthn, error) {
	if at.rp == "" {
		return nil, ErrPasskeyAddress.With(nil, "address", s.named())
	}
	timeouts := webauthn.TimeoutConfig{Timeout: Lasts, TimeoutUVD: Lasts} // kept by open, with our clock
	required := true
	return webauthn.New(&webauthn.Config{
		RPID: at.rp, RPDisplayName: s.Bank, RPOrigins: []string{at.origin},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: &required,
			UserVerification: protocol.VerificationRequired,
		},
		Timeouts: webauthn.TimeoutsConfig{Login: timeouts, Registration: timeouts},
		// Some password managers answer what nobody has asked.
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
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

// algorithms are those that devices have: P-256, Ed25519, and RSA for older
// Windows.
var algorithms = []protocol.CredentialParameter{
	{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgES256},
	{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgEdDSA},
	{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgRS256},
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
	relying, err := s.relying(at)
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
	var known []protocol.CredentialDescriptor
	for _, p := range have {
		if p.RP == at.rp {
			credential := p.credential()
			known = append(known, credential.Descriptor())
		}
	}
	creation, session, err := relying.BeginRegistration(holder{id: who.ID, name: who.Name},
		webauthn.WithExclusions(known), webauthn.WithCredentialParameters(algorithms))
	if err != nil {
		return nil, nil, fmt.Errorf("beginning a passkey: %w", err)
	}
	return s.begun(creation, session, waiting{Kind: forNewPasskey, Person: caller.ID, Origin: at.origin})
}

// begun gives both halves of a challenge: what goes out and what stays here.
func (s *Service) begun(options any, session *webauthn.SessionData, w waiting) (Options, State, error) {
	out, err := json.Marshal(options)
	if err != nil {
		return nil, nil, fmt.Errorf("encoding options: %w", err)
	}
	if w.Session, err = json.Marshal(session); err != nil {
		return nil, nil, fmt.Errorf("encoding a challenge: %w", err)
	}
	w.Until = s.now().Add(Lasts)
	state, err := w.state()
	return out, state, err
}

// reopen gives what an answer is held against.
func (s *Service) reopen(state State, kind kindOf, person string) (*webauthn.WebAuthn, webauthn.SessionData, error) {
	var session webauthn.SessionData
	w, err := s.open(state, kind, person)
	if err != nil {
		return nil, session, err
	}
	if err := json.Unmarshal(w.Session, &session); err != nil {
		return nil, session, ErrNoChallenge.With(err)
	}
	for _, one := range s.sites {
		if one.origin == w.Origin {
			relying, err := s.relying(one)
			return relying, session, err
		}
	}
	return nil, session, ErrNoChallenge.With(nil) // the service has moved meanwhile
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
	relying, session, err := s.reopen(state, forNewPasskey, caller.ID)
	if err != nil {
		return Passkey{}, err
	}
	if err := CheckName(name); err != nil {
		return Passkey{}, err
	}
	made, err := credentialOf(relying, session, caller.ID, response)
	if err != nil {
		return Passkey{}, err
	}
	p := Passkey{
		ID: rand.Text(), SubscriberID: caller.ID, RP: session.RelyingPartyID, Name: strings.TrimSpace(name),
		CredentialID: made.ID, PublicKey: made.PublicKey, Transports: joined(made.Transport),
		Flags: byte(made.Flags.ProtocolValue()), SignCount: made.Authenticator.SignCount, CreatedAt: s.now(),
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

// credentialOf checks what a device answered to a registration. Nothing was to
// be attested, so a statement that somebody's certificates sign was not asked
// for, and is not looked into.
func credentialOf(relying *webauthn.WebAuthn, session webauthn.SessionData, person string, response []byte) (*webauthn.Credential, error) {
	if len(response) > MaxResponse {
		return nil, ErrPasskeyForm.With(errors.New("response is larger than the limit"))
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(response)
	if err != nil {
		return nil, ErrPasskeyForm.With(err)
	}
	object := parsed.Response.AttestationObject
	_, chained := object.AttStatement["x5c"]
	if object.Format != "none" && (object.Format != "packed" || chained) {
		return nil, ErrPasskeyRefused.With(errors.New("attestation was not asked for"))
	}
	made, err := relying.CreateCredential(holder{id: person}, session, parsed)
	if err != nil {
		return nil, ErrPasskeyRefused.With(err)
	}
	return made, nil
}

// LoginOptions begins a login with whatever passkey the browser finds.
func (s *Service) LoginOptions(host string) (Options, State, error) {
	at := s.site(host)
	relying, err := s.relying(at)
	if err != nil {
		return nil, nil, err
	}
	assertion, session, err := relying.BeginDiscoverableLogin()
	if err != nil {
		return nil, nil, fmt.Errorf("beginning a login by passkey: %w", err)
	}
	return s.begun(assertion, session, waiting{Kind: forPasskeyLogin, Origin: at.origin})
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
	relying, session, err := s.reopen(state, forPasskeyLogin, "")
	if err != nil {
		return subscriber.Subscriber{}, err
	}
	if len(response) > MaxResponse {
		return subscriber.Subscriber{}, ErrPasskeyForm.With(errors.New("response is larger than the limit"))
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(response)
	if err != nil {
		return subscriber.Subscriber{}, ErrPasskeyForm.With(err)
	}
	p, err := s.Passkeys.PasskeyOf(ctx, session.RelyingPartyID, parsed.RawID)
	if errors.Is(err, ErrNoPasskey) {
		return subscriber.Subscriber{}, ErrPasskeyWrong.With(err)
	}
	if err != nil {
		return subscriber.Subscriber{}, fmt.Errorf("reading a passkey: %w", err)
	}
	one := func(_, _ []byte) (webauthn.User, error) {
		return holder{id: p.SubscriberID, keys: []webauthn.Credential{p.credential()}}, nil
	}
	_, used, err := relying.ValidatePasskeyLogin(one, session, parsed)
	if err != nil {
		return subscriber.Subscriber{}, ErrPasskeyWrong.With(err)
	}
	*object = "passkey:" + p.ID
	if used.Authenticator.CloneWarning {
		return subscriber.Subscriber{}, ErrPasskeyCopied.With(nil)
	}
	who, err := s.enter(ctx, caller, p.SubscriberID, "by", "passkey", "passkey", p.ID)
	if err != nil {
		return subscriber.Subscriber{}, err
	}
	err = s.Passkeys.UsePasskey(ctx, p.ID, used.Authenticator.SignCount, byte(used.Flags.ProtocolValue()), s.now())
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

// credential is a passkey as the library knows it.
func (p Passkey) credential() webauthn.Credential {
	c := webauthn.Credential{
		ID: p.CredentialID, PublicKey: p.PublicKey,
		Flags:         webauthn.NewCredentialFlags(protocol.AuthenticatorFlags(p.Flags)),
		Authenticator: webauthn.Authenticator{SignCount: p.SignCount},
	}
	for name := range strings.SplitSeq(p.Transports, ",") {
		if name != "" {
			c.Transport = append(c.Transport, protocol.AuthenticatorTransport(name))
		}
	}
	return c
}

// joined keeps the names of transports: a handful of short words.
func joined(transports []protocol.AuthenticatorTransport) string {
	var names []string
	for _, t := range transports {
		if len(t) > 0 && len(t) <= 16 && len(names) < 8 && !strings.ContainsRune(string(t), ',') {
			names = append(names, string(t))
		}
	}
	return strings.Join(names, ",")
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
