package keys

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
)

const (
	keySize  = 32
	maxKeys  = 64 // a ring that was rotated more often keeps keys it should drop
	version1 = 1
	idSize   = 4
	nonceLen = 12
	// headLen is what stands before a sealed column's ciphertext.
	headLen = 1 + idSize + nonceLen
	// Overhead is by how many bytes a sealed column is longer than its plain
	// text.
	Overhead = headLen + 16
)

// Errors of the ring. ErrSealed says that a sealed column was changed, was
// moved to another place, or is no sealed column; which one can't be told.
var (
	ErrSealed     = errors.New("keys: sealed column does not open here")
	ErrUnknownKey = errors.New("keys: ring has no such column key")
	ErrKeyInUse   = errors.New("keys: the current column key can't be dropped")
	ErrRingFull   = errors.New("keys: ring holds too many column keys; drop old ones")
)

// KeyID names a column key. It is made from the key itself, so two rings that
// were rotated apart never use one name for two keys.
type KeyID [idSize]byte

// String gives the id as 8 hex digits.
func (id KeyID) String() string { return hex.EncodeToString(id[:]) }

// ParseKeyID reads what String gives.
func ParseKeyID(s string) (KeyID, error) {
	var id KeyID
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != idSize {
		return id, fmt.Errorf("%w: %q is not 8 hex digits", ErrUnknownKey, s)
	}
	return KeyID(b), nil
}

type columnKey struct {
	id     KeyID
	secret []byte
	aead   cipher.AEAD
}

// Ring is the data keys of one installation. It is safe for concurrent use
// and never prints its keys.
//
// A column key may seal 2³² values (random 96-bit nonces, NIST SP 800-38D
// §8.3): rotate long before. The index and the audit key don't rotate: every
// keyed hash and every seal of the log would have to be made anew.
type Ring struct {
	mu      sync.RWMutex
	columns []columnKey // oldest first; the last one seals
	index   []byte
	audit   []byte
}

// NewRing makes a ring of fresh random keys.
func NewRing() *Ring {
	r := &Ring{index: random(keySize), audit: random(keySize)}
	r.columns = []columnKey{newColumnKey(random(keySize))}
	return r
}

func newColumnKey(secret []byte) columnKey {
	block, err := aes.NewCipher(secret)
	if err != nil {
		panic(err) // the size is ours
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // AES has GCM's block size
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("ingam column key id"))
	return columnKey{id: KeyID(mac.Sum(nil)[:idSize]), secret: secret, aead: aead}
}

// Rotate adds a column key, with which Seal works from now on; what older ones
// sealed still opens. Save the ring (ReplaceRing) before the first use of the
// new key, and restart the other instances with it.
func (r *Ring) Rotate() (KeyID, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.columns) >= maxKeys {
		return KeyID{}, ErrRingFull
	}
	for {
		k := newColumnKey(random(keySize))
		if _, taken := r.find(k.id); !taken {
			r.columns = append(r.columns, k)
			return k.id, nil
		}
	}
}

// Drop forgets a column key. What it sealed is lost: count first
// (store.SealedBy) that nothing is. Errors: ErrUnknownKey; ErrKeyInUse for the
// key that seals.
func (r *Ring) Drop(id KeyID) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.columns, func(k columnKey) bool { return k.id == id })
	switch {
	case i < 0:
		return ErrUnknownKey
	case i == len(r.columns)-1:
		return ErrKeyInUse
	}
	clear(r.columns[i].secret)
	r.columns = slices.Delete(r.columns, i, i+1)
	return nil
}

// Keys gives the ids of the column keys, oldest first; the last one seals.
func (r *Ring) Keys() []KeyID {
	r.mu.RLock()
	defer r.mu.RUnlock()
	ids := make([]KeyID, len(r.columns))
	for i, k := range r.columns {
		ids[i] = k.id
	}
	return ids
}

// Current gives the id of the column key that seals.
func (r *Ring) Current() KeyID {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.columns[len(r.columns)-1].id
}

func (r *Ring) find(id KeyID) (columnKey, bool) {
	for _, k := range r.columns {
		if k.id == id {
			return k, true
		}
	}
	return columnKey{}, false
}

// Seal encrypts a value for one place in the database by AES-256-GCM. The
// sealed bytes name the key; they open only at the same table, column and row.
func (r *Ring) Seal(table, column, row string, plain []byte) ([]byte, error) {
	r.mu.RLock()
	k := r.columns[len(r.columns)-1]
	r.mu.RUnlock()
	sealed := make([]byte, 0, len(plain)+Overhead)
	sealed = append(sealed, version1)
	sealed = append(sealed, k.id[:]...)
	sealed = append(sealed, random(nonceLen)...)
	return k.aead.Seal(sealed, sealed[1+idSize:headLen], plain, place(table, column, row)), nil
}

// Open decrypts what Seal made for the same place. Errors: ErrSealed,
// ErrUnknownKey.
func (r *Ring) Open(table, column, row string, sealed []byte) ([]byte, error) {
	id, err := KeyOf(sealed)
	if err != nil {
		return nil, err
	}
	r.mu.RLock()
	k, ok := r.find(id)
	r.mu.RUnlock()
	if !ok {
		return nil, fmt.Errorf("%w: %s", ErrUnknownKey, id)
	}
	plain, err := k.aead.Open(nil, sealed[1+idSize:headLen], sealed[headLen:], place(table, column, row))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

// KeyOf says which key sealed a value. ErrSealed when it is no sealed value.
func KeyOf(sealed []byte) (KeyID, error) {
	if len(sealed) < Overhead || sealed[0] != version1 {
		return KeyID{}, ErrSealed
	}
	return KeyID(sealed[1 : 1+idSize]), nil
}

// place is the additional data that binds a value to where it is kept. Lengths
// go first, so that no two places read the same.
func place(table, column, row string) []byte {
	return prefixed("ingam column 1", table, column, row)
}

func prefixed(parts ...string) []byte {
	b := make([]byte, 0, 128)
	for _, part := range parts {
		b = binary.BigEndian.AppendUint32(b, uint32(len(part)))
		b = append(b, part...)
	}
	return b
}

// Index gives the keyed hash (HMAC-SHA256, 32 bytes) by which a sealed value
// is looked up. Hashes of one value in two columns have nothing in common.
func (r *Ring) Index(table, column string, value []byte) []byte {
	mac := hmac.New(sha256.New, r.index)
	mac.Write(prefixed("ingam index 1", table, column))
	mac.Write(value)
	return mac.Sum(nil)
}

// AuditKey gives a copy of the key that seals the audit log, 32 bytes.
func (r *Ring) AuditKey() []byte { return bytes.Clone(r.audit) }

const redacted = "Ring(redacted)"

// String hides the keys.
func (r *Ring) String() string { return redacted }

// GoString hides the keys.
func (r *Ring) GoString() string { return redacted }

// LogValue hides the keys.
func (r *Ring) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalJSON refuses: a ring is written by WriteRing only.
func (r *Ring) MarshalJSON() ([]byte, error) {
	return nil, errors.New("keys: a ring is not written as JSON")
}
