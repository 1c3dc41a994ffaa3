package validation_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/ingam-pki/ingam/pki/internal/pkitest"
	"github.com/ingam-pki/ingam/pki/validation"
)

var now = pkitest.Now

var (
	policy1 = asn1.ObjectIdentifier{2, 999, 410, 1, 1}
	policy2 = asn1.ObjectIdentifier{2, 999, 410, 1, 2}
	anyPol  = asn1.ObjectIdentifier{2, 5, 29, 32, 0}
)

func policies(oids ...asn1.ObjectIdentifier) pkix.Extension {
	type info struct{ Policy asn1.ObjectIdentifier }
	var list []info
	for _, oid := range oids {
		list = append(list, info{oid})
	}
	return extension(32, list)
}

// requireExplicit is policyConstraints with requireExplicitPolicy n.
func requireExplicit(n int) pkix.Extension {
	return extension(36, struct {
		N int `asn1:"tag:0"`
	}{n})
}

func inhibitAny(n int) pkix.Extension { return extension(54, n) }

// extension is a critical one in the arc 2.5.29.
func extension(arc int, value any) pkix.Extension {
	der, err := asn1.Marshal(value)
	if err != nil {
		panic(err)
	}
	return pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, arc}, Critical: true, Value: der}
}

// spec is a chain to be made: root, sub (issued by root), leaf (by sub), and
// when mid is set, mid between sub and leaf.
type spec struct {
	root, sub, mid, leaf *x509.Certificate
	leafKey              *rsa.PrivateKey
	finish               func(leafDER []byte) []byte
	in                   validation.Input
	dropSub              bool
	wrongRoot            bool
	leafIssuerName       []byte
	extra                []*x509.Certificate
}

func newSpec() *spec {
	return &spec{
		root: pkitest.Template(1, "root", true), sub: pkitest.Template(2, "sub", true), leaf: pkitest.Template(3, "leaf", false),
		leafKey: pkitest.Key(3), in: validation.Input{At: now},
	}
}

func (s *spec) withMid() *spec {
	s.mid = pkitest.Template(4, "mid", true)
	return s
}

type made struct {
	root, sub, mid *pkitest.Authority
	leaf           []byte
	in             validation.Input
}

func (s *spec) make(t testing.TB) made {
	t.Helper()
	m := made{root: pkitest.Issue(t, s.root, nil, pkitest.Key(0))}
	m.sub = pkitest.Issue(t, s.sub, m.root, pkitest.Key(1))
	issuer := m.sub
	m.in = s.in
	if s.mid != nil {
		m.mid = pkitest.Issue(t, s.mid, m.sub, pkitest.Key(2))
		issuer = m.mid
		m.in.Intermediates = append(m.in.Intermediates, m.mid.Certificate)
	}
	if s.leafIssuerName != nil {
		renamed := *issuer.Certificate
		renamed.RawSubject = s.leafIssuerName
		issuer = &pkitest.Authority{Certificate: &renamed, Key: issuer.Key}
	}
	m.leaf = pkitest.Issue(t, s.leaf, issuer, s.leafKey).Raw
	if s.finish != nil {
		m.leaf = s.finish(bytes.Clone(m.leaf))
	}
	if !s.dropSub {
		m.in.Intermediates = append(m.in.Intermediates, m.sub.Certificate)
	}
	m.in.Intermediates = append(m.in.Intermediates, s.extra...)
	m.in.Roots = []*x509.Certificate{m.root.Certificate}
	if s.wrongRoot {
		m.in.Roots[0] = pkitest.Issue(t, s.root, nil, pkitest.Key(2)).Certificate
	}
	m.in.Leaf = m.leaf
	return m
}

// judges of a row: who else must refuse it. One who does not know the rule
// must accept, or the row is wrong about why the chain fails.
const (
	goRefuses = 1 << iota
	opensslRefuses
)

type row struct {
	name   string
	change func(*spec)
	want   validation.Reason
	about  string // common name of the failing certificate
	judges int
}

const both = goRefuses | opensslRefuses

var weak = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		panic(err)
	}
	return key
})

