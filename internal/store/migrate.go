package store

import (
	"context"
	"crypto/hmac"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"slices"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/sqlite/*.sql migrations/postgres/*.sql
var migrations embed.FS

// versions is the table in which goose notes what was done.
const versions = "schema_version"

// migrationLock is the PostgreSQL advisory lock that one who migrates holds.
const migrationLock = 0x696e67616d // "ingam"

// Migrate brings an empty or older database to this program's tables. Several
// instances may call it at once; one does the work. Errors: ErrNewSchema,
// ErrStranger, ErrWrongRing.
func (s *Store) Migrate(ctx context.Context) error {
	if _, err := s.version(ctx); err != nil {
		return err
	}
	provider, err := s.provider()
	if err != nil {
		return err
	}
	for before := int64(-1); ; {
		_, err := provider.Up(ctx)
		if err == nil {
			break
		}
		// On SQLite two processes may both find the same work to do: the second
		// then fails at what the first has done. As long as there is progress,
		// whoever makes it, look again.
		now, verr := s.version(ctx)
		if verr != nil || now <= before || ctx.Err() != nil {
			return fmt.Errorf("migrating database: %w", err)
		}
		before = now
	}
	// The first ring that comes owns the database.
	if _, err := s.exec(ctx, `INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
		ringMark, s.ringMark()); err != nil {
		return fmt.Errorf("marking database: %w", err)
	}
	return s.Ready(ctx)
}

// Ready says whether the database can be worked with: nil, or ErrOldSchema
// (call Migrate), ErrNewSchema, ErrStranger, ErrWrongRing.
func (s *Store) Ready(ctx context.Context) error {
	have, err := s.version(ctx)
	if err != nil {
		return err
	}
	if have > 0 {
		if err := s.checkRing(ctx); err != nil {
			return err
		}
	}
	want, err := s.target()
	if err != nil {
		return err
	}
	if have < want {
		return fmt.Errorf("%w (it is at %d, this program at %d)", ErrOldSchema, have, want)
	}
	return nil
}

// version gives the last migration that was done; 0 for an empty database.
// Another instance may be migrating meanwhile: the tables are asked for again
// when there is a version, because that came together with them.
func (s *Store) version(ctx context.Context) (int64, error) {
	tables, err := s.tables(ctx)
	if err != nil || len(tables) == 0 {
		return 0, err
	}
	if !slices.Contains(tables, versions) {
		return 0, ErrStranger
	}
	var have sql.NullInt64
	if _, err := s.get(ctx, `SELECT max(version_id) FROM `+versions, nil, &have); err != nil {
		return 0, fmt.Errorf("reading schema version: %w", err)
	}
	if have.Int64 > 0 {
		if tables, err = s.tables(ctx); err != nil {
			return 0, err
		}
		if !slices.Contains(tables, "audit_lane") {
			return 0, ErrStranger
		}
	}
	want, err := s.target()
	if err != nil {
		return 0, err
	}
	if have.Int64 > want {
		return 0, fmt.Errorf("%w (it is at %d, this program at %d)", ErrNewSchema, have.Int64, want)
	}
	return have.Int64, nil
}

func (s *Store) tables(ctx context.Context) ([]string, error) {
	var tables []string
	err := s.each(ctx, s.engine.tables(), nil, func(row scanner) error {
		var name string
		err := row.Scan(&name)
		tables = append(tables, name)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("listing tables: %w", err)
	}
	return tables, nil
}

func (s *Store) target() (int64, error) {
	provider, err := s.provider()
	if err != nil {
		return 0, err
	}
	sources := provider.ListSources()
	return sources[len(sources)-1].Version, nil
}

func (s *Store) provider() (*goose.Provider, error) {
	folder, err := fs.Sub(migrations, "migrations/"+s.engine.String())
	if err != nil {
		return nil, fmt.Errorf("finding migrations: %w", err)
	}
	options := []goose.ProviderOption{
		goose.WithTableName(versions), goose.WithDisableGlobalRegistry(true),
	}
	if s.engine == enginePostgres {
		options = append(options, goose.WithSessionLocker(advisoryLock{}))
	}
	provider, err := goose.NewProvider(s.engine.dialect(), s.write, folder, options...)
	if err != nil {
		return nil, fmt.Errorf("reading migrations: %w", err)
	}
	return provider, nil
}

// advisoryLock makes those who migrate PostgreSQL queue. It is the session's:
// one who dies lets go of it.
type advisoryLock struct{}

func (advisoryLock) SessionLock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, int64(migrationLock))
	return err
}

func (advisoryLock) SessionUnlock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, `SELECT pg_advisory_unlock($1)`, int64(migrationLock))
	return err
}

// ringMark names the mark by which a database knows its ring: a keyed hash,
// which says nothing about the keys.
const ringMark = "ring"

func (s *Store) ringMark() []byte { return s.ring.Index("meta", ringMark, nil) }

func (s *Store) checkRing(ctx context.Context) error {
	var mark []byte
	found, err := s.get(ctx, `SELECT value FROM meta WHERE name = $1`, []any{ringMark}, &mark)
	if err != nil {
		return fmt.Errorf("reading ring mark: %w", err)
	}
	if found && !hmac.Equal(mark, s.ringMark()) {
		return ErrWrongRing
	}
	return nil
}
