package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/store/storetest/pgtest"
)

// engines gives the address of an empty database on each engine.
func engines(t *testing.T) map[string]string {
	return map[string]string{
		"sqlite":   "sqlite:" + filepath.Join(t.TempDir(), "with space & ?.db"),
		"postgres": pgtest.URL(t, pgtest.NoFsync()),
	}
}

func open(t *testing.T, address string, ring *keys.Ring) *Store {
	t.Helper()
	s, err := Open(context.Background(), address, ring)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// column and index are what the two engines can both say about a schema.
type column struct {
	Table, Name, Type string
	Nullable          bool
	Key               bool
}

type index struct {
	Table, Name     string
	Unique, Partial bool
	Columns         string
}

func schema(t *testing.T, s *Store) (columns []column, indexes []index) {
	t.Helper()
	ctx := context.Background()
	columnQuery := `SELECT m.name, c.name, c.type, c."notnull" = 0, c.pk > 0
		FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'`
	indexQuery := `SELECT m.name, CASE WHEN i.origin = 'pk' THEN m.name || '_pkey' ELSE i.name END, i."unique", i.partial,
		(SELECT group_concat(n.name, ' ') FROM pragma_index_info(i.name) n)
		FROM sqlite_schema m, pragma_index_list(m.name) i WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'
		UNION ALL SELECT m.name, m.name || '_pkey', 1, 0, c.name FROM sqlite_schema m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND c.pk = 1 AND m.name NOT LIKE 'sqlite%'
		AND NOT EXISTS (SELECT 1 FROM pragma_index_list(m.name) WHERE origin = 'pk')`
	if s.engine == enginePostgres {
		columnQuery = `SELECT c.table_name, c.column_name, c.data_type, c.is_nullable = 'YES', EXISTS (
			SELECT 1 FROM information_schema.key_column_usage k WHERE k.table_name = c.table_name
			AND k.column_name = c.column_name AND k.constraint_name = c.table_name || '_pkey')
			FROM information_schema.columns c WHERE c.table_schema = 'public'`
		indexQuery = `SELECT t.relname, i.relname, x.indisunique, x.indpred IS NOT NULL,
			(SELECT string_agg(a.attname, ' ' ORDER BY k.n) FROM unnest(x.indkey) WITH ORDINALITY AS k(attnum, n)
			 JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum)
			FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
			JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = 'public'`
	}
	types := map[string]string{
		"INTEGER": "integer", "bigint": "integer", "TEXT": "text", "text": "text", "BLOB": "bytes", "bytea": "bytes",
	}
	err := s.each(ctx, columnQuery, nil, func(row scanner) error {
		var c column
		err := row.Scan(&c.Table, &c.Name, &c.Type, &c.Nullable, &c.Key)
		if c.Table == versions {
			return err // goose's own
		}
		if types[c.Type] == "" {
			t.Errorf("%s.%s has the type %s, which is not in the common subset", c.Table, c.Name, c.Type)
		}
		c.Type = types[c.Type]
		columns = append(columns, c)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.each(ctx, indexQuery, nil, func(row scanner) error {
		var i index
		err := row.Scan(&i.Table, &i.Name, &i.Unique, &i.Partial, &i.Columns)
		if i.Table != versions {
			indexes = append(indexes, i)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(columns, func(a, b column) int {
		return slices.Compare([]string{a.Table, a.Name}, []string{b.Table, b.Name})
	})
	slices.SortFunc(indexes, func(a, b index) int { return slices.Compare([]string{a.Name}, []string{b.Name}) })
	return columns, indexes
}

func TestSchemasAreTheSame(t *testing.T) {
	t.Parallel()
	all := make(map[string][]column)
	allIndexes := make(map[string][]index)
	for name, address := range engines(t) {
		s := open(t, address, keys.NewRing())
		if err := s.Migrate(context.Background()); err != nil {
			t.Fatal(err)
		}
		all[name], allIndexes[name] = schema(t, s)
	}
	if len(all["sqlite"]) < 60 || len(allIndexes["sqlite"]) < 20 {
		t.Fatalf("found only %d columns and %d indexes", len(all["sqlite"]), len(allIndexes["sqlite"]))
	}
	if diff := cmp.Diff(all["sqlite"], all["postgres"]); diff != "" {
		t.Errorf("columns differ (-sqlite +postgres):\n%s", diff)
	}
	if diff := cmp.Diff(allIndexes["sqlite"], allIndexes["postgres"]); diff != "" {
		t.Errorf("indexes differ (-sqlite +postgres):\n%s", diff)
	}
}

// Instances that start together open and migrate at once: each finds the
// database in another moment of its making.
func TestMigrateFromManyAtOnce(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	ring := keys.NewRing()
	start := func(address string) error {
		s, err := Open(ctx, address, ring)
		if err != nil {
			return fmt.Errorf("opening: %w", err)
		}
		return errors.Join(s.Migrate(ctx), s.Close())
	}
	for name, rounds := range map[string]int{"sqlite": 4, "postgres": 2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for range rounds {
				address := engines(t)[name]
				var wg sync.WaitGroup
				for range 8 {
					wg.Go(func() {
						if err := start(address); err != nil {
							t.Error(err)
						}
					})
				}
				wg.Wait()
				s := open(t, address, ring)
				if err := s.Ready(ctx); err != nil {
					t.Errorf("after migrating: %v", err)
				}
				var lanes, want int
				if _, err := s.get(ctx, `SELECT count(*) FROM audit_lane`, nil, &lanes); err != nil {
					t.Fatal(err)
				}
				if want = 1; s.engine == enginePostgres {
					want = 16
				}
				if lanes != want {
					t.Errorf("%d audit lanes, want %d", lanes, want)
				}
			}
		})
	}
}

func TestOpenRefusesWhatIsNotIts(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	tests := []struct {
		name    string
		migrate bool
		change  string
		ring    *keys.Ring // nil: the same
		want    error
	}{
		{name: "newer schema", migrate: true, change: `INSERT INTO schema_version (version_id, is_applied) VALUES (9999, $1)`, want: ErrNewSchema},
		{name: "another's tables", change: `CREATE TABLE invoices (n INTEGER)`, want: ErrStranger},
		{name: "another ring", migrate: true, ring: keys.NewRing(), want: ErrWrongRing},
	}
	for _, test := range tests {
		for name, address := range engines(t) {
			t.Run(test.name+" "+name, func(t *testing.T) {
				ring := keys.NewRing()
				s := open(t, address, ring)
				if test.migrate {
					if err := s.Migrate(ctx); err != nil {
						t.Fatal(err)
					}
				}
				if test.change != "" {
					var args []any
					if strings.Contains(test.change, "$1") {
						args = append(args, true)
					}
					if _, err := s.exec(ctx, test.change, args...); err != nil {
						t.Fatal(err)
					}
				}
				if test.ring != nil {
					ring = test.ring
				}
				again, err := Open(ctx, address, ring)
				if !errors.Is(err, test.want) {
					t.Errorf("Open gives %v, want %v", err, test.want)
				}
				if err == nil {
					_ = again.Close() // not what we came for
				}
				if test.ring == nil {
					if err := s.Migrate(ctx); !errors.Is(err, test.want) {
						t.Errorf("Migrate gives %v, want %v", err, test.want)
					}
				}
			})
		}
	}
}

func TestOpenBadURL(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "sqlite:", "mysql://u:secret@h/d", "postgres://u:secret@h:port/d"} {
		_, err := Open(context.Background(), address, keys.NewRing())
		if !errors.Is(err, ErrURL) || err.Error() != ErrURL.Error() {
			t.Errorf("Open(%q) = %v, want %v and nothing of the address", address, err, ErrURL)
		}
	}
}

func TestUnmigratedIsNotReady(t *testing.T) {
	t.Parallel()
	for name, address := range engines(t) {
		s := open(t, address, keys.NewRing())
		if err := s.Ready(context.Background()); !errors.Is(err, ErrOldSchema) {
			t.Errorf("%s: empty database is ready: %v", name, err)
		}
	}
}

// A database of an older program is not ready until it is migrated, and keeps
// what it has.
func TestMigrateFromFirst(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for name, address := range engines(t) {
		s := open(t, address, keys.NewRing())
		provider, err := s.provider()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := provider.UpTo(ctx, 1); err != nil {
			t.Fatal(err)
		}
		if err := s.SaveLogin(ctx, subscriber.Login{LoginID: "hong", SubscriberID: "s1", Password: "hash"}); err != nil {
			t.Fatal(err)
		}
		if err := s.Ready(ctx); !errors.Is(err, ErrOldSchema) {
			t.Errorf("%s: before migrating: %v, want ErrOldSchema", name, err)
		}
		if err := s.Migrate(ctx); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if l, err := s.Login(ctx, "hong"); err != nil || l.SubscriberID != "s1" {
			t.Errorf("%s: what was there before: %+v, %v", name, l, err)
		}
		if all, err := s.PasskeysOf(ctx, "s1"); err != nil || len(all) != 0 {
			t.Errorf("%s: passkeys: %v, %v", name, all, err)
		}
	}
}
