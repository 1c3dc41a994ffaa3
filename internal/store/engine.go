package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// engine is which database program keeps the data. All that the code has to do
// differently for one of them stands in this file.
type engine int

const (
	engineSQLite engine = iota + 1
	enginePostgres
)

// String gives the name of the engine and of its folder of migrations.
func (e engine) String() string {
	if e == enginePostgres {
		return "postgres"
	}
	return "sqlite"
}

func (e engine) dialect() goose.Dialect {
	if e == enginePostgres {
		return goose.DialectPostgres
	}
	return goose.DialectSQLite3
}

const (
	sqliteConns   = 8
	postgresConns = 24
)

func connect(ctx context.Context, address string, o options) (*Store, error) {
	if path, ok := strings.CutPrefix(address, "sqlite:"); ok && path != "" {
		if o.conns == 0 {
			o.conns = sqliteConns
		}
		return connectSQLite(ctx, path, o)
	}
	if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		if o.conns == 0 {
			o.conns = postgresConns
		}
		return connectPostgres(ctx, address, o)
	}
	// The address may hold a password: it is not shown.
	return nil, ErrURL
}

// connectSQLite opens one connection that writes and a pool that reads. All
// writers begin with BEGIN IMMEDIATE: they wait at the door instead of failing
// half way. synchronous=FULL: what was committed survives a power cut.
func connectSQLite(ctx context.Context, path string, o options) (*Store, error) {
	// SQLite gives its -wal and -shm files the rights of the main file.
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening database file: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("opening database file: %w", err)
	}
	shared := url.Values{
		"_busy_timeout": {"10000"}, "_synchronous": {"FULL"}, "_foreign_keys": {"1"},
		"_dqs": {"0"}, "_defensive": {"1"},
	}
	open := func(more url.Values) (*sql.DB, error) {
		for key, values := range shared {
			more[key] = values
		}
		name := url.URL{Scheme: "file", Opaque: escapePath(path), RawQuery: more.Encode()}
		connector, err := sqlite.NewConnector(name.String())
		if err != nil {
			return nil, fmt.Errorf("opening database: %w", err)
		}
		return sql.OpenDB(connector), nil
	}
	write, err := open(url.Values{"_journal_mode": {"WAL"}, "_txlock": {"immediate"}})
	if err != nil {
		return nil, err
	}
	write.SetMaxOpenConns(1)
	if err := firstPing(ctx, write); err != nil {
		return nil, errors.Join(fmt.Errorf("opening database: %w", err), write.Close())
	}
	read, err := open(url.Values{"_query_only": {"1"}})
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	read.SetMaxOpenConns(max(1, o.conns-1))
	read.SetMaxIdleConns(max(1, o.conns-1))
	return &Store{engine: engineSQLite, write: write, read: read, writer: make(chan struct{}, 1)}, nil
}

// firstPing makes the first connection. While another process makes the file
// or turns it to WAL, SQLite says "busy" at once instead of waiting.
func firstPing(ctx context.Context, db *sql.DB) error {
	for try := 1; ; try++ {
		err := db.PingContext(ctx)
		var lite *sqlite.Error
		if err == nil || try == 100 || !errors.As(err, &lite) || lite.Code()&0xff != sqlite3.SQLITE_BUSY {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(try) * time.Millisecond):
		}
	}
}

// escapePath makes a path safe in an URI: only these three have a meaning there.
func escapePath(path string) string {
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}

func connectPostgres(ctx context.Context, address string, o options) (*Store, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, ErrURL // pgx's message quotes the address
	}
	if _, given := config.RuntimeParams["application_name"]; !given {
		config.RuntimeParams["application_name"] = "ingam"
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(o.conns)
	db.SetMaxIdleConns(o.conns)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("reaching database: %w", err), db.Close())
	}
	return &Store{engine: enginePostgres, write: db, read: db}, nil
}

// txOptions: READ COMMITTED with row locks and unique indexes is what the code
// is written for, whatever the server's default is.
func (e engine) txOptions() *sql.TxOptions {
	if e == enginePostgres {
		return &sql.TxOptions{Isolation: sql.LevelReadCommitted}
	}
	return nil
}

// again says whether an error is one after which the same transaction may be
// tried once more from its start: PostgreSQL's serialization_failure and
// deadlock_detected. SQLite's writers queue, so it has none.
func (e engine) again(err error) bool {
	var pg *pgconn.PgError
	return e == enginePostgres && errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}

// unique says whether an error is the violation of a unique index. Which one
// only PostgreSQL says by name (SQLite names columns), so a statement that may
// violate several uses ON CONFLICT DO NOTHING, and looks which one it was.
func (e engine) unique(err error) bool {
	var pg *pgconn.PgError
	var lite *sqlite.Error
	switch {
	case errors.As(err, &pg):
		return pg.Code == "23505"
	case errors.As(err, &lite):
		return lite.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
}

// forUpdate locks the rows that a SELECT finds until the transaction ends.
// SQLite's transactions have locked everything already.
func (s *Store) forUpdate(ctx context.Context) string {
	if s.engine == enginePostgres && s.in(ctx) != nil {
		return " FOR UPDATE"
	}
	return ""
}

// skipLocked takes a row that nobody else has locked.
func (e engine) skipLocked() string {
	if e == enginePostgres {
		return " FOR UPDATE SKIP LOCKED"
	}
	return ""
}

// clock is the database's own time in microseconds since 1970. Leases and
// claims go by it: the clocks of instances may differ, and those of tests and
// demos jump.
func (e engine) clock() string {
	if e == enginePostgres {
		return "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)"
	}
	return "CAST(unixepoch('subsec') * 1000000 AS INTEGER)"
}

// tables lists the tables of the database.
func (e engine) tables() string {
	if e == enginePostgres {
		return `SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = current_schema()`
	}
	return `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'`
}
