package npki

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/unicode/norm"
)

// PasswordForms gives the bytes that a password may stand for when a file is
// opened, each once, the likeliest first. For printable ASCII it is the one.
// Hangul was typed into old programs as CP949 and into others as UTF-8, and
// some systems hand it over decomposed: so from either encoding the other is
// made. The first is the password itself and not a copy; who is done with the
// others clears them. None is longer than three times the password.
func PasswordForms(password []byte) [][]byte {
	forms := [][]byte{password}
	add := func(form []byte, err error) {
		if err != nil {
			return // it has letters that the encoding has not
		}
		for _, f := range forms {
			if bytes.Equal(f, form) {
				return
			}
		}
		forms = append(forms, form)
	}
	switch {
	case isASCII(password):
	case utf8.Valid(password):
		composed := norm.NFC.Bytes(password)
		add(composed, nil)
		add(korean.EUCKR.NewEncoder().Bytes(composed))
	default:
		form, err := korean.EUCKR.NewDecoder().Bytes(password)
		if err == nil && !bytes.ContainsRune(form, utf8.RuneError) {
			add(form, nil)
		}
	}
	return forms
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
