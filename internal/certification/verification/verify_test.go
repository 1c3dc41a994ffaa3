package verification_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/status"
	"github.com/ingam-pki/ingam/internal/certification/verification"
	"github.com/ingam-pki/ingam/pki/cms"
)

const (
	valid   = verification.Valid
	invalid = verification.Invalid
	unknown = verification.Unknown
)

const text = "서울시 종로구의 땅을 판다."

func TestValid(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	detached := h.sign(t, text, cms.SignOptions{Detached: true})
	attached := h.sign(t, text, cms.SignOptions{})
	for name, tt := range map[string]struct {
		message, content []byte
		attached         bool
	}{
		"attached":                 {message: attached, attached: true},
		"attached, and given":      {message: attached, content: []byte(text), attached: true},
		"attached, attributes":     {message: h.sign(t, text, at(start)), attached: true},
		"detached":                 {message: detached, content: []byte(text)},
		"detached, empty":          {message: h.sign(t, "", cms.SignOptions{Detached: true}), content: []byte{}},
		"PEM":                      {message: pem.EncodeToMemory(&pem.Block{Type: "CMS", Bytes: attached}), attached: true},
		"base64":                   {message: []byte(base64.StdEncoding.EncodeToString(attached)), attached: true},
		"base64, lines and blanks": {message: wrapped(base64.StdEncoding.EncodeToString(attached)), attached: true},
		"base64 for addresses":     {message: []byte(base64.RawURLEncoding.EncodeToString(attached)), attached: true},
	} {
		t.Run(name, func(t *testing.T) {
			rep := h.want(t, tt.message, tt.content, valid, verification.OK)
			content := text
			if name == "detached, empty" {
				content = ""
			}
			if string(rep.Content) != content || rep.Attached != tt.attached || len(rep.Signers) != 1 {
				t.Fatalf("content %q, attached %v, %d signers", rep.Content, rep.Attached, len(rep.Signers))
			}
			s := rep.Signers[0]
			if s.Owner != "홍길동" || !s.Ours || s.Kind.KO != "은행·신용카드·보험용 (개인)" || s.Kind.EN == "" ||
				s.Serial != h.record.Serial || s.State != verification.StateValid || !s.Since.IsZero() ||
				s.Subject != h.record.Subject || s.IssuerName == "" || !bytes.Equal(s.Certificate, h.record.DER) || len(s.Chain) != 3 {
				t.Errorf("signer %+v", s)
			}
			if named := name == "attached, attributes"; s.SigningTime.IsZero() == named || s.Digest != "SHA-256" {
				t.Errorf("signing time %v, digest %s", s.SigningTime, s.Digest)
			}
			kinds := map[string]int{}
			for _, e := range s.Evidence {
				kinds[e.Kind]++
			}
			if kinds["register"] != 1 || kinds["root"] != 1 || kinds["certificate"] != 2 {
				t.Errorf("evidence %v", kinds)
			}
		})
	}
}

func wrapped(s string) []byte {
	var b strings.Builder
	for i := 0; i < len(s); i += 64 {
		b.WriteString("  " + s[i:min(i+64, len(s))] + "\r\n")
	}
	return []byte(b.String())
}