var pathRows = []row{
	{"good", func(*spec) {}, validation.OK, "", 0},
	{"good, one more CA", func(s *spec) { s.withMid() }, validation.OK, "", 0},
	{"good, only nonRepudiation", func(s *spec) { s.leaf.KeyUsage = x509.KeyUsageContentCommitment }, validation.OK, "", 0},
	{"good, no keyUsage", func(s *spec) { s.leaf.KeyUsage = 0 }, validation.OK, "", 0},
	// notAfter is inclusive (RFC 5280 §4.1.2.5); OpenSSL ends a second early.
	{"good, last second", func(s *spec) { s.leaf.NotAfter = now }, validation.OK, "", opensslRefuses},
	{"good, first second", func(s *spec) { s.leaf.NotBefore = now }, validation.OK, "", 0},
	{"good, pathLen fits", func(s *spec) { s.sub.MaxPathLen, s.sub.MaxPathLenZero = 0, true }, validation.OK, "", 0},
	{"good, self-issued CA does not count for pathLen", func(s *spec) {
		s.withMid().mid.Subject = s.sub.Subject
		s.sub.MaxPathLen, s.sub.MaxPathLenZero = 0, true
		s.mid.SubjectKeyId, s.sub.SubjectKeyId, s.mid.AuthorityKeyId = []byte("mid"), []byte("sub"), []byte("sub")
	}, validation.OK, "", goRefuses}, // Go counts it

	{"signature of the leaf", func(s *spec) { s.finish = flip }, validation.BadSignature, "leaf", both},
	{"root of the same name and another key", func(s *spec) { s.wrongRoot = true }, validation.BadSignature, "sub", both},
	{"no intermediate", func(s *spec) { s.dropSub = true }, validation.NoIssuer, "leaf", both},
	{"issuer's name in another string type", func(s *spec) {
		s.leafIssuerName = otherName()
	}, validation.NoIssuer, "leaf", goRefuses}, // OpenSSL compares letters
	{"SHA-1 under the leaf", func(s *spec) { s.leaf.SignatureAlgorithm = x509.SHA1WithRSA }, validation.WeakAlgorithm, "leaf", both},
	{"RSA-1024 leaf", func(s *spec) { s.leafKey = weak() }, validation.WeakKey, "leaf", opensslRefuses},

	{"expired leaf", func(s *spec) { s.leaf.NotAfter = now.Add(-1e9) }, validation.Expired, "leaf", both},
	{"expired sub", func(s *spec) { s.sub.NotAfter = now.Add(-1e9) }, validation.Expired, "sub", both},
	{"expired root", func(s *spec) { s.root.NotAfter = now.Add(-1e9) }, validation.Expired, "root", both},
	{"leaf not yet", func(s *spec) { s.leaf.NotBefore = now.Add(1e9) }, validation.NotYetValid, "leaf", both},
	{"sub not yet", func(s *spec) { s.sub.NotBefore = now.Add(1e9) }, validation.NotYetValid, "sub", both},

	{"sub is no CA", func(s *spec) { s.sub.IsCA, s.sub.MaxPathLen = false, 0 }, validation.NotACA, "sub", both},
	{"sub without basicConstraints", func(s *spec) { s.sub.BasicConstraintsValid = false }, validation.NotACA, "sub", both},
	{"sub may not sign certificates", func(s *spec) { s.sub.KeyUsage = x509.KeyUsageCRLSign }, validation.KeyUsage, "sub", both},
	{"root may not sign certificates", func(s *spec) { s.root.KeyUsage = x509.KeyUsageCRLSign }, validation.KeyUsage, "root", both},
	{"pathLen 0 and a CA below", func(s *spec) { s.withMid().sub.MaxPathLen, s.sub.MaxPathLenZero = 0, true }, validation.PathTooLong, "mid", both},
	{"root's pathLen 0", func(s *spec) { s.root.MaxPathLen, s.root.MaxPathLenZero = 0, true }, validation.PathTooLong, "sub", both},
	{"pathLen 1 at root, then two", func(s *spec) { s.withMid().root.MaxPathLen = 1 }, validation.PathTooLong, "mid", both},
	{"leaf for encryption only", func(s *spec) { s.leaf.KeyUsage = x509.KeyUsageKeyEncipherment }, validation.KeyUsage, "leaf", opensslRefuses},
	{"leaf is an OCSP responder", func(s *spec) { s.leaf.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageOCSPSigning} },
		validation.ExtendedKeyUsage, "leaf", opensslRefuses},
	{"unknown critical in the leaf", func(s *spec) { s.leaf.ExtraExtensions = unknownCritical() }, validation.UnknownCritical, "leaf", both},
	{"unknown critical in sub", func(s *spec) { s.sub.ExtraExtensions = unknownCritical() }, validation.UnknownCritical, "sub", both},
	{"unknown, not critical", func(s *spec) {
		s.leaf.ExtraExtensions = unknownCritical()
		s.leaf.ExtraExtensions[0].Critical = false
	}, validation.OK, "", 0},
	{"name constraints", func(s *spec) { s.sub.PermittedDNSDomains = []string{"test"} }, validation.NameConstraints, "sub", 0},
	{"critical policyMappings", func(s *spec) {
		s.sub.ExtraExtensions = []pkix.Extension{policies(policy1), extension(33, []struct{ A, B asn1.ObjectIdentifier }{{policy1, policy2}})}
	}, validation.PolicyMappings, "sub", 0},

	// Go has no way to demand a policy: it refuses only what a CA demands.
	{"policy all the way, demanded", demand(nil, pols(policy1), pols(policy1)), validation.OK, "", 0},
	{"policy all the way, named", demand(pol(policy1), pols(policy1), pols(policy1)), validation.OK, "", 0},
	{"one of two policies", demand(pol(policy2), pols(policy1, policy2), pols(policy2)), validation.OK, "", 0},
	{"anyPolicy in the CA", demand(pol(policy1), pols(anyPol), pols(policy1)), validation.OK, "", 0},
	{"anyPolicy in both", demand(pol(policy1), pols(anyPol), pols(anyPol)), validation.OK, "", 0},
	{"no policy and none demanded", func(*spec) {}, validation.OK, "", 0},
	{"policies differ and none demanded", undemanded(pols(policy1), pols(policy2)), validation.OK, "", 0},
	{"another policy than wanted", demand(pol(policy2), pols(policy1), pols(policy1)), validation.NoAcceptablePolicy, "leaf", opensslRefuses},
	{"leaf has another policy than its CA", demand(nil, pols(policy1), pols(policy2)), validation.NoAcceptablePolicy, "leaf", opensslRefuses},
	{"leaf has no policy", demand(pol(policy1), pols(policy1), nil), validation.NoAcceptablePolicy, "leaf", opensslRefuses},
	{"CA has no policy", demand(pol(policy1), nil, pols(policy1)), validation.NoAcceptablePolicy, "sub", opensslRefuses},
	{"CA requires one, leaf has it", undemanded(ext(policies(policy1), requireExplicit(0)), pols(policy1)), validation.OK, "", 0},
	{"CA requires one, leaf has none", undemanded(ext(policies(policy1), requireExplicit(0)), nil), validation.NoAcceptablePolicy, "leaf", both},
	{"CA requires one, leaf has another", undemanded(ext(policies(policy1), requireExplicit(0)), pols(policy2)), validation.NoAcceptablePolicy, "leaf", both},
	{"CA requires one from far below", undemanded(ext(policies(policy1), requireExplicit(5)), nil), validation.OK, "", 0},
	{"anyPolicy inhibited", undemanded(ext(policies(anyPol), requireExplicit(0), inhibitAny(0)), pols(anyPol)), validation.NoAcceptablePolicy, "leaf", both},
	{"anyPolicy inhibited later", undemanded(ext(policies(anyPol), requireExplicit(0), inhibitAny(1)), pols(anyPol)), validation.OK, "", 0},
	{"requireExplicitPolicy 1 reaches the leaf", func(s *spec) {
		s.withMid()
		s.sub.ExtraExtensions = ext(policies(policy1), requireExplicit(1))
		s.mid.ExtraExtensions = pols(policy1)
	}, validation.NoAcceptablePolicy, "leaf", both},
	{"requireExplicitPolicy 3 does not reach the leaf", func(s *spec) {
		s.withMid()
		s.sub.ExtraExtensions = ext(policies(policy1), requireExplicit(3))
		s.mid.ExtraExtensions = pols(policy1)
	}, validation.OK, "", 0},
}

