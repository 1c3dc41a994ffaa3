package npki

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
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
		if _, ok := unpad(plain); !ok {
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

func TestOpenSSLReadsOurKeyFiles(t *testing.T) {
	t.Parallel()
	password := writePassword(t)
	for _, e := range schemes() {
		if !e.Scheme.pbes2() {
			continue // OpenSSL has no PBES1 with SEED
		}
		file, err := EncryptKey(rand.Reader, &PrivateKey{Signer: sharedKey(), R: sharedR()}, []byte(opensslPassword), e)
		if err != nil {
			t.Fatal(err)
		}
		got := openssl(t, file, "pkcs8", "-inform", "DER", "-passin", "file:"+password,
			"-provider", "legacy", "-provider", "default")
		block, _ := pem.Decode(got)
		if block == nil {
			t.Fatalf("%s: OpenSSL writes no PEM", e.Scheme)
		}
		// Some versions pass the attributes on: compare the keys alone.
		k, err := ParsePrivateKey(block.Bytes)
		if err != nil {
			t.Fatalf("%s: %v", e.Scheme, err)
		}
		if !k.Signer.Equal(sharedKey()) {
			t.Errorf("%s: OpenSSL reads another key", e.Scheme)
		}
	}
}

const opensslPassword = "opensesame 1!"

func writePassword(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(path, []byte(opensslPassword+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestWeReadOpenSSLsKeyFiles(t *testing.T) {
	t.Parallel()
	password := writePassword(t)
	plain, err := x509.MarshalPKCS8PrivateKey(sharedKey())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want Encryption
	}{
		{[]string{"-v2", "seed-cbc"}, Encryption{Scheme: PBES2SEED, Iterations: 2048, Hash: crypto.SHA256}},
		{[]string{"-v2", "seed-cbc", "-v2prf", "hmacWithSHA1"}, Encryption{Scheme: PBES2SEED, Iterations: 2048, Hash: crypto.SHA1}},
		{[]string{"-v2", "aes-256-cbc", "-iter", "5000"}, Encryption{Scheme: PBES2AES256, Iterations: 5000, Hash: crypto.SHA256}},
		{[]string{"-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA512"}, Encryption{Scheme: PBES2AES128, Iterations: 2048, Hash: crypto.SHA512}},
	} {
		args := append([]string{
			"pkcs8", "-topk8", "-inform", "DER", "-outform", "DER", "-passout", "file:" + password,
			"-provider", "legacy", "-provider", "default",
		}, c.args...)
		file := openssl(t, plain, args...)
		k, e, err := DecryptKey(file, []byte(opensslPassword))
		if err != nil {
			t.Errorf("%v: %v", c.args, err)
			continue
		}
		if !k.Signer.Equal(sharedKey()) {
			t.Errorf("%v: another key", c.args)
		}
		if e = e.Fresh(); !cmp.Equal(c.want, e) {
			t.Errorf("%v: %+v, want %+v", c.args, e, c.want)
		}
		if _, _, err := DecryptKey(file, []byte("wrong")); !errors.Is(err, ErrWrongPassword) {
			t.Errorf("%v with a wrong password: %v", c.args, err)
		}
	}
}

func TestKeyFilesWithKeyLength(t *testing.T) {
	t.Parallel()
	// keyLength is optional and OpenSSL leaves it out: put one in by hand.
	e := Encryption{Scheme: PBES2AES256, Iterations: 1024, Hash: crypto.SHA256, Salt: make([]byte, 8), IV: make([]byte, 16)}
	file, err := EncryptKey(rand.Reader, &PrivateKey{Signer: sharedKey()}, []byte("p"), e)
	if err != nil {
		t.Fatal(err)
	}
	for size, want := range map[byte]error{32: nil, 16: ErrKeyFormat} {
		got := bytes.Clone(file)
		iterations := unhex(t, "02020400")
		i := bytes.Index(got, iterations) + len(iterations)
		got = append(got[:i:i], append([]byte{2, 1, size}, got[i:]...)...)
		got = growLengths(t, got, i)
		if _, _, err := DecryptKey(got, []byte("p")); !errors.Is(err, want) {
			t.Errorf("keyLength %d: %v, want %v", size, err, want)
		}
	}
}

// growLengths adds 3 to the length of each constructed element that ends
// after the three bytes put in at i.
func growLengths(t *testing.T, der []byte, i int) []byte {
	t.Helper()
	for at := 0; at < i; {
		switch {
		case der[at] == 0x30 && der[at+1] == 0x82:
			n := int(der[at+2])<<8 | int(der[at+3])
			n += 3
			der[at+2], der[at+3] = byte(n>>8), byte(n)
			at += 4
		case der[at] == 0x30:
			if end := at + 2 + int(der[at+1]); end >= i {
				der[at+1] += 3
			}
			at += 2
		default:
			at += 2 + int(der[at+1])
		}
	}
	return der
}

func TestDecryptKeyBounds(t *testing.T) {
	t.Parallel()
	good, err := EncryptKey(rand.Reader, &PrivateKey{Signer: sharedKey()}, []byte("p"),
		Encryption{Scheme: SEED15, Iterations: 1 << 17})
	if err != nil {
		t.Fatal(err)
	}
	replace := func(old, with string) []byte {
		b := bytes.Replace(good, unhex(t, old), unhex(t, with), 1)
		if bytes.Equal(b, good) {
			t.Fatalf("%s is not in the good one", old)
		}
		return b
	}
	for _, c := range []struct {
		what string
		file []byte
		want error
	}{
		{"zero iterations", replace("0203020000", "0203000000"), ErrKeyFormat}, // not minimal: not DER
		{"8 million iterations", replace("0203020000", "02037fffff"), nil},
		{"negative iterations", replace("0203020000", "0203ff0000"), ErrIterations},
		{"nothing", nil, ErrKeyFormat},
		{"an unencrypted key", mustPKCS8(t), ErrKeyFormat},
		{"trailing bytes", append(bytes.Clone(good), 0), ErrKeyFormat},
		{"cut off", good[:len(good)-16], ErrKeyFormat},
		{"unknown scheme", replace("2a831a8c9a44010f", "2a831a8c9a44011f"), ErrKeyFormat},
		{"oversize", make([]byte, MaxKeySize+1), ErrKeyFormat},
		{"a cipher and no scheme", unhex(t, "3030"+"301c06082a831a8c9a4401040410"+"00000000000000000000000000000000"+"0410"+"00000000000000000000000000000000"), ErrKeyFormat},
	} {
		_, err := EncryptionOf(c.file)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.what, err, c.want)
		}
	}
	over := Encryption{Scheme: SEED15, Iterations: 1024, Salt: make([]byte, 8)}
	file, err := EncryptKey(rand.Reader, &PrivateKey{Signer: sharedKey()}, []byte("p"), over)
	if err != nil {
		t.Fatal(err)
	}
	// 0x7fff iterations is fine, and one over the bound is not, unworked.
	if e, err := EncryptionOf(bytes.Replace(file, unhex(t, "02020400"), unhex(t, "02027fff"), 1)); err != nil || e.Iterations != 0x7fff {
		t.Errorf("32767 iterations: %v", err)
	}
	if _, _, err := DecryptKey(growSalt(t, file), []byte("p")); !errors.Is(err, ErrIterations) {
		t.Errorf("16 million iterations: %v", err)
	}
}

// growSalt trades bytes of the salt for a bigger iteration count.
func growSalt(t *testing.T, file []byte) []byte {
	t.Helper()
	old := unhex(t, "0408"+"0000000000000000"+"02020400")
	with := unhex(t, "0406"+"000000000000"+"020400ffffff")
	b := bytes.Replace(file, old, with, 1)
	if bytes.Equal(b, file) {
		t.Fatal("parameters not found")
	}
	return b
}

func mustPKCS8(t *testing.T) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(sharedKey())
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func TestEncryptKeyRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what string
		e    Encryption
		want error
	}{
		{"no scheme", Encryption{Iterations: 2048}, ErrKeyFormat},
		{"unknown scheme", Encryption{Scheme: 99, Iterations: 2048}, ErrKeyFormat},
		{"no iterations", Encryption{Scheme: SEED15}, ErrIterations},
		{"few iterations", Encryption{Scheme: PBES2AES256, Iterations: MinIterations - 1}, ErrIterations},
		{"many iterations", Encryption{Scheme: SEED15, Iterations: MaxIterations + 1}, ErrIterations},
		{"long salt", Encryption{Scheme: SEED15, Iterations: 2048, Salt: make([]byte, 65)}, ErrKeyFormat},
		{"empty salt", Encryption{Scheme: SEED15, Iterations: 2048, Salt: []byte{}}, ErrKeyFormat},
		{"short IV", Encryption{Scheme: PBES2SEED, Iterations: 2048, IV: make([]byte, 8)}, ErrKeyFormat},
		{"PBES1 with SHA-256", Encryption{Scheme: SEED15, Iterations: 2048, Hash: crypto.SHA256}, ErrKeyFormat},
		{"MD5", Encryption{Scheme: PBES2SEED, Iterations: 2048, Hash: crypto.MD5}, ErrKeyFormat},
	} {
		if _, err := EncryptKey(rand.Reader, &PrivateKey{Signer: sharedKey()}, []byte("p"), c.e); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.what, err, c.want)
		}
	}
	if _, err := EncryptKey(rand.Reader, &PrivateKey{}, []byte("p"), DefaultEncryption()); !errors.Is(err, ErrKeyFormat) {
		t.Errorf("no key: %v", err)
	}
	if _, err := EncryptKey(bytes.NewReader(nil), &PrivateKey{Signer: sharedKey()}, []byte("p"), DefaultEncryption()); err == nil {
		t.Error("no randomness: no error")
	}
	if _, err := (&PrivateKey{Signer: sharedKey(), R: make(R, 19)}).Marshal(); !errors.Is(err, ErrR) {
		t.Errorf("R of 19 bytes: %v", err)
	}
}

func TestParsePrivateKeyRefuses(t *testing.T) {
	t.Parallel()
	good, err := keyWithAll(t).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	oid := "060a2a831a8c9a440a010103"
	replace := func(old, with string) []byte {
		b := bytes.Replace(good, unhex(t, old), unhex(t, with), 1)
		if bytes.Equal(b, good) {
			t.Fatalf("%s is not in the good one", old)
		}
		return b
	}
	for what, der := range map[string][]byte{
		"nothing":          {},
		"trailing bytes":   append(bytes.Clone(good), 0),
		"version 2":        replace("020101300d0609", "020102300d0609"),
		"v1 without field": replace("020101300d0609", "020100300d0609"),
		"not RSA":          replace("06092a864886f70d010101", "06092a864886f70d010102"),
		"R no BIT STRING":  replace(oid+"31170315", oid+"31170415"),
		"R unused bits":    replace(oid+"3117031500", oid+"3117031501"),
		"R twice":          replace("060a2a831a8c9a440a01017f310404020102", oid+"310404020102"),
		"oversize":         make([]byte, MaxKeySize+1),
	} {
		if _, err := ParsePrivateKey(der); !errors.Is(err, ErrKeyFormat) {
			t.Errorf("%s: %v", what, err)
		}
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
