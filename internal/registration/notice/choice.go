package notice

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

// Choice is how a person wants to be told. What is urgent goes by every
// channel all the same.
type Choice struct {
	Mail, Message bool
	Lang          string // "ko" or "en"
}

// DefaultChoice is that of one who made none.
var DefaultChoice = Choice{Mail: true, Message: true, Lang: "ko"}

// Preferences is a person's choice, and what there is to choose from.
type Preferences struct {
	Choice
	CanMail, CanMessage bool // the bank has an address, and sends such
}

// Preferences gives a person's choice.
func (s *Service) Preferences(ctx context.Context, caller authz.Caller, subscriberID string) (Preferences, error) {
	if err := authz.Allow(caller, authz.ViewNotices, subscriberID); err != nil {
		return Preferences{}, s.refused(ctx, caller, authz.ViewNotices, subscriberID, err)
	}
	return s.preferences(ctx, subscriberID)
}

// SetPreferences changes it. ErrNoChannel, ErrNoAddress and ErrLanguage say
// what is wrong with one.
func (s *Service) SetPreferences(ctx context.Context, caller authz.Caller, subscriberID string, c Choice) error {
	err := authz.Allow(caller, authz.ChooseNotices, subscriberID)
	if err == nil {
		err = s.Tx.InTx(ctx, func(ctx context.Context) error {
			if err := s.Log.Record(ctx, caller, authz.ChooseNotices, object(subscriberID),
				"mail", strconv.FormatBool(c.Mail), "message", strconv.FormatBool(c.Message), "lang", languageFor(c.Lang)); err != nil {
				return fmt.Errorf("recording a choice of notices: %w", err)
			}
			now, err := s.preferences(ctx, subscriberID)
			if err != nil {
				return err
			}
			reached := c.Mail && now.CanMail || c.Message && now.CanMessage
			switch {
			case !c.Mail && !c.Message:
				return ErrNoChannel
			case !reached:
				return ErrNoAddress
			case c.Lang != "ko" && c.Lang != "en":
				return ErrLanguage
			}
			return s.Outbox.SaveNoticeChoice(ctx, subscriberID, c, s.Now())
		})
	}
	if err != nil {
		return s.refused(ctx, caller, authz.ChooseNotices, subscriberID, err)
	}
	return nil
}

// languageFor keeps what somebody sent out of the audit log.
func languageFor(lang string) string {
	if lang == "ko" || lang == "en" {
		return lang
	}
	return "other"
}

func (s *Service) preferences(ctx context.Context, subscriberID string) (Preferences, error) {
	choice, err := choiceOf(ctx, s.Outbox, subscriberID)
	if err != nil {
		return Preferences{}, err
	}
	who, err := s.Subscribers.Subscriber(ctx, subscriberID)
	if err != nil && !errors.Is(err, subscriber.ErrUnknown) {
		return Preferences{}, fmt.Errorf("finding who is to be told: %w", err)
	}
	return Preferences{Choice: choice, CanMail: s.Mail && who.Mail != "", CanMessage: who.Phone != ""}, nil
}

func choiceOf(ctx context.Context, outbox Outbox, subscriberID string) (Choice, error) {
	choice, err := outbox.NoticeChoice(ctx, subscriberID)
	if errors.Is(err, ErrNoChoice) {
		return DefaultChoice, nil
	}
	if err != nil {
		return Choice{}, fmt.Errorf("reading a choice of notices: %w", err)
	}
	return choice, nil
}

// channels gives those by which a person is told. What they chose and can't be
// reached by is passed over; when that leaves none, another way is taken rather
// than silence.
func (p Preferences) channels(urgent bool) []Channel {
	var chosen, possible []Channel
	for _, c := range []struct {
		channel   Channel
		want, can bool
	}{{Mail, p.Mail, p.CanMail}, {Message, p.Message, p.CanMessage}} {
		if c.can {
			possible = append(possible, c.channel)
			if c.want {
				chosen = append(chosen, c.channel)
			}
		}
	}
	if urgent || len(chosen) == 0 {
		return possible
	}
	return chosen
}
