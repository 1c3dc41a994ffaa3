package lifecycle

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/notice"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// Happening is what happened to a certificate.
type Happening string

// The happenings. Replaced is the end of one whose place another takes.
const (
	Issued    Happening = "issued"
	Renewed   Happening = "renewed"
	Reissued  Happening = "reissued"
	Held      Happening = "held"
	Suspended Happening = "suspended"
	Resumed   Happening = "resumed"
	Replaced  Happening = "replaced"
	Revoked   Happening = "revoked"
	Expired   Happening = "expired"
)

// By is who did it, as a customer understands it.
type By string

// Those who do things.
const (
	ByCustomer By = "customer"
	ByCode     By = "emergency-code"
	ByDesk     By = "desk" // a branch, or the bank's call centre
	ByBank     By = "bank"
	ByClock    By = "clock"
)

// Event is one line of a certificate's history.
type Event struct {
	ID           string // random
	Serial       string
	SubscriberID string
	At           time.Time
	Act          Happening
	Role         authz.Role
	Desk         string
	Reason       ca.Reason
	Other        string // serial of the certificate that it replaced, or that replaced it
}

// By says who did it.
func (e Event) By() By {
	if e.Act == Expired { // whoever came by first wrote it down
		return ByClock
	}
	switch e.Role {
	case authz.Customer, authz.Redeemer, authz.Anonymous:
		return ByCustomer
	case authz.CodeHolder:
		return ByCode
	case authz.Teller, authz.Supervisor:
		return ByDesk
	case authz.System:
		if e.Act == Revoked {
			return ByClock
		}
		return ByCustomer // what was interrupted and finished
	default:
		return ByBank
	}
}

// Chronicle keeps histories. The store implements it.
type Chronicle interface {
	AddEvent(ctx context.Context, e Event) error
	// EventsOf gives what happened to a person's certificates, the newest first.
	EventsOf(ctx context.Context, subscriberID string) ([]Event, error)
	// BeginLife notes of a certificate that was just issued when its owner is to
	// be reminded (never, when zero) and by which keyed hash its emergency code
	// is found.
	BeginLife(ctx context.Context, serial string, remindAt time.Time, codeIndex []byte) error
	// Certificate finds by serial; it locks when called within a transaction.
	Certificate(ctx context.Context, serial string) (ca.Record, error)
}

// outbox takes notices; notice.Service does.
type outbox interface {
	Enqueue(ctx context.Context, n notice.Notice) error
	EnqueueAll(ctx context.Context, notices []notice.Notice) error
}

// Historian is the authority's witness: it writes the history and the notices.
type Historian struct {
	chronicle Chronicle
	outbox    outbox
	index     func(table, column string, value []byte) []byte
}

// NewHistorian makes a witness. index is the keyed hash (keys.Ring.Index) that
// emergency codes are derived and found by.
func NewHistorian(chronicle Chronicle, notices outbox, index func(table, column string, value []byte) []byte) *Historian {
	return &Historian{chronicle, notices, index}
}

// code derives the emergency code of a certificate; without the ring nobody
// can.
func (h *Historian) code(serial string) string {
	return codeOf(h.index("certificate", "emergency_code", []byte(serial)))
}

func (h *Historian) codeIndex(code string) []byte {
	return h.index("certificate", "emergency_index", []byte(code))
}

// Witness implements ca.Witness.
func (h *Historian) Witness(ctx context.Context, c ca.Change) error {
	r := c.Record
	if strings.Contains(r.SubscriberID, ":") { // the authority's own certificates are nobody's
		return nil
	}
	e := Event{ID: rand.Text(), Serial: r.Serial, SubscriberID: r.SubscriberID, At: c.At,
		Role: c.By.Role, Desk: r.Desk, Reason: ca.Reason(r.Reason), Other: c.Other}
	var err error
	if e.Act, err = h.happening(ctx, c); err != nil {
		return err
	}
	if err := h.chronicle.AddEvent(ctx, e); err != nil {
		return err
	}
	if c.From == ca.Pending {
		err := h.chronicle.BeginLife(ctx, r.Serial, NextReminder(r.NotAfter, c.At), h.codeIndex(h.code(r.Serial)))
		if err != nil {
			return err
		}
	}
	n, tell := noticeOf(e, r, c)
	if !tell {
		return nil
	}
	if err := h.outbox.Enqueue(ctx, n); err != nil {
		return fmt.Errorf("telling the customer: %w", err)
	}
	return nil
}

