package lifecycle

import "github.com/ingam-pki/ingam/internal/registration/letters"

// An emergency code is 16 letters and digits in groups of four, as
// 7K2M-0QXV-9T3B-HC4D. 15 of them are 75 random-looking bits, the last one
// finds what was mistyped.
const (
	codeSize  = 16
	codeGroup = 4
	// maxTyped bounds what is read as a code, in bytes.
	maxTyped = 64
)

// codeOf makes the code of a keyed hash of at least 10 bytes, without dashes.
func codeOf(mac []byte) string { return letters.Of(mac, codeSize) }

// FormatCode writes a code as it is handed out.
func FormatCode(code string) string { return letters.Group(code, codeGroup) }

// ParseCode reads a code as people type it: see letters.Read. ErrCodeForm when it
// can't be one.
func ParseCode(typed string) (string, error) {
	code, ok := letters.Read(typed, codeSize)
	if !ok || len(typed) > maxTyped {
		return "", ErrCodeForm
	}
	return code, nil
}
