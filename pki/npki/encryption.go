package npki

import (
	"crypto"
	"fmt"

	"github.com/ingam-pki/ingam/pki/kcrypto"
)

// Scheme is how a key file is encrypted.
type Scheme int

// The schemes that are read. All but SEED11, PBES2TripleDES and Unencrypted
// are written, too.
const (
	// SEED15 is 1.2.410.200004.1.15, PBKDF1-SHA1 with SEED-CBC and an IV from
	// the password: what everybody writes.
	SEED15 Scheme = iota + 1
	// SEED4 is 1.2.410.200004.1.4 as a password scheme: as SEED15, with a
	// fixed IV. The same identifier is plain SEED-CBC within PBES2; they
	// differ by the type of their parameters.
	SEED4
	// PBES2SEED is PBES2 with PBKDF2 and SEED-CBC.
	PBES2SEED
	// PBES2AES128 is PBES2 with PBKDF2 and AES-128-CBC.
	PBES2AES128
	// PBES2AES256 is PBES2 with PBKDF2 and AES-256-CBC.
	PBES2AES256
	// PBES2AES192 is PBES2 with PBKDF2 and AES-192-CBC.
	PBES2AES192
	// PBES2ARIA128 is PBES2 with PBKDF2 and ARIA-128-CBC.
	PBES2ARIA128
	// PBES2ARIA192 is PBES2 with PBKDF2 and ARIA-192-CBC.
	PBES2ARIA192
	// PBES2ARIA256 is PBES2 with PBKDF2 and ARIA-256-CBC.
	PBES2ARIA256
	// PBES2TripleDES is PBES2 with PBKDF2 and 3DES in CBC mode, read only.
	PBES2TripleDES
	// SEED11 is 1.2.410.200004.1.11: as SEED15, with HAS-160 in place of SHA-1.
	// Read only.
	SEED11
	// Unencrypted is a key in clear; only OpenKeyFile takes one.
	Unencrypted
)

// String names the scheme for people.
func (s Scheme) String() string {
	switch s {
	case SEED15:
		return "pbeWithSHA1AndSEED-CBC"
	case SEED11:
		return "pbeWithHAS160AndSEED-CBC"
	case SEED4:
		return "seedCBC with SHA1"
	case Unencrypted:
		return "unencrypted"
	default:
		if c, ok := s.cipher(); ok {
			return "PBES2 with " + c.name
		}
		return fmt.Sprintf("Scheme(%d)", int(s))
	}
}

func (s Scheme) pbes2() bool {
	_, ok := s.cipher()
	return ok
}

// written says whether EncryptKey writes the scheme.
func (s Scheme) written() bool {
	return s == SEED15 || s == SEED4 || s.pbes2() && s != PBES2TripleDES
}

// Bounds on the iterations of the key derivation.
const (
	MinIterations = 1024       // for writing; the field has nothing lower
	MaxIterations = 10_000_000 // for reading and writing
)

// Sizes of salts in bytes.
const (
	pbes1SaltSize = 8
	pbes2SaltSize = 16
	maxSaltSize   = 64
)

// Encryption says how a key file is encrypted. Reading a file gives the one
// it had; handed to EncryptKey unchanged it gives the same bytes. For a new
// password use Fresh of it, so that salt and IV are new too.
type Encryption struct {
	Scheme     Scheme
	Iterations int
	Hash       crypto.Hash // of PBKDF2; 0 is the scheme's own: SHA-1 for SEED and 3DES, SHA-256 for AES and ARIA. SHA-1 for PBES1 (0 for SEED11).
	Salt       []byte      // nil: a new one is drawn
	IV         []byte      // nil: a new one is drawn; unused by PBES1
}

// DefaultEncryption is what every program of the field reads: SEED15 with
// 2048 iterations. It is weak by today's measure; say so to those who choose.
func DefaultEncryption() Encryption {
	return Encryption{Scheme: SEED15, Iterations: 2048, Hash: crypto.SHA1}
}

// ModernEncryption is PBES2 with PBKDF2-HMAC-SHA256 at 600,000 iterations and
// AES-256-CBC. OpenSSL opens it; old programs of the field do not.
func ModernEncryption() Encryption {
	return Encryption{Scheme: PBES2AES256, Iterations: 600_000, Hash: crypto.SHA256}
}

// Fresh is the same way of encrypting, with a salt and an IV still to be drawn.
func (e Encryption) Fresh() Encryption {
	e.Salt, e.IV = nil, nil
	return e
}

// Legacy says whether the scheme rests on SHA-1, HAS-160, SEED, 3DES or few
// iterations, or on nothing: to be read always, and written only so that old
// programs can read it.
func (e Encryption) Legacy() bool {
	return !e.Scheme.modern() || e.hash() == crypto.SHA1 || e.Iterations < 100_000
}

// modern says whether the cipher is of today.
func (s Scheme) modern() bool {
	c, ok := s.cipher()
	return ok && c.modern
}

func (e Encryption) hash() crypto.Hash {
	switch {
	case e.Hash != 0:
		return e.Hash
	case e.Scheme.modern():
		return crypto.SHA256
	default:
		return crypto.SHA1
	}
}

// keySize is the size of the cipher's key in bytes.
func (e Encryption) keySize() int {
	if c, ok := e.Scheme.cipher(); ok {
		return c.keySize
	}
	return kcrypto.SEEDKeySize
}

// blockSize is the size of the cipher's block, and so of its IV, in bytes.
func (e Encryption) blockSize() int {
	if c, ok := e.Scheme.cipher(); ok {
		return c.blockSize
	}
	return kcrypto.SEEDBlockSize
}

// check says whether this can be written.
func (e Encryption) check() error {
	switch {
	case !e.Scheme.written():
		return fmt.Errorf("%w: %s is not written", ErrKeyFormat, e.Scheme)
	case e.Iterations < MinIterations || e.Iterations > MaxIterations:
		return fmt.Errorf("%w: %d", ErrIterations, e.Iterations)
	case len(e.Salt) == 0 || len(e.Salt) > maxSaltSize:
		return fmt.Errorf("%w: salt of %d bytes", ErrKeyFormat, len(e.Salt))
	case e.Scheme.pbes2() && len(e.IV) != e.blockSize():
		return fmt.Errorf("%w: IV of %d bytes", ErrKeyFormat, len(e.IV))
	case !e.Scheme.pbes2() && e.hash() != crypto.SHA1:
		return fmt.Errorf("%w: PBES1 with another hash than SHA-1", ErrKeyFormat)
	}
	if _, ok := prfOID(e.hash()); !ok {
		return fmt.Errorf("%w: hash function", ErrKeyFormat)
	}
	return nil
}
