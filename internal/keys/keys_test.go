package keys_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/ingam-pki/ingam/internal/keys"
)

var rsaKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

var (
	pass  = []byte("correct horse 암호")
	cheap = []keys.Option{keys.Iterations(1000), keys.Memory(64)}
)

func TestSignerFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "issuing.key")
	if err := keys.WriteSigner(path, rsaKey(), pass, cheap...); err != nil {
		t.Fatal(err)
	}
	ownerOnly(t, path)
	got, err := keys.ReadSigner(path, pass)
	if err != nil || !got.Equal(rsaKey()) {
		t.Fatalf("reading: %v", err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := keys.WriteSigner(path, rsaKey(), pass, cheap...); !errors.Is(err, keys.ErrExists) {
		t.Errorf("writing over: %v, want ErrExists", err)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file was touched: %v", err)
	}
	alone(t, path)
}

// The default cost is the one that files in the field get.
func TestSignerDefaultCost(t *testing.T) {
	t.Parallel()
	sealed, err := keys.SealSigner(rsaKey(), pass)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(sealed)
	if !bytes.Contains(block.Bytes, []byte{0x02, 0x03, 0x09, 0x27, 0xc0}) { // INTEGER 600000
		t.Error("600000 iterations are not asked for")
	}
	if _, err := keys.OpenSigner(sealed, pass); err != nil {
		t.Error(err)
	}
}

func TestWrongPassphrase(t *testing.T) {
	t.Parallel()
	signer, err := keys.SealSigner(rsaKey(), pass, cheap...)
	if err != nil {
		t.Fatal(err)
	}
	ring, err := keys.SealRing(keys.NewRing(), pass, cheap...)
	if err != nil {
		t.Fatal(err)
	}
	// A wrong passphrase gives good padding once in 256 times: try many.
	for n := range 600 {
		wrong := fmt.Append(nil, "wrong ", n)
		if _, err := keys.OpenSigner(signer, wrong); !errors.Is(err, keys.ErrWrongPassphrase) {
			t.Fatalf("signer by %q: %v", wrong, err)
		}
	}
	if _, err := keys.OpenRing(ring, []byte("wrong")); !errors.Is(err, keys.ErrWrongPassphrase) {
		t.Errorf("ring: %v", err)
	}
	if _, err := keys.OpenSigner(signer, nil); !errors.Is(err, keys.ErrNoPassphrase) {
		t.Errorf("no passphrase: %v", err)
	}
	if _, err := keys.OpenRing(ring, nil); !errors.Is(err, keys.ErrNoPassphrase) {
		t.Errorf("no passphrase: %v", err)
	}
	if _, err := keys.SealSigner(rsaKey(), nil); !errors.Is(err, keys.ErrNoPassphrase) {
		t.Errorf("sealing without passphrase: %v", err)
	}
	if _, err := keys.SealRing(keys.NewRing(), nil); !errors.Is(err, keys.ErrNoPassphrase) {
		t.Errorf("sealing without passphrase: %v", err)
	}
}

// OpenSSL opens what we write, and we open what OpenSSL writes.
func TestOpenSSL(t *testing.T) {
	t.Parallel()
	openssl, err := exec.LookPath("openssl")
	if err != nil {
		t.Fatal("this test needs openssl; on Debian: apt-get install openssl")
	}
	dir := t.TempDir()
	path, secret, again := filepath.Join(dir, "our.key"), filepath.Join(dir, "pass"), filepath.Join(dir, "again")
	for _, file := range []string{secret, again} { // of one file it would read two lines
		if err := os.WriteFile(file, pass, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := keys.WriteSigner(path, rsaKey(), pass); err != nil {
		t.Fatal(err)
	}
	run := func(args ...string) string {
		t.Helper()
		out, err := exec.Command(openssl, args...).CombinedOutput()
		if err != nil {
			t.Fatalf("openssl %v: %v: %s", args, err, out)
		}
		return string(out)
	}
	modulus := run("rsa", "-in", path, "-passin", "file:"+secret, "-noout", "-modulus")
	if want := fmt.Sprintf("Modulus=%X", rsaKey().N); strings.TrimSpace(modulus) != want {
		t.Errorf("OpenSSL reads another key:\n%s\n%s", modulus, want)
	}
	theirs := filepath.Join(dir, "their.key")
	run("pkey", "-in", path, "-passin", "file:"+secret, "-out", theirs, "-aes256", "-passout", "file:"+again)
	if key, err := keys.ReadSigner(theirs, pass); err != nil || !key.Equal(rsaKey()) {
		t.Errorf("reading OpenSSL's file: %v", err)
	}
	run("pkey", "-in", path, "-passin", "file:"+secret, "-out", theirs, "-aes128", "-passout", "file:"+again)
	if _, err := keys.ReadSigner(theirs, pass); !errors.Is(err, keys.ErrFormat) {
		t.Errorf("reading AES-128: %v, want ErrFormat", err)
	}
}

func TestRingFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ring.json")
	ring := keys.NewRing()
	if err := keys.WriteRing(path, ring, pass, cheap...); err != nil {
		t.Fatal(err)
	}
	ownerOnly(t, path)
	same(t, ring, path)
	if err := keys.WriteRing(path, keys.NewRing(), pass, cheap...); !errors.Is(err, keys.ErrExists) {
		t.Errorf("writing over: %v, want ErrExists", err)
	}
	same(t, ring, path)
	if _, err := ring.Rotate(); err != nil {
		t.Fatal(err)
	}
	if err := keys.ReplaceRing(path, ring, pass, cheap...); err != nil {
		t.Fatal(err)
	}
	ownerOnly(t, path)
	same(t, ring, path)
	alone(t, path)
	if _, err := keys.ReadRing(filepath.Join(t.TempDir(), "none"), pass); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	// The default cost works too, and no key stands in the file.
	sealed, err := keys.SealRing(ring, pass)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, ring.AuditKey()) || !bytes.Contains(sealed, []byte(`"memoryKiB": 65536`)) {
		t.Errorf("ring file:\n%s", sealed)
	}
	if _, err := keys.OpenRing(sealed, pass); err != nil {
		t.Error(err)
	}
}

// same checks that the ring in a file has the keys of another one.
func same(t *testing.T, want *keys.Ring, path string) {
	t.Helper()
	got, err := keys.ReadRing(path, pass)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := want.Seal("t", "c", "r", []byte("plain"))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := got.Open("t", "c", "r", sealed)
	if err != nil || string(plain) != "plain" {
		t.Errorf("opening by the ring of the file: %v", err)
	}
	if !bytes.Equal(got.Index("t", "c", nil), want.Index("t", "c", nil)) || !bytes.Equal(got.AuditKey(), want.AuditKey()) ||
		fmt.Sprint(got.Keys()) != fmt.Sprint(want.Keys()) {
		t.Error("the file holds another ring")
	}
}

func ownerOnly(t *testing.T, path string) {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%s: %v, %v; want rights 0600", filepath.Base(path), info.Mode(), err)
	}
}

