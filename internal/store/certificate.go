package store

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
)

var (
	_ ca.Ledger  = (*Store)(nil)
	_ ca.Backlog = (*Store)(nil)
)

// live are the states in which a certificate counts as the one that a person
// may have of a kind; the unique index certificate_holder says the same.
const live = `('pending', 'held', 'valid', 'suspended')`

const certificateColumns = `serial, issuer, application_id, subscriber_id, kind, state, key_hash, subject, tbs, der,
	not_before, not_after, created_at, issued_at, changed_at, reason, invalidity_date`

// Reserve stores a pending certificate. When a rule refuses it, the transaction
// it runs in may go on.
func (s *Store) Reserve(ctx context.Context, r ca.Record) error {
	x := s.sealer("certificate", r.Serial)
	args := []any{
		r.Serial, r.Issuer, r.ApplicationID, r.SubscriberID, string(r.Kind), s.subjectIndex(r.Subject), r.KeyHash,
		x.seal("subject", []byte(r.Subject)), x.seal("tbs", r.TBS),
		r.NotBefore.UnixMicro(), r.NotAfter.UnixMicro(), r.CreatedAt.UnixMicro(),
	}
	if x.err != nil {
		return x.err
	}
	// The usual case is one statement. Only when something is in the way do we
	// look what it is; what was in the way may be gone by then: try again.
	for range maxTries {
		n, err := s.exec(ctx, `INSERT INTO certificate (serial, issuer, application_id, subscriber_id, kind, state,
			subject_index, key_hash, subject, tbs, not_before, not_after, created_at, changed_at, reason)
			VALUES ($1, $2, $3, $4, $5, 'pending', $6, $7, $8, $9, $10, $11, $12, $12, 0) ON CONFLICT DO NOTHING`, args...)
		if err != nil {
			return fmt.Errorf("reserving certificate: %w", err)
		}
		if n == 1 {
			return nil
		}
		if err := s.inTheWay(ctx, r); err != nil {
			return err
		}
	}
	return ErrBusy
}

func (s *Store) subjectIndex(subject string) []byte {
	return s.ring.Index("certificate", "subject", []byte(subject))
}

// inTheWay says which rule keeps r from being stored; nil when nothing does
// any more.
func (s *Store) inTheWay(ctx context.Context, r ca.Record) error {
	var byApplication, bySerial, bySubject, byKey bool
	err := s.each(ctx, `SELECT application_id, serial, subject_index, key_hash FROM certificate
		WHERE application_id = $1 OR serial = $2 OR subject_index = $3 OR key_hash = $4`,
		[]any{r.ApplicationID, r.Serial, s.subjectIndex(r.Subject), r.KeyHash}, func(row scanner) error {
			var application, serial string
			var subject, key []byte
			if err := row.Scan(&application, &serial, &subject, &key); err != nil {
				return err
			}
			byApplication = byApplication || application == r.ApplicationID
			bySerial = bySerial || serial == r.Serial
			bySubject = bySubject || bytes.Equal(subject, s.subjectIndex(r.Subject))
			byKey = byKey || bytes.Equal(key, r.KeyHash)
			return nil
		})
	switch {
	case err != nil:
		return fmt.Errorf("finding what is in the way: %w", err)
	case byApplication:
		return ca.ErrApplicationUsed
	case bySerial:
		return ca.ErrSerialUsed
	case byKey:
		return ca.ErrKeyUsed
	case bySubject:
		return ca.ErrSubjectUsed
	}
	n, err := s.exec(ctx, `UPDATE certificate SET state = 'expired', changed_at = $4
		WHERE subscriber_id = $1 AND kind = $2 AND state IN `+live+` AND not_after < $3`,
		r.SubscriberID, string(r.Kind), r.CreatedAt.UnixMicro(), r.CreatedAt.UnixMicro())
	if err != nil {
		return fmt.Errorf("expiring certificates: %w", err)
	}
	if n > 0 {
		return nil
	}
	var one int
	holds, err := s.get(ctx, `SELECT 1 FROM certificate WHERE subscriber_id = $1 AND kind = $2 AND state IN `+live,
		[]any{r.SubscriberID, string(r.Kind)}, &one)
	if err != nil {
		return fmt.Errorf("finding what is in the way: %w", err)
	}
	if holds {
		return ca.ErrHolds
	}
	return nil
}

// Complete turns a pending certificate into a valid one. Errors:
// ErrNoCertificate; ErrWrongState when it is not pending and holds another DER.
func (s *Store) Complete(ctx context.Context, serial string, der []byte, at time.Time) error {
	x := s.sealer("certificate", serial)
	sealed := x.seal("der", der)
	if x.err != nil {
		return x.err
	}
	n, err := s.exec(ctx, `UPDATE certificate SET state = 'valid', der = $2, issued_at = $3, changed_at = $3
		WHERE serial = $1 AND state = 'pending'`, serial, sealed, at.UnixMicro())
	if err != nil {
		return fmt.Errorf("completing certificate: %w", err)
	}
	if n == 1 {
		return nil
	}
	r, err := s.Certificate(ctx, serial)
	switch {
	case err != nil:
		return err
	case len(r.DER) > 0 && bytes.Equal(r.DER, der):
		return nil
	}
	return ca.ErrWrongState
}

