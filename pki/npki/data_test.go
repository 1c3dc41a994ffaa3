package npki

import (
	"bytes"
	"crypto/rand"
	"errors"
	"testing"
)

func TestData(t *testing.T) {
	t.Parallel()
	plain, password := []byte("certificates, as a PFX has them"), []byte("data 1!")
	for _, e := range schemes() {
		algorithm, ciphertext, err := EncryptData(rand.Reader, plain, password, e)
		if err != nil {
			t.Fatal(err)
		}
		how, err := EncryptionOfAlgorithm(algorithm)
		if err != nil || how.Scheme != e.Scheme || how.Iterations != e.Iterations || how.hash() != e.hash() {
			t.Errorf("%s: %+v, %v", e.Scheme, how, err)
		}
		got, err := DecryptData(ciphertext, password, how)
		if err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%s: %q, %v", e.Scheme, got, err)
		}
		if got, err := DecryptData(ciphertext, []byte("data 2!"), how); err == nil && bytes.Equal(got, plain) {
			t.Errorf("%s: opens with a wrong password", e.Scheme)
		}
		for _, bad := range [][]byte{nil, ciphertext[1:], make([]byte, MaxDataSize+16)} {
			if _, err := DecryptData(bad, password, how); !errors.Is(err, ErrKeyFormat) {
				t.Errorf("%s: ciphertext of %d bytes: %v", e.Scheme, len(bad), err)
			}
		}
		if _, err := EncryptionOfAlgorithm(append(algorithm, 0)); !errors.Is(err, ErrKeyFormat) {
			t.Errorf("%s: a byte too many: %v", e.Scheme, err)
		}
	}
	if _, _, err := EncryptData(rand.Reader, plain, password, Encryption{Scheme: SEED15, Iterations: MinIterations - 1}); !errors.Is(err, ErrIterations) {
		t.Errorf("few iterations: %v", err)
	}
}
