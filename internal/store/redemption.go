package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ingam-pki/ingam/internal/registration/redeem"
)

var _ redeem.Register = (*Store)(nil)

const pairColumns = `reference_index, application_id, code_hash, way, handed_by, handed_at, until, wrong, generation,
	opened_at, spent_at`

// AddPair stores a reference number and its code, as keyed hashes. A number that
// is taken is ErrReferenceUsed, and the transaction may go on.
func (s *Store) AddPair(ctx context.Context, p redeem.Pair) error {
	n, err := s.exec(ctx, `INSERT INTO redemption (`+pairColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (reference_index) DO NOTHING`,
		p.Reference, p.Application, p.Code, string(p.By), p.HandedBy, p.HandedAt.UnixMicro(), p.Until.UnixMicro(), p.Wrong,
		p.Generation, micros(p.OpenedAt), micros(p.SpentAt))
	if err != nil {
		return fmt.Errorf("storing a reference number: %w", err)
	}
	if n == 0 {
		return redeem.ErrReferenceUsed
	}
	return nil
}

// PairBy finds by the keyed hash of the reference number.
func (s *Store) PairBy(ctx context.Context, reference []byte) (redeem.Pair, error) {
	found, err := s.pairs(ctx, `WHERE reference_index = $1`, reference)
	if err != nil {
		return redeem.Pair{}, err
	}
	if len(found) == 0 {
		return redeem.Pair{}, redeem.ErrNoPair
	}
	return found[0], nil
}

// PairsOf gives the pairs of an application, the newest first, and locks them
// when ctx carries a transaction.
func (s *Store) PairsOf(ctx context.Context, applicationID string) ([]redeem.Pair, error) {
	return s.pairs(ctx, `WHERE application_id = $1 ORDER BY generation DESC`+s.forUpdate(ctx), applicationID)
}

// SavePair stores what was tried and opened with a pair; ErrNoPair when it is
// gone.
func (s *Store) SavePair(ctx context.Context, p redeem.Pair) error {
	n, err := s.exec(ctx, `UPDATE redemption SET wrong = $2, generation = $3, opened_at = $4 WHERE reference_index = $1`,
		p.Reference, p.Wrong, p.Generation, micros(p.OpenedAt))
	if err != nil {
		return fmt.Errorf("saving a reference number: %w", err)
	}
	if n == 0 {
		return redeem.ErrNoPair
	}
	return nil
}

// DropPair forgets a pair that reached nobody; none is no error.
func (s *Store) DropPair(ctx context.Context, reference []byte) error {
	if _, err := s.exec(ctx, `DELETE FROM redemption WHERE reference_index = $1`, reference); err != nil {
		return fmt.Errorf("dropping a reference number: %w", err)
	}
	return nil
}

// SpendPairs marks the pairs of an application as spent, unless they are.
func (s *Store) SpendPairs(ctx context.Context, applicationID string, at time.Time) error {
	_, err := s.exec(ctx, `UPDATE redemption SET spent_at = $2 WHERE application_id = $1 AND spent_at IS NULL`,
		applicationID, at.UnixMicro())
	if err != nil {
		return fmt.Errorf("spending reference numbers: %w", err)
	}
	return nil
}

func (s *Store) pairs(ctx context.Context, where string, args ...any) ([]redeem.Pair, error) {
	var found []redeem.Pair
	err := s.each(ctx, `SELECT `+pairColumns+` FROM redemption `+where, args, func(row scanner) error {
		var p redeem.Pair
		err := row.Scan(&p.Reference, &p.Application, &p.Code, &p.By, &p.HandedBy, clock{&p.HandedAt}, clock{&p.Until}, &p.Wrong,
			&p.Generation, clock{&p.OpenedAt}, clock{&p.SpentAt})
		found = append(found, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("finding reference numbers: %w", err)
	}
	return found, nil
}
