package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
)

const (
	// maxTries is how often a transaction is run when the database asks for it.
	maxTries = 6
	// writerWait is how long a writer queues on SQLite. One that waits longer
	// is most likely waiting for itself: it used an outer context inside InTx.
	writerWait = 30 * time.Second
)

// transaction is what travels in the context. It is used by one goroutine at a
// time.
type transaction struct {
	tx     *sql.Tx
	failed error       // the first error that makes a commit impossible
	lane   *audit.Head // the audit lane that this transaction holds
}

// txKey keeps the transactions of different stores apart.
type txKey struct{ s *Store }

func (s *Store) in(ctx context.Context) *transaction {
	t, _ := ctx.Value(txKey{s}).(*transaction)
	return t
}

// InTx runs fn in one transaction, which the context given to fn carries;
// inside another InTx it joins that one. The transaction commits when fn gives
// nil, and rolls back when it gives an error or panics. An error of a joined
// InTx or of a statement dooms the whole: even if the outer fn forgives it the
// transaction rolls back, and InTx gives ErrRolledBack with that error. Answers
// such as ErrNoCertificate or ErrHolds are no such errors.
//
// When PostgreSQL ends a transaction by a deadlock or a serialization failure,
// fn is run again from its start, up to 6 times: what it does outside of the
// database must bear that. Inside fn use only the context it is given.
func (s *Store) InTx(ctx context.Context, fn func(ctx context.Context) error) error {
	if t := s.in(ctx); t != nil {
		if err := fn(ctx); err != nil {
			t.fail(err)
			return err
		}
		return nil
	}
	for try := 1; ; try++ {
		err := s.once(ctx, fn)
		if err == nil || !s.engine.again(err) || try == maxTries {
			return err
		}
		// The one who was in the way needs a moment; not both the same one.
		pause := time.Duration(1+rand.IntN(10<<try)) * time.Millisecond
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(pause):
		}
	}
}

func (s *Store) once(ctx context.Context, fn func(ctx context.Context) error) (err error) {
	release, err := s.queue(ctx)
	if err != nil {
		return err
	}
	defer release()
	tx, err := s.write.BeginTx(ctx, s.engine.txOptions())
	if err != nil {
		return fmt.Errorf("beginning transaction: %w", err)
	}
	t := &transaction{tx: tx}
	done := false
	defer func() {
		if !done { // fn gave an error or panicked
			_ = tx.Rollback() // the first error is the one to tell
		}
	}()
	if err := fn(context.WithValue(ctx, txKey{s}, t)); err != nil {
		if s.engine.again(t.failed) && !s.engine.again(err) {
			return errors.Join(err, t.failed) // so that InTx sees the true reason
		}
		return err
	}
	if t.failed != nil {
		return fmt.Errorf("%w: %w", ErrRolledBack, t.failed)
	}
	done = true
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	return nil
}

func (t *transaction) fail(err error) {
	if t.failed == nil {
		t.failed = err
	}
}

// queue waits until this goroutine may write. On PostgreSQL everyone may.
func (s *Store) queue(ctx context.Context) (release func(), err error) {
	if s.writer == nil {
		return func() {}, nil
	}
	timer := time.NewTimer(writerWait)
	defer timer.Stop()
	select {
	case s.writer <- struct{}{}:
		return func() { <-s.writer }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-timer.C:
		return nil, fmt.Errorf("%w: waited %v to write; was an outer context used inside InTx?", ErrBusy, writerWait)
	}
}

// exec runs a statement that gives no rows and says how many it touched.
func (s *Store) exec(ctx context.Context, query string, args ...any) (int64, error) {
	t := s.in(ctx)
	var result sql.Result
	var err error
	if t != nil {
		result, err = t.tx.ExecContext(ctx, query, args...)
	} else {
		var release func()
		if release, err = s.queue(ctx); err != nil {
			return 0, err
		}
		defer release()
		result, err = s.write.ExecContext(ctx, query, args...)
	}
	if err != nil {
		if t != nil {
			t.fail(err)
		}
		return 0, err
	}
	return result.RowsAffected()
}

// get scans the one row of a SELECT. found is false when there is none.
func (s *Store) get(ctx context.Context, query string, args []any, into ...any) (found bool, err error) {
	t := s.in(ctx)
	var row *sql.Row
	if t != nil {
		row = t.tx.QueryRowContext(ctx, query, args...)
	} else {
		row = s.read.QueryRowContext(ctx, query, args...)
	}
	return scanned(t, row.Scan(into...))
}

// put scans the one row of a statement that writes and always gives one
// (RETURNING).
func (s *Store) put(ctx context.Context, query string, args []any, into ...any) error {
	if t := s.in(ctx); t != nil {
		err := t.tx.QueryRowContext(ctx, query, args...).Scan(into...)
		if err != nil {
			t.fail(err)
		}
		return err
	}
	release, err := s.queue(ctx)
	if err != nil {
		return err
	}
	defer release()
	return s.write.QueryRowContext(ctx, query, args...).Scan(into...)
}

// change is put for a statement that may touch no row: found says whether it
// did.
func (s *Store) change(ctx context.Context, query string, args []any, into ...any) (found bool, err error) {
	if t := s.in(ctx); t != nil {
		return scanned(t, t.tx.QueryRowContext(ctx, query, args...).Scan(into...))
	}
	release, err := s.queue(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	return scanned(nil, s.write.QueryRowContext(ctx, query, args...).Scan(into...))
}

func scanned(t *transaction, err error) (bool, error) {
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case t != nil:
		t.fail(err)
	}
	return false, err
}

// scanner is a row that can be scanned once.
type scanner interface{ Scan(into ...any) error }

// rows calls fn for every row that a statement that writes gives (RETURNING).
// fn must not use the store.
func (s *Store) rows(ctx context.Context, query string, args []any, fn func(scanner) error) error {
	if s.in(ctx) != nil {
		return s.each(ctx, query, args, fn)
	}
	return s.InTx(ctx, func(ctx context.Context) error { return s.each(ctx, query, args, fn) })
}

// each calls fn for every row of a SELECT. Inside a transaction fn must not
// use the store.
func (s *Store) each(ctx context.Context, query string, args []any, fn func(scanner) error) (err error) {
	t := s.in(ctx)
	var rows *sql.Rows
	if t != nil {
		rows, err = t.tx.QueryContext(ctx, query, args...)
	} else {
		rows, err = s.read.QueryContext(ctx, query, args...)
	}
	if err == nil {
		defer func() { _ = rows.Close() }() // rows.Err tells what went wrong
		for rows.Next() {
			if err := fn(rows); err != nil {
				return err
			}
		}
		err = rows.Err()
	}
	if err != nil && t != nil {
		t.fail(err)
	}
	return err
}