// alone checks that no temporary file was left behind.
func alone(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("beside the file: %v, %v", entries, err)
	}
}

// A file can't make its reader work or allocate without end.
func TestRingFileBounds(t *testing.T) {
	t.Parallel()
	sealed, err := keys.SealRing(keys.NewRing(), pass, cheap...)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		section, member string
		value           any
		want            error
	}{
		"much memory":    {"kdf", "memoryKiB", 1<<20 + 1, keys.ErrCost},
		"many passes":    {"kdf", "passes", 17, keys.ErrCost},
		"many threads":   {"kdf", "threads", 17, keys.ErrFormat}, // less than 8 KiB each
		"no passes":      {"kdf", "passes", 0, keys.ErrFormat},
		"no threads":     {"kdf", "threads", 0, keys.ErrFormat},
		"no memory":      {"kdf", "memoryKiB", 0, keys.ErrFormat},
		"negative":       {"kdf", "passes", -1, keys.ErrFormat},
		"short salt":     {"kdf", "salt", "AAAA", keys.ErrFormat},
		"long salt":      {"kdf", "salt", strings.Repeat("AAAA", 30), keys.ErrFormat},
		"another salt":   {"kdf", "salt", "AAAAAAAAAAAAAAAAAAAAAA==", keys.ErrWrongPassphrase},
		"another cost":   {"kdf", "passes", 4, keys.ErrWrongPassphrase},
		"another KDF":    {"kdf", "name", "scrypt", keys.ErrFormat},
		"newer version":  {"", "version", 2, keys.ErrFormat},
		"another format": {"", "format", "x", keys.ErrFormat},
		"another cipher": {"", "cipher", "x", keys.ErrFormat},
		"short nonce":    {"", "nonce", "AAAA", keys.ErrFormat},
		"no content":     {"", "sealed", "", keys.ErrWrongPassphrase},
		"unknown member": {"", "also", 1, keys.ErrFormat},
	} {
		var file map[string]any
		if err := json.Unmarshal(sealed, &file); err != nil {
			t.Fatal(err)
		}
		section := file
		if test.section != "" {
			section = file[test.section].(map[string]any)
		}
		section[test.member] = test.value
		content, err := json.Marshal(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := keys.OpenRing(content, pass); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
	for name, content := range map[string][]byte{
		"empty": nil, "two values": append(bytes.Clone(sealed), sealed...), "cut": sealed[:len(sealed)/2],
		"too large": append(bytes.Repeat([]byte(" "), 1<<16), sealed...),
	} {
		if _, err := keys.OpenRing(content, pass); !errors.Is(err, keys.ErrFormat) {
			t.Errorf("%s: %v, want ErrFormat", name, err)
		}
	}
}
