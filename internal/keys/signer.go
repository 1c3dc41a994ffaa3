package keys

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

const (
	signerType    = "ENCRYPTED PRIVATE KEY" // RFC 7468 §11
	saltSize      = 16
	maxIterations = 10_000_000
)

// Of PKCS #5 (RFC 8018 appendix C) and NIST's AES arc.
var (
	oidPBES2      = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}
	oidPBKDF2     = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}
	oidHMACSHA256 = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 9}
	oidAES256CBC  = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 42}
)

// WriteSigner seals a private key under a passphrase into a new file: PKCS #8
// EncryptedPrivateKeyInfo by PBES2 (RFC 8018 §6.2) with PBKDF2-HMAC-SHA256 and
// AES-256-CBC, in PEM. Errors: ErrExists, ErrNoPassphrase.
func WriteSigner(path string, key *rsa.PrivateKey, passphrase []byte, options ...Option) error {
	sealed, err := SealSigner(key, passphrase, options...)
	if err != nil {
		return err
	}
	return writeNew(path, sealed)
}

// ReadSigner opens a file of WriteSigner, or one that OpenSSL made with the
// same algorithms. Errors: ErrWrongPassphrase, ErrFormat, ErrCost, and what
// opening a file gives.
func ReadSigner(path string, passphrase []byte) (*rsa.PrivateKey, error) {
	content, err := read(path)
	if err != nil {
		return nil, err
	}
	key, err := OpenSigner(content, passphrase)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return key, nil
}

