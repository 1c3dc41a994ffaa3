package npki

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/unicode/norm"
)

// sealed encrypts a key in any form, also in those that EncryptKey refuses.
func sealed(t testing.TB, k *PrivateKey, password []byte, e Encryption) []byte {
	t.Helper()
	plain, err := k.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if e, err = e.drawn(rand.Reader); err != nil {
		t.Fatal(err)
	}
	ciphertext, err := e.encrypt(password, pad(plain, e.blockSize()))
	if err != nil {
		t.Fatal(err)
	}
	return wrapped(e, ciphertext)
}

func wrapped(e Encryption, ciphertext []byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		e.addAlgorithm(b)
		b.AddASN1OctetString(ciphertext)
	})
	return b.BytesOrPanic()
}

// readOnly are the forms that are read and not written.
func readOnly() []Encryption {
	return []Encryption{
		{Scheme: SEED11, Iterations: 2048},
		{Scheme: PBES2TripleDES, Iterations: 2048, Hash: crypto.SHA1},
	}
}

func TestReadOnlyForms(t *testing.T) {
	t.Parallel()
	k := keyWithAll(t)
	for _, e := range readOnly() {
		got, how, err := DecryptKey(sealed(t, k, []byte("p"), e), []byte("p"))
		if err != nil {
			t.Fatalf("%s: %v", e.Scheme, err)
		}
		if !got.Signer.Equal(k.Signer) || !bytes.Equal(got.R, k.R) || len(got.Attributes) != len(k.Attributes) {
			t.Errorf("%s: something is lost", e.Scheme)
		}
		if how.Scheme != e.Scheme || how.Iterations != e.Iterations || how.Hash != e.Hash || !how.Legacy() {
			t.Errorf("%s: read as %+v", e.Scheme, how)
		}
		if _, err := EncryptKey(rand.Reader, got, []byte("p"), how.Fresh()); !errors.Is(err, ErrKeyFormat) {
			t.Errorf("%s: written: %v", e.Scheme, err)
		}
		if _, err := EncryptKey(rand.Reader, got, []byte("p"), DefaultEncryption()); err != nil {
			t.Errorf("%s: not written in another form: %v", e.Scheme, err)
		}
	}
}

func TestDerivationWithHAS160(t *testing.T) {
	t.Parallel()
	// Made with rhash, one call for each iteration.
	e := Encryption{Scheme: SEED11, Iterations: 1024, Salt: unhex(t, "c8ea2fa25023c285")}
	key, iv, err := e.derive([]byte(fieldPassword))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(key, unhex(t, "7f9e197bbb7d9af4c7ed9d7a65745b06")) || !bytes.Equal(iv, unhex(t, "975fcf51f4f3e5552ef8a5e97be371e6")) {
		t.Errorf("key %x, IV %x", key, iv)
	}
}

func TestPasswordForms(t *testing.T) {
	t.Parallel()
	cp949 := func(s string) string {
		b, err := korean.EUCKR.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, c := range []struct {
		typed string
		want  []string
	}{
		{"", []string{""}},
		{"abc 123!", []string{"abc 123!"}},
		{"비밀번호 1!", []string{"비밀번호 1!", cp949("비밀번호 1!")}},
		{"똠방각하", []string{"똠방각하", "\x8cc\xb9\xe6\xb0\xa2\xc7\xcf"}}, // in CP949 and not in EUC-KR
		{norm.NFD.String("암호"), []string{norm.NFD.String("암호"), "암호", cp949("암호")}},
		{cp949("비밀번호 1!"), []string{cp949("비밀번호 1!"), "비밀번호 1!"}},
		{"😀 1!", []string{"😀 1!"}}, // not in CP949
		{"\xff\xfe", []string{"\xff\xfe"}},
	} {
		var got []string
		for _, f := range PasswordForms([]byte(c.typed)) {
			got = append(got, string(f))
		}
		if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", c.want) {
			t.Errorf("%q: %q, want %q", c.typed, got, c.want)
		}
	}
}

