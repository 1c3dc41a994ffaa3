package npki

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"testing"
)

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
