package staff

import (
	"context"
	"errors"
	"time"

	"github.com/ingam-pki/ingam/internal/control/passkey"
)

// Roster answers about several accounts at once. The store implements it.
type Roster interface {
	// ActiveOfficers gives the ids of the security officers who can act, and
	// locks their accounts until the transaction ends, in order of id.
	ActiveOfficers(ctx context.Context) ([]string, error)
	// StaffNames gives the names of those accounts that are there, by id.
	StaffNames(ctx context.Context, ids []string) (map[string]string, error)
	// AccountsOf gives the accounts that are linked to a customer.
	AccountsOf(ctx context.Context, subscriberID string) ([]Account, error)
}

// Passkey is a key with which somebody logs in.
type Passkey struct {
	ID        string // ours, random
	StaffID   string
	RP        string // the host name that it was made for; it works nowhere else
	Name      string // as its owner calls it
	CreatedAt time.Time
	UsedAt    time.Time // zero when it was never used
	passkey.Credential
}

// Passkeys keeps passkeys. The store implements it.
type Passkeys interface {
	// AddStaffPasskey stores one, unless its owner has most of them:
	// ErrPasskeysFull. ErrPasskeyUsed when the credential is there already.
	AddStaffPasskey(ctx context.Context, p Passkey, most int) error
	// StaffPasskey finds by host name and credential id, and locks what it finds
	// until the transaction ends; ErrNoPasskey.
	StaffPasskey(ctx context.Context, rp string, credentialID []byte) (Passkey, error)
	// StaffPasskeys gives all of a person's, oldest first.
	StaffPasskeys(ctx context.Context, staffID string) ([]Passkey, error)
	// UseStaffPasskey notes a use; ErrNoPasskey.
	UseStaffPasskey(ctx context.Context, id string, signCount uint32, flags byte, at time.Time) error
	// RemoveStaffPasskeys deletes one of a person's, or all when id is empty,
	// and says how many that were.
	RemoveStaffPasskeys(ctx context.Context, staffID, id string) (int, error)
}

// Code is a one-time code that waits to be used. Only its keyed hash is kept.
type Code struct {
	StaffID   string
	Hash      []byte
	ExpiresAt time.Time
}

// Identity ties an account to who it is at the bank's provider: the keyed hash
// of issuer and subject.
type Identity struct {
	StaffID string
	Issuer  string
	Subject []byte // keyed hash
	BoundAt time.Time
}

// Keyring keeps the other ways in. The store implements it.
type Keyring interface {
	// StaffCode gives the code that waits for an account; zero when there is none.
	StaffCode(ctx context.Context, staffID string) (Code, error)
	// SaveStaffCode stores a code in the place of the one before it. One without
	// hash only takes that away.
	SaveStaffCode(ctx context.Context, c Code) error
	// Identities gives those of an account and the one that has the subject, all
	// at one issuer.
	Identities(ctx context.Context, issuer, staffID string, subject []byte) ([]Identity, error)
	// BindIdentity stores one; ErrBound when the account has one at this issuer,
	// or another account has it.
	BindIdentity(ctx context.Context, i Identity) error
	// UnbindIdentities forgets all of an account's.
	UnbindIdentities(ctx context.Context, staffID string) error
}

// Tries is how often wrong codes came from one place for one number.
type Tries struct {
	Failed      int
	LockedUntil time.Time // zero: not locked
}

// Counter counts tries. The store implements it.
type Counter interface {
	// LockStaffTries gives the count of a subject and locks it until the
	// transaction ends, also when there is none yet.
	LockStaffTries(ctx context.Context, subject string) (Tries, error)
	SaveStaffTries(ctx context.Context, subject string, t Tries) error
}

// What the store answers.
var (
	ErrUnknown      = errors.New("staff: no such account")
	ErrNumberTaken  = errors.New("staff: the employee number is taken")
	ErrPasskeyUsed  = errors.New("staff: credential is registered already")
	ErrPasskeysFull = errors.New("staff: person has as many passkeys as they can have")
	ErrNoPasskey    = errors.New("staff: no such passkey")
	ErrBound        = errors.New("staff: the account or the identity is bound already")
)
