package npki

import (
	"bytes"
	"crypto"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/sha1"
	"encoding/asn1"
	"fmt"
	"math/big"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"

	"github.com/ingam-pki/ingam/pki/kcrypto"
)

// seed4IV is the IV that programs of the field use with SEED4.
const seed4IV = "0123456789012345"

// readIterations takes an iteration count and bounds it before any work.
func readIterations(s *cryptobyte.String) (int, error) {
	n := new(big.Int)
	if !s.ReadASN1Integer(n) {
		return 0, ErrKeyFormat
	}
	if n.Sign() <= 0 || n.Cmp(big.NewInt(MaxIterations)) > 0 {
		return 0, ErrIterations
	}
	return int(n.Int64()), nil
}

// readPBES1 reads SEQUENCE { salt OCTET STRING, iterations INTEGER }.
func readPBES1(scheme Scheme, params cryptobyte.String) (Encryption, error) {
	var seq, salt cryptobyte.String
	if !params.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.ReadASN1(&salt, cbasn1.OCTET_STRING) ||
		len(salt) == 0 || len(salt) > maxSaltSize {
		return Encryption{}, ErrKeyFormat
	}
	n, err := readIterations(&seq)
	if err != nil {
		return Encryption{}, err
	}
	if !seq.Empty() {
		return Encryption{}, ErrKeyFormat
	}
	e := Encryption{Scheme: scheme, Iterations: n, Hash: crypto.SHA1, Salt: bytes.Clone(salt)}
	if scheme == SEED11 {
		e.Hash = 0
	}
	return e, nil
}

// readPBES2 reads PBES2-params (RFC 8018 appendix A.4).
func readPBES2(params cryptobyte.String) (Encryption, error) {
	var seq cryptobyte.String
	if !params.ReadASN1(&seq, cbasn1.SEQUENCE) {
		return Encryption{}, ErrKeyFormat
	}
	kdf, kdfParams, ok := readAlgorithm(&seq)
	if !ok || !kdf.Equal(OIDPBKDF2) {
		return Encryption{}, fmt.Errorf("%w: key derivation", ErrKeyFormat)
	}
	scheme, cipherParams, ok := readAlgorithm(&seq)
	if !ok || !seq.Empty() {
		return Encryption{}, ErrKeyFormat
	}
	c, known := cipherOf(scheme)
	if !known {
		return Encryption{}, fmt.Errorf("%w: cipher %s", ErrKeyFormat, scheme)
	}
	e := Encryption{Scheme: c.scheme}
	var iv cryptobyte.String
	if !cipherParams.ReadASN1(&iv, cbasn1.OCTET_STRING) || len(iv) != c.blockSize || !cipherParams.Empty() {
		return Encryption{}, fmt.Errorf("%w: IV", ErrKeyFormat)
	}
	e.IV = bytes.Clone(iv)
	if err := e.readPBKDF2(kdfParams); err != nil {
		return Encryption{}, err
	}
	return e, nil
}

// readPBKDF2 reads SEQUENCE { salt OCTET STRING, iterationCount INTEGER,
// keyLength INTEGER OPTIONAL, prf AlgorithmIdentifier DEFAULT hmacWithSHA1 }.
func (e *Encryption) readPBKDF2(params cryptobyte.String) error {
	var seq, salt cryptobyte.String
	if !params.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.ReadASN1(&salt, cbasn1.OCTET_STRING) ||
		len(salt) == 0 || len(salt) > maxSaltSize {
		return fmt.Errorf("%w: salt", ErrKeyFormat)
	}
	e.Salt = bytes.Clone(salt)
	n, err := readIterations(&seq)
	if err != nil {
		return err
	}
	e.Iterations = n
	if seq.PeekASN1Tag(cbasn1.INTEGER) {
		var size int
		if !seq.ReadASN1Integer(&size) || size != e.keySize() {
			return fmt.Errorf("%w: key length", ErrKeyFormat)
		}
	}
	e.Hash = crypto.SHA1
	if !seq.Empty() {
		prf, prfParams, ok := readAlgorithm(&seq)
		if e.Hash = prfHash(prf); !ok || e.Hash == 0 || !isNullOrAbsent(prfParams) || !seq.Empty() {
			return fmt.Errorf("%w: pseudo-random function", ErrKeyFormat)
		}
	}
	return nil
}