// SealSigner gives the content of the file that WriteSigner writes.
func SealSigner(key *rsa.PrivateKey, passphrase []byte, options ...Option) ([]byte, error) {
	if len(passphrase) == 0 {
		return nil, ErrNoPassphrase
	}
	plain, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("encoding private key: %w", err)
	}
	defer clear(plain)
	p := pbes2{salt: random(saltSize), iv: random(aes.BlockSize), iterations: costOf(options).iterations}
	mode, err := p.cipher(passphrase)
	if err != nil {
		return nil, err
	}
	padding := aes.BlockSize - len(plain)%aes.BlockSize
	sealed := append(bytes.Clone(plain), bytes.Repeat([]byte{byte(padding)}, padding)...)
	cipher.NewCBCEncrypter(mode, p.iv).CryptBlocks(sealed, sealed)
	der, err := p.marshal(sealed)
	if err != nil {
		return nil, fmt.Errorf("encoding sealed key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: signerType, Bytes: der}), nil
}

// OpenSigner opens the content of a file that WriteSigner wrote.
func OpenSigner(content, passphrase []byte) (*rsa.PrivateKey, error) {
	if len(passphrase) == 0 {
		return nil, ErrNoPassphrase
	}
	block, _ := pem.Decode(content)
	if block == nil || block.Type != signerType {
		return nil, ErrFormat
	}
	p, sealed, err := parsePBES2(block.Bytes)
	if err != nil {
		return nil, err
	}
	mode, err := p.cipher(passphrase)
	if err != nil {
		return nil, err
	}
	plain := make([]byte, len(sealed))
	defer clear(plain)
	cipher.NewCBCDecrypter(mode, p.iv).CryptBlocks(plain, sealed)
	padding := int(plain[len(plain)-1])
	if padding == 0 || padding > aes.BlockSize ||
		!bytes.Equal(plain[len(plain)-padding:], bytes.Repeat([]byte{byte(padding)}, padding)) {
		return nil, ErrWrongPassphrase
	}
	parsed, err := x509.ParsePKCS8PrivateKey(plain[:len(plain)-padding])
	if err != nil {
		// The parser's message may quote what it read: it is not passed on.
		return nil, ErrWrongPassphrase
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%w: not an RSA key", ErrFormat)
	}
	return key, nil
}

type pbes2 struct {
	salt, iv   []byte
	iterations int
}

func (p pbes2) cipher(passphrase []byte) (cipher.Block, error) {
	key, err := pbkdf2.Key(sha256.New, string(passphrase), p.salt, p.iterations, 32)
	if err != nil {
		return nil, fmt.Errorf("deriving key: %w", err)
	}
	defer clear(key)
	return aes.NewCipher(key)
}

// marshal encodes EncryptedPrivateKeyInfo (RFC 5958 §3).
func (p pbes2) marshal(sealed []byte) ([]byte, error) {
	sequence := func(b *cryptobyte.Builder, f cryptobyte.BuilderContinuation) {
		b.AddASN1(cbasn1.SEQUENCE, f)
	}
	b := cryptobyte.NewBuilder(nil)
	sequence(b, func(b *cryptobyte.Builder) {
		sequence(b, func(b *cryptobyte.Builder) {
			b.AddASN1ObjectIdentifier(oidPBES2)
			sequence(b, func(b *cryptobyte.Builder) {
				sequence(b, func(b *cryptobyte.Builder) {
					b.AddASN1ObjectIdentifier(oidPBKDF2)
					sequence(b, func(b *cryptobyte.Builder) {
						b.AddASN1OctetString(p.salt)
						b.AddASN1Int64(int64(p.iterations))
						sequence(b, func(b *cryptobyte.Builder) {
							b.AddASN1ObjectIdentifier(oidHMACSHA256)
							b.AddASN1NULL()
						})
					})
				})
				sequence(b, func(b *cryptobyte.Builder) {
					b.AddASN1ObjectIdentifier(oidAES256CBC)
					b.AddASN1OctetString(p.iv)
				})
			})
		})
		b.AddASN1OctetString(sealed)
	})
	return b.Bytes()
}

func parsePBES2(der []byte) (p pbes2, sealed []byte, err error) {
	input := cryptobyte.String(der)
	var info, scheme, params, kdf, kdfParams, prf, enc, salt, iv, data cryptobyte.String
	ok := input.ReadASN1(&info, cbasn1.SEQUENCE) && input.Empty() &&
		info.ReadASN1(&scheme, cbasn1.SEQUENCE) && readOID(&scheme, oidPBES2) &&
		scheme.ReadASN1(&params, cbasn1.SEQUENCE) && scheme.Empty() &&
		params.ReadASN1(&kdf, cbasn1.SEQUENCE) && readOID(&kdf, oidPBKDF2) &&
		kdf.ReadASN1(&kdfParams, cbasn1.SEQUENCE) && kdf.Empty() &&
		kdfParams.ReadASN1(&salt, cbasn1.OCTET_STRING) &&
		kdfParams.ReadASN1Integer(&p.iterations) &&
		// keyLength: AES-256 says it already
		kdfParams.SkipOptionalASN1(cbasn1.INTEGER) &&
		kdfParams.ReadASN1(&prf, cbasn1.SEQUENCE) && kdfParams.Empty() && readOID(&prf, oidHMACSHA256) &&
		params.ReadASN1(&enc, cbasn1.SEQUENCE) && params.Empty() && readOID(&enc, oidAES256CBC) &&
		enc.ReadASN1(&iv, cbasn1.OCTET_STRING) && enc.Empty() &&
		info.ReadASN1(&data, cbasn1.OCTET_STRING) && info.Empty()
	switch {
	case !ok, len(salt) < 8, len(salt) > 64, len(iv) != aes.BlockSize,
		len(data) == 0, len(data)%aes.BlockSize != 0, p.iterations < 1:
		return pbes2{}, nil, ErrFormat
	case p.iterations > maxIterations:
		return pbes2{}, nil, ErrCost
	}
	p.salt, p.iv = salt, iv
	return p, data, nil
}

func readOID(s *cryptobyte.String, want asn1.ObjectIdentifier) bool {
	var got asn1.ObjectIdentifier
	return s.ReadASN1ObjectIdentifier(&got) && got.Equal(want)
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return b
}
