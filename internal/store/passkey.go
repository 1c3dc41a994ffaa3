package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ingam-pki/ingam/internal/registration/login"
)

var _ login.Passkeys = (*Store)(nil)

const passkeyColumns = `id, subscriber_id, rp, name, credential_id, public_key, transports, flags, sign_count,
	created_at, used_at`

// AddPasskey stores a passkey unless its owner has most of them already. Those
// of one subscriber are added one after the other.
func (s *Store) AddPasskey(ctx context.Context, p login.Passkey, most int) error {
	x := s.sealer("passkey", p.ID)
	args := []any{
		p.ID, p.SubscriberID, p.RP, s.credentialIndex(p.CredentialID), x.seal("name", []byte(p.Name)),
		x.seal("credential_id", p.CredentialID), x.seal("public_key", p.PublicKey),
		x.seal("transports", []byte(p.Transports)), int64(p.Flags), int64(p.SignCount),
		p.CreatedAt.UnixMicro(), micros(p.UsedAt),
	}
	if x.err != nil {
		return x.err
	}
	return s.InTx(ctx, func(ctx context.Context) error {
		var id string
		if _, err := s.get(ctx, `SELECT id FROM subscriber WHERE id = $1`+s.forUpdate(ctx), []any{p.SubscriberID}, &id); err != nil {
			return fmt.Errorf("locking subscriber: %w", err)
		}
		var have int
		if _, err := s.get(ctx, `SELECT count(*) FROM passkey WHERE subscriber_id = $1`, []any{p.SubscriberID}, &have); err != nil {
			return fmt.Errorf("counting passkeys: %w", err)
		}
		if have >= most {
			return login.ErrPasskeysFull
		}
		n, err := s.exec(ctx, `INSERT INTO passkey (id, subscriber_id, rp, credential_index, name, credential_id, public_key,
			transports, flags, sign_count, created_at, used_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING`, args...)
		if err != nil {
			return fmt.Errorf("saving passkey: %w", err)
		}
		if n == 0 {
			return login.ErrPasskeyUsed
		}
		return nil
	})
}

// PasskeyOf finds a passkey by its credential id, of which a keyed hash is kept
// to look it up by. Within a transaction its row is locked.
func (s *Store) PasskeyOf(ctx context.Context, rp string, credentialID []byte) (login.Passkey, error) {
	found, err := s.passkeys(ctx, `SELECT `+passkeyColumns+` FROM passkey WHERE rp = $1 AND credential_index = $2`+s.forUpdate(ctx),
		rp, s.credentialIndex(credentialID))
	if err != nil {
		return login.Passkey{}, err
	}
	if len(found) == 0 {
		return login.Passkey{}, login.ErrNoPasskey
	}
	return found[0], nil
}

// PasskeysOf gives a subscriber's passkeys, oldest first.
func (s *Store) PasskeysOf(ctx context.Context, subscriberID string) ([]login.Passkey, error) {
	return s.passkeys(ctx, `SELECT `+passkeyColumns+` FROM passkey WHERE subscriber_id = $1 ORDER BY created_at, id`, subscriberID)
}

func (s *Store) passkeys(ctx context.Context, query string, args ...any) ([]login.Passkey, error) {
	var all []login.Passkey
	err := s.each(ctx, query, args, func(row scanner) error {
		var p login.Passkey
		var name, credential, key, transports []byte
		var flags, count int64
		if err := row.Scan(&p.ID, &p.SubscriberID, &p.RP, &name, &credential, &key, &transports, &flags, &count,
			clock{&p.CreatedAt}, clock{&p.UsedAt}); err != nil {
			return err
		}
		x := s.sealer("passkey", p.ID)
		p.Name, p.Transports = string(x.open("name", name)), string(x.open("transports", transports))
		p.CredentialID, p.PublicKey = x.open("credential_id", credential), x.open("public_key", key)
		p.Flags, p.SignCount = byte(flags), uint32(count)
		all = append(all, p)
		return x.err
	})
	if err != nil {
		return nil, fmt.Errorf("finding passkeys: %w", err)
	}
	return all, nil
}

// UsePasskey notes that a passkey was used.
func (s *Store) UsePasskey(ctx context.Context, id string, signCount uint32, flags byte, at time.Time) error {
	n, err := s.exec(ctx, `UPDATE passkey SET sign_count = $2, flags = $3, used_at = $4 WHERE id = $1`,
		id, int64(signCount), int64(flags), at.UnixMicro())
	return onlyPasskey(n, err)
}

// RemovePasskey deletes one of a subscriber's passkeys.
func (s *Store) RemovePasskey(ctx context.Context, subscriberID, id string) error {
	n, err := s.exec(ctx, `DELETE FROM passkey WHERE subscriber_id = $1 AND id = $2`, subscriberID, id)
	return onlyPasskey(n, err)
}

func onlyPasskey(n int64, err error) error {
	switch {
	case err != nil:
		return fmt.Errorf("changing passkey: %w", err)
	case n == 0:
		return login.ErrNoPasskey
	}
	return nil
}

func (s *Store) credentialIndex(credentialID []byte) []byte {
	return s.ring.Index("passkey", "credential_id", credentialID)
}