func flip(der []byte) []byte { der[len(der)-1] ^= 1; return der }

func pol(oids ...asn1.ObjectIdentifier) []asn1.ObjectIdentifier { return oids }
func pols(oids ...asn1.ObjectIdentifier) []pkix.Extension       { return ext(policies(oids...)) }
func ext(e ...pkix.Extension) []pkix.Extension                  { return e }

func undemanded(sub, leaf []pkix.Extension) func(*spec) {
	return func(s *spec) { s.sub.ExtraExtensions, s.leaf.ExtraExtensions = sub, leaf }
}

func demand(want []asn1.ObjectIdentifier, sub, leaf []pkix.Extension) func(*spec) {
	return func(s *spec) {
		undemanded(sub, leaf)(s)
		s.in.Policies, s.in.RequirePolicy = want, true
	}
}

func unknownCritical() []pkix.Extension {
	return ext(pkix.Extension{Id: asn1.ObjectIdentifier{2, 999, 7}, Critical: true, Value: []byte{5, 0}})
}

// otherName is sub's name with the common name as TeletexString.
func otherName() []byte {
	name := pkix.Name{Country: []string{"KR"}, Organization: []string{"test"}, CommonName: "sub"}
	der, err := asn1.Marshal(name.ToRDNSequence())
	if err != nil {
		panic(err)
	}
	i := bytes.LastIndexByte(der, 0x13)
	der[i] = 0x0c
	return der
}

