package npki

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// fieldPassword opens the public test identity of the field fixtures.
const fieldPassword = "WTuA8Ev0lWXVFSiI!"

// root is the folder of go.mod.
func root(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
}

// fixture reads a public file of the field, or skips the test.
func fixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root(t), "../shared/fixtures/npki", name))
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("field fixtures are not here: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func fixtureCert(t testing.TB, name string) *x509.Certificate {
	t.Helper()
	c, err := x509.ParseCertificate(fixture(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// seedFromField adds a field fixture to a fuzz corpus when it is there.
func seedFromField(f *testing.F, name string) {
	if b, err := os.ReadFile(filepath.Join(root(f), "../shared/fixtures/npki", name)); err == nil {
		f.Add(b)
	}
}

var sharedKey = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
})

// sharedR has leading zeros, which must count.
func sharedR() R {
	r := R(bytes.Repeat([]byte{0xa5}, RSize))
	r[0], r[1] = 0, 0
	return r
}

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// openssl runs it on an input, with the legacy provider.
func openssl(t testing.TB, in []byte, args ...string) []byte {
	t.Helper()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not here")
	}
	cmd := exec.Command("openssl", args...)
	cmd.Stdin = bytes.NewReader(in)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("openssl %s: %v\n%s", args[0], err, stderr.Bytes())
	}
	return out
}

func pemBlock(typ string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: typ, Bytes: der})
}
