package cms_test

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/smallstep/pkcs7"

	"github.com/ingam-pki/ingam/pki/cms"
	"github.com/ingam-pki/ingam/pki/internal/pkitest"
)

type world struct{ root, user, other *pkitest.Authority }

var makeWorld = sync.OnceValue(func() world {
	t := new(testing.T) // Issue fails only by a mistake in this file
	root := pkitest.Issue(t, pkitest.Template(1, "root", true), nil, pkitest.Key(0))
	return world{
		root:  root,
		user:  pkitest.Issue(t, pkitest.Template(0x80_01, "user", false), root, pkitest.Key(1)),
		other: pkitest.Issue(t, pkitest.Template(3, "other", false), root, pkitest.Key(2)),
	}
})

var texts = map[string][]byte{
	"text":   []byte("이체 1,000,000원\r\n"),
	"empty":  {},
	"binary": bytes.Repeat([]byte{0x00, 0x30, 0x80, 0xff}, 30_000),
}

func mustSign(t testing.TB, content []byte, o cms.SignOptions) []byte {
	t.Helper()
	w := makeWorld()
	der, err := cms.Sign(content, w.user.Certificate, w.user.Key, o)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func mustVerify(t testing.TB, message, content []byte) []cms.Signer {
	t.Helper()
	sd, err := cms.Parse(message)
	if err != nil {
		t.Fatal(err)
	}
	signers, err := sd.Verify(content)
	if err != nil {
		t.Fatal(err)
	}
	return signers
}

// The field form must be OpenSSL's to the byte.
func TestSignSameBytesAsOpenSSL(t *testing.T) {
	w := makeWorld()
	cert, key := pkitest.PEM(t, "c.pem", w.user.Certificate), pkitest.KeyPEM(t, "k.pem", w.user.Key)
	extra := pkitest.PEM(t, "extra.pem", w.root.Certificate, w.other.Certificate)
	for name, content := range texts {
		for _, chain := range []bool{false, true} {
			in, out := pkitest.File(t, "in", content), filepath.Join(t.TempDir(), "out.p7")
			args := []string{"smime", "-sign", "-binary", "-nodetach", "-noattr", "-md", "sha256", "-outform", "DER",
				"-signer", cert, "-inkey", key, "-in", in, "-out", out}
			var o cms.SignOptions
			if chain {
				args = append(args, "-certfile", extra)
				o.Certificates = [][]byte{w.root.Raw, w.other.Raw}
			}
			if msg, err := pkitest.OpenSSL(t, args...); err != nil {
				t.Fatalf("%s: openssl: %v\n%s", name, err, msg)
			}
			want, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			if got := mustSign(t, content, o); !bytes.Equal(got, want) {
				t.Errorf("%s (chain %v): %d bytes differ from OpenSSL's %d", name, chain, len(got), len(want))
			}
		}
	}
}

// OpenSSL verifies each form that Sign makes, and refuses it over other content.
func TestOpenSSLVerifies(t *testing.T) {
	w := makeWorld()
	root := pkitest.PEM(t, "root.pem", w.root.Certificate)
	for _, detached := range []bool{false, true} {
		for _, attrs := range []bool{false, true} {
			o := cms.SignOptions{Detached: detached, SignedAttributes: attrs, SigningTime: pkitest.Now}
			sig := pkitest.File(t, "s.p7", mustSign(t, texts["text"], o))
			args := func(content []byte) []string {
				a := []string{"cms", "-verify", "-binary", "-inform", "DER", "-in", sig, "-CAfile", root,
					"-purpose", "any", "-attime", strconv.FormatInt(pkitest.Now.Unix(), 10), "-out", filepath.Join(t.TempDir(), "content")}
				if attrs {
					a = append(a, "-cades")
				}
				if detached {
					a = append(a, "-content", pkitest.File(t, "in", content))
				}
				return a
			}
			// -cades wants the issuer's certificate along; verification without it first.
			if attrs {
				o.Certificates = [][]byte{w.root.Raw}
				sig = pkitest.File(t, "s.p7", mustSign(t, texts["text"], o))
			}
			if msg, err := pkitest.OpenSSL(t, args(texts["text"])...); err != nil {
				t.Errorf("detached %v, attributes %v: %v\n%s", detached, attrs, err, msg)
			}
			if detached {
				if msg, err := pkitest.OpenSSL(t, args([]byte("another text"))...); err == nil {
					t.Errorf("OpenSSL took another content: %s", msg)
				}
			}
		}
	}
}

// We verify what OpenSSL makes, in DER and in BER.
func TestVerifyOpenSSL(t *testing.T) {
	w := makeWorld()
	cert, key := pkitest.PEM(t, "c.pem", w.user.Certificate), pkitest.KeyPEM(t, "k.pem", w.user.Key)
	cert2, key2 := pkitest.PEM(t, "c.pem", w.other.Certificate), pkitest.KeyPEM(t, "k.pem", w.other.Key)
	content := texts["binary"]
	in := pkitest.File(t, "in", content)
	for name, tc := range map[string]struct {
		args     []string
		signers  int
		detached bool
	}{
		"cms detached":           {[]string{"cms"}, 1, true},
		"cms attached":           {[]string{"cms", "-nodetach"}, 1, false},
		"cms stream":             {[]string{"cms", "-nodetach", "-stream"}, 1, false},
		"cms stream, no attr":    {[]string{"cms", "-nodetach", "-stream", "-noattr"}, 1, false},
		"cms stream, key id":     {[]string{"cms", "-nodetach", "-stream", "-keyid"}, 1, false},
		"cms cades":              {[]string{"cms", "-nodetach", "-cades"}, 1, false},
		"cms sha512":             {[]string{"cms", "-nodetach", "-md", "sha512"}, 1, false},
		"smime stream":           {[]string{"smime", "-nodetach", "-stream"}, 1, false},
		"cms two signers":        {[]string{"cms", "-nodetach", "-signer", cert2, "-inkey", key2}, 2, false},
		"cms two signers stream": {[]string{"cms", "-nodetach", "-stream", "-signer", cert2, "-inkey", key2}, 2, false},
	} {
		t.Run(name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out")
			user := w.user
			args := append(tc.args, "-sign", "-binary", "-outform", "DER", "-in", in, "-out", out, "-signer", cert, "-inkey", key)
			if strings.Contains(name, "key id") { // needs a subjectKeyIdentifier
				user = w.root
				args = append(tc.args, "-sign", "-binary", "-outform", "DER", "-in", in, "-out", out,
					"-signer", pkitest.PEM(t, "r.pem", user.Certificate), "-inkey", pkitest.KeyPEM(t, "r.key", user.Key))
			}
			if msg, err := pkitest.OpenSSL(t, args...); err != nil {
				t.Fatalf("%v\n%s", err, msg)
			}
			message, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			if stream := strings.Contains(name, "stream"); stream != (message[1] == 0x80) {
				t.Fatalf("message starts %x: is this the form the test is about?", message[:4])
			}
			sd, err := cms.Parse(message)
			if err != nil {
				t.Fatal(err)
			}
			got, attached := sd.Content()
			if attached == tc.detached || (attached && !bytes.Equal(got, content)) {
				t.Errorf("attached %v, %d bytes", attached, len(got))
			}
			signers, err := sd.Verify(content)
			if err != nil || len(signers) != tc.signers {
				t.Fatalf("%d signers, %v", len(signers), err)
			}
			found := false
			for _, s := range signers {
				found = found || bytes.Equal(s.Certificate.Raw, user.Raw)
			}
			if !found {
				t.Error("signer's certificate is not among the signers")
			}
			changed := append([]byte{}, content...)
			changed[len(changed)-1] ^= 1
			if _, err := sd.Verify(changed); err == nil {
				t.Error("changed content passed")
			}
		})
	}
}

