package paper

import (
	"strings"

	"rsc.io/qr"
)

// drawings is how each kind of part is drawn.
var drawings = map[Kind]func(*pen, Part) error{
	Heading: drawn((*pen).heading),
	Facts:   drawn((*pen).facts),
	Prose:   drawn((*pen).prose),
	List:    drawn((*pen).list),
	Fine:    drawn((*pen).fine),
	Command: drawn((*pen).command),
	Note:    drawn((*pen).note),
	Code:    drawn((*pen).codes),
	Symbol:  (*pen).symbolic,
	Sign:    drawn((*pen).sign),
	Stamps:  drawn((*pen).stamps),
	Break:   drawn(func(p *pen, _ Part) { p.apart() }),
}

// drawn is a drawing that can't fail.
func drawn(draw func(*pen, Part)) func(*pen, Part) error {
	return func(p *pen, part Part) error {
		draw(p, part)
		return nil
	}
}

// apart begins another page; on a roll a line says so.
func (p *pen) apart() {
	if p.sheet.Size == A4 {
		p.page()
		p.y -= p.gap
		return
	}
	p.rule(black, .4)
}

func (p *pen) heading(part Part) {
	p.room(4 * height(p.body))
	p.para(p.left, p.inner(), p.body+3, true, part.Title)
	p.ink(grey)
	for _, t := range part.Text {
		p.para(p.left, p.inner(), p.small, false, t)
	}
	p.ink(black)
}

// title stands above a part, on the page of its beginning.
func (p *pen) title(s string, with float64) {
	if s == "" {
		return
	}
	p.room(p.tall(p.inner(), p.body+1, true, s) + 1 + with)
	p.para(p.left, p.inner(), p.body+1, true, s)
	p.y++
}

func (p *pen) facts(part Part) {
	p.title(part.Title, 3*height(p.body))
	label, value := p.label, p.inner()-p.label-2
	for _, f := range part.Facts {
		high := max(p.tall(label, p.small, false, f.Label), p.tall(value, p.body, false, f.Value))
		p.room(high + 2)
		p.line(p.left, p.width-p.left, light, .2)
		p.y++
		from := p.y
		p.ink(grey)
		p.para(p.left, label, p.small, false, f.Label)
		p.ink(black)
		labelled := p.y
		p.y = from
		p.para(p.left+label+2, value, p.body, false, f.Value)
		p.y = max(p.y, labelled) + 1
	}
	p.rule(light, .2)
}

func (p *pen) prose(part Part) {
	p.title(part.Title, 2*height(p.body))
	for _, t := range part.Text {
		if t == "" {
			p.y += height(p.body) / 2
			continue
		}
		p.para(p.left, p.inner(), p.body, false, t)
	}
}

func (p *pen) list(part Part) {
	p.title(part.Title, 2*height(p.body))
	for _, t := range part.Text {
		p.para(p.left, p.inner(), p.body, false, "- "+t)
	}
}

func (p *pen) fine(part Part) {
	p.ink(grey)
	for _, t := range part.Text {
		p.para(p.left, p.inner(), p.small, false, t)
	}
	p.ink(black)
}

func (p *pen) command(part Part) {
	p.title(part.Title, height(p.body))
	p.para(p.left, p.inner(), p.body, false, strings.Join(part.Text, " "))
}

func (p *pen) note(part Part) {
	const inset = 3
	width := p.inner() - 2*inset
	high := p.tall(width, p.body, true, part.Title) + 2*inset
	for _, t := range part.Text {
		high += p.tall(width, p.body, false, t)
	}
	p.room(high)
	p.box(p.left, p.y, p.inner(), high, black, .4)
	p.y += inset
	p.para(p.left+inset, width, p.body, true, part.Title)
	for _, t := range part.Text {
		p.para(p.left+inset, width, p.body, false, t)
	}
	p.y += inset
}

// codes writes groups side by side, as many as fit: what is copied by hand is
// read a group at a time.
func (p *pen) codes(part Part) {
	line := height(p.code)
	p.title(part.Title, line*2)
	x, gap := p.left, p.wide("00", p.code, true)*.6
	p.room(line)
	for _, group := range part.Text {
		w := p.wide(group, p.code, true)
		if x > p.left && x+w > p.width-p.left {
			x = p.left
			p.y += line
			p.room(line)
		}
		p.put(x, p.y+p.code*pointMM*1.1, p.code, true, group)
		x += w + gap
	}
	p.y += line
}

