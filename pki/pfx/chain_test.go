package pfx

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/ingam-pki/ingam/pki/npki"
)

// TestAnyChainOfForms takes a key through any forms that are written, one
// after the other: at the end it is the same to the last byte, R and unknown
// attributes with it.
func TestAnyChainOfForms(t *testing.T) {
	t.Parallel()
	id := person(t)
	id.Chain = nil
	id.Key.Attributes = [][]byte{{0x30, 0x0a, 6, 3, 0x55, 4, 3, 0x31, 3, 2, 1, 1}}
	first, err := id.Key.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	schemes := []npki.Scheme{
		npki.SEED15, npki.SEED4, npki.PBES2SEED, npki.PBES2AES128, npki.PBES2AES192, npki.PBES2AES256,
		npki.PBES2ARIA128, npki.PBES2ARIA192, npki.PBES2ARIA256,
	}
	step := rapid.Custom(func(t *rapid.T) npki.Encryption {
		e := npki.Encryption{Scheme: rapid.SampledFrom(schemes).Draw(t, "scheme"), Iterations: rapid.IntRange(npki.MinIterations, 3000).Draw(t, "iterations")}
		if e.Scheme != npki.SEED15 && e.Scheme != npki.SEED4 {
			e.Hash = rapid.SampledFrom([]crypto.Hash{0, crypto.SHA1, crypto.SHA224, crypto.SHA256, crypto.SHA384, crypto.SHA512}).Draw(t, "hash")
		}
		return e
	})
	rapid.Check(t, func(t *rapid.T) {
		key := id.Key
		for i, e := range rapid.SliceOfN(step, 1, 6).Draw(t, "forms") {
			password := fmt.Appendf(nil, "password %d!", i)
			if rapid.Bool().Draw(t, "through a PFX") {
				file, err := Encode(rand.Reader, Identity{Key: key, Certificate: id.Certificate}, password, Options{Compatible: true})
				if err != nil {
					t.Fatal(err)
				}
				got, err := Decode(file, password)
				if err != nil || len(got) != 1 || !bytes.Equal(got[0].Certificate, id.Certificate) {
					t.Fatalf("PFX: %d identities, %v", len(got), err)
				}
				key = got[0].Key
			}
			file, err := npki.EncryptKey(rand.Reader, key, password, e)
			if err != nil {
				t.Fatal(err)
			}
			if key, _, err = npki.DecryptKey(file, password); err != nil {
				t.Fatalf("%s: %v", e.Scheme, err)
			}
		}
		last, err := key.Marshal()
		if err != nil || !bytes.Equal(first, last) {
			t.Fatalf("the key changed on its way (%v)", err)
		}
	})
}
