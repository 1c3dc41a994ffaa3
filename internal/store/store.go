// Package store keeps everything that the service must not forget, in SQLite
// (a file in the data folder) or PostgreSQL (any number of instances).
//
//	s, err := store.Open(ctx, "sqlite:/var/lib/ingam/ingam.db", ring)
//	err = s.Migrate(ctx)
//
// A Store implements the interfaces that the deciding packages declare:
// audit.Chain, ca.Ledger, ca.Backlog, status.Register, subscriber.Register,
// subscriber.Logins, login.Passkeys, proofing.Counter, enrolment.Register and
// notice.Outbox; and it keeps leases. What belongs
// together goes into InTx, whose transaction travels in the context.
//
// There is one SQL text for both engines; what differs stands in engine.go.
// Times are integers, microseconds since 1970 in UTC. Whatever tells who a
// person is (their names, numbers and addresses, and certificates, which hold
// the name) is sealed by keys.Ring for its table, column and row, and looked up
// by keyed hash. DESIGN.md says why things are as they are.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/ingam-pki/ingam/internal/keys"
)

// Errors of the store itself; those of its parts stand beside the interfaces
// that it implements.
var (
	ErrURL         = errors.New("store: database URL is not sqlite:PATH or postgres://…")
	ErrOldSchema   = errors.New("store: database is older than this program; run the migration")
	ErrNewSchema   = errors.New("store: database was migrated by a newer program; this one must not touch it")
	ErrStranger    = errors.New("store: database belongs to something else")
	ErrWrongRing   = errors.New("store: database was made with another key ring")
	ErrBusy        = errors.New("store: database is busy")
	ErrRolledBack  = errors.New("store: transaction was rolled back by an error inside it")
	ErrSamePerson  = errors.New("store: another customer number has this identity number")
	ErrTooMany     = errors.New("store: too many asked for at once")
	errNotAffected = errors.New("store: a row that was just locked is gone")
)

// Store is a database with a key ring. It is safe for concurrent use.
type Store struct {
	engine engine
	write  *sql.DB
	read   *sql.DB       // the same as write on PostgreSQL
	writer chan struct{} // SQLite: held by the one who writes; nil on PostgreSQL
	ring   *keys.Ring
}

// Option changes how a database is opened.
type Option func(*options)

type options struct{ conns int }

// Conns bounds the connections to the database; 24 on PostgreSQL and 8 (of
// which one writes) on SQLite when not given.
func Conns(n int) Option { return func(o *options) { o.conns = n } }

// Open opens the database of a URL ("sqlite:PATH" or "postgres://…"); a SQLite
// file is made, readable by its owner only, when it is missing. It changes
// nothing in the database: Migrate makes or updates the tables. Errors: ErrURL,
// ErrNewSchema, ErrStranger, ErrWrongRing.
func Open(ctx context.Context, url string, ring *keys.Ring, opts ...Option) (*Store, error) {
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	s, err := connect(ctx, url, o)
	if err != nil {
		return nil, err
	}
	s.ring = ring
	if err := s.Ready(ctx); err != nil && !errors.Is(err, ErrOldSchema) {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close closes all connections.
func (s *Store) Close() error {
	err := s.write.Close()
	if s.read != s.write {
		err = errors.Join(s.read.Close(), err)
	}
	return err
}

// Engine gives the name of the database program: "sqlite" or "postgres".
func (s *Store) Engine() string { return s.engine.String() }

// micros is how a time is stored; a zero time is NULL.
func micros(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

// clock scans what micros stored.
type clock struct{ into *time.Time }

func (c clock) Scan(value any) error {
	switch v := value.(type) {
	case nil:
		*c.into = time.Time{}
	case int64:
		*c.into = time.UnixMicro(v).UTC()
	default:
		return fmt.Errorf("scanning time: stored as %T", value)
	}
	return nil
}
