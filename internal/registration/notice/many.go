package notice

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"
)

// Reach says by what the bank can reach a person.
type Reach struct{ Mail, Phone bool }

// EnqueueAll is Enqueue for many at once, in a few statements instead of some
// for each. It may be given a few hundred.
func (s *Service) EnqueueAll(ctx context.Context, notices []Notice) error {
	ids := make([]string, 0, len(notices))
	seen := make(map[string]bool, len(notices))
	for _, n := range notices {
		if err := n.check(); err != nil {
			return err
		}
		if id := n.SubscriberID; id != "" && !seen[id] {
			ids, seen[id] = append(ids, id), true
		}
	}
	if len(ids) == 0 {
		return nil
	}
	chosen, err := s.Outbox.NoticeChoices(ctx, ids)
	if err != nil {
		return fmt.Errorf("reading choices of notices: %w", err)
	}
	reach, err := s.Subscribers.Reachable(ctx, ids)
	if err != nil {
		return fmt.Errorf("finding who is to be told: %w", err)
	}
	now := s.Now()
	var entries []Entry
	for _, n := range notices {
		if n.SubscriberID == "" {
			continue
		}
		choice, made := chosen[n.SubscriberID]
		if !made {
			choice = DefaultChoice
		}
		by := reach[n.SubscriberID]
		who := Preferences{Choice: choice, CanMail: s.Mail && by.Mail, CanMessage: by.Phone}
		entries = append(entries, n.entries(who, now)...)
	}
	if err := s.Outbox.AddNotices(ctx, entries); err != nil {
		return fmt.Errorf("adding notices: %w", err)
	}
	return nil
}

// entries gives what is to stand in the outbox for a person.
func (n Notice) entries(who Preferences, now time.Time) []Entry {
	e := Entry{Notice: n, CreatedAt: now, DueAt: now, State: Waiting}
	if !n.Urgent {
		e.DueAt = AfterQuiet(now)
	}
	channels := who.channels(n.Urgent)
	if len(channels) == 0 {
		channels = []Channel{Message}
		e.State, e.DueAt, e.Failure = Dropped, time.Time{}, "no-address"
	}
	all := make([]Entry, len(channels))
	for i, channel := range channels {
		e.ID, e.Channel = rand.Text(), channel
		all[i] = e
	}
	return all
}
