package paper

import (
	"regexp"
	"strings"
)

func style(bold bool) string {
	if bold {
		return "B"
	}
	return ""
}

// plain is a text as it can be written here.
func (p *pen) plain(s string) string { return plain(p.spans, s) }

// wide is how wide a text is, in millimetres.
func (p *pen) wide(s string, size float64, bold bool) float64 {
	p.pdf.SetFont(family, style(bold), size)
	return p.pdf.GetStringWidth(p.plain(s))
}

// put writes one line with its base at y.
func (p *pen) put(x, y, size float64, bold bool, s string) {
	if s = p.plain(s); p.dry || s == "" {
		return
	}
	p.pdf.SetFont(family, style(bold), size)
	p.pdf.Text(x, y, s)
}

func height(size float64) float64 { return size * pointMM * leading }

// hanging is what stands before the text of an item: its lines begin behind it.
var hanging = regexp.MustCompile(`^(?:[-·•]|\d{1,2}[.)]) `)

// para writes a text in lines that are not wider than width, and goes on to new
// pages.
func (p *pen) para(x, width, size float64, bold bool, s string) {
	mark := hanging.FindString(s)
	indent := p.wide(mark, size, bold)
	lines := p.wrap(s[len(mark):], width-indent, size, bold)
	for i, line := range lines {
		if i == 0 && len(lines) > 1 {
			p.room(2 * height(size)) // no first line alone at the end of a page
		}
		p.room(height(size))
		base := p.y + size*pointMM*1.1
		if i == 0 && mark != "" {
			p.put(x, base, size, bold, mark)
		}
		p.put(x+indent, base, size, bold, line)
		p.y += height(size)
	}
}

// tall is how high para would be.
func (p *pen) tall(width, size float64, bold bool, s string) float64 {
	mark := hanging.FindString(s)
	return float64(len(p.wrap(s[len(mark):], width-p.wide(mark, size, bold), size, bold))) * height(size)
}

// wrap breaks a text at blanks, as Korean is set where words are kept whole; a
// word that is wider than a line is broken where it must be. There is at least
// one line.
func (p *pen) wrap(s string, width, size float64, bold bool) []string {
	p.pdf.SetFont(family, style(bold), size)
	measure := p.pdf.GetStringWidth
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(p.plain(s)) {
		joined := word
		if line != "" {
			joined = line + " " + word
		}
		if measure(joined) <= width {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for measure(word) > width {
			head := fitting(word, width, measure)
			lines = append(lines, head)
			word = word[len(head):]
		}
		line = word
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// fitting is the beginning of a word that fits into a width: one letter at
// least.
func fitting(word string, width float64, measure func(string) float64) string {
	at, sum := 0, 0.0
	for i, r := range word {
		if sum += measure(string(r)); sum > width && i > 0 {
			break
		}
		at = i + len(string(r))
	}
	return word[:at]
}
