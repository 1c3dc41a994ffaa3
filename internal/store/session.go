package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/alexedwards/scs/v2"
)

var _ scs.CtxStore = (*Sessions)(nil)

// Sessions keeps the sessions of web callers, as scs wants it. Tokens are kept
// as their hash: who reads the database can't be anybody. What a session says
// is sealed.
type Sessions struct {
	store *Store
	now   func() time.Time
}

// Sessions gives the store's sessions with a clock, by which they expire.
func (s *Store) Sessions(now func() time.Time) *Sessions { return &Sessions{store: s, now: now} }

func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// FindCtx gives what a session that has not expired says.
func (n *Sessions) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	hash := tokenHash(token)
	found, err = n.store.get(ctx, `SELECT data FROM session WHERE token_hash = $1 AND expires_at > $2`,
		[]any{hash, n.now().UnixMicro()}, &data)
	if err != nil {
		return nil, false, fmt.Errorf("finding session: %w", err)
	}
	if !found {
		return nil, false, nil
	}
	x := n.store.sealer("session", hash)
	data = x.open("data", data)
	return data, x.err == nil, x.err
}

// CommitCtx inserts or replaces a session.
func (n *Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	hash := tokenHash(token)
	x := n.store.sealer("session", hash)
	sealed := x.seal("data", data)
	if x.err != nil {
		return x.err
	}
	_, err := n.store.exec(ctx, `INSERT INTO session (token_hash, data, expires_at) VALUES ($1, $2, $3)
		ON CONFLICT (token_hash) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at`,
		hash, sealed, expiry.UnixMicro())
	if err != nil {
		return fmt.Errorf("saving session: %w", err)
	}
	return nil
}

// touchSlack is by how much a session is made to live longer than Touch asks,
// so that a burst of requests writes once.
const touchSlack = 15 * time.Second

// Touch lets a session that has not expired live until then at least. One that
// is over stays over.
func (n *Sessions) Touch(ctx context.Context, token string, until time.Time) error {
	var expires int64
	hash := tokenHash(token)
	found, err := n.store.get(ctx, `SELECT expires_at FROM session WHERE token_hash = $1`, []any{hash}, &expires)
	if err == nil && found && expires < until.UnixMicro() {
		_, err = n.store.exec(ctx, `UPDATE session SET expires_at = $2
			WHERE token_hash = $1 AND expires_at > $3 AND expires_at < $2`,
			hash, until.Add(touchSlack).UnixMicro(), n.now().UnixMicro())
	}
	if err != nil {
		return fmt.Errorf("prolonging session: %w", err)
	}
	return nil
}

// Update changes a session that has not expired. One that is over stays over:
// found is false then.
func (n *Sessions) Update(ctx context.Context, token string, data []byte, expiry time.Time) (found bool, err error) {
	hash := tokenHash(token)
	x := n.store.sealer("session", hash)
	sealed := x.seal("data", data)
	if x.err != nil {
		return false, x.err
	}
	count, err := n.store.exec(ctx, `UPDATE session SET data = $2, expires_at = $3
		WHERE token_hash = $1 AND expires_at > $4`, hash, sealed, expiry.UnixMicro(), n.now().UnixMicro())
	if err != nil {
		return false, fmt.Errorf("saving session: %w", err)
	}
	return count == 1, nil
}

// Take gives what a session says and deletes it. Of those who ask at the same
// time one gets it.
func (n *Sessions) Take(ctx context.Context, token string) (data []byte, found bool, err error) {
	hash := tokenHash(token)
	err = n.store.put(ctx, `DELETE FROM session WHERE token_hash = $1 AND expires_at > $2 RETURNING data`,
		[]any{hash, n.now().UnixMicro()}, &data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("taking session: %w", err)
	}
	x := n.store.sealer("session", hash)
	data = x.open("data", data)
	return data, x.err == nil, x.err
}

// DeleteCtx ends a session; none is no error.
func (n *Sessions) DeleteCtx(ctx context.Context, token string) error {
	if _, err := n.store.exec(ctx, `DELETE FROM session WHERE token_hash = $1`, tokenHash(token)); err != nil {
		return fmt.Errorf("deleting session: %w", err)
	}
	return nil
}

// DeleteExpired removes the sessions that are over and says how many.
func (n *Sessions) DeleteExpired(ctx context.Context) (int64, error) {
	count, err := n.store.exec(ctx, `DELETE FROM session WHERE expires_at <= $1`, n.now().UnixMicro())
	if err != nil {
		return 0, fmt.Errorf("deleting expired sessions: %w", err)
	}
	return count, nil
}

// Find is FindCtx for callers without a context.
func (n *Sessions) Find(token string) ([]byte, bool, error) {
	return n.FindCtx(context.Background(), token)
}

// Commit is CommitCtx for callers without a context.
func (n *Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return n.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx for callers without a context.
func (n *Sessions) Delete(token string) error { return n.DeleteCtx(context.Background(), token) }
