package store_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/internal/store/storetest"
)

// many fills the log with rows of one lane, as a vandal would: 250,000, one a
// second; the thousandth caller and object each have 250.
func many(t *testing.T) *store.Store {
	t.Helper()
	url := storetest.Engine{Name: "postgres"}.URL(t)
	s, db := storetest.Open(t, url, keys.NewRing()), storetest.Raw(t, url)
	for _, statement := range []string{
		`INSERT INTO audit_entry (lane, seq, at, role, caller, request, act, object, outcome, code, detail, prev, seal)
			SELECT 0, n, 1000000 * n::bigint, CASE WHEN n = 1000 THEN 'security-officer' ELSE 'teller' END, 't' || (n % 1000), 'r', 'certificate.view',
			'certificate:' || (n % 1000), 'done', 0, '{}', '', '' FROM generate_series(1, 250000) AS n`,
		`ANALYZE audit_entry`,
	} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// TestArchiveByIndex sees that no question reads the whole log.
func TestArchiveByIndex(t *testing.T) {
	t.Parallel()
	s := many(t)
	after := audit.Cursor{At: time.Unix(100_000, 0), Seq: 100_000}
	for name, c := range map[string]struct {
		q     audit.Query
		index string
	}{
		"newest":       {audit.Query{}, "audit_entry_at"},
		"after":        {audit.Query{After: &after}, "audit_entry_at"},
		"period":       {audit.Query{From: time.Unix(5000, 0), To: time.Unix(6000, 0)}, "audit_entry_at"},
		"caller":       {audit.Query{Caller: "t7"}, "audit_entry_by"},
		"caller after": {audit.Query{Caller: "t7", After: &after}, "audit_entry_by"},
		"object":       {audit.Query{Object: "certificate:7"}, "audit_entry_of"},
		"object after": {audit.Query{Object: "certificate:7", After: &after}, "audit_entry_of"},
	} {
		c.q.Limit = 50
		plan, err := s.ExplainFind(t.Context(), c.q)
		if err != nil || strings.Count(plan, c.index) != 2 || strings.Contains(plan, "Seq Scan") {
			t.Errorf("%s is not found by %s: %v\n%s", name, c.index, err, plan)
		}
	}
	t.Run("without an index", func(t *testing.T) { lookThrough(t, s) })
}

// lookThrough asks for one entry deep in the log, for which there is no index:
// each page ends after so many, and the entry is found in the end.
func lookThrough(t *testing.T, s *store.Store) {
	q := audit.Query{Role: authz.Security, Limit: 10}
	var got []audit.Entry
	pages := 0
	for ; pages < 10; pages++ {
		found, err := s.Find(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		if len(found.Entries) == 0 && found.Next != nil && !found.Stopped {
			t.Error("an empty page that goes on does not say why")
		}
		got = append(got, found.Entries...)
		if q.After = found.Next; q.After == nil {
			break
		}
	}
	if len(got) != 1 || got[0].Seq != 1000 || pages != 250_000/store.LookThrough {
		t.Errorf("found %d entries on %d pages", len(got), pages+1)
	}
}
