package lifecycle

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/authz"
)

// Older is a certificate that was issued by a version that kept no lives: it
// would never be reminded of, its emergency code would find nobody, and a
// suspension would have no desk to end it and no end.
type Older struct {
	Serial       string
	SubscriberID string
	State        ca.State
	NotBefore    time.Time
	NotAfter     time.Time
	IssuedAt     time.Time
	ChangedAt    time.Time
	Reason       ca.Reason
	Desk         string
	Known        bool // it has a history already
}

// Adoption is what such a certificate is given.
type Adoption struct {
	Serial    string
	RemindAt  time.Time // zero: never
	CodeIndex []byte
	Desk      string    // empty: it is not suspended
	HoldUntil time.Time // zero: likewise
}

// adoptBatch is how many certificates one transaction adopts.
const adoptBatch = 200

// Adopt gives all older certificates what BeginLife gives the others, a batch to
// a transaction, and says how many that were. It may be stopped and called
// again, and finds at once that there is nothing to do. What was suspended then,
// the bank has: for six months, as the rule says, from that day on.
func (s *Service) Adopt(ctx context.Context, system authz.Caller) (adopted int, err error) {
	for after := ""; ; {
		var n int
		err := s.Tx.InTx(ctx, func(ctx context.Context) error {
			n = 0 // the transaction may be run again
			if err := authz.Allow(system, authz.AdoptCertificate, ""); err != nil {
				return err
			}
			older, err := s.Clockwork.Older(ctx, after, adoptBatch)
			if err != nil || len(older) == 0 {
				return err
			}
			if err := s.Log.Record(ctx, system, authz.AdoptCertificate, "certificates", "certificates", strconv.Itoa(len(older)),
				"from", older[0].Serial, "to", older[len(older)-1].Serial); err != nil {
				return fmt.Errorf("recording an adoption: %w", err)
			}
			for _, o := range older {
				if err := s.adopt(ctx, o); err != nil {
					return err
				}
			}
			n, after = len(older), older[len(older)-1].Serial
			return nil
		})
		if err != nil {
			return adopted, s.refused(ctx, system, authz.AdoptCertificate, "certificates", err)
		}
		adopted += n
		if n < adoptBatch {
			return adopted, nil
		}
	}
}

func (s *Service) adopt(ctx context.Context, o Older) error {
	// Of the reminders that nobody got, the sweep sends the nearest.
	a := Adoption{Serial: o.Serial, RemindAt: NextReminder(o.NotAfter, o.NotBefore),
		CodeIndex: s.Historian.codeIndex(s.Historian.code(o.Serial))}
	if (o.State == ca.Suspended || o.State == ca.Held) && o.Desk == "" {
		a.Desk, a.HoldUntil = DeskBank, ca.SuspendedUntil(o.ChangedAt)
	}
	if err := s.Clockwork.Adopt(ctx, a); err != nil {
		return err
	}
	for _, e := range o.history(a.Desk) {
		if err := s.Chronicle.AddEvent(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// history is what is known to have happened to an older certificate: customers
// had it issued, and only the bank could do more.
func (o Older) history(desk string) []Event {
	event := Event{ID: rand.Text(), Serial: o.Serial, SubscriberID: o.SubscriberID, At: o.IssuedAt, Act: Issued, Role: authz.Customer}
	if o.Known {
		return nil
	}
	last := Event{ID: rand.Text(), Serial: o.Serial, SubscriberID: o.SubscriberID, At: o.ChangedAt, Role: authz.Operator, Desk: desk, Reason: o.Reason}
	switch o.State {
	case ca.Suspended:
		last.Act = Suspended
	case ca.Held:
		last.Act = Held
	case ca.Revoked:
		last.Act = Revoked
	case ca.Expired:
		last.Act = Expired
	case ca.Pending, ca.Valid:
		return []Event{event}
	}
	return []Event{event, last}
}
