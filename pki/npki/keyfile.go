package npki

import (
	"bytes"
	"encoding/asn1"
	"errors"
	"fmt"
	"io"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

var (
	// ErrWrongPassword says that a key file does not open with the password.
	ErrWrongPassword = errors.New("npki: wrong password")
	// ErrDamaged says that the password is right, but what it opens was changed
	// or damaged after it was written. It is an ErrKeyFormat, too.
	ErrDamaged = fmt.Errorf("%w: damaged after it was encrypted", ErrKeyFormat)
	// ErrIterations says that a key derivation count is out of bounds.
	ErrIterations = errors.New("npki: iteration count out of bounds")
)

// EncryptionOf tells how a key file (DER of EncryptedPrivateKeyInfo) is
// encrypted, without a password. Errors: ErrKeyFormat, ErrIterations.
func EncryptionOf(der []byte) (Encryption, error) {
	e, _, err := readEncrypted(der)
	return e, err
}

// DecryptKey opens a key file: the DER of an EncryptedPrivateKeyInfo, as in
// signPri.key. The password may be any bytes; the rules of CheckPassword are
// for setting one. One that is not ASCII is tried in all PasswordForms. The
// Encryption is how the file was encrypted.
//
// Errors: ErrKeyFormat (not such a file, or a scheme or key that is not read
// here), ErrIterations (more than MaxIterations), ErrDamaged and, for what does
// not look like a key at all once it is decrypted, ErrWrongPassword. A file has
// no checksum: damage to its first bytes, its salt or its IV looks like a wrong
// password, and damage to R alone like another R.
func DecryptKey(der, password []byte) (*PrivateKey, Encryption, error) {
	e, ciphertext, err := readEncrypted(der)
	if err != nil {
		return nil, Encryption{}, err
	}
	forms := PasswordForms(password)
	defer func() {
		for _, form := range forms[1:] { // the first is the caller's
			clear(form)
		}
	}()
	err = ErrWrongPassword
	for _, form := range forms {
		var k *PrivateKey
		if k, err = e.open(form, ciphertext); err == nil {
			return k, e, nil
		}
		if !errors.Is(err, ErrWrongPassword) {
			break
		}
	}
	return nil, Encryption{}, err
}

// open tries one password.
func (e Encryption) open(password, ciphertext []byte) (*PrivateKey, error) {
	plain, err := e.decrypt(password, ciphertext)
	if err != nil {
		return nil, err
	}
	defer clear(plain)
	content, ok := unpad(plain, e.blockSize())
	if !ok {
		return nil, notOpened(plain)
	}
	info, ok := readPrivateKeyInfo(content)
	if !ok {
		return nil, notOpened(plain)
	}
	k, err := info.key()
	if err != nil && info.algorithm.Equal(OIDRSAEncryption) {
		if n, ok := modulusSize(info.pkcs1); !ok || n <= maxModulus+1 {
			return nil, ErrDamaged // it is no key of a sort that is not read
		}
	}
	return k, err
}

// What stands in an RSA key's PKCS#8 and comes out of a wrong password once in
// 2^56 bytes at most: the end of the algorithm with the beginning of the key,
// and the identifier of R.
var keyMarks = [][]byte{
	[]byte("\x01\x01\x01\x05\x00\x04\x82"),
	[]byte("\x06\x0a\x2a\x83\x1a\x8c\x9a\x44\x0a\x01\x01\x03"),
}

// notOpened tells a damaged file from a wrong password by what was decrypted.
func notOpened(plain []byte) error {
	for _, mark := range keyMarks {
		if bytes.Contains(plain, mark) {
			return ErrDamaged
		}
	}
	if len(plain) >= 8 && string(plain[:2]) == "\x30\x82" && plain[4] == 2 && plain[5] == 1 && plain[6] <= 1 && plain[7] == 0x30 {
		return ErrDamaged
	}
	return ErrWrongPassword
}

// EncryptKey writes a key file: the DER of an EncryptedPrivateKeyInfo that
// holds the key with R and all its attributes. Salt and IV are drawn from
// random unless e brings them. It does not judge the password: CheckPassword
// does. Errors: ErrIterations (under MinIterations or over MaxIterations),
// ErrKeyFormat.
func EncryptKey(random io.Reader, k *PrivateKey, password []byte, e Encryption) ([]byte, error) {
	plain, err := k.Marshal()
	if err != nil {
		return nil, err
	}
	defer clear(plain)
	algorithm, ciphertext, err := EncryptData(random, plain, password, e)
	if err != nil {
		return nil, err
	}
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddBytes(algorithm)
		b.AddASN1OctetString(ciphertext)
	})
	der, err := b.Bytes()
	if err != nil {
		return nil, fmt.Errorf("encoding key file: %w", err)
	}
	if len(der) > MaxKeySize {
		return nil, fmt.Errorf("%w: %d bytes", ErrKeyFormat, len(der))
	}
	return der, nil
}