// TestBroken: what is wrong with the message itself. Nobody is named then.
func TestBroken(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	attached, detached := h.sign(t, text, at(start)), h.sign(t, text, cms.SignOptions{Detached: true})
	changed := bytes.Replace(attached, []byte("판다"), []byte("산다"), 1)
	stripped := h.sign(t, text, cms.SignOptions{})
	stripped = bytes.Replace(stripped, []byte("판다"), []byte("산다"), 1)
	otherKey := bytes.Clone(attached)
	otherKey[len(otherKey)-1] ^= 1
	for name, tt := range map[string]struct {
		message, content []byte
		verdict          verification.Verdict
		reason           verification.Reason
	}{
		"nothing":                    {nil, nil, invalid, verification.Malformed},
		"noise":                      {[]byte("hello"), nil, invalid, verification.Malformed},
		"a certificate":              {h.record.DER, nil, invalid, verification.Malformed},
		"half of it":                 {attached[:len(attached)/2], nil, invalid, verification.Malformed},
		"PEM of nothing":             {[]byte("-----BEGIN CMS-----\n"), nil, invalid, verification.Malformed},
		"changed content":            {changed, nil, invalid, verification.Changed},
		"changed, no attributes":     {stripped, nil, invalid, verification.Changed},
		"another signature":          {otherKey, nil, invalid, verification.Changed},
		"detached, no content":       {detached, nil, unknown, verification.ContentMissing},
		"detached, another content":  {detached, []byte("something else"), invalid, verification.Changed},
		"attached, another is given": {attached, []byte("something else"), invalid, verification.ContentDiffers},
	} {
		t.Run(name, func(t *testing.T) {
			rep := h.want(t, tt.message, tt.content, tt.verdict, tt.reason)
			if len(rep.Signers) != 0 || rep.Content != nil {
				t.Errorf("%d signers, content %q", len(rep.Signers), rep.Content)
			}
		})
	}
}

// TestWithdrawn: what happened to the certificate since, against the time that
// the signature claims.
func TestWithdrawn(t *testing.T) {
	t.Parallel()
	before, after := start.Add(time.Hour), start.Add(3*time.Hour)
	end := func(h *house) time.Time { return h.cert.NotAfter }
	for name, tt := range map[string]struct {
		happens             func(*house) error // at start + 2 hours
		later               time.Duration      // until it is verified
		state               verification.State
		silent, early, late verification.Reason // by what the signature claims: nothing, before, after
	}{
		"nothing": {func(*house) error { return nil }, 2 * time.Hour, verification.StateValid,
			verification.OK, verification.OK, verification.OK},
		"suspended": {func(h *house) error { return h.authority.Hold(context.Background(), operator, h.record.Serial, "bank") },
			2 * time.Hour, verification.StateSuspended, verification.Suspended, verification.SuspendedLater, verification.Suspended},
		"resumed": {func(h *house) error {
			return errors.Join(h.authority.Hold(context.Background(), operator, h.record.Serial, "bank"),
				h.authority.Release(context.Background(), operator, h.record.Serial, "bank"))
		}, 2 * time.Hour, verification.StateValid, verification.OK, verification.OK, verification.OK},
		"revoked": {revoke, 2 * time.Hour, verification.StateRevoked,
			verification.Revoked, verification.RevokedLater, verification.Revoked},
		"expired": {func(*house) error { return nil }, 400 * 24 * time.Hour, verification.StateExpired,
			verification.Expired, verification.ExpiredLater, verification.ExpiredLater},
		"revoked, then expired": {revoke, 400 * 24 * time.Hour, verification.StateRevoked,
			verification.Revoked, verification.RevokedLater, verification.Revoked},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			h.clock.move(2 * time.Hour)
			do(t, tt.happens(h))
			h.clock.move(tt.later)
			check := func(what string, o cms.SignOptions, reason verification.Reason) {
				t.Helper()
				t.Log(what)
				verdict := invalid
				if strings.HasSuffix(string(reason), "-later") {
					verdict = unknown
				} else if reason == verification.OK {
					verdict = valid
				}
				rep := h.want(t, h.sign(t, text, o), nil, verdict, reason)
				if len(rep.Signers) != 1 || rep.Signers[0].State != tt.state || !rep.Signers[0].Ours || rep.Signers[0].Owner != "홍길동" {
					t.Errorf("signers %+v", rep.Signers)
				}
				if since := rep.Signers[0].Since; (tt.state == verification.StateRevoked) != since.Equal(start.Add(2*time.Hour)) &&
					tt.state != verification.StateSuspended {
					t.Errorf("since %v", since)
				}
			}
			check("claims nothing", cms.SignOptions{}, tt.silent)
			check("claims before", at(before), tt.early)
			check("claims after", at(after), tt.late)
			if tt.state == verification.StateExpired {
				check("claims after the end", at(end(h).Add(time.Hour)), verification.Expired)
				check("claims before the beginning", at(h.cert.NotBefore.Add(-time.Hour)), verification.Expired)
			}
		})
	}
}

