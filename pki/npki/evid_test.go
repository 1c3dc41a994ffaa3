package npki

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// kmCertificate is a key-management certificate for sharedKey, whose issuer
// is written as the field writes names.
var kmCertificate = sync.OnceValue(func() *x509.Certificate {
	subject, err := sampleName().Marshal()
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(0x3fee95), RawSubject: subject, KeyUsage: x509.KeyUsageKeyEncipherment}
	der, err := x509.CreateCertificate(rand.Reader, template, template, sharedKey().Public(), sharedKey())
	if err != nil {
		panic(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return cert
})

func TestEncryptedVIDRoundTrip(t *testing.T) {
	t.Parallel()
	r := sharedR()
	der, err := EncryptVID(rand.Reader, kmCertificate(), r)
	if err != nil {
		t.Fatal(err)
	}
	e, err := ParseEncryptedVID(der)
	if err != nil {
		t.Fatal(err)
	}
	if e.HashAlg != crypto.SHA256 || e.Issuer.String() != sampleName().String() ||
		!bytes.Equal(e.RawIssuer, kmCertificate().RawIssuer) || e.Serial.Cmp(kmCertificate().SerialNumber) != 0 {
		t.Errorf("parsed as %v %s %d", e.HashAlg, e.Issuer, e.Serial)
	}
	if !e.IsFor(kmCertificate()) {
		t.Error("not for the certificate it was made for")
	}
	stranger := *kmCertificate()
	stranger.SerialNumber = big.NewInt(1)
	if e.IsFor(&stranger) || (EncryptedVID{}).IsFor(kmCertificate()) {
		t.Error("for a stranger's certificate")
	}
	got, err := e.Open(sharedKey())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, r) {
		t.Error("another R comes out")
	}
}

func TestEncryptedVIDLayout(t *testing.T) {
	t.Parallel()
	der, err := EncryptVID(rand.Reader, kmCertificate(), sharedR())
	if err != nil {
		t.Fatal(err)
	}
	// version [0] 0, hash [1] with NULL, RSA [2] with NULL, all EXPLICIT.
	want := unhex(t, "a003020100"+"a10f"+"300d06096086480165030402010500"+"a20f"+"300d06092a864886f70d0101010500"+"a3")
	if !bytes.Equal(der[4:4+len(want)], want) {
		t.Errorf("EncryptedVID begins %x, want %x", der[4:4+len(want)], want)
	}
	e, err := ParseEncryptedVID(der)
	if err != nil {
		t.Fatal(err)
	}
	plain := rsaDecrypt(t, e.Ciphertext)
	vid, err := NewVID(crypto.SHA256, "1234561234567", sharedR())
	if err != nil {
		t.Fatal(err)
	}
	content := unhex(t, "304a"+"3031"+"300d06096086480165030402010500"+"a0220420")
	content = append(content, vid.Value...)
	content = append(append(content, 3, 21, 0), sharedR()...)
	content[1] = byte(len(content) - 2)
	content[3] = byte(2 + 13 + 2 + 2 + 32)
	if !bytes.Equal(plain, content) {
		t.Errorf("EncryptContent = %x\nwant             %x", plain, content)
	}
}

// rsaDecrypt lets OpenSSL open a ciphertext to sharedKey.
func rsaDecrypt(t *testing.T, ciphertext []byte) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key.pem")
	if err := os.WriteFile(path, pemBlock("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(sharedKey())), 0o600); err != nil {
		t.Fatal(err)
	}
	return openssl(t, ciphertext, "pkeyutl", "-decrypt", "-inkey", path, "-pkeyopt", "rsa_padding_mode:pkcs1")
}

// encrypted puts any content into an EncryptedVID of sharedKey.
func encrypted(t *testing.T, content []byte, hash crypto.Hash) EncryptedVID {
	t.Helper()
	c, err := rsa.EncryptPKCS1v15(rand.Reader, &sharedKey().PublicKey, content) //nolint:staticcheck // the format's padding
	if err != nil {
		t.Fatal(err)
	}
	return EncryptedVID{HashAlg: hash, Ciphertext: c}
}

