// Package ca is the authority: it turns an approved request into one
// certificate, by a cycle that a crash at any point can't break.
package ca

import (
	"context"
	"math/big"
	"time"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/pki/npki"
)

// State is where a certificate stands in its life; see STATES.md.
type State string

// The states. Pending is before birth: the to-be-signed bytes are stored, a
// signature may exist, nothing was handed out.
const (
	Pending   State = "pending"
	Held      State = "held"
	Valid     State = "valid"
	Suspended State = "suspended"
	Revoked   State = "revoked"
	Expired   State = "expired"
)

// Request is what registration has decided: this key for this person under
// this profile.
type Request struct {
	ApplicationID string // asking again with the same id gives the same certificate
	SubscriberID  string
	Kind          npki.Kind
	RealName      string
	VID           npki.VID
	PublicKey     []byte // DER SubjectPublicKeyInfo whose possession was proven

	NotAfter  time.Time // when it ends; zero is by the profile
	Exception string    // id of an approved exception to one for a person and kind; empty is none
	Hold      bool      // to be issued as held

	// Replaces is the serial of the certificate whose place this one takes (갱신,
	// 재발급), empty for a first one. That one is revoked as superseded in the
	// transaction in which this one becomes valid. From are the states that it
	// may be in when the request is stored.
	Replaces string
	From     []State

	// Still is asked, when not nil, in the transaction of step 5 whether what
	// registration has decided still holds; its error refuses the request. It may
	// be asked again, and has to lock what it reads.
	Still func(ctx context.Context) error
}

// Record is a certificate from the moment its serial is taken.
type Record struct {
	Serial         string // hex, lower case, even length, no leading "00"
	Issuer         string // hex of the issuer's subjectKeyIdentifier
	ApplicationID  string // unique
	SubscriberID   string
	Kind           npki.Kind
	State          State
	Subject        string // folder form of the DN; unique
	KeyHash        []byte // SHA-256 of the SubjectPublicKeyInfo; unique
	TBS            []byte // what is or was to be signed
	DER            []byte // the certificate; empty while pending
	NotBefore      time.Time
	NotAfter       time.Time
	CreatedAt      time.Time // when the serial was taken
	IssuedAt       time.Time // when the certificate was stored; zero while pending
	ChangedAt      time.Time // when State last changed
	Reason         int       // RFC 5280 CRLReason, when revoked, suspended or held
	InvalidityDate time.Time // zero when not known
	Replaces       string    // serial of the certificate whose place it takes; may be empty
	Exception      string    // see Request
	Hold           bool      // while pending: to become held instead of valid
	Desk           string    // where it was put on hold or suspended
	HoldUntil      time.Time // when a suspension ends in revocation; zero when not suspended or held
}

// object is a certificate as the table of rights knows it.
func (r Record) object() authz.Object {
	return authz.Object{Owner: r.SubscriberID, Application: r.ApplicationID}
}

// SerialOf gives a serial number the form of Record.Serial.
func SerialOf(n *big.Int) string {
	hex := n.Text(16)
	if len(hex)%2 == 1 {
		hex = "0" + hex
	}
	return hex
}

// Move is a change of a certificate's state.
type Move struct {
	From       []State
	To         State
	Reason     Reason
	Invalidity time.Time // zero when not known
	Desk       string    // where it was put on hold; to Suspended and Held only
	Until      time.Time // when that ends in revocation
	At         time.Time
}

// Change is one certificate's way from one state to another, as it is told to
// the Witness.
type Change struct {
	Record Record // as it stands now; TBS may be missing
	From   State  // Pending when it was issued
	By     authz.Caller
	At     time.Time
	// Other is the serial of the certificate whose place this one takes, or,
	// when this one is revoked as superseded, of the one that takes its place.
	Other string
}

// Witness is told of every change of state, within the transaction that makes
// it: an error of the witness undoes the change.
type Witness interface {
	Witness(ctx context.Context, c Change) error
}

// Ledger keeps certificates. The store implements it. Times are stored to the
// microsecond in UTC.
type Ledger interface {
	// InTx runs fn in one transaction that travels in the context; within
	// another transaction it joins that one.
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// Reserve stores a pending record. Errors: ErrApplicationUsed, ErrSerialUsed, ErrSubjectUsed, ErrKeyUsed,
	// ErrHolds (the person has a certificate of the kind that is not written down
	// as over; for a replacement: another one is under way).
	Reserve(ctx context.Context, r Record) error
	// Complete gives a pending record its certificate and the state to, or Held
	// when to is Valid and the record says Hold. It gives the state that it has
	// then. When it is complete already with the same DER that is no error.
	Complete(ctx context.Context, serial string, der []byte, to State, at time.Time) (State, error)
	// Certificate finds by serial, ByApplication by application id; both give
	// ErrNoCertificate when there is none.
	Certificate(ctx context.Context, serial string) (Record, error)
	ByApplication(ctx context.Context, applicationID string) (Record, error)
}

// Backlog finds what a crash left behind, and moves certificates between
// states. The store implements it.
type Backlog interface {
	// PendingRecords gives up to limit pending records, oldest first.
	PendingRecords(ctx context.Context, limit int) ([]Record, error)
	// ChangeState makes a move. ErrWrongState when the certificate is in none of
	// the states that it starts from.
	ChangeState(ctx context.Context, serial string, m Move) error
	// HoldPending lets those pending records of a subscriber become held that
	// replace the certificate of a serial, or all of them when it is empty. It
	// says how many those are.
	HoldPending(ctx context.Context, subscriberID, replaces, desk string, until time.Time) (int, error)
	// Holder gives the serial of the certificate, pending ones included, that is
	// the one of a person, kind and exception; empty when there is none.
	Holder(ctx context.Context, subscriberID string, kind npki.Kind, exception string) (string, error)
	// CertificatesOf gives everything issued to a subscriber, newest first.
	CertificatesOf(ctx context.Context, subscriberID string) ([]Record, error)
}
