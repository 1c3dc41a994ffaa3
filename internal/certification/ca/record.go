// Package ca is the authority: it turns an approved request into one
// certificate, by a cycle that a crash at any point can't break.
package ca

import (
	"context"
	"math/big"
	"time"

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
}

// SerialOf gives a serial number the form of Record.Serial.
func SerialOf(n *big.Int) string {
	hex := n.Text(16)
	if len(hex)%2 == 1 {
		hex = "0" + hex
	}
	return hex
}

// Ledger keeps certificates. The store implements it. Times are stored to the
// microsecond in UTC.
type Ledger interface {
	// InTx runs fn in one transaction that travels in the context; within
	// another transaction it joins that one.
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// Reserve stores a pending record. Certificates of the same person and kind
	// whose NotAfter lies before the record's CreatedAt become expired first.
	// Errors: ErrApplicationUsed, ErrSerialUsed, ErrSubjectUsed, ErrKeyUsed,
	// ErrHolds (the person has a live certificate of the kind).
	Reserve(ctx context.Context, r Record) error
	// Complete turns a pending record into a valid one. When it is complete
	// already with the same DER that is no error.
	Complete(ctx context.Context, serial string, der []byte, at time.Time) error
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
	// ChangeState moves a certificate from one of the states from to the state
	// to. ErrWrongState when it is in none of them.
	ChangeState(ctx context.Context, serial string, from []State, to State, reason int, invalidity, at time.Time) error
	// CertificatesOf gives everything issued to a subscriber, newest first.
	CertificatesOf(ctx context.Context, subscriberID string) ([]Record, error)
}
