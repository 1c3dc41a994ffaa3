package pfx

import (
	"bytes"
	"crypto"
	"crypto/hmac"
	_ "crypto/sha1" // the hash functions that a MAC may name must be linked in
	_ "crypto/sha256"
	_ "crypto/sha512"
	"encoding/asn1"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/ingam-pki/ingam/pki/npki"
)

var oidSHA224 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 4}

// What a derived key is for (RFC 7292 appendix B.3).
const (
	forKey = 1
	forIV  = 2
	forMAC = 3
)

// bmp gives a password the form of PKCS#12: UTF-16 with an ending zero (RFC
// 7292 appendix B.1). Who writes other bytes than UTF-8 means Latin-1.
func bmp(password []byte) []byte {
	if !utf8.Valid(password) {
		return widened(password)
	}
	units := utf16.Encode([]rune(string(password)))
	out := make([]byte, 0, 2*len(units)+2)
	for _, u := range units {
		out = append(out, byte(u>>8), byte(u))
	}
	clear(units)
	return append(out, 0, 0)
}

// widened makes each byte a letter, as programs do that know one byte for each.
func widened(password []byte) []byte {
	out := make([]byte, 0, 2*len(password)+2)
	for _, c := range password {
		out = append(out, 0, c)
	}
	return append(out, 0, 0)
}

// typed is a password as it is, for PBES2 and SEED, and as PKCS#12 has it.
type typed struct{ raw, bmp []byte }

// passwords gives what a password may have become in the hands of programs:
// as the standard has it in each of its encodings and, where that is not the
// same, byte for byte. Done forgets them.
func passwords(password []byte) (out []typed, done func()) {
	forms := npki.PasswordForms(password)
	for _, f := range forms {
		out = append(out, typed{f, bmp(f)})
	}
	for _, f := range forms {
		if w := widened(f); len(w) != len(bmp(f)) {
			out = append(out, typed{f, w})
		}
	}
	return out, func() {
		for _, f := range forms[1:] { // the first is the caller's
			clear(f)
		}
		for _, p := range out {
			clear(p.bmp)
		}
	}
}

// derive is the key derivation of PKCS#12 (RFC 7292 appendix B.2). Password is
// what bmp gives.
func derive(hash crypto.Hash, purpose byte, password, salt []byte, iterations, size int) []byte {
	h := hash.New()
	v := h.BlockSize()
	d := bytes.Repeat([]byte{purpose}, v)
	i := append(stretch(salt, v), stretch(password, v)...)
	defer clear(i)
	var out []byte
	for {
		h.Reset()
		h.Write(d)
		h.Write(i)
		a := h.Sum(nil)
		for range iterations - 1 {
			h.Reset()
			h.Write(a)
			a = h.Sum(a[:0])
		}
		out = append(out, a...)
		if len(out) >= size {
			return out[:size]
		}
		b := stretch(a, v)[:v]
		for j := 0; j < len(i); j += v {
			increase(i[j:j+v], b)
		}
	}
}

// stretch repeats b up to a multiple of v bytes.
func stretch(b []byte, v int) []byte {
	if len(b) == 0 {
		return nil
	}
	n := (len(b) + v - 1) / v * v
	return bytes.Repeat(b, n/len(b)+1)[:n]
}

// increase adds b + 1 to the number a of the same size, without what overflows.
func increase(a, b []byte) {
	carry := 1
	for k := len(a) - 1; k >= 0; k-- {
		carry += int(a[k]) + int(b[k])
		a[k] = byte(carry)
		carry >>= 8
	}
}

// mac is the MAC over the content of a file.
func mac(hash crypto.Hash, password, salt []byte, iterations int, content []byte) []byte {
	key := derive(hash, forMAC, password, salt, iterations, hash.Size())
	defer clear(key)
	m := hmac.New(hash.New, key)
	m.Write(content)
	return m.Sum(nil)
}

// hashOf is a hash function of a MAC, 0 for what is unknown.
func hashOf(oid asn1.ObjectIdentifier) crypto.Hash {
	switch {
	case oid.Equal(npki.OIDSHA1):
		return crypto.SHA1
	case oid.Equal(oidSHA224):
		return crypto.SHA224
	case oid.Equal(npki.OIDSHA256):
		return crypto.SHA256
	case oid.Equal(npki.OIDSHA384):
		return crypto.SHA384
	case oid.Equal(npki.OIDSHA512):
		return crypto.SHA512
	}
	return 0
}
