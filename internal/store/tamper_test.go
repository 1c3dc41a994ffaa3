package store_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/internal/store/storetest"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// vandal is one who can write to the database but has no key.
type vandal struct {
	t     *testing.T
	store *store.Store
	log   *audit.Log
	db    *sql.DB
	lane  int // has the entries 1 to 5
}

func newVandal(t *testing.T, engine storetest.Engine) *vandal {
	t.Helper()
	url, ring := engine.URL(t), keys.NewRing()
	v := &vandal{t: t, store: storetest.Open(t, url, ring), db: storetest.Raw(t, url)}
	v.log = audit.New(v.store, ring.AuditKey(), func() time.Time { return noon })
	v.write(5)
	heads, err := v.store.Heads(context.Background())
	if err != nil || len(heads) != 1 {
		t.Fatalf("heads %v, %v", heads, err)
	}
	v.lane = heads[0].Lane
	v.exec(`CREATE TABLE saved_entry AS SELECT * FROM audit_entry`)
	v.exec(`CREATE TABLE saved_lane AS SELECT * FROM audit_lane`)
	return v
}

// write writes entries in one transaction, so that they are in one lane.
func (v *vandal) write(n int) {
	v.t.Helper()
	err := v.store.InTx(context.Background(), func(ctx context.Context) error {
		for i := range n {
			caller := authz.Caller{Role: authz.Customer, ID: "s1", Request: fmt.Sprint("r", i)}
			if err := v.log.Record(ctx, caller, authz.IssueCertificate, fmt.Sprint("certificate:0", i), "kind", "a"); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		v.t.Fatal(err)
	}
}

func (v *vandal) exec(query string, args ...any) {
	v.t.Helper()
	if _, err := v.db.Exec(query, args...); err != nil {
		v.t.Fatalf("%s: %v", query, err)
	}
}

func (v *vandal) restore() {
	v.t.Helper()
	v.exec(`DELETE FROM audit_entry`)
	v.exec(`DELETE FROM audit_lane`)
	v.exec(`INSERT INTO audit_entry SELECT * FROM saved_entry`)
	v.exec(`INSERT INTO audit_lane SELECT * FROM saved_lane`)
}

// finds runs Verify and gives its findings as "flaw seq", with the lane when
// it is another one.
func (v *vandal) finds(verify func(context.Context, func(audit.Problem)) (audit.Summary, error)) []string {
	v.t.Helper()
	found := []string{}
	summary, err := verify(context.Background(), func(p audit.Problem) {
		s := fmt.Sprint(p.Flaw, " ", p.Seq)
		if p.Lane != v.lane {
			s += fmt.Sprint(" of lane +", p.Lane-v.lane)
		}
		found = append(found, s)
	})
	if err != nil || summary.Problems != int64(len(found)) {
		v.t.Errorf("verifying: %v, %d problems, %d reported", err, summary.Problems, len(found))
	}
	slices.Sort(found)
	return found
}

func TestVerifyFindsTampering(t *testing.T) {
	t.Parallel()
	entry := func(set string, args ...any) func(*vandal) {
		return func(v *vandal) {
			v.exec(`UPDATE audit_entry SET `+set+` WHERE lane = $1 AND seq = 3`, append([]any{v.lane}, args...)...)
		}
	}
	run := func(queries ...string) func(*vandal) {
		return func(v *vandal) {
			for _, q := range queries {
				v.exec(q, v.lane)
			}
		}
	}
	// Copies entry 3 in the lane $1 to the place that place says.
	copied := func(place string) string {
		return `INSERT INTO audit_entry (lane, seq, at, role, caller, request, act, object, outcome, code, detail, prev, seal)
			SELECT ` + place + `, at, role, caller, request, act, object, outcome, code, detail, prev, seal
			FROM audit_entry WHERE lane = $1 AND seq = 3`
	}
	tests := []struct {
		name string
		do   func(*vandal)
		want []string
	}{
		{"nothing", func(*vandal) {}, []string{}},
		// Each column.
		{"at", entry(`at = at + 1`), []string{"changed 3"}},
		{"role", entry(`role = 'system'`), []string{"changed 3"}},
		{"caller", entry(`caller = 's2'`), []string{"changed 3"}},
		{"request", entry(`request = ''`), []string{"changed 3"}},
		{"act", entry(`act = 'certificate.view'`), []string{"changed 3"}},
		{"object", entry(`object = 'certificate:ff'`), []string{"changed 3"}},
		{"outcome", entry(`outcome = 'refused'`), []string{"changed 3"}},
		{"code", entry(`code = 1003`), []string{"changed 3"}},
		{"detail value", entry(`detail = '{"kind":"b"}'`), []string{"changed 3"}},
		{"detail emptied", entry(`detail = '{}'`), []string{"changed 3"}},
		{"detail that means the same", entry(`detail = '{"kind": "a"}'`), []string{"changed 3"}},
		{"detail twice", entry(`detail = '{"kind":"b","kind":"a"}'`), []string{"changed 3"}},
		{"detail no JSON", entry(`detail = 'kind'`), []string{"changed 3"}},
		{"text moved over the border", entry(`caller = 's', request = '1' || request`), []string{"changed 3"}},
		{"prev", entry(`prev = $2`, make([]byte, 32)), []string{"broken 3", "changed 3"}},
		{"seal", entry(`seal = $2`, make([]byte, 32)), []string{"broken 4", "changed 3"}},
		{"seal emptied", entry(`seal = $2`, []byte{}), []string{"broken 4", "changed 3"}},
		{"seq", run(`UPDATE audit_entry SET seq = 9 WHERE lane = $1 AND seq = 5`), []string{"changed 9", "gap 5", "wrong-head 6"}},
		{"seq below one", run(`UPDATE audit_entry SET seq = 0 WHERE lane = $1 AND seq = 1`), []string{"gap 1", "stray 0"}},
		{"lane", run(`UPDATE audit_entry SET lane = lane + 100 WHERE lane = $1 AND seq = 3`),
			[]string{"changed 3 of lane +100", "gap 1 of lane +100", "gap 3", "wrong-head 1 of lane +100"}},
		// Entries gone.
		{"first deleted", run(`DELETE FROM audit_entry WHERE lane = $1 AND seq = 1`), []string{"gap 1"}},
		{"middle deleted", run(`DELETE FROM audit_entry WHERE lane = $1 AND seq = 3`), []string{"gap 3"}},
		{"two deleted", run(`DELETE FROM audit_entry WHERE lane = $1 AND seq IN (2, 3)`), []string{"gap 2"}},
		{"last deleted", run(`DELETE FROM audit_entry WHERE lane = $1 AND seq = 5`), []string{"wrong-head 5"}},
		{"all deleted", run(`DELETE FROM audit_entry WHERE lane = $1`), []string{"wrong-head 1"}},
		{"middle deleted and closed up", run(`DELETE FROM audit_entry WHERE lane = $1 AND seq = 3`,
			`UPDATE audit_entry SET seq = 3 WHERE lane = $1 AND seq = 4`, `UPDATE audit_entry SET seq = 4 WHERE lane = $1 AND seq = 5`,
			`UPDATE audit_lane SET seq = 4 WHERE lane = $1`), []string{"broken 3", "changed 3", "changed 4"}},
		// Entries moved and added.
		{"two swapped", run(`UPDATE audit_entry SET seq = -2 WHERE lane = $1 AND seq = 2`,
			`UPDATE audit_entry SET seq = 2 WHERE lane = $1 AND seq = 3`, `UPDATE audit_entry SET seq = 3 WHERE lane = $1 AND seq = -2`),
			[]string{"broken 2", "broken 3", "broken 4", "changed 2", "changed 3"}},
		{"turned round", run(`UPDATE audit_entry SET seq = seq - 6 WHERE lane = $1`, `UPDATE audit_entry SET seq = -seq WHERE lane = $1`),
			[]string{"broken 1", "broken 2", "broken 3", "broken 4", "broken 5", "changed 1", "changed 2", "changed 4", "changed 5", "wrong-head 5"}},
		{"copied to the end", run(copied(`lane, 6`)), []string{"broken 6", "changed 6", "wrong-head 6"}},
		{"copied to the end with head", run(copied(`lane, 6`),
			`UPDATE audit_lane SET seq = 6, seal = (SELECT seal FROM audit_entry WHERE lane = $1 AND seq = 3) WHERE lane = $1`),
			[]string{"broken 6", "changed 6"}},
		{"copied to a new lane", run(copied(`lane + 100, 1`)),
			[]string{"broken 1 of lane +100", "changed 1 of lane +100", "wrong-head 1 of lane +100"}},
		// Heads.
		{"head moved back", run(`UPDATE audit_lane SET seq = 4 WHERE lane = $1`), []string{"wrong-head 4", "wrong-head 5"}},
		{"head moved on", run(`UPDATE audit_lane SET seq = 6 WHERE lane = $1`), []string{"wrong-head 6"}},
		{"head's seal", func(v *vandal) { v.exec(`UPDATE audit_lane SET seal = $1 WHERE lane = $2`, make([]byte, 32), v.lane) }, []string{"wrong-head 5"}},
		{"head deleted", run(`DELETE FROM audit_lane WHERE lane = $1`), []string{"wrong-head 1"}},
		{"head set to nothing", func(v *vandal) { v.exec(`UPDATE audit_lane SET seq = 0, seal = $1 WHERE lane = $2`, []byte{}, v.lane) }, []string{"wrong-head 1"}},
	}
	for _, engine := range storetest.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			v := newVandal(t, engine)
			for _, test := range tests {
				test.do(v)
				if diff := cmp.Diff(test.want, v.finds(v.log.Verify)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", test.name, diff)
				}
				v.restore()
			}
		})
	}
}

