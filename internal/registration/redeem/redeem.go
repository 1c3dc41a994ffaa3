// Package redeem hands out and takes back the pair with which a customer of a
// branch fetches a certificate: a reference number (참조번호), which says which
// application, and an authorization code (인가코드), which says that it is they.
//
//	slip, err := s.HandOut(ctx, teller, applicationID, subscriberID, "014", redeem.Print)
//	id, generation, err := s.Redeem(ctx, caller, address, reference, code)
//
// A pair lasts for 72 hours and for one certificate: it is spent in the
// transaction in which the certificate is made. Until then it opens the
// application again, for one who closed the browser, and what it had opened
// before is over. Neither number nor code is kept, only keyed hashes; the one of
// the code is bound to the number.
package redeem

import (
	"context"
	"time"

	"github.com/ingam-pki/ingam/internal/registration/enrolment"
)

// Way is how a customer gets the code. The reference number is on paper in
// any case.
type Way string

// The ways.
const (
	Print   Way = "print"   // both on a slip
	Message Way = "message" // the code to the phone that the bank knows
)

// Lasts is how long a pair is good for, at most.
const Lasts = enrolment.BranchLifetime

// Slip is a new pair, shown once.
type Slip struct {
	Reference string // as FormatReference writes it
	Code      string // as FormatCode writes it; empty when it was sent by message
	Phone     string // to which it was sent, its middle hidden; empty when it was not
	By        Way
	Until     time.Time
}

// Status is what the console shows of an application's pair.
type Status struct {
	Handed    int // how many pairs were handed out so far; 0: none, and the rest is zero
	By        Way
	HandedBy  string // staff id
	HandedAt  time.Time
	Until     time.Time
	TriesLeft int       // 0: it is dead by wrong codes, and the customer needs a new one
	OpenedAt  time.Time // when it was last shown; zero: never
	SpentAt   time.Time // zero: not yet
}

// Pair is what is kept of one that was handed out.
type Pair struct {
	Reference   []byte // keyed hash of the number
	Application string
	Code        []byte // keyed hash of number and code
	By          Way
	HandedBy    string // staff id
	HandedAt    time.Time
	Until       time.Time
	Wrong       int       // wrong codes that were shown with the number
	Generation  int64     // of the application's redemptions: grows with each handing-out and each opening
	OpenedAt    time.Time // zero: never
	SpentAt     time.Time // zero: not yet
}

// Register keeps pairs. The store implements it.
type Register interface {
	// AddPair stores a new one; ErrReferenceUsed when the number is taken, and the
	// transaction may go on.
	AddPair(ctx context.Context, p Pair) error
	// PairBy finds by keyed hash; ErrNoPair when there is none.
	PairBy(ctx context.Context, reference []byte) (Pair, error)
	// PairsOf gives the pairs of an application, the newest first.
	PairsOf(ctx context.Context, applicationID string) ([]Pair, error)
	// SavePair stores what was tried and opened with a pair.
	SavePair(ctx context.Context, p Pair) error
	// DropPair forgets one that never reached anybody.
	DropPair(ctx context.Context, reference []byte) error
}
