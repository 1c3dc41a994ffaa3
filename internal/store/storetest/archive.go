package storetest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/store"
)

// chronicle writes entries of two tellers about three certificates, one a
// minute, several in a transaction, and gives all of them as they were written.
func chronicle(t *testing.T, s *store.Store) (all []audit.Entry) {
	t.Helper()
	ctx := context.Background()
	now := day(1)
	log := audit.New(s, make([]byte, 32), func() time.Time { return now })
	for i := range 30 {
		must(t, s.InTx(ctx, func(ctx context.Context) error {
			for j := range 1 + i%3 {
				caller := authz.Caller{Role: authz.Teller, ID: fmt.Sprintf("t%d", (i+j)%2), Request: fmt.Sprint("r", i)}
				act := []authz.Act{authz.ViewCertificate, authz.HoldCertificate}[i%2]
				if err := log.Record(ctx, caller, act, fmt.Sprintf("certificate:0%d", (i+2*j)%3), "n", fmt.Sprint(i)); err != nil {
					return err
				}
			}
			return nil
		}))
		now = now.Add(time.Minute)
	}
	heads, err := s.Heads(ctx)
	must(t, err)
	for _, h := range heads {
		entries, err := s.Entries(ctx, h.Lane, 0, 1000)
		must(t, err)
		all = append(all, entries...)
	}
	slices.SortFunc(all, func(a, b audit.Entry) int {
		if c := b.At.Compare(a.At); c != 0 {
			return c
		}
		if a.Lane != b.Lane {
			return b.Lane - a.Lane
		}
		return int(b.Seq - a.Seq)
	})
	if len(all) != 60 {
		t.Fatalf("%d entries", len(all))
	}
	return all
}

// testArchive asks each query page by page and compares with what a loop over
// all entries gives.
func testArchive(t *testing.T, s *store.Store) {
	all := chronicle(t, s)
	ctx := context.Background()
	for name, test := range map[string]struct {
		q    audit.Query
		want func(e audit.Entry) bool
	}{
		"everything": {audit.Query{}, func(audit.Entry) bool { return true }},
		"from":       {audit.Query{From: day(1).Add(10 * time.Minute)}, func(e audit.Entry) bool { return !e.At.Before(day(1).Add(10 * time.Minute)) }},
		"to":         {audit.Query{To: day(1).Add(10 * time.Minute)}, func(e audit.Entry) bool { return e.At.Before(day(1).Add(10 * time.Minute)) }},
		"caller":     {audit.Query{Caller: "t1"}, func(e audit.Entry) bool { return e.Caller.ID == "t1" }},
		"act":        {audit.Query{Act: authz.HoldCertificate}, func(e audit.Entry) bool { return e.Act == authz.HoldCertificate }},
		"role":       {audit.Query{Role: authz.Auditor}, func(audit.Entry) bool { return false }},
		"outcome":    {audit.Query{Outcome: audit.Done}, func(audit.Entry) bool { return true }},
		"object":     {audit.Query{Object: "certificate:01"}, func(e audit.Entry) bool { return e.Object == "certificate:01" }},
		"objects": {audit.Query{Objects: []string{"certificate:01", "none:0", "certificate:02"}},
			func(e audit.Entry) bool { return e.Object != "certificate:00" }},
		"caller and act on an object": {audit.Query{Caller: "t0", Act: authz.ViewCertificate, Object: "certificate:02"},
			func(e audit.Entry) bool {
				return e.Caller.ID == "t0" && e.Act == authz.ViewCertificate && e.Object == "certificate:02"
			}},
		"nothing": {audit.Query{Object: "certificate:0' OR '1'='1"}, func(audit.Entry) bool { return false }},
	} {
		want := slices.DeleteFunc(slices.Clone(all), func(e audit.Entry) bool { return !test.want(e) })
		for _, limit := range []int{1, 7, 60, 200} {
			q := test.q
			q.Limit = limit
			var got []audit.Entry
			for pages := 0; ; pages++ {
				found, err := s.Find(ctx, q)
				if err != nil || len(found.Entries) > limit || pages > 70 || found.Stopped {
					t.Fatalf("%s, %d a page: %d entries, %v", name, limit, len(found.Entries), err)
				}
				got = append(got, found.Entries...)
				if q.After = found.Next; q.After == nil {
					break
				}
			}
			if diff := cmp.Diff(want, got); diff != "" && len(want)+len(got) > 0 {
				t.Errorf("%s, %d a page: %s", name, limit, diff)
			}
		}
	}
}

func testObjectsOf(t *testing.T, s *store.Store) {
	ctx := context.Background()
	one := record("s1")
	must(t, s.Reserve(ctx, one))
	must(t, s.Reserve(ctx, record("s2")))
	got, err := s.ObjectsOf(ctx, "s1", 10)
	if want := []string{"subscriber:s1", "certificate:" + one.Serial}; err != nil || !slices.Equal(got, want) {
		t.Errorf("objects %q, %v, want %q", got, err, want)
	}
	if got, err = s.ObjectsOf(ctx, "s1", 1); err != nil || len(got) != 1 {
		t.Errorf("bounded: %q, %v", got, err)
	}
}
