package store

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/pki/npki"
)

var (
	_ ca.Ledger  = (*Store)(nil)
	_ ca.Backlog = (*Store)(nil)
)

const certificateColumns = `serial, issuer, application_id, subscriber_id, kind, state, key_hash, subject, tbs, der,
	not_before, not_after, created_at, issued_at, changed_at, reason, invalidity_date, replaces, exception, hold, desk, hold_until`

// Reserve stores a pending certificate. When a rule refuses it, the transaction
// it runs in may go on.
func (s *Store) Reserve(ctx context.Context, r ca.Record) error {
	x := s.sealer("certificate", r.Serial)
	args := []any{
		r.Serial, r.Issuer, r.ApplicationID, r.SubscriberID, string(r.Kind), s.subjectIndex(r.Subject), r.KeyHash,
		x.seal("subject", []byte(r.Subject)), x.seal("tbs", r.TBS),
		r.NotBefore.UnixMicro(), r.NotAfter.UnixMicro(), r.CreatedAt.UnixMicro(),
		r.Replaces, r.Exception, flag(r.Hold), r.Desk, micros(r.HoldUntil),
	}
	if x.err != nil {
		return x.err
	}
	// The usual case is one statement. Only when something is in the way do we
	// look what it is; what was in the way may be gone by then: try again.
	for range maxTries {
		n, err := s.exec(ctx, `INSERT INTO certificate (serial, issuer, application_id, subscriber_id, kind, state,
			subject_index, key_hash, subject, tbs, not_before, not_after, created_at, changed_at, reason,
			replaces, exception, hold, desk, hold_until)
			VALUES ($1, $2, $3, $4, $5, 'pending', $6, $7, $8, $9, $10, $11, $12, $12, 0, $13, $14, $15, $16, $17)
			ON CONFLICT DO NOTHING`, args...)
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
	if r.Replaces != "" {
		return s.successorInTheWay(ctx, r.Replaces)
	}
	holder, err := s.Holder(ctx, r.SubscriberID, r.Kind, r.Exception)
	if err == nil && holder != "" {
		return ca.ErrHolds
	}
	return err
}

// successorInTheWay says whether another certificate is under way that takes
// the place of the same one.
func (s *Store) successorInTheWay(ctx context.Context, serial string) error {
	var one int
	found, err := s.get(ctx, `SELECT 1 FROM certificate WHERE replaces = $1 AND state = 'pending'`, []any{serial}, &one)
	if err != nil {
		return fmt.Errorf("finding what is in the way: %w", err)
	}
	if found {
		return ca.ErrHolds
	}
	return nil
}

// Holder gives the serial of the certificate that is the one of a person, kind
// and exception; empty when there is none.
func (s *Store) Holder(ctx context.Context, subscriberID string, kind npki.Kind, exception string) (string, error) {
	var serial string
	_, err := s.get(ctx, `SELECT serial FROM certificate WHERE subscriber_id = $1 AND kind = $2 AND exception = $3
		AND (state IN ('held', 'valid', 'suspended') OR (state = 'pending' AND replaces = ''))`,
		[]any{subscriberID, string(kind), exception}, &serial)
	if err != nil {
		return "", fmt.Errorf("finding the holder's certificate: %w", err)
	}
	return serial, nil
}

// Complete gives a pending certificate its bytes and its state: to, or held
// when it was put on hold before it was complete. Errors: ErrNoCertificate;
// ErrWrongState when it is not pending and holds another DER.
func (s *Store) Complete(ctx context.Context, serial string, der []byte, to ca.State, at time.Time) (ca.State, error) {
	x := s.sealer("certificate", serial)
	sealed := x.seal("der", der)
	if x.err != nil {
		return "", x.err
	}
	set := `state = CASE WHEN hold = 1 THEN 'held' ELSE 'valid' END, reason = CASE WHEN hold = 1 THEN 6 ELSE 0 END,
		revoked_at = CASE WHEN hold = 1 THEN $3 ELSE revoked_at END`
	switch to {
	case ca.Valid:
	case ca.Revoked:
		set = `state = 'revoked', reason = 4, revoked_at = $3`
	default:
		return "", ca.ErrWrongState
	}
	var state ca.State
	found, err := s.change(ctx, `UPDATE certificate SET der = $2, issued_at = $3, changed_at = $3, `+set+`
		WHERE serial = $1 AND state = 'pending' RETURNING state`, []any{serial, sealed, at.UnixMicro()}, &state)
	if err != nil {
		return "", fmt.Errorf("completing certificate: %w", err)
	}
	if found {
		return state, nil
	}
	r, err := s.Certificate(ctx, serial)
	switch {
	case err != nil:
		return "", err
	case len(r.DER) > 0 && bytes.Equal(r.DER, der):
		return r.State, nil
	}
	return "", ca.ErrWrongState
}

// HoldPending lets those pending certificates of a subscriber become held that
// take the place of a serial, or all of them when it is empty.
func (s *Store) HoldPending(ctx context.Context, subscriberID, replaces, desk string, until time.Time) (int, error) {
	n, err := s.exec(ctx, `UPDATE certificate SET hold = 1, desk = $3, hold_until = $4
		WHERE subscriber_id = $1 AND state = 'pending' AND hold = 0 AND ($2 = '' OR replaces = $2)`,
		subscriberID, replaces, desk, micros(until))
	if err != nil {
		return 0, fmt.Errorf("holding what is under way: %w", err)
	}
	return int(n), nil
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
		clock{&r.ChangedAt}, &r.Reason, clock{&r.InvalidityDate}, &r.Replaces, &r.Exception, &r.Hold, &r.Desk, clock{&r.HoldUntil})
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
// suspended or held it remembers since when; one that was suspended when it is
// revoked has not counted since its suspension. An expired one stays as it
// stood. Errors: ErrNoCertificate, ErrWrongState, and ErrHolds when it would
// become live while the person holds another one of the kind.
func (s *Store) ChangeState(ctx context.Context, serial string, m ca.Move) error {
	args := []any{serial, string(m.To), m.At.UnixMicro()}
	var set string
	switch m.To {
	case ca.Revoked, ca.Suspended, ca.Held:
		set = `, revoked_at = COALESCE(revoked_at, $3), reason = $4, invalidity_date = $5, desk = $6, hold_until = $7`
		args = append(args, int(m.Reason), micros(m.Invalidity), m.Desk, micros(m.Until))
	case ca.Expired:
	default:
		set = `, revoked_at = NULL, reason = 0, invalidity_date = NULL, desk = '', hold_until = NULL, hold = 0`
	}
	marks := make([]string, len(m.From))
	for i, state := range m.From {
		args = append(args, string(state))
		marks[i] = fmt.Sprintf("$%d", len(args))
	}
	if len(m.From) == 0 {
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
