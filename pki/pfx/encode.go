package pfx

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"io"
	"slices"
	"unicode/utf16"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/npki"
)

// Options says in which form a PFX is written. The zero value is the form of
// today: key and certificates under PBES2 (PBKDF2-HMAC-SHA256, AES-256-CBC),
// the whole under HMAC-SHA256. Its MAC costs as many iterations as its
// encryption: a cheap one would be where guessing begins.
type Options struct {
	// Compatible writes what the field's programs and old systems read: the
	// certificates in clear, the key under 3DES, HMAC-SHA1. It is weak by
	// today's measure; say so to those who choose it.
	Compatible bool
}

const compatibleIterations = 2048

const saltSize = 16

// Encode writes a PFX that holds one identity, R with it. It does not judge
// the password: npki.CheckPassword does. Salts and IVs are drawn from random.
// Errors: ErrKeyMismatch, ErrFormat (a certificate that can't be read),
// ErrTooLarge.
func Encode(random io.Reader, id Identity, password []byte, o Options) ([]byte, error) {
	return EncodeAll(random, []Identity{id}, password, o)
}

// EncodeAll is Encode for several identities in one file, such as the keys for
// signing and for key management of one person. A certificate of their chains
// is written once. None at all is ErrNoIdentity.
func EncodeAll(random io.Reader, ids []Identity, password []byte, o Options) ([]byte, error) {
	if len(ids) == 0 {
		return nil, ErrNoIdentity
	}
	w := writer{random: random, password: password, bmp: bmp(password), compatible: o.Compatible}
	defer clear(w.bmp)
	var certs, keys, own [][]byte
	for _, id := range ids {
		cert, err := x509.ParseCertificate(id.Certificate)
		if err != nil {
			return nil, fmt.Errorf("%w: certificate: %w", ErrFormat, err)
		}
		if id.Key == nil || !belongs(id.Key, cert) {
			return nil, ErrKeyMismatch
		}
		if len(id.Chain) >= maxBags-1 || len(keys) >= maxBags/2 {
			return nil, fmt.Errorf("%w: certificates", ErrTooLarge)
		}
		key, err := w.shroudedKey(id, keyID(cert))
		if err != nil {
			return nil, err
		}
		keys, own = append(keys, key), append(own, id.Certificate)
		certs = append(certs, certificateBag(id.Certificate, labelsOf(id.Name, keyID(cert))))
	}
	above, err := chains(ids, own)
	if err != nil {
		return nil, err
	}
	certs = append(certs, above...)
	if len(certs)+len(keys) > maxBags {
		return nil, fmt.Errorf("%w: certificates", ErrTooLarge)
	}
	content, err := w.authenticatedSafe(bytes.Join(certs, nil), bytes.Join(keys, nil))
	if err != nil {
		return nil, err
	}
	return w.sealed(content)
}

type writer struct {
	random        io.Reader
	password, bmp []byte
	compatible    bool
}

// encrypt gives AlgorithmIdentifier and ciphertext.
func (w writer) encrypt(plain []byte) (algorithm, ciphertext []byte, err error) {
	if w.compatible {
		return encrypt3DES(w.random, plain, w.bmp, compatibleIterations)
	}
	return npki.EncryptData(w.random, plain, w.password, npki.ModernEncryption())
}

// chains gives the bags of all chains' certificates, each once, without those
// that are there already.
func chains(ids []Identity, there [][]byte) ([][]byte, error) {
	var bags [][]byte
	for _, id := range ids {
		for _, der := range id.Chain {
			if slices.ContainsFunc(there, func(c []byte) bool { return bytes.Equal(c, der) }) {
				continue
			}
			if _, err := x509.ParseCertificate(der); err != nil {
				return nil, fmt.Errorf("%w: chain: %w", ErrFormat, err)
			}
			there = append(there, der)
			bags = append(bags, certificateBag(der, nil))
		}
	}
	return bags, nil
}

func certificateBag(der []byte, attributes cryptobyte.BuilderContinuation) []byte {
	var b cryptobyte.Builder
	addBag(&b, oidCertBag, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(oidX509)
			b.AddASN1(tag0Cons, func(b *cryptobyte.Builder) { b.AddASN1OctetString(der) })
		})
	}, attributes)
	return b.BytesOrPanic()
}