func TestPaths(t *testing.T) {
	for _, tc := range pathRows {
		t.Run(tc.name, func(t *testing.T) {
			s := newSpec()
			tc.change(s)
			m := s.make(t)
			rep := validation.Validate(m.in)
			wantVerdict := validation.Invalid
			if tc.want == validation.OK {
				wantVerdict = validation.Valid
			}
			if rep.Reason != tc.want || rep.Verdict != wantVerdict {
				t.Errorf("got %s %s (%s), want %s", rep.Verdict, rep.Reason, rep.Detail, tc.want)
			}
			if tc.about != "" && !strings.Contains(rep.Subject, "cn="+tc.about+",") {
				t.Errorf("about %q, want %s", rep.Subject, tc.about)
			}
			if err := askGo(t, m); (err != nil) != (tc.judges&goRefuses != 0) {
				t.Errorf("crypto/x509 says: %v", err)
			}
			if msg, err := askOpenSSL(t, m); (err != nil) != (tc.judges&opensslRefuses != 0) {
				t.Errorf("OpenSSL says: %v\n%s", err, msg)
			}
		})
	}
}

func askGo(t *testing.T, m made) error {
	t.Helper()
	leaf, err := x509.ParseCertificate(m.leaf)
	if err != nil {
		return err
	}
	o := x509.VerifyOptions{Roots: x509.NewCertPool(), Intermediates: x509.NewCertPool(), CurrentTime: m.in.At,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}
	for _, c := range m.in.Roots {
		o.Roots.AddCert(c)
	}
	for _, c := range m.in.Intermediates {
		o.Intermediates.AddCert(c)
	}
	for _, p := range m.in.Policies {
		oid, err := x509.ParseOID(p.String())
		if err != nil {
			t.Fatal(err)
		}
		o.CertificatePolicies = append(o.CertificatePolicies, oid)
	}
	_, err = leaf.Verify(o)
	return err
}

func askOpenSSL(t *testing.T, m made) ([]byte, error) {
	t.Helper()
	leaf, err := x509.ParseCertificate(m.leaf)
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"verify", "-purpose", "smimesign", "-auth_level", "2", "-attime", strconv.FormatInt(m.in.At.Unix(), 10),
		"-CAfile", pkitest.PEM(t, "root.pem", m.in.Roots...), "-policy_check"}
	if len(m.in.Intermediates) > 0 {
		args = append(args, "-untrusted", pkitest.PEM(t, "subs.pem", m.in.Intermediates...))
	}
	if len(m.in.Policies) == 0 { // without -policy OpenSSL accepts none, not any
		args = append(args, "-policy", anyPol.String())
	}
	if m.in.RequirePolicy {
		args = append(args, "-explicit_policy")
	}
	for _, p := range m.in.Policies {
		args = append(args, "-policy", p.String())
	}
	return pkitest.OpenSSL(t, append(args, pkitest.PEM(t, "leaf.pem", leaf))...)
}
