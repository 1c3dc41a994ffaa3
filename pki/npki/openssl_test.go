package npki

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
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
