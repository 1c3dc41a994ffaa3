package profile_test

import (
	"encoding/pem"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	zx509 "github.com/zmap/zcrypto/x509"
	"github.com/zmap/zlint/v3"
	zl "github.com/zmap/zlint/v3/lint"

	"github.com/ingam-pki/ingam/pki/profile"
)

// waived says what zlint finds in our certificates by RFC 5280, and why it
// stays: the profile of the field has it so. What is found beside that fails,
// and so does a waiver that nothing needs any more.
var waived = map[string]string{
	"w_ext_cert_policy_explicit_text_not_utf8": "explicitText is a BMPString in all certificates of the field; RFC 5280 says SHOULD",
}

func TestZlintAgrees(t *testing.T) {
	t.Parallel()
	registry, err := zl.GlobalRegistry().Filter(zl.FilterOptions{IncludeSources: zl.SourceList{zl.RFC5280}})
	if err != nil {
		t.Fatal(err)
	}
	set := profile.Set(profile.DefaultArc)
	for name, cert := range chain(t, set) {
		parsed, err := zx509.ParseCertificate(cert.Raw)
		if err != nil {
			t.Fatal(err)
		}
		var found, want []string
		judged := 0
		for lint, result := range zlint.LintCertificateEx(parsed, registry).Results {
			if result.Status >= zl.Pass {
				judged++
			}
			if result.Status >= zl.Warn {
				found = append(found, lint)
			}
		}
		if name != profile.Root { // which has no policies
			want = slices.Collect(maps.Keys(waived))
		}
		slices.Sort(found)
		slices.Sort(want)
		if diff := cmp.Diff(want, found); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if judged < 20 {
			t.Errorf("%s: %d lints judge it", name, judged)
		}
	}
}

func openssl(t *testing.T, args ...string) (string, error) {
	t.Helper()
	program, err := exec.LookPath("openssl")
	if err != nil {
		t.Fatal("this test needs the program openssl: apt-get install openssl")
	}
	out, err := exec.Command(program, args...).CombinedOutput()
	return string(out), err
}

func TestOpenSSLAgrees(t *testing.T) {
	t.Parallel()
	set := profile.Set(profile.DefaultArc)
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name+".pem") }
	for name, cert := range chain(t, set) {
		block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw})
		if err := os.WriteFile(file(name), block, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	verify := func(name string, more ...string) (string, error) {
		args := append([]string{"verify", "-attime", "1795500000", "-policy_check",
			"-CAfile", file(profile.Root), "-untrusted", file(profile.CA)}, more...)
		return openssl(t, append(args, file(name))...)
	}
	for _, p := range set[2:] {
		// Under its own policy it is valid; without one that we accept, the CA's
		// requireExplicitPolicy makes it invalid.
		if out, err := verify(p.Name, "-policy", p.PolicyOID.String()); err != nil {
			t.Errorf("%s: %s", p.Name, out)
		}
		// Strictly by RFC 5280 everything below the root is in order. The root
		// itself has no keyUsage, as the field's has none, and is left out.
		if out, err := openssl(t, "verify", "-x509_strict", "-partial_chain", "-attime", "1795500000",
			"-policy_check", "-policy", p.PolicyOID.String(), "-CAfile", file(profile.CA), file(p.Name)); err != nil {
			t.Errorf("%s: %s", p.Name, out)
		}
		out, err := verify(p.Name, "-policy", "1.2.410.200005.1.1.4")
		if err == nil || !strings.Contains(out, "no explicit policy") {
			t.Errorf("%s passes under another policy: %s", p.Name, out)
		}
	}
	text, err := openssl(t, "x509", "-in", file("personal-bank"), "-noout", "-text", "-nameopt", "utf8,sep_comma_plus")
	if err != nil {
		t.Fatal(text)
	}
	for _, want := range []string{
		"Subject: C=kr,O=ingam,OU=BANK,OU=personal4IB,CN=홍길동()0081041202611220000001",
		"X509v3 Authority Key Identifier: \n                keyid:", "DirName:/C=kr/O=ingam/OU=AccreditedCA/CN=ingam root",
		"X509v3 Key Usage: critical\n                Digital Signature, Non Repudiation",
		"X509v3 Certificate Policies: critical\n                Policy: 2.999.410.1.1.4",
		"CPS: http://cps.ingam.example/cps.html",
		"othername: 1.2.410.200004.10.1.1",
		"URI:http://pki.ingam.example/crl/issuing.crl",
		"OCSP - URI:http://pki.ingam.example/ocsp", "CA Issuers - URI:http://pki.ingam.example/ca/issuing.cer",
		"Not After : Nov 22 14:59:59 2027 GMT",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("openssl does not show %q in\n%s", want, text)
		}
	}
}
