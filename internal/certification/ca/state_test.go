package ca_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
)

func (h *house) issued(t testing.TB, n string) ca.Record {
	t.Helper()
	r := request(t, n)
	record, err := h.Issue(t.Context(), owner(r), r)
	if err != nil {
		t.Fatal(err)
	}
	return record
}

func TestRevoke(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	record := h.issued(t, "1")
	h.clock.move(time.Hour)
	invalid := start.Add(30 * time.Minute)
	if err := h.Revoke(t.Context(), operator, record.Serial, ca.KeyCompromise, invalid); err != nil {
		t.Fatal(err)
	}
	got, err := h.store.Certificate(t.Context(), record.Serial)
	if err != nil {
		t.Fatal(err)
	}
	if got.State != ca.Revoked || got.Reason != int(ca.KeyCompromise) || !got.InvalidityDate.Equal(invalid) || !got.ChangedAt.Equal(h.clock.now()) {
		t.Errorf("got state %s, reason %d, invalid since %s, changed %s", got.State, got.Reason, got.InvalidityDate, got.ChangedAt)
	}
	log := h.entries(t)
	if len(log) != 3 {
		t.Fatalf("%d audit entries, want 3", len(log))
	}
	last := log[2]
	if last.Act != authz.RevokeCertificate || last.Outcome != audit.Done || last.Caller != operator ||
		last.Detail["from"] != "valid" || last.Detail["to"] != "revoked" || last.Detail["reason"] != "key-compromise" {
		t.Errorf("audit entry %+v", last)
	}
	// The person may have another one now.
	r := request(t, "1 once more")
	r.SubscriberID = record.SubscriberID
	if _, err := h.Issue(t.Context(), owner(r), r); err != nil {
		t.Errorf("after a revocation: %v", err)
	}
}

// One who looks at another's certificates is refused, and that is recorded.
func TestStrangerLooks(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	record := h.issued(t, "1")
	stranger := authz.Caller{Role: authz.Customer, ID: "stranger"}
	if _, err := h.Certificate(t.Context(), stranger, record.Serial); !errors.Is(err, authz.ErrForbidden) {
		t.Errorf("one certificate: %v", err)
	}
	if _, err := h.CertificatesOf(t.Context(), stranger, record.SubscriberID); !errors.Is(err, authz.ErrForbidden) {
		t.Errorf("all of a subscriber: %v", err)
	}
	denied := 0
	for _, e := range h.entries(t) {
		if e.Act == authz.ViewCertificate && e.Outcome == audit.Denied && e.Caller == stranger {
			denied++
		}
	}
	if denied != 2 {
		t.Errorf("%d refusals in the audit log, want 2", denied)
	}
}

// A date that no list can hold must not come into the ledger: it would keep all
// lists from being made.
func TestInvalidityBounds(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	record := h.issued(t, "1")
	for _, since := range []time.Time{
		time.Date(-1, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(1949, 12, 31, 23, 59, 59, 0, time.UTC),
		time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), h.clock.now().Add(time.Second),
	} {
		if err := h.Revoke(t.Context(), operator, record.Serial, ca.KeyCompromise, since); err == nil {
			t.Errorf("revoked with a key invalid since %s", since)
		}
	}
	if err := h.Revoke(t.Context(), operator, record.Serial, ca.KeyCompromise, h.clock.now()); err != nil {
		t.Error(err)
	}
}

