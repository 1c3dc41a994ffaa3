package store

import (
	"context"
	"fmt"
	"time"

	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
)

var (
	_ staff.Passkeys = (*Store)(nil)
	_ staff.Keyring  = (*Store)(nil)
	_ staff.Counter  = (*Store)(nil)
)

const staffPasskeyColumns = `id, staff_id, rp, name, credential_id, public_key, transports, flags, sign_count, created_at, used_at` //nolint:gosec // names of columns

// AddStaffPasskey stores a passkey unless its owner has most of them already.
// Those of one person are added one after the other.
func (s *Store) AddStaffPasskey(ctx context.Context, p staff.Passkey, most int) error {
	x := s.sealer("staff_passkey", p.ID)
	args := []any{
		p.ID, p.StaffID, p.RP, s.staffCredential(p.Credential.ID), x.seal("name", []byte(p.Name)),
		x.seal("credential_id", p.Credential.ID), x.seal("public_key", p.PublicKey),
		x.seal("transports", []byte(p.Transports)), int64(p.Flags), int64(p.SignCount),
		p.CreatedAt.UnixMicro(), micros(p.UsedAt),
	}
	if x.err != nil {
		return x.err
	}
	return s.InTx(ctx, func(ctx context.Context) error {
		if _, err := s.Account(ctx, p.StaffID); err != nil {
			return fmt.Errorf("locking staff: %w", err)
		}
		var have int
		if _, err := s.get(ctx, `SELECT count(*) FROM staff_passkey WHERE staff_id = $1`, []any{p.StaffID}, &have); err != nil {
			return fmt.Errorf("counting passkeys of staff: %w", err)
		}
		if have >= most {
			return staff.ErrPasskeysFull
		}
		n, err := s.exec(ctx, `INSERT INTO staff_passkey (id, staff_id, rp, credential_index, name, credential_id, public_key,
			transports, flags, sign_count, created_at, used_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING`, args...)
		if err != nil {
			return fmt.Errorf("saving passkey of staff: %w", err)
		}
		if n == 0 {
			return staff.ErrPasskeyUsed
		}
		return nil
	})
}

// StaffPasskey finds a passkey by its credential id, of which a keyed hash is
// kept to look it up by. Within a transaction its row is locked.
func (s *Store) StaffPasskey(ctx context.Context, rp string, credentialID []byte) (staff.Passkey, error) {
	found, err := s.staffPasskeys(ctx, `SELECT `+staffPasskeyColumns+` FROM staff_passkey
		WHERE rp = $1 AND credential_index = $2`+s.forUpdate(ctx), rp, s.staffCredential(credentialID))
	if err != nil {
		return staff.Passkey{}, err
	}
	if len(found) == 0 {
		return staff.Passkey{}, staff.ErrNoPasskey
	}
	return found[0], nil
}

// StaffPasskeys gives a person's passkeys, oldest first.
func (s *Store) StaffPasskeys(ctx context.Context, staffID string) ([]staff.Passkey, error) {
	return s.staffPasskeys(ctx, `SELECT `+staffPasskeyColumns+` FROM staff_passkey WHERE staff_id = $1 ORDER BY created_at, id`, staffID)
}

func (s *Store) staffPasskeys(ctx context.Context, query string, args ...any) ([]staff.Passkey, error) {
	var all []staff.Passkey
	err := s.each(ctx, query, args, func(row scanner) error {
		var p staff.Passkey
		var name, credential, key, transports []byte
		var flags, count int64
		if err := row.Scan(&p.ID, &p.StaffID, &p.RP, &name, &credential, &key, &transports, &flags, &count,
			clock{&p.CreatedAt}, clock{&p.UsedAt}); err != nil {
			return err
		}
		x := s.sealer("staff_passkey", p.ID)
		p.Name, p.Transports = string(x.open("name", name)), string(x.open("transports", transports))
		p.Credential.ID, p.PublicKey = x.open("credential_id", credential), x.open("public_key", key)
		p.Flags, p.SignCount = byte(flags), uint32(count)
		all = append(all, p)
		return x.err
	})
	if err != nil {
		return nil, fmt.Errorf("finding passkeys of staff: %w", err)
	}
	return all, nil
}

// UseStaffPasskey notes that a passkey was used.
func (s *Store) UseStaffPasskey(ctx context.Context, id string, signCount uint32, flags byte, at time.Time) error {
	n, err := s.exec(ctx, `UPDATE staff_passkey SET sign_count = $2, flags = $3, used_at = $4 WHERE id = $1`,
		id, int64(signCount), int64(flags), at.UnixMicro())
	switch {
	case err != nil:
		return fmt.Errorf("changing passkey of staff: %w", err)
	case n == 0:
		return staff.ErrNoPasskey
	}
	return nil
}