func TestFieldFixture(t *testing.T) {
	message := pkitest.Fixture(t, "npki/yessign-test/signed-noattr.p7")
	cert, err := x509.ParseCertificate(pkitest.Fixture(t, "npki/yessign-test/signCert.der"))
	if err != nil {
		t.Fatal(err)
	}
	sd, err := cms.Parse(message)
	if err != nil {
		t.Fatal(err)
	}
	if content, attached := sd.Content(); !attached || string(content) != "TEST_MSG" {
		t.Errorf("content %q", content)
	}
	signers, err := sd.Verify([]byte("TEST_MSG"))
	if err != nil {
		t.Fatal(err)
	}
	if len(signers) != 1 || !bytes.Equal(signers[0].Certificate.Raw, cert.Raw) || signers[0].Digest != crypto.SHA256 {
		t.Errorf("signers: %d", len(signers))
	}
	if _, err := sd.Verify([]byte("TEST_MSF")); !errors.Is(err, cms.ErrContent) {
		t.Errorf("another text: %v", err)
	}
}

// An independent reader takes our messages too.
func TestSmallstepReads(t *testing.T) {
	for _, attrs := range []bool{false, true} {
		p7, err := pkcs7.Parse(mustSign(t, texts["text"], cms.SignOptions{SignedAttributes: attrs, SigningTime: pkitest.Now}))
		if err != nil {
			t.Fatal(err)
		}
		if err := p7.Verify(); err != nil {
			t.Errorf("attributes %v: %v", attrs, err)
		}
	}
}

