package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/ingam-pki/ingam/internal/control/audit"
)

var _ audit.Chain = (*Store)(nil)

// maxEntries bounds what Entries gives at once.
const maxEntries = 10_000

var errNoLane = errors.New("store: there is no audit lane to write to")

// AppendEntry writes the next entry of a lane that nobody else holds. The lane
// stays with the transaction: its further entries go there too.
func (s *Store) AppendEntry(ctx context.Context, seal func(audit.Head) (audit.Entry, error)) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		t := s.in(ctx)
		if t.lane == nil {
			head, err := s.takeLane(ctx)
			if err != nil {
				return fmt.Errorf("taking audit lane: %w", err)
			}
			t.lane = &head
		}
		e, err := seal(*t.lane)
		if err != nil {
			return err
		}
		if e.Lane != t.lane.Lane || e.Seq != t.lane.Seq+1 || !bytes.Equal(e.Prev, t.lane.Seal) {
			return fmt.Errorf("appending audit entry: it does not follow lane %d at %d", t.lane.Lane, t.lane.Seq)
		}
		if err := s.insertEntry(ctx, e); err != nil {
			return fmt.Errorf("appending audit entry: %w", err)
		}
		t.lane = &audit.Head{Lane: e.Lane, Seq: e.Seq, Seal: e.Seal}
		return nil
	})
}

// takeLane locks a free lane, or waits for one when all are busy.
func (s *Store) takeLane(ctx context.Context) (audit.Head, error) {
	var h audit.Head
	const heads = `SELECT lane, seq, seal FROM audit_lane `
	found, err := s.get(ctx, heads+`LIMIT 1`+s.engine.skipLocked(), nil, &h.Lane, &h.Seq, &h.Seal)
	if found || err != nil {
		return h, err
	}
	var lanes int
	if _, err := s.get(ctx, `SELECT count(*) FROM audit_lane`, nil, &lanes); err != nil {
		return h, err
	}
	if lanes > 0 {
		found, err = s.get(ctx, heads+`ORDER BY lane LIMIT 1 OFFSET $1`+s.forUpdate(ctx),
			[]any{rand.IntN(lanes)}, &h.Lane, &h.Seq, &h.Seal)
	}
	if err == nil && !found {
		err = errNoLane
	}
	return h, err
}

const (
	insertEntry = `INSERT INTO audit_entry (lane, seq, at, role, caller, request, act, object, outcome, code, detail,
		prev, seal) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`
	moveHead = `UPDATE audit_lane SET seq = $2, seal = $13 WHERE lane = $1`
)

func (s *Store) insertEntry(ctx context.Context, e audit.Entry) error {
	detail := []byte("{}")
	if len(e.Detail) > 0 {
		var err error
		if detail, err = json.Marshal(e.Detail); err != nil { // sorts the keys
			return err
		}
	}
	args := []any{
		e.Lane, e.Seq, e.At.UnixMicro(), string(e.Caller.Role), e.Caller.ID, e.Caller.Request, string(e.Act), e.Object,
		string(e.Outcome), e.Code, string(detail), e.Prev, e.Seal,
	}
	if s.engine == enginePostgres {
		// One way to the server and back instead of two.
		return s.touchOne(ctx, `WITH entry AS (`+insertEntry+`) `+moveHead, args...)
	}
	if err := s.touchOne(ctx, insertEntry, args...); err != nil {
		return err
	}
	return s.touchOne(ctx, `UPDATE audit_lane SET seq = $2, seal = $3 WHERE lane = $1`, e.Lane, e.Seq, e.Seal)
}

func (s *Store) touchOne(ctx context.Context, query string, args ...any) error {
	n, err := s.exec(ctx, query, args...)
	if err == nil && n != 1 {
		err = errNotAffected
	}
	return err
}

// Entries gives entries of a lane after a number, in order, as they stand in
// the database: whether they are true is for audit.Log.Verify to say.
func (s *Store) Entries(ctx context.Context, lane int, after int64, limit int) ([]audit.Entry, error) {
	var entries []audit.Entry
	err := s.each(ctx, selectEntry+` WHERE lane = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
		[]any{lane, after, min(limit, maxEntries)}, func(row scanner) error {
			e, err := scanEntry(row)
			entries = append(entries, e)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("reading audit entries: %w", err)
	}
	return entries, nil
}

const selectEntry = `SELECT lane, seq, at, role, caller, request, act, object, outcome, code, detail, prev, seal FROM audit_entry`

func scanEntry(row scanner) (e audit.Entry, err error) {
	var detail string
	err = row.Scan(&e.Lane, &e.Seq, clock{&e.At}, &e.Caller.Role, &e.Caller.ID, &e.Caller.Request, &e.Act,
		&e.Object, &e.Outcome, &e.Code, &detail, &e.Prev, &e.Seal)
	e.Detail = decodeDetail(detail)
	return e, err
}

// decodeDetail reads the JSON that insertEntry wrote. Anything else, even JSON
// that means the same, was changed by someone: it comes back under the empty
// name, which no sealed entry has, so the seal does not fit.
func decodeDetail(stored string) map[string]string {
	if stored == "{}" {
		return nil
	}
	var detail map[string]string
	if err := json.Unmarshal([]byte(stored), &detail); err == nil && len(detail) > 0 {
		if again, err := json.Marshal(detail); err == nil && string(again) == stored {
			return detail
		}
	}
	return map[string]string{"": stored}
}

// Heads gives where the lanes end, as the database says. A lane that has
// entries but lost its head is given with Seq 0.
func (s *Store) Heads(ctx context.Context) ([]audit.Head, error) {
	var heads []audit.Head
	// The recursion jumps from lane to lane in the primary key instead of
	// reading all entries.
	err := s.each(ctx, `WITH RECURSIVE used (lane) AS (
			SELECT min(lane) FROM audit_entry
			UNION ALL
			SELECT (SELECT min(e.lane) FROM audit_entry e WHERE e.lane > used.lane) FROM used WHERE used.lane IS NOT NULL
		), lanes AS (
			SELECT lane FROM used WHERE lane IS NOT NULL UNION SELECT lane FROM audit_lane WHERE seq <> 0
		)
		SELECT lanes.lane, coalesce(h.seq, 0), h.seal FROM lanes LEFT JOIN audit_lane h ON h.lane = lanes.lane
		ORDER BY lanes.lane`, nil, func(row scanner) error {
		var h audit.Head
		err := row.Scan(&h.Lane, &h.Seq, &h.Seal)
		heads = append(heads, h)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading audit heads: %w", err)
	}
	return heads, nil
}
