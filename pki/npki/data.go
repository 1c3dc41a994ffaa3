package npki

import (
	"fmt"
	"io"

	"golang.org/x/crypto/cryptobyte"
)

// MaxDataSize bounds what DecryptData opens, in bytes.
const MaxDataSize = 1 << 20

// EncryptionOfAlgorithm reads how something is encrypted from the DER of its
// AlgorithmIdentifier: that of a key file, or of an EncryptedContentInfo as in
// a PFX. Errors: ErrKeyFormat (malformed, or a scheme that is not read here),
// ErrIterations.
func EncryptionOfAlgorithm(der []byte) (Encryption, error) {
	in := cryptobyte.String(der)
	oid, params, ok := readAlgorithm(&in)
	if !ok || !in.Empty() {
		return Encryption{}, ErrKeyFormat
	}
	return readScheme(oid, params)
}

// DecryptData opens what was encrypted with a password in this way; the
// password is taken as it is. A padding
// that is wrong gives ErrWrongPassword; one that is right does not prove the
// password, as a wrong one gives it once in 256 times. Who asks for the plain
// bytes clears them.
func DecryptData(ciphertext, password []byte, e Encryption) ([]byte, error) {
	if e.Scheme == Unencrypted {
		return nil, fmt.Errorf("%w: %s", ErrKeyFormat, e.Scheme)
	}
	if len(ciphertext) == 0 || len(ciphertext)%e.blockSize() != 0 || len(ciphertext) > MaxDataSize {
		return nil, fmt.Errorf("%w: ciphertext of %d bytes", ErrKeyFormat, len(ciphertext))
	}
	plain, err := e.decrypt(password, ciphertext)
	if err != nil {
		return nil, err
	}
	content, ok := unpad(plain, e.blockSize())
	if !ok {
		clear(plain)
		return nil, ErrWrongPassword
	}
	return content, nil
}

// EncryptData encrypts with a password and gives the DER of the
// AlgorithmIdentifier beside the ciphertext. Salt and IV are drawn from random
// unless e brings them. Errors as of EncryptKey.
func EncryptData(random io.Reader, plain, password []byte, e Encryption) (algorithm, ciphertext []byte, err error) {
	if e, err = e.drawn(random); err != nil {
		return nil, nil, err
	}
	if err = e.check(); err != nil {
		return nil, nil, err
	}
	padded := pad(plain, e.blockSize())
	defer clear(padded)
	if ciphertext, err = e.encrypt(password, padded); err != nil {
		return nil, nil, err
	}
	var b cryptobyte.Builder
	e.addAlgorithm(&b)
	if algorithm, err = b.Bytes(); err != nil {
		return nil, nil, fmt.Errorf("encoding encryption algorithm: %w", err)
	}
	return algorithm, ciphertext, nil
}
