package lifecycle_test

import (
	"crypto/rand"
	"errors"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
)

const codeLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

var codeForm = regexp.MustCompile(`^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$`)

func anyCode(t *rapid.T) string {
	return lifecycle.CodeOf(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "mac"))
}

// A code survives being written down and typed in, in every way people do.
func TestCodeRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		code := anyCode(t)
		written := lifecycle.FormatCode(code)
		if !codeForm.MatchString(written) {
			t.Fatalf("written as %q", written)
		}
		forgiven := strings.NewReplacer("0", rapid.SampledFrom([]string{"0", "o", "O"}).Draw(t, "zero"),
			"1", rapid.SampledFrom([]string{"1", "i", "I", "l", "L"}).Draw(t, "one"),
			"V", rapid.SampledFrom([]string{"V", "v", "u", "U"}).Draw(t, "vee"),
			"-", rapid.SampledFrom([]string{"-", "", " ", "  ", ".", "_", "–", "—", "\u00a0", "\u3000", "\t", "\r\n"}).Draw(t, "dash"))
		for _, typed := range []string{code, written, strings.ToLower(written), " " + written + "\n", forgiven.Replace(written)} {
			if got, err := lifecycle.ParseCode(typed); err != nil || got != code {
				t.Fatalf("%q is read as %q, %v; want %q", typed, got, err, code)
			}
		}
	})
}

// Any one wrong letter shows, wherever it stands; so does one too many or too
// few.
func TestCodeTypos(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		code := anyCode(t)
		for i := range code {
			for _, letter := range codeLetters {
				if rune(code[i]) == letter {
					continue
				}
				if typed := code[:i] + string(letter) + code[i+1:]; parses(typed) {
					t.Fatalf("%s with a typo is taken: %s", code, typed)
				}
			}
			if parses(code[:i] + code[i+1:]) {
				t.Fatalf("%s without letter %d is taken", code, i)
			}
		}
	})
}

func parses(typed string) bool {
	_, err := lifecycle.ParseCode(typed)
	return err == nil
}

// Nearly every swap of neighbours shows: Luhn's rule misses one pair.
func TestCodeSwaps(t *testing.T) {
	t.Parallel()
	swaps, missed := 0, 0
	for range 500 {
		mac := make([]byte, 32)
		_, _ = rand.Read(mac)
		code := lifecycle.CodeOf(mac)
		for i := range len(code) - 1 {
			if code[i] == code[i+1] {
				continue
			}
			swaps++
			if parses(code[:i] + string(code[i+1]) + string(code[i]) + code[i+2:]) {
				missed++
			}
		}
	}
	if missed*100 > swaps {
		t.Errorf("%d of %d swaps are missed", missed, swaps)
	}
}

func TestCodesThatAreNone(t *testing.T) {
	t.Parallel()
	code := lifecycle.CodeOf(make([]byte, 32))
	for _, typed := range []string{"", "-", code + "0", "0" + code, code + code, strings.Repeat("-", 60) + code,
		code[:15] + "U1", "가나다라", code[:15] + "é", code[:15] + "\x00", strings.Repeat("A", 1<<20)} {
		_, err := lifecycle.ParseCode(typed)
		if !errors.Is(err, lifecycle.ErrCodeForm) {
			t.Errorf("%.40q: %v", typed, err)
			continue
		}
		whole(t, err)
	}
}

// Codes are spread: what differs in one bit of 75 is another code.
func TestCodeUsesItsBits(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for bit := range 75 {
		mac := make([]byte, 10)
		mac[bit/8] = 0x80 >> (bit % 8)
		seen[lifecycle.CodeOf(mac)] = true
	}
	if len(seen) != 75 {
		t.Errorf("75 bits make %d codes", len(seen))
	}
}

func FuzzParseCode(f *testing.F) {
	f.Add("7K2M-0QXV-9T3B-HC4D")
	f.Add(lifecycle.FormatCode(lifecycle.CodeOf(make([]byte, 32))))
	f.Add(" oIlu\u3000")
	f.Fuzz(func(t *testing.T, typed string) {
		code, err := lifecycle.ParseCode(typed)
		if err != nil {
			if !errors.Is(err, lifecycle.ErrCodeForm) || code != "" {
				t.Fatalf("%q gives %q, %v", typed, code, err)
			}
			return
		}
		if len(typed) > 64 || !utf8.ValidString(typed) {
			t.Fatalf("%q is taken", typed)
		}
		if !codeForm.MatchString(lifecycle.FormatCode(code)) {
			t.Fatalf("%q is read as %q", typed, code)
		}
		again, err := lifecycle.ParseCode(lifecycle.FormatCode(code))
		if err != nil || again != code {
			t.Fatalf("%q is read as %q and then as %q, %v", typed, code, again, err)
		}
	})
}
