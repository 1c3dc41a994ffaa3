package keys

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/json"
	"fmt"

	"golang.org/x/crypto/argon2"
)

// The bounds of what a file may ask of its reader.
const (
	ringFormat   = "ingam-ring"
	ringVersion  = 1
	maxPasses    = 16
	maxMemoryKiB = 1 << 20 // 1 GiB
	maxThreads   = 16
	ringThreads  = 4
)

// ringFile is the file: how the passphrase becomes a key, and the sealed ring.
type ringFile struct {
	Format  string  `json:"format"`
	Version int     `json:"version"`
	KDF     ringKDF `json:"kdf"`
	Cipher  string  `json:"cipher"`
	Nonce   []byte  `json:"nonce"`
	Sealed  []byte  `json:"sealed"`
}

type ringKDF struct {
	Name      string `json:"name"`
	Passes    uint32 `json:"passes"`
	MemoryKiB uint32 `json:"memoryKiB"`
	Threads   uint8  `json:"threads"`
	Salt      []byte `json:"salt"`
}

// ringSecrets is what is sealed.
type ringSecrets struct {
	Columns [][]byte `json:"columns"` // oldest first
	Index   []byte   `json:"index"`
	Audit   []byte   `json:"audit"`
}

const (
	kdfName    = "argon2id"
	cipherName = "AES-256-GCM"
)

// WriteRing seals a ring under a passphrase (Argon2id, AES-256-GCM) into a new
// file. Errors: ErrExists, ErrNoPassphrase.
func WriteRing(path string, ring *Ring, passphrase []byte, options ...Option) error {
	content, err := SealRing(ring, passphrase, options...)
	if err != nil {
		return err
	}
	return writeNew(path, content)
}

// ReplaceRing writes a ring over the file it was read from, after Rotate or
// Drop.
func ReplaceRing(path string, ring *Ring, passphrase []byte, options ...Option) error {
	content, err := SealRing(ring, passphrase, options...)
	if err != nil {
		return err
	}
	return writeOver(path, content)
}

// ReadRing opens a file of WriteRing. Errors: ErrWrongPassphrase, ErrFormat,
// ErrCost, and what opening a file gives.
func ReadRing(path string, passphrase []byte) (*Ring, error) {
	content, err := read(path)
	if err != nil {
		return nil, err
	}
	ring, err := OpenRing(content, passphrase)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return ring, nil
}

// SealRing gives the content of the file that WriteRing writes.
func SealRing(ring *Ring, passphrase []byte, options ...Option) ([]byte, error) {
	if len(passphrase) == 0 {
		return nil, ErrNoPassphrase
	}
	plain, err := ring.marshal()
	if err != nil {
		return nil, err
	}
	defer clear(plain)
	c := costOf(options)
	file := ringFile{
		Format: ringFormat, Version: ringVersion, Cipher: cipherName,
		KDF:   ringKDF{Name: kdfName, Passes: c.passes, MemoryKiB: c.memoryKiB, Threads: ringThreads, Salt: random(saltSize)},
		Nonce: random(nonceLen),
	}
	if err := file.check(); err != nil {
		return nil, err
	}
	aead, err := file.aead(passphrase)
	if err != nil {
		return nil, err
	}
	file.Sealed = aead.Seal(nil, file.Nonce, plain, []byte(ringFormat))
	content, err := json.MarshalIndent(file, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encoding ring file: %w", err)
	}
	return append(content, '\n'), nil
}

// OpenRing opens the content of a file that WriteRing wrote.
func OpenRing(content, passphrase []byte) (*Ring, error) {
	if len(passphrase) == 0 {
		return nil, ErrNoPassphrase
	}
	if len(content) > maxFile {
		return nil, ErrFormat
	}
	var file ringFile
	if err := decode(content, &file); err != nil {
		return nil, ErrFormat
	}
	if err := file.check(); err != nil {
		return nil, err
	}
	aead, err := file.aead(passphrase)
	if err != nil {
		return nil, err
	}
	plain, err := aead.Open(nil, file.Nonce, file.Sealed, []byte(ringFormat))
	if err != nil {
		return nil, ErrWrongPassphrase
	}
	defer clear(plain)
	return parseRing(plain)
}

// decode reads exactly one JSON value without members that are not known.
func decode(content []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(content))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if d.More() {
		return ErrFormat
	}
	return nil
}

func (f ringFile) check() error {
	k := f.KDF
	switch {
	case f.Format != ringFormat, f.Cipher != cipherName, k.Name != kdfName,
		len(k.Salt) < 8, len(k.Salt) > 64, len(f.Nonce) != nonceLen,
		k.Passes < 1, k.Threads < 1, k.MemoryKiB < 8*uint32(k.Threads):
		return ErrFormat
	case f.Version != ringVersion:
		return fmt.Errorf("%w: version %d, this program reads %d", ErrFormat, f.Version, ringVersion)
	case k.Passes > maxPasses, k.MemoryKiB > maxMemoryKiB, k.Threads > maxThreads:
		return ErrCost
	}
	return nil
}

func (f ringFile) aead(passphrase []byte) (cipher.AEAD, error) {
	k := f.KDF
	key := argon2.IDKey(passphrase, k.Salt, k.Passes, k.MemoryKiB, k.Threads, keySize)
	defer clear(key)
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("making cipher: %w", err)
	}
	return cipher.NewGCM(block)
}

func (r *Ring) marshal() ([]byte, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	secrets := ringSecrets{Index: r.index, Audit: r.audit}
	for _, k := range r.columns {
		secrets.Columns = append(secrets.Columns, k.secret)
	}
	return json.Marshal(secrets)
}

func parseRing(plain []byte) (*Ring, error) {
	var secrets ringSecrets
	if err := decode(plain, &secrets); err != nil {
		return nil, ErrFormat
	}
	if n := len(secrets.Columns); n == 0 || n > maxKeys ||
		len(secrets.Index) != keySize || len(secrets.Audit) != keySize {
		return nil, ErrFormat
	}
	r := &Ring{index: secrets.Index, audit: secrets.Audit}
	for _, secret := range secrets.Columns {
		if len(secret) != keySize {
			return nil, ErrFormat
		}
		k := newColumnKey(secret)
		if _, twice := r.find(k.id); twice {
			return nil, ErrFormat
		}
		r.columns = append(r.columns, k)
	}
	return r, nil
}
