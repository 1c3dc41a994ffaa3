package notice

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"sync"
	"time"

	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

// Rules of sending.
const (
	MaxTries = 10 // then a notice is dead

	firstPause = time.Minute // after the first failure; doubles with each
	lastPause  = 6 * time.Hour
	sendTime   = 20 * time.Second // bounds one hand-over
	claimTime  = 2 * time.Minute
	atOnce     = 8 // hand-overs side by side

	firstAsk = 10 * time.Second // for the receipt
	minAsk   = 30 * time.Second
	lastAsk  = 72 * time.Hour // after the sending; then none comes
)

// The numbered steps of sending, for tests that end the process after one.
const (
	StepClaimed  = iota + 1 // claimed, nothing sent
	StepReady               // addressed and composed
	StepSent                // taken over by the carrier, not settled
	StepSettled             // written down
	StepAsked               // the carrier told what became of a message, not settled
	StepReceived            // written down
)

// SenderConfig is what a Sender works with.
type SenderConfig struct {
	Outbox      Outbox
	Subscribers Register
	// Live says whether a certificate is still there to be renewed: a reminder
	// of one that is not is dropped. All are when nil.
	Live     func(ctx context.Context, serial string) (bool, error)
	Mails    Mailer // nil: the bank sends none
	Messages Messenger
	Now      func() time.Time
	Bank     string // title, as it signs
	URL      string // of the service, without a slash at its end
	// Claim is how long a claim lasts, by the database's clock: two minutes when
	// zero. It has to be well above the time that a hand-over takes, so that one
	// lapses only when its holder died or was stopped.
	Claim time.Duration
	// Problem hears, for the log, why a notice was not taken over; may be nil.
	Problem func(ctx context.Context, id string, f *Failure)
	Step    func(step int) // told after each numbered step; may be nil
}

// Sender takes notices out of the outbox and hands them to the carriers. Any
// number of them may work side by side, in one process or in many.
//
// A message is sent once: the carrier knows it by its key, so one that is taken
// over from a sender that died is not sent again. SMTP has nothing of the kind.
// Between a mail server's last reply and our settling lies a moment in which a
// death leaves it open whether the mail went; it is then sent again, with the
// same Message-ID, by which most mailboxes show it once.
type Sender struct{ SenderConfig }

// NewSender makes a Sender.
func NewSender(c SenderConfig) *Sender {
	if c.Problem == nil {
		c.Problem = func(context.Context, string, *Failure) {}
	}
	if c.Step == nil {
		c.Step = func(int) {}
	}
	if c.Claim == 0 {
		c.Claim = claimTime
	}
	return &Sender{c}
}

// Tally counts what became of notices.
type Tally struct{ Sent, Delivered, Retried, Dead, Dropped, Lost int }

func (t *Tally) add(o Outcome, held bool) {
	switch {
	case !held:
		t.Lost++ // another had taken it over
	case o.State == Sent:
		t.Sent++
	case o.State == Delivered:
		t.Delivered++
	case o.State == Waiting:
		t.Retried++
	case o.State == Dead:
		t.Dead++
	case o.State == Dropped:
		t.Dropped++
	}
}

// Any says whether anything was done.
func (t Tally) Any() bool { return t != Tally{} }

// Send sends whatever is due, until nothing is or ctx ends. What was claimed
// then is brought to its end. In the quiet hours only what is urgent is due.
func (s *Sender) Send(ctx context.Context) (Tally, error) {
	return s.work(ctx, Waiting, s.send)
}

// Receipts asks for the receipts that are due.
func (s *Sender) Receipts(ctx context.Context) (Tally, error) {
	return s.work(ctx, Sent, s.ask)
}

// work claims what is due, a handful at a time, and brings each to an outcome.
// An error of one doesn't keep the others: its claim lapses, and it is tried
// again.
func (s *Sender) work(ctx context.Context, state State, do func(context.Context, Entry, string) (Outcome, bool, error)) (Tally, error) {
	var total Tally
	for ctx.Err() == nil {
		now := s.Now()
		holder := rand.Text()
		claimed, err := s.Outbox.ClaimNotices(ctx, Claim{Holder: holder, State: state, Due: now, TTL: s.Claim,
			Most: atOnce, UrgentOnly: state == Waiting && Quiet(now)})
		if err != nil || len(claimed) == 0 {
			return total, err
		}
		if state == Waiting {
			s.Step(StepClaimed)
		}
		var mu sync.Mutex
		var wg sync.WaitGroup
		problems := make([]error, len(claimed))
		for i, e := range claimed {
			wg.Go(func() {
				// The service stopping is no reason to leave it half done.
				o, held, err := do(context.WithoutCancel(ctx), e, holder)
				mu.Lock()
				defer mu.Unlock()
				if problems[i] = err; err == nil {
					total.add(o, held)
				}
			})
		}
		wg.Wait()
		if err := errors.Join(problems...); err != nil {
			return total, err
		}
	}
	return total, nil
}

