package ca_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/ca/catest"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/profile"
)

// TestCrash stops the cycle after each step, in one process; test/faults does
// it with kill -9.
func TestCrash(t *testing.T) {
	t.Parallel()
	for step := 1; step <= 8; step++ {
		t.Run(fmt.Sprint("after ", step), func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			r := request(t, "1")
			crashing := h.another(t, func(c *ca.Config) {
				c.Step = func(n int) {
					if n == step {
						panic("crash")
					}
				}
			})
			func() {
				defer func() { _ = recover() }()
				_, err := crashing.Issue(t.Context(), owner(r), r)
				t.Errorf("the crash did not happen: %v", err)
			}()
			left, err := h.store.ByApplication(t.Context(), r.ApplicationID)
			if known := err == nil; known != (step >= 5) {
				t.Fatalf("ledger: %v", err)
			}
			finished, err := h.another(t).Recover(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			want := 0
			if step == 5 || step == 6 {
				want = 1
			}
			if finished != want {
				t.Errorf("finished %d, want %d", finished, want)
			}
			got, err := h.Issue(t.Context(), owner(r), r)
			if err != nil {
				t.Fatal(err)
			}
			if step >= 5 && (got.Serial != left.Serial || !bytes.Equal(got.TBS, left.TBS)) {
				t.Error("what was stored before the crash is not what was finished")
			}
			if finished, err := h.Recover(t.Context()); finished != 0 || err != nil {
				t.Errorf("recovering again: %d, %v", finished, err)
			}
			if n := len(h.entries(t)); n != 2 {
				t.Errorf("%d audit entries, want 2", n)
			}
		})
	}
}

func TestAskingAgainFinishes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var key *signer
	a := h.another(t, func(c *ca.Config) { key = h.signer(c) })
	r := request(t, "1")
	key.fail.Store(true)
	if _, err := a.Issue(t.Context(), owner(r), r); !errors.Is(err, ca.ErrSigning) {
		t.Fatalf("got %v, want %v", err, ca.ErrSigning)
	}
	key.fail.Store(false)
	key.lie.Store(true)
	if _, err := a.Issue(t.Context(), owner(r), r); !errors.Is(err, ca.ErrSigning) {
		t.Fatalf("a wrong signature got %v, want %v", err, ca.ErrSigning)
	}
	left, err := h.store.ByApplication(t.Context(), r.ApplicationID)
	if err != nil || left.State != ca.Pending {
		t.Fatalf("state %q, %v: want it pending", left.State, err)
	}
	if standing, err := h.store.Standings(t.Context(), left.Issuer, []string{left.Serial}); err != nil || standing[0].Known {
		t.Errorf("the world knows of a certificate that was not handed out (%v)", err)
	}
	key.lie.Store(false)
	got, err := a.Issue(t.Context(), owner(r), r)
	if err != nil || got.State != ca.Valid || !bytes.Equal(got.TBS, left.TBS) {
		t.Errorf("state %q, %v", got.State, err)
	}
}

// silent is an audit chain that stops writing after some entries.
type silent struct {
	audit.Chain
	entries int
}

func (s *silent) AppendEntry(ctx context.Context, seal func(audit.Head) (audit.Entry, error)) error {
	if s.entries--; s.entries < 0 {
		return errors.New("the disk is full")
	}
	return s.Chain.AppendEntry(ctx, seal)
}

func TestNoRecordNoAct(t *testing.T) {
	t.Parallel()
	for entries, want := range map[int]ca.State{0: "", 1: ca.Pending} {
		t.Run(fmt.Sprint(entries, " entries"), func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			cfg := h.cfg
			key := h.signer(&cfg)
			a, err := ca.New(cfg, h.store, h.store, audit.New(&silent{h.store, entries}, make([]byte, 32), h.clock.now))
			if err != nil {
				t.Fatal(err)
			}
			r := request(t, "1")
			if _, err := a.Issue(t.Context(), owner(r), r); err == nil {
				t.Fatal("issued without a record")
			}
			left, err := h.store.ByApplication(t.Context(), r.ApplicationID)
			if left.State != want || (err == nil) != (want != "") {
				t.Errorf("left in state %q, %v; want %q", left.State, err, want)
			}
			if n := int(key.calls.Load()); n != entries {
				t.Errorf("signed %d times, want %d", n, entries)
			}
		})
	}
}

