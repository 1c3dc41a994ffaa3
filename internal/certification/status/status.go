// Package status tells the world how certificates stand: OCSP answers and
// certificate revocation lists.
package status

import (
	"context"
	"crypto/sha256"
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
	// SHA256 is of DER; zero where nobody has computed it.
	SHA256 [sha256.Size]byte
}

// Head is what is known of the latest list without reading it.
type Head struct {
	Number     int64 // 0: no list was issued yet
	ThisUpdate time.Time
	NextUpdate time.Time
	// Changed says that a change of what a list has to name was committed which
	// no list has taken up yet.
	Changed bool
}

// Register is what a Publisher reads and keeps. The store implements it.
type Register interface {
	// EachRevoked calls fn for each revoked, suspended or held certificate of an
	// issuer that has not expired before notBefore, in order of serial.
	EachRevoked(ctx context.Context, issuer string, notBefore time.Time, fn func(Entry) error) error
	// NextCRLNumber takes the next number for an issuer, and with it all changes
	// that are committed: monotonic across instances; call it in the transaction
	// that saves the list, before EachRevoked.
	NextCRLNumber(ctx context.Context, issuer string) (int64, error)
	SaveCRL(ctx context.Context, c CRL) error
	CRLHead(ctx context.Context, issuer string) (Head, error)
	// LatestCRL gives ErrNoCRL when none was issued yet.
	LatestCRL(ctx context.Context, issuer string) (CRL, error)
}
