package lint_test

import (
	"bytes"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/pki/lint"
	"github.com/ingam-pki/ingam/pki/lint/cps"
	"github.com/ingam-pki/ingam/pki/lint/kisa"
	"github.com/ingam-pki/ingam/pki/lint/linttest"
	"github.com/ingam-pki/ingam/pki/lint/rfc5280"
	"github.com/ingam-pki/ingam/pki/profile"
)

func allRules() []lint.Rule {
	return slices.Concat(rfc5280.Rules(), kisa.Rules(), cps.Rules(cps.Policy{Arc: profile.DefaultArc}))
}

// fixtures reads the field's certificates; the test is skipped without them.
func fixtures(tb testing.TB) map[string][]byte {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			tb.Fatal("there is no go.mod above")
		}
		dir = filepath.Dir(dir)
	}
	found, err := filepath.Glob(filepath.Join(dir, "..", "shared", "fixtures", "npki", "*", "*.der"))
	if err != nil || len(found) == 0 {
		return nil
	}
	read := map[string][]byte{}
	for _, file := range found {
		der, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		read[filepath.Base(file)] = der
	}
	return read
}

// The field is right: what real authorities issued has no finding.
func TestField(t *testing.T) {
	t.Parallel()
	certificates := fixtures(t)
	if certificates == nil {
		t.Skip("field fixtures are not here: ../shared/fixtures/npki")
	}
	classes := map[string]lint.Class{"signCert.der": lint.Subscriber, "KISA-RootCA-4.der": lint.Root}
	for file, der := range certificates {
		c, err := lint.Parse(der)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		want := classes[file]
		if want == 0 {
			want = lint.CA
		}
		if c.Class() != want {
			t.Errorf("%s is of class %d", file, c.Class())
		}
		rules, judged := slices.Concat(rfc5280.Rules(), kisa.Rules()), 0
		for _, r := range rules {
			if r.Judges(c) {
				judged++
			}
		}
		if judged < 25 {
			t.Errorf("%s is judged by %d rules", file, judged)
		}
		for _, f := range c.Run(rules) {
			t.Errorf("%s: %v", file, f)
		}
	}
}

// What our profiles make has no finding in any set.
func TestProfiles(t *testing.T) {
	t.Parallel()
	for _, p := range profile.Set(profile.DefaultArc) {
		for _, f := range lint.Run(allRules(), linttest.DER(t, p.Name)) {
			t.Errorf("%s: %v", p.Name, f)
		}
	}
}

// The knife of the rule tests cuts only where it is told to.
func TestKnife(t *testing.T) {
	t.Parallel()
	for _, p := range profile.Set(profile.DefaultArc) {
		if !bytes.Equal(linttest.Made(t, p.Name).DER(), linttest.DER(t, p.Name)) {
			t.Errorf("%s is another after being taken apart", p.Name)
		}
	}
}

// A subscriber's certificate that some bug made a CA must not get signed.
func TestSubscriberBecomesCA(t *testing.T) {
	t.Parallel()
	c := linttest.Made(t, "personal-bank")
	c.Put(lint.ExtBasicConstraints, linttest.True, linttest.Seq(linttest.True))
	var refusal *lint.RefusalError
	if err := lint.Refusal(lint.Run(allRules(), c.DER())); !errors.As(err, &refusal) || len(refusal.Findings) < 3 {
		t.Errorf("refused by %v", err)
	}
}

func TestRefusal(t *testing.T) {
	t.Parallel()
	bad := lint.Finding{Rule: "a", Citation: "RFC", Severity: lint.Error, Problem: "wrong"}
	warning := lint.Finding{Rule: "b", Severity: lint.Warning}
	if err := lint.Refusal([]lint.Finding{warning}); err != nil {
		t.Errorf("a warning refuses: %v", err)
	}
	err := lint.Refusal([]lint.Finding{warning, bad})
	var refusal *lint.RefusalError
	if !errors.As(err, &refusal) || cmp.Diff([]lint.Finding{bad}, refusal.Findings) != "" {
		t.Errorf("refused by %v", err)
	}
	if want := "lint: error a: wrong (RFC)"; err.Error() != want {
		t.Errorf("reads %q, want %q", err, want)
	}
}

func TestEffective(t *testing.T) {
	t.Parallel()
	der := linttest.DER(t, "personal-bank")
	rule := lint.Rule{ID: "x", Severity: lint.Error, Check: func(*lint.Certificate) error { return errors.New("always") }}
	for _, tt := range []struct {
		effective time.Time
		want      int
	}{{time.Time{}, 1}, {linttest.Begin, 1}, {linttest.Begin.Add(time.Second), 0}} {
		rule.Effective = tt.effective
		if got := len(lint.Run([]lint.Rule{rule}, der)); got != tt.want {
			t.Errorf("a rule from %v finds %d", tt.effective, got)
		}
	}
}

