package kcrypto

import (
	"bytes"
	"crypto/cipher"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
)

func TestARIAKnownAnswers(t *testing.T) {
	t.Parallel()
	// RFC 5794 appendix A, written out again so that a slip in the self-test's
	// copy would show.
	for _, v := range []struct{ key, cipher string }{
		{"000102030405060708090a0b0c0d0e0f", "d718fbd6ab644c739da95f3be6451778"},
		{"000102030405060708090a0b0c0d0e0f1011121314151617", "26449c1805dbe7aa25a468ce263a9e79"},
		{"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "f92bd7c79fb72e2f2b8f80c1972d24fc"},
	} {
		plain, want := unhex(t, "00112233445566778899aabbccddeeff"), unhex(t, v.cipher)
		b, err := NewARIA(unhex(t, v.key))
		if err != nil {
			t.Fatal(err)
		}
		got := make([]byte, 16)
		b.Encrypt(got, plain)
		if !bytes.Equal(got, want) {
			t.Errorf("key of %d: Encrypt = %x, want %x", len(v.key)/2, got, want)
		}
		b.Decrypt(got, got)
		if !bytes.Equal(got, plain) {
			t.Errorf("key of %d: Decrypt = %x, want %x", len(v.key)/2, got, plain)
		}
	}
}

func TestARIASelfTestFindsABrokenTable(t *testing.T) {
	t.Parallel()
	for box := range 4 {
		for x := range 256 {
			broken := ariaTables
			broken[box][x] ^= 1 << (x % 32)
			if err := checkARIA(&broken); !errors.Is(err, ErrSelfTest) {
				t.Errorf("a broken entry %d of table %d: %v", x, box, err)
			}
		}
	}
}

func TestARIASBoxesFollowTheirDefinition(t *testing.T) {
	t.Parallel()
	mul := func(a, b int) (r int) {
		for ; b > 0; b >>= 1 {
			if b&1 == 1 {
				r ^= a
			}
			if a <<= 1; a&0x100 != 0 {
				a ^= 0x11b
			}
		}
		return r
	}
	for _, c := range []struct {
		box      *[256]byte
		exponent int
	}{{&ariaS1, 254}, {&ariaS2, 247}} {
		at := make(map[int]byte) // the power: the box without its constant
		for x := range 256 {
			p := 1
			for range c.exponent {
				p = mul(p, x)
			}
			at[p] = c.box[x] ^ c.box[0]
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

func TestDiffusionIsItsOwnInverse(t *testing.T) {
	t.Parallel()
	// RFC 5794 section 2.4.3: x0 goes into y3, y4, y6, y8, y9, y13 and y14.
	if got, want := diffuse(words{0xa5000000}), (words{0x000000a5, 0xa500a500, 0xa5a50000, 0x00a5a500}); got != want {
		t.Errorf("the first byte goes to %08x, want %08x", got, want)
	}
	for i := range 128 {
		var x words
		x[i/32] = 1 << (i % 32)
		y := diffuse(x)
		ones := 0
		for _, w := range y {
			for ; w > 0; w &= w - 1 {
				ones++
			}
		}
		if ones != 7 {
			t.Errorf("bit %d goes to %d places, want 7", i, ones)
		}
		if diffuse(y) != x {
			t.Errorf("bit %d does not come back", i)
		}
	}
}

func TestARIARefusesKeysOfOtherSizes(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 8, 15, 17, 20, 31, 33, 64} {
		_, err := NewARIA(make([]byte, n))
		var size KeySizeError
		if !errors.As(err, &size) || int(size) != n {
			t.Errorf("NewARIA of %d bytes = %v", n, err)
		}
	}
}

func TestARIAPanicsOnShortBlocks(t *testing.T) {
	t.Parallel()
	b, err := NewARIA(make([]byte, 24))
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

// TestARIAAgreesWithOpenSSL compares with another implementation on random
// keys of each size and texts of many lengths, the longest of 250 kB. Fixed
// seed: the same input on each run.
func TestARIAAgreesWithOpenSSL(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Fatal("openssl is missing; make deps installs it")
	}
	rnd := rand.NewChaCha8([32]byte{'A', 'R', 'I', 'A'})
	for i := range 18 {
		size := 16 + 8*(i%3)
		key, iv, plain := make([]byte, size), make([]byte, 16), make([]byte, 16*(1+i*i*54))
		for _, b := range [][]byte{key, iv, plain} {
			_, _ = rnd.Read(b)
		}
		cmd := exec.Command("openssl", "enc", fmt.Sprintf("-aria-%d-cbc", 8*size),
			"-nopad", "-K", hex.EncodeToString(key), "-iv", hex.EncodeToString(iv))
		cmd.Stdin = bytes.NewReader(plain)
		want, err := cmd.Output()
		if err != nil {
			t.Fatalf("openssl enc: %v", err)
		}
		b, err := NewARIA(key)
		if err != nil {
			t.Fatal(err)
		}
		got := bytes.Clone(plain)
		cipher.NewCBCEncrypter(b, iv).CryptBlocks(got, got)
		if !bytes.Equal(got, want) {
			t.Fatalf("key of %d, %d bytes: ciphertexts differ", size, len(plain))
		}
		cipher.NewCBCDecrypter(b, iv).CryptBlocks(got, got)
		if !bytes.Equal(got, plain) {
			t.Fatalf("key of %d, %d bytes: does not decrypt to what it was", size, len(plain))
		}
	}
}

type hexBytes []byte

func (h *hexBytes) UnmarshalText(s []byte) (err error) {
	*h, err = hex.DecodeString(string(s))
	return err
}

// TestARIAOnWycheproof runs the vectors of Project Wycheproof for CBC with the
// padding of PKCS#5; those whose padding is wrong must not look right.
func TestARIAOnWycheproof(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("testdata/wycheproof_aria_cbc.json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		TestGroups []struct {
			KeySize int
			Tests   []struct {
				TCID             int `json:"tcId"`
				Key, IV, Msg, Ct hexBytes
				Result           string
			}
		}
	}
	if err := json.Unmarshal(file, &v); err != nil {
		t.Fatal(err)
	}
	ran := 0
	for _, g := range v.TestGroups {
		for _, c := range g.Tests {
			ran++
			b, err := NewARIA(c.Key)
			if err != nil || 8*len(c.Key) != g.KeySize {
				t.Fatalf("%d: key of %d bytes: %v", c.TCID, len(c.Key), err)
			}
			n := 16 - len(c.Msg)%16
			padded := append(bytes.Clone(c.Msg), bytes.Repeat([]byte{byte(n)}, n)...)
			cipher.NewCBCEncrypter(b, c.IV).CryptBlocks(padded, padded)
			if same := bytes.Equal(padded, c.Ct); same != (c.Result == "valid") {
				t.Errorf("%d (%s): same ciphertext: %v", c.TCID, c.Result, same)
			}
		}
	}
	if ran != 216 {
		t.Errorf("%d vectors, want 216", ran)
	}
}

func FuzzARIA(f *testing.F) {
	f.Add(make([]byte, 32))
	f.Add(bytes.Repeat([]byte{0xff}, 40))
	f.Add(bytes.Repeat([]byte{0x5a}, 48))
	f.Fuzz(func(t *testing.T, in []byte) {
		n := len(in) - 16
		if n != 16 && n != 24 && n != 32 {
			return
		}
		b, err := NewARIA(in[:n])
		if err != nil {
			t.Fatal(err)
		}
		out := make([]byte, 16)
		b.Encrypt(out, in[n:])
		b.Decrypt(out, out)
		if !bytes.Equal(out, in[n:]) {
			t.Fatalf("%x does not come back", in)
		}
	})
}

func BenchmarkARIA(b *testing.B) {
	buf := make([]byte, 1<<16)
	for _, size := range []int{16, 24, 32} {
		c, err := NewARIA(make([]byte, size))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("%d CBC encrypt", 8*size), func(b *testing.B) {
			b.SetBytes(int64(len(buf)))
			m := cipher.NewCBCEncrypter(c, buf[:16])
			for b.Loop() {
				m.CryptBlocks(buf, buf)
			}
		})
		b.Run(fmt.Sprintf("%d CBC decrypt", 8*size), func(b *testing.B) {
			b.SetBytes(int64(len(buf)))
			m := cipher.NewCBCDecrypter(c, buf[:16])
			for b.Loop() {
				m.CryptBlocks(buf, buf)
			}
		})
	}
}
