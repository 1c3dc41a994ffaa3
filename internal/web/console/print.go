package console

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/branch"
	"github.com/ingam-pki/ingam/internal/registration/counter/printout"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/paper"
)

// printouts gives what papers say; printout.Service does.
type printouts interface {
	Print(ctx context.Context, caller authz.Caller, caseID string, p printout.Paper) (printout.Printout, error)
}

// handing hands out codes; counter.Service does.
type handing interface {
	HandOut(ctx context.Context, caller authz.Caller, caseID string, by redeem.Way) (redeem.Slip, error)
}

// addresses knows the bank's branches; branch.Register does.
type addresses interface {
	ByNumber(number string) (branch.Branch, error)
}

// Printing is what papers need.
type Printing struct {
	Papers   printouts
	Codes    handing
	Branches addresses // nil: a branch is named by its number
	Origin   string    // of the customers' pages, as they type it: https://bank.example
	Call     string    // the call centre; empty: 1588-0000
}

// casePath is the page of a case.
func casePath(id string) string { return root + "/cases/" + id }

// printRoutes are those of the papers of a case.
func (c *Console) printRoutes() []Route {
	at := "/console/cases/{id}"
	return []Route{
		{Pattern: "GET " + at + "/print/form", Act: authz.PrintPaper, Handle: c.paperPage(printout.Form)},
		{Pattern: "GET " + at + "/print/form.pdf", Act: authz.PrintPaper, Handle: c.paperFile(printout.Form)},
		{Pattern: "GET " + at + "/print/consent", Act: authz.PrintPaper, Handle: c.paperPage(printout.Consent)},
		{Pattern: "GET " + at + "/print/consent.pdf", Act: authz.PrintPaper, Handle: c.paperFile(printout.Consent)},
		{Pattern: "POST " + at + "/codes", Act: authz.HandOutCodes, Handle: c.handOut},
		{Pattern: "GET " + at + "/print/slip", Act: authz.HandOutCodes, Handle: c.slip},
		{Pattern: "POST " + at + "/print/slip/size", Act: authz.HandOutCodes, Handle: c.slipAgain},
		{Pattern: "POST " + at + "/print/slip/pdf", Act: authz.HandOutCodes, Handle: c.slipFile},
	}
}

// paperPage is GET …/print/form and …/print/consent.
func (c *Console) paperPage(which printout.Paper) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		in, sheet, err := c.paper(r, which)
		if err != nil {
			kit.Fail(w, r, err)
			return
		}
		f, _, err := c.frame(w, r)
		if err != nil {
			kit.Fail(w, r, err)
			return
		}
		c.show(w, r, pages.Print{Frame: f, Paper: string(which), Case: r.PathValue("id"), In: in, Sheet: sheet})
	}
}

// paperFile is GET …/print/form.pdf and …/print/consent.pdf.
func (c *Console) paperFile(which printout.Paper) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, sheet, err := c.paper(r, which)
		if err != nil {
			kit.Fail(w, r, err)
			return
		}
		writePDF(w, r, string(which), sheet)
	}
}

// paper is what a form or a consent says, in the language that it is wanted in.
func (c *Console) paper(r *http.Request, which printout.Paper) (in string, sheet paper.Sheet, err error) {
	out, err := c.Printing.Papers.Print(r.Context(), caller(r), r.PathValue("id"), which)
	if err != nil {
		return "", paper.Sheet{}, err
	}
	in = readIn(r.URL.Query().Get("in"), out.Customer.Sort)
	filed := c.filed(in, paper.A4, out)
	if which == printout.Consent {
		return in, c.pages.Consent(consentOf(filed, out)), nil
	}
	return in, c.pages.Form(formOf(filed, out)), nil
}

// readIn is the language of a paper: the one that is asked for, else that of most
// customers of a sort.
func readIn(asked string, sort subscriber.Sort) string {
	switch {
	case asked == "ko" || asked == "en":
		return asked
	case sort == subscriber.Foreigner:
		return "en"
	}
	return "ko"
}

