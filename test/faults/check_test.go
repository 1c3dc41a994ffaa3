package faults_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
)

// look remembers what a crash left pending.
func (h *house) look(t *testing.T) {
	t.Helper()
	records, err := h.store.PendingRecords(context.Background(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		h.left[r.Serial] = r
	}
}

// check says whether everything that was promised holds, after a process has
// recovered and everyone has asked again.
func (h *house) check(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	if pending, err := h.store.PendingRecords(ctx, 1000); err != nil || len(pending) > 0 {
		t.Errorf("%d are still pending (%v)", len(pending), err)
	}
	for application, w := range h.wants {
		_, acknowledged := h.acks[application]
		if !acknowledged && !h.refused[application] {
			t.Errorf("%s was answered neither yes nor no", application)
		}
		h.oneOfAKind(t, w.Subscriber)
	}
	h.acknowledged(t)
	for serial, was := range h.left {
		is, err := h.store.Certificate(ctx, serial)
		if err != nil {
			t.Errorf("%s was pending and is gone: %v", serial, err)
			continue
		}
		if !bytes.Equal(is.TBS, was.TBS) || is.ApplicationID != was.ApplicationID {
			t.Errorf("%s was finished with other bytes than were stored", serial)
		}
	}
	h.audited(t)
}

// oneOfAKind: a person has one live certificate of a kind.
func (h *house) oneOfAKind(t *testing.T, person string) {
	t.Helper()
	records, err := h.store.CertificatesOf(context.Background(), person)
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != 1 || records[0].State != ca.Valid {
		t.Errorf("%s holds %d certificates, want one that is valid", person, len(records))
	}
}

// acknowledged: whatever was handed out once is there, with the bytes that
// were stored, under a good signature; and nothing was signed that is not
// stored.
func (h *house) acknowledged(t *testing.T) {
	t.Helper()
	serials, prepared := map[string]string{}, map[string]bool{}
	for application, told := range h.acks {
		r, err := h.store.ByApplication(context.Background(), application)
		if err != nil {
			t.Errorf("%s was acknowledged and is lost: %v", application, err)
			continue
		}
		if is := r.Serial + " " + sum(r.DER); is != told {
			t.Errorf("%s was acknowledged as %s and is %s", application, told, is)
		}
		if other, twice := serials[r.Serial]; twice {
			t.Errorf("serial %s is that of %s and %s", r.Serial, application, other)
		}
		serials[r.Serial] = application
		prepared[sum(r.TBS)] = true
		c, err := x509.ParseCertificate(r.DER)
		if err != nil {
			t.Errorf("%s: %v", application, err)
			continue
		}
		if err := c.CheckSignatureFrom(h.made.Issuing); err != nil {
			t.Errorf("%s: %v", application, err)
		}
		if !bytes.Equal(c.RawTBSCertificate, r.TBS) || ca.SerialOf(c.SerialNumber) != r.Serial {
			t.Errorf("%s: the certificate is not what was stored before it was signed", application)
		}
	}
	for hash := range h.signed {
		if !prepared[hash] {
			t.Errorf("%s was signed and is no certificate that anybody has", hash)
		}
	}
}

// audited: the chains hold, and each certificate has its entries.
func (h *house) audited(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	summary, err := audit.New(h.store, h.ring.AuditKey(), time.Now).Verify(ctx, func(p audit.Problem) {
		t.Errorf("audit log: %+v", p)
	})
	if err != nil || summary.Problems != 0 || summary.Entries == 0 {
		t.Errorf("verifying the audit log: %+v, %v", summary, err)
	}
	heads, err := h.store.Heads(ctx)
	if err != nil {
		t.Fatal(err)
	}
	intents, stored := map[string]int{}, map[string]bool{}
	for _, head := range heads {
		entries, err := h.store.Entries(ctx, head.Lane, 0, 10_000)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			switch e.Detail["step"] {
			case "prepared":
				intents[strings.TrimPrefix(e.Object, "application:")+" "+e.Detail["serial"]]++
			case "stored":
				stored[strings.TrimPrefix(e.Object, "certificate:")+" "+e.Detail["sha256"]] = true
			}
		}
	}
	for application, told := range h.acks {
		serial, _, _ := strings.Cut(told, " ")
		if n := intents[application+" "+serial]; n != 1 {
			t.Errorf("%s: %d entries of its intent", application, n)
		}
		if !stored[told] {
			t.Errorf("%s: no entry that it was stored", application)
		}
	}
	if len(intents) != len(h.acks) {
		t.Errorf("%d intents were recorded for %d certificates", len(intents), len(h.acks))
	}
}
