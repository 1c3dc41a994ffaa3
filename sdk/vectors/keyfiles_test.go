package vectors_test

import (
	"bytes"
	"crypto"
	"crypto/sha1"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"testing"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/npki"
)

// schemes are named as the SDK names them.
var schemes = map[npki.Scheme]string{
	npki.SEED15: "seed15", npki.SEED4: "seed4", npki.PBES2SEED: "pbes2-seed",
	npki.PBES2AES128: "pbes2-aes128", npki.PBES2AES256: "pbes2-aes256",
}

type keyFileCase struct {
	Name       string `json:"name"`
	Scheme     string `json:"scheme"`
	Hash       string `json:"hash"`
	Iterations int    `json:"iterations"`
	Salt       octets `json:"salt"`
	IV         octets `json:"iv,omitempty"` // not of PBES1
	Password   string `json:"password"`     // UTF-8
	Key        string `json:"key"`          // in keys.json
	WithR      bool   `json:"withR"`
	File       octets `json:"file"` // EncryptedPrivateKeyInfo: exactly these bytes
}

type keyFileBad struct {
	Name     string `json:"name"`
	Password string `json:"password"`
	File     octets `json:"file"`
	Code     string `json:"code"`
}

type derivation struct {
	Password   string `json:"password"`
	Salt       octets `json:"salt"`
	Iterations int    `json:"iterations"`
	DK         octets `json:"dk"`  // PBKDF1-SHA1, all 20 bytes
	Key        octets `json:"key"` // dk[0:16]
	IV         octets `json:"iv"`  // SHA1(dk[16:20])[0:16]
}

type keyFilesFile struct {
	PBKDF1 []derivation  `json:"pbkdf1"`
	Open   []keyFileCase `json:"open"`
	PEM    string        `json:"pem"` // the first of open, as PEM
	Bad    []keyFileBad  `json:"bad"`
}

const password = "ingam-Vector.7"

func TestKeyFiles(t *testing.T) {
	t.Parallel()
	settle(t, "key-files.json", func(keyFilesFile) keyFilesFile {
		f := keyFilesFile{}
		for _, d := range []derivation{{Password: password, Salt: filler("kdf", 8), Iterations: 2048}, {Password: "", Salt: octets{1}, Iterations: 1}} {
			derive(&d)
			f.PBKDF1 = append(f.PBKDF1, d)
		}
		for _, c := range []keyFileCase{
			{Name: "the field's own", Password: password},
			{Name: "without R", Password: password},
			{Name: "1024 iterations", Password: password},
			{Name: "a password in Hangul", Password: "비밀번호 열글자 이상 1!"},
			{Name: "the fixed IV", Password: password},
			{Name: "PBES2 with SEED and SHA-1", Password: password},
			{Name: "PBES2 with SEED and SHA-256", Password: password},
			{Name: "PBES2 with AES-128", Password: password},
			{Name: "PBES2 with AES-256", Password: password},
			{Name: "PBES2 with AES-256 and SHA-1", Password: password},
			{Name: "ours of today", Password: password},
		} {
			f.Open = append(f.Open, keyFile(t, c))
		}
		f.PEM = string(pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: f.Open[0].File}))
		f.Bad = badKeyFiles(t, f.Open)
		return f
	})
}

// encryptionOf says how each case is encrypted.
func encryptionOf(name string) npki.Encryption {
	seed15 := npki.DefaultEncryption()
	switch name {
	case "1024 iterations":
		seed15.Iterations = 1024
	case "the fixed IV":
		seed15.Scheme = npki.SEED4
	case "PBES2 with SEED and SHA-1":
		return npki.Encryption{Scheme: npki.PBES2SEED, Iterations: 2048, Hash: crypto.SHA1}
	case "PBES2 with SEED and SHA-256":
		return npki.Encryption{Scheme: npki.PBES2SEED, Iterations: 2048, Hash: crypto.SHA256}
	case "PBES2 with AES-128":
		return npki.Encryption{Scheme: npki.PBES2AES128, Iterations: 2048, Hash: crypto.SHA256}
	case "PBES2 with AES-256":
		return npki.Encryption{Scheme: npki.PBES2AES256, Iterations: 10_000, Hash: crypto.SHA256}
	case "PBES2 with AES-256 and SHA-1":
		return npki.Encryption{Scheme: npki.PBES2AES256, Iterations: 2048, Hash: crypto.SHA1}
	case "ours of today":
		return npki.ModernEncryption()
	}
	return seed15
}