func TestKeysUnderHangulPasswords(t *testing.T) {
	t.Parallel()
	const typed = "비밀번호 열자리 1!"
	old, err := korean.EUCKR.NewEncoder().String(typed)
	if err != nil {
		t.Fatal(err)
	}
	k := keyWithAll(t)
	for _, e := range []Encryption{{Scheme: SEED15, Iterations: 1024}, {Scheme: PBES2ARIA256, Iterations: 1024}} {
		for _, written := range []string{typed, old} {
			file := sealed(t, k, []byte(written), e)
			for _, given := range []string{typed, old, norm.NFD.String(typed)} {
				if got, _, err := DecryptKey(file, []byte(given)); err != nil || !bytes.Equal(got.R, k.R) {
					t.Errorf("%s: written under %q, opened with %q: %v", e.Scheme, written, given, err)
				}
			}
			if _, _, err := DecryptKey(file, []byte("비밀번호 열자리 2!")); !errors.Is(err, ErrWrongPassword) {
				t.Errorf("%s: wrong password: %v", e.Scheme, err)
			}
		}
	}
}

// TestDamagedKeyFiles changes a bit in each block of the ciphertext: a file
// that was changed must not be called a wrong password, nor give another key.
func TestDamagedKeyFiles(t *testing.T) {
	t.Parallel()
	for _, e := range append(schemes()[:1:1], Encryption{Scheme: PBES2AES256, Iterations: 1}, Encryption{Scheme: PBES2TripleDES, Iterations: 1}) {
		k := &PrivateKey{Signer: sharedKey(), R: sharedR()}
		file := sealed(t, k, []byte("p"), e)
		how, ciphertext, err := readEncrypted(file)
		if err != nil {
			t.Fatal(err)
		}
		size := how.blockSize()
		damaged := 0
		for at := 0; at < len(ciphertext); at += size {
			bad := bytes.Clone(ciphertext)
			bad[at+at/size%size] ^= 0x10
			got, _, err := DecryptKey(wrapped(how, bad), []byte("p"))
			switch {
			case errors.Is(err, ErrDamaged) && !errors.Is(err, ErrWrongPassword):
				damaged++
			case err != nil:
				t.Errorf("%s, byte %d: %v", e.Scheme, at, err)
			case !got.Signer.Equal(k.Signer):
				t.Errorf("%s, byte %d: another key", e.Scheme, at)
			}
		}
		// Where R stands, and the numbers that follow from others, damage can't be seen.
		if blocks := len(ciphertext) / size; damaged < blocks/2 {
			t.Errorf("%s: damage to %d of %d blocks is seen", e.Scheme, damaged, blocks)
		}
		if _, _, err := DecryptKey(wrapped(how, ciphertext[:len(ciphertext)-4*size]), []byte("p")); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s, blocks cut off: %v", e.Scheme, err)
		}
		if _, _, err := DecryptKey(file[:len(file)-1], []byte("p")); !errors.Is(err, ErrKeyFormat) || errors.Is(err, ErrDamaged) {
			t.Errorf("%s, a byte cut off: %v", e.Scheme, err)
		}
	}
}

