// Package vectors_test writes the vectors that Go and TypeScript are both held
// against, and checks that what is committed is still what Go makes and reads:
//
//	go test ./sdk/vectors            # checks
//	go test ./sdk/vectors -update    # writes
//
// README.md says what each file holds.
package vectors_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/pki/npki"
)

var update = flag.Bool("update", false, "write the vectors anew instead of checking them")

// maxTotal bounds all vectors together, in bytes.
const maxTotal = 300_000

// at is when everything in the vectors happens.
var at = time.Date(2026, 11, 22, 3, 4, 5, 0, time.UTC)

// octets are bytes that stand in JSON as lower-case hex.
type octets []byte

func (o octets) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(o)), nil }

func (o *octets) UnmarshalText(text []byte) error {
	b, err := hex.DecodeString(string(text))
	*o = b
	return err
}

// settle compares what Go makes with the committed file, or writes it.
// Where making draws at random, it is handed what is committed and keeps the
// part that it can't make again.
func settle[T any](t *testing.T, file string, do func(old T) T) T {
	t.Helper()
	var old T
	committed, err := os.ReadFile(filepath.Join("testdata", file))
	switch {
	case err == nil:
		if err := json.Unmarshal(committed, &old); err != nil && !*update {
			t.Fatalf("%s: %v", file, err)
		}
	case !errors.Is(err, fs.ErrNotExist) || !*update:
		t.Fatal(err)
	}
	made := do(old)
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(made); err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(b.Bytes(), committed) {
		return made
	}
	if !*update {
		t.Errorf("%s is not what Go makes: see by `go test ./sdk/vectors -update` and git diff what has changed", file)
		return made
	}
	if err := os.WriteFile(filepath.Join("testdata", file), b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Logf("wrote %s, %d bytes", file, b.Len())
	return made
}

// testKey is an RSA-2048 key that everybody may know.
type testKey struct {
	PKCS8 octets `json:"pkcs8"` // with R where it has one
	R     octets `json:"r,omitempty"`
	SPKI  octets `json:"spki"`
}

type keysFile struct {
	Warning string             `json:"warning"`
	Keys    map[string]testKey `json:"keys"`
}

const warning = "TEST KEYS. Everybody knows them; they protect nothing and belong to nobody."

// customerR begins with zeros, which count.
var customerR = npki.R{0, 0x05, 0x9c, 0x11, 0xe2, 0x73, 0x64, 0xb5, 0x86, 0x47, 0x38, 0xc9, 0xda, 0x0b, 0xac, 0x5d, 0x1e, 0xff, 0x20, 0x31}

func TestKeys(t *testing.T) {
	if *update {
		t.Skip("made by keyring")
	}
	for name, k := range keyring().Keys {
		key, err := npki.ParsePrivateKey(k.PKCS8)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		again, err := key.Marshal()
		if err != nil || !bytes.Equal(again, k.PKCS8) || !bytes.Equal(key.R, k.R) {
			t.Errorf("%s: is not written as it was read: %v", name, err)
		}
		if spki, err := x509.MarshalPKIXPublicKey(key.Signer.Public()); err != nil || !bytes.Equal(spki, k.SPKI) {
			t.Errorf("%s: public key: %v", name, err)
		}
	}
	if !bytes.Equal(keyring().Keys["customer"].R, customerR) {
		t.Error("the customer has another R")
	}
}

// keyring reads keys.json; with -update it makes the file once.
var keyring = sync.OnceValue(func() keysFile {
	var f keysFile
	b, err := os.ReadFile("testdata/keys.json")
	if err == nil {
		if err := json.Unmarshal(b, &f); err != nil {
			panic(err)
		}
		return f
	}
	if !*update {
		panic(err)
	}
	f = keysFile{Warning: warning, Keys: map[string]testKey{}}
	for _, name := range []string{"root", "ca", "km", "customer"} {
		signer, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		k := &npki.PrivateKey{Signer: signer}
		if name == "customer" {
			k.R = customerR
		}
		pkcs8, err := k.Marshal()
		if err != nil {
			panic(err)
		}
		spki, err := x509.MarshalPKIXPublicKey(signer.Public())
		if err != nil {
			panic(err)
		}
		f.Keys[name] = testKey{PKCS8: pkcs8, R: octets(k.R), SPKI: spki}
	}
	if b, err = json.MarshalIndent(f, "", " "); err != nil {
		panic(err)
	}
	if err := os.WriteFile("testdata/keys.json", append(b, '\n'), 0o600); err != nil {
		panic(err)
	}
	return f
})

// key is one of the ring, opened.
func key(t testing.TB, name string) *npki.PrivateKey {
	t.Helper()
	k, err := npki.ParsePrivateKey(keyring().Keys[name].PKCS8)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func unhex(t testing.TB, s string) octets {
	t.Helper()
	return must(hex.DecodeString(s))(t)
}

// TestSize keeps the vectors small enough to live in the repository.
func TestSize(t *testing.T) {
	entries, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	var total int64
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			t.Fatal(err)
		}
		if len(e.Name()) > 5 && e.Name()[len(e.Name())-5:] == ".json" {
			total += info.Size()
		}
	}
	if total > maxTotal {
		t.Errorf("the vectors have %d bytes, more than %d", total, maxTotal)
	}
}

// hashName names a hash function as WebCrypto does.
func hashName(h crypto.Hash) string {
	return map[crypto.Hash]string{crypto.SHA1: "SHA-1", crypto.SHA256: "SHA-256", crypto.SHA384: "SHA-384", crypto.SHA512: "SHA-512"}[h]
}
