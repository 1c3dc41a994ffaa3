package npki

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestKeyFileOfTheField(t *testing.T) {
	t.Parallel()
	file := fixture(t, "yessign-test/signPri.key")
	k, e, err := DecryptKey(file, []byte(fieldPassword))
	if err != nil {
		t.Fatal(err)
	}
	want := Encryption{Scheme: SEED15, Iterations: 2048, Hash: crypto.SHA1, Salt: unhex(t, "c8ea2fa25023c285")}
	if diff := cmp.Diff(want, e); diff != "" {
		t.Error(diff)
	}
	key, iv, err := e.derive([]byte(fieldPassword))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(key, unhex(t, "6240e2686a6abbc48c922ccba906bb91")) {
		t.Errorf("key = %x", key)
	}
	if !bytes.Equal(iv, unhex(t, "4471a1fd154167f22848770d578a5b73")) {
		t.Errorf("IV = %x", iv)
	}
	if len(k.R) != RSize || len(k.Attributes) != 0 {
		t.Errorf("R of %d bytes, %d other attributes", len(k.R), len(k.Attributes))
	}
	if !k.Signer.PublicKey.Equal(fixtureCert(t, "yessign-test/signCert.der").PublicKey) {
		t.Error("the key is not the certificate's")
	}
	again, err := EncryptKey(rand.Reader, k, []byte(fieldPassword), e)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again, file) {
		t.Error("encrypting again gives other bytes")
	}
}

func TestSEED4AsPasswordScheme(t *testing.T) {
	t.Parallel()
	// The same derivation as …1.15 but for the IV; the key is the field's.
	e := Encryption{Scheme: SEED4, Iterations: 2048, Salt: unhex(t, "c8ea2fa25023c285")}
	key, iv, err := e.derive([]byte(fieldPassword))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(key, unhex(t, "6240e2686a6abbc48c922ccba906bb91")) || string(iv) != "0123456789012345" {
		t.Errorf("key %x, IV %q", key, iv)
	}
}

// keyWithAll has R with leading zeros, two unknown attributes and a public
// key field: all that a conversion could lose.
func keyWithAll(t testing.TB) *PrivateKey {
	t.Helper()
	return &PrivateKey{
		Signer: sharedKey(),
		R:      sharedR(),
		Attributes: [][]byte{
			unhex(t, "300a06035504033103020101"), // sorts before R
			unhex(t, "3012060a2a831a8c9a440a01017f310404020102"),
		},
		PublicKey: []byte{0, 1, 2, 3},
	}
}

func schemes() []Encryption {
	return []Encryption{
		{Scheme: SEED15, Iterations: 2048},
		{Scheme: SEED15, Iterations: 1024, Hash: crypto.SHA1},
		{Scheme: SEED4, Iterations: 1024},
		{Scheme: PBES2SEED, Iterations: 1024},
		{Scheme: PBES2SEED, Iterations: 1024, Hash: crypto.SHA256},
		{Scheme: PBES2AES128, Iterations: 1024, Hash: crypto.SHA1},
		{Scheme: PBES2AES256, Iterations: 1024},
		{Scheme: PBES2AES256, Iterations: 1024, Hash: crypto.SHA384},
		{Scheme: PBES2AES256, Iterations: 1024, Hash: crypto.SHA512},
		{Scheme: PBES2AES192, Iterations: 1024, Hash: crypto.SHA224},
		{Scheme: PBES2ARIA128, Iterations: 1024},
		{Scheme: PBES2ARIA192, Iterations: 1024, Hash: crypto.SHA1},
		{Scheme: PBES2ARIA256, Iterations: 1024, Hash: crypto.SHA512},
	}
}

