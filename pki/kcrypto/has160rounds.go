package kcrypto

import "math/bits"

// The 80 steps of HAS-160 in four rounds of 20. Each step adds into one of the
// five words and turns another; after five steps all have had their turn. x is
// the block, and s are the four sums of its words that a round adds as well.

// has1 is a step of the first round.
func has1(a, b, c, d, e, x uint32, turn int) (uint32, uint32) {
	return bits.RotateLeft32(b, 10), e + bits.RotateLeft32(a, turn) + (d ^ b&(c^d)) + x
}

func first(a, b, c, d, e uint32, x *[16]uint32) (uint32, uint32, uint32, uint32, uint32) {
	s0 := x[0] ^ x[1] ^ x[2] ^ x[3]
	s1 := x[4] ^ x[5] ^ x[6] ^ x[7]
	s2 := x[8] ^ x[9] ^ x[10] ^ x[11]
	s3 := x[12] ^ x[13] ^ x[14] ^ x[15]
	b, e = has1(a, b, c, d, e, s2, 5)
	a, d = has1(e, a, b, c, d, x[0], 11)
	e, c = has1(d, e, a, b, c, x[1], 7)
	d, b = has1(c, d, e, a, b, x[2], 15)
	c, a = has1(b, c, d, e, a, x[3], 6)
	b, e = has1(a, b, c, d, e, s3, 13)
	a, d = has1(e, a, b, c, d, x[4], 8)
	e, c = has1(d, e, a, b, c, x[5], 14)
	d, b = has1(c, d, e, a, b, x[6], 7)
	c, a = has1(b, c, d, e, a, x[7], 12)
	b, e = has1(a, b, c, d, e, s0, 9)
	a, d = has1(e, a, b, c, d, x[8], 11)
	e, c = has1(d, e, a, b, c, x[9], 8)
	d, b = has1(c, d, e, a, b, x[10], 15)
	c, a = has1(b, c, d, e, a, x[11], 6)
	b, e = has1(a, b, c, d, e, s1, 12)
	a, d = has1(e, a, b, c, d, x[12], 9)
	e, c = has1(d, e, a, b, c, x[13], 14)
	d, b = has1(c, d, e, a, b, x[14], 5)
	c, a = has1(b, c, d, e, a, x[15], 13)
	return a, b, c, d, e
}

// has2 is a step of the second round.
func has2(a, b, c, d, e, x uint32, turn int) (uint32, uint32) {
	return bits.RotateLeft32(b, 17), e + bits.RotateLeft32(a, turn) + (b ^ c ^ d) + x + 0x5a827999
}

func second(a, b, c, d, e uint32, x *[16]uint32) (uint32, uint32, uint32, uint32, uint32) {
	s0 := x[3] ^ x[6] ^ x[9] ^ x[12]
	s1 := x[2] ^ x[5] ^ x[8] ^ x[15]
	s2 := x[1] ^ x[4] ^ x[11] ^ x[14]
	s3 := x[0] ^ x[7] ^ x[10] ^ x[13]
	b, e = has2(a, b, c, d, e, s2, 5)
	a, d = has2(e, a, b, c, d, x[3], 11)
	e, c = has2(d, e, a, b, c, x[6], 7)
	d, b = has2(c, d, e, a, b, x[9], 15)
	c, a = has2(b, c, d, e, a, x[12], 6)
	b, e = has2(a, b, c, d, e, s3, 13)
	a, d = has2(e, a, b, c, d, x[15], 8)
	e, c = has2(d, e, a, b, c, x[2], 14)
	d, b = has2(c, d, e, a, b, x[5], 7)
	c, a = has2(b, c, d, e, a, x[8], 12)
	b, e = has2(a, b, c, d, e, s0, 9)
	a, d = has2(e, a, b, c, d, x[11], 11)
	e, c = has2(d, e, a, b, c, x[14], 8)
	d, b = has2(c, d, e, a, b, x[1], 15)
	c, a = has2(b, c, d, e, a, x[4], 6)
	b, e = has2(a, b, c, d, e, s1, 12)
	a, d = has2(e, a, b, c, d, x[7], 9)
	e, c = has2(d, e, a, b, c, x[10], 14)
	d, b = has2(c, d, e, a, b, x[13], 5)
	c, a = has2(b, c, d, e, a, x[0], 13)
	return a, b, c, d, e
}