// keyFile makes a case and opens it again.
func keyFile(t testing.TB, c keyFileCase) keyFileCase {
	t.Helper()
	e := encryptionOf(c.Name)
	e.Salt = filler("salt of "+c.Name, 8)
	if e.Scheme >= npki.PBES2SEED {
		e.Salt, e.IV = filler("salt of "+c.Name, 16), filler("iv of "+c.Name, 16)
	}
	c.Scheme, c.Hash, c.Iterations, c.Salt, c.IV = schemes[e.Scheme], hashName(e.Hash), e.Iterations, octets(e.Salt), octets(e.IV)
	c.Key, c.WithR = "customer", c.Name != "without R"
	k := key(t, c.Key)
	if !c.WithR {
		k.R = nil
	}
	c.File = must(npki.EncryptKey(nil, k, []byte(c.Password), e))(t)
	got, _, err := npki.DecryptKey(c.File, []byte(c.Password))
	if err != nil || !got.Signer.Equal(k.Signer) || !bytes.Equal(got.R, k.R) {
		t.Fatalf("%s: %v", c.Name, err)
	}
	return c
}

// codes are the SDK's names of what goes wrong. Go has one error for what is
// malformed and for what it does not read.
var codes = map[string]error{
	"wrong-password": npki.ErrWrongPassword, "iterations": npki.ErrIterations,
	"format": npki.ErrKeyFormat, "unsupported": npki.ErrKeyFormat,
}

const halfAKey = "half a key below right padding"

func badKeyFiles(t testing.TB, open []keyFileCase) []keyFileBad {
	t.Helper()
	field, modern := open[0].File, open[8].File
	change := func(file octets, old, with []byte) octets {
		if bytes.Count(file, old) != 1 {
			t.Fatalf("%x is not there once", old)
		}
		return bytes.Replace(file, old, with, 1)
	}
	oid15 := must(asn1.Marshal(npki.OIDPBESHA1SEEDCBC))(t)
	aes := must(asn1.Marshal(npki.OIDAES256CBC))(t)
	bad := []keyFileBad{
		{"wrong password, SEED", "ingam-Vector.8", field, "wrong-password"},
		{"wrong password, AES", "ingam-Vector.8", modern, "wrong-password"},
		{"the padding is right, what it holds is no key", password, notAKey(t, false), "wrong-password"},
		{halfAKey, password, notAKey(t, true), "wrong-password"},
		{"10,000,001 iterations", password, iterations(t, 10_000_001), "iterations"},
		{"no iterations", password, iterations(t, 0), "iterations"},
		{"iterations that fit no number", password, hugeIterations(), "iterations"},
		{"another scheme", password, change(field, oid15, append(bytes.Clone(oid15[:len(oid15)-1]), 16)), "unsupported"},
		{"another cipher in PBES2", password, change(modern, aes, append(bytes.Clone(aes[:len(aes)-1]), 43)), "unsupported"},
		{"cut off", password, field[:600], "format"},
		{"a byte too many", password, append(bytes.Clone(field), 0), "format"},
		{"ciphertext that is not whole blocks", password, oddCiphertext(t), "format"},
		{"nothing", password, octets{}, "format"},
		{"a key in clear", password, keyring().Keys["customer"].PKCS8, "format"},
	}
	for _, b := range bad {
		want := codes[b.Code]
		if b.Name == halfAKey { // the SDK does not tell it from a wrong password
			want = npki.ErrDamaged
		}
		if _, _, err := npki.DecryptKey(b.File, []byte(b.Password)); !errors.Is(err, want) {
			t.Fatalf("%s: %v", b.Name, err)
		}
	}
	return bad
}

// derive is PBKDF1 written out, beside the library's.
func derive(d *derivation) {
	t := sha1.Sum(append([]byte(d.Password), d.Salt...))
	for range d.Iterations - 1 {
		t = sha1.Sum(t[:])
	}
	iv := sha1.Sum(t[16:])
	d.DK, d.Key, d.IV = t[:], t[:16], iv[:16]
}

// pbes1 writes a key file of the field's scheme by hand.
func pbes1(salt []byte, iterations []byte, ciphertext []byte) octets {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(npki.OIDPBESHA1SEEDCBC)
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1OctetString(salt)
				b.AddASN1(cbasn1.INTEGER, func(b *cryptobyte.Builder) { b.AddBytes(iterations) })
			})
		})
		b.AddASN1OctetString(ciphertext)
	})
	return b.BytesOrPanic()
}

// notAKey is well encrypted and padded, and holds no PKCS#8: what a wrong
// password gives once in 256 times.
func notAKey(t testing.TB, half bool) octets {
	t.Helper()
	d := derivation{Password: password, Salt: filler("no key", 8), Iterations: 1024}
	derive(&d)
	content := filler("no key at all", 50)
	if half {
		content = keyring().Keys["customer"].PKCS8[:100]
	}
	return pbes1(d.Salt, []byte{4, 0}, encryptSEED(t, d.Key, d.IV, padded(content)))
}

func iterations(t testing.TB, n int64) octets {
	t.Helper()
	der := must(asn1.Marshal(n))(t)
	return pbes1(filler("salt", 8), der[2:], filler("ciphertext", 64))
}

func hugeIterations() octets {
	return pbes1(filler("salt", 8), append([]byte{1}, make([]byte, 40)...), filler("ciphertext", 64))
}

func oddCiphertext(t testing.TB) octets {
	t.Helper()
	return pbes1(filler("salt", 8), []byte{8, 0}, filler("ciphertext", 65))
}
