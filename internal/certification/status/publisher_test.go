package status_test

import (
	"context"
	"crypto/x509"
	"errors"
	"math/big"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/status"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/pki/crl"
)

// parsed checks a list and gives it.
func (h *house) parsed(t testing.TB, list status.CRL) *crl.List {
	t.Helper()
	got, err := crl.Parse(list.DER)
	do(t, err)
	do(t, got.CheckSignature(h.made.Issuing))
	do(t, got.CheckTime(h.clock.now()))
	if got.Number.Cmp(big.NewInt(list.Number)) != 0 || !got.ThisUpdate.Equal(list.ThisUpdate) || !got.NextUpdate.Equal(list.NextUpdate) {
		t.Errorf("list says number %d from %s to %s", got.Number, got.ThisUpdate, got.NextUpdate)
	}
	stranger, err := x509.ParseRevocationList(list.DER)
	do(t, err)
	do(t, stranger.CheckSignatureFrom(h.made.Issuing))
	if len(stranger.RevokedCertificateEntries) != got.Len() {
		t.Errorf("another library sees %d entries of %d", len(stranger.RevokedCertificateEntries), got.Len())
	}
	return got
}

func TestPublish(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.publisher(t)
	if _, err := p.Latest(t.Context()); !errors.Is(err, status.ErrNoCRL) {
		t.Errorf("before the first: %v", err)
	}
	valid, revoked, plain, held := h.issue(t, 1), h.issue(t, 2), h.issue(t, 3), h.issue(t, 4)
	h.clock.move(1500 * time.Millisecond)
	at, invalid := h.clock.now().Truncate(time.Second), start.Add(-time.Hour)
	do(t, h.Revoke(t.Context(), operator, revoked.Serial, ca.KeyCompromise, invalid))
	do(t, h.Revoke(t.Context(), operator, plain.Serial, ca.Unspecified, time.Time{}))
	do(t, h.Hold(t.Context(), operator, held.Serial, "bank"))
	first, err := p.Publish(t.Context(), operator)
	do(t, err)
	if first.Number != 1 || !first.NextUpdate.Equal(first.ThisUpdate.Add(24*time.Hour)) {
		t.Errorf("first list: number %d, next %s", first.Number, first.NextUpdate)
	}
	list := h.parsed(t, first)
	if list.Len() != 3 {
		t.Errorf("%d entries, want 3", list.Len())
	}
	for name, want := range map[string]struct {
		serial  string
		reason  crl.Reason
		invalid time.Time
	}{
		"revoked": {revoked.Serial, crl.KeyCompromise, invalid},
		"plain":   {plain.Serial, crl.Unspecified, time.Time{}},
		"held":    {held.Serial, crl.CertificateHold, time.Time{}},
	} {
		got, ok := list.Find(number(t, want.serial))
		if !ok || got.Reason != want.reason || !got.RevokedAt.Equal(at) || !got.InvalidityDate.Equal(want.invalid) {
			t.Errorf("%s: %v reason %s at %s, invalid %s", name, ok, got.Reason, got.RevokedAt, got.InvalidityDate)
		}
	}
	if _, ok := list.Find(number(t, valid.Serial)); ok {
		t.Error("a valid certificate is on the list")
	}
	do(t, h.Release(t.Context(), operator, held.Serial, "bank"))
	second, err := p.Publish(t.Context(), operator)
	do(t, err)
	if list := h.parsed(t, second); second.Number != 2 || list.Len() != 2 {
		t.Errorf("second list: number %d with %d entries", second.Number, list.Len())
	}
	latest, err := p.Latest(t.Context())
	do(t, err)
	if diff := cmp.Diff(second, latest); diff != "" {
		t.Errorf("latest (-published +kept):\n%s", diff)
	}
}

func TestPublishRefuses(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.publisher(t)
	if _, err := p.Publish(t.Context(), authz.Caller{Role: authz.Customer, ID: "x"}); !errors.Is(err, authz.ErrForbidden) {
		t.Errorf("a customer: %v", err)
	}
	first, err := p.Publish(t.Context(), operator)
	do(t, err)
	if first.Number != 1 {
		t.Errorf("the refusal took number %d", first.Number-1)
	}
}

