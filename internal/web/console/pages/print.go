package pages

import (
	"html/template"

	"github.com/ingam-pki/ingam/internal/web/paper"
)

// Print is the page of a paper that can be printed at any time: what is seen is
// what the PDF says.
type Print struct {
	Frame
	Paper string // form or consent
	Case  string // id
	In    string // language of the paper: ko or en
	Sheet paper.Sheet
}

func (Print) template() string { return "print" }

// Number is the case's, as people read it.
func (v Print) Number() string { return CaseNumber(v.Case) }

// PrintSlip is the page of a slip, shown once, right after its codes were handed
// out. Gone says that it was, or that none were.
type PrintSlip struct {
	Frame
	Case   string
	In     string
	Sealed string // what the form gives back for the PDF and the other size; opaque
	Sheet  paper.Sheet
	Gone   bool
}

func (PrintSlip) template() string { return "print-slip" }

// Number is the case's, as people read it.
func (v PrintSlip) Number() string { return CaseNumber(v.Case) }

// Receipt says whether it is on a roll.
func (v PrintSlip) Receipt() bool { return v.Sheet.Size == paper.Receipt }

// QR draws the code of a part. An error ends the page.
func (d dressed) QR(text string) (template.HTML, error) { return paper.QR(text) }
