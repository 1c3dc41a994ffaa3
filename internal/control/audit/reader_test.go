package audit_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/store/storetest"
)

var start = time.Date(2027, 3, 2, 3, 0, 0, 0, time.UTC)

// desk is a log on a real store, whose clock moves a second with each entry.
type desk struct {
	t      *testing.T
	log    *audit.Log
	reader *audit.Reader
	url    string
	now    time.Time
}

func newDesk(t *testing.T, e storetest.Engine) *desk {
	t.Helper()
	url, ring := e.URL(t), keys.NewRing()
	s := storetest.Open(t, url, ring)
	d := &desk{t: t, url: url, now: start}
	d.log = audit.New(s, ring.AuditKey(), func() time.Time { d.now = d.now.Add(time.Second); return d.now })
	d.reader = audit.NewReader(s, d.log)
	return d
}

func (d *desk) write(n int) {
	d.t.Helper()
	for i := range n {
		caller := authz.Caller{Role: authz.Teller, ID: "teller1", Request: fmt.Sprint("r", i)}
		if err := d.log.Record(context.Background(), caller, authz.ViewCustomer, "subscriber:s1", "n", fmt.Sprint(i)); err != nil {
			d.t.Fatal(err)
		}
	}
}

var auditor = authz.Caller{Role: authz.Auditor, ID: "auditor1", Request: "r", Self: "myself"}

func engines(t *testing.T, test func(t *testing.T, d *desk)) {
	t.Helper()
	for _, e := range storetest.Engines() {
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			test(t, newDesk(t, e))
		})
	}
}

// TestReaderIsRecorded: each look is an entry, written before what it shows, and
// so is each refusal.
func TestReaderIsRecorded(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, d *desk) {
		ctx := t.Context()
		d.write(3)
		looks := map[string]func(c authz.Caller) error{
			"audit": func(c authz.Caller) error {
				_, err := d.reader.Look(ctx, c, audit.Query{Act: authz.ViewCustomer})
				return err
			},
			"subscriber:s1": func(c authz.Caller) error { _, err := d.reader.OfPerson(ctx, c, "s1", audit.Query{}); return err },
			"staff:teller1": func(c authz.Caller) error { _, err := d.reader.OfStaff(ctx, c, "teller1", audit.Query{}); return err },
		}
		for object, look := range looks {
			if err := look(auditor); err != nil {
				t.Errorf("%s: %v", object, err)
			}
			for _, role := range []authz.Role{authz.Anonymous, authz.Customer, authz.Redeemer, authz.Teller, authz.Supervisor, authz.Operator, authz.Security} {
				if err := look(authz.Caller{Role: role, ID: "x"}); !errors.Is(err, authz.ErrForbidden) {
					t.Errorf("%s looks at %s: %v", role, object, err)
				}
			}
			page, err := d.reader.Look(ctx, auditor, audit.Query{Object: object, Act: authz.ViewAudit})
			done, denied := 0, 0
			for _, e := range page.Entries {
				if e.Outcome == audit.Done {
					done++
				} else {
					denied++
				}
			}
			if object == "audit" {
				done = min(done, 1) // looking here is one, too
			}
			if err != nil || done != 1 || denied != 7 {
				t.Errorf("%s: %d looks and %d refusals are recorded, %v", object, done, denied, err)
			}
		}
		if _, err := d.reader.OfPerson(ctx, auditor, "myself", audit.Query{}); !errors.Is(err, authz.ErrOwnMatter) {
			t.Errorf("the auditor's own trail: %v", err)
		}
		if _, err := d.reader.OfStaff(ctx, auditor, "auditor1", audit.Query{}); !errors.Is(err, authz.ErrOwnMatter) {
			t.Errorf("the auditor's own acts: %v", err)
		}
		trail, err := d.reader.OfPerson(ctx, auditor, "s1", audit.Query{Act: authz.ViewCustomer})
		if err != nil || len(trail.Entries) != 3 {
			t.Errorf("the trail has %d entries, %v", len(trail.Entries), err)
		}
	})
}

