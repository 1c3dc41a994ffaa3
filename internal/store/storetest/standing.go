package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/status"
	"github.com/ingam-pki/ingam/internal/store"
)

func testStandings(t *testing.T, s *store.Store) {
	ctx := context.Background()
	valid, revoked := issued(t, s, record("s1")), issued(t, s, record("s2"))
	must(t, s.ChangeState(ctx, revoked.Serial, ca.Move{From: []ca.State{ca.Valid}, To: ca.Revoked, Reason: 4, At: day(2)}))
	released := issued(t, s, record("s3"))
	must(t, s.ChangeState(ctx, released.Serial, ca.Move{From: []ca.State{ca.Valid}, To: ca.Suspended, Reason: 6, At: day(2)}))
	must(t, s.ChangeState(ctx, released.Serial, ca.Move{From: []ca.State{ca.Suspended}, To: ca.Valid, At: day(3)}))
	expired := issued(t, s, record("s4"))
	must(t, s.ChangeState(ctx, expired.Serial, ca.Move{From: []ca.State{ca.Valid}, To: ca.Expired, At: day(400)}))
	pending := record("s5")
	must(t, s.Reserve(ctx, pending))
	foreign := record("s6")
	foreign.Issuer = otherIssuer
	foreign = issued(t, s, foreign)

	good := status.Standing{Known: true}
	bad := status.Standing{Known: true, Revoked: true, RevokedAt: day(2), Reason: 4}
	serials := []string{revoked.Serial, "00", valid.Serial, pending.Serial, foreign.Serial, released.Serial, expired.Serial, revoked.Serial}
	want := []status.Standing{bad, {}, good, {}, {}, good, good, bad}
	for n := range len(serials) + 1 {
		got, err := s.Standings(ctx, issuer, serials[:n])
		if diff := cmp.Diff(want[:n], append([]status.Standing{}, got...)); err != nil || diff != "" {
			t.Errorf("%d serials: %v\n%s", n, err, diff)
		}
	}
	many := make([]string, 33)
	for i := range many {
		many[i] = valid.Serial
	}
	if got, err := s.Standings(ctx, issuer, many[:32]); err != nil || len(got) != 32 || got[31] != good {
		t.Errorf("32 serials: %v, %v", got, err)
	}
	if _, err := s.Standings(ctx, issuer, many); !errors.Is(err, store.ErrTooMany) {
		t.Errorf("33 serials: %v, want ErrTooMany", err)
	}
}

func testEachRevoked(t *testing.T, s *store.Store) {
	ctx := context.Background()
	var want []status.Entry
	for n, change := range []struct {
		to         ca.State
		reason     int
		invalidity time.Time
		notAfter   time.Time
		issuer     string
		listed     bool
	}{
		{ca.Revoked, 1, day(-1), day(365), issuer, true},
		{ca.Suspended, 6, time.Time{}, day(365), issuer, true},
		{ca.Held, 6, time.Time{}, day(100), issuer, true}, // to the very end
		{ca.Revoked, 1, time.Time{}, day(100).Add(-time.Microsecond), issuer, false},
		{ca.Revoked, 1, time.Time{}, day(365), otherIssuer, false},
		{ca.Expired, 0, time.Time{}, day(365), issuer, false},
		{ca.Valid, 0, time.Time{}, day(365), issuer, false},
	} {
		r := record(fmt.Sprint("s", n))
		r.NotAfter, r.Issuer = change.notAfter, change.issuer
		r = issued(t, s, r)
		must(t, s.ChangeState(ctx, r.Serial, ca.Move{From: []ca.State{ca.Valid}, To: change.to, Reason: ca.Reason(change.reason), Invalidity: change.invalidity, At: day(n)}))
		if change.listed {
			want = append(want, status.Entry{Serial: r.Serial, At: day(n), Reason: change.reason, InvalidityDate: change.invalidity})
		}
	}
	slices.SortFunc(want, func(a, b status.Entry) int { return slices.Compare([]string{a.Serial}, []string{b.Serial}) })
	var got []status.Entry
	collect := func(e status.Entry) error { got = append(got, e); return nil } //nolint:unparam // as EachRevoked wants it
	must(t, s.EachRevoked(ctx, issuer, day(100), collect))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("revoked:\n%s", diff)
	}
	got = nil
	must(t, s.InTx(ctx, func(ctx context.Context) error { return s.EachRevoked(ctx, issuer, day(100), collect) }))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("revoked, in a transaction:\n%s", diff)
	}
	enough := errors.New("enough")
	if err := s.EachRevoked(ctx, issuer, day(100), func(status.Entry) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("stopped: %v", err)
	}
}

func testCRL(t *testing.T, s *store.Store) {
	ctx := context.Background()
	if _, err := s.LatestCRL(ctx, issuer); !errors.Is(err, status.ErrNoCRL) {
		t.Fatalf("before the first: %v", err)
	}
	for want := int64(1); want <= 11; want++ { // past one digit
		var c status.CRL
		must(t, s.InTx(ctx, func(ctx context.Context) error {
			number, err := s.NextCRLNumber(ctx, issuer)
			if number != want {
				t.Errorf("number %d, want %d", number, want)
			}
			c = status.CRL{Issuer: issuer, Number: number, ThisUpdate: day(int(want)), NextUpdate: day(int(want) + 1), DER: []byte{byte(want)}}
			return errors.Join(err, s.SaveCRL(ctx, c))
		}))
		got, err := s.LatestCRL(ctx, issuer)
		if diff := cmp.Diff(c, got); err != nil || diff != "" {
			t.Errorf("latest: %v\n%s", err, diff)
		}
	}
	if n, err := s.NextCRLNumber(ctx, otherIssuer); n != 1 || err != nil {
		t.Errorf("another issuer's first: %d, %v", n, err)
	}
	if err := s.SaveCRL(ctx, status.CRL{Issuer: issuer, Number: 11, ThisUpdate: day(0), NextUpdate: day(1), DER: []byte("x")}); err == nil {
		t.Error("a number was used twice")
	}
}
