// Package pkitest gives the tests of this library what they share: keys (made
// once for each test binary), certificates to order, OpenSSL as a stranger
// that judges, and the public fixtures from the field.
package pkitest

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// Now is the time at which tests take place.
var Now = time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)

var keys = [4]func() *rsa.PrivateKey{makeKey(), makeKey(), makeKey(), makeKey()}

func makeKey() func() *rsa.PrivateKey {
	return sync.OnceValue(func() *rsa.PrivateKey {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		return key
	})
}

// Key is one of four RSA-2048 keys.
func Key(n int) *rsa.PrivateKey { return keys[n]() }

// Authority is a certificate with its key.
type Authority struct {
	*x509.Certificate
	Key *rsa.PrivateKey
}

// Template is a certificate for tests: a CA's when ca is true, else a signer's.
func Template(serial int64, name string, ca bool) *x509.Certificate {
	c := &x509.Certificate{
		SerialNumber: big.NewInt(serial),
		Subject:      pkix.Name{Country: []string{"KR"}, Organization: []string{"test"}, CommonName: name},
		NotBefore:    Now.AddDate(-1, 0, 0),
		NotAfter:     Now.AddDate(1, 0, 0),
		KeyUsage:     x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment,
	}
	if ca {
		c.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign
		c.BasicConstraintsValid, c.IsCA, c.MaxPathLen = true, true, -1
	}
	return c
}

// Issue certifies key under parent; a nil parent makes a self-signed one.
func Issue(t testing.TB, template *x509.Certificate, parent *Authority, key *rsa.PrivateKey) *Authority {
	t.Helper()
	up, signer := template, key
	if parent != nil {
		up, signer = parent.Certificate, parent.Key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, up, key.Public(), signer)
	if err != nil {
		t.Fatalf("creating %s: %v", template.Subject.CommonName, err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatalf("parsing %s: %v", template.Subject.CommonName, err)
	}
	return &Authority{cert, key}
}

// OpenSSL runs the program of that name and gives what it wrote.
func OpenSSL(t testing.TB, args ...string) (out []byte, err error) {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Fatal("these tests let OpenSSL judge: install the package openssl")
	}
	var both bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "openssl", args...) //nolint:gosec // a test's own arguments
	cmd.Stdout, cmd.Stderr = &both, &both
	err = cmd.Run()
	return both.Bytes(), err
}

// File writes data into the test's own folder.
func File(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// PEM writes certificates into one file.
func PEM(t testing.TB, name string, certs ...*x509.Certificate) string {
	t.Helper()
	var b bytes.Buffer
	for _, c := range certs {
		if err := pem.Encode(&b, &pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}); err != nil {
			t.Fatal(err)
		}
	}
	return File(t, name, b.Bytes())
}

// KeyPEM writes a key, unencrypted: it lives as long as the test.
func KeyPEM(t testing.TB, name string, key *rsa.PrivateKey) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return File(t, name, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// Fixture reads a file of the public fixtures beside the repository, or skips.
func Fixture(t testing.TB, name string) []byte {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = up
	}
	path := filepath.Join(dir, "..", "shared", "fixtures", name)
	data, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		t.Skipf("field fixtures are not here: %s", name)
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}