func TestStateRefusals(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	revoked, suspended, valid := h.issued(t, "1").Serial, h.issued(t, "2").Serial, h.issued(t, "3").Serial
	pending := h.leaves(t, 1)[0].Serial
	if err := h.Revoke(t.Context(), operator, revoked, ca.Unspecified, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if err := h.Hold(t.Context(), operator, suspended, "bank"); err != nil {
		t.Fatal(err)
	}
	revoke := func(caller authz.Caller, serial string, reason ca.Reason) error {
		return h.Revoke(t.Context(), caller, serial, reason, time.Time{})
	}
	customer := authz.Caller{Role: authz.Customer, ID: "subscriber-9"}
	system := authz.Caller{Role: authz.System, ID: "clock"}
	for name, test := range map[string]struct {
		do   func() error
		want error
	}{
		"revoke twice":           {func() error { return revoke(operator, revoked, ca.Superseded) }, ca.ErrState},
		"hold a revoked one":     {func() error { return h.Hold(t.Context(), operator, revoked, "bank") }, ca.ErrState},
		"release a revoked one":  {func() error { return h.Release(t.Context(), operator, revoked, "bank") }, ca.ErrState},
		"hold twice":             {func() error { return h.Hold(t.Context(), operator, suspended, "bank") }, ca.ErrState},
		"release a valid one":    {func() error { return h.Release(t.Context(), operator, valid, "bank") }, ca.ErrState},
		"revoke a pending one":   {func() error { return revoke(operator, pending, ca.Unspecified) }, ca.ErrState},
		"hold a pending one":     {func() error { return h.Hold(t.Context(), operator, pending, "bank") }, ca.ErrState},
		"unknown serial":         {func() error { return revoke(operator, "00ff", ca.Unspecified) }, ca.ErrNotFound},
		"revoke for a hold":      {func() error { return revoke(operator, valid, ca.OnHold) }, ca.ErrReason},
		"revoke for a CA's fall": {func() error { return revoke(operator, valid, 2) }, ca.ErrReason},
		"revoke by another":      {func() error { return revoke(customer, valid, ca.Unspecified) }, authz.ErrForbidden},
		"hold by another":        {func() error { return h.Hold(t.Context(), customer, valid, "bank") }, authz.ErrForbidden},
		"release by the service": {func() error { return h.Release(t.Context(), system, suspended, "bank") }, authz.ErrForbidden},
		"release by another":     {func() error { return h.Release(t.Context(), customer, suspended, "bank") }, authz.ErrForbidden},
	} {
		before := h.refusals(t)
		if err := test.do(); !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, want %v", name, err, test.want)
		}
		if after := h.refusals(t); after != before+1 {
			t.Errorf("%s: %d new refusals in the audit log", name, after-before)
		}
	}
	for serial, want := range map[string]ca.State{revoked: ca.Revoked, suspended: ca.Suspended, valid: ca.Valid, pending: ca.Pending} {
		if got, err := h.store.Certificate(t.Context(), serial); err != nil || got.State != want {
			t.Errorf("%s became %s (%v)", want, got.State, err)
		}
	}
}

func (h *house) refusals(t *testing.T) (n int) {
	t.Helper()
	for _, e := range h.entries(t) {
		if e.Outcome != audit.Done {
			n++
		}
	}
	return n
}

func TestExpiredStaysExpired(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	record := h.issued(t, "1")
	h.clock.move(record.NotAfter.Sub(start)) // its last second
	if err := h.Hold(t.Context(), operator, record.Serial, "bank"); err != nil {
		t.Errorf("in its last second: %v", err)
	}
	h.clock.move(time.Second)
	for name, err := range map[string]error{
		"release": h.Release(t.Context(), operator, record.Serial, "bank"),
		"revoke":  h.Revoke(t.Context(), operator, record.Serial, ca.Superseded, time.Time{}),
	} {
		if !errors.Is(err, ca.ErrState) {
			t.Errorf("%s after its end: %v", name, err)
		}
	}
	r := request(t, "1 again")
	r.SubscriberID = record.SubscriberID
	if _, err := h.Issue(t.Context(), owner(r), r); err != nil {
		t.Errorf("after the end of the old one: %v", err)
	}
	if got, err := h.store.Certificate(t.Context(), record.Serial); err != nil || got.State != ca.Expired {
		t.Errorf("the old one is %s (%v)", got.State, err)
	}
}

func TestReasons(t *testing.T) {
	t.Parallel()
	for _, reason := range []ca.Reason{ca.Unspecified, ca.KeyCompromise, ca.AffiliationChanged, ca.Superseded, ca.Cessation, ca.PrivilegeWithdrawn} {
		if got, err := ca.ParseReason(reason.String()); err != nil || got != reason {
			t.Errorf("%s reads as %v, %v", reason, got, err)
		}
	}
	for _, s := range []string{"", "on-hold", "ca-compromise", "7", fmt.Sprint(ca.Reason(7))} {
		if _, err := ca.ParseReason(s); !errors.Is(err, ca.ErrReason) {
			t.Errorf("%q: %v", s, err)
		}
	}
}

func TestSeeing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	record := h.issued(t, "1")
	mine := authz.Caller{Role: authz.Customer, ID: record.SubscriberID}
	other := authz.Caller{Role: authz.Customer, ID: "subscriber-2"}
	if got, err := h.Certificate(t.Context(), mine, record.Serial); err != nil || got.Serial != record.Serial {
		t.Errorf("one's own: %v", err)
	}
	if got, err := h.CertificatesOf(t.Context(), mine, record.SubscriberID); err != nil || len(got) != 1 {
		t.Errorf("all one's own: %d, %v", len(got), err)
	}
	if _, err := h.Certificate(t.Context(), other, record.Serial); !errors.Is(err, authz.ErrForbidden) {
		t.Errorf("another's: %v", err)
	}
	if _, err := h.CertificatesOf(t.Context(), other, record.SubscriberID); !errors.Is(err, authz.ErrForbidden) {
		t.Errorf("all of another's: %v", err)
	}
	if _, err := h.Certificate(t.Context(), mine, "00"); !errors.Is(err, ca.ErrNotFound) {
		t.Errorf("none: %v", err)
	}
}
