// Package proofing finds out whether a customer is who they say: an ID card
// that its issuer confirms, an account and its password, a one-time password,
// a code to the phone. Each factor asks an outside service through a small
// interface; counts of tries and lock-outs are kept here.
package proofing

import (
	"context"
	"time"
)

// Factor is one way to prove an identity.
type Factor string

// The factors of the online issue. AtCounter is the branch's.
const (
	IDCard  Factor = "id-card"
	Account Factor = "account"
	OTP     Factor = "otp"
	Phone   Factor = "phone"
)

// What else is counted beside the factors: passwords of the bank login, codes
// that were sent to the phone, emergency codes that nobody has, and reference
// numbers with a wrong code.
const (
	Login      Factor = "login"
	PhoneSend  Factor = "phone-send"
	Emergency  Factor = "emergency-code"
	Redemption Factor = "redemption"
)

// Proof is a factor that was proven. It says what was checked, never the
// number or the secret itself.
type Proof struct {
	Factor   Factor
	At       time.Time
	Evidence map[string]string // e.g. "document": "resident-card", "transaction": the service's id
}

// Tries is how often a person has failed at a factor.
type Tries struct {
	Failed      int
	LockedUntil time.Time // zero when not locked
}

// PhoneCode is a code that was sent and waits for its answer.
type PhoneCode struct {
	ApplicationID string
	Hash          []byte // keyed hash of the code
	ExpiresAt     time.Time
	Sent          int // how many were sent for this application
}

// Transactor runs fn in one transaction that travels in the context; within
// another transaction it joins that one. The store implements it.
type Transactor interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
}

// Locks says which factors a subject can't try: until when each is locked, of
// those that still are at a moment. The store implements it.
type Locks interface {
	LockedFactors(ctx context.Context, subject string, at time.Time) (map[Factor]time.Time, error)
}

// Counter keeps tries and codes. The store implements it.
type Counter interface {
	// LockTries gives the tries of a subject (subscriber id, or a login name's
	// keyed hash) at a factor, and locks the row until the transaction ends.
	LockTries(ctx context.Context, subject string, factor Factor) (Tries, error)
	SaveTries(ctx context.Context, subject string, factor Factor, t Tries) error
	// PhoneCode gives a zero value when none was sent.
	PhoneCode(ctx context.Context, applicationID string) (PhoneCode, error)
	SavePhoneCode(ctx context.Context, c PhoneCode) error
	DropPhoneCode(ctx context.Context, applicationID string) error
}
