package terminal

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// Width gives the columns that a text takes on a terminal. Letters of East
// Asia are two wide (UAX #11: W and F), marks that combine take none. Text is
// composed first: a disk of macOS hands Hangul back as single jamo.
func Width(s string) int {
	n := 0
	for _, r := range norm.NFC.String(s) {
		n += runeWidth(r)
	}
	return n
}

func runeWidth(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cc, unicode.Cf):
		return 0
	case r >= 0x1160 && r <= 0x11FF: // medial and final jamo join the letter before
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	default:
		return 1
	}
}

// Clean makes text from outside fit to be shown: composed, on one line, and
// without anything that a terminal would obey or that would turn the reading
// direction (control and format characters, U+2028, U+2029).
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r' || unicode.In(r, unicode.Zl, unicode.Zp):
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, norm.NFC.String(strings.ToValidUTF8(s, "")))
}

// Cut shortens a text to at most columns, ending in … when something is left
// out. It never cuts a wide letter in half.
func Cut(s string, columns int) string {
	s = norm.NFC.String(s)
	if Width(s) <= columns {
		return s
	}
	if columns < 1 {
		return ""
	}
	var b strings.Builder
	used := 0
	for _, r := range s {
		w := runeWidth(r)
		if used+w > columns-1 {
			break
		}
		used += w
		b.WriteRune(r)
	}
	return b.String() + "…"
}

// Pad fills a text with blanks up to columns.
func Pad(s string, columns int) string {
	if n := columns - Width(s); n > 0 {
		return s + strings.Repeat(" ", n)
	}
	return s
}

// Wrap breaks a text at blanks into lines of at most columns; a word longer
// than a line is broken where the line ends. Line breaks in the text stay.
func Wrap(s string, columns int) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(s, "\n") {
		lines = append(lines, wrapLine(paragraph, columns)...)
	}
	return lines
}

func wrapLine(s string, columns int) []string {
	var lines []string
	line, used := "", 0
	for _, word := range strings.Fields(s) {
		w := Width(word)
		if line != "" && used+1+w > columns {
			lines, line, used = append(lines, line), "", 0
		}
		if line != "" {
			line, used = line+" ", used+1
		}
		for line == "" && w > columns && columns > 1 {
			head, rest := split(word, columns)
			lines = append(lines, head)
			word, w = rest, Width(rest)
		}
		line, used = line+word, used+w
	}
	return append(lines, line)
}

// split takes as many letters as fit in columns, at least one. A path or a
// distinguished name breaks behind one of its parts if that leaves a line that
// is at least half full.
func split(s string, columns int) (head, rest string) {
	used := 0
	for i, r := range s {
		w := runeWidth(r)
		if i > 0 && used+w > columns {
			if part := strings.LastIndexAny(s[:i], `,/\`) + 1; Width(s[:part]) > columns/2 {
				i = part
			}
			return s[:i], s[i:]
		}
		used += w
	}
	return s, ""
}
