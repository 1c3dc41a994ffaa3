package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/registration/counter"
)

var (
	_ counter.Cards = (*Store)(nil)
	_ counter.Scans = (*Store)(nil)
)

// errStates says that a queue was asked for states that are in none.
var errStates = errors.New("store: a queue has going cases only")

// QueueOf gives up to limit going cases of a branch in some states, the oldest
// first; with a handler, only theirs.
func (s *Store) QueueOf(ctx context.Context, branch string, states []counter.State, handler string, limit int) ([]counter.Case, error) {
	named := make([]string, len(states))
	for i, state := range states {
		if !state.Going() { // one of our own words from here on
			return nil, errStates
		}
		named[i] = "'" + string(state) + "'"
	}
	if len(named) == 0 {
		return nil, nil
	}
	// What is going is said, too, so that the queue's index serves.
	where := `WHERE branch = $1 AND state IN ` + goingStates + ` AND state IN (` + strings.Join(named, ", ") + `)`
	args := []any{branch, limit}
	if handler != "" {
		where += ` AND handler = $3`
		args = append(args, handler)
	}
	return s.cases(ctx, where+` ORDER BY created_at, id LIMIT $2`, args...)
}

// CountsOf counts the going cases of a branch; those of one customer, self, are
// left out.
func (s *Store) CountsOf(ctx context.Context, branch, staff, self string) ([]counter.Count, error) {
	var counts []counter.Count
	err := s.each(ctx, `SELECT state, mine, made, stuck, count(*), CAST(sum(revision) AS BIGINT), max(updated_at) FROM (
		SELECT state, CASE WHEN handler = $2 THEN 1 ELSE 0 END AS mine, CASE WHEN maker = $2 OR submitter = $2 THEN 1 ELSE 0 END AS made,
			CASE WHEN failed >= $4 THEN 1 ELSE 0 END AS stuck, revision, updated_at
		FROM counter_case WHERE branch = $1 AND state IN `+goingStates+` AND subscriber_id <> $3) AS going
		GROUP BY state, mine, made, stuck`, []any{branch, staff, self, counter.MaxFailed}, func(row scanner) error {
		var c counter.Count
		err := row.Scan(&c.State, &c.Mine, &c.Made, &c.Stuck, &c.Cases, &c.Changes, clock{&c.Latest})
		counts = append(counts, c)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("counting cases: %w", err)
	}
	return counts, nil
}

// DueChecks gives up to limit cases that wait and are to be asked for again at a
// moment, the longest due first. Within a transaction it locks them, and passes
// over what is locked.
func (s *Store) DueChecks(ctx context.Context, at time.Time, limit int) ([]counter.Case, error) {
	lock := ""
	if s.in(ctx) != nil {
		lock = s.engine.skipLocked()
	}
	return s.cases(ctx, `WHERE state = 'waiting' AND next_check_at <= $1 ORDER BY next_check_at LIMIT $2`+lock, at.UnixMicro(), limit)
}

// OverdueCases gives up to limit cases whose time is up at a moment, the longest
// overdue first.
func (s *Store) OverdueCases(ctx context.Context, at time.Time, limit int) ([]counter.Case, error) {
	return s.cases(ctx, `WHERE state IN ('open', 'waiting', 'submitted') AND expires_at <= $1 ORDER BY expires_at, id LIMIT $2`,
		at.UnixMicro(), limit)
}

// FinishedCases gives up to limit approved cases whose application is over.
func (s *Store) FinishedCases(ctx context.Context, limit int) ([]counter.Case, error) {
	return s.cases(ctx, `WHERE state = 'approved' AND application IN (
		SELECT a.id FROM application a JOIN counter_case c ON c.application = a.id
		WHERE c.state = 'approved' AND a.state NOT IN `+openStates+`) ORDER BY id LIMIT $1`, limit)
}

// SaveCard keeps what was entered of a card, in place of what was before.
func (s *Store) SaveCard(ctx context.Context, caseID string, entries []byte) error {
	x := s.sealer("counter_card", caseID)
	sealed := x.seal("entries", entries)
	if x.err != nil {
		return x.err
	}
	_, err := s.exec(ctx, `INSERT INTO counter_card (case_id, entries) VALUES ($1, $2)
		ON CONFLICT (case_id) DO UPDATE SET entries = excluded.entries`, caseID, sealed)
	if err != nil {
		return fmt.Errorf("keeping a card: %w", err)
	}
	return nil
}

// Card gives what was entered of a card; ErrNoCard when nothing is kept.
func (s *Store) Card(ctx context.Context, caseID string) ([]byte, error) {
	var sealed []byte
	found, err := s.get(ctx, `SELECT entries FROM counter_card WHERE case_id = $1`, []any{caseID}, &sealed)
	if err != nil {
		return nil, fmt.Errorf("finding a card: %w", err)
	}
	if !found {
		return nil, counter.ErrNoCard
	}
	x := s.sealer("counter_card", caseID)
	return x.open("entries", sealed), x.err
}

// DropCard forgets what was entered; none is no error.
func (s *Store) DropCard(ctx context.Context, caseID string) error {
	if _, err := s.exec(ctx, `DELETE FROM counter_card WHERE case_id = $1`, caseID); err != nil {
		return fmt.Errorf("dropping a card: %w", err)
	}
	return nil
}

// AddScan stores a picture.
func (s *Store) AddScan(ctx context.Context, p counter.Picture) error {
	x := s.sealer("scan", p.ID)
	sealed := x.seal("file", p.File)
	if x.err != nil {
		return x.err
	}
	_, err := s.exec(ctx, `INSERT INTO scan (id, case_id, type, size, file, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		p.ID, p.CaseID, p.Type, len(p.File), sealed, p.At.UnixMicro())
	if err != nil {
		return fmt.Errorf("storing a scan: %w", err)
	}
	return nil
}

// Scan gives a picture; ErrNoScan when there is none.
func (s *Store) Scan(ctx context.Context, id string) (counter.Picture, error) {
	p := counter.Picture{ID: id}
	var sealed []byte
	found, err := s.get(ctx, `SELECT case_id, type, file, created_at FROM scan WHERE id = $1`, []any{id},
		&p.CaseID, &p.Type, &sealed, clock{&p.At})
	if err != nil {
		return counter.Picture{}, fmt.Errorf("finding a scan: %w", err)
	}
	if !found {
		return counter.Picture{}, counter.ErrNoScan
	}
	x := s.sealer("scan", id)
	p.File = x.open("file", sealed)
	return p, x.err
}

// DropScan removes a picture; none is no error.
func (s *Store) DropScan(ctx context.Context, id string) error {
	if _, err := s.exec(ctx, `DELETE FROM scan WHERE id = $1`, id); err != nil {
		return fmt.Errorf("dropping a scan: %w", err)
	}
	return nil
}

// EndScans notes when the case of pictures has ended.
func (s *Store) EndScans(ctx context.Context, caseID string, at time.Time) error {
	if _, err := s.exec(ctx, `UPDATE scan SET ended_at = $2 WHERE case_id = $1`, caseID, at.UnixMicro()); err != nil {
		return fmt.Errorf("ending scans: %w", err)
	}
	return nil
}

// EraseScans erases up to limit pictures whose cases had ended at a moment, those
// that ended first, and says how many those were.
func (s *Store) EraseScans(ctx context.Context, ended time.Time, limit int) (int, error) {
	n, err := s.exec(ctx, `DELETE FROM scan WHERE id IN (
		SELECT id FROM scan WHERE ended_at IS NOT NULL AND ended_at <= $1 ORDER BY ended_at LIMIT $2)`, ended.UnixMicro(), limit)
	if err != nil {
		return 0, fmt.Errorf("erasing scans: %w", err)
	}
	return int(n), nil
}
