package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/pki/npki"
)

func testReserve(t *testing.T, s *store.Store) {
	ctx := context.Background()
	first := record("s1")
	must(t, s.Reserve(ctx, first))
	for name, find := range map[string]func() (ca.Record, error){
		"by serial":      func() (ca.Record, error) { return s.Certificate(ctx, first.Serial) },
		"by application": func() (ca.Record, error) { return s.ByApplication(ctx, first.ApplicationID) },
	} {
		got, err := find()
		if diff := cmp.Diff(first, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", name, err, diff)
		}
	}
	if err := second(s.Certificate(ctx, "00")); !errors.Is(err, ca.ErrNoCertificate) {
		t.Errorf("unknown serial: %v", err)
	}
	if err := second(s.ByApplication(ctx, "none")); !errors.Is(err, ca.ErrNoCertificate) {
		t.Errorf("unknown application: %v", err)
	}

	same := func(change func(r *ca.Record)) ca.Record {
		r := record("s2")
		change(&r)
		return r
	}
	for name, test := range map[string]struct {
		r    ca.Record
		want error
	}{
		"application": {same(func(r *ca.Record) { r.ApplicationID = first.ApplicationID }), ca.ErrApplicationUsed},
		"serial":      {same(func(r *ca.Record) { r.Serial = first.Serial }), ca.ErrSerialUsed},
		"subject":     {same(func(r *ca.Record) { r.Subject = first.Subject }), ca.ErrSubjectUsed},
		"key":         {same(func(r *ca.Record) { r.KeyHash = first.KeyHash }), ca.ErrKeyUsed},
		"person":      {same(func(r *ca.Record) { r.SubscriberID = "s1" }), ca.ErrHolds},
		// Who asks for the same again must hear that it is the same.
		"everything": {first, ca.ErrApplicationUsed},
		"all but application": {same(func(r *ca.Record) {
			id := r.ApplicationID
			*r = first
			r.ApplicationID = id
		}), ca.ErrSerialUsed},
		"other kind": {same(func(r *ca.Record) { r.SubscriberID, r.Kind = "s1", npki.PersonalGeneral }), nil},
	} {
		if err := s.Reserve(ctx, test.r); !errors.Is(err, test.want) {
			t.Errorf("same %s: %v, want %v", name, err, test.want)
		}
	}
}

func testReserveAfterEnd(t *testing.T, s *store.Store) {
	ctx := context.Background()
	old := record("s1")
	old.NotAfter = day(10)
	old = issued(t, s, old)
	must(t, s.ChangeState(ctx, old.Serial, ca.Move{From: []ca.State{ca.Valid}, To: ca.Suspended, Reason: ca.OnHold, At: day(5)}))

	// What is over keeps its place until that is written down: there is no end
	// without its line in the history.
	late := record("s1")
	late.CreatedAt = day(10).Add(time.Microsecond)
	if err := s.Reserve(ctx, late); !errors.Is(err, ca.ErrHolds) {
		t.Fatalf("beside one that is over: %v, want ErrHolds", err)
	}
	must(t, s.ChangeState(ctx, old.Serial, ca.Move{From: []ca.State{ca.Suspended}, To: ca.Expired, At: late.CreatedAt}))
	must(t, s.Reserve(ctx, late))
	got, err := s.Certificate(ctx, old.Serial)
	if err != nil || got.State != ca.Expired || !got.ChangedAt.Equal(late.CreatedAt) {
		t.Errorf("old certificate is %s since %v (%v), want expired since %v", got.State, got.ChangedAt, err, late.CreatedAt)
	}
	standings, err := s.Standings(ctx, issuer, []string{old.Serial})
	if err != nil || !standings[0].Revoked || !standings[0].RevokedAt.Equal(day(5)) || standings[0].Reason != 6 {
		t.Errorf("expired while suspended stands as %+v, %v", standings, err)
	}
}

func testComplete(t *testing.T, s *store.Store) {
	ctx := context.Background()
	r := record("s1")
	must(t, s.Reserve(ctx, r))
	at := day(0).Add(time.Minute)
	must(t, second(s.Complete(ctx, r.Serial, []byte("certificate"), ca.Valid, at)))
	want := r
	want.State, want.DER, want.IssuedAt, want.ChangedAt = ca.Valid, []byte("certificate"), at, at
	got, err := s.Certificate(ctx, r.Serial)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("completed: %v\n%s", err, diff)
	}
	if err := second(s.Complete(ctx, r.Serial, []byte("certificate"), ca.Valid, day(1))); err != nil {
		t.Errorf("completing again with the same: %v", err)
	}
	if again, err := s.Certificate(ctx, r.Serial); err != nil || !again.IssuedAt.Equal(at) {
		t.Errorf("completing again moved the time to %v, %v", again.IssuedAt, err)
	}
	if err := second(s.Complete(ctx, r.Serial, []byte("another"), ca.Valid, day(1))); !errors.Is(err, ca.ErrWrongState) {
		t.Errorf("completing with another: %v, want ErrWrongState", err)
	}
	if err := second(s.Complete(ctx, "00", []byte("certificate"), ca.Valid, day(1))); !errors.Is(err, ca.ErrNoCertificate) {
		t.Errorf("completing the unknown: %v, want ErrNoCertificate", err)
	}
}