func TestCallerGoesAway(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for step, issued := range map[int]bool{4: false, 5: true, 6: true} {
		r := request(t, fmt.Sprint(step))
		ctx, cancel := context.WithCancel(t.Context())
		a := h.another(t, func(c *ca.Config) {
			c.Step = func(n int) {
				if n == step {
					cancel()
				}
			}
		})
		if _, err := a.Issue(ctx, owner(r), r); (err == nil) != issued {
			t.Errorf("gone after step %d: %v", step, err)
		}
	}
	if pending, err := h.store.PendingRecords(t.Context(), 10); err != nil || len(pending) != 0 {
		t.Errorf("%d pending records (%v)", len(pending), err)
	}
}

// leaves makes n pending records.
func (h *house) leaves(t *testing.T, n int) []ca.Record {
	t.Helper()
	var key *signer
	a := h.another(t, func(c *ca.Config) { key = h.signer(c) })
	key.fail.Store(true)
	records := make([]ca.Record, n)
	for i := range records {
		r := request(t, fmt.Sprint("left-", i))
		if _, err := a.Issue(t.Context(), owner(r), r); !errors.Is(err, ca.ErrSigning) {
			t.Fatal(err)
		}
		var err error
		if records[i], err = h.store.ByApplication(t.Context(), r.ApplicationID); err != nil {
			t.Fatal(err)
		}
	}
	return records
}

func TestRecoverSideBySide(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	left := h.leaves(t, 20)
	_, problems := sideBySide(4, func(int) (ca.Record, error) {
		_, err := h.another(t).Recover(context.Background())
		return ca.Record{}, err
	})
	if err := errors.Join(problems...); err != nil {
		t.Error(err)
	}
	for _, was := range left {
		is, err := h.store.Certificate(t.Context(), was.Serial)
		if err != nil || is.State != ca.Valid || !bytes.Equal(is.TBS, was.TBS) {
			t.Errorf("%s: %q, %v", was.Serial, is.State, err)
		}
	}
	stored := map[string]int{}
	for _, line := range h.told(t) {
		if strings.Contains(line, " stored ") {
			stored[line]++
		}
	}
	for line, n := range stored {
		if n != 1 || len(stored) != 20 {
			t.Errorf("%d entries for %q, %d certificates", n, line, len(stored))
		}
	}
}

