// Package keys holds the secrets of the service and the files they rest in.
//
// There are two sorts. A signer is an RSA private key of the authority (root,
// issuing, key management, OCSP): WriteSigner seals it under a passphrase in a
// PEM file that `openssl pkey` opens too, ReadSigner opens it. The Ring holds
// the symmetric keys of the data: those that seal personal columns, the one
// that makes keyed hashes for look-ups, and the one that seals the audit log.
// WriteRing and ReadRing keep it in a file of its own, because it changes
// (keys rotate) and the signers don't.
//
// Nothing here prints, logs or formats a key. A file is written whole or not
// at all, readable by its owner only; one that exists is never written over,
// except the ring by ReplaceRing.
package keys

import "errors"

// Errors of the files. A wrong passphrase and a file whose sealed part was
// changed can't be told apart: both are ErrWrongPassphrase.
var (
	ErrWrongPassphrase = errors.New("keys: passphrase does not open the file")
	ErrNoPassphrase    = errors.New("keys: passphrase is empty")
	ErrFormat          = errors.New("keys: not a sealed file that is understood")
	ErrCost            = errors.New("keys: file asks for more work or memory than is allowed")
	ErrExists          = errors.New("keys: file exists already")
)

// cost is how much work a passphrase takes to try.
type cost struct {
	iterations int    // PBKDF2 rounds of a signer file
	passes     uint32 // Argon2id passes of a ring file
	memoryKiB  uint32 // Argon2id memory of a ring file
}

// OWASP's floor for PBKDF2-HMAC-SHA256, and the second recommended setting of
// RFC 9106 §4.
var defaultCost = cost{iterations: 600_000, passes: 3, memoryKiB: 64 << 10}

// Option changes how a file is sealed.
type Option func(*cost)

// Iterations sets the PBKDF2 rounds of a signer file; 600 000 when not given.
// Lower is for tests.
func Iterations(n int) Option { return func(c *cost) { c.iterations = n } }

// Memory sets the Argon2id memory of a ring file in KiB; 65 536 when not
// given. Lower is for tests.
func Memory(kib uint32) Option { return func(c *cost) { c.memoryKiB = kib } }

func costOf(options []Option) cost {
	c := defaultCost
	for _, option := range options {
		option(&c)
	}
	return c
}