func TestThreeErrorsForThreeThings(t *testing.T) {
	t.Parallel()
	all := []error{ErrWrongPassword, ErrDamaged, ErrIterations}
	for i, a := range all {
		for j, b := range all {
			if errors.Is(a, b) != (i == j) {
				t.Errorf("%v is %v", a, b)
			}
		}
	}
	for _, e := range append(schemes(), readOnly()...) {
		e.Iterations = 1 << 20
		e, err := e.drawn(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		e.Iterations = MaxIterations + 1
		file := wrapped(e, make([]byte, 64))
		if _, _, err := DecryptKey(file, []byte("p")); !errors.Is(err, ErrIterations) {
			t.Errorf("%s with too many iterations: %v", e.Scheme, err)
		}
	}
}

func TestOpenKeyFile(t *testing.T) {
	t.Parallel()
	k := keyWithAll(t)
	pkcs8, err := k.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	pkcs1 := x509.MarshalPKCS1PrivateKey(sharedKey())
	encrypted := sealed(t, k, []byte("p"), DefaultEncryption())
	old := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Headers: map[string]string{"DEK-Info": "DES-EDE3-CBC,00"}, Bytes: pkcs1})
	certificate := pemBlock("CERTIFICATE", []byte{0x30, 0})
	for _, c := range []struct {
		name string
		file []byte
		want Scheme
		r    bool
		err  error
	}{
		{"encrypted", encrypted, SEED15, true, nil},
		{"encrypted, PEM", pemBlock("ENCRYPTED PRIVATE KEY", encrypted), SEED15, true, nil},
		{"PEM of a Windows editor", append([]byte("\xef\xbb\xbf"), pemBlock("ENCRYPTED PRIVATE KEY", encrypted)...), SEED15, true, nil},
		{"PKCS#8", pkcs8, Unencrypted, true, nil},
		{"PKCS#8, PEM behind a certificate", append(certificate, pemBlock("PRIVATE KEY", pkcs8)...), Unencrypted, true, nil},
		{"PKCS#1", pkcs1, Unencrypted, false, nil},
		{"PKCS#1, PEM", pemBlock("RSA PRIVATE KEY", pkcs1), Unencrypted, false, nil},
		{"nothing", nil, 0, false, ErrKeyFormat},
		{"text", []byte("a key"), 0, false, ErrKeyFormat},
		{"a certificate", certificate, 0, false, ErrKeyFormat},
		{"PEM of old OpenSSL", old, 0, false, ErrKeyFormat},
		{"PEM of nothing", pemBlock("PRIVATE KEY", nil), 0, false, ErrKeyFormat},
		{"PKCS#1 with a tail", append(bytes.Clone(pkcs1), 0), 0, false, ErrKeyFormat},
		{"oversize", append([]byte{0x30}, make([]byte, maxPEMSize)...), 0, false, ErrKeyFormat},
		{"wrong password", sealed(t, k, []byte("q"), DefaultEncryption()), 0, false, ErrWrongPassword},
	} {
		before := bytes.Clone(c.file)
		got, how, err := OpenKeyFile(c.file, []byte("p"))
		if !errors.Is(err, c.err) || how.Scheme != c.want {
			t.Errorf("%s: %s, %v", c.name, how.Scheme, err)
			continue
		}
		if err == nil && (!got.Signer.Equal(k.Signer) || (len(got.R) == RSize) != c.r) {
			t.Errorf("%s: another key, or R: %v", c.name, len(got.R))
		}
		if !bytes.Equal(before, c.file) {
			t.Errorf("%s: the file was changed in memory", c.name)
		}
	}
	if (Encryption{Scheme: Unencrypted}).Legacy() != true {
		t.Error("a key in clear is not legacy")
	}
	if _, err := EncryptKey(rand.Reader, k, nil, Encryption{Scheme: Unencrypted, Iterations: 2048}); !errors.Is(err, ErrKeyFormat) {
		t.Errorf("a key in clear is written: %v", err)
	}
	if _, err := DecryptData(make([]byte, 16), nil, Encryption{Scheme: Unencrypted}); !errors.Is(err, ErrKeyFormat) {
		t.Errorf("data in clear is opened: %v", err)
	}
	if _, err := DecryptData(make([]byte, 16), nil, Encryption{Scheme: PBES2SEED, Hash: crypto.MD5, IV: make([]byte, 16)}); !errors.Is(err, ErrKeyFormat) {
		t.Errorf("with MD5: %v", err)
	}
}

// FuzzOpenKeyFile feeds files in clear, PEM among them; encrypted ones are
// FuzzDecryptKey's.
func FuzzOpenKeyFile(f *testing.F) {
	f.Add([]byte("-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"))
	f.Add([]byte("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMAA=\n-----END RSA PRIVATE KEY-----\n"))
	f.Add(unhex(f, "3006020100020111"))
	f.Add(unhex(f, "301a020101300d06092a864886f70d010101050004023000"+"81020001"))
	f.Fuzz(func(t *testing.T, file []byte) {
		der, _, err := keyDER(file)
		if err == nil && !startsWithNumber(der) {
			return
		}
		before := bytes.Clone(file)
		k, how, err := OpenKeyFile(file, nil)
		if err != nil && !errors.Is(err, ErrKeyFormat) {
			t.Fatalf("error is %v", err)
		}
		if err == nil && (k.Signer == nil || how.Scheme != Unencrypted) {
			t.Fatal("opened without a key")
		}
		if !bytes.Equal(before, file) {
			t.Fatal("the file was changed in memory")
		}
	})
}

func FuzzPasswordForms(f *testing.F) {
	for _, s := range []string{"abc", "암호 1!", "\xbe\xcf\xc8\xa3", norm.NFD.String("똠"), "\xff", "é😀"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, password []byte) {
		forms := PasswordForms(password)
		if len(forms) == 0 || len(forms) > 3 || !bytes.Equal(forms[0], password) {
			t.Fatalf("%d forms", len(forms))
		}
		for i, form := range forms {
			for _, other := range forms[:i] {
				if bytes.Equal(form, other) {
					t.Fatalf("%q twice", form)
				}
			}
			if len(form) > 3*len(password) {
				t.Fatalf("%q becomes %q", password, form)
			}
		}
	})
}
