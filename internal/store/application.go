package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
)

var _ enrolment.Register = (*Store)(nil)

const applicationColumns = `id, subscriber_id, way, kind, replaces, exception, state, revision, challenge, consents, proofs, rejected_for, serial,
	created_at, updated_at, expires_at, desk`

// openStates is what enrolment.State.Open says, and the index application_open.
const openStates = `('started', 'consented', 'proofed', 'ready')`

// CreateApplication stores a new application. When the person has an open one
// of the kind that is ErrOpenApplication, and the transaction may go on.
func (s *Store) CreateApplication(ctx context.Context, a enrolment.Application) error {
	consents, proofs, err := encodeSteps(a)
	if err != nil {
		return err
	}
	n, err := s.exec(ctx, `INSERT INTO application (`+applicationColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
		ON CONFLICT (subscriber_id, kind) WHERE state IN `+openStates+` DO NOTHING`,
		a.ID, a.SubscriberID, string(a.Way), string(a.Kind), a.Replaces, a.Exception, string(a.State), a.Revision, a.Challenge, consents, proofs,
		a.RejectedFor, a.Serial, a.CreatedAt.UnixMicro(), a.UpdatedAt.UnixMicro(), a.ExpiresAt.UnixMicro(), a.Desk)
	if err != nil {
		return fmt.Errorf("creating application: %w", err)
	}
	if n == 0 {
		return enrolment.ErrOpenApplication
	}
	return nil
}

// Application finds by id, and locks the row when ctx carries a transaction.
func (s *Store) Application(ctx context.Context, id string) (enrolment.Application, error) {
	found, err := s.applications(ctx, `WHERE id = $1`+s.forUpdate(ctx), id)
	if err != nil {
		return enrolment.Application{}, err
	}
	if len(found) == 0 {
		return enrolment.Application{}, enrolment.ErrNoApplication
	}
	return found[0], nil
}

// SaveApplication stores a with Revision+1; ErrStale when the stored Revision
// is not a's, ErrOpenApplication when it would be a second open one.
func (s *Store) SaveApplication(ctx context.Context, a enrolment.Application) error {
	consents, proofs, err := encodeSteps(a)
	if err != nil {
		return err
	}
	n, err := s.exec(ctx, `UPDATE application SET state = $3, revision = revision + 1, challenge = $4, consents = $5,
		proofs = $6, rejected_for = $7, serial = $8, updated_at = $9, expires_at = $10 WHERE id = $1 AND revision = $2`,
		a.ID, a.Revision, string(a.State), a.Challenge, consents, proofs, a.RejectedFor, a.Serial,
		a.UpdatedAt.UnixMicro(), a.ExpiresAt.UnixMicro())
	if s.engine.unique(err) {
		return enrolment.ErrOpenApplication
	}
	if err != nil {
		return fmt.Errorf("saving application: %w", err)
	}
	if n == 1 {
		return nil
	}
	var one int
	found, err := s.get(ctx, `SELECT 1 FROM application WHERE id = $1`, []any{a.ID}, &one)
	if err != nil {
		return fmt.Errorf("finding application: %w", err)
	}
	if !found {
		return enrolment.ErrNoApplication
	}
	return enrolment.ErrStale
}

// ApplicationsOf gives a subscriber's applications, newest first.
func (s *Store) ApplicationsOf(ctx context.Context, subscriberID string) ([]enrolment.Application, error) {
	return s.applications(ctx, `WHERE subscriber_id = $1 ORDER BY created_at DESC, id DESC`, subscriberID)
}

// OverdueApplications gives up to limit open applications whose time was over
// at a moment, the longest overdue first.
func (s *Store) OverdueApplications(ctx context.Context, at time.Time, limit int) ([]enrolment.Application, error) {
	return s.applications(ctx, `WHERE state IN `+openStates+` AND expires_at <= $1
		ORDER BY expires_at, id LIMIT $2`, at.UnixMicro(), limit)
}

func (s *Store) applications(ctx context.Context, where string, args ...any) ([]enrolment.Application, error) {
	var found []enrolment.Application
	err := s.each(ctx, `SELECT `+applicationColumns+` FROM application `+where, args, func(row scanner) error {
		var a enrolment.Application
		var consents, proofs string
		err := row.Scan(&a.ID, &a.SubscriberID, &a.Way, &a.Kind, &a.Replaces, &a.Exception, &a.State, &a.Revision, &a.Challenge, &consents, &proofs,
			&a.RejectedFor, &a.Serial, clock{&a.CreatedAt}, clock{&a.UpdatedAt}, clock{&a.ExpiresAt}, &a.Desk)
		if err == nil {
			err = decodeSteps(consents, proofs, &a)
		}
		found = append(found, a)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("finding application: %w", err)
	}
	return found, nil
}

// consent and proof are how the steps of an application stand in their JSON
// columns. They are read and written only together with their application, so
// they are columns and not tables. The conversions below stop compiling when
// the domain's types change: then old rows need a thought.
type consent struct {
	Terms   string    `json:"terms"`
	Version string    `json:"version"`
	SHA256  string    `json:"sha256"`
	At      time.Time `json:"at"`
}

type proof struct {
	Factor   proofing.Factor   `json:"factor"`
	At       time.Time         `json:"at"`
	Evidence map[string]string `json:"evidence,omitempty"`
}

func encodeSteps(a enrolment.Application) (consents, proofs string, err error) {
	cs, ps := make([]consent, len(a.Consents)), make([]proof, len(a.Proofs))
	for i, c := range a.Consents {
		cs[i] = consent(c)
		cs[i].At = c.At.UTC().Truncate(time.Microsecond)
	}
	for i, p := range a.Proofs {
		ps[i] = proof(p)
		ps[i].At = p.At.UTC().Truncate(time.Microsecond)
	}
	c, err := json.Marshal(cs)
	if err != nil {
		return "", "", fmt.Errorf("encoding consents: %w", err)
	}
	p, err := json.Marshal(ps)
	if err != nil {
		return "", "", fmt.Errorf("encoding proofs: %w", err)
	}
	return string(c), string(p), nil
}

func decodeSteps(consents, proofs string, a *enrolment.Application) error {
	var cs []consent
	var ps []proof
	if err := json.Unmarshal([]byte(consents), &cs); err != nil {
		return fmt.Errorf("decoding consents: %w", err)
	}
	if err := json.Unmarshal([]byte(proofs), &ps); err != nil {
		return fmt.Errorf("decoding proofs: %w", err)
	}
	for _, c := range cs {
		a.Consents = append(a.Consents, enrolment.Consent(c))
	}
	for _, p := range ps {
		a.Proofs = append(a.Proofs, proofing.Proof(p))
	}
	return nil
}
