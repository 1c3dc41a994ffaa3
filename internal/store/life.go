package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
)

var (
	_ lifecycle.Chronicle = (*Store)(nil)
	_ lifecycle.People    = (*Store)(nil)
	_ lifecycle.Clockwork = (*Store)(nil)
)

// AddEvent adds a line to a certificate's history.
func (s *Store) AddEvent(ctx context.Context, e lifecycle.Event) error {
	_, err := s.exec(ctx, `INSERT INTO certificate_event (id, serial, subscriber_id, at, act, role, desk, reason, other)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		e.ID, e.Serial, e.SubscriberID, e.At.UnixMicro(), string(e.Act), string(e.Role), e.Desk, int(e.Reason), e.Other)
	if err != nil {
		return fmt.Errorf("adding to a history: %w", err)
	}
	return nil
}

// EventsOf gives what happened to a person's certificates, the newest first.
func (s *Store) EventsOf(ctx context.Context, subscriberID string) ([]lifecycle.Event, error) {
	var events []lifecycle.Event
	err := s.each(ctx, `SELECT id, serial, subscriber_id, at, act, role, desk, reason, other FROM certificate_event
		WHERE subscriber_id = $1 ORDER BY at DESC, id DESC`, []any{subscriberID}, func(row scanner) error {
		var e lifecycle.Event
		err := row.Scan(&e.ID, &e.Serial, &e.SubscriberID, clock{&e.At}, &e.Act, &e.Role, &e.Desk, &e.Reason, &e.Other)
		events = append(events, e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading a history: %w", err)
	}
	return events, nil
}

// BeginLife notes when the owner of a certificate is to be reminded, and by
// which keyed hash its emergency code is found.
func (s *Store) BeginLife(ctx context.Context, serial string, remindAt time.Time, codeIndex []byte) error {
	_, err := s.exec(ctx, `UPDATE certificate SET remind_at = $2, emergency_index = $3 WHERE serial = $1`,
		serial, micros(remindAt), codeIndex)
	if err != nil {
		return fmt.Errorf("beginning a certificate's life: %w", err)
	}
	return nil
}

// LiveOf gives the certificates of a person that are valid, suspended or held,
// in order of serial, and locks them until the transaction ends.
func (s *Store) LiveOf(ctx context.Context, subscriberID string) ([]ca.Record, error) {
	return s.certificates(ctx, `WHERE subscriber_id = $1 AND state IN ('held', 'valid', 'suspended') ORDER BY serial`+
		s.forUpdate(ctx), subscriberID)
}

// AbandonOpen ends the open applications of a person. One for which the
// authority has begun goes on: its certificate comes in any case.
func (s *Store) AbandonOpen(ctx context.Context, subscriberID string, at time.Time) ([]string, error) {
	var ids []string
	// First the locks: whether the authority has begun is to be seen after they
	// are had.
	err := s.each(ctx, `SELECT id FROM application WHERE subscriber_id = $1 AND state IN `+openStates+` ORDER BY id`+s.forUpdate(ctx),
		[]any{subscriberID}, func(scanner) error { return nil })
	if err != nil {
		return nil, fmt.Errorf("finding open applications: %w", err)
	}
	err = s.rows(ctx, `UPDATE application SET state = 'abandoned', revision = revision + 1, updated_at = $2
		WHERE subscriber_id = $1 AND state IN `+openStates+`
		AND NOT EXISTS (SELECT 1 FROM certificate WHERE certificate.application_id = application.id) RETURNING id`,
		[]any{subscriberID, at.UnixMicro()}, func(row scanner) error {
			var id string
			err := row.Scan(&id)
			ids = append(ids, id)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("ending applications: %w", err)
	}
	return ids, nil
}

// ByEmergencyCode gives whose emergency code has a keyed hash.
func (s *Store) ByEmergencyCode(ctx context.Context, index []byte) (subscriberID string, err error) {
	found, err := s.get(ctx, `SELECT subscriber_id FROM certificate WHERE emergency_index = $1`, []any{index}, &subscriberID)
	if err != nil {
		return "", fmt.Errorf("finding an emergency code: %w", err)
	}
	if !found {
		return "", lifecycle.ErrNoCode
	}
	return subscriberID, nil
}

// Overdue gives up to limit serials of certificates whose end, or the end of
// whose suspension, lies before a moment.
func (s *Store) Overdue(ctx context.Context, at time.Time, limit int) ([]string, error) {
	var serials []string
	err := s.each(ctx, `SELECT serial FROM (SELECT serial FROM certificate
			WHERE state IN ('held', 'valid', 'suspended') AND not_after < $1 ORDER BY not_after LIMIT $2) AS ended
		UNION SELECT serial FROM (SELECT serial FROM certificate
			WHERE state IN ('held', 'suspended') AND hold_until < $1 ORDER BY hold_until LIMIT $2) AS held
		ORDER BY serial LIMIT $2`, []any{at.UnixMicro(), limit}, func(row scanner) error {
		var serial string
		err := row.Scan(&serial)
		serials = append(serials, serial)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("finding what is over: %w", err)
	}
	return serials, nil
}

// DueReminders gives up to limit valid certificates whose reminder is due, and
// locks them; those that somebody else has locked are passed over.
func (s *Store) DueReminders(ctx context.Context, at time.Time, limit int) ([]lifecycle.Reminder, error) {
	var due []lifecycle.Reminder
	err := s.each(ctx, `SELECT serial, subscriber_id, kind, not_after FROM certificate
		WHERE state = 'valid' AND remind_at <= $1 AND not_after >= $1 ORDER BY remind_at LIMIT $2`+s.engine.skipLocked(),
		[]any{at.UnixMicro(), limit}, func(row scanner) error {
			var r lifecycle.Reminder
			err := row.Scan(&r.Serial, &r.SubscriberID, &r.Kind, clock{&r.NotAfter})
			due = append(due, r)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("finding reminders: %w", err)
	}
	return due, nil
}

// SetReminders notes when the next reminder of certificates is due; never, when
// at is zero.
func (s *Store) SetReminders(ctx context.Context, serials []string, at time.Time) error {
	err := inParts(serials, func(part []string) error {
		marks, args := listed(part, micros(at))
		_, err := s.exec(ctx, `UPDATE certificate SET remind_at = $1 WHERE serial IN (`+marks+`)`, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("setting reminders: %w", err)
	}
	return nil
}
