// Package enrolment leads a customer from the wish for a certificate to the
// certificate: application, consent, proofing, key, issue. Each step can be
// left and resumed for 24 hours; asking for the same again changes nothing.
package enrolment

import (
	"context"
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/pki/npki"
)

// State is where an application stands; see STATES.md.
type State string

// The states.
const (
	Started   State = "started"
	Consented State = "consented"
	Proofed   State = "proofed"
	Ready     State = "ready"
	Issued    State = "issued"
	Rejected  State = "rejected"
	Abandoned State = "abandoned"
	Lapsed    State = "lapsed"
)

// Open says whether the application can still go on.
func (s State) Open() bool {
	return s == Started || s == Consented || s == Proofed || s == Ready
}

// Way is what an application is for.
type Way string

// The ways. All but Issue are about a certificate that the customer has.
const (
	Issue   Way = "issue"   // a first certificate of a kind (발급)
	Renew   Way = "renew"   // another year, signed for by the old key (갱신)
	Reissue Way = "reissue" // a new key with the old end (재발급)
	Resume  Way = "resume"  // a suspended one valid again (회복); makes no certificate
)

// wayWords is how people read a way.
var wayWords = map[Way]fault.Text{
	Issue: {KO: "발급", EN: "issue"}, Renew: {KO: "갱신", EN: "renewal"}, Reissue: {KO: "재발급", EN: "reissue"}, Resume: {KO: "효력 회복", EN: "resumption"},
}

// Consent is one text that the customer agreed to.
type Consent struct {
	Terms   string // the text's name
	Version string
	SHA256  string // hex of the hash of the exact text shown
	At      time.Time
}

// Application is one wish for one certificate.
type Application struct {
	ID           string
	SubscriberID string
	Way          Way
	Kind         npki.Kind
	Desk         string // where identity was proven: lifecycle.DeskOnline, or lifecycle.Branch of a number
	Replaces     string // serial of the certificate that it is about; empty for Issue
	Exception    string // id of an approved exception to one for a person and kind; may be empty
	State        State
	Revision     int64  // grows by one with each save
	Challenge    string // the key request must carry it: binds the key to this application
	Consents     []Consent
	Proofs       []proofing.Proof
	RejectedFor  int    // number of the fault, when rejected
	Serial       string // of the certificate, when issued: made, or resumed
	CreatedAt    time.Time
	UpdatedAt    time.Time
	ExpiresAt    time.Time
}

// Register keeps applications. The store implements it.
type Register interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// CreateApplication gives ErrOpenApplication when the person has an open one
	// of the kind (a unique index says so).
	CreateApplication(ctx context.Context, a Application) error
	// Application gives ErrNoApplication when there is none. Within a
	// transaction the row is locked until its end.
	Application(ctx context.Context, id string) (Application, error)
	// SaveApplication stores a with Revision+1 if the stored Revision is a's;
	// ErrStale otherwise.
	SaveApplication(ctx context.Context, a Application) error
	// ApplicationsOf gives a subscriber's applications, newest first.
	ApplicationsOf(ctx context.Context, subscriberID string) ([]Application, error)
}

// Overdue finds applications whose time is up. The store implements it.
type Overdue interface {
	// OverdueApplications gives up to limit open applications whose ExpiresAt is
	// not after at, the longest overdue first.
	OverdueApplications(ctx context.Context, at time.Time, limit int) ([]Application, error)
}
