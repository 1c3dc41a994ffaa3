// Package status tells the world how certificates stand: OCSP answers and
// certificate revocation lists.
package status

import (
	"context"
	"time"
)

// Standing is how one serial stands.
type Standing struct {
	Known     bool // false: the authority never issued this serial
	Revoked   bool // revoked, suspended or held
	RevokedAt time.Time
	Reason    int // RFC 5280 CRLReason
}

// Entry is one line of a CRL.
type Entry struct {
	Serial         string // as ca.Record.Serial
	At             time.Time
	Reason         int
	InvalidityDate time.Time
}

// CRL is one issued list.
type CRL struct {
	Issuer     string // hex of the issuer's subjectKeyIdentifier
	Number     int64
	ThisUpdate time.Time
	NextUpdate time.Time
	DER        []byte
}

// Register is what status reads and keeps. The store implements it.
type Register interface {
	// Standings answers for up to 32 serials of one issuer, in the order asked.
	// An expired certificate still stands as it was last known.
	Standings(ctx context.Context, issuer string, serials []string) ([]Standing, error)
	// EachRevoked calls fn for each revoked, suspended or held certificate of an
	// issuer that has not expired before notBefore, in order of serial.
	EachRevoked(ctx context.Context, issuer string, notBefore time.Time, fn func(Entry) error) error
	// NextCRLNumber takes the next number for an issuer: monotonic across
	// instances; call it in the transaction that saves the list.
	NextCRLNumber(ctx context.Context, issuer string) (int64, error)
	SaveCRL(ctx context.Context, c CRL) error
	// LatestCRL gives ErrNoCRL when none was issued yet.
	LatestCRL(ctx context.Context, issuer string) (CRL, error)
}
