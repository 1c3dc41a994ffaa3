package keys_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"github.com/ingam-pki/ingam/internal/keys"
)

// FuzzOpenColumn opens bytes as they are, and a true sealed column over which
// they are laid: each process of the fuzzer has a ring of its own, so a true
// one can't be a seed.
func FuzzOpenColumn(f *testing.F) {
	ring := keys.NewRing()
	good := seal(f, ring, "t", "c", "r", "plain")
	for _, seed := range [][]byte{nil, {1}, {0}, good, make([]byte, keys.Overhead), make([]byte, len(good)), make([]byte, len(good)+1)} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, sealed []byte, over bool) {
		if over { // the same length as the fuzzer's, each byte changed by its own
			base := append(bytes.Clone(good), make([]byte, max(0, len(sealed)-len(good)))...)[:len(sealed)]
			for i := range sealed {
				base[i] ^= sealed[i]
			}
			sealed = base
		}
		plain, err := ring.Open("t", "c", "r", sealed)
		if bytes.Equal(sealed, good) {
			if err != nil || string(plain) != "plain" {
				t.Errorf("the true one: %q, %v", plain, err)
			}
			return
		}
		if !errors.Is(err, keys.ErrSealed) && !errors.Is(err, keys.ErrUnknownKey) {
			t.Errorf("opened %x as %q, %v", sealed, plain, err)
		}
	})
}

func FuzzOpenRing(f *testing.F) {
	good, err := keys.SealRing(keys.NewRing(), pass, cheap...)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{
		good, good[:40], bytes.Replace(good, []byte(`"passes": 3`), []byte(`"passes": 99999`), 1),
		bytes.Replace(good, []byte(`"memoryKiB": 64`), []byte(`"memoryKiB": 4294967295`), 1), []byte(`{}`), []byte(`null`), nil,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		var cost struct {
			KDF struct{ Passes, MemoryKiB uint64 }
		}
		if json.Unmarshal(content, &cost) == nil && cost.KDF.Passes <= 16 && cost.KDF.MemoryKiB > 1024 && cost.KDF.MemoryKiB <= 1<<20 {
			t.Skip() // allowed, but too slow to try often
		}
		ring, err := keys.OpenRing(content, pass)
		if (err == nil) != (ring != nil) {
			t.Errorf("ring %v with error %v", ring, err)
		}
		if err == nil && len(ring.Keys()) == 0 {
			t.Error("a ring without keys")
		}
	})
}

func FuzzOpenSigner(f *testing.F) {
	good, err := keys.SealSigner(rsaKey(), pass, keys.Iterations(1))
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{good, good[:100], nil, []byte("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if len(content) > 4096 {
			t.Skip()
		}
		key, err := keys.OpenSigner(content, pass)
		if (err == nil) != (key != nil) {
			t.Errorf("key with error %v", err)
		}
		if err == nil && key.Validate() != nil {
			t.Error("a key that is none came out")
		}
	})
}