func revoke(h *house) error {
	return h.authority.Revoke(context.Background(), operator, h.record.Serial, ca.KeyCompromise, time.Time{})
}

// certify makes a certificate with an authority's key, past its register.
func certify(t testing.TB, subject string, parent *x509.Certificate, signer any, usage x509.KeyUsage) *x509.Certificate {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
		SerialNumber: big.NewInt(77), Subject: pkix.Name{CommonName: subject}, KeyUsage: usage,
		NotBefore: start.Add(-time.Hour), NotAfter: start.AddDate(1, 0, 0), Policies: parent.Policies,
	}, parent, &strange().PublicKey, signer)
	do(t, err)
	cert, err := x509.ParseCertificate(der)
	do(t, err)
	return cert
}

// TestOthers: certificates that are not in our register, or not ours.
func TestOthers(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	theirs := another()
	self := &x509.Certificate{Subject: pkix.Name{CommonName: "홍길동()0001"}}
	for name, tt := range map[string]struct {
		cert    *x509.Certificate
		verdict verification.Verdict
		reason  verification.Reason
	}{
		"our key, not in the register": {certify(t, "A", h.made.Issuing, h.made.IssuingKey, x509.KeyUsageDigitalSignature), invalid, verification.NotIssued},
		"our key, not for signing":     {certify(t, "B", h.made.Issuing, h.made.IssuingKey, x509.KeyUsageKeyEncipherment), invalid, verification.NotForSigning},
		"our name, another's key":      {certify(t, "C", theirs.Issuing, theirs.IssuingKey, x509.KeyUsageDigitalSignature), invalid, verification.Forged},
		"nobody's":                     {certify(t, "D", self, strange(), x509.KeyUsageDigitalSignature), unknown, verification.UnknownIssuer},
	} {
		t.Run(name, func(t *testing.T) {
			rep := h.want(t, sign(t, text, tt.cert, strange(), cms.SignOptions{}), nil, tt.verdict, tt.reason)
			if len(rep.Signers) != 1 || rep.Signers[0].State != "" || rep.Signers[0].Kind.KO != "" && tt.reason != verification.NotIssued {
				t.Errorf("signers %+v", rep.Signers)
			}
			if string(rep.Content) != text {
				t.Error("the signature is right, so there is content")
			}
		})
	}
}

// TestKnownOthers: another CA whose root a bank trusts here. The certificate
// may have been revoked there.
func TestKnownOthers(t *testing.T) {
	t.Parallel()
	root := selfSigned(t, "KISA RootCA 4")
	cert := certify(t, "이순신(LEE)0001", root, strange(), x509.KeyUsageDigitalSignature)
	message := sign(t, text, cert, strange(), cms.SignOptions{})
	newHouse(t).want(t, message, nil, unknown, verification.UnknownIssuer)
	h := newHouse(t, func(c *verification.Config) { c.Others = []*x509.Certificate{root} })
	rep := h.want(t, message, nil, unknown, verification.StandingUnknown)
	if s := rep.Signers[0]; s.Ours || s.Owner != "이순신" || s.IssuerName != "KISA RootCA 4" || s.State != "" {
		t.Errorf("signer %+v", s)
	}
	h.clock.move(400 * 24 * time.Hour)
	h.want(t, message, nil, invalid, verification.Expired)
}

func selfSigned(t testing.TB, name string) *x509.Certificate {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: start.AddDate(-1, 0, 0), NotAfter: start.AddDate(9, 0, 0),
		SubjectKeyId: []byte(name),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &strange().PublicKey, strange())
	do(t, err)
	cert, err := x509.ParseCertificate(der)
	do(t, err)
	return cert
}

// TestField: a signature of the field by a CA that nobody here knows.
func TestField(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	message := fixture(t, "npki/yessign-test/signed-noattr.p7")
	cert, err := x509.ParseCertificate(fixture(t, "npki/yessign-test/signCert.der"))
	do(t, err)
	rep := h.want(t, message, nil, unknown, verification.UnknownIssuer)
	if len(rep.Signers) != 1 || !bytes.Equal(rep.Signers[0].Certificate, cert.Raw) || rep.Signers[0].Ours || rep.Signers[0].Owner == "" {
		t.Errorf("signers %+v", rep.Signers)
	}
}

