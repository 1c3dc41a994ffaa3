// Package notice tells customers what happens to their certificates, by mail
// and by short message.
//
// A Service writes notices into an outbox, in the transaction of the act that
// they tell of: an act that rolls back tells nobody, and one that is done is
// told. A Sender takes them out again, sends them outside of any transaction,
// and keeps what the carriers answer. Between the two stands the store: any
// number of instances send side by side, each claims what it sends, and a
// claim whose holder died lapses.
//
// What is kept holds no personal data beyond the subscriber's id: name and
// addresses are read when a notice is sent, and so are the texts made then, in
// the language that the person chose.
package notice

import (
	"context"
	"errors"
	"time"

	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/pki/npki"
)

// Event is what a notice tells of.
type Event string

// The events.
const (
	Issued    Event = "issued"
	Renewed   Event = "renewed"
	Reissued  Event = "reissued"
	Suspended Event = "suspended" // facts: by, until (the last day on which it can be resumed)
	Resumed   Event = "resumed"
	Revoked   Event = "revoked"    // facts: by, reason
	Lost      Event = "lost"       // reported lost: all they hold is suspended at once; facts: by, until
	HeldEnded Event = "held-ended" // suspended for too long: revoked by the clock
	Expired   Event = "expired"
	Reminder  Event = "reminder" // facts: until (the last day), days
)

// Events gives all of them.
func Events() []Event {
	return []Event{Issued, Renewed, Reissued, Suspended, Resumed, Revoked, Lost, HeldEnded, Expired, Reminder}
}

// Notice is one thing to be told to one person.
type Notice struct {
	// Key names what is told: there is one notice for a Key and channel, ever.
	// "reminder:SERIAL:14", "suspended:SERIAL:EVENTID". At most 200 bytes.
	Key          string
	SubscriberID string
	Event        Event
	Serial       string // hex
	Kind         npki.Kind
	// Facts are short and not personal. Known are "until" (a day in Seoul,
	// 2027-03-14), "days", "by" (customer, emergency-code, desk, bank, clock),
	// "desk" and "reason" (as ca.Reason writes it, key-compromise); others are
	// kept and not shown.
	Facts  map[string]string
	Urgent bool      // every channel, and no quiet hours
	At     time.Time // when it happened
}

// Channel is a way to a person.
type Channel string

// The channels.
const (
	Mail    Channel = "mail"
	Message Channel = "message" // to the phone
)

// Channels gives all of them.
func Channels() []Channel { return []Channel{Mail, Message} }

// State is how far a notice has come. docs/notices.md draws them.
type State string

// The states. Sent is for good with mails: that the server took them over is
// all that it tells.
const (
	Waiting   State = "waiting"   // to be sent when it is due
	Sent      State = "sent"      // the carrier took it over
	Delivered State = "delivered" // it arrived at the phone, as the carrier says
	Dead      State = "dead"      // given up: an operator has to look
	Dropped   State = "dropped"   // nobody to be told, or not true any more
)

// Entry is a notice for one channel, as the outbox keeps it.
type Entry struct {
	ID string // random
	Notice
	Channel   Channel
	CreatedAt time.Time
	// DueAt is when the next step is to be taken: sending while it waits,
	// asking for the receipt when it is sent. Zero: there is none.
	DueAt time.Time
	Tries int // how often it was claimed for sending
	Round int // how often an operator sent it anew
	State State
	// CarrierID is the carrier's name for it: the gateway's number, or the mail
	// server's last reply, cut to 100 characters.
	CarrierID   string
	SentAt      time.Time
	DeliveredAt time.Time
	Failure     string // short word for what went wrong last; never an address
}

// key names what is sent to a carrier: the same key is the same notice, however
// often it is handed over.
func (e Entry) key() string {
	if e.Round == 0 {
		return e.ID
	}
	return e.ID + "-" + roundText(e.Round)
}

// Outcome is what became of a step.
type Outcome struct {
	State       State
	DueAt       time.Time // zero: no further step
	CarrierID   string
	SentAt      time.Time
	DeliveredAt time.Time
	Failure     string
}

// Outbox keeps notices. The store implements it.
type Outbox interface {
	// AddNotice stores an entry unless there is one of its key and channel.
	AddNotice(ctx context.Context, e Entry) (added bool, err error)
	// AddNotices is AddNotice for many.
	AddNotices(ctx context.Context, entries []Entry) error
	// ClaimNotices takes up to most entries of a state that are due at a moment
	// and that nobody else holds, oldest first, for ttl by the database's clock.
	// Each claim of one that waits counts as a try. urgentOnly leaves the others
	// alone.
	ClaimNotices(ctx context.Context, c Claim) ([]Entry, error)
	// HoldsNotice says whether a claim still stands.
	HoldsNotice(ctx context.Context, id, holder string) (bool, error)
	// SettleNotice ends a claim with what became of it. held is false when the
	// claim had lapsed and another holds it: then nothing was changed.
	SettleNotice(ctx context.Context, id, holder string, o Outcome) (held bool, err error)
	// NoticesOf gives a person's newest, newest first.
	NoticesOf(ctx context.Context, subscriberID string, most int) ([]Entry, error)
	// NoticesIn gives the oldest of a state, oldest first.
	NoticesIn(ctx context.Context, state State, most int) ([]Entry, error)
	// ReviveNotice lets a dead one wait again as a new round; ErrNoNotice when
	// there is no dead one of this id.
	ReviveNotice(ctx context.Context, id string, due time.Time) error
	// NoticeChoice gives ErrNoChoice when the person made none.
	NoticeChoice(ctx context.Context, subscriberID string) (Choice, error)
	// NoticeChoices gives those of a few hundred persons; who made none is left
	// out.
	NoticeChoices(ctx context.Context, subscriberIDs []string) (map[string]Choice, error)
	SaveNoticeChoice(ctx context.Context, subscriberID string, c Choice, at time.Time) error
}

// Claim is what ClaimNotices is asked for.
type Claim struct {
	Holder     string // random, of this claim alone
	State      State
	Due        time.Time
	TTL        time.Duration
	Most       int
	UrgentOnly bool
}

// What an Outbox answers.
var (
	ErrNoChoice = errors.New("notice: person has not chosen")
	ErrNoNotice = errors.New("notice: no such dead notice")
)

// Register is where people are looked up. The store implements it.
type Register interface {
	// Subscriber gives subscriber.ErrUnknown when there is none.
	Subscriber(ctx context.Context, id string) (subscriber.Subscriber, error)
	// Reachable says of a few hundred persons by what the bank can reach them;
	// who is not known is left out.
	Reachable(ctx context.Context, ids []string) (map[string]Reach, error)
}
