// Package paper makes what a branch prints: sheets of A4, and the narrow roll of
// a receipt printer, as PDF. A Sheet says what stands on it; the console's pages
// show the same Sheet as HTML, so what is seen is what is printed.
//
//	pdf, err := paper.PDF(paper.Sheet{Lang: "ko", Size: paper.A4, …})
//	svg, err := paper.QR("https://bank.example/redeem")
//
// The same Sheet gives the same bytes: no clock and no chance takes part. Of the
// embedded fonts (NanumSquare, SIL Open Font License, see font/OFL.txt) a file
// holds the letters that it uses.
package paper

import (
	"errors"
	"time"
)

// Size is what a sheet is printed on.
type Size string

// The sizes.
const (
	A4      Size = "a4"
	Receipt Size = "receipt" // a roll, 80 mm wide, cut where the text ends
)

// Kind says how a part of a sheet looks.
type Kind string

// The kinds of parts, and which fields of Part they use.
const (
	Heading Kind = "heading" // Title; Text: one line below it each
	Facts   Kind = "facts"   // Title (may be empty), Facts
	Prose   Kind = "prose"   // Title (may be empty), Text: paragraphs; an empty one is a gap
	List    Kind = "list"    // Title (may be empty), Text: items
	Fine    Kind = "fine"    // Text: small print
	Command Kind = "command" // Title, Text: the words of what is typed at a prompt
	Note    Kind = "note"    // Title, Text: what must not be overlooked, in a frame
	Code    Kind = "code"    // Title, Text: groups of letters to be copied by hand
	Symbol  Kind = "symbol"  // Title (may be empty), QR: what the code says; Text: paragraphs beside it
	Sign    Kind = "sign"    // Facts: who is to sign; the name, when it is known
	Stamps  Kind = "stamps"  // Title, Facts: boxes side by side, for those who work here
	Break   Kind = "break"   // nothing: what follows begins on another page
)

// Part is one thing that stands on a sheet.
type Part struct {
	Kind  Kind
	Lang  string // when it is another than the sheet's
	Title string
	Text  []string
	Facts []Fact
	QR    string
}

// Fact is one line of a table.
type Fact struct{ Label, Value string }

// Sheet is a document: what stands on it, from top to bottom. It is the same on
// every size.
type Sheet struct {
	Lang   string // that of most of its text: "ko" or "en"
	Size   Size
	Bank   string    // at the head of it
	Title  string    // of the document
	Number string    // what it is filed under, at the head and on every page; may be empty
	Foot   string    // on every page; may be empty
	Made   time.Time // the file's date
	Parts  []Part
}

// Bounds of a sheet: what a bank hands over has a dozen pages.
const (
	maxText  = 256 << 10 // bytes of all its text
	maxPages = 60
)

// The errors. They are defects of who made the sheet.
var (
	ErrLarge = errors.New("paper: a sheet holds too much")
	ErrKind  = errors.New("paper: a sheet has a part or a size that there is not")
)

// check refuses what can't be laid out within bounds.
func (s Sheet) check() error {
	if s.Size != A4 && s.Size != Receipt {
		return ErrKind
	}
	size := len(s.Bank) + len(s.Title) + len(s.Number) + len(s.Foot)
	for _, p := range s.Parts {
		if drawings[p.Kind] == nil {
			return ErrKind
		}
		size += len(p.Title) + len(p.QR) + 1
		for _, t := range p.Text {
			size += len(t) + 1
		}
		for _, f := range p.Facts {
			size += len(f.Label) + len(f.Value) + 1
		}
	}
	if size > maxText {
		return ErrLarge
	}
	return nil
}
