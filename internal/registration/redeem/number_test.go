package redeem_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/ingam-pki/ingam/internal/registration/redeem"
)

var (
	referenceForm = regexp.MustCompile(`^\d{3}-\d{3}-\d{4}$`)
	codeForm      = regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){3}$`)
)

// number is any reference number: of ten that differ in the last digit one is.
func number(t *rapid.T) string {
	first := fmt.Sprintf("%09d", rapid.IntRange(0, 999_999_999).Draw(t, "number"))
	var found string
	for last := range 10 {
		if n, err := redeem.ParseReference(fmt.Sprint(first, last)); err == nil {
			if found != "" {
				t.Fatalf("two numbers begin with %s", first)
			}
			found = n
		}
	}
	if found == "" {
		t.Fatalf("no number begins with %s", first)
	}
	return found
}

func TestReferenceRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := number(t)
		written := redeem.FormatReference(n)
		if !referenceForm.MatchString(written) {
			t.Fatalf("written as %q", written)
		}
		between := rapid.SampledFrom([]string{"-", "", " ", "  ", ".", "–", "\u00a0", "\u3000", "\t"}).Draw(t, "between")
		wide := strings.Map(func(r rune) rune { return r - '!' + '！' }, n)
		for _, typed := range []string{n, written, " " + written + "\n", strings.ReplaceAll(written, "-", between), wide} {
			if got, err := redeem.ParseReference(typed); err != nil || got != n {
				t.Fatalf("%q is read as %q, %v", typed, got, err)
			}
		}
	})
}

// Any one wrong digit shows, and any swap of neighbours.
func TestReferenceTypos(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := number(t)
		taken := func(typed string) bool {
			_, err := redeem.ParseReference(typed)
			return err == nil
		}
		for i := range n {
			for d := '0'; d <= '9'; d++ {
				if typed := n[:i] + string(d) + n[i+1:]; typed != n && taken(typed) {
					t.Fatalf("%s for %s is taken", typed, n)
				}
			}
			if i > 0 && n[i] != n[i-1] && taken(n[:i-1]+string(n[i])+string(n[i-1])+n[i+1:]) {
				t.Fatalf("%s with places %d and %d swapped is taken", n, i-1, i)
			}
			if taken(n[:i] + n[i+1:]) {
				t.Fatalf("%s without place %d is taken", n, i)
			}
		}
	})
}

func TestNeitherNumberNorCode(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"", "-", "012345678", "01234567890", "012-345-678a", "공일이", "-012-345-678", strings.Repeat("0", 1<<16),
		"0123456786\x00", "+0123456786", "0x12345678"} {
		_, err := redeem.ParseReference(typed)
		refuses(t, err, redeem.ErrReferenceForm)
	}
	if _, err := redeem.ParseReference("012-345-6786"); err != nil {
		t.Error(err)
	}
	for _, typed := range []string{"", "-", strings.Repeat("0", 19), strings.Repeat("0", 21), strings.Repeat("가", 20), strings.Repeat("A", 1<<16)} {
		_, err := redeem.ParseCode(typed)
		refuses(t, err, redeem.ErrCodeForm)
	}
}

func FuzzParseReference(f *testing.F) {
	f.Add("012-345-6786")
	f.Add(" ０１２\u3000345.6786\n")
	f.Fuzz(func(t *testing.T, typed string) {
		n, err := redeem.ParseReference(typed)
		if err != nil {
			if !errors.Is(err, redeem.ErrReferenceForm) || n != "" {
				t.Fatalf("%q gives %q, %v", typed, n, err)
			}
			return
		}
		again, err := redeem.ParseReference(redeem.FormatReference(n))
		if err != nil || again != n || !referenceForm.MatchString(redeem.FormatReference(n)) {
			t.Fatalf("%q is read as %q and then as %q, %v", typed, n, again, err)
		}
	})
}

func FuzzParseCode(f *testing.F) {
	f.Add(anotherCode())
	f.Add("oIlu")
	f.Fuzz(func(t *testing.T, typed string) {
		c, err := redeem.ParseCode(typed)
		if err != nil {
			if !errors.Is(err, redeem.ErrCodeForm) || c != "" {
				t.Fatalf("%q gives %q, %v", typed, c, err)
			}
			return
		}
		again, err := redeem.ParseCode(redeem.FormatCode(c))
		if err != nil || again != c || !codeForm.MatchString(redeem.FormatCode(c)) {
			t.Fatalf("%q is read as %q and then as %q, %v", typed, c, again, err)
		}
	})
}
