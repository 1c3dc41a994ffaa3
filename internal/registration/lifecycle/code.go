package lifecycle

import (
	"strings"
)

// An emergency code is 16 letters and digits in groups of four, as
// 7K2M-0QXV-9T3B-HC4D. 15 of them are 75 random-looking bits, the last one
// finds what was mistyped. The letters are Crockford's: without I, L, O and U,
// which are taken for 1, 1, 0 and V when somebody types them.
const (
	codeLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	codeSize    = 16
	// maxTyped bounds what is read as a code, in bytes.
	maxTyped = 64
)

// codeOf makes the code of a keyed hash of at least 10 bytes, without dashes.
func codeOf(mac []byte) string {
	var code [codeSize]byte
	var bits, n uint
	i := 0
	for at := range codeSize - 1 {
		for n < 5 {
			bits, n = bits<<8|uint(mac[i]), n+8
			i++
		}
		code[at] = codeLetters[bits>>(n-5)&31]
		n -= 5
	}
	code[codeSize-1] = checkLetter(string(code[:codeSize-1]))
	return string(code[:])
}

// checkLetter is by Luhn's rule for 32 letters (ISO/IEC 7812-1 Annex B, there
// for 10): any one wrong letter shows, and nearly every swap of neighbours.
func checkLetter(code string) byte {
	const n = len(codeLetters)
	sum, factor := 0, 2
	for i := len(code) - 1; i >= 0; i-- {
		addend := factor * strings.IndexByte(codeLetters, code[i])
		sum += addend/n + addend%n
		factor = 3 - factor
	}
	return codeLetters[(n-sum%n)%n]
}

// FormatCode writes a code as it is handed out.
func FormatCode(code string) string {
	var groups []string
	for ; len(code) > 4; code = code[4:] {
		groups = append(groups, code[:4])
	}
	return strings.Join(append(groups, code), "-")
}

// ParseCode reads a code as people type it: small letters, blanks or dashes
// anywhere, O for 0, I and L for 1, U for V. ErrCodeForm when it can't be one.
func ParseCode(typed string) (string, error) {
	if len(typed) > maxTyped {
		return "", ErrCodeForm
	}
	code := strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-', '\t', '\n', '\r', '.', '_', '–', '—', '\u00a0', '\u3000':
			return -1
		case 'o', 'O':
			return '0'
		case 'i', 'I', 'l', 'L':
			return '1'
		case 'u', 'U':
			return 'V'
		}
		if r >= 'a' && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, typed)
	if len(code) != codeSize || strings.Trim(code, codeLetters) != "" || checkLetter(code[:codeSize-1]) != code[codeSize-1] {
		return "", ErrCodeForm
	}
	return code, nil
}
