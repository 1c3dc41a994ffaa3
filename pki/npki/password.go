package npki

import (
	"strings"
	"unicode/utf8"
)

// MinPasswordLength is the least number of characters of a new password.
const MinPasswordLength = 10

// forbiddenInPassword are the characters that some program of the field can't
// take in a password; the backslash is ₩ on a Korean keyboard.
const forbiddenInPassword = `'"\|`

// PasswordRule is one of the rules for a new password.
type PasswordRule string

// The rules of the field since September 2014.
const (
	PasswordTooShort  PasswordRule = "too-short"  // under MinPasswordLength characters
	PasswordNoLetter  PasswordRule = "no-letter"  // no letter a–z or A–Z
	PasswordNoDigit   PasswordRule = "no-digit"   // no digit
	PasswordNoSpecial PasswordRule = "no-special" // no special character
	PasswordForbidden PasswordRule = "forbidden"  // one of ' " \ |
	PasswordNotASCII  PasswordRule = "not-ascii"  // something other than printable ASCII
)

// PasswordError lists the rules that a password breaks, each once, in the
// order above. It never quotes the password.
type PasswordError struct {
	Broken []PasswordRule
}

func (e *PasswordError) Error() string {
	s := make([]string, len(e.Broken))
	for i, r := range e.Broken {
		s[i] = string(r)
	}
	return "npki: password breaks the rules: " + strings.Join(s, ", ")
}

// CheckPassword says whether a password may be set for a key: nil, or a
// *PasswordError. Ask it before a password is set, never before a key is
// opened: older keys have shorter ones.
func CheckPassword(p []byte) error {
	var letter, digit, special, forbidden, foreign bool
	for _, c := range p {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
			letter = true
		case c >= '0' && c <= '9':
			digit = true
		case c < ' ' || c > '~':
			foreign = true
		case strings.IndexByte(forbiddenInPassword, c) >= 0:
			forbidden = true
		case c != ' ': // a blank is allowed, and special to nobody's eye
			special = true
		}
	}
	var broken []PasswordRule
	for _, r := range []struct {
		rule   PasswordRule
		breaks bool
	}{
		{PasswordTooShort, utf8.RuneCount(p) < MinPasswordLength},
		{PasswordNoLetter, !letter},
		{PasswordNoDigit, !digit},
		{PasswordNoSpecial, !special},
		{PasswordForbidden, forbidden},
		{PasswordNotASCII, foreign},
	} {
		if r.breaks {
			broken = append(broken, r.rule)
		}
	}
	if broken == nil {
		return nil
	}
	return &PasswordError{Broken: broken}
}