func TestKeyFilesKeepEverything(t *testing.T) {
	t.Parallel()
	// One key through every scheme in turn, each opened before the next.
	k, password := keyWithAll(t), []byte("아무 암호")
	first, err := k.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range schemes() {
		name := fmt.Sprintf("%s, %d, %v", e.Scheme, e.Iterations, e.Hash)
		file, err := EncryptKey(rand.Reader, k, password, e)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, read, err := DecryptKey(file, password)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if read.Scheme != e.Scheme || read.Iterations != e.Iterations || read.Hash != e.hash() {
			t.Errorf("%s: read back as %s, %d, %v", name, read.Scheme, read.Iterations, read.Hash)
		}
		if told, err := EncryptionOf(file); err != nil || !cmp.Equal(told, read) {
			t.Errorf("%s: EncryptionOf = %+v, %v", name, told, err)
		}
		if !bytes.Equal(got.R, sharedR()) {
			t.Errorf("%s: R is lost", name)
		}
		if diff := cmp.Diff(k.Attributes, got.Attributes); diff != "" {
			t.Errorf("%s: attributes: %s", name, diff)
		}
		again, err := EncryptKey(rand.Reader, got, password, read)
		if err != nil || !bytes.Equal(again, file) {
			t.Errorf("%s: not the same bytes again (%v)", name, err)
		}
		fresh, err := EncryptKey(rand.Reader, got, password, read.Fresh())
		if err != nil || bytes.Equal(fresh, file) {
			t.Errorf("%s: Fresh did not draw a new salt (%v)", name, err)
		}
		k = got
	}
	last, err := k.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, last) {
		t.Error("the key changed on its way")
	}
}

func TestKeyWithoutR(t *testing.T) {
	t.Parallel()
	der, err := x509.MarshalPKCS8PrivateKey(sharedKey())
	if err != nil {
		t.Fatal(err)
	}
	k, err := ParsePrivateKey(der)
	if err != nil {
		t.Fatal(err)
	}
	if k.R != nil {
		t.Error("R out of nothing")
	}
	got, err := k.Marshal()
	if err != nil || !bytes.Equal(got, der) {
		t.Errorf("Marshal differs from crypto/x509's (%v)", err)
	}
}

func TestRAttributeBytes(t *testing.T) {
	t.Parallel()
	der, err := (&PrivateKey{Signer: sharedKey(), R: sharedR()}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	want := append(unhex(t, "a0273025060a2a831a8c9a440a010103311703150"+"0"), sharedR()...)
	if !bytes.HasSuffix(der, want) {
		t.Errorf("PKCS#8 ends in %x, want %x", der[len(der)-len(want):], want)
	}
}

func TestWrongPassword(t *testing.T) {
	t.Parallel()
	for _, e := range schemes() {
		file, err := EncryptKey(rand.Reader, keyWithAll(t), []byte("right"), e)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []string{"", "wrong", "right ", "Right"} {
			if _, _, err := DecryptKey(file, []byte(p)); !errors.Is(err, ErrWrongPassword) {
				t.Errorf("%s with a wrong password: %v", e.Scheme, err)
			}
		}
	}
}

func TestWrongPasswordWithRightPadding(t *testing.T) {
	t.Parallel()
	// One wrong password in 256 leaves right padding: try until some do, and
	// make sure that they are told apart by what they hold.
	file, err := EncryptKey(rand.Reader, keyWithAll(t), []byte("right"), DefaultEncryption())
	if err != nil {
		t.Fatal(err)
	}
	e, ciphertext, err := readEncrypted(file)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for i := 0; found < 3 && i < 10_000; i++ {
		p := fmt.Appendf(nil, "wrong %d", i)
		plain, err := e.decrypt(p, ciphertext)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := unpad(plain, 16); !ok {
			continue
		}
		found++
		if _, _, err := DecryptKey(file, p); !errors.Is(err, ErrWrongPassword) {
			t.Errorf("right padding by a wrong password: %v", err)
		}
	}
	if found == 0 {
		t.Error("no wrong password left right padding")
	}
}

func TestEncryptionChoices(t *testing.T) {
	t.Parallel()
	if e := DefaultEncryption(); !e.Legacy() || e.Scheme != SEED15 || e.Iterations < 2048 {
		t.Errorf("DefaultEncryption = %+v", e)
	}
	if e := ModernEncryption(); e.Legacy() || e.Scheme != PBES2AES256 || e.Hash != crypto.SHA256 {
		t.Errorf("ModernEncryption = %+v", e)
	}
	for _, e := range schemes() {
		if !e.Legacy() {
			t.Errorf("%+v does not count as legacy", e)
		}
	}
}
