package storetest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/pki/npki"
)

func application(id, person string) enrolment.Application {
	return enrolment.Application{
		ID: id, SubscriberID: person, Kind: npki.PersonalBank, State: enrolment.Started, Challenge: "challenge " + id,
		CreatedAt: day(0), UpdatedAt: day(0), ExpiresAt: day(1),
	}
}

func testApplication(t *testing.T, s *store.Store) {
	ctx := context.Background()
	a := application("a1", "s1")
	must(t, s.CreateApplication(ctx, a))
	get := func() {
		t.Helper()
		got, err := s.Application(ctx, a.ID)
		if diff := cmp.Diff(a, got); err != nil || diff != "" {
			t.Errorf("application: %v\n%s", err, diff)
		}
	}
	get()
	if _, err := s.Application(ctx, "a0"); !errors.Is(err, enrolment.ErrNoApplication) {
		t.Errorf("unknown: %v", err)
	}
	if err := s.CreateApplication(ctx, application("a2", "s1")); !errors.Is(err, enrolment.ErrOpenApplication) {
		t.Errorf("second open one: %v, want ErrOpenApplication", err)
	}
	other := application("a3", "s1")
	other.Kind = npki.PersonalGeneral
	must(t, s.CreateApplication(ctx, other))
	if err := s.CreateApplication(ctx, application("a1", "s9")); err == nil || errors.Is(err, enrolment.ErrOpenApplication) {
		t.Errorf("an id used twice: %v", err)
	}

	// Each open state keeps the place, each other one frees it.
	for n, state := range []enrolment.State{
		enrolment.Consented, enrolment.Proofed, enrolment.Ready,
		enrolment.Issued, enrolment.Rejected, enrolment.Abandoned, enrolment.Lapsed,
	} {
		a.State, a.UpdatedAt = state, day(0).Add(time.Duration(n)*time.Minute)
		a.Consents = append(a.Consents, enrolment.Consent{Terms: "약관", Version: "1", SHA256: "ab", At: day(0)})
		a.Proofs = append(a.Proofs, proofing.Proof{Factor: proofing.IDCard, At: day(0), Evidence: map[string]string{"document": "여권"}})
		a.RejectedFor, a.Serial, a.Challenge = n, "0a", "changed"
		must(t, s.SaveApplication(ctx, a))
		a.Revision++
		get()
		err := s.CreateApplication(ctx, application("next"+string(state), "s1"))
		if state.Open() != errors.Is(err, enrolment.ErrOpenApplication) || !state.Open() && err != nil {
			t.Errorf("another one while this is %s: %v", state, err)
		}
		if !state.Open() {
			next, err := s.Application(ctx, "next"+string(state))
			must(t, err)
			if err := s.SaveApplication(ctx, revived(a)); !errors.Is(err, enrolment.ErrOpenApplication) {
				t.Errorf("reopening beside another: %v, want ErrOpenApplication", err)
			}
			next.State = enrolment.Abandoned
			must(t, s.SaveApplication(ctx, next))
		}
	}
}

func revived(a enrolment.Application) enrolment.Application {
	a.State = enrolment.Started
	return a
}

func testApplicationRevision(t *testing.T, s *store.Store) {
	ctx := context.Background()
	a := application("a1", "s1")
	must(t, s.CreateApplication(ctx, a))
	must(t, s.SaveApplication(ctx, a))
	if err := s.SaveApplication(ctx, a); !errors.Is(err, enrolment.ErrStale) {
		t.Errorf("saving an old revision: %v, want ErrStale", err)
	}
	if err := s.SaveApplication(ctx, application("a2", "s1")); !errors.Is(err, enrolment.ErrNoApplication) {
		t.Errorf("saving the unknown: %v, want ErrNoApplication", err)
	}
	// What is read in a transaction can't be changed by others until its end.
	errs := race(func(int) error {
		return s.InTx(ctx, func(ctx context.Context) error {
			got, err := s.Application(ctx, "a1")
			if err != nil {
				return err
			}
			got.RejectedFor++
			return s.SaveApplication(ctx, got)
		})
	})
	must(t, errors.Join(errs...))
	got, err := s.Application(ctx, "a1")
	if err != nil || got.RejectedFor != racers || got.Revision != racers+1 {
		t.Errorf("after %d changes: %d changes, revision %d, %v", racers, got.RejectedFor, got.Revision, err)
	}

	b := application("a2", "s1")
	b.Kind, b.CreatedAt = npki.CorporateBank, day(1)
	must(t, s.CreateApplication(ctx, b))
	must(t, s.CreateApplication(ctx, application("a3", "s2")))
	all, err := s.ApplicationsOf(ctx, "s1")
	if diff := cmp.Diff([]enrolment.Application{b, got}, all); err != nil || diff != "" {
		t.Errorf("newest first: %v\n%s", err, diff)
	}
}

func testOverdue(t *testing.T, s *store.Store) {
	ctx := context.Background()
	for n, id := range []string{"a2", "a1", "a0"} {
		a := application(id, id)
		a.ExpiresAt = day(1).Add(-time.Duration(n) * time.Second)
		must(t, s.CreateApplication(ctx, a))
	}
	closed := application("closed", "closed")
	closed.State = enrolment.Abandoned
	must(t, s.CreateApplication(ctx, closed))
	later := application("later", "later")
	later.ExpiresAt = day(1).Add(time.Microsecond)
	must(t, s.CreateApplication(ctx, later))
	for limit := range 5 {
		var ids []string
		found, err := s.OverdueApplications(ctx, day(1), limit)
		must(t, err)
		for _, a := range found {
			ids = append(ids, a.ID)
		}
		if want := []string{"a0", "a1", "a2"}[:min(limit, 3)]; !slices.Equal(ids, want) {
			t.Errorf("up to %d overdue: %v, want %v", limit, ids, want)
		}
	}
}
