package npki

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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

// opensslCiphers are OpenSSL's names of what may stand in PBES2.
var opensslCiphers = map[Scheme]string{
	PBES2SEED: "seed-cbc", PBES2AES128: "aes-128-cbc", PBES2AES192: "aes-192-cbc", PBES2AES256: "aes-256-cbc",
	PBES2ARIA128: "aria-128-cbc", PBES2ARIA192: "aria-192-cbc", PBES2ARIA256: "aria-256-cbc", PBES2TripleDES: "des-ede3-cbc",
}

// TestWeReadOpenSSLsKeyFiles: every cipher with every pseudo-random function.
// OpenSSL may drop R: then it is put back, and kept when the key is written.
func TestWeReadOpenSSLsKeyFiles(t *testing.T) {
	t.Parallel()
	password := writePassword(t)
	whole := &PrivateKey{Signer: sharedKey(), R: sharedR()}
	plain, err := whole.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range pbes2Ciphers {
		for prf, hash := range map[string]crypto.Hash{
			"hmacWithSHA1": crypto.SHA1, "hmacWithSHA224": crypto.SHA224, "hmacWithSHA256": crypto.SHA256,
			"hmacWithSHA384": crypto.SHA384, "hmacWithSHA512": crypto.SHA512,
		} {
			want := Encryption{Scheme: c.scheme, Iterations: 1000 + int(hash), Hash: hash}
			file := openssl(t, plain, "pkcs8", "-topk8", "-inform", "DER", "-outform", "DER", "-passout", "file:"+password,
				"-provider", "legacy", "-provider", "default",
				"-v2", opensslCiphers[c.scheme], "-v2prf", prf, "-iter", strconv.Itoa(want.Iterations))
			k, e, err := DecryptKey(file, []byte(opensslPassword))
			if err != nil {
				t.Errorf("%s, %s: %v", c.name, prf, err)
				continue
			}
			if !k.Signer.Equal(sharedKey()) {
				t.Errorf("%s, %s: another key", c.name, prf)
			}
			if e = e.Fresh(); !cmp.Equal(want, e) {
				t.Errorf("%s, %s: %+v, want %+v", c.name, prf, e, want)
			}
			if k.R != nil && !bytes.Equal(k.R, sharedR()) {
				t.Errorf("%s, %s: another R", c.name, prf)
			}
			k.R = sharedR()
			if again, err := k.Marshal(); err != nil || !bytes.Equal(again, plain) {
				t.Errorf("%s, %s: with R it is not what it was (%v)", c.name, prf, err)
			}
			if _, _, err := DecryptKey(file, []byte("wrong")); !errors.Is(err, ErrWrongPassword) {
				t.Errorf("%s, %s with a wrong password: %v", c.name, prf, err)
			}
		}
	}
}

// TestWhatOpenSSLWritesByDefault is for those who name no function: PEM, too,
// and a password in Hangul of either encoding.
func TestWhatOpenSSLWritesByDefault(t *testing.T) {
	t.Parallel()
	plain, err := x509.MarshalPKCS8PrivateKey(sharedKey())
	if err != nil {
		t.Fatal(err)
	}
	const typed = "비밀번호 1!"
	for _, written := range PasswordForms([]byte(typed)) {
		path := filepath.Join(t.TempDir(), "password")
		if err := os.WriteFile(path, append(bytes.Clone(written), '\n'), 0o600); err != nil {
			t.Fatal(err)
		}
		file := openssl(t, plain, "pkcs8", "-topk8", "-inform", "DER", "-passout", "file:"+path)
		k, e, err := OpenKeyFile(file, []byte(typed))
		if err != nil || !k.Signer.Equal(sharedKey()) || e.Scheme != PBES2AES256 || e.Hash != crypto.SHA256 {
			t.Errorf("password of %d bytes: %+v, %v", len(written), e, err)
		}
	}
	for _, traditional := range []string{"-topk8", "-traditional"} {
		file := openssl(t, plain, "pkcs8", "-inform", "DER", "-nocrypt", traditional)
		if k, _, err := OpenKeyFile(file, nil); err != nil || !k.Signer.Equal(sharedKey()) {
			t.Errorf("%s: %v", traditional, err)
		}
	}
}
