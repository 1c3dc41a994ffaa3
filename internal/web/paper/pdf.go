package paper

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/go-pdf/fpdf"
)

// Lengths are in millimetres, sizes of letters in points.
const (
	a4Width, a4Height = 210, 297
	rollWidth         = 80
	pointMM           = 25.4 / 72
	family            = "nanum"
	leading           = 1.42 // height of a line, in sizes of its letters
)

// format is what differs between the sizes.
type format struct {
	width, left, top, bottom float64 // of the page; bottom is where the text ends
	body, small, head        float64 // sizes of letters
	label                    float64 // width of the labels of facts
	code                     float64 // size of letters that are copied by hand
	symbol                   float64 // side of a QR code
	gap                      float64 // between parts
}

var formats = map[Size]format{
	A4: {width: a4Width, left: 20, top: 14, bottom: a4Height - 19, body: 9.5, small: 8, head: 17,
		label: 40, code: 20, symbol: 32, gap: 4},
	Receipt: {width: rollWidth, left: 4, top: 5, bottom: 1e9, body: 8.5, small: 7, head: 13,
		label: 20, code: 15, symbol: 38, gap: 3},
}

// pen writes a sheet from top to bottom. While it is dry it only measures.
type pen struct {
	format
	pdf   *fpdf.Fpdf
	sheet Sheet
	spans []span
	y     float64
	dry   bool
	pages int
}

// PDF makes the file of a sheet. The errors are defects: ErrLarge, ErrKind,
// ErrQR, or one of the library.
func PDF(s Sheet) ([]byte, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	spans, err := covered()
	if err != nil {
		return nil, err
	}
	p := &pen{format: formats[s.Size], sheet: s, spans: spans, pdf: document(s)}
	if s.Size == Receipt {
		p.dry = true
		if err := p.write(); err != nil {
			return nil, err
		}
		p.dry, p.pages, p.bottom = false, 0, p.y+p.top
	}
	if err := p.write(); err != nil {
		return nil, err
	}
	p.feet()
	var out bytes.Buffer
	if err := p.pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("writing a PDF: %w", err)
	}
	return out.Bytes(), nil
}

// document is an empty file. Its information holds nothing that tells two of
// the same sheet apart, and nobody's name.
func document(s Sheet) *fpdf.Fpdf {
	f := formats[s.Size]
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: f.width, Ht: a4Height}})
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(s.Made.UTC())
	pdf.SetModificationDate(s.Made.UTC())
	pdf.SetProducer("ingam", false)
	pdf.SetTitle(s.Title, true)
	pdf.SetLang(s.Lang)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(0, 0, 0)
	pdf.SetCellMargin(0)
	// Copies: while the library takes a font apart it writes into it.
	pdf.AddUTF8FontFromBytes(family, "", slices.Clone(regular))
	pdf.AddUTF8FontFromBytes(family, "B", slices.Clone(bold))
	return pdf
}

func (p *pen) write() error {
	p.page()
	p.head()
	for _, part := range p.sheet.Parts {
		if err := drawings[part.Kind](p, part); err != nil {
			return err
		}
		if p.pages > maxPages {
			return ErrLarge
		}
		p.y += p.gap
	}
	return p.pdf.Error()
}

// page begins a new one. A roll has one, as long as it has to be.
func (p *pen) page() {
	p.pages++
	p.y = p.top
	if p.dry {
		return
	}
	height := float64(a4Height)
	if p.sheet.Size == Receipt {
		height = max(p.bottom, p.width) // turned round when it were wider than high
	}
	p.pdf.AddPageFormat("P", fpdf.SizeType{Wd: p.width, Ht: height})
}

// room begins a new page when less than a height is left.
func (p *pen) room(height float64) {
	if p.sheet.Size == A4 && p.y+height > p.bottom && p.y > p.top {
		p.page()
	}
}

// head is the top of the first page: the mark, the bank, what this is.
func (p *pen) head() {
	side := p.body * pointMM * 1.7
	p.seal(p.left, p.y, side)
	p.put(p.left+side+2, p.y+side*.72, p.body, true, p.sheet.Bank)
	p.y += side + p.gap
	p.para(p.left, p.inner(), p.format.head, true, p.sheet.Title)
	if p.sheet.Number != "" {
		p.ink(grey)
		p.para(p.left, p.inner(), p.small, false, p.sheet.Number)
		p.ink(black)
	}
	p.y += p.gap / 2
	p.rule(black, .4)
	p.y += p.gap
}

// inner is the width between the margins.
func (p *pen) inner() float64 { return p.width - 2*p.left }

// feet writes the foot of all pages, when it is known how many there are.
func (p *pen) feet() {
	if p.sheet.Size != A4 {
		return
	}
	for n := 1; n <= p.pages; n++ {
		p.pdf.SetPage(n)
		p.y = a4Height - 17
		p.rule(light, .2)
		p.ink(grey)
		p.put(p.left, a4Height-12, p.small, false, p.sheet.Foot)
		count := fmt.Sprintf("%d / %d", n, p.pages)
		if p.sheet.Number != "" {
			count = p.sheet.Number + " · " + count
		}
		p.put(p.width-p.left-p.wide(count, p.small, false), a4Height-12, p.small, false, count)
		p.ink(black)
	}
}

// shade is how dark something is drawn, from 0 for black to 255.
type shade int

const (
	black shade = 0
	grey  shade = 80
	light shade = 190
)

func (p *pen) ink(s shade) { p.pdf.SetTextColor(int(s), int(s), int(s)) }

// rule draws a line from margin to margin.
func (p *pen) rule(s shade, width float64) { p.line(p.left, p.width-p.left, s, width) }

func (p *pen) line(from, to float64, s shade, width float64) {
	if p.dry {
		return
	}
	p.pdf.SetDrawColor(int(s), int(s), int(s))
	p.pdf.SetLineWidth(width)
	p.pdf.Line(from, p.y, to, p.y)
}

func (p *pen) box(x, y, w, h float64, s shade, width float64) {
	if p.dry {
		return
	}
	p.pdf.SetDrawColor(int(s), int(s), int(s))
	p.pdf.SetLineWidth(width)
	p.pdf.Rect(x, y, w, h, "D")
}

// seal draws the mark: a square of seal ink, its letters cut out.
func (p *pen) seal(x, y, side float64) {
	if p.dry {
		return
	}
	p.pdf.SetFillColor(0xc1, 0x36, 0x1f)
	p.pdf.RoundedRect(x, y, side, side, side*.08, "1234", "F")
	p.pdf.SetDrawColor(255, 255, 255)
	p.pdf.SetLineWidth(side * .06)
	at := func(v float64) float64 { return v * side / 96 }
	strokes := [][]float64{ // 인감, as the mark has it, on a field of 96
		{40, 12, 40, 47}, {15.5, 52, 15.5, 80.5, 43.5, 80.5}, {50.5, 15.6, 66.3, 15.6, 66.3, 42},
		{77, 12, 77, 47}, {77, 28.5, 85, 28.5}, {53.7, 54.5, 77, 54.5, 77, 80.5, 53.7, 80.5, 53.7, 54.5},
	}
	for _, s := range strokes {
		for i := 0; i+3 < len(s); i += 2 {
			p.pdf.Line(x+at(s[i]), y+at(s[i+1]), x+at(s[i+2]), y+at(s[i+3]))
		}
	}
	p.pdf.RoundedRect(x+at(15.5), y+at(15.5), at(14.6), at(21.8), at(6.8), "1234", "D")
}
