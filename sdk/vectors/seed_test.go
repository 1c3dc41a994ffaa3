package vectors_test

import (
	"bytes"
	"crypto/cipher"
	"crypto/sha256"
	"testing"

	"github.com/ingam-pki/ingam/pki/kcrypto"
)

type seedBlock struct {
	Key    octets `json:"key"`
	Plain  octets `json:"plain"`
	Cipher octets `json:"cipher"`
}

type seedCBC struct {
	Name   string `json:"name"`
	Key    octets `json:"key"`
	IV     octets `json:"iv"`
	Plain  octets `json:"plain"`
	Cipher octets `json:"cipher"` // with PKCS#7 padding
}

type seedBad struct {
	Name   string `json:"name"`
	Key    octets `json:"key"`
	IV     octets `json:"iv"`
	Cipher octets `json:"cipher"`
}

type seedFile struct {
	Blocks []seedBlock `json:"blocks"`
	CBC    []seedCBC   `json:"cbc"`
	Bad    []seedBad   `json:"bad"` // decryption has to be refused
}

// filler gives n bytes that anybody can make again.
func filler(label string, n int) octets {
	out := octets{}
	for sum := sha256.Sum256([]byte(label)); len(out) < n; sum = sha256.Sum256(sum[:]) {
		out = append(out, sum[:]...)
	}
	return out[:n]
}

func TestSEED(t *testing.T) {
	t.Parallel()
	settle(t, "seed.json", func(seedFile) seedFile {
		f := seedFile{}
		for _, v := range []struct{ key, plain, cipher string }{ // RFC 4269 appendix B
			{"00000000000000000000000000000000", "000102030405060708090a0b0c0d0e0f", "5ebac6e0054e166819aff1cc6d346cdb"},
			{"000102030405060708090a0b0c0d0e0f", "00000000000000000000000000000000", "c11f22f20140505084483597e4370f43"},
			{"4706480851e61be85d74bfb3fd956185", "83a2f8a288641fb9a4e9a5cc2f131c7d", "ee54d13ebcae706d226bc3142cd40d4a"},
			{"28dbc3bc49ffd87dcfa509b11d422be7", "b41e6be2eba84a148e2eed84593c5ec7", "9b9b7bfcd1813cb95d0b3618f40f5122"},
		} {
			b := seedBlock{unhex(t, v.key), unhex(t, v.plain), unhex(t, v.cipher)}
			out := make([]byte, 16)
			seedCipher(t, b.Key).Encrypt(out, b.Plain)
			if !bytes.Equal(out, b.Cipher) {
				t.Fatalf("the RFC's block %x comes out as %x", b.Plain, out)
			}
			f.Blocks = append(f.Blocks, b)
		}
		key, iv := filler("seed key", 16), filler("seed iv", 16)
		for _, v := range []struct {
			name string
			size int
		}{{"empty", 0}, {"one byte", 1}, {"a byte short of a block", 15}, {"a block", 16}, {"a byte more than a block", 17}, {"seven blocks and a half", 120}} {
			plain := filler(v.name, v.size)
			f.CBC = append(f.CBC, seedCBC{v.name, key, iv, plain, encryptSEED(t, key, iv, padded(plain))})
		}
		for _, v := range []struct {
			name   string
			padded octets
		}{
			{"padding of 0", append(filler("bad", 15), 0)},
			{"padding of 17", append(filler("bad", 31), 17)},
			{"padding that is not all alike", append(filler("bad", 13), 2, 3, 3)},
		} {
			f.Bad = append(f.Bad, seedBad{v.name, key, iv, encryptSEED(t, key, iv, v.padded)})
		}
		f.Bad = append(f.Bad, seedBad{"no block", key, iv, octets{}}, seedBad{"not whole blocks", key, iv, filler("bad", 17)})
		return f
	})
}

func seedCipher(t testing.TB, key []byte) cipher.Block {
	t.Helper()
	return must(kcrypto.NewSEED(key))(t)
}

func encryptSEED(t testing.TB, key, iv, padded []byte) octets {
	t.Helper()
	out := make(octets, len(padded))
	cipher.NewCBCEncrypter(seedCipher(t, key), iv).CryptBlocks(out, padded)
	return out
}

func padded(b []byte) []byte {
	n := 16 - len(b)%16
	return append(bytes.Clone(b), bytes.Repeat([]byte{byte(n)}, n)...)
}