// drawn fills in the salt and the IV that are missing.
func (e Encryption) drawn(random io.Reader) (Encryption, error) {
	if e.Salt == nil {
		e.Salt = make([]byte, pbes1SaltSize)
		if e.Scheme.pbes2() {
			e.Salt = make([]byte, pbes2SaltSize)
		}
		if _, err := io.ReadFull(random, e.Salt); err != nil {
			return e, fmt.Errorf("drawing salt: %w", err)
		}
	}
	if e.IV == nil && e.Scheme.pbes2() {
		e.IV = make([]byte, e.blockSize())
		if _, err := io.ReadFull(random, e.IV); err != nil {
			return e, fmt.Errorf("drawing IV: %w", err)
		}
	}
	return e, nil
}

// readEncrypted reads EncryptedPrivateKeyInfo ::= SEQUENCE {
// encryptionAlgorithm AlgorithmIdentifier, encryptedData OCTET STRING }.
func readEncrypted(der []byte) (Encryption, []byte, error) {
	if len(der) > MaxKeySize {
		return Encryption{}, nil, fmt.Errorf("%w: %d bytes", ErrKeyFormat, len(der))
	}
	in := cryptobyte.String(der)
	var seq, ciphertext cryptobyte.String
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() {
		return Encryption{}, nil, ErrKeyFormat
	}
	oid, params, ok := readAlgorithm(&seq)
	if !ok || !seq.ReadASN1(&ciphertext, cbasn1.OCTET_STRING) || !seq.Empty() {
		return Encryption{}, nil, ErrKeyFormat
	}
	e, err := readScheme(oid, params)
	if err != nil {
		return Encryption{}, nil, err
	}
	if len(ciphertext) == 0 || len(ciphertext)%e.blockSize() != 0 {
		return Encryption{}, nil, fmt.Errorf("%w: ciphertext of %d bytes", ErrKeyFormat, len(ciphertext))
	}
	return e, ciphertext, nil
}

// readScheme reads how something is encrypted from its AlgorithmIdentifier.
func readScheme(oid asn1.ObjectIdentifier, params cryptobyte.String) (Encryption, error) {
	switch {
	case oid.Equal(OIDPBESHA1SEEDCBC):
		return readPBES1(SEED15, params)
	case oid.Equal(OIDPBEHAS160SEEDCBC):
		return readPBES1(SEED11, params)
	case oid.Equal(OIDSEEDCBC) && params.PeekASN1Tag(cbasn1.SEQUENCE):
		return readPBES1(SEED4, params)
	case oid.Equal(OIDPBES2):
		return readPBES2(params)
	}
	return Encryption{}, fmt.Errorf("%w: encryption scheme %s", ErrKeyFormat, oid)
}

func pad(b []byte, blockSize int) []byte {
	n := blockSize - len(b)%blockSize
	return append(bytes.Clone(b), bytes.Repeat([]byte{byte(n)}, n)...)
}

func unpad(b []byte, blockSize int) ([]byte, bool) {
	if len(b) == 0 {
		return nil, false
	}
	n := int(b[len(b)-1])
	if n == 0 || n > blockSize || n > len(b) {
		return nil, false
	}
	for _, c := range b[len(b)-n:] {
		if int(c) != n {
			return nil, false
		}
	}
	return b[:len(b)-n], true
}
