// Package counter is the branch's counter (창구): a customer comes in with
// papers, a teller records and checks, a supervisor approves, and what was
// checked is on record. Each matter of a customer is a case; STATES.md draws
// its states.
//
//	c, err := s.Open(ctx, teller, counter.Wish{…})    // the teller begins
//	c, err = s.Prove(ctx, teller, c.ID, card)          // the issuer of the card is asked
//	c, err = s.Submit(ctx, teller, c.ID, signed)       // to the supervisor
//	c, err = s.Decide(ctx, supervisor, c.ID, verdict)  // never the maker
//
// What an approved case does, it does through the same services as everything
// else: an application of enrolment, whose key the customer makes with a
// reference number and a code, or an act of lifecycle.
package counter

import (
	"context"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/pki/npki"
)

// Act is what a customer has come for.
type Act string

// The acts. Exception is an issue beside a valid certificate of the same kind.
const (
	Issue     Act = "issue"     // 발급
	Renew     Act = "renew"     // 갱신
	Reissue   Act = "reissue"   // 재발급
	Revoke    Act = "revoke"    // 폐지
	Suspend   Act = "suspend"   // 효력정지
	Resume    Act = "resume"    // 효력 회복
	Lost      Act = "lost"      // 분실 신고
	Exception Act = "exception" // 1인 1인증서 예외 발급
)

// Acts are all of them, in the order in which they are offered.
var Acts = []Act{Issue, Renew, Reissue, Suspend, Resume, Revoke, Lost, Exception}

// MakesKey says whether an act ends in codes with which the customer makes a
// key.
func (a Act) MakesKey() bool {
	return a == Issue || a == Renew || a == Reissue || a == Exception
}

// Protects says whether an act only takes away what a thief could use: it is
// done at once, and approved by nobody.
func (a Act) Protects() bool { return a == Suspend || a == Lost }

// State is where a case stands; see STATES.md.
type State string

// The states.
const (
	Open      State = "open"      // at a teller: papers and proof are collected
	Waiting   State = "waiting"   // the authenticity service did not answer; asked again by the clock
	Submitted State = "submitted" // waits for a supervisor
	Approved  State = "approved"  // the customer has codes, or gets them, and makes a key
	Done      State = "done"      // the act is done, or the certificate issued
	Refused   State = "refused"   // by a supervisor, or by a finding that is final
	Withdrawn State = "withdrawn"
	Lapsed    State = "lapsed" // nobody went on in time
)

// Going says whether a case can still go on.
func (s State) Going() bool {
	return s == Open || s == Waiting || s == Submitted || s == Approved
}

// Visitor is who stands at the counter for the customer.
type Visitor string

// The visitors. Only a business has others than itself.
const (
	Oneself        Visitor = "self"           // 본인
	Representative Visitor = "representative" // 대표자
	Proxy          Visitor = "proxy"          // 대리인
)

// Attached is one picture in a case: the scan is in the store, sealed.
type Attached struct {
	ID     string // random; also the scan's id
	Paper  Paper
	SHA256 string // hex, of the file as it is kept
	Bytes  int
	Width  int
	Height int
	By     string // staff id
	At     time.Time
}

// Seen is a paper whose original the teller has had in hand.
type Seen struct {
	Paper  Paper
	Number string // its number, when it has one that is not personal; may be empty
	By     string // staff id
	At     time.Time
}

