package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/ingam-pki/ingam/internal/registration/notice"
)

// maxPart is how many rows one statement is about at the most: SQLite takes
// 32,766 values, PostgreSQL 65,535, and a notice has 19.
const maxPart = 500

// inParts calls fn for parts of a list that fit into one statement.
func inParts[T any](all []T, fn func(part []T) error) error {
	for len(all) > 0 {
		n := min(len(all), maxPart)
		if err := fn(all[:n]); err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}

// listed gives the marks of an IN for texts, and all arguments: the first ones
// stand before them.
func listed(texts []string, first ...any) (marks string, args []any) {
	args = first
	list := make([]string, len(texts))
	for i, text := range texts {
		args = append(args, text)
		list[i] = fmt.Sprintf("$%d", len(args))
	}
	return strings.Join(list, ", "), args
}

// NoticeChoices gives how persons want to be told, of those who chose.
func (s *Store) NoticeChoices(ctx context.Context, subscriberIDs []string) (map[string]notice.Choice, error) {
	found := make(map[string]notice.Choice)
	err := inParts(subscriberIDs, func(part []string) error {
		marks, args := listed(part)
		return s.each(ctx, `SELECT subscriber_id, mail, message, lang FROM notice_preference WHERE subscriber_id IN (`+marks+`)`, args,
			func(row scanner) error {
				var id string
				var mail, message int64
				var c notice.Choice
				err := row.Scan(&id, &mail, &message, &c.Lang)
				c.Mail, c.Message = mail != 0, message != 0
				found[id] = c
				return err
			})
	})
	if err != nil {
		return nil, fmt.Errorf("finding choices of notices: %w", err)
	}
	return found, nil
}

// Reachable says by what persons can be reached. Nothing else of them is opened.
func (s *Store) Reachable(ctx context.Context, ids []string) (map[string]notice.Reach, error) {
	found := make(map[string]notice.Reach, len(ids))
	err := inParts(ids, func(part []string) error {
		marks, args := listed(part)
		return s.each(ctx, `SELECT id, phone, mail FROM subscriber WHERE id IN (`+marks+`)`, args, func(row scanner) error {
			var id string
			var phone, mail []byte
			if err := row.Scan(&id, &phone, &mail); err != nil {
				return err
			}
			x := s.sealer("subscriber", id)
			found[id] = notice.Reach{Phone: len(x.open("phone", phone)) > 0, Mail: len(x.open("mail", mail)) > 0}
			return x.err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("finding by what to reach: %w", err)
	}
	return found, nil
}

// AddNotices stores entries of whose key and channel there are none.
func (s *Store) AddNotices(ctx context.Context, entries []notice.Entry) error {
	err := inParts(entries, func(part []notice.Entry) error {
		var args []any
		rows := make([]string, len(part))
		for i, e := range part {
			values, err := noticeValues(e)
			if err != nil {
				return err
			}
			marks := make([]string, len(values))
			for j := range values {
				marks[j] = fmt.Sprintf("$%d", len(args)+j+1)
			}
			args = append(args, values...)
			rows[i] = "(" + strings.Join(marks, ", ") + ", '', 0)"
		}
		_, err := s.exec(ctx, `INSERT INTO notice (`+noticeColumns+`, holder, held_until) VALUES `+strings.Join(rows, ", ")+`
			ON CONFLICT (dedupe, channel) DO NOTHING`, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("adding notices: %w", err)
	}
	return nil
}

// noticeValues gives an entry in the order of noticeColumns.
func noticeValues(e notice.Entry) ([]any, error) {
	facts := ""
	if len(e.Facts) > 0 {
		text, err := json.Marshal(e.Facts)
		if err != nil {
			return nil, fmt.Errorf("encoding facts: %w", err)
		}
		facts = string(text)
	}
	return []any{e.ID, e.Key, string(e.Channel), e.SubscriberID, string(e.Event), e.Serial, string(e.Kind), facts, flag(e.Urgent),
		e.At.UnixMicro(), e.CreatedAt.UnixMicro(), micros(e.DueAt), e.Tries, e.Round, string(e.State), e.CarrierID,
		micros(e.SentAt), micros(e.DeliveredAt), e.Failure}, nil
}
