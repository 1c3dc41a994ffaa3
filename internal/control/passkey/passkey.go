// Package passkey is WebAuthn as this bank uses it: keys that a device finds by
// itself, a user whom the device has verified, no attestation. Customers and
// staff log in by it; whose keys there are, and where they are kept, is theirs
// to say.
//
//	options, session, err := site.Create(id, name, have)      // to the browser; stays here
//	credential, err := site.Created(session, id, response)
//	options, session, err := site.Get()
//	credential, err := site.Got(session, response, find)
package passkey

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
	"github.com/go-webauthn/webauthn/webauthn"
)

// MaxResponse is the size of the largest answer of a browser, in bytes.
const MaxResponse = 48 << 10

// What an answer can be refused for.
var (
	ErrForm    = errors.New("passkey: the answer can't be read")
	ErrRefused = errors.New("passkey: the answer does not hold")
	ErrCopied  = errors.New("passkey: the counter went back: there are two of this key")
	ErrState   = errors.New("passkey: no such challenge")
)

// Credential is one key of a device. All of it but the counter tells about a
// person's devices: keep it sealed.
type Credential struct {
	ID         []byte
	PublicKey  []byte // COSE key
	Transports string // comma-separated, as the device told them
	Flags      byte   // of the authenticator data, as last seen
	SignCount  uint32
}

// Site is where keys are made and used.
type Site struct {
	RP      string   // the host name that keys belong to
	Title   string   // as devices show it
	Origins []string // the pages that may answer
	Lasts   time.Duration
}

// holder is a person as the library sees one. The handle is their id with us:
// random, and no news to their own devices.
type holder struct {
	id, name string
	keys     []webauthn.Credential
}

func (h holder) WebAuthnID() []byte                         { return []byte(h.id) }
func (h holder) WebAuthnName() string                       { return h.name }
func (h holder) WebAuthnDisplayName() string                { return h.name }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

// algorithms are those that devices have: P-256, Ed25519, and RSA for older
// Windows.
var algorithms = []protocol.CredentialParameter{
	{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgES256},
	{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgEdDSA},
	{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgRS256},
}

// relying is the library set up for the site. How long a challenge is good, the
// caller says by their own clock.
func (s Site) relying() (*webauthn.WebAuthn, error) {
	timeouts := webauthn.TimeoutConfig{Timeout: s.Lasts, TimeoutUVD: s.Lasts}
	required := true
	w, err := webauthn.New(&webauthn.Config{
		RPID: s.RP, RPDisplayName: s.Title, RPOrigins: s.Origins,
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: &required,
			UserVerification: protocol.VerificationRequired,
		},
		Timeouts: webauthn.TimeoutsConfig{Login: timeouts, Registration: timeouts},
		// Some password managers answer what nobody has asked.
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
	if err != nil {
		return nil, fmt.Errorf("setting up passkeys: %w", err)
	}
	return w, nil
}

// Create begins to add a key for a person. have are the keys that they have
// here already: a device that holds one of them makes no second.
func (s Site) Create(id, name string, have []Credential) (options, session []byte, err error) {
	w, err := s.relying()
	if err != nil {
		return nil, nil, err
	}
	var known []protocol.CredentialDescriptor
	for _, c := range have {
		l := c.library()
		known = append(known, l.Descriptor())
	}
	creation, data, err := w.BeginRegistration(holder{id: id, name: name},
		webauthn.WithExclusions(known), webauthn.WithCredentialParameters(algorithms))
	if err != nil {
		return nil, nil, fmt.Errorf("beginning a passkey: %w", err)
	}
	return both(creation, data)
}

// Created ends what Create began. Nothing was to be attested, so a statement
// that somebody's certificates sign was not asked for, and is not looked into.
// Errors: ErrForm, ErrRefused, ErrState.
func (s Site) Created(session []byte, id string, response []byte) (Credential, error) {
	w, data, err := s.reopen(session)
	if err != nil {
		return Credential{}, err
	}
	if len(response) > MaxResponse {
		return Credential{}, fmt.Errorf("%w: larger than the limit", ErrForm)
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(response)
	if err != nil {
		return Credential{}, fmt.Errorf("%w: %w", ErrForm, err)
	}
	object := parsed.Response.AttestationObject
	_, chained := object.AttStatement["x5c"]
	if object.Format != "none" && (object.Format != "packed" || chained) {
		return Credential{}, fmt.Errorf("%w: attestation was not asked for", ErrRefused)
	}
	made, err := w.CreateCredential(holder{id: id}, data, parsed)
	if err != nil {
		return Credential{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return Credential{ID: made.ID, PublicKey: made.PublicKey, Transports: joined(made.Transport),
		Flags: byte(made.Flags.ProtocolValue()), SignCount: made.Authenticator.SignCount}, nil
}

// Get begins a login with whatever key the browser finds.
func (s Site) Get() (options, session []byte, err error) {
	w, err := s.relying()
	if err != nil {
		return nil, nil, err
	}
	assertion, data, err := w.BeginDiscoverableLogin()
	if err != nil {
		return nil, nil, fmt.Errorf("beginning a login by passkey: %w", err)
	}
	return both(assertion, data)
}

// Got ends what Get began and gives the key as it stands now. find says by its
// id whose key it is and as what we know it; its errors come back as they are.
// Errors: ErrForm, ErrRefused, ErrCopied, ErrState.
func (s Site) Got(session, response []byte, find func(id []byte) (owner string, known Credential, err error)) (Credential, error) {
	w, data, err := s.reopen(session)
	if err != nil {
		return Credential{}, err
	}
	if len(response) > MaxResponse {
		return Credential{}, fmt.Errorf("%w: larger than the limit", ErrForm)
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(response)
	if err != nil {
		return Credential{}, fmt.Errorf("%w: %w", ErrForm, err)
	}
	owner, known, err := find(parsed.RawID)
	if err != nil {
		return Credential{}, err
	}
	one := func(_, _ []byte) (webauthn.User, error) {
		return holder{id: owner, keys: []webauthn.Credential{known.library()}}, nil
	}
	_, used, err := w.ValidatePasskeyLogin(one, data, parsed)
	if err != nil {
		return Credential{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if used.Authenticator.CloneWarning {
		return known, ErrCopied
	}
	known.SignCount, known.Flags = used.Authenticator.SignCount, byte(used.Flags.ProtocolValue())
	return known, nil
}

func (s Site) reopen(session []byte) (*webauthn.WebAuthn, webauthn.SessionData, error) {
	var data webauthn.SessionData
	if err := json.Unmarshal(session, &data); err != nil || data.RelyingPartyID != s.RP {
		return nil, data, ErrState
	}
	w, err := s.relying()
	return w, data, err
}

// both gives the halves of a challenge: what goes out and what stays here.
func both(options any, data *webauthn.SessionData) (out, session []byte, err error) {
	if out, err = json.Marshal(options); err == nil {
		session, err = json.Marshal(data)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("encoding a challenge: %w", err)
	}
	return out, session, nil
}

// library is a key as the library knows it.
func (c Credential) library() webauthn.Credential {
	l := webauthn.Credential{
		ID: c.ID, PublicKey: c.PublicKey,
		Flags:         webauthn.NewCredentialFlags(protocol.AuthenticatorFlags(c.Flags)),
		Authenticator: webauthn.Authenticator{SignCount: c.SignCount},
	}
	for name := range strings.SplitSeq(c.Transports, ",") {
		if name != "" {
			l.Transport = append(l.Transport, protocol.AuthenticatorTransport(name))
		}
	}
	return l
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
