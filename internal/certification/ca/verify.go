package ca

import (
	"bytes"
	"crypto/rsa"
	"crypto/sha256"
	"math/big"
	"slices"
)

// digestInfo begins the encoding of a SHA-256 hash in a PKCS #1 v1.5
// signature (RFC 8017 §9.2, note 1).
var digestInfo = []byte{0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20}

// verifies says whether a PKCS #1 v1.5 signature over a SHA-256 hash is the
// key's. It makes the one right encoding and compares (RFC 8017 §8.2.2), so
// there is no padding to be parsed wrongly.
//
// crypto/rsa prepares a public key anew each time it verifies, a twelfth of the
// time of a 3072-bit signature; math/big needs a third of that. All that is
// computed with here is public.
func verifies(key *rsa.PublicKey, hash [sha256.Size]byte, signature []byte) bool {
	size := key.Size()
	s := new(big.Int).SetBytes(signature)
	if len(signature) != size || s.Cmp(key.N) >= 0 {
		return false
	}
	padding := bytes.Repeat([]byte{0xff}, size-3-len(digestInfo)-len(hash))
	want := slices.Concat([]byte{0, 1}, padding, []byte{0}, digestInfo, hash[:])
	got := s.Exp(s, big.NewInt(int64(key.E)), key.N)
	return bytes.Equal(got.FillBytes(make([]byte, size)), want)
}
