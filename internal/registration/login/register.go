package login

import (
	"context"
	"errors"
	"time"
)

// Passkey is one WebAuthn credential of a subscriber. Name, CredentialID,
// PublicKey and Transports tell about a person's devices: the store encrypts
// them.
type Passkey struct {
	ID           string // ours, random
	SubscriberID string
	RP           string // the RP ID that it was made for; it works nowhere else
	Name         string // as its owner calls it
	CredentialID []byte
	PublicKey    []byte // COSE key
	Transports   string // comma-separated, as the authenticator told them
	Flags        byte   // of the authenticator data, as last seen
	SignCount    uint32
	CreatedAt    time.Time
	UsedAt       time.Time // zero when it was never used
}

// Passkeys keeps passkeys. The store implements it.
type Passkeys interface {
	// AddPasskey stores one, unless its owner has most of them:
	// ErrPasskeysFull. ErrPasskeyUsed when the credential is there already.
	AddPasskey(ctx context.Context, p Passkey, most int) error
	// PasskeyOf finds by RP ID and credential id, and locks what it finds until
	// the transaction ends; ErrNoPasskey.
	PasskeyOf(ctx context.Context, rp string, credentialID []byte) (Passkey, error)
	// PasskeysOf gives all of a subscriber's, oldest first.
	PasskeysOf(ctx context.Context, subscriberID string) ([]Passkey, error)
	// UsePasskey notes a use; ErrNoPasskey.
	UsePasskey(ctx context.Context, id string, signCount uint32, flags byte, at time.Time) error
	// RemovePasskey deletes one of a subscriber's; ErrNoPasskey, also for
	// another's.
	RemovePasskey(ctx context.Context, subscriberID, id string) error
}

// What Passkeys answer when a rule of the database says no.
var (
	ErrPasskeyUsed  = errors.New("login: credential is registered already")
	ErrPasskeysFull = errors.New("login: person has as many passkeys as they can have")
	ErrNoPasskey    = errors.New("login: no such passkey")
)