func testChangeState(t *testing.T, s *store.Store) {
	ctx := context.Background()
	r := issued(t, s, record("s1"))
	for _, step := range []struct {
		from       []ca.State
		to         ca.State
		reason     int
		invalidity time.Time
		want       error
	}{
		{[]ca.State{ca.Suspended}, ca.Valid, 0, time.Time{}, ca.ErrWrongState},
		{nil, ca.Valid, 0, time.Time{}, ca.ErrWrongState},
		{[]ca.State{ca.Valid, ca.Held}, ca.Suspended, 6, time.Time{}, nil},
		{[]ca.State{ca.Suspended}, ca.Valid, 0, time.Time{}, nil},
		{[]ca.State{ca.Valid, ca.Suspended}, ca.Revoked, 1, day(-2), nil},
		{[]ca.State{ca.Valid, ca.Suspended}, ca.Revoked, 1, day(-2), ca.ErrWrongState},
	} {
		at := r.ChangedAt.Add(time.Hour)
		err := s.ChangeState(ctx, r.Serial, ca.Move{From: step.from, To: step.to, Reason: ca.Reason(step.reason), Invalidity: step.invalidity, At: at})
		if !errors.Is(err, step.want) {
			t.Errorf("%v to %s: %v, want %v", step.from, step.to, err, step.want)
		}
		if step.want == nil {
			r.State, r.Reason, r.InvalidityDate, r.ChangedAt = step.to, step.reason, step.invalidity, at
		}
		got, err := s.Certificate(ctx, r.Serial)
		if diff := cmp.Diff(r, got); err != nil || diff != "" {
			t.Errorf("after %v to %s: %v\n%s", step.from, step.to, err, diff)
		}
	}
	if err := s.ChangeState(ctx, "00", ca.Move{From: []ca.State{ca.Valid}, To: ca.Revoked, Reason: 1, At: day(1)}); !errors.Is(err, ca.ErrNoCertificate) {
		t.Errorf("unknown: %v, want ErrNoCertificate", err)
	}
	// The person got another one since: the old one can't live again.
	must(t, s.Reserve(ctx, record("s1")))
	if err := s.ChangeState(ctx, r.Serial, ca.Move{From: []ca.State{ca.Revoked}, To: ca.Valid, At: day(1)}); !errors.Is(err, ca.ErrHolds) {
		t.Errorf("reviving beside another: %v, want ErrHolds", err)
	}
}

func testCertificatesOf(t *testing.T, s *store.Store) {
	ctx := context.Background()
	var want []ca.Record
	for n := range 3 {
		r := record("s1")
		r.CreatedAt, r.ChangedAt = day(n), day(n)
		r = issued(t, s, r)
		must(t, s.ChangeState(ctx, r.Serial, ca.Move{From: []ca.State{ca.Valid}, To: ca.Revoked, Reason: 1, At: day(n)}))
		r, err := s.Certificate(ctx, r.Serial)
		must(t, err)
		want = append([]ca.Record{r}, want...)
	}
	must(t, s.Reserve(ctx, record("s1"))) // not issued yet
	issued(t, s, record("s2"))
	got, err := s.CertificatesOf(ctx, "s1")
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("certificates: %v\n%s", err, diff)
	}
	if none, err := s.CertificatesOf(ctx, "nobody"); len(none) != 0 || err != nil {
		t.Errorf("nobody's certificates: %v, %v", none, err)
	}
}

func testPendingRecords(t *testing.T, s *store.Store) {
	ctx := context.Background()
	var want []ca.Record
	for n, person := range []string{"s1", "s2", "s3"} {
		r := record(person)
		r.CreatedAt, r.ChangedAt = day(n), day(n)
		must(t, s.Reserve(ctx, r))
		want = append(want, r)
	}
	issued(t, s, record("s4"))
	for limit := 1; limit <= 4; limit++ {
		got, err := s.PendingRecords(ctx, limit)
		if diff := cmp.Diff(want[:min(limit, 3)], got); err != nil || diff != "" {
			t.Errorf("up to %d pending: %v\n%s", limit, err, diff)
		}
	}
}
