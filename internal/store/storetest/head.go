package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/status"
	"github.com/ingam-pki/ingam/internal/store"
)

// list issues an empty list in a transaction that ends as it is told.
func list(ctx context.Context, s *store.Store, of string, end error) error {
	return s.InTx(ctx, func(ctx context.Context) error {
		number, err := s.NextCRLNumber(ctx, of)
		if err == nil {
			err = s.SaveCRL(ctx, status.CRL{Issuer: of, Number: number, ThisUpdate: day(1), NextUpdate: day(2), DER: []byte("list")})
		}
		return errors.Join(err, end)
	})
}

// changed wants a head with a number that says whether the register has changed
// since.
func changed(t *testing.T, s *store.Store, when string, number int64, want bool) {
	t.Helper()
	h, err := s.CRLHead(context.Background(), issuer)
	if err != nil || h.Number != number || h.Changed != want || number > 0 && (!h.ThisUpdate.Equal(day(1)) || !h.NextUpdate.Equal(day(2))) {
		t.Errorf("%s: %+v, %v, want number %d, changed %v", when, h, err, number, want)
	}
}

func testCRLHead(t *testing.T, s *store.Store) {
	ctx := context.Background()
	r := issued(t, s, record("s1"))
	move := func(from, to ca.State, reason int, since time.Time) {
		t.Helper()
		must(t, s.ChangeState(ctx, r.Serial, ca.Move{From: []ca.State{from}, To: to, Reason: ca.Reason(reason), Invalidity: since, At: day(1)}))
	}
	changed(t, s, "before the first list", 0, false)
	must(t, list(ctx, s, issuer, nil))
	changed(t, s, "after the first list", 1, false)
	number := int64(1)
	for _, step := range []struct {
		what     string
		from, to ca.State
		reason   int
		since    time.Time
		listed   bool
	}{
		{"suspended", ca.Valid, ca.Suspended, 6, time.Time{}, true},
		{"suspended for another reason", ca.Suspended, ca.Suspended, 0, time.Time{}, true},
		{"released", ca.Suspended, ca.Valid, 0, time.Time{}, true},
		{"expired", ca.Valid, ca.Expired, 0, time.Time{}, false},
		{"revoked", ca.Expired, ca.Revoked, 1, time.Time{}, true},
		{"revoked since", ca.Revoked, ca.Revoked, 1, day(-3), true},
	} {
		move(step.from, step.to, step.reason, step.since)
		changed(t, s, step.what, number, step.listed)
		if !step.listed {
			continue
		}
		if err := list(ctx, s, issuer, errOops); !errors.Is(err, errOops) {
			t.Fatalf("a list that comes to nothing: %v", err)
		}
		changed(t, s, step.what+", after a list that came to nothing", number, true)
		must(t, list(ctx, s, otherIssuer, nil))
		changed(t, s, step.what+", after another issuer's list", number, true)
		must(t, list(ctx, s, issuer, nil))
		number++
		changed(t, s, step.what+", after its list", number, false)
	}
	r = issued(t, s, record("s2"))
	must(t, s.Reserve(ctx, record("s3")))
	changed(t, s, "issued", number, false)
	if s.Engine() == "postgres" { // the other has one writer
		changeInFlight(t, s, r.Serial, number)
	}
}

// changeInFlight revokes while a list is issued and commits after it: the list
// does not have it, so the next has to come.
func changeInFlight(t *testing.T, s *store.Store, serial string, number int64) {
	t.Helper()
	ctx := context.Background()
	must(t, s.InTx(ctx, func(inner context.Context) error {
		err := s.ChangeState(inner, serial, ca.Move{From: []ca.State{ca.Valid}, To: ca.Revoked, Reason: ca.KeyCompromise, At: day(1)})
		if err == nil {
			err = list(ctx, s, issuer, nil) // by somebody else
		}
		return err
	}))
	changed(t, s, "revoked while a list was issued", number+1, true)
}