// Case is one matter of one customer at one branch.
type Case struct {
	ID           string // random
	Branch       string // three digits
	SubscriberID string
	Act          Act
	Kind         npki.Kind
	Serial       string // of the certificate that it is about; empty for Issue, Exception and Lost
	Visitor      Visitor
	VisitorName  string // of a representative or proxy: personal, the store seals it
	Why          string // the reason, as the customer or the bank gives it; asked of some acts
	Reason       ca.Reason
	Invalidity   time.Time // Revoke: since when the key is not the owner's alone; zero when not known
	Consents     []enrolment.Consent
	Proof        *proofing.Proof // of the visitor's identity; nil until given
	Finding      int             // number of the fault that the last check ended in; 0 when none
	Failed       int             // checks that came out wrong since a supervisor last returned the case
	Check        string          // names what was entered of the visitor's card while the issuer's answer is waited for
	Checks       int             // how often the issuer has been asked about that
	Attached     []Attached
	Seen         []Seen
	State        State
	Revision     int64  // grows by one with each save
	Maker        string // staff id of who opened it
	Handler      string // staff id of who works on it
	Submitter    string // staff id of who put it before a supervisor last
	Decider      string // staff id of who decided last; empty before
	Note         string // of the decision, or of the withdrawal: the store seals it
	Application  string // id of the enrolment application; empty when there is none
	CreatedAt    time.Time
	UpdatedAt    time.Time
	SubmittedAt  time.Time // zero: never
	DecidedAt    time.Time
	NextCheckAt  time.Time // Waiting: when the service is asked again
	ExpiresAt    time.Time // when it lapses; of an approved one when its codes end
	EndedAt      time.Time // zero while it goes on
}

// Register keeps cases. The store implements it.
type Register interface {
	InTx(ctx context.Context, fn func(ctx context.Context) error) error
	// CreateCase gives ErrOpenCase when the customer has a case that is going
	// for the same act and kind, or certificate (a unique index says so).
	CreateCase(ctx context.Context, c Case) error
	// Case gives ErrNoCase when there is none; within a transaction it locks.
	Case(ctx context.Context, id string) (Case, error)
	// SaveCase stores c with Revision+1 if the stored Revision is c's; ErrStale
	// otherwise.
	SaveCase(ctx context.Context, c Case) error
	// CasesOf gives a customer's cases, the newest first.
	CasesOf(ctx context.Context, subscriberID string, limit int) ([]Case, error)
}

// Queues finds the cases that somebody is to look at. The store implements it.
type Queues interface {
	// QueueOf gives up to limit cases of a branch in some states, the oldest first.
	// With a handler, only theirs.
	QueueOf(ctx context.Context, branch string, states []State, handler string, limit int) ([]Case, error)
	// CountsOf counts the going cases of a branch.
	CountsOf(ctx context.Context, branch, staff, self string) ([]Count, error)
	// DueChecks gives up to limit cases that wait for the authenticity service and
	// are to be asked again at a moment; locked ones are passed over.
	DueChecks(ctx context.Context, at time.Time, limit int) ([]Case, error)
	// OverdueCases gives up to limit open, waiting and submitted cases whose
	// ExpiresAt is not after at.
	OverdueCases(ctx context.Context, at time.Time, limit int) ([]Case, error)
	// FinishedCases gives up to limit approved cases whose application is over.
	FinishedCases(ctx context.Context, limit int) ([]Case, error)
}

// Count is how many cases of a branch are alike.
type Count struct {
	State   State
	Mine    bool // a member of staff handles them
	Made    bool // that member has made or submitted them, so another one decides
	Stuck   bool // their checks have failed MaxFailed times
	Cases   int
	Changes int64     // sum of their revisions
	Latest  time.Time // when the last of them changed
}

// Cards keeps what was entered of a visitor's card while the issuer's answer is
// waited for, sealed. The store implements it.
type Cards interface {
	SaveCard(ctx context.Context, caseID string, entries []byte) error
	// Card gives ErrNoCard when there is none.
	Card(ctx context.Context, caseID string) ([]byte, error)
	// DropCard forgets it; none is no error.
	DropCard(ctx context.Context, caseID string) error
}

// Picture is a scan as it is kept.
type Picture struct {
	ID     string
	CaseID string
	Type   string // "image/jpeg"
	File   []byte
	At     time.Time
}

// Scans keeps pictures, sealed. The store implements it.
type Scans interface {
	AddScan(ctx context.Context, p Picture) error
	// Scan gives ErrNoScan when there is none, or it was erased.
	Scan(ctx context.Context, id string) (Picture, error)
	DropScan(ctx context.Context, id string) error
	// EndScans notes when the case of scans has ended.
	EndScans(ctx context.Context, caseID string, at time.Time) error
	// EraseScans erases up to limit scans of cases that had ended at a moment, and
	// says how many.
	EraseScans(ctx context.Context, ended time.Time, limit int) (int, error)
}