// RemoveStaffPasskeys deletes one of a person's passkeys, or all.
func (s *Store) RemoveStaffPasskeys(ctx context.Context, staffID, id string) (int, error) {
	query, args := `DELETE FROM staff_passkey WHERE staff_id = $1`, []any{staffID}
	if id != "" {
		query, args = query+` AND id = $2`, append(args, id)
	}
	n, err := s.exec(ctx, query, args...)
	if err != nil {
		return 0, fmt.Errorf("removing passkeys of staff: %w", err)
	}
	return int(n), nil
}

func (s *Store) staffCredential(credentialID []byte) []byte {
	return s.ring.Index("staff_passkey", "credential_id", credentialID)
}

// StaffCode gives the code that waits for an account. Within a transaction its
// row is locked.
func (s *Store) StaffCode(ctx context.Context, staffID string) (staff.Code, error) {
	c := staff.Code{StaffID: staffID}
	found, err := s.get(ctx, `SELECT hash, expires_at FROM staff_code WHERE staff_id = $1`+s.forUpdate(ctx),
		[]any{staffID}, &c.Hash, clock{&c.ExpiresAt})
	if err != nil {
		return staff.Code{}, fmt.Errorf("finding code of staff: %w", err)
	}
	if !found {
		return staff.Code{}, nil
	}
	return c, nil
}

// SaveStaffCode stores a code in place of the one before it, or deletes that.
func (s *Store) SaveStaffCode(ctx context.Context, c staff.Code) error {
	query, args := `DELETE FROM staff_code WHERE staff_id = $1`, []any{c.StaffID}
	if len(c.Hash) > 0 {
		query = `INSERT INTO staff_code (staff_id, hash, expires_at) VALUES ($1, $2, $3)
			ON CONFLICT (staff_id) DO UPDATE SET hash = excluded.hash, expires_at = excluded.expires_at`
		args = append(args, c.Hash, c.ExpiresAt.UnixMicro())
	}
	if _, err := s.exec(ctx, query, args...); err != nil {
		return fmt.Errorf("saving code of staff: %w", err)
	}
	return nil
}

// Identities gives an account's identity at an issuer, and whoever has the
// subject.
func (s *Store) Identities(ctx context.Context, issuer, staffID string, subject []byte) ([]staff.Identity, error) {
	var all []staff.Identity
	err := s.each(ctx, `SELECT staff_id, issuer, subject, bound_at FROM staff_identity
		WHERE (staff_id = $1 AND issuer = $2) OR subject = $3 ORDER BY staff_id`, []any{staffID, issuer, subject}, func(row scanner) error {
		var i staff.Identity
		err := row.Scan(&i.StaffID, &i.Issuer, &i.Subject, clock{&i.BoundAt})
		all = append(all, i)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("finding identities: %w", err)
	}
	return all, nil
}

// BindIdentity stores who an account is at an issuer.
func (s *Store) BindIdentity(ctx context.Context, i staff.Identity) error {
	n, err := s.exec(ctx, `INSERT INTO staff_identity (staff_id, issuer, subject, bound_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT DO NOTHING`, i.StaffID, i.Issuer, i.Subject, i.BoundAt.UnixMicro())
	switch {
	case err != nil:
		return fmt.Errorf("binding identity: %w", err)
	case n == 0:
		return staff.ErrBound
	}
	return nil
}

// UnbindIdentities forgets who an account is anywhere.
func (s *Store) UnbindIdentities(ctx context.Context, staffID string) error {
	if _, err := s.exec(ctx, `DELETE FROM staff_identity WHERE staff_id = $1`, staffID); err != nil {
		return fmt.Errorf("unbinding identities: %w", err)
	}
	return nil
}

// staffTries is where tries of one-time codes are counted among the others.
const staffTries = proofing.Factor("staff-code")

// LockStaffTries gives how often wrong codes came, and locks that number.
func (s *Store) LockStaffTries(ctx context.Context, subject string) (staff.Tries, error) {
	t, err := s.LockTries(ctx, subject, staffTries)
	return staff.Tries(t), err
}

// SaveStaffTries stores how often wrong codes came.
func (s *Store) SaveStaffTries(ctx context.Context, subject string, t staff.Tries) error {
	return s.SaveTries(ctx, subject, staffTries, proofing.Tries(t))
}
