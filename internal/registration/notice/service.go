package notice

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/pki/npki"
)

// Bounds of what a notice may hold, and of what is listed.
const (
	maxKey    = 200 // bytes
	maxFacts  = 8
	maxFact   = 64 // bytes, of a name and of a value
	maxShown  = 100
	maxListed = 1000
)

// errMalformed says that a notice is not one: a defect of the caller.
var errMalformed = errors.New("notice: malformed")

// recorder is the audit log.
type recorder interface {
	Record(ctx context.Context, caller authz.Caller, act authz.Act, object string, detail ...string) error
	Refuse(ctx context.Context, caller authz.Caller, act authz.Act, object string, outcome audit.Outcome, err error) error
}

// Config is what a Service works with.
type Config struct {
	Tx          proofing.Transactor
	Outbox      Outbox
	Subscribers Register
	Log         recorder
	Now         func() time.Time
	Mail        bool // the bank sends mails; without, messages only
}

// Service writes notices into the outbox, and answers questions about them. It
// sends nothing: a Sender does.
type Service struct{ Config }

// New makes a Service. It can be made early: it needs no client of a carrier.
func New(c Config) *Service { return &Service{c} }

// Enqueue writes a notice for each channel of the person's choice into the
// outbox, in the caller's transaction. Of a Key and channel the first stays and
// later ones are passed over, so it may be called again. A certificate of
// nobody (no SubscriberID) tells nobody. It is no act of its own: the act that
// it tells of has been authorised and recorded. Whoever can't be reached at all
// leaves an entry that is dropped, for the operator to see.
func (s *Service) Enqueue(ctx context.Context, n Notice) error {
	if err := n.check(); err != nil {
		return err
	}
	if n.SubscriberID == "" {
		return nil
	}
	who, err := s.preferences(ctx, n.SubscriberID)
	if err != nil {
		return err
	}
	for _, e := range n.entries(who, s.Now()) {
		if _, err := s.Outbox.AddNotice(ctx, e); err != nil {
			return fmt.Errorf("adding a notice: %w", err)
		}
	}
	return nil
}

// check bounds what goes into the outbox.
func (n Notice) check() error {
	if n.Key == "" || len(n.Key) > maxKey || len(n.Facts) > maxFacts || len(n.Serial) > 64 || n.At.IsZero() {
		return fmt.Errorf("%w: key, serial, facts or time", errMalformed)
	}
	if _, known := wordings[n.Event]; !known {
		return fmt.Errorf("%w: event %q", errMalformed, n.Event)
	}
	for name, value := range n.Facts {
		if name == "" || len(name) > maxFact || len(value) > maxFact {
			return fmt.Errorf("%w: a fact", errMalformed)
		}
	}
	if until, ok := n.Facts["until"]; ok {
		if _, err := parseDay(until); err != nil {
			return fmt.Errorf("%w: until is no day", errMalformed)
		}
	}
	return nil
}

// Told is a notice as the person sees it.
type Told struct {
	Event       Event
	Channel     Channel
	Serial      string
	Kind        npki.Kind
	At          time.Time // when it happened
	State       State
	SentAt      time.Time // zero while it waits
	DeliveredAt time.Time // zero where nothing is known
}

// Notices gives what a person was told, newest first, at most 100.
func (s *Service) Notices(ctx context.Context, caller authz.Caller, subscriberID string) ([]Told, error) {
	if err := authz.Allow(caller, authz.ViewNotices, subscriberID); err != nil {
		return nil, s.refused(ctx, caller, authz.ViewNotices, subscriberID, err)
	}
	entries, err := s.Outbox.NoticesOf(ctx, subscriberID, maxShown)
	if err != nil {
		return nil, fmt.Errorf("reading notices: %w", err)
	}
	told := make([]Told, len(entries))
	for i, e := range entries {
		told[i] = Told{Event: e.Event, Channel: e.Channel, Serial: e.Serial, Kind: e.Kind, At: e.At,
			State: e.State, SentAt: e.SentAt, DeliveredAt: e.DeliveredAt}
	}
	return told, nil
}

// List gives the operator the oldest notices of a state, at most 1000.
func (s *Service) List(ctx context.Context, caller authz.Caller, state State, most int) ([]Entry, error) {
	if err := authz.Allow(caller, authz.ViewNotices, ""); err != nil {
		return nil, s.refused(ctx, caller, authz.ViewNotices, "", err)
	}
	entries, err := s.Outbox.NoticesIn(ctx, state, min(max(most, 1), maxListed))
	if err != nil {
		return nil, fmt.Errorf("reading notices: %w", err)
	}
	return entries, nil
}

// Retry lets dead notices wait again; all of them or, when one is not dead,
// none (ErrNotDead). For a carrier each is a new one from then on.
func (s *Service) Retry(ctx context.Context, caller authz.Caller, ids ...string) error {
	_, err := s.retry(ctx, caller, ids, false)
	return err
}

// RetryAll lets all notices wait again that are dead when it begins, and says
// how many that were.
func (s *Service) RetryAll(ctx context.Context, caller authz.Caller) (revived int, err error) {
	seen := make(map[string]bool) // one may die anew meanwhile
	for {
		dead, err := s.List(ctx, caller, Dead, maxListed)
		if err != nil {
			return revived, err
		}
		var ids []string
		for _, e := range dead {
			if !seen[e.ID] {
				ids, seen[e.ID] = append(ids, e.ID), true
			}
		}
		if len(ids) == 0 {
			return revived, nil
		}
		n, err := s.retry(ctx, caller, ids, true)
		revived += n
		if err != nil {
			return revived, err
		}
	}
}

// retry does it in one transaction. One that is not dead any more is passed
// over, or refuses them all.
func (s *Service) retry(ctx context.Context, caller authz.Caller, ids []string, passOver bool) (revived int, err error) {
	err = authz.Allow(caller, authz.RetryNotices, "")
	if err == nil {
		err = s.Tx.InTx(ctx, func(ctx context.Context) error {
			revived = 0
			for _, id := range ids {
				if err := s.Log.Record(ctx, caller, authz.RetryNotices, "notice:"+id); err != nil {
					return fmt.Errorf("recording a retry: %w", err)
				}
				switch err := s.Outbox.ReviveNotice(ctx, id, s.Now()); {
				case errors.Is(err, ErrNoNotice) && passOver:
				case errors.Is(err, ErrNoNotice):
					return ErrNotDead.With(err, "id", id)
				case err != nil:
					return fmt.Errorf("reviving a notice: %w", err)
				default:
					revived++
				}
			}
			return nil
		})
	}
	if err != nil {
		return 0, s.refused(ctx, caller, authz.RetryNotices, "", err)
	}
	return revived, nil
}

// refused writes down that an act was not done.
func (s *Service) refused(ctx context.Context, caller authz.Caller, act authz.Act, subscriberID string, err error) error {
	if fault.Of(err).Fault == fault.Unexpected {
		return err
	}
	outcome := audit.Refused
	if errors.Is(err, authz.ErrForbidden) {
		outcome = audit.Denied
	}
	// One who hangs up is written down all the same.
	if e := s.Log.Refuse(context.WithoutCancel(ctx), caller, act, object(subscriberID), outcome, err); e != nil {
		return fmt.Errorf("recording a refusal: %w", e)
	}
	return err
}

func object(subscriberID string) string {
	if subscriberID == "" {
		return "notices"
	}
	return "subscriber:" + subscriberID
}

func roundText(n int) string { return strconv.Itoa(n) }
