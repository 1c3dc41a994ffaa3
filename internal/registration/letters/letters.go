// Package letters writes codes that people copy from paper and reads them as
// people type them: Crockford's 32 letters and digits, in groups, the last one
// finding what was mistyped.
package letters

import "strings"

// alphabet is Crockford's: without I, L, O and U, which are taken for 1, 1, 0
// and V when somebody types them.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// maxTyped bounds what is read as a code, in bytes.
const maxTyped = 96

// Of makes a code of size letters, without dashes: all but the last hold five
// bits each of random, which has to have as many (size 16: 10 bytes, 20: 12).
func Of(random []byte, size int) string {
	code := make([]byte, 0, size)
	var bits, n uint
	i := 0
	for len(code) < size-1 {
		for n < 5 {
			bits, n = bits<<8|uint(random[i]), n+8
			i++
		}
		code = append(code, alphabet[bits>>(n-5)&31])
		n -= 5
	}
	return string(append(code, check(string(code))))
}

// check is by Luhn's rule for 32 letters (ISO/IEC 7812-1 Annex B, there for
// 10): any one wrong letter shows, and nearly every swap of neighbours.
func check(code string) byte {
	const n = len(alphabet)
	sum, factor := 0, 2
	for i := len(code) - 1; i >= 0; i-- {
		addend := factor * strings.IndexByte(alphabet, code[i])
		sum += addend/n + addend%n
		factor = 3 - factor
	}
	return alphabet[(n-sum%n)%n]
}

// Group writes a code in groups of so many letters, with dashes between.
func Group(code string, letters int) string {
	var groups []string
	for ; len(code) > letters; code = code[letters:] {
		groups = append(groups, code[:letters])
	}
	return strings.Join(append(groups, code), "-")
}

// Read reads a code of size letters as people type it: small letters, those of
// a Korean keyboard's wide form, blanks or dashes anywhere, O for 0, I and L for
// 1, U for V. ok is false when it can't be one.
func Read(typed string, size int) (code string, ok bool) {
	if len(typed) > maxTyped {
		return "", false
	}
	code = strings.Map(letter, typed)
	if size < 2 || len(code) != size || strings.Trim(code, alphabet) != "" || check(code[:size-1]) != code[size-1] {
		return "", false
	}
	return code, true
}

// letter gives what a typed rune stands for; -1 for what only parts groups.
func letter(r rune) rune {
	r = Narrow(r)
	if r >= 'a' && r <= 'z' {
		r += 'A' - 'a'
	}
	switch r {
	case 'O':
		return '0'
	case 'I', 'L':
		return '1'
	case 'U':
		return 'V'
	}
	if Parts(r) {
		return -1
	}
	return r
}

// Narrow gives the ASCII form of a wide one (전각), which Korean keyboards can
// write: ０ to 0, Ａ to A.
func Narrow(r rune) rune {
	if r >= '！' && r <= '～' {
		return r - '！' + '!'
	}
	return r
}

// Parts says whether a rune stands between groups only: blanks, dashes, dots.
func Parts(r rune) bool {
	switch r {
	case ' ', '-', '\t', '\n', '\r', '.', '_', '–', '—', '−', '‑', '\u00a0', '\u3000', '\u200b':
		return true
	}
	return false
}
