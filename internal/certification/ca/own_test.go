package ca_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/ca/catest"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/pki/crl"
	"github.com/ingam-pki/ingam/pki/lint"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/profile"
)

var system = authz.Caller{Role: authz.System, ID: "clock"}

func TestCeremony(t *testing.T) {
	t.Parallel()
	made := theCeremony(t)
	for name, link := range map[string]struct{ child, parent *x509.Certificate }{
		"root": {made.Root, made.Root}, "issuing": {made.Issuing, made.Root},
		"km": {made.KM, made.Issuing}, "ocsp": {made.OCSP, made.Issuing},
	} {
		if err := link.child.CheckSignatureFrom(link.parent); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if findings := lint.Run(catest.Rules(), link.child.Raw); lint.Refusal(findings) != nil {
			t.Errorf("%s: %v", name, findings)
		}
	}
	for name, same := range map[string]bool{
		"root":    made.RootKey.PublicKey.Equal(made.Root.PublicKey),
		"issuing": made.IssuingKey.PublicKey.Equal(made.Issuing.PublicKey),
		"km":      made.KMKey.PublicKey.Equal(made.KM.PublicKey),
		"ocsp":    made.OCSPKey.PublicKey.Equal(made.OCSP.PublicKey),
	} {
		if !same {
			t.Errorf("%s: the key is another certificate's", name)
		}
	}
	list, err := crl.Parse(made.RootCRL)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(list.CheckSignature(made.Root), list.CheckTime(start)); err != nil || list.Len() != 0 {
		t.Errorf("the root's list has %d entries, %v", list.Len(), err)
	}
}