// Nobody looks at their own trail, whichever way they ask for it.
func TestOwnTrailIsRefused(t *testing.T) {
	t.Parallel()
	d := newDesk(t, storetest.Engine{Name: "sqlite"})
	ctx := context.Background()
	self := authz.Caller{Role: authz.Auditor, ID: "auditor9", Self: "s9"}
	for _, q := range []audit.Query{{Caller: "auditor9"}, {Object: "staff:auditor9"}, {Object: "subscriber:s9"}} {
		if _, err := d.reader.Look(ctx, self, q); !errors.Is(err, authz.ErrOwnMatter) {
			t.Errorf("looking for %+v: %v", q, err)
		}
		if _, _, err := d.reader.Export(ctx, self, q, io.Discard); !errors.Is(err, authz.ErrOwnMatter) {
			t.Errorf("exporting %+v: %v", q, err)
		}
		if _, err := d.reader.Look(ctx, authz.Caller{Role: authz.Auditor, ID: "auditor8"}, q); err != nil {
			t.Errorf("another looks for %+v: %v", q, err)
		}
	}
}

func TestQueryRefuses(t *testing.T) {
	t.Parallel()
	d := newDesk(t, storetest.Engine{Name: "sqlite"})
	for name, q := range map[string]audit.Query{
		"caller": {Caller: "홍길동"}, "caller'": {Caller: "900101-1234567"}, "object": {Object: "홍길동"}, "object'": {Object: "customer:900101-1234567"},
		"object''": {Objects: []string{"certificate:0a", "x y"}}, "role": {Role: "Teller!"}, "act": {Act: "'; DROP"}, "outcome": {Outcome: "maybe"},
		"to": {From: start, To: start}, "limit": {Limit: -1}, "caller''": {Caller: strings.Repeat("x", 101)}, "object'''": {Object: "a:" + strings.Repeat("x", 200)},
	} {
		if _, err := d.reader.Look(t.Context(), auditor, q); !errors.Is(err, audit.ErrQuery) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := d.reader.Look(t.Context(), auditor, audit.Query{Objects: make([]string, audit.MaxObjects+1)}); !errors.Is(err, audit.ErrMany) {
		t.Errorf("too many objects: %v", err)
	}
	if _, err := d.reader.OfPerson(t.Context(), auditor, "홍길동", audit.Query{}); !errors.Is(err, audit.ErrQuery) {
		t.Errorf("a name for a subscriber: %v", err)
	}
}

// TestExport reads back what it wrote, and looks for what a spreadsheet program
// would run.
func TestExport(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, d *desk) {
		ctx := context.Background()
		d.write(450) // more than two pages
		for _, formula := range []string{"=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "a;b=c\\"} {
			if err := d.log.Record(ctx, authz.Caller{Role: authz.Teller, ID: formula, Request: formula}, authz.ViewCustomer, formula, "n", formula); err != nil {
				t.Fatal(err)
			}
		}
		var out bytes.Buffer
		rows, cut, err := d.reader.Export(ctx, auditor, audit.Query{Role: authz.Teller}, &out)
		if err != nil || cut || rows != 457 {
			t.Fatalf("%d rows, cut %v, %v", rows, cut, err)
		}
		text, ok := strings.CutPrefix(out.String(), "\ufeff")
		if !ok || strings.Count(text, "\r\n") != 458 || strings.Count(text, "\n") != 458 {
			t.Error("no byte order mark, or other line ends")
		}
		read, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil || len(read) != 458 || read[0][0] != "time" {
			t.Fatalf("%d rows read, %v", len(read), err)
		}
		for _, row := range read {
			for i, cell := range row {
				if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
					t.Errorf("a program would run %q", cell)
				}
				if i == 10 && strings.Contains(cell, "a;b") {
					t.Errorf("a fact is not told from another: %q", cell)
				}
			}
		}
		if !slices.IsSortedFunc(read[1:], func(a, b []string) int { return strings.Compare(b[0], a[0]) }) {
			t.Error("not the newest first")
		}
		if _, _, err := d.reader.Export(ctx, authz.Caller{Role: authz.Operator, ID: "o"}, audit.Query{}, &out); !errors.Is(err, authz.ErrForbidden) {
			t.Errorf("an operator exports: %v", err)
		}
		page, err := d.reader.Look(ctx, auditor, audit.Query{Act: authz.ExportAudit})
		if err != nil || len(page.Entries) != 3 || page.Entries[0].Outcome != audit.Denied || page.Entries[1].Detail["rows"] != "457" {
			t.Errorf("the export is recorded as %+v, %v", page.Entries, err)
		}
	})
}