// TestRecoverSignsOnlyItsOwn: who can write to the ledger, and even knows its
// keys, still gets no signature for what the authority would not prepare.
func TestRecoverSignsOnlyItsOwn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	good := h.leaves(t, 1)[0]
	profiles := profile.Set(profile.DefaultArc)
	forge := func(name string, n int64, change func(*ca.Record)) ca.Record {
		t.Helper()
		p, _ := profiles.Named(name)
		spki, err := catest.PublicKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		serial := new(big.Int).Add(new(big.Int).Lsh(big.NewInt(1), 126), big.NewInt(n))
		subject := npki.Name{{Type: npki.OIDCountry, Value: "kr"}, {Type: npki.OIDOrganization, Value: "ingam"},
			{Type: npki.OIDOrganizationalUnit, Value: p.SubjectOU}, {Type: npki.OIDCommonName, Value: fmt.Sprint("Mallory()", n)}}
		request := profile.Request{Serial: serial, Issuer: profile.IssuerOf(h.made.Issuing), Subject: subject,
			PublicKey: spki, RealName: "Mallory", NotBefore: start, NotAfter: start.AddDate(1, 0, 0),
			CRLURL: catest.CRLURL, OCSPURL: catest.OCSPURL, CAURL: catest.CAURL}
		if p.Identity == profile.VirtualIdentity {
			request.VID = &npki.VID{Hash: 5, Value: make([]byte, 32)}
		}
		tbs, err := p.Prepare(request)
		if err != nil {
			t.Fatal(err)
		}
		key := sha256.Sum256(spki)
		id := fmt.Sprint("forged-", n)
		r := ca.Record{Serial: ca.SerialOf(serial), Issuer: good.Issuer, ApplicationID: id, SubscriberID: id,
			Kind: npki.PersonalBank, State: ca.Pending, Subject: subject.String(), KeyHash: key[:], TBS: tbs,
			NotBefore: start, NotAfter: start.AddDate(1, 0, 0), CreatedAt: start, ChangedAt: start}
		change(&r)
		if err := h.store.Reserve(t.Context(), r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	bank := string(npki.PersonalBank)
	other, err := catest.PublicKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	otherHash := sha256.Sum256(other)
	forged := map[string]ca.Record{
		"kind":       forge(profile.CA, 1, func(r *ca.Record) { r.Kind = profile.CA }),
		"a CA":       forge(profile.CA, 2, func(*ca.Record) {}),
		"OCSP":       forge(profile.OCSP, 3, func(*ca.Record) {}),
		"policy":     forge(bank, 4, func(r *ca.Record) { r.Kind = npki.CorporateBank }),
		"no kind":    forge(bank, 5, func(r *ca.Record) { r.Kind = "x" }),
		"serial":     forge(bank, 6, func(r *ca.Record) { r.Serial = "47" + r.Serial[2:] }),
		"subject":    forge(bank, 7, func(r *ca.Record) { r.Subject = "cn=x" + r.Subject }),
		"key":        forge(bank, 8, func(r *ca.Record) { r.KeyHash = otherHash[:] }),
		"validity":   forge(bank, 9, func(r *ca.Record) { r.NotAfter = r.NotAfter.AddDate(1, 0, 0) }),
		"not a TBS":  forge(bank, 10, func(r *ca.Record) { r.TBS = []byte("sign this") }),
		"cut TBS":    forge(bank, 11, func(r *ca.Record) { r.TBS = r.TBS[:len(r.TBS)-1] }),
		"issuer not": forge(bank, 12, func(r *ca.Record) { r.Issuer = "00" }),
	}
	var key *signer
	a := h.another(t, func(c *ca.Config) { key = h.signer(c) })
	finished, err := a.Recover(t.Context())
	if finished != 1 || !errors.Is(err, ca.ErrStored) {
		t.Errorf("finished %d, %v; want the good one and %v", finished, err, ca.ErrStored)
	}
	if n := key.calls.Load(); n != 1 {
		t.Errorf("signed %d times", n)
	}
	for name, r := range forged {
		if is, err := h.store.Certificate(t.Context(), r.Serial); err != nil || is.State != ca.Pending {
			t.Errorf("%s: %q, %v", name, is.State, err)
		}
		if told := strings.Contains(err.Error(), r.Serial); told != (r.Issuer == good.Issuer) {
			t.Errorf("%s: told %v", name, told)
		}
	}
}

// TestRecoverLooksPast: many records that wait for another authority don't
// hide ours.
func TestRecoverLooksPast(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	mine := h.leaves(t, 1)[0]
	for i := range 300 {
		r := mine
		r.Serial, r.Issuer = fmt.Sprintf("%032x", i+1), "another"
		r.ApplicationID, r.SubscriberID, r.Subject = fmt.Sprint("o", i), fmt.Sprint("o", i), fmt.Sprint("cn=", i)
		key := sha256.Sum256([]byte(r.Serial))
		r.KeyHash, r.CreatedAt = key[:], start.AddDate(0, 0, -1)
		if err := h.store.Reserve(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	if finished, err := h.Recover(t.Context()); finished != 1 || err != nil {
		t.Errorf("finished %d, %v", finished, err)
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*ca.Config){
		"another's key":      func(c *ca.Config) { c.Signer = stranger },
		"another's km key":   func(c *ca.Config) { c.KMKey = stranger },
		"no signer":          func(c *ca.Config) { c.Signer = nil },
		"no km":              func(c *ca.Config) { c.KM = nil },
		"not a CA":           func(c *ca.Config) { c.Issuer, c.Signer = h.made.OCSP, h.made.OCSPKey },
		"long bank code":     func(c *ca.Config) { c.BankCode = "00991" },
		"letters for branch": func(c *ca.Config) { c.Branch = "abc" },
		"no clock":           func(c *ca.Config) { c.Now = nil },
		"broken profile":     func(c *ca.Config) { c.Profiles = profile.Profiles{{Name: "BAD"}} },
	} {
		cfg := h.cfg
		change(&cfg)
		if _, err := ca.New(cfg, h.store, h.store, h.log); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	chain := h.Chain()
	if len(chain) != 2 || chain[0] != h.made.Issuing || chain[1] != h.made.Root {
		t.Error("the chain is not issuing CA and root")
	}
	roots := x509.NewCertPool()
	roots.AddCert(h.made.Root)
	if _, err := h.made.Issuing.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: start}); err != nil {
		t.Error(err)
	}
}
