package kcrypto

import (
	"bytes"
	"crypto/cipher"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"testing"
)

func TestSEEDKnownAnswers(t *testing.T) {
	t.Parallel()
	// RFC 4269 appendix B, B.1 to B.4, written out again so that a slip in
	// the self-test's copy would show.
	for i, v := range []struct{ key, plain, cipher string }{
		{"00000000000000000000000000000000", "000102030405060708090A0B0C0D0E0F", "5EBAC6E0054E166819AFF1CC6D346CDB"},
		{"000102030405060708090A0B0C0D0E0F", "00000000000000000000000000000000", "C11F22F20140505084483597E4370F43"},
		{"4706480851E61BE85D74BFB3FD956185", "83A2F8A288641FB9A4E9A5CC2F131C7D", "EE54D13EBCAE706D226BC3142CD40D4A"},
		{"28DBC3BC49FFD87DCFA509B11D422BE7", "B41E6BE2EBA84A148E2EED84593C5EC7", "9B9B7BFCD1813CB95D0B3618F40F5122"},
	} {
		t.Run(fmt.Sprintf("B.%d", i+1), func(t *testing.T) {
			key, plain, want := unhex(t, v.key), unhex(t, v.plain), unhex(t, v.cipher)
			b, err := NewSEED(key)
			if err != nil {
				t.Fatal(err)
			}
			got := make([]byte, 16)
			b.Encrypt(got, plain)
			if !bytes.Equal(got, want) {
				t.Errorf("Encrypt = %X, want %X", got, want)
			}
			b.Decrypt(got, got)
			if !bytes.Equal(got, plain) {
				t.Errorf("Decrypt = %X, want %X", got, plain)
			}
		})
	}
}

func TestSelfTestFindsABrokenTable(t *testing.T) {
	t.Parallel()
	for box := range 4 {
		for x := range 256 {
			broken := seedTables
			broken[box][x] ^= 1 << (x % 32)
			if err := checkSEED(&broken); err == nil {
				t.Errorf("a broken entry %d of table %d goes unseen", x, box)
			} else if !errors.Is(err, ErrSelfTest) {
				t.Fatalf("checkSEED = %v", err)
			}
		}
	}
}

func TestSBoxesFollowTheirDefinition(t *testing.T) {
	t.Parallel()
	mul := func(a, b int) (r int) {
		for ; b > 0; b >>= 1 {
			if b&1 == 1 {
				r ^= a
			}
			if a <<= 1; a&0x100 != 0 {
				a ^= 0x163
			}
		}
		return r
	}
	for _, c := range []struct {
		box      *[256]byte
		exponent int
	}{{&seedS0, 247}, {&seedS1, 251}} {
		// With the constant taken off, the box must be linear in the power.
		linear := func(x int) byte { return c.box[x] ^ c.box[0] }
		at := make(map[int]byte)
		for x := range 256 {
			p := 1
			for range c.exponent {
				p = mul(p, x)
			}
			at[p] = linear(x)
		}
		if len(at) != 256 {
			t.Fatalf("x^%d is not a permutation", c.exponent)
		}
		for p := range 256 {
			var sum byte
			for b := range 8 {
				if p>>b&1 == 1 {
					sum ^= at[1<<b]
				}
			}
			if sum != at[p] {
				t.Fatalf("x^%d: image of %#x is %#x, want %#x", c.exponent, p, at[p], sum)
			}
		}
	}
}

func TestSEEDRefusesKeysOfOtherSizes(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 15, 17, 32} {
		_, err := NewSEED(make([]byte, n))
		var size KeySizeError
		if !errors.As(err, &size) || int(size) != n {
			t.Errorf("NewSEED of %d bytes = %v", n, err)
		}
	}
}

func TestSEEDPanicsOnShortBlocks(t *testing.T) {
	t.Parallel()
	b, err := NewSEED(make([]byte, 16))
	if err != nil {
		t.Fatal(err)
	}
	for name, call := range map[string]func(){
		"short input":  func() { b.Encrypt(make([]byte, 16), make([]byte, 15)) },
		"short output": func() { b.Decrypt(make([]byte, 15), make([]byte, 16)) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			call()
		}()
	}
}

// TestSEEDAgreesWithOpenSSL compares with another implementation on random
// keys and texts of many lengths. Fixed seed: the same input on each run.
func TestSEEDAgreesWithOpenSSL(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Fatal("openssl is missing; make deps installs it")
	}
	rnd := rand.NewChaCha8([32]byte{'S', 'E', 'E', 'D'})
	for i := range 12 {
		key, iv, plain := make([]byte, 16), make([]byte, 16), make([]byte, 16*(1+i*i*37))
		for _, b := range [][]byte{key, iv, plain} {
			_, _ = rnd.Read(b)
		}
		cmd := exec.Command("openssl", "enc", "-seed-cbc", "-provider", "legacy", "-provider", "default",
			"-nopad", "-K", hex.EncodeToString(key), "-iv", hex.EncodeToString(iv))
		cmd.Stdin = bytes.NewReader(plain)
		want, err := cmd.Output()
		if err != nil {
			t.Fatalf("openssl enc: %v", err)
		}
		b, err := NewSEED(key)
		if err != nil {
			t.Fatal(err)
		}
		got := bytes.Clone(plain)
		cipher.NewCBCEncrypter(b, iv).CryptBlocks(got, got)
		if !bytes.Equal(got, want) {
			t.Fatalf("%d bytes: ciphertexts differ", len(plain))
		}
		cipher.NewCBCDecrypter(b, iv).CryptBlocks(got, got)
		if !bytes.Equal(got, plain) {
			t.Fatalf("%d bytes: does not decrypt to what it was", len(plain))
		}
	}
}

func FuzzSEED(f *testing.F) {
	f.Add(make([]byte, 32))
	f.Add(bytes.Repeat([]byte{0xff}, 32))
	f.Fuzz(func(t *testing.T, in []byte) {
		if len(in) != 32 {
			return
		}
		b, err := NewSEED(in[:16])
		if err != nil {
			t.Fatal(err)
		}
		out := make([]byte, 16)
		b.Encrypt(out, in[16:])
		b.Decrypt(out, out)
		if !bytes.Equal(out, in[16:]) {
			t.Fatalf("%x does not come back", in)
		}
	})
}

func BenchmarkSEED(b *testing.B) {
	c, err := NewSEED([]byte("0123456789abcdef"))
	if err != nil {
		b.Fatal(err)
	}
	buf := make([]byte, 1<<16)
	iv := make([]byte, 16)
	b.Run("CBC encrypt", func(b *testing.B) {
		b.SetBytes(int64(len(buf)))
		m := cipher.NewCBCEncrypter(c, iv)
		for b.Loop() {
			m.CryptBlocks(buf, buf)
		}
	})
	b.Run("CBC decrypt", func(b *testing.B) {
		b.SetBytes(int64(len(buf)))
		m := cipher.NewCBCDecrypter(c, iv)
		for b.Loop() {
			m.CryptBlocks(buf, buf)
		}
	})
	b.Run("key schedule", func(b *testing.B) {
		key := make([]byte, 16)
		for b.Loop() {
			if _, err := NewSEED(key); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