// TestCheckBySlices checks a log in one go, and finds by the same way what
// somebody changed.
func TestCheckBySlices(t *testing.T) {
	t.Parallel()
	engines(t, func(t *testing.T, d *desk) {
		ctx := context.Background()
		d.write(25)
		report := d.check(7)
		if !report.Done || report.Summary.Problems != 0 || report.Summary.Entries != 25 || report.All != 25 || report.Summary.Lanes == 0 {
			t.Errorf("%+v", report)
		}
		db := storetest.Raw(t, d.url)
		if _, err := db.ExecContext(ctx, `UPDATE audit_entry SET object = 'subscriber:s2' WHERE seq = 2`); err != nil {
			t.Fatal(err)
		}
		whole, err := d.log.Verify(ctx, func(audit.Problem) {})
		for _, budget := range []int{1, 4, 1000} {
			if report = d.check(budget); err != nil || report.Summary != whole || report.Summary.Problems == 0 {
				t.Errorf("%d at a time: %+v, want %+v", budget, report.Summary, whole)
			}
		}
		if _, err := d.reader.Check(ctx, authz.Caller{Role: authz.Teller, ID: "t"}, ""); !errors.Is(err, authz.ErrForbidden) {
			t.Errorf("a teller checks: %v", err)
		}
		if report, err = d.reader.Check(ctx, auditor, ""); err != nil || !report.Done || len(report.Problems) == 0 {
			t.Errorf("%+v, %v", report, err)
		}
	})
}

// check goes through the log, so many entries at a time.
func (d *desk) check(budget int) (last audit.Report) {
	d.t.Helper()
	for range 100 {
		report, err := d.log.Check(context.Background(), last.Place, budget)
		if err != nil {
			d.t.Fatal(err)
		}
		if report.Done {
			return report
		}
		if report.Summary.Entries <= last.Summary.Entries && last.Place != "" && report.Place == last.Place {
			d.t.Fatalf("it does not move: %+v", report)
		}
		last = report
	}
	d.t.Fatal("it does not end")
	return last
}

func TestPlaceIsSealed(t *testing.T) {
	t.Parallel()
	d, other := newDesk(t, storetest.Engine{Name: "sqlite"}), newDesk(t, storetest.Engine{Name: "sqlite"})
	d.write(3)
	report, err := d.log.Check(t.Context(), "", 1)
	if err != nil || report.Done || report.Place == "" {
		t.Fatalf("%+v, %v", report, err)
	}
	changed := []byte(report.Place)
	changed[len(changed)/2] ^= 1
	for _, place := range []string{"x", string(changed), report.Place[:len(report.Place)-4], "!" + report.Place} {
		if _, err := d.log.Check(t.Context(), place, 1); !errors.Is(err, audit.ErrPlace) {
			t.Errorf("%.20q: %v", place, err)
		}
	}
	if _, err := other.log.Check(t.Context(), report.Place, 1); !errors.Is(err, audit.ErrPlace) {
		t.Errorf("another log's place: %v", err)
	}
}

func TestCursor(t *testing.T) {
	t.Parallel()
	c := audit.Cursor{At: start.Add(123 * time.Microsecond), Lane: 15, Seq: 1 << 40}
	if again, err := audit.ParseCursor(c.String()); err != nil || again != c {
		t.Errorf("%+v, %v", again, err)
	}
	for _, s := range []string{"", "x", strings.Repeat("_", 32), c.String() + "A", c.String()[1:]} {
		if _, err := audit.ParseCursor(s); !errors.Is(err, audit.ErrCursor) {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func FuzzCursor(f *testing.F) {
	f.Add(audit.Cursor{At: start, Lane: 3, Seq: 9}.String())
	f.Add("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := audit.ParseCursor(s)
		if err == nil && c.String() != s {
			t.Errorf("%q comes back as %q", s, c.String())
		}
	})
}

func FuzzPlace(f *testing.F) {
	log := audit.New(nil, make([]byte, 32), time.Now)
	for _, s := range []string{"x", "AAAA", strings.Repeat("A", 200)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if s == "" {
			return
		}
		if _, err := log.Check(context.Background(), s, 1); !errors.Is(err, audit.ErrPlace) {
			t.Errorf("%q: %v", s, err)
		}
	})
}