// fixture reads a file of the public fixtures beside the repository.
func fixture(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "shared", "fixtures", name))
	if errors.Is(err, os.ErrNotExist) {
		t.Skipf("field fixtures are not here: %s", name)
	}
	do(t, err)
	return data
}

type downRegister struct{}

func (downRegister) Standings(context.Context, string, []string) ([]status.Standing, error) {
	return nil, errors.New("the register is down")
}

// TestNoAnswer: without the register there is no verdict.
func TestNoAnswer(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	s, err := verification.New(verification.Config{Root: h.made.Root, Issuing: h.made.Issuing, Now: h.clock.now}, downRegister{})
	do(t, err)
	if rep, err := s.Verify(t.Context(), h.sign(t, text, cms.SignOptions{}), nil); err == nil || rep.Verdict != "" {
		t.Errorf("verdict %q, %v", rep.Verdict, err)
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ content, want string }{
		{"이체 30,000원\r\n\t확인\u3000함\u00a0", "이체 30,000원\r\n\t확인\u3000함\u00a0"},
		{"", ""}, {"a\x00b", ""}, {"\xff\xfe", ""}, {"a bell\a", ""},
		{"to 홍길동 \u202e000,09\u202c", ""}, {"zero\u200bwidth", ""}, {"\ufeffmark", ""},
		{strings.Repeat("x", 100), strings.Repeat("x", 100)}, {strings.Repeat("x", 101), ""},
	} {
		if got := (verification.Report{Content: []byte(tt.content)}).Text(100); got != tt.want {
			t.Errorf("%q is shown as %q", tt.content, got)
		}
	}
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	large := make([]byte, verification.MaxMessage+1)
	large[0] = 0x30
	for name, tt := range map[string]struct{ message, content []byte }{
		"message":       {message: large},
		"base64":        {message: []byte(base64.StdEncoding.EncodeToString(large))},
		"far too large": {message: make([]byte, 2*verification.MaxMessage+1)},
		"content":       {message: []byte{0x30}, content: make([]byte, verification.MaxContent+1)},
	} {
		if _, err := h.Verify(t.Context(), tt.message, tt.content); !errors.Is(err, verification.ErrTooLarge) {
			t.Errorf("%s: %v, want ErrTooLarge", name, err)
		}
	}
}

// FuzzVerify gives anything to the verifier, which knows one root and no
// certificate below it: no panic, always a verdict that says something, and
// never Valid.
func FuzzVerify(f *testing.F) {
	root := selfSigned(f, "root")
	person := certify(f, "홍길동()0001", root, strange(), x509.KeyUsageDigitalSignature)
	s, err := verification.New(verification.Config{Root: root, Issuing: root, Now: func() time.Time { return start }}, emptyRegister{})
	do(f, err)
	f.Add(sign(f, text, person, strange(), cms.SignOptions{}), []byte(nil))
	f.Add(sign(f, text, person, strange(), cms.SignOptions{Detached: true}), []byte(text))
	f.Add(pem.EncodeToMemory(&pem.Block{Type: "PKCS7", Bytes: sign(f, text, person, strange(), at(start))}), []byte(nil))
	f.Add([]byte("MIIB"), []byte(nil))
	f.Fuzz(func(t *testing.T, message, content []byte) {
		rep, err := s.Verify(context.Background(), message, content)
		if err != nil {
			if errors.Is(err, verification.ErrTooLarge) {
				return
			}
			t.Fatal(err)
		}
		if rep.Title.KO == "" || rep.Detail.EN == "" || rep.Verdict == valid {
			t.Errorf("%s, %s: %q", rep.Verdict, rep.Reason, rep.Title.EN)
		}
	})
}

type emptyRegister struct{}

func (emptyRegister) Standings(_ context.Context, _ string, serials []string) ([]status.Standing, error) {
	return make([]status.Standing, len(serials)), nil
}
