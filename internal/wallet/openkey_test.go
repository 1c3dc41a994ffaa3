package wallet_test

import (
	"bytes"
	"crypto/rand"
	"slices"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/wallet"
	"github.com/ingam-pki/ingam/internal/wallet/wallettest"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/npki/folder"
)

// TestWhyAKeyDoesNotOpen: each reason has a fault of its own.
func TestWhyAKeyDoesNotOpen(t *testing.T) {
	t.Parallel()
	w := world()
	cert, err := w.Certify(wallettest.Customer{Name: "홍길동", NotBefore: time.Date(2026, 10, 30, 15, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	good, err := npki.EncryptKey(rand.Reader, w.Key, []byte(wallettest.Password),
		npki.Encryption{Scheme: npki.PBES2ARIA256, Iterations: 65_536, Salt: make([]byte, 16)})
	if err != nil {
		t.Fatal(err)
	}
	changed := func(at int) []byte {
		b := bytes.Clone(good)
		b[at] ^= 1
		return b
	}
	// 10,000,001 takes a byte more than 65,536: the salt gives one of its own.
	costly := bytes.Replace(good,
		slices.Concat([]byte{4, 16}, make([]byte, 16), []byte{2, 3, 1, 0, 0}),
		slices.Concat([]byte{4, 15}, make([]byte, 15), []byte{2, 4, 0, 0x98, 0x96, 0x81}), 1)
	for _, c := range []struct {
		name, password string
		file           []byte
		want           string
	}{
		{"as it is", wallettest.Password, good, ""},
		{"wrong password", "wrong", good, "wrong-key-password"},
		{"damaged", wallettest.Password, changed(len(good) / 2), "key-damaged"},
		{"cut off", wallettest.Password, good[:len(good)-1], "key-damaged"},
		{"an unknown form", wallettest.Password, []byte{0x30, 0}, "key-damaged"},
		{"too many iterations", wallettest.Password, costly, "key-too-costly"},
	} {
		own := wallet.Certificate{Entry: folder.Entry{CertDER: cert.Raw, Certificate: cert, KeyDER: c.file}}
		key, err := own.OpenKey([]byte(c.password))
		if got := nameOfFault(err); got != c.want {
			t.Errorf("%s: %q, want %q (%v)", c.name, got, c.want, err)
		}
		if c.want == "" && (err != nil || !bytes.Equal(key.R, w.Key.R)) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
