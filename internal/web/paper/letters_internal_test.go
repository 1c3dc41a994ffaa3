package paper

import (
	"slices"
	"testing"
)

// TestLetters sees that both fonts have all Korean syllables, which names can
// have any of, and the same letters.
func TestLetters(t *testing.T) {
	t.Parallel()
	thin, err := coverage(regular)
	if err != nil {
		t.Fatal(err)
	}
	thick, err := coverage(bold)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(thin, thick) {
		t.Error("the fonts have other letters")
	}
	n := 0
	for r := '가'; r <= '힣'; r++ {
		if has(thin, r) {
			n++
		}
	}
	if n != 11172 {
		t.Errorf("the font has %d syllables", n)
	}
	for _, r := range "AZaz09 ·●□㈜()-—–“”‘’…₩" {
		if !has(thin, r) {
			t.Errorf("the font has no %c", r)
		}
	}
	if has(thin, '😀') || has(thin, 0xffff) || has(thin, 0x10ffff) {
		t.Error("the font has letters that it can't have")
	}
}

func FuzzCoverage(f *testing.F) {
	f.Add(regular[:4096])
	f.Add(regular[:200])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, font []byte) {
		spans, err := coverage(font)
		if err != nil {
			return
		}
		for _, s := range spans {
			if s.first > s.last || s.last > 0xffff {
				t.Errorf("a span from %x to %x", s.first, s.last)
			}
		}
	})
}

func FuzzPlain(f *testing.F) {
	f.Add("홍길동 \xff Nguyễn")
	spans, err := covered()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, r := range plain(spans, s) {
			if !has(spans, r) {
				t.Errorf("%q became %q, which the font has not", s, r)
			}
		}
	})
}