// addAlgorithm writes the AlgorithmIdentifier that readEncrypted reads.
func (e Encryption) addAlgorithm(b *cryptobyte.Builder) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		switch e.Scheme {
		case SEED15:
			b.AddASN1ObjectIdentifier(OIDPBESHA1SEEDCBC)
		case SEED4:
			b.AddASN1ObjectIdentifier(OIDSEEDCBC)
		case SEED11:
			b.AddASN1ObjectIdentifier(OIDPBEHAS160SEEDCBC)
		default:
			b.AddASN1ObjectIdentifier(OIDPBES2)
			e.addPBES2(b)
			return
		}
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1OctetString(e.Salt)
			b.AddASN1Int64(int64(e.Iterations))
		})
	})
}

func (e Encryption) addPBES2(b *cryptobyte.Builder) {
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(OIDPBKDF2)
			b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
				b.AddASN1OctetString(e.Salt)
				b.AddASN1Int64(int64(e.Iterations))
				if prf, _ := prfOID(e.hash()); !prf.Equal(OIDHMACSHA1) { // DER leaves the default out
					addAlgorithm(b, prf, true)
				}
			})
		})
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
			c, _ := e.Scheme.cipher()
			b.AddASN1ObjectIdentifier(c.oid)
			b.AddASN1OctetString(e.IV)
		})
	})
}

func prfOID(h crypto.Hash) (asn1.ObjectIdentifier, bool) {
	switch h {
	case crypto.SHA1:
		return OIDHMACSHA1, true
	case crypto.SHA224:
		return OIDHMACSHA224, true
	case crypto.SHA256:
		return OIDHMACSHA256, true
	case crypto.SHA384:
		return OIDHMACSHA384, true
	case crypto.SHA512:
		return OIDHMACSHA512, true
	default:
		return nil, false
	}
}

func prfHash(oid asn1.ObjectIdentifier) crypto.Hash {
	for _, h := range []crypto.Hash{crypto.SHA256, crypto.SHA1, crypto.SHA224, crypto.SHA384, crypto.SHA512} {
		if o, _ := prfOID(h); o.Equal(oid) {
			return h
		}
	}
	return 0
}

// derive gives the key and the IV for a password.
func (e Encryption) derive(password []byte) (key, iv []byte, err error) {
	switch {
	case e.Scheme.pbes2():
		if _, ok := prfOID(e.hash()); !ok {
			return nil, nil, fmt.Errorf("%w: hash function", ErrKeyFormat)
		}
		key, err = pbkdf2.Key(e.hash().New, string(password), e.Salt, e.Iterations, e.keySize())
		return key, e.IV, err
	case e.Scheme == SEED11:
		return e.deriveHAS160(password)
	}
	dk := pbkdf1(password, e.Salt, e.Iterations)
	if e.Scheme == SEED4 {
		return dk[:16], []byte(seed4IV), nil
	}
	sum := sha1.Sum(dk[16:])
	return dk[:16], sum[:16], nil
}

// pbkdf1 is PBKDF1 with SHA-1 (RFC 8018 section 5.1), all 20 bytes of it.
func pbkdf1(password, salt []byte, iterations int) [sha1.Size]byte {
	h := sha1.New()
	h.Write(password)
	h.Write(salt)
	var t [sha1.Size]byte
	h.Sum(t[:0])
	for range iterations - 1 {
		t = sha1.Sum(t[:])
	}
	return t
}

// deriveHAS160 is what SEED15 does, with the other hash function.
func (e Encryption) deriveHAS160(password []byte) (key, iv []byte, err error) {
	h, err := kcrypto.NewHAS160()
	if err != nil {
		return nil, nil, err
	}
	h.Write(password)
	h.Write(e.Salt)
	t := h.Sum(nil)
	for range e.Iterations - 1 {
		h.Reset()
		h.Write(t)
		t = h.Sum(t[:0])
	}
	h.Reset()
	h.Write(t[16:])
	return t[:16], h.Sum(nil)[:16], nil
}

func (e Encryption) block(password []byte) (cipher.Block, []byte, error) {
	key, iv, err := e.derive(password)
	if err != nil {
		return nil, nil, fmt.Errorf("deriving key: %w", err)
	}
	defer clear(key)
	if c, ok := e.Scheme.cipher(); ok {
		block, err := c.block(key)
		return block, iv, err
	}
	block, err := kcrypto.NewSEED(key)
	return block, iv, err
}

// decrypt gives the plaintext with its padding.
func (e Encryption) decrypt(password, ciphertext []byte) ([]byte, error) {
	block, iv, err := e.block(password)
	if err != nil {
		return nil, err
	}
	plain := make([]byte, len(ciphertext))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, ciphertext)
	return plain, nil
}

// encrypt takes a plaintext that is already padded.
func (e Encryption) encrypt(password, padded []byte) ([]byte, error) {
	block, iv, err := e.block(password)
	if err != nil {
		return nil, err
	}
	ciphertext := make([]byte, len(padded))
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(ciphertext, padded)
	return ciphertext, nil
}
