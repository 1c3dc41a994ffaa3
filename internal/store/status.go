package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/status"
)

var _ status.Register = (*Store)(nil)

// maxStandings is how many serials one question may name.
const maxStandings = 32

// Standings answers for up to 32 serials of one issuer, in the order asked. A
// pending certificate is not known: nothing was issued yet. ErrTooMany for more
// than 32.
func (s *Store) Standings(ctx context.Context, issuer string, serials []string) ([]status.Standing, error) {
	if len(serials) == 0 {
		return nil, nil
	}
	if len(serials) > maxStandings {
		return nil, ErrTooMany
	}
	// Asking for 1, 2, 4 … 32 serials keeps the prepared statements few.
	size := 1
	for size < len(serials) {
		size *= 2
	}
	args, marks := []any{issuer}, make([]string, size)
	for i := range size {
		args = append(args, serials[min(i, len(serials)-1)])
		marks[i] = fmt.Sprintf("$%d", i+2)
	}
	found := make(map[string]status.Standing, len(serials))
	err := s.each(ctx, `SELECT serial, revoked_at, reason FROM certificate
		WHERE issuer = $1 AND issued_at IS NOT NULL AND serial IN (`+strings.Join(marks, ", ")+`)`, args,
		func(row scanner) error {
			var serial string
			standing := status.Standing{Known: true}
			if err := row.Scan(&serial, clock{&standing.RevokedAt}, &standing.Reason); err != nil {
				return err
			}
			standing.Revoked = !standing.RevokedAt.IsZero()
			found[serial] = standing
			return nil
		})
	if err != nil {
		return nil, fmt.Errorf("finding standings: %w", err)
	}
	standings := make([]status.Standing, len(serials))
	for i, serial := range serials {
		standings[i] = found[serial]
	}
	return standings, nil
}

// EachRevoked streams what a revocation list names, ordered by the text of the
// serial, as of one moment. fn must not use the store with the same ctx.
func (s *Store) EachRevoked(ctx context.Context, issuer string, notBefore time.Time, fn func(status.Entry) error) error {
	err := s.each(ctx, `SELECT serial, revoked_at, reason, invalidity_date FROM certificate
		WHERE issuer = $1 AND revoked_at IS NOT NULL AND issued_at IS NOT NULL AND not_after >= $2 ORDER BY serial`,
		[]any{issuer, notBefore.UnixMicro()}, func(row scanner) error {
			var e status.Entry
			if err := row.Scan(&e.Serial, clock{&e.At}, &e.Reason, clock{&e.InvalidityDate}); err != nil {
				return err
			}
			return fn(e)
		})
	if err != nil {
		return fmt.Errorf("listing revoked certificates: %w", err)
	}
	return nil
}

// NextCRLNumber takes the next number for an issuer, and the notes of changes
// that are committed. Others who want a number wait until this transaction
// ends; when it rolls back the number is free again and the notes are back. A
// change that is committed later is read by what follows in the transaction or
// is not; its note stays for the next list in either case.
func (s *Store) NextCRLNumber(ctx context.Context, issuer string) (int64, error) {
	var number int64
	err := s.put(ctx, `INSERT INTO crl_number (issuer, number) VALUES ($1, 1)
		ON CONFLICT (issuer) DO UPDATE SET number = crl_number.number + 1 RETURNING number`, []any{issuer}, &number)
	if err != nil {
		return 0, fmt.Errorf("taking CRL number: %w", err)
	}
	if _, err := s.exec(ctx, `DELETE FROM crl_change WHERE issuer = $1`, issuer); err != nil {
		return 0, fmt.Errorf("taking changes for a CRL: %w", err)
	}
	return number, nil
}

// CRLHead says what the latest list is, without reading it, and whether there
// are changes that it can't know of. Triggers of the database note them, so
// that no statement that changes a certificate can forget to.
func (s *Store) CRLHead(ctx context.Context, issuer string) (status.Head, error) {
	var h status.Head
	err := s.each(ctx, `SELECT number, this_update, next_update, EXISTS (SELECT 1 FROM crl_change c WHERE c.issuer = crl.issuer)
		FROM crl WHERE issuer = $1 ORDER BY number DESC LIMIT 1`, []any{issuer}, func(row scanner) error {
		return row.Scan(&h.Number, clock{&h.ThisUpdate}, clock{&h.NextUpdate}, &h.Changed)
	})
	if err != nil {
		return status.Head{}, fmt.Errorf("finding the latest CRL: %w", err)
	}
	return h, nil
}

// SaveCRL keeps an issued list. A number is used once.
func (s *Store) SaveCRL(ctx context.Context, c status.CRL) error {
	_, err := s.exec(ctx, `INSERT INTO crl (issuer, number, this_update, next_update, der) VALUES ($1, $2, $3, $4, $5)`,
		c.Issuer, c.Number, c.ThisUpdate.UnixMicro(), c.NextUpdate.UnixMicro(), c.DER)
	if err != nil {
		return fmt.Errorf("saving CRL: %w", err)
	}
	return nil
}

// LatestCRL gives the list with the highest number.
func (s *Store) LatestCRL(ctx context.Context, issuer string) (status.CRL, error) {
	c := status.CRL{Issuer: issuer}
	found, err := s.get(ctx, `SELECT number, this_update, next_update, der FROM crl
		WHERE issuer = $1 ORDER BY number DESC LIMIT 1`, []any{issuer},
		&c.Number, clock{&c.ThisUpdate}, clock{&c.NextUpdate}, &c.DER)
	if err != nil {
		return status.CRL{}, fmt.Errorf("finding CRL: %w", err)
	}
	if !found {
		return status.CRL{}, status.ErrNoCRL
	}
	return c, nil
}
