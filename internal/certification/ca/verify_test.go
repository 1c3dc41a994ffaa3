package ca

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"math/big"
	"slices"
	"testing"
)

// TestVerifies holds verifies against crypto/rsa.
func TestVerifies(t *testing.T) {
	t.Parallel()
	for _, bits := range []int{2048, 2056} {
		key, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			t.Fatal(err)
		}
		hash := sha256.Sum256([]byte("to be signed"))
		sign := func(h crypto.Hash, digest []byte) []byte {
			s, err := rsa.SignPKCS1v15(nil, key, h, digest)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		good := sign(crypto.SHA256, hash[:])
		short := sha1.Sum([]byte("to be signed"))
		pss, err := rsa.SignPSS(rand.Reader, key, crypto.SHA256, hash[:], nil)
		if err != nil {
			t.Fatal(err)
		}
		flipped := slices.Clone(good)
		flipped[len(flipped)/2] ^= 0x10
		beyond := new(big.Int).Add(new(big.Int).SetBytes(good), key.N)
		for name, signature := range map[string][]byte{
			"good": good, "flipped": flipped, "cut": good[1:], "longer": append([]byte{0}, good...), "empty": nil,
			"zero": make([]byte, key.Size()), "one": append(make([]byte, key.Size()-1), 1),
			"plus modulus": beyond.Bytes(), "modulus": key.N.Bytes(), "PSS": pss,
			"bare hash": sign(0, hash[:]), "SHA-1": sign(crypto.SHA1, short[:]),
		} {
			want := rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, hash[:], signature) == nil
			if got := verifies(&key.PublicKey, hash, signature); got != want || got != (name == "good") {
				t.Errorf("%d bits, %s: %v, crypto/rsa says %v", bits, name, got, want)
			}
		}
		other := sha256.Sum256([]byte("something else"))
		if verifies(&key.PublicKey, other, good) {
			t.Errorf("%d bits: verifies over another text", bits)
		}
	}
}
