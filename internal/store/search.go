package store

import (
	"context"
	"fmt"

	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

// nameIndex is the keyed hash by which a name with a birth date is found. Names
// are the same that a clerk would call so.
func (s *Store) nameIndex(name, birth string) []byte {
	return s.ring.Index("subscriber", "name_birth", []byte(proofing.NameKey(name)+"\x00"+birth))
}

// phoneIndex is the keyed hash by which a phone number is found; nil, which is
// NULL, for none.
func (s *Store) phoneIndex(phone string) any {
	if phone == "" {
		return nil
	}
	return s.ring.Index("subscriber", "phone", []byte(phone))
}

// FindSubscribers gives up to limit subscribers of a name and birth date, or of a
// phone number, in order of customer number. What is asked by neither finds
// nobody.
func (s *Store) FindSubscribers(ctx context.Context, q subscriber.Query, limit int) ([]subscriber.Subscriber, error) {
	var column string
	var value any
	switch {
	case q.Name != "":
		column, value = "name_birth_index", s.nameIndex(q.Name, q.Birth)
	case q.Phone != "":
		column, value = "phone_index", s.phoneIndex(q.Phone)
	default:
		return nil, nil
	}
	var rows []subscriberRow
	err := s.each(ctx, `SELECT `+subscriberColumns+` FROM subscriber WHERE `+column+` = $1 ORDER BY customer_number LIMIT $2`,
		[]any{value, max(0, limit)}, func(sc scanner) error {
			var row subscriberRow
			err := sc.Scan(row.into()...)
			rows = append(rows, row)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("searching subscribers: %w", err)
	}
	found := make([]subscriber.Subscriber, len(rows))
	for i := range rows {
		if found[i], err = rows[i].open(s); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// IndexSubscribers gives what they are searched by to subscribers of older
// versions, batch rows to a transaction, and says how many that were. It may be
// stopped and called again, and finds at once that there is nothing to do.
func (s *Store) IndexSubscribers(ctx context.Context, batch int) (rows int, err error) {
	for after, done := "", false; !done; {
		var n int
		if n, after, err = s.indexSubscribers(ctx, after, max(1, batch)); err != nil {
			return rows, fmt.Errorf("indexing subscribers: %w", err)
		}
		rows += n
		done = n == 0
	}
	return rows, nil
}

// indexSubscribers does the batch of rows whose ids follow after.
func (s *Store) indexSubscribers(ctx context.Context, after string, batch int) (n int, last string, err error) {
	err = s.InTx(ctx, func(ctx context.Context) error {
		n, last = 0, after // the transaction may be run again
		var page []subscriberRow
		err := s.each(ctx, `SELECT `+subscriberColumns+` FROM subscriber WHERE name_birth_index IS NULL AND id > $1
			ORDER BY id LIMIT $2`+s.forUpdate(ctx), []any{after, batch}, func(sc scanner) error {
			var row subscriberRow
			err := sc.Scan(row.into()...)
			page = append(page, row)
			return err
		})
		if err != nil {
			return err
		}
		for i := range page {
			p, err := page[i].open(s)
			if err != nil {
				return fmt.Errorf("subscriber %s: %w", page[i].ID, err)
			}
			if err := s.touchOne(ctx, `UPDATE subscriber SET name_birth_index = $2, phone_index = $3 WHERE id = $1`,
				p.ID, s.nameIndex(p.Name, p.Birth), s.phoneIndex(p.Phone)); err != nil {
				return err
			}
			n, last = n+1, p.ID
		}
		return nil
	})
	return n, last, err
}