// filed is what all papers of a case say.
func (c *Console) filed(in string, size paper.Size, out printout.Printout) pages.Filed {
	f := pages.Filed{Lang: in, Size: size, Bank: c.Bank, CallCentre: c.Printing.Call, Made: c.Now(), Case: out.Case.ID,
		Branch: pages.Branch{Number: out.Case.Branch}, Customer: out.Customer.Name, Act: string(out.Case.Act), Kind: string(out.Case.Kind)}
	if f.CallCentre == "" {
		f.CallCentre = "1588-0000"
	}
	if in == "en" && out.Customer.RomanName != "" && out.Customer.RomanName != out.Customer.Name {
		f.Customer += " (" + out.Customer.RomanName + ")"
	}
	if c.Printing.Branches == nil {
		return f
	}
	if b, err := c.Printing.Branches.ByNumber(out.Case.Branch); err == nil { // else its number has to do
		f.Branch.Name, f.Branch.Address, f.Branch.Phone = b.Name.KO, b.Address.KO, b.Phone
		if in == "en" {
			f.Branch.Name, f.Branch.Address = b.Name.EN, b.Address.EN
		}
		for day, h := range b.Week {
			f.Branch.Week[day] = pages.Hours{From: h.From, To: h.To}
		}
	}
	return f
}

func formOf(filed pages.Filed, out printout.Printout) pages.FormPaper {
	v := pages.FormPaper{Filed: filed, Number: pages.Masked(out.Customer.IdentityNumber), Visitor: string(out.Case.Visitor),
		VisitorName: out.Case.VisitorName, Serial: out.Case.Serial, Invalidity: out.Case.Invalidity, Why: out.Case.Why,
		Received: out.Case.CreatedAt, Teller: out.Names[out.Case.Handler], Supervisor: out.Names[out.Case.Decider]}
	if out.Customer.Sort == subscriber.Corporate {
		v.Number = businessNumber(out.Customer.IdentityNumber)
	}
	if out.Case.Proof != nil {
		v.Document = out.Case.Proof.Evidence["document"]
	}
	if v.Act == "revoke" {
		v.Reason = out.Case.Reason.String()
	}
	seen := map[string]bool{}
	add := func(p string) {
		if !seen[p] {
			seen[p] = true
			v.Shown = append(v.Shown, p)
		}
	}
	for _, s := range out.Case.Seen {
		add(string(s.Paper))
	}
	for _, a := range out.Case.Attached {
		add(string(a.Paper))
	}
	return v
}

// businessNumber is written 123-45-67890: it is on every invoice, so nothing of
// it is hidden.
func businessNumber(number string) string {
	if len(number) != 10 {
		return number
	}
	return number[:3] + "-" + number[3:5] + "-" + number[5:]
}

func consentOf(filed pages.Filed, out printout.Printout) pages.ConsentPaper {
	v := pages.ConsentPaper{Filed: filed, Visitor: string(out.Case.Visitor), VisitorName: out.Case.VisitorName, Signed: out.Signed}
	for _, t := range out.Terms {
		v.Terms = append(v.Terms, pages.Agreement{Title: t.Title, Text: t.Text, TitleEnglish: t.TitleEN, TextEnglish: t.TextEN,
			Version: t.Version, SHA256: t.SHA256, Required: t.Required, Agreed: t.Agreed})
	}
	return v
}

// writePDF answers with a file to be looked at and printed. Nobody may keep it
// (kit.Face says no-store), and its name says nothing about a person.
func writePDF(w http.ResponseWriter, r *http.Request, name string, sheet paper.Sheet) {
	file, err := paper.PDF(sheet)
	if err != nil {
		kit.Fail(w, r, fmt.Errorf("making a PDF: %w", err))
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", `inline; filename="`+name+"-"+pages.CaseNumber(r.PathValue("id"))+`.pdf"`)
	h.Set("Content-Length", strconv.Itoa(len(file)))
	_, _ = bytes.NewReader(file).WriteTo(w) // a visitor who has left hears nothing
}