// What is put back together to how it once was, only exported heads can tell.
func TestVerifyAgainstFindsRollback(t *testing.T) {
	t.Parallel()
	cut := func(v *vandal) {
		v.exec(`DELETE FROM audit_entry WHERE lane = $1 AND seq > 3`, v.lane)
		v.exec(`UPDATE audit_lane SET seq = 3, seal = (SELECT seal FROM audit_entry WHERE lane = $1 AND seq = 3) WHERE lane = $1`, v.lane)
	}
	for _, engine := range storetest.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			v := newVandal(t, engine)
			exported, err := v.log.ExportHeads(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			file, err := json.Marshal(exported)
			if err != nil {
				t.Fatal(err)
			}
			var heads audit.Heads
			if err := json.Unmarshal(file, &heads); err != nil {
				t.Fatal(err)
			}
			against := func(ctx context.Context, report func(audit.Problem)) (audit.Summary, error) {
				return v.log.VerifyAgainst(ctx, heads, report)
			}
			for _, test := range []struct {
				name string
				do   func()
				want []string
			}{
				{"nothing", func() {}, []string{}},
				{"gone on", func() { v.write(2) }, []string{}},
				{"cut off", func() { cut(v) }, []string{"rolled-back 5"}},
				{"lane emptied", func() {
					v.exec(`DELETE FROM audit_entry WHERE lane = $1`, v.lane)
					v.exec(`UPDATE audit_lane SET seq = 0, seal = $1 WHERE lane = $2`, []byte{}, v.lane)
				}, []string{"rolled-back 5"}},
				{"cut off and grown again", func() {
					// The one lane left makes sure that this one grows.
					v.exec(`DELETE FROM audit_lane WHERE lane <> $1`, v.lane)
					cut(v)
					v.write(4)
				}, []string{"rolled-back 5"}},
			} {
				test.do()
				if alone := v.finds(v.log.Verify); len(alone) != 0 {
					t.Errorf("%s: seen without exported heads: %v", test.name, alone)
				}
				if diff := cmp.Diff(test.want, v.finds(against)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", test.name, diff)
				}
				v.restore()
			}
			heads.Heads[0].Seq--
			if _, err := v.log.VerifyAgainst(context.Background(), heads, nil); !errors.Is(err, audit.ErrHeads) {
				t.Errorf("changed heads: %v, want ErrHeads", err)
			}
		})
	}
}

