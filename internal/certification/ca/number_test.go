package ca

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"
)

func TestNewSerial(t *testing.T) {
	t.Parallel()
	for _, fill := range []byte{0x00, 0xff} {
		n, err := newSerial(bytes.NewReader(bytes.Repeat([]byte{fill}, serialSize)))
		if err != nil {
			t.Fatal(err)
		}
		if n.Sign() <= 0 || n.BitLen() != 127 || len(SerialOf(n)) != 32 {
			t.Errorf("of %#x bytes: %s with %d bits", fill, SerialOf(n), n.BitLen())
		}
	}
	seen := map[string]bool{}
	for range 1000 {
		n, err := newSerial(rand.Reader)
		if err != nil || seen[SerialOf(n)] {
			t.Fatalf("%v, or drawn before", err)
		}
		seen[SerialOf(n)] = true
	}
	if _, err := newSerial(iotest.ErrReader(io.ErrUnexpectedEOF)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("without random bytes: %v", err)
	}
}

func TestNineDigits(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		random []byte
		want   string
	}{
		"least":          {[]byte{0, 0, 0, 0}, "000000000"},
		"greatest":       {[]byte{0x3b, 0x9a, 0xc9, 0xff}, "999999999"},
		"around":         {[]byte{0x3b, 0x9a, 0xca, 0x00}, "000000000"},
		"unfair, again":  {[]byte{0xff, 0xff, 0xff, 0xff, 0, 0, 0, 7}, "000000007"},
		"last fair":      {[]byte{0xee, 0x6b, 0x27, 0xff}, "999999999"},
		"first unfair":   {[]byte{0xee, 0x6b, 0x28, 0x00, 0, 0, 0, 1}, "000000001"},
		"nothing random": {nil, ""},
	} {
		got, err := nineDigits(bytes.NewReader(test.random))
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestDay(t *testing.T) {
	t.Parallel()
	if got := day(time.Date(2026, 12, 31, 15, 0, 0, 0, time.UTC)); got != "20270101" {
		t.Errorf("New Year in Seoul is %s", got)
	}
}

func TestShorten(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"홍길동", strings.Repeat("가", 20), strings.Repeat("가", maxName), strings.Repeat("가", maxName+1),
		"ALEXANDER BARTHOLOMEW CHRISTOPHER DELACROIX-MONTGOMERY VAN DER HOEVEN", strings.Repeat("A ", 60),
	} {
		got := shorten(name, maxName)
		if n := utf8.RuneCountInString(got + "()00990412026031412345678" + "9"); n > maxCN {
			t.Errorf("%q makes a common name of %d letters", name, n)
		}
		if !strings.HasPrefix(name, got) || utf8.RuneCountInString(name) <= maxName && got != name {
			t.Errorf("%q became %q", name, got)
		}
	}
}

func TestPersonName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"홍길동":        "홍길동",
		" 홍길동\u3000": "홍길동",
		"\u1112\u1169\u11bc\u1100\u1175\u11af\u1103\u1169\u11bc": "홍길동", // decomposed, as macOS has it
		"(주)인감":       "(주)인감",
		"O'Neil, Jr.": "O'Neil, Jr.",
		"홍\n길동":       "", "홍\x7f": "", "\ufeff홍길동": "", "\xff": "", "\ufffd": "", "": "", " ": "",
	} {
		if got := personName(name); got != want {
			t.Errorf("%q became %q, want %q", name, got, want)
		}
	}
}
