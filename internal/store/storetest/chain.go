package storetest

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/store"
)

func testAuditAppend(t *testing.T, s *store.Store) {
	ctx := context.Background()
	if heads, err := s.Heads(ctx); len(heads) != 0 || err != nil {
		t.Fatalf("empty log has heads %v, %v", heads, err)
	}
	log := newLog(s)
	must(t, s.InTx(ctx, func(ctx context.Context) error {
		return errors.Join(
			log.Record(ctx, auditor, authz.IssueCertificate, "certificate:0a", "kind", "personal-bank", "메모", "한글 \" <&> \u2028"),
			log.Record(ctx, auditor, authz.IssueCertificate, "certificate:0b"),
			log.Record(ctx, auditor, authz.IssueCertificate, "certificate:0c"))
	}))
	heads, err := s.Heads(ctx)
	if err != nil || len(heads) != 1 || heads[0].Seq != 3 {
		t.Fatalf("one transaction's entries are in %v, %v", heads, err)
	}
	all, err := s.Entries(ctx, heads[0].Lane, math.MinInt64, 10)
	must(t, err)
	want := audit.Entry{
		Lane: heads[0].Lane, Seq: 1, At: day(0), Caller: auditor, Act: authz.IssueCertificate, Object: "certificate:0a",
		Outcome: audit.Done, Detail: map[string]string{"kind": "personal-bank", "메모": "한글 \" <&> \u2028"},
		Seal: all[0].Seal,
	}
	if diff := cmp.Diff(want, all[0], cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("entry:\n%s", diff)
	}
	if len(all) != 3 || !cmp.Equal(all[1].Prev, all[0].Seal) || !cmp.Equal(all[2].Seal, heads[0].Seal) {
		t.Errorf("entries don't hang together: %v", all)
	}
	for _, test := range []struct {
		after int64
		limit int
		want  []int64
	}{{0, 2, []int64{1, 2}}, {2, 2, []int64{3}}, {3, 2, nil}, {1, 1, []int64{2}}} {
		got, err := s.Entries(ctx, heads[0].Lane, test.after, test.limit)
		must(t, err)
		var seqs []int64
		for _, e := range got {
			seqs = append(seqs, e.Seq)
		}
		if diff := cmp.Diff(test.want, seqs); diff != "" {
			t.Errorf("%d entries after %d:\n%s", test.limit, test.after, diff)
		}
	}
	verified(t, log, 3)
}

// An act whose entry can't be written does not happen.
func testNoEntryNoAct(t *testing.T, s *store.Store) {
	ctx := context.Background()
	for name, seal := range map[string]func(audit.Head) (audit.Entry, error){
		"can't be sealed":      func(audit.Head) (audit.Entry, error) { return audit.Entry{}, errOops },
		"has the wrong number": func(h audit.Head) (audit.Entry, error) { return audit.Entry{Lane: h.Lane, Seq: 7, Prev: h.Seal}, nil },
		"has the wrong lane":   func(h audit.Head) (audit.Entry, error) { return audit.Entry{Lane: 99, Seq: 1, Prev: h.Seal}, nil },
		"hangs on another seal": func(h audit.Head) (audit.Entry, error) {
			return audit.Entry{Lane: h.Lane, Seq: 1, Prev: []byte("x")}, nil
		},
	} {
		r := record("s1")
		err := s.InTx(ctx, func(ctx context.Context) error {
			must(t, s.Reserve(ctx, r))
			if s.AppendEntry(ctx, seal) == nil {
				t.Errorf("an entry that %s was written", name)
			}
			return nil // forgiven, and yet
		})
		if err == nil || has(t, s, r) {
			t.Errorf("an act whose entry %s happened: %v", name, err)
		}
	}
	// A log without a proper key writes nothing.
	log := audit.New(s, []byte("short"), func() time.Time { return day(0) })
	if err := log.Record(ctx, auditor, authz.LogIn, "x"); !errors.Is(err, audit.ErrKey) {
		t.Errorf("a short key: %v, want ErrKey", err)
	}
	verified(t, newLog(s), 0)
}
