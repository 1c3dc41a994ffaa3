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
// for setting one. The Encryption is how the file was encrypted.
//
// Errors: ErrKeyFormat (not such a file, or a scheme or key that is not read
// here), ErrIterations (more than MaxIterations), ErrWrongPassword — also when
// the padding happens to be right and what it holds is no PKCS#8 key.
func DecryptKey(der, password []byte) (*PrivateKey, Encryption, error) {
	e, ciphertext, err := readEncrypted(der)
	if err != nil {
		return nil, Encryption{}, err
	}
	plain, err := e.decrypt(password, ciphertext)
	if err != nil {
		return nil, Encryption{}, err
	}
	defer clear(plain)
	content, ok := unpad(plain)
	if !ok {
		return nil, Encryption{}, ErrWrongPassword
	}
	info, ok := readPrivateKeyInfo(content)
	if !ok {
		return nil, Encryption{}, ErrWrongPassword
	}
	k, err := info.key()
	if err != nil {
		return nil, Encryption{}, err
	}
	return k, e, nil
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
		e.IV = make([]byte, 16)
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
	if len(ciphertext) == 0 || len(ciphertext)%16 != 0 {
		return Encryption{}, nil, fmt.Errorf("%w: ciphertext of %d bytes", ErrKeyFormat, len(ciphertext))
	}
	e, err := readScheme(oid, params)
	return e, ciphertext, err
}

// readScheme reads how something is encrypted from its AlgorithmIdentifier.
func readScheme(oid asn1.ObjectIdentifier, params cryptobyte.String) (Encryption, error) {
	switch {
	case oid.Equal(OIDPBESHA1SEEDCBC):
		return readPBES1(SEED15, params)
	case oid.Equal(OIDSEEDCBC) && params.PeekASN1Tag(cbasn1.SEQUENCE):
		return readPBES1(SEED4, params)
	case oid.Equal(OIDPBES2):
		return readPBES2(params)
	}
	return Encryption{}, fmt.Errorf("%w: encryption scheme %s", ErrKeyFormat, oid)
}

func pad(b []byte) []byte {
	n := 16 - len(b)%16
	return append(bytes.Clone(b), bytes.Repeat([]byte{byte(n)}, n)...)
}

func unpad(b []byte) ([]byte, bool) {
	if len(b) == 0 {
		return nil, false
	}
	n := int(b[len(b)-1])
	if n == 0 || n > 16 || n > len(b) {
		return nil, false
	}
	for _, c := range b[len(b)-n:] {
		if int(c) != n {
			return nil, false
		}
	}
	return b[:len(b)-n], true
}