func TestDue(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.publisher(t)
	record := h.issue(t, 1)
	due := func(when string, want bool) status.CRL {
		t.Helper()
		list, issued, err := p.Due(t.Context(), system)
		do(t, err)
		if issued != want {
			t.Errorf("%s: issued %v, want %v", when, issued, want)
		}
		h.parsed(t, list)
		return list
	}
	due("at first", true)
	due("at once again", false)
	h.issue(t, 2)
	due("after an issue", false)
	h.clock.move(30 * time.Second)
	do(t, h.Hold(t.Context(), operator, record.Serial, "bank"))
	due("after a suspension", true)
	due("unchanged", false)
	do(t, h.Release(t.Context(), operator, record.Serial, "bank"))
	due("after a release", true)
	do(t, h.Revoke(t.Context(), operator, record.Serial, ca.Superseded, time.Time{}))
	latest := due("after a revocation", true)
	h.clock.move(latest.NextUpdate.Sub(h.clock.now()) - 6*time.Hour - time.Second)
	due("long before nextUpdate", false)
	h.clock.move(time.Second)
	latest = due("near nextUpdate", true)
	if list := h.parsed(t, latest); latest.Number != 5 || list.Len() != 1 {
		t.Errorf("number %d with %d entries", latest.Number, list.Len())
	}
}

// TestEntryOutlivesTheCertificate: RFC 5280 §3.3 wants a revoked certificate
// on one list issued after its end.
// TestListFromTheFuture sets back a clock that had gone ahead while a list was
// issued: nobody would accept that list until its day comes.
func TestListFromTheFuture(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.publisher(t)
	h.clock.move(48 * time.Hour)
	ahead, issued, err := p.Due(t.Context(), operator)
	do(t, err)
	if !issued {
		t.Fatal("no list")
	}
	h.clock.move(-5 * time.Minute)
	if _, issued, err := p.Due(t.Context(), operator); err != nil || issued {
		t.Errorf("clocks that differ a little: issued %v, %v", issued, err)
	}
	h.clock.move(-47 * time.Hour)
	now, issued, err := p.Due(t.Context(), operator)
	do(t, err)
	if !issued || now.Number != ahead.Number+1 {
		t.Fatalf("issued %v, number %d", issued, now.Number)
	}
	h.parsed(t, now)
	if _, issued, err := p.Due(t.Context(), operator); err != nil || issued {
		t.Errorf("once more: issued %v, %v", issued, err)
	}
}

func TestEntryOutlivesTheCertificate(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	p := h.publisher(t)
	record := h.issue(t, 1)
	do(t, h.Revoke(t.Context(), operator, record.Serial, ca.Superseded, time.Time{}))
	entries := func() int {
		list, err := p.Publish(t.Context(), operator)
		do(t, err)
		return h.parsed(t, list).Len()
	}
	h.clock.move(record.NotAfter.Sub(h.clock.now()) + time.Hour)
	if n := entries(); n != 1 {
		t.Errorf("an hour after its end: %d entries", n)
	}
	h.clock.move(49 * time.Hour)
	if n := entries(); n != 0 {
		t.Errorf("two lists later: %d entries", n)
	}
}

// TestDueSideBySide: several instances find the list due and issue one.
func TestDueSideBySide(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	record := h.issue(t, 1)
	for round := range 3 {
		var wg sync.WaitGroup
		issued := make([]bool, 4)
		for i := range issued {
			p := h.publisher(t)
			wg.Go(func() {
				_, fresh, err := p.Due(context.Background(), system)
				if err != nil {
					t.Error(err)
				}
				issued[i] = fresh
			})
		}
		wg.Wait()
		n := 0
		for _, fresh := range issued {
			if fresh {
				n++
			}
		}
		if n != 1 {
			t.Errorf("round %d: %d lists issued", round, n)
		}
		if round == 0 {
			do(t, h.Hold(t.Context(), operator, record.Serial, "bank"))
		} else {
			h.clock.move(20 * time.Hour)
		}
	}
	latest, err := h.publisher(t).Latest(t.Context())
	do(t, err)
	if latest.Number != 3 {
		t.Errorf("%d lists, want 3", latest.Number)
	}
}

func TestNewPublisherRefuses(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for name, c := range map[string]status.PublisherConfig{
		"another's key": {Issuer: h.made.Issuing, Signer: h.made.RootKey, Now: h.clock.now},
		"no CRL signer": {Issuer: h.made.OCSP, Signer: h.made.OCSPKey, Now: h.clock.now},
		"no issuer":     {Signer: h.made.IssuingKey, Now: h.clock.now},
		"no clock":      {Issuer: h.made.Issuing, Signer: h.made.IssuingKey},
	} {
		if _, err := status.NewPublisher(c, h.store, h.store, h.log); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