// A log that can't be written to stops the acts.
func TestNoEntryNoAct(t *testing.T) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			v := newVandal(t, engine)
			v.exec(`DELETE FROM audit_lane WHERE lane <> $1`, v.lane)
			for name, spoil := range map[string]string{
				"no lane":            `DELETE FROM audit_lane WHERE lane = $1`,
				"head moved back":    `UPDATE audit_lane SET seq = 2 WHERE lane = $1`,
				"entry in the way":   `UPDATE audit_entry SET seq = 6 WHERE lane = $1 AND seq = 5`,
				"head has no number": `UPDATE audit_lane SET seq = 9223372036854775807 WHERE lane = $1`,
			} {
				v.exec(spoil, v.lane)
				r := ca.Record{
					Serial: "0a", Issuer: "aa", ApplicationID: "a", SubscriberID: "s", Kind: "personal-bank", Subject: "cn=x",
					KeyHash: []byte("k"), TBS: []byte("t"), NotBefore: noon, NotAfter: noon.AddDate(1, 0, 0), CreatedAt: noon,
				}
				err := v.store.InTx(context.Background(), func(ctx context.Context) error {
					if err := v.store.Reserve(ctx, r); err != nil {
						t.Fatal(err)
					}
					return v.log.Record(ctx, authz.Caller{Role: authz.System}, authz.IssueCertificate, "certificate:0a")
				})
				if err == nil {
					t.Errorf("%s: the entry was written", name)
				}
				if _, err := v.store.Certificate(context.Background(), "0a"); !errors.Is(err, ca.ErrNoCertificate) {
					t.Errorf("%s: the act happened without its entry (%v)", name, err)
				}
				v.restore()
				v.exec(`DELETE FROM audit_lane WHERE lane <> $1`, v.lane)
			}
		})
	}
}
