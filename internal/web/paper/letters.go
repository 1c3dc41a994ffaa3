package paper

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

//go:embed font/NanumSquareR.ttf
var regular []byte

//go:embed font/NanumSquareB.ttf
var bold []byte

var errFont = errors.New("paper: the font can't be read")

// span is a run of letters that a font has.
type span struct{ first, last rune }

// covered are the letters that the font has. The bold one has the same.
var covered = sync.OnceValues(func() ([]span, error) { return coverage(regular) })

// coverage reads from a TrueType font which letters of the basic plane it has
// (OpenType, 'cmap', format 4).
func coverage(font []byte) ([]span, error) {
	table, err := cmap(font)
	if err != nil {
		return nil, err
	}
	n := int(binary.BigEndian.Uint16(table[6:]) / 2)
	if n == 0 || len(table) < 16+8*n {
		return nil, errFont
	}
	at := func(column, i int) uint16 { return binary.BigEndian.Uint16(table[14+2*(column*n+i):]) }
	var spans []span
	for i := range n {
		last, first := rune(at(0, i)), rune(binary.BigEndian.Uint16(table[16+2*(n+i):]))
		if first > last {
			return nil, errFont
		}
		delta := binary.BigEndian.Uint16(table[16+2*(2*n+i):])
		offset := 16 + 2*(3*n+i) // where the distance to the glyphs stands, which it counts from
		distance := int(binary.BigEndian.Uint16(table[offset:]))
		for r := first; r <= last && r != 0xffff; r++ {
			glyph := uint16(r) + delta //nolint:gosec // modulo 65536, as the format has it
			if distance != 0 {
				place := offset + distance + 2*int(r-first)
				if place+2 > len(table) {
					return nil, errFont
				}
				if glyph = binary.BigEndian.Uint16(table[place:]); glyph != 0 {
					glyph += delta
				}
			}
			if glyph == 0 {
				continue
			}
			if k := len(spans) - 1; k >= 0 && spans[k].last == r-1 {
				spans[k].last = r
			} else {
				spans = append(spans, span{r, r})
			}
		}
	}
	return spans, nil
}

// cmap finds the subtable of format 4 of a font.
func cmap(font []byte) ([]byte, error) {
	if len(font) < 12 {
		return nil, errFont
	}
	for i := range int(binary.BigEndian.Uint16(font[4:])) {
		if len(font) < 28+16*i {
			return nil, errFont
		}
		entry := font[12+16*i:]
		if string(entry[:4]) != "cmap" {
			continue
		}
		from := int(binary.BigEndian.Uint32(entry[8:]))
		if from+4 > len(font) {
			return nil, errFont
		}
		table := font[from:]
		for k := range int(binary.BigEndian.Uint16(table[2:])) {
			if len(table) < 12+8*k {
				return nil, errFont
			}
			sub := int(binary.BigEndian.Uint32(table[8+8*k:]))
			if sub+16 <= len(table) && binary.BigEndian.Uint16(table[sub:]) == 4 {
				return table[sub:], nil
			}
		}
	}
	return nil, errFont
}

// has says whether the font has a letter.
func has(spans []span, r rune) bool {
	_, found := slices.BinarySearchFunc(spans, r, func(s span, r rune) int {
		switch {
		case s.last < r:
			return -1
		case s.first > r:
			return 1
		}
		return 0
	})
	return found
}

// missing stands where the font has no letter, so that it shows that something
// stood there.
const missing = '□'

// plain is a text in the letters that the font has: composed, on one line,
// without what has no width. An accent that it lacks is left off its letter.
func plain(spans []span, s string) string {
	var out strings.Builder
	for _, r := range norm.NFC.String(strings.ToValidUTF8(s, string(missing))) {
		switch {
		case r == '\n' || r == '\t' || r == '\r' || r == '\v' || r == '\f' || r == 0x85 || unicode.Is(unicode.Zs, r) || r == 0x2028 || r == 0x2029:
			out.WriteByte(' ')
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Mn, r):
		case has(spans, r):
			out.WriteRune(r)
		default:
			bare, _, _ := strings.Cut(strings.Map(func(r rune) rune {
				if unicode.Is(unicode.Mn, r) {
					return -1
				}
				return r
			}, norm.NFKD.String(string(r))), " ")
			if bare == "" || strings.ContainsFunc(bare, func(r rune) bool { return !has(spans, r) }) {
				bare = string(missing)
			}
			out.WriteString(bare)
		}
	}
	return out.String()
}