// symbolic draws a QR code with its quiet zone, and paragraphs beside it; on a
// roll below it.
func (p *pen) symbolic(part Part) error {
	code, err := encode(part.QR)
	if err != nil {
		return err
	}
	p.title(part.Title, p.symbol)
	width, high := p.inner(), p.symbol
	if p.sheet.Size == A4 {
		width -= p.symbol + p.gap
		text := 0.0
		for _, t := range part.Text {
			text += p.tall(width, p.body, false, t)
		}
		high = max(high, text)
	}
	p.room(high)
	from := p.y
	if p.sheet.Size == A4 {
		p.modules(code, p.width-p.left-p.symbol)
	} else {
		p.modules(code, (p.width-p.symbol)/2)
		p.y += p.symbol
	}
	for _, t := range part.Text {
		p.para(p.left, width, p.body, false, t)
	}
	p.y = max(p.y, from+high)
	return nil
}

// modules draws the black ones: rows overlap by a hair so that no gap shows
// between them.
func (p *pen) modules(code *qr.Code, left float64) {
	if p.dry {
		return
	}
	const hair = .01
	m := p.symbol / float64(code.Size+2*quiet)
	p.pdf.SetFillColor(0, 0, 0)
	runs(code, func(x, y, n int) {
		p.pdf.Rect(left+m*float64(x+quiet), p.y+m*float64(y+quiet), m*float64(n)+hair, m+hair, "F")
	})
}

// sign writes lines to sign on: who signs before them, the name above.
func (p *pen) sign(part Part) {
	const line, own = 12, 26 // of a line; what is left of it for the signature
	from := p.left + p.inner()*.3
	for _, f := range part.Facts {
		lines := p.wrap(f.Value, max(p.width-p.left-from-own, own), p.body, false)
		labels := p.wrap(f.Label, from-p.left-1, p.body, true)
		high := max(line, height(p.body)*float64(max(len(lines), len(labels)))+3)
		p.room(high)
		p.y += high
		p.above(p.left, labels, true)
		p.above(from+1, lines, false)
		p.line(from, p.width-p.left, black, .3)
	}
}

// above writes lines that end above where the pen is.
func (p *pen) above(x float64, lines []string, bold bool) {
	for i, l := range lines {
		p.put(x, p.y-1.5-height(p.body)*float64(len(lines)-1-i), p.body, bold, l)
	}
}

// stamps draws a row of boxes: who is to stamp at the head, the name in it.
func (p *pen) stamps(part Part) {
	const head, field = 6, 16
	n := float64(len(part.Facts))
	if n == 0 {
		return
	}
	p.title(part.Title, head+field)
	p.room(head + field)
	w := min(38, p.inner()/n)
	x := p.width - p.left - w*n
	for _, f := range part.Facts {
		p.box(x, p.y, w, head, black, .2)
		p.box(x, p.y+head, w, field, black, .2)
		p.amid(x, p.y, w, head, f.Label)
		p.amid(x, p.y+head, w, field, f.Value)
		x += w
	}
	p.y += head + field
}

// amid writes a text in the middle of a box: smaller when it is long, and what
// fits in no size is cut.
func (p *pen) amid(x, y, w, h float64, s string) {
	size := p.small
	lines := p.wrap(s, w-2, size, false)
	for ; size > 4 && float64(len(lines))*height(size) > h; size -= .5 {
		lines = p.wrap(s, w-2, size-.5, false)
	}
	if most := max(int(h/height(size)), 1); len(lines) > most {
		lines = lines[:most]
		last := []rune(lines[most-1])
		lines[most-1] = string(last[:len(last)-1]) + "…"
	}
	top := y + (h-float64(len(lines))*height(size))/2
	for i, l := range lines {
		p.put(x+(w-p.wide(l, size, false))/2, top+height(size)*float64(i)+size*pointMM*1.1, size, false, l)
	}
}
