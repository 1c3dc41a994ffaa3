package redeem

import (
	"strings"

	"github.com/ingam-pki/ingam/internal/registration/letters"
)

const (
	referenceSize = 10 // digits, the last one finds what was mistyped
	codeSize      = 20 // letters, likewise: the others are 95 random bits
	codeGroup     = 5
	codeBits      = 12 // bytes that the code is made of
	// maxTyped bounds what is read as a reference number, in bytes.
	maxTyped = 64
)

// damm is the table of H. Michael Damm's check digit (2004): a quasigroup with
// nothing but zeros on its diagonal. Any one wrong digit shows, and any swap of
// neighbours.
var damm = [10]string{
	"0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
	"3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
}

// checkDigit is the digit that belongs behind digits.
func checkDigit(digits string) byte {
	interim := byte('0')
	for i := range len(digits) {
		interim = damm[interim-'0'][digits[i]-'0']
	}
	return interim
}

// FormatReference writes a reference number as it is handed out: 123-456-7890.
func FormatReference(number string) string {
	if len(number) != referenceSize {
		return number
	}
	return number[:3] + "-" + number[3:6] + "-" + number[6:]
}

// ParseReference reads a reference number as people type it: blanks or dashes
// anywhere. ErrReferenceForm when it can't be one.
func ParseReference(typed string) (string, error) {
	if len(typed) > maxTyped {
		return "", ErrReferenceForm
	}
	number := strings.Map(func(r rune) rune {
		if letters.Parts(r) {
			return -1
		}
		return letters.Narrow(r)
	}, typed)
	if len(number) != referenceSize || strings.Trim(number, "0123456789") != "" ||
		checkDigit(number[:referenceSize-1]) != number[referenceSize-1] {
		return "", ErrReferenceForm
	}
	return number, nil
}

// FormatCode writes a code as it is handed out, in groups of five.
func FormatCode(code string) string { return letters.Group(code, codeGroup) }

// ParseCode reads a code as people type it. ErrCodeForm when it can't be one.
func ParseCode(typed string) (string, error) {
	code, ok := letters.Read(typed, codeSize)
	if !ok {
		return "", ErrCodeForm
	}
	return code, nil
}