func TestEncryptedVIDTakesOtherHashesAndForms(t *testing.T) {
	t.Parallel()
	for _, hash := range []crypto.Hash{crypto.SHA1, crypto.SHA256, crypto.SHA512} {
		for _, null := range []bool{true, false} {
			vid, err := NewVID(hash, checkIDN, sharedR())
			if err != nil {
				t.Fatal(err)
			}
			content, err := encryptContent(vid, sharedR(), null)
			if err != nil {
				t.Fatal(err)
			}
			r, err := encrypted(t, content, hash).Open(sharedKey())
			if err != nil || !bytes.Equal(r, sharedR()) {
				t.Errorf("%v, NULL %v: %v", hash, null, err)
			}
			r, err = encrypted(t, content, 0).Open(sharedKey())
			if told := hash == crypto.SHA512; told != errors.Is(err, ErrEncryptedVID) || !told && !bytes.Equal(r, sharedR()) {
				t.Errorf("%v, NULL %v, hash not told: %v", hash, null, err)
			}
		}
	}
}

func TestEncryptedVIDOpensWithOneError(t *testing.T) {
	t.Parallel()
	vid, err := NewVID(crypto.SHA256, checkIDN, sharedR())
	if err != nil {
		t.Fatal(err)
	}
	content, err := encryptContent(vid, sharedR(), true)
	if err != nil {
		t.Fatal(err)
	}
	good := encrypted(t, content, crypto.SHA256)
	broken := good
	broken.Ciphertext = bytes.Clone(good.Ciphertext)
	broken.Ciphertext[100] ^= 1
	short := good
	short.Ciphertext = good.Ciphertext[1:]
	var shortR cryptobyte.Builder
	shortR.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		vid.add(b, true)
		b.AddASN1BitString(sharedR()[1:])
	})
	for what, e := range map[string]EncryptedVID{
		"broken padding":  broken,
		"short":           short,
		"empty":           {HashAlg: crypto.SHA256},
		"other content":   encrypted(t, []byte("hello"), crypto.SHA256),
		"short R":         encrypted(t, shortR.BytesOrPanic(), crypto.SHA256),
		"same size, junk": encrypted(t, make([]byte, len(content)), crypto.SHA256),
		"other hash":      encrypted(t, content, crypto.SHA1),
		"unknown hash":    encrypted(t, content, crypto.MD5),
	} {
		// The very same error, not one that wraps it and says more.
		if r, err := e.Open(sharedKey()); err != ErrEncryptedVID || r != nil { //nolint:errorlint // identity is the point
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestParseEncryptedVIDRefuses(t *testing.T) {
	t.Parallel()
	good, err := EncryptVID(rand.Reader, kmCertificate(), sharedR())
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
	for what, der := range map[string][]byte{
		"nothing":        {},
		"trailing bytes": append(bytes.Clone(good), 0),
		"cut off":        good[:len(good)-1],
		"version 1":      replace("a003020100", "a003020101"),
		"MD5-like hash":  replace("608648016503040201", "608648016503040209"),
		"other cipher":   replace("2a864886f70d010101", "2a864886f70d010107"),
		"parameters":     replace("2a864886f70d0101010500", "2a864886f70d0101010400"),
		"issuer no name": replace("060355040613026b72", "060355040602026b72"),
		"oversize":       make([]byte, MaxEncryptedVIDSize+1),
	} {
		if _, err := ParseEncryptedVID(der); !errors.Is(err, ErrEncryptedVID) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestEncryptVIDRefusesAnotherSizeOfR(t *testing.T) {
	t.Parallel()
	if _, err := EncryptVID(rand.Reader, kmCertificate(), sharedR()[1:]); !errors.Is(err, ErrR) {
		t.Errorf("EncryptVID = %v", err)
	}
}
