package letters_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/ingam-pki/ingam/internal/registration/letters"
)

const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

func anyCode(t *rapid.T) (code string, size int) {
	size = rapid.SampledFrom([]int{2, 8, 16, 20, 25}).Draw(t, "size")
	return letters.Of(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "random"), size), size
}

// What is written is read again, however it is typed.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		code, size := anyCode(t)
		if len(code) != size || strings.Trim(code, alphabet) != "" {
			t.Fatalf("%q is no code of %d letters", code, size)
		}
		written := letters.Group(code, 5)
		wide := strings.Map(func(r rune) rune {
			if r == '-' {
				return r
			}
			return r - '!' + '！'
		}, written)
		folded := strings.NewReplacer("0", rapid.SampledFrom([]string{"0", "o", "O"}).Draw(t, "zero"),
			"1", rapid.SampledFrom([]string{"1", "i", "I", "l", "L"}).Draw(t, "one"),
			"V", rapid.SampledFrom([]string{"V", "v", "u", "U"}).Draw(t, "vee"),
			"-", rapid.SampledFrom([]string{"", " ", "-", "–", "\u3000", "\u200b"}).Draw(t, "dash")).Replace(written)
		for _, typed := range []string{code, written, strings.ToLower(written), " " + written + "\n", wide, folded} {
			if got, ok := letters.Read(typed, size); !ok || got != code {
				t.Fatalf("%q is read as %q, %v; want %q", typed, got, ok, code)
			}
		}
	})
}

// Any one wrong letter shows, and so does one too many or too few.
func TestTypos(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		code, size := anyCode(t)
		i := rapid.IntRange(0, size-1).Draw(t, "place")
		for _, letter := range alphabet {
			typed := code[:i] + string(letter) + code[i+1:]
			if _, ok := letters.Read(typed, size); ok != (typed == code) {
				t.Fatalf("%q for %q: taken %v", typed, code, ok)
			}
		}
		for _, typed := range []string{code[:i] + code[i+1:], code + "0", "0" + code, "", strings.Repeat("-", 97)} {
			if _, ok := letters.Read(typed, size); ok {
				t.Fatalf("%q for %q is taken", typed, code)
			}
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add("7K2M0-QXV9T-3BHC4-D00AB", 20)
	f.Add(" oIlu\u3000０", 5)
	f.Add("", 0)
	f.Fuzz(func(t *testing.T, typed string, size int) {
		code, ok := letters.Read(typed, size)
		if !ok {
			if code != "" {
				t.Fatalf("%q gives %q", typed, code)
			}
			return
		}
		if len(code) != size || strings.Trim(code, alphabet) != "" || !utf8.ValidString(typed) {
			t.Fatalf("%q is read as %q", typed, code)
		}
		if again, ok := letters.Read(letters.Group(code, 5), size); size < 60 && (!ok || again != code) {
			t.Fatalf("%q is read as %q and then as %q", typed, code, again)
		}
	})
}
