package kcrypto

import (
	"encoding/binary"
	"hash"
	"sync"
)

// HAS160Size is the size of a HAS-160 checksum in bytes.
const HAS160Size = 20

// HAS160BlockSize is the size of the blocks that HAS-160 works on, in bytes.
const HAS160BlockSize = 64

var has160Start = [5]uint32{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0}

// has160 is a hash on its way.
type has160 struct {
	state  [5]uint32
	block  [HAS160BlockSize]byte // what waits for a whole block
	used   int                   // bytes of block
	length uint64                // bytes so far
}

// NewHAS160 returns a new HAS-160 (TTAS.KO-12.0011). It is as old as SHA-1 and
// no stronger: read what was hashed with it, and hash nothing anew. The first
// call of a process checks it on known answers; if they don't come out, this
// and all later calls give ErrSelfTest.
func NewHAS160() (hash.Hash, error) {
	if err := has160SelfTest(); err != nil {
		return nil, err
	}
	return newHAS160(), nil
}

func newHAS160() *has160 { return &has160{state: has160Start} }

var has160SelfTest = sync.OnceValue(checkHAS160)

// has160Known are an empty text, one shorter and one longer than a block, with
// their checksums as rhash computes them.
var has160Known = [3][2]string{
	{"", "\x30\x79\x64\xef\x34\x15\x1d\x37\xc8\x04\x7a\xde\xc7\xab\x50\xf4\xff\x89\x76\x2d"},
	{"abc", "\x97\x5e\x81\x04\x88\xcf\x2a\x3d\x49\x83\x84\x78\x12\x4a\xfc\xe4\xb1\xc7\x88\x04"},
	{
		"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
		"\x07\xf0\x5c\x8c\x07\x73\xc5\x5c\xa3\xa5\xa6\x95\xce\x6a\xca\x4c\x43\x89\x11\xb5",
	},
}

func checkHAS160() error {
	for _, v := range has160Known {
		h := newHAS160()
		_, _ = h.Write([]byte(v[0]))
		if string(h.Sum(nil)) != v[1] {
			return ErrSelfTest
		}
	}
	return nil
}

// Size is HAS160Size.
func (h *has160) Size() int { return HAS160Size }

// BlockSize is HAS160BlockSize.
func (h *has160) BlockSize() int { return HAS160BlockSize }

// Reset begins anew.
func (h *has160) Reset() { *h = has160{state: has160Start} }

// Write adds to what is hashed. It never fails.
func (h *has160) Write(p []byte) (int, error) {
	n := len(p)
	h.length += uint64(n)
	if h.used > 0 {
		m := copy(h.block[h.used:], p)
		h.used, p = h.used+m, p[m:]
		if h.used < HAS160BlockSize {
			return n, nil
		}
		h.blocks(h.block[:])
		h.used = 0
	}
	whole := len(p) &^ (HAS160BlockSize - 1)
	h.blocks(p[:whole])
	h.used = copy(h.block[:], p[whole:])
	return n, nil
}

// Sum appends the checksum of what was written so far; more may follow.
func (h *has160) Sum(b []byte) []byte {
	end := *h // the sum must not end what is on its way
	var tail [HAS160BlockSize + 8]byte
	tail[0] = 0x80
	pad := tail[:1+(2*HAS160BlockSize-9-end.used)%HAS160BlockSize]
	bits := end.length << 3
	_, _ = end.Write(binary.LittleEndian.AppendUint64(pad, bits))
	for _, v := range end.state {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return b
}

// blocks takes whole blocks.
func (h *has160) blocks(p []byte) {
	var x [16]uint32
	s := &h.state
	for ; len(p) >= HAS160BlockSize; p = p[HAS160BlockSize:] {
		for i := range x {
			x[i] = binary.LittleEndian.Uint32(p[4*i:])
		}
		a, b, c, d, e := first(s[0], s[1], s[2], s[3], s[4], &x)
		a, b, c, d, e = second(a, b, c, d, e, &x)
		a, b, c, d, e = third(a, b, c, d, e, &x)
		a, b, c, d, e = fourth(a, b, c, d, e, &x)
		s[0], s[1], s[2], s[3], s[4] = s[0]+a, s[1]+b, s[2]+c, s[3]+d, s[4]+e
	}
}