func (w writer) shroudedKey(id Identity, keyID []byte) ([]byte, error) {
	plain, err := id.Key.Marshal()
	if err != nil {
		return nil, fmt.Errorf("encoding key: %w", err)
	}
	defer clear(plain)
	algorithm, ciphertext, err := w.encrypt(plain)
	if err != nil {
		return nil, fmt.Errorf("encrypting key: %w", err)
	}
	var b cryptobyte.Builder
	addBag(&b, oidShroudedKeyBag, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddBytes(algorithm)
			b.AddASN1OctetString(ciphertext)
		})
	}, labelsOf(id.Name, keyID))
	return b.Bytes()
}

func addBag(b *cryptobyte.Builder, kind asn1.ObjectIdentifier, value, attributes cryptobyte.BuilderContinuation) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(kind)
		b.AddASN1(tag0Cons, value)
		if attributes != nil {
			b.AddASN1(cbasn1.SET, attributes)
		}
	})
}

// labelsOf writes friendlyName and localKeyID. DER orders a SET OF by its
// bytes, which begin with the attribute's length: the shorter one comes first.
func labelsOf(name string, keyID []byte) cryptobyte.BuilderContinuation {
	return func(b *cryptobyte.Builder) {
		id := func() {
			addAttribute(b, oidLocalKeyID, func(b *cryptobyte.Builder) { b.AddASN1OctetString(keyID) })
		}
		if name == "" {
			id()
			return
		}
		units := utf16.Encode([]rune(name))
		if 2*len(units) > len(keyID) {
			id()
		}
		addAttribute(b, oidFriendlyName, func(b *cryptobyte.Builder) {
			b.AddASN1(tagBMPString, func(b *cryptobyte.Builder) {
				for _, u := range units {
					b.AddUint16(u)
				}
			})
		})
		if 2*len(units) <= len(keyID) {
			id()
		}
	}
}

func addAttribute(b *cryptobyte.Builder, oid asn1.ObjectIdentifier, value cryptobyte.BuilderContinuation) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oid)
		b.AddASN1(cbasn1.SET, value)
	})
}

// authenticatedSafe writes the content under the MAC. The compatible form has
// one part with certificate and key, as the field writes it.
func (w writer) authenticatedSafe(certs, key []byte) ([]byte, error) {
	sequence := func(parts ...[]byte) []byte {
		var b cryptobyte.Builder
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			for _, p := range parts {
				b.AddBytes(p)
			}
		})
		return b.BytesOrPanic()
	}
	if w.compatible {
		return sequence(contentInfo(sequence(certs, key))), nil
	}
	algorithm, ciphertext, err := w.encrypt(sequence(certs))
	if err != nil {
		return nil, fmt.Errorf("encrypting certificates: %w", err)
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oidEncryptedData)
		b.AddASN1(tag0Cons, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1Int64(0)
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1ObjectIdentifier(oidData)
					b.AddBytes(algorithm)
					b.AddASN1(tag0, func(b *cryptobyte.Builder) { b.AddBytes(ciphertext) })
				})
			})
		})
	})
	encrypted, err := b.Bytes()
	if err != nil {
		return nil, fmt.Errorf("encoding certificates: %w", err)
	}
	return sequence(encrypted, contentInfo(sequence(key))), nil
}

// contentInfo wraps data.
func contentInfo(data []byte) []byte {
	var b cryptobyte.Builder
	addContentInfo(&b, data)
	return b.BytesOrPanic()
}

func addContentInfo(b *cryptobyte.Builder, data []byte) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1ObjectIdentifier(oidData)
		b.AddASN1(tag0Cons, func(b *cryptobyte.Builder) { b.AddASN1OctetString(data) })
	})
}

// sealed puts the MAC under the content.
func (w writer) sealed(content []byte) ([]byte, error) {
	hash, oid, iterations, salt := crypto.SHA256, npki.OIDSHA256, npki.ModernEncryption().Iterations, make([]byte, saltSize)
	if w.compatible {
		hash, oid, iterations = crypto.SHA1, npki.OIDSHA1, compatibleIterations
	}
	if _, err := io.ReadFull(w.random, salt); err != nil {
		return nil, fmt.Errorf("drawing salt: %w", err)
	}
	digest := mac(hash, w.bmp, salt, iterations, content)
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1Int64(3)
		addContentInfo(b, content)
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
					b.AddASN1ObjectIdentifier(oid)
					b.AddASN1NULL()
				})
				b.AddASN1OctetString(digest)
			})
			b.AddASN1OctetString(salt)
			b.AddASN1Int64(int64(iterations))
		})
	})
	der, err := b.Bytes()
	if err != nil {
		return nil, fmt.Errorf("encoding PFX: %w", err)
	}
	if len(der) > MaxSize {
		return nil, ErrTooLarge
	}
	return der, nil
}