func TestCeremonyRefuses(t *testing.T) {
	t.Parallel()
	now := func() time.Time { return start }
	good := ca.InitConfig{CAName: "ingam", Profiles: profile.Set(profile.DefaultArc), Lint: catest.Rules(),
		RootCRLURL: catest.CRLURL, CRLURL: catest.CRLURL, RootBits: 2048, IssuingBits: 2048, KMBits: 2048, OCSPBits: 2048, Now: now}
	for name, change := range map[string]func(*ca.InitConfig){
		"no name":        func(c *ca.InitConfig) { c.CAName = "" },
		"long name":      func(c *ca.InitConfig) { c.CAName = strings.Repeat("은", 31) },
		"untidy name":    func(c *ca.InitConfig) { c.CAName = " ingam" },
		"short root key": func(c *ca.InitConfig) { c.RootBits = 1024 },
		"short key":      func(c *ca.InitConfig) { c.OCSPBits = 2047 },
		"no profiles":    func(c *ca.InitConfig) { c.Profiles = nil },
		"no clock":       func(c *ca.InitConfig) { c.Now = nil },
		"no CRL address": func(c *ca.InitConfig) { c.CRLURL = "" },
		"lint says no": func(c *ca.InitConfig) {
			c.Lint = []lint.Rule{{ID: "x", Severity: lint.Error, Check: func(*lint.Certificate) error { return errors.New("no") }}}
		},
	} {
		c := good
		change(&c)
		if _, err := ca.Init(c); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestRenewOCSPSigner(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	if ca.OCSPSignerDue(h.made.OCSP, start) || !ca.OCSPSignerDue(h.made.OCSP, h.made.OCSP.NotAfter.AddDate(0, 0, -29)) {
		t.Error("an OCSP signer is due in its last 30 days")
	}
	var names []string
	for range 2 { // each instance may have its own
		certificate, key, err := h.RenewOCSPSigner(t.Context(), system, 2048)
		if err != nil {
			t.Fatal(err)
		}
		if err := certificate.CheckSignatureFrom(h.made.Issuing); err != nil {
			t.Error(err)
		}
		if !key.PublicKey.Equal(certificate.PublicKey) || len(certificate.ExtKeyUsage) != 1 || certificate.ExtKeyUsage[0] != x509.ExtKeyUsageOCSPSigning {
			t.Error("not an OCSP signer for this key")
		}
		stored, err := h.store.Certificate(t.Context(), ca.SerialOf(certificate.SerialNumber))
		if err != nil || stored.State != ca.Valid || !bytes.Equal(stored.DER, certificate.Raw) {
			t.Errorf("in the ledger: %s, %v", stored.State, err)
		}
		names = append(names, stored.Subject)
	}
	if names[0] == names[1] {
		t.Error("two signers have one name")
	}
	for _, caller := range []authz.Caller{operator, {Role: authz.Customer, ID: "subscriber-1"}} {
		if _, _, err := h.RenewOCSPSigner(t.Context(), caller, 2048); !errors.Is(err, authz.ErrForbidden) {
			t.Errorf("%s: %v", caller.Role, err)
		}
	}
	if _, _, err := h.RenewOCSPSigner(t.Context(), system, 1024); err == nil {
		t.Error("1024 bits were accepted")
	}
}

// TestRenewOCSPSignerCrash: what a crash left of a signer is finished too, so
// that it does not stay behind for ever.
func TestRenewOCSPSignerCrash(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var key *signer
	a := h.another(t, func(c *ca.Config) { key = h.signer(c) })
	key.fail.Store(true)
	if _, _, err := a.RenewOCSPSigner(t.Context(), system, 2048); err == nil {
		t.Fatal("signed without a key")
	}
	if n, err := h.Recover(t.Context()); n != 1 || err != nil {
		t.Errorf("recovered %d, %v", n, err)
	}
}

func TestAdopt(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for range 2 {
		if err := h.Adopt(t.Context(), system, h.made.KM, h.made.OCSP); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(h.entries(t)); n != 2 {
		t.Errorf("%d audit entries, want 2", n)
	}
	for _, c := range []*x509.Certificate{h.made.KM, h.made.OCSP} {
		record, err := h.store.Certificate(t.Context(), ca.SerialOf(c.SerialNumber))
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(record.DER); record.State != ca.Valid || sum != sha256.Sum256(c.Raw) {
			t.Errorf("adopted as %s", record.State)
		}
		if err := h.Revoke(t.Context(), operator, record.Serial, ca.KeyCompromise, time.Time{}); err != nil {
			t.Errorf("an adopted certificate can't be revoked: %v", err)
		}
	}
	if err := h.Adopt(t.Context(), system, h.made.Root); err == nil {
		t.Error("adopted what it did not issue")
	}
	if err := newHouse(t).Adopt(t.Context(), owner(request(t, "1")), h.made.KM); !errors.Is(err, authz.ErrForbidden) {
		t.Errorf("a customer: %v", err)
	}
}

func TestOpenEncryptedVID(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	r, err := npki.NewR(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	seal := func(change func(*x509.Certificate)) []byte {
		km := *h.made.KM
		change(&km)
		der, err := npki.EncryptVID(rand.Reader, &km, r)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	good := seal(func(*x509.Certificate) {})
	if got, err := h.OpenEncryptedVID(good); err != nil || !bytes.Equal(got, r) {
		t.Errorf("opening: %v", err)
	}
	flipped := bytes.Clone(good)
	flipped[len(flipped)-1] ^= 1
	for name, der := range map[string][]byte{
		"another serial": seal(func(c *x509.Certificate) { c.SerialNumber = big.NewInt(7) }),
		"another issuer": seal(func(c *x509.Certificate) { c.RawIssuer = h.made.Root.RawSubject }),
		"another key":    seal(func(c *x509.Certificate) { c.PublicKey = h.made.OCSP.PublicKey }),
		"changed":        flipped,
		"cut":            good[:len(good)-1],
		"more":           append(bytes.Clone(good), 0),
		"nothing":        nil,
		"large":          make([]byte, 1<<20),
	} {
		if got, err := h.OpenEncryptedVID(der); !errors.Is(err, ca.ErrEncryptedVID) || got != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
