package store

import (
	"context"
	"fmt"

	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
)

// Older gives up to limit certificates that were issued before their lives were
// kept, in order of serial from after on, and locks them until the transaction
// ends. The authority's own are nobody's.
func (s *Store) Older(ctx context.Context, after string, limit int) ([]lifecycle.Older, error) {
	var found []lifecycle.Older
	err := s.each(ctx, `SELECT serial, subscriber_id, state, not_before, not_after, issued_at, changed_at, reason, desk,
			EXISTS (SELECT 1 FROM certificate_event e WHERE e.subscriber_id = certificate.subscriber_id AND e.serial = certificate.serial)
		FROM certificate WHERE emergency_index IS NULL AND issued_at IS NOT NULL AND subscriber_id NOT LIKE '%:%' AND serial > $1
		ORDER BY serial LIMIT $2`+s.forUpdate(ctx), []any{after, limit}, func(row scanner) error {
		var o lifecycle.Older
		err := row.Scan(&o.Serial, &o.SubscriberID, &o.State, clock{&o.NotBefore}, clock{&o.NotAfter}, clock{&o.IssuedAt},
			clock{&o.ChangedAt}, &o.Reason, &o.Desk, &o.Known)
		found = append(found, o)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("finding older certificates: %w", err)
	}
	return found, nil
}

// Adopt is BeginLife for one of Older, and says where and until when it is
// suspended, unless that is known.
func (s *Store) Adopt(ctx context.Context, a lifecycle.Adoption) error {
	_, err := s.exec(ctx, `UPDATE certificate SET remind_at = $2, emergency_index = $3,
		desk = CASE WHEN desk = '' THEN $4 ELSE desk END, hold_until = COALESCE(hold_until, $5)
		WHERE serial = $1 AND emergency_index IS NULL`, a.Serial, micros(a.RemindAt), a.CodeIndex, a.Desk, micros(a.HoldUntil))
	if err != nil {
		return fmt.Errorf("adopting a certificate: %w", err)
	}
	return nil
}
