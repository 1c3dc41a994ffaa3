package kcrypto

import (
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"sync"
)

// SEEDBlockSize is the size of a SEED block in bytes.
const SEEDBlockSize = 16

// SEEDKeySize is the size of a SEED key in bytes.
const SEEDKeySize = 16

const seedRounds = 16

// ErrSelfTest says that an algorithm did not give its known answers, so
// that nothing it would return can be trusted.
var ErrSelfTest = errors.New("kcrypto: algorithm fails its self-test")

// KeySizeError is the size in bytes of a key that the cipher can't take.
type KeySizeError int

func (e KeySizeError) Error() string {
	return fmt.Sprintf("kcrypto: key of %d bytes", int(e))
}

// seed holds the round keys in the order of encryption and of decryption.
type seed struct {
	enc, dec [2 * seedRounds]uint32
}

// NewSEED returns SEED-128 (RFC 4269) under a key of 16 bytes. The first call
// of a process checks the cipher on known answers; if they don't come out,
// this and all later calls give ErrSelfTest. A key of another size gives a
// KeySizeError.
func NewSEED(key []byte) (cipher.Block, error) {
	if err := seedSelfTest(); err != nil {
		return nil, err
	}
	if len(key) != SEEDKeySize {
		return nil, KeySizeError(len(key))
	}
	return newSEED(key, &seedTables), nil
}

var seedSelfTest = sync.OnceValue(func() error { return checkSEED(&seedTables) })

// BlockSize is SEEDBlockSize.
func (s *seed) BlockSize() int { return SEEDBlockSize }

// Encrypt encrypts the first 16 bytes of src into dst. As for every
// cipher.Block, both must hold a block and overlap entirely or not at all.
func (s *seed) Encrypt(dst, src []byte) { cryptSEED(&s.enc, &seedTables, dst, src) }

// Decrypt reverses Encrypt.
func (s *seed) Decrypt(dst, src []byte) { cryptSEED(&s.dec, &seedTables, dst, src) }

// newSEED expands the key, RFC 4269 section 2.3.
func newSEED(key []byte, t *seedSS) *seed {
	k0, k1 := binary.BigEndian.Uint32(key), binary.BigEndian.Uint32(key[4:])
	k2, k3 := binary.BigEndian.Uint32(key[8:]), binary.BigEndian.Uint32(key[12:])
	s := new(seed)
	kc := uint32(0x9e3779b9) // the golden ratio; each round's constant is its rotation
	for i := range seedRounds {
		r0, r1 := t.g(k0+k2-kc), t.g(k1-k3+kc)
		s.enc[2*i], s.enc[2*i+1] = r0, r1
		s.dec[2*(seedRounds-1-i)], s.dec[2*(seedRounds-1-i)+1] = r0, r1
		if i%2 == 0 {
			k0, k1 = k0>>8|k1<<24, k1>>8|k0<<24
		} else {
			k2, k3 = k2<<8|k3>>24, k3<<8|k2>>24
		}
		kc = bits.RotateLeft32(kc, 1)
	}
	return s
}

// cryptSEED runs the 16 rounds of RFC 4269 section 2.1, two at a time so that
// the halves need no swapping.
func cryptSEED(rk *[2 * seedRounds]uint32, t *seedSS, dst, src []byte) {
	if len(src) < SEEDBlockSize {
		panic("kcrypto: input is not a full block")
	}
	if len(dst) < SEEDBlockSize {
		panic("kcrypto: output is not a full block")
	}
	l0, l1 := binary.BigEndian.Uint32(src), binary.BigEndian.Uint32(src[4:])
	r0, r1 := binary.BigEndian.Uint32(src[8:]), binary.BigEndian.Uint32(src[12:])
	for i := 0; i < len(rk); i += 4 {
		k := rk[i : i+4 : i+4]
		f0, f1 := t.f(r0^k[0], r1^k[1])
		l0, l1 = l0^f0, l1^f1
		f0, f1 = t.f(l0^k[2], l1^k[3])
		r0, r1 = r0^f0, r1^f1
	}
	binary.BigEndian.PutUint32(dst, r0)
	binary.BigEndian.PutUint32(dst[4:], r1)
	binary.BigEndian.PutUint32(dst[8:], l0)
	binary.BigEndian.PutUint32(dst[12:], l1)
}