// happening names a change.
func (h *Historian) happening(ctx context.Context, c ca.Change) (Happening, error) {
	switch c.Record.State {
	case ca.Suspended:
		return Suspended, nil
	case ca.Expired:
		return Expired, nil
	case ca.Held:
		return Held, nil
	case ca.Revoked:
		if c.Other != "" && c.From != ca.Pending {
			return Replaced, nil
		}
		return Revoked, nil
	case ca.Valid, ca.Pending:
	}
	switch {
	case c.From != ca.Pending:
		return Resumed, nil
	case c.Other == "":
		return Issued, nil
	}
	old, err := h.chronicle.Certificate(ctx, c.Other)
	if err != nil {
		return "", fmt.Errorf("reading what was replaced: %w", err)
	}
	if c.Record.NotAfter.After(old.NotAfter) {
		return Renewed, nil
	}
	return Reissued, nil
}

// told says by which notice a happening is told, and whether it is urgent:
// what may be somebody else's doing, or takes a certificate away.
var told = map[Happening]struct {
	event  notice.Event
	urgent bool
}{
	Issued: {notice.Issued, true}, Renewed: {notice.Renewed, true}, Reissued: {notice.Reissued, true},
	Held: {notice.Suspended, true}, Suspended: {notice.Suspended, true}, Resumed: {notice.Resumed, true},
	Revoked: {notice.Revoked, true}, Expired: {notice.Expired, false},
}

// noticeOf gives the notice of an event. What is replaced is told by the notice
// of what replaces it.
func noticeOf(e Event, r ca.Record, c ca.Change) (notice.Notice, bool) {
	say, ok := told[e.Act]
	if !ok {
		return notice.Notice{}, false
	}
	facts := map[string]string{"by": string(e.By()), "until": seoul.Day(r.NotAfter)}
	key := string(say.event) + ":" + r.Serial + ":" + e.ID
	switch e.Act {
	case Suspended, Held:
		facts["desk"] = e.Desk
		if r.HoldUntil.Before(r.NotAfter) { // what has ended can't be resumed
			facts["until"] = seoul.Day(r.HoldUntil)
		}
		if e.Desk == DeskLost && c.By.Request != "" { // one act, one notice
			say.event, key = notice.Lost, "lost:"+r.SubscriberID+":"+c.By.Request
		}
	case Revoked:
		facts["reason"] = e.Reason.String()
		if (c.From == ca.Suspended || c.From == ca.Held) && e.Role == authz.System {
			say.event = notice.HeldEnded
		}
	default:
	}
	return notice.Notice{Key: key, SubscriberID: r.SubscriberID, Event: say.event, Serial: r.Serial, Kind: r.Kind,
		Facts: facts, Urgent: say.urgent, At: c.At}, true
}

// reminder is the notice that a certificate ends soon.
func reminder(r Reminder, at time.Time) notice.Notice {
	days := reminderOf(r.NotAfter, at)
	return notice.Notice{
		Key: "reminder:" + r.Serial + ":" + strconv.Itoa(days), SubscriberID: r.SubscriberID, Event: notice.Reminder,
		Serial: r.Serial, Kind: r.Kind, At: at,
		Facts: map[string]string{"until": seoul.Day(r.NotAfter), "days": strconv.Itoa(seoul.DaysUntil(at, r.NotAfter))},
	}
}

// History gives what happened to a person's certificates, the newest first, to
// who may see them.
func (s *Service) History(ctx context.Context, caller authz.Caller, subscriberID string) ([]Event, error) {
	if err := authz.Allow(caller, authz.ViewCertificate, subscriberID); err != nil {
		return nil, s.refused(ctx, caller, authz.ViewCertificate, "subscriber:"+subscriberID, err)
	}
	events, err := s.Chronicle.EventsOf(ctx, subscriberID)
	if err != nil {
		return nil, fmt.Errorf("reading a history: %w", err)
	}
	return events, nil
}
