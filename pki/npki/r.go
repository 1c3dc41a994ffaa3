package npki

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// RSize is the size of R in bytes.
const RSize = 20

// R is the random number of 160 bits that is made with a key, kept in its
// file and hashed into the VID (KCAC.TS.SIVID). Who shows R and the identity
// number shows that the certificate is theirs, so R is a secret of its owner:
// it prints as "R(redacted)" with every verb and in logs. Convert to []byte
// to store it. Leading zeros count.
type R []byte

// ErrR says that an R does not have RSize bytes.
var ErrR = errors.New("npki: R is not 20 bytes")

const redactedR = "R(redacted)"

// NewR makes an R from a source of randomness such as crypto/rand.Reader.
func NewR(rand io.Reader) (R, error) {
	r := make(R, RSize)
	if _, err := io.ReadFull(rand, r); err != nil {
		return nil, fmt.Errorf("making R: %w", err)
	}
	return r, nil
}

// String hides the value.
func (R) String() string { return redactedR }

// GoString hides the value.
func (R) GoString() string { return redactedR }

// Format hides the value whatever the verb.
func (R) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redactedR) }

// LogValue hides the value.
func (R) LogValue() slog.Value { return slog.StringValue(redactedR) }

// MarshalText hides the value, also from encoding/json.
func (R) MarshalText() ([]byte, error) { return []byte(redactedR), nil }
