package npki

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		password string
		want     []PasswordRule
	}{
		{fieldPassword, nil},
		{"abcdefg1!x", nil},
		{"a b c d 1 !", nil},
		{"abcdefg1!", []PasswordRule{PasswordTooShort}},
		{"1234567890!", []PasswordRule{PasswordNoLetter}},
		{"abcdefghij!", []PasswordRule{PasswordNoDigit}},
		{"abcdefghij1", []PasswordRule{PasswordNoSpecial}},
		{"abcdefghi 1", []PasswordRule{PasswordNoSpecial}},
		{"abcdefg1!'", []PasswordRule{PasswordForbidden}},
		{`abcdefg1!"`, []PasswordRule{PasswordForbidden}},
		{`abcdefg1!\`, []PasswordRule{PasswordForbidden}},
		{"abcdefg1!|", []PasswordRule{PasswordForbidden}},
		{"abcdefg1|x", []PasswordRule{PasswordNoSpecial, PasswordForbidden}},
		{"abcdefg1!₩", []PasswordRule{PasswordNotASCII}},
		{"abcdefg1!\t", []PasswordRule{PasswordNotASCII}},
		{"비밀번호", []PasswordRule{PasswordTooShort, PasswordNoLetter, PasswordNoDigit, PasswordNoSpecial, PasswordNotASCII}},
		{"", []PasswordRule{PasswordTooShort, PasswordNoLetter, PasswordNoDigit, PasswordNoSpecial}},
	} {
		err := CheckPassword([]byte(c.password))
		var broken *PasswordError
		if (err != nil) != errors.As(err, &broken) {
			t.Fatalf("%q: %v", c.password, err)
		}
		var got []PasswordRule
		if broken != nil {
			got = broken.Broken
			if c.password != "" && strings.Contains(err.Error(), c.password) {
				t.Errorf("%q is quoted in its error", c.password)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%q: %s", c.password, diff)
		}
	}
}