// has3 is a step of the third round.
func has3(a, b, c, d, e, x uint32, turn int) (uint32, uint32) {
	return bits.RotateLeft32(b, 25), e + bits.RotateLeft32(a, turn) + (c ^ (b | ^d)) + x + 0x6ed9eba1
}

func third(a, b, c, d, e uint32, x *[16]uint32) (uint32, uint32, uint32, uint32, uint32) {
	s0 := x[5] ^ x[7] ^ x[12] ^ x[14]
	s1 := x[0] ^ x[2] ^ x[9] ^ x[11]
	s2 := x[4] ^ x[6] ^ x[13] ^ x[15]
	s3 := x[1] ^ x[3] ^ x[8] ^ x[10]
	b, e = has3(a, b, c, d, e, s2, 5)
	a, d = has3(e, a, b, c, d, x[12], 11)
	e, c = has3(d, e, a, b, c, x[5], 7)
	d, b = has3(c, d, e, a, b, x[14], 15)
	c, a = has3(b, c, d, e, a, x[7], 6)
	b, e = has3(a, b, c, d, e, s3, 13)
	a, d = has3(e, a, b, c, d, x[0], 8)
	e, c = has3(d, e, a, b, c, x[9], 14)
	d, b = has3(c, d, e, a, b, x[2], 7)
	c, a = has3(b, c, d, e, a, x[11], 12)
	b, e = has3(a, b, c, d, e, s0, 9)
	a, d = has3(e, a, b, c, d, x[4], 11)
	e, c = has3(d, e, a, b, c, x[13], 8)
	d, b = has3(c, d, e, a, b, x[6], 15)
	c, a = has3(b, c, d, e, a, x[15], 6)
	b, e = has3(a, b, c, d, e, s1, 12)
	a, d = has3(e, a, b, c, d, x[8], 9)
	e, c = has3(d, e, a, b, c, x[1], 14)
	d, b = has3(c, d, e, a, b, x[10], 5)
	c, a = has3(b, c, d, e, a, x[3], 13)
	return a, b, c, d, e
}

// has4 is a step of the fourth round.
func has4(a, b, c, d, e, x uint32, turn int) (uint32, uint32) {
	return bits.RotateLeft32(b, 30), e + bits.RotateLeft32(a, turn) + (b ^ c ^ d) + x + 0x8f1bbcdc
}

func fourth(a, b, c, d, e uint32, x *[16]uint32) (uint32, uint32, uint32, uint32, uint32) {
	s0 := x[2] ^ x[7] ^ x[8] ^ x[13]
	s1 := x[3] ^ x[4] ^ x[9] ^ x[14]
	s2 := x[0] ^ x[5] ^ x[10] ^ x[15]
	s3 := x[1] ^ x[6] ^ x[11] ^ x[12]
	b, e = has4(a, b, c, d, e, s2, 5)
	a, d = has4(e, a, b, c, d, x[7], 11)
	e, c = has4(d, e, a, b, c, x[2], 7)
	d, b = has4(c, d, e, a, b, x[13], 15)
	c, a = has4(b, c, d, e, a, x[8], 6)
	b, e = has4(a, b, c, d, e, s3, 13)
	a, d = has4(e, a, b, c, d, x[3], 8)
	e, c = has4(d, e, a, b, c, x[14], 14)
	d, b = has4(c, d, e, a, b, x[9], 7)
	c, a = has4(b, c, d, e, a, x[4], 12)
	b, e = has4(a, b, c, d, e, s0, 9)
	a, d = has4(e, a, b, c, d, x[15], 11)
	e, c = has4(d, e, a, b, c, x[10], 8)
	d, b = has4(c, d, e, a, b, x[5], 15)
	c, a = has4(b, c, d, e, a, x[0], 6)
	b, e = has4(a, b, c, d, e, s1, 12)
	a, d = has4(e, a, b, c, d, x[11], 9)
	e, c = has4(d, e, a, b, c, x[6], 14)
	d, b = has4(c, d, e, a, b, x[1], 5)
	c, a = has4(b, c, d, e, a, x[12], 13)
	return a, b, c, d, e
}