func TestAttributes(t *testing.T) {
	o := cms.SignOptions{SignedAttributes: true, SigningTime: pkitest.Now}
	s := mustVerify(t, mustSign(t, texts["text"], o), nil)[0]
	if !s.SigningTime.Equal(pkitest.Now) || !s.CertificateBound || !s.Attributes {
		t.Errorf("signer %+v", s)
	}
	s = mustVerify(t, mustSign(t, texts["text"], cms.SignOptions{}), nil)[0]
	if !s.SigningTime.IsZero() || s.CertificateBound || s.Attributes {
		t.Errorf("signer %+v", s)
	}
	w := makeWorld()
	if _, err := cms.Sign(nil, w.user.Certificate, w.user.Key, cms.SignOptions{SignedAttributes: true}); !errors.Is(err, cms.ErrSigningTime) {
		t.Errorf("no signing time: %v", err)
	}
}

func TestReaders(t *testing.T) {
	w := makeWorld()
	big := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	der, err := cms.SignReader(iotest.OneByteReader(bytes.NewReader(big[:1000])), w.user.Certificate, w.user.Key, cms.SignOptions{})
	if err != nil {
		t.Fatal(err)
	}
	sd, err := cms.Parse(der)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sd.VerifyReader(iotest.HalfReader(bytes.NewReader(big[:1000]))); err != nil {
		t.Error(err)
	}
	if _, err := sd.VerifyReader(bytes.NewReader(big)); !errors.Is(err, cms.ErrSignature) {
		t.Errorf("other content: %v", err)
	}
	if _, err := sd.VerifyReader(iotest.ErrReader(io.ErrUnexpectedEOF)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("broken reader: %v", err)
	}
	if _, err := sd.Verify(nil); !errors.Is(err, cms.ErrNoContent) {
		t.Errorf("no content: %v", err)
	}
}

func TestRefusals(t *testing.T) {
	w := makeWorld()
	if _, err := cms.Sign(nil, w.user.Certificate, w.other.Key, cms.SignOptions{}); !errors.Is(err, cms.ErrKeyMismatch) {
		t.Errorf("another's key: %v", err)
	}
	good := mustSign(t, texts["text"], cms.SignOptions{})
	for name, tc := range map[string]struct {
		change func([]byte) []byte
		want   error
	}{
		"signature":  {func(b []byte) []byte { b[len(b)-1] ^= 1; return b }, cms.ErrSignature},
		"content":    {func(b []byte) []byte { i := bytes.Index(b, texts["text"]); b[i] ^= 1; return b }, cms.ErrSignature},
		"cut off":    {func(b []byte) []byte { return b[:len(b)-1] }, cms.ErrFormat},
		"more after": {func(b []byte) []byte { return append(b, 0x05, 0x00) }, cms.ErrFormat},
		"empty":      {func([]byte) []byte { return nil }, cms.ErrFormat},
		"other type": {func(b []byte) []byte { i := bytes.Index(b, []byte{1, 7, 2}); b[i+2] = 3; return b }, cms.ErrNotSigned},
		"no such signer": {func(b []byte) []byte {
			i := bytes.LastIndex(b, []byte{0x02, 0x03, 0x00, 0x80, 0x01})
			b[i+4] = 9
			return b
		}, cms.ErrNoCertificate},
		"certificate listed wrong": {func(b []byte) []byte {
			i := bytes.Index(b, w.user.Raw)
			b[i+20] ^= 0xff
			return b
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			sd, err := cms.Parse(tc.change(bytes.Clone(good)))
			if err == nil {
				_, err = sd.Verify(nil)
			}
			if err == nil || (tc.want != nil && !errors.Is(err, tc.want)) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
		})
	}
}
