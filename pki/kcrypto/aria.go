package kcrypto

import (
	"crypto/cipher"
	"encoding/binary"
	"math/bits"
	"sync"
)

// ARIABlockSize is the size of an ARIA block in bytes.
const ARIABlockSize = 16

// ariaMaxRounds is the number of rounds under a key of 32 bytes.
const ariaMaxRounds = 16

// words is a block as four words, the first byte in the highest place.
type words [4]uint32

// aria holds the round keys in the order of encryption and of decryption.
type aria struct {
	enc, dec [ariaMaxRounds + 1]words
	rounds   int
}

// NewARIA returns ARIA (RFC 5794) under a key of 16, 24 or 32 bytes. The first
// call of a process checks the cipher on known answers; if they don't come
// out, this and all later calls give ErrSelfTest. A key of another size gives
// a KeySizeError.
func NewARIA(key []byte) (cipher.Block, error) {
	if err := ariaSelfTest(); err != nil {
		return nil, err
	}
	switch len(key) {
	case 16, 24, 32:
		return newARIA(key, &ariaTables), nil
	}
	return nil, KeySizeError(len(key))
}

var ariaSelfTest = sync.OnceValue(func() error { return checkARIA(&ariaTables) })

// BlockSize is ARIABlockSize.
func (a *aria) BlockSize() int { return ARIABlockSize }

// Encrypt encrypts the first 16 bytes of src into dst. As for every
// cipher.Block, both must hold a block and overlap entirely or not at all.
func (a *aria) Encrypt(dst, src []byte) { cryptARIA(a.enc[:a.rounds+1], &ariaTables, dst, src) }

// Decrypt reverses Encrypt.
func (a *aria) Decrypt(dst, src []byte) { cryptARIA(a.dec[:a.rounds+1], &ariaTables, dst, src) }

// The constants of the key schedule, RFC 5794 section 2.2.
var ariaC = [3]words{
	{0x517cc1b7, 0x27220a94, 0xfe13abe8, 0xfa9a6ee0},
	{0x6db14acc, 0x9e21c820, 0xff28b1d5, 0xef5de2b0},
	{0xdb92371d, 0x2126e970, 0x03249775, 0x04e8c90e},
}

// newARIA expands the key, RFC 5794 section 2.2.
func newARIA(key []byte, t *ariaT) *aria {
	n := (len(key) - 16) / 8 // 0, 1, 2: the size says where the constants begin
	var k [32]byte
	copy(k[:], key)
	left, right := load(k[:16]), load(k[16:])
	clear(k[:])

	var w [4]words
	w[0] = left
	w[1] = t.odd(w[0].xor(ariaC[n])).xor(right)
	w[2] = t.even(w[1].xor(ariaC[(n+1)%3])).xor(w[0])
	w[3] = t.odd(w[2].xor(ariaC[(n+2)%3])).xor(w[1])

	a := &aria{rounds: 12 + 2*n}
	for i := range a.rounds + 1 {
		// To the right by 19 and 31 bits, then to the left by 61, 31 and 19.
		turn := [5]int{19, 31, 128 - 61, 128 - 31, 128 - 19}[i/4]
		if i%4 == 3 {
			a.enc[i] = w[0].turned(turn).xor(w[3])
		} else {
			a.enc[i] = w[i%4].xor(w[i%4+1].turned(turn))
		}
	}
	a.dec[0], a.dec[a.rounds] = a.enc[a.rounds], a.enc[0]
	for i := 1; i < a.rounds; i++ {
		a.dec[i] = diffuse(a.enc[a.rounds-i])
	}
	return a
}

func load(b []byte) words {
	_ = b[15]
	return words{binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:]), binary.BigEndian.Uint32(b[8:]), binary.BigEndian.Uint32(b[12:])}
}

func (x words) xor(y words) words { return words{x[0] ^ y[0], x[1] ^ y[1], x[2] ^ y[2], x[3] ^ y[3]} }