func (s *Sender) send(ctx context.Context, e Entry, holder string) (o Outcome, held bool, err error) {
	o, hand, err := s.prepare(ctx, e)
	if err != nil {
		return o, false, err
	}
	if hand != nil {
		s.Step(StepReady)
		// One that was stopped for long may have lost its claim meanwhile.
		if held, err := s.Outbox.HoldsNotice(ctx, e.ID, holder); err != nil || !held {
			return o, false, err
		}
		o = s.handOver(ctx, e, hand)
		s.Step(StepSent)
	}
	if held, err = s.Outbox.SettleNotice(ctx, e.ID, holder, o); err != nil {
		return o, false, fmt.Errorf("settling a notice: %w", err)
	}
	s.Step(StepSettled)
	return o, held, nil
}

// prepare gives what hands an entry over, or the outcome of one that is not to
// be sent any more.
func (s *Sender) prepare(ctx context.Context, e Entry) (Outcome, func(context.Context) (string, error), error) {
	drop := func(word string) (Outcome, func(context.Context) (string, error), error) {
		return Outcome{State: Dropped, Failure: word}, nil, nil
	}
	if e.Tries > MaxTries { // whoever tried died of it each time
		return Outcome{State: Dead, Failure: "tries"}, nil, nil
	}
	who, err := s.Subscribers.Subscriber(ctx, e.SubscriberID)
	switch {
	case errors.Is(err, subscriber.ErrUnknown):
		return drop("nobody")
	case err != nil:
		return Outcome{}, nil, fmt.Errorf("finding who is to be told: %w", err)
	case who.Deceased:
		return drop("deceased")
	}
	if over, err := s.over(ctx, e); err != nil || over {
		o, hand, _ := drop("over")
		return o, hand, err
	}
	choice, err := choiceOf(ctx, s.Outbox, e.SubscriberID)
	if err != nil {
		return Outcome{}, nil, err
	}
	text := Compose(e, choice.Lang, Letterhead{Bank: s.Bank, URL: s.URL, Name: who.Name}, s.Now())
	if e.Channel == Message {
		if who.Phone == "" {
			return drop("no-address")
		}
		return Outcome{}, func(ctx context.Context) (string, error) {
			return s.Messages.SendOnce(ctx, e.key(), who.Phone, text.Body)
		}, nil
	}
	if who.Mail == "" {
		return drop("no-address")
	}
	return Outcome{}, func(ctx context.Context) (string, error) {
		if s.Mails == nil { // it was there when the notice was written
			return "", &Failure{Word: "no-mail-server"}
		}
		return s.Mails.Mail(ctx, Letter{Key: e.key(), To: who.Mail, Text: text})
	}, nil
}

// over says whether a reminder is no longer true.
func (s *Sender) over(ctx context.Context, e Entry) (bool, error) {
	if e.Event != Reminder {
		return false, nil
	}
	if end, err := parseDay(e.Facts["until"]); err == nil && s.Now().After(end) {
		return true, nil
	}
	if s.Live == nil {
		return false, nil
	}
	live, err := s.Live(ctx, e.Serial)
	if err != nil {
		return false, fmt.Errorf("looking at the certificate of a reminder: %w", err)
	}
	return !live, nil
}

func (s *Sender) handOver(ctx context.Context, e Entry, hand func(context.Context) (string, error)) Outcome {
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	id, err := hand(ctx)
	now := s.Now()
	if err == nil {
		o := Outcome{State: Sent, CarrierID: id, SentAt: now}
		if e.Channel == Message {
			o.DueAt = now.Add(firstAsk)
		}
		return o
	}
	f := failureOf(err)
	s.Problem(ctx, e.ID, f)
	if f.Permanent || e.Tries >= MaxTries {
		return Outcome{State: Dead, Failure: f.Word}
	}
	due := now.Add(pause(e.Tries))
	if !e.Urgent {
		due = AfterQuiet(due)
	}
	return Outcome{State: Waiting, DueAt: due, Failure: f.Word}
}

// pause is how long to wait after so many tries: 1 minute, 2, 4 … 6 hours, each
// up to a quarter shorter or longer, so that what failed together is not tried
// together again.
func pause(tries int) time.Duration {
	d := min(firstPause<<min(max(tries-1, 0), 20), lastPause)
	return d*3/4 + time.Duration(mathrand.Int64N(int64(d/2)))
}

// ask asks what became of a message, and again later while it is on its way.
func (s *Sender) ask(ctx context.Context, e Entry, holder string) (o Outcome, held bool, err error) {
	asking, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	o = Outcome{State: Sent, CarrierID: e.CarrierID, SentAt: e.SentAt}
	receipt, failed := s.Messages.Receipt(asking, e.CarrierID)
	now := s.Now()
	age := now.Sub(e.SentAt)
	switch {
	case failed == nil && receipt.Arrival == Arrived:
		o.State, o.DeliveredAt = Delivered, receipt.At
	case failed == nil && receipt.Arrival == Undeliverable:
		o.State, o.Failure = Dead, "undeliverable"
	case age >= lastAsk:
		o.Failure = "no-receipt"
	default:
		o.DueAt = now.Add(min(max(age, minAsk), lastPause))
		if failed != nil {
			f := failureOf(failed)
			s.Problem(ctx, e.ID, f)
			o.Failure = f.Word
		}
	}
	s.Step(StepAsked)
	if held, err = s.Outbox.SettleNotice(ctx, e.ID, holder, o); err != nil {
		return o, false, fmt.Errorf("settling a receipt: %w", err)
	}
	s.Step(StepReceived)
	return o, held, nil
}
