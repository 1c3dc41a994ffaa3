package main

import (
	"context"
	"crypto/md5" //nolint:gosec // makes serials that PostgreSQL can make too
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/store"
)

// open makes a database with so many certificates of an issuer, one of so many
// of them revoked, and opens it.
func (b *bank) open(ctx context.Context, issuer string, rows, revokedOf int) (_ *store.Store, err error) {
	url, err := b.database(ctx)
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, url, keys.NewRing())
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, db.Close())
		}
	}()
	if err := db.Migrate(ctx); err != nil {
		return nil, err
	}
	return db, fill(ctx, url, issuer, rows, revokedOf)
}

// serialOf is the serial of the certificate with a number, from 1.
func serialOf(n int) string {
	sum := md5.Sum([]byte(strconv.Itoa(n))) //nolint:gosec // see above
	return "4" + hex.EncodeToString(sum[:])[1:]
}

// The sealed columns hold a few bytes instead of some 3 kB. Real ones lie beside
// the table (TOAST): what is measured here never reads them.
const insert = `INSERT INTO certificate (serial, issuer, application_id, subscriber_id, kind, state, subject_index, key_hash,
		subject, tbs, der, not_before, not_after, created_at, issued_at, changed_at, revoked_at, reason)
	SELECT '4' || substr(md5(i::text), 2), $2, 'a' || i, 's' || i, 'personal-bank', CASE WHEN i % $3 = 0 THEN 'revoked' ELSE 'valid' END,
		decode(md5('s' || i), 'hex'), decode(md5('k' || i), 'hex'), '\x00010203', '\x00010203', '\x00010203',
		$4::bigint, $4::bigint + 31536000000000, $4::bigint, $4::bigint, $4::bigint,
		CASE WHEN i % $3 = 0 THEN $4::bigint + i END, CASE WHEN i % $3 = 0 THEN 4 ELSE 0 END
	FROM generate_series(1, $1::int) i`

// fill writes the rows, and the indexes after them.
func fill(ctx context.Context, url, issuer string, rows, revokedOf int) (err error) {
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Close(context.WithoutCancel(ctx))) }()
	found, err := c.Query(ctx, `SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'certificate' AND indexname <> 'certificate_pkey'`)
	if err != nil {
		return err
	}
	type index struct{ Name, SQL string }
	indexes, err := pgx.CollectRows(found, pgx.RowToStructByPos[index])
	if err != nil {
		return err
	}
	steps := []string{"ALTER TABLE certificate DISABLE TRIGGER USER, DROP CONSTRAINT certificate_pkey"}
	for _, i := range indexes {
		steps = append(steps, "DROP INDEX "+pgx.Identifier{i.Name}.Sanitize())
	}
	after := []string{"SET maintenance_work_mem = '512MB'", "ALTER TABLE certificate ADD PRIMARY KEY (serial)"}
	for _, i := range indexes {
		after = append(after, i.SQL)
	}
	after = append(after, "ALTER TABLE certificate ENABLE TRIGGER USER", "VACUUM (ANALYZE) certificate", "CHECKPOINT")
	for _, sql := range steps {
		if _, err := c.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
	}
	if _, err := c.Exec(ctx, insert, rows, issuer, revokedOf, thisYear().UnixMicro()); err != nil {
		return err
	}
	for _, sql := range after {
		if _, err := c.Exec(ctx, sql); err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
	}
	return nil
}