// turned rotates the block to the right by 0 < n < 128 bits, n no multiple of 32.
func (x words) turned(n int) (y words) {
	q, r := n/32, n%32
	for i := range y {
		y[i] = x[(i+4-q)%4]>>r | x[(i+3-q)%4]<<(32-r)
	}
	return y
}

// cryptARIA runs the rounds of RFC 5794 section 2.1, an odd and an even one at
// a time.
func cryptARIA(rk []words, t *ariaT, dst, src []byte) {
	if len(src) < ARIABlockSize {
		panic("kcrypto: input is not a full block")
	}
	if len(dst) < ARIABlockSize {
		panic("kcrypto: output is not a full block")
	}
	a, b := binary.BigEndian.Uint32(src), binary.BigEndian.Uint32(src[4:])
	c, d := binary.BigEndian.Uint32(src[8:]), binary.BigEndian.Uint32(src[12:])
	for {
		k := &rk[0]
		a, b, c, d = t.s1(a^k[0]), t.s1(b^k[1]), t.s1(c^k[2]), t.s1(d^k[3])
		a, b, c, d = mix(a, b, c, d)
		b, c, d = swapPairs(b), bits.RotateLeft32(c, 16), bits.ReverseBytes32(d)
		a, b, c, d = mix(a, b, c, d)
		k = &rk[1]
		a, b, c, d = a^k[0], b^k[1], c^k[2], d^k[3]
		if rk = rk[2:]; len(rk) == 1 {
			break
		}
		a, b, c, d = t.s2(a), t.s2(b), t.s2(c), t.s2(d)
		a, b, c, d = mix(a, b, c, d)
		d, a, b = swapPairs(d), bits.RotateLeft32(a, 16), bits.ReverseBytes32(b)
		a, b, c, d = mix(a, b, c, d)
	}
	k := &rk[0]
	binary.BigEndian.PutUint32(dst, t.last(a)^k[0])
	binary.BigEndian.PutUint32(dst[4:], t.last(b)^k[1])
	binary.BigEndian.PutUint32(dst[8:], t.last(c)^k[2])
	binary.BigEndian.PutUint32(dst[12:], t.last(d)^k[3])
}

// odd is a substitution of the first kind with the diffusion after it.
func (t *ariaT) odd(x words) words {
	a, b, c, d := mix(t.s1(x[0]), t.s1(x[1]), t.s1(x[2]), t.s1(x[3]))
	a, b, c, d = mix(a, swapPairs(b), bits.RotateLeft32(c, 16), bits.ReverseBytes32(d))
	return words{a, b, c, d}
}

// even is a substitution of the second kind with the diffusion after it.
func (t *ariaT) even(x words) words {
	a, b, c, d := mix(t.s2(x[0]), t.s2(x[1]), t.s2(x[2]), t.s2(x[3]))
	a, b, c, d = mix(bits.RotateLeft32(a, 16), bits.ReverseBytes32(b), c, swapPairs(d))
	return words{a, b, c, d}
}

// diffuse is the diffusion layer A alone, RFC 5794 section 2.4.3.
func diffuse(x words) words {
	for i, v := range x {
		// Each byte becomes the sum of the three others of its word: what the
		// tables do on the way.
		r := bits.RotateLeft32(v, -8)
		x[i] = r ^ bits.RotateLeft32(v^r, -16)
	}
	a, b, c, d := mix(x[0], x[1], x[2], x[3])
	a, b, c, d = mix(a, swapPairs(b), bits.RotateLeft32(c, 16), bits.ReverseBytes32(d))
	return words{a, b, c, d}
}

// mix adds words to each other so that each of them becomes the sum of three
// of the old ones.
func mix(a, b, c, d uint32) (uint32, uint32, uint32, uint32) {
	b ^= c
	c ^= d
	a ^= b
	d ^= b
	c ^= a
	b ^= c
	return a, b, c, d
}

// swapPairs exchanges the two bytes of each half of a word.
func swapPairs(x uint32) uint32 { return x<<8&0xff00ff00 | x>>8&0x00ff00ff }
