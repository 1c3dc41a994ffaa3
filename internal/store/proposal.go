package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/pki/npki"
)

var _ lifecycle.Proposals = (*Store)(nil)

const proposalColumns = `id, act, state, subscriber_id, kind, serial, why, reason, invalidity_date, maker, made_at,
	decider, decided_at, expires_at`

// CreateProposal stores a proposal. Its reason is sealed: staff may write about
// a person there.
func (s *Store) CreateProposal(ctx context.Context, p lifecycle.Proposal) error {
	x := s.sealer("proposal", p.ID)
	why := x.seal("why", []byte(p.Why))
	if x.err != nil {
		return x.err
	}
	_, err := s.exec(ctx, `INSERT INTO proposal (`+proposalColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		p.ID, string(p.Act), string(p.State), p.SubscriberID, string(p.Kind), p.Serial, why, int(p.Reason), micros(p.Invalidity),
		p.Maker, p.MadeAt.UnixMicro(), p.Decider, micros(p.DecidedAt), p.ExpiresAt.UnixMicro())
	if err != nil {
		return fmt.Errorf("storing a proposal: %w", err)
	}
	return nil
}

// Proposal finds by id, and locks the row until a transaction ends that it is
// called in.
func (s *Store) Proposal(ctx context.Context, id string) (lifecycle.Proposal, error) {
	found, err := s.proposals(ctx, `WHERE id = $1`+s.forUpdate(ctx), id)
	if err != nil {
		return lifecycle.Proposal{}, err
	}
	if len(found) == 0 {
		return lifecycle.Proposal{}, lifecycle.ErrNoProposal
	}
	return found[0], nil
}

// SaveProposal stores what a decision changes.
func (s *Store) SaveProposal(ctx context.Context, p lifecycle.Proposal) error {
	n, err := s.exec(ctx, `UPDATE proposal SET state = $2, decider = $3, decided_at = $4, expires_at = $5 WHERE id = $1`,
		p.ID, string(p.State), p.Decider, micros(p.DecidedAt), p.ExpiresAt.UnixMicro())
	if err != nil {
		return fmt.Errorf("saving a proposal: %w", err)
	}
	if n == 0 {
		return lifecycle.ErrNoProposal
	}
	return nil
}

// OpenProposals gives up to limit proposals that wait for a decision at a
// moment, the oldest first.
func (s *Store) OpenProposals(ctx context.Context, at time.Time, limit int) ([]lifecycle.Proposal, error) {
	return s.proposals(ctx, `WHERE state = 'open' AND expires_at > $1 ORDER BY made_at, id LIMIT $2`, at.UnixMicro(), limit)
}

// ApprovedException gives an approved exception of a person and kind that can
// be used at a moment and is not under way: the oldest; empty when there is
// none.
func (s *Store) ApprovedException(ctx context.Context, subscriberID string, kind npki.Kind, at time.Time) (string, error) {
	var id string
	_, err := s.get(ctx, `SELECT id FROM proposal WHERE act = 'exception' AND state = 'approved' AND subscriber_id = $1 AND kind = $2
		AND expires_at > $3 ORDER BY made_at, id LIMIT 1`, []any{subscriberID, string(kind), at.UnixMicro()}, &id)
	if err != nil {
		return "", fmt.Errorf("finding an exception: %w", err)
	}
	return id, nil
}

func (s *Store) proposals(ctx context.Context, where string, args ...any) ([]lifecycle.Proposal, error) {
	var found []lifecycle.Proposal
	err := s.each(ctx, `SELECT `+proposalColumns+` FROM proposal `+where, args, func(row scanner) error {
		var p lifecycle.Proposal
		var why []byte
		err := row.Scan(&p.ID, &p.Act, &p.State, &p.SubscriberID, &p.Kind, &p.Serial, &why, &p.Reason, clock{&p.Invalidity},
			&p.Maker, clock{&p.MadeAt}, &p.Decider, clock{&p.DecidedAt}, clock{&p.ExpiresAt})
		if err != nil {
			return err
		}
		x := s.sealer("proposal", p.ID)
		p.Why = string(x.open("why", why))
		found = append(found, p)
		return x.err
	})
	if err != nil {
		return nil, fmt.Errorf("finding proposals: %w", err)
	}
	return found, nil
}