// Certificate finds by serial. Within a transaction the row is locked until its
// end, so that what follows is decided on what still stands.
func (s *Store) Certificate(ctx context.Context, serial string) (ca.Record, error) {
	return s.certificate(ctx, "serial", serial)
}

// ByApplication finds the certificate of an application. Like Certificate, it
// locks the row until a transaction ends that it is called in.
func (s *Store) ByApplication(ctx context.Context, applicationID string) (ca.Record, error) {
	return s.certificate(ctx, "application_id", applicationID)
}

func (s *Store) certificate(ctx context.Context, column, value string) (ca.Record, error) {
	records, err := s.certificates(ctx, `WHERE `+column+` = $1`+s.forUpdate(ctx), value)
	if err != nil {
		return ca.Record{}, err
	}
	if len(records) == 0 {
		return ca.Record{}, ca.ErrNoCertificate
	}
	return records[0], nil
}

// PendingRecords gives what a crash may have left behind, oldest first.
func (s *Store) PendingRecords(ctx context.Context, limit int) ([]ca.Record, error) {
	return s.certificates(ctx, `WHERE state = 'pending' ORDER BY created_at, serial LIMIT $1`, limit)
}

// CertificatesOf gives everything issued to a subscriber, newest first. What is
// still pending is not issued.
func (s *Store) CertificatesOf(ctx context.Context, subscriberID string) ([]ca.Record, error) {
	return s.certificates(ctx, `WHERE subscriber_id = $1 AND issued_at IS NOT NULL
		ORDER BY created_at DESC, serial DESC`, subscriberID)
}

func (s *Store) certificates(ctx context.Context, where string, args ...any) ([]ca.Record, error) {
	var records []ca.Record
	err := s.each(ctx, `SELECT `+certificateColumns+` FROM certificate `+where, args, func(row scanner) error {
		r, err := s.scanCertificate(row)
		records = append(records, r)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("finding certificate: %w", err)
	}
	return records, nil
}

func (s *Store) scanCertificate(row scanner) (ca.Record, error) {
	var r ca.Record
	var subject, tbs, der []byte
	err := row.Scan(&r.Serial, &r.Issuer, &r.ApplicationID, &r.SubscriberID, &r.Kind, &r.State, &r.KeyHash,
		&subject, &tbs, &der, clock{&r.NotBefore}, clock{&r.NotAfter}, clock{&r.CreatedAt}, clock{&r.IssuedAt},
		clock{&r.ChangedAt}, &r.Reason, clock{&r.InvalidityDate})
	if err != nil {
		return ca.Record{}, err
	}
	x := s.sealer("certificate", r.Serial)
	r.Subject = string(x.open("subject", subject))
	r.TBS = x.open("tbs", tbs)
	if der != nil {
		r.DER = x.open("der", der)
	}
	if x.err != nil {
		return ca.Record{}, x.err
	}
	return r, nil
}

// ChangeState moves a certificate to another state. While it is revoked,
// suspended or held, at is since when; an expired one stays as it stood.
// Errors: ErrNoCertificate, ErrWrongState, and ErrHolds when it would become
// live while the person holds another one of the kind.
func (s *Store) ChangeState(ctx context.Context, serial string, from []ca.State, to ca.State, reason int, invalidity, at time.Time) error {
	args := []any{serial, string(to), at.UnixMicro()}
	var set string
	switch to {
	case ca.Revoked, ca.Suspended, ca.Held:
		set = `, revoked_at = $3, reason = $4, invalidity_date = $5`
		args = append(args, reason, micros(invalidity))
	case ca.Expired:
	default:
		set = `, revoked_at = NULL, reason = 0, invalidity_date = NULL`
	}
	marks := make([]string, len(from))
	for i, state := range from {
		args = append(args, string(state))
		marks[i] = fmt.Sprintf("$%d", len(args))
	}
	if len(from) == 0 {
		return ca.ErrWrongState
	}
	n, err := s.exec(ctx, `UPDATE certificate SET state = $2, changed_at = $3`+set+
		` WHERE serial = $1 AND state IN (`+strings.Join(marks, ", ")+`)`, args...)
	if s.engine.unique(err) {
		return ca.ErrHolds
	}
	if err != nil {
		return fmt.Errorf("changing state of certificate: %w", err)
	}
	if n == 1 {
		return nil
	}
	var one int
	found, err := s.get(ctx, `SELECT 1 FROM certificate WHERE serial = $1`, []any{serial}, &one)
	if err != nil {
		return fmt.Errorf("finding certificate: %w", err)
	}
	if !found {
		return ca.ErrNoCertificate
	}
	return ca.ErrWrongState
}