func TestUnreadable(t *testing.T) {
	t.Parallel()
	good := linttest.DER(t, "personal-bank")
	for what, der := range map[string][]byte{
		"nothing":        nil,
		"cut":            good[:len(good)-1],
		"something more": append(bytes.Clone(good), 0),
		"too large":      make([]byte, lint.MaxSize+1),
		"text":           []byte("-----BEGIN CERTIFICATE-----"),
	} {
		found := lint.Run(allRules(), der)
		if len(found) != 1 || found[0].Rule != lint.Unreadable || found[0].Severity != lint.Error {
			t.Errorf("%s: %v", what, found)
		}
	}
}

// The signature value is never looked at, whatever it is.
func TestAnySignature(t *testing.T) {
	t.Parallel()
	for _, signature := range [][]byte{{0}, bytes.Repeat([]byte{0xff}, 512)} {
		c, err := lint.Parse(linttest.DER(t, "personal-bank"))
		if err != nil {
			t.Fatal(err)
		}
		der, err := profile.Assemble(c.RawTBS, signature)
		if err != nil {
			t.Fatal(err)
		}
		if found := lint.Run(allRules(), der); found != nil {
			t.Error(found)
		}
	}
}

// No two sets share an ID.
func TestIDs(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range allRules() {
		if seen[r.ID] || strings.ToLower(r.ID) != r.ID {
			t.Errorf("%s is there twice or not in lower case", r.ID)
		}
		seen[r.ID] = true
	}
}

func FuzzParse(f *testing.F) {
	for _, name := range []string{"root", "ca", "ocsp", "km", "personal-bank"} {
		f.Add(linttest.DER(f, name))
	}
	for _, der := range fixtures(f) {
		f.Add(der)
	}
	rules := allRules()
	f.Fuzz(func(t *testing.T, der []byte) {
		c, err := lint.Parse(der)
		if err != nil {
			if lint.Refusal(lint.Run(rules, der)) == nil {
				t.Error("what can't be read is not refused")
			}
			return
		}
		c.Run(rules)
		// Where crypto/x509 can read it too, both read the same.
		if std, err := x509.ParseCertificate(der); err == nil {
			sameAs(t, c, std)
		}
	})
}

func sameAs(t *testing.T, c *lint.Certificate, std *x509.Certificate) {
	t.Helper()
	for what, pair := range map[string][2][]byte{
		"TBS": {c.RawTBS, std.RawTBSCertificate}, "subject": {c.Subject.Raw, std.RawSubject},
		"issuer": {c.Issuer.Raw, std.RawIssuer}, "signature": {c.Signature, std.Signature},
		"serial number": {bytes.TrimLeft(c.Serial, "\x00"), std.SerialNumber.Bytes()},
	} {
		if !bytes.Equal(pair[0], pair[1]) && std.SerialNumber.Sign() >= 0 {
			t.Errorf("%s: %x here, %x there", what, pair[0], pair[1])
		}
	}
	if c.Version+1 != std.Version {
		t.Errorf("version %d here, %d there", c.Version, std.Version)
	}
	// crypto/x509 leaves out the extensions of v1 and v2, and forgives some that
	// don't decode. Both are refused by rules here.
	if c.Version != 2 || len(c.Malformed) > 0 {
		return
	}
	if len(c.Extensions) != len(std.Extensions) {
		t.Errorf("%d extensions here, %d there", len(c.Extensions), len(std.Extensions))
	}
	if !bytes.Equal(c.SubjectKeyID, std.SubjectKeyId) {
		t.Errorf("key identifier %x here, %x there", c.SubjectKeyID, std.SubjectKeyId)
	}
	if ca := c.BasicConstraints != nil && c.BasicConstraints.CA; ca != std.IsCA {
		t.Errorf("a CA here: %v, there: %v", ca, std.IsCA)
	}
	for bit := range 9 {
		if here, there := c.KeyUsage != nil && c.KeyUsage.Has(bit), std.KeyUsage>>bit&1 == 1; here != there {
			t.Errorf("key usage bit %d here: %v, there: %v", bit, here, there)
		}
	}
	if c.NotAfter.Readable && !c.NotAfter.Time.Equal(std.NotAfter) {
		t.Errorf("ends %v here, %v there", c.NotAfter.Time, std.NotAfter)
	}
}

func BenchmarkRun(b *testing.B) {
	rules, der := allRules(), linttest.DER(b, "personal-bank")
	b.ReportAllocs()
	for b.Loop() {
		if found := lint.Run(rules, der); found != nil {
			b.Fatal(found)
		}
	}
}
