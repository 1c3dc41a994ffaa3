package pages

import (
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/web/kit/sheets"
	"github.com/ingam-pki/ingam/internal/web/paper"
)

// Filed is what all papers of a case say. Customer is what the bank calls them.
type Filed struct {
	Lang       string // of who reads it: "ko", or "en" for Korean and English
	Size       paper.Size
	Bank       string // empty: 인감은행
	CallCentre string
	Made       time.Time
	Case       string // its id
	Branch     Branch
	Customer   string
	Act        string // counter.Act
	Kind       string // npki.Kind; empty when the act is about none
}

// Branch is one of the bank's, in the language of the paper; what isn't known is
// empty.
type Branch struct {
	Number  string
	Name    string
	Address string
	Phone   string
	Week    [7]Hours // by time.Weekday
}

// Hours are minutes since midnight; closed when both are zero.
type Hours struct{ From, To int }

// FormPaper is the application form (신청서).
type FormPaper struct {
	Filed
	Number      string // identity or business number, masked
	Visitor     string // counter.Visitor
	VisitorName string
	Document    string // proofing.Document that was checked; empty: none yet
	Serial      string // of the certificate that it is about; may be empty
	Reason      string // of a revocation, ca.Reason as a word; may be empty
	Invalidity  time.Time
	Why         string
	Shown       []string // papers, counter.Paper
	Received    time.Time
	Teller      string
	Supervisor  string // empty before a decision
}

// ConsentPaper is the terms, to be signed or as they were.
type ConsentPaper struct {
	Filed
	Visitor     string
	VisitorName string
	Terms       []Agreement
	Signed      bool // Agreed of the terms is what the customer said
}

// Agreement is one text. Text is the contract in Korean; English is a courtesy.
type Agreement struct {
	Title, Text               string
	TitleEnglish, TextEnglish string
	Version                   string
	SHA256                    string // hex, of Text
	Required                  bool
	Agreed                    bool
}

// SlipPaper is the pair with which a customer fetches the certificate.
type SlipPaper struct {
	Filed
	Reference string // as it is written, in groups
	Code      string // in groups; empty when it was sent by message
	Phone     string // to which it was sent, masked
	Until     time.Time
	Address   string // of the page that takes them
	Server    string // as `ingam --server` takes it
}

// writer puts the texts of a paper together, in one language.
type writer struct {
	say  func(key string, args ...any) string
	lang string
}

func (p *Pages) writer(lang string) writer {
	return writer{lang: lang, say: func(key string, args ...any) string { return p.texts.Text(lang, key, args...) }}
}

func (w writer) moment(at time.Time) string { return sheets.Date(w.lang, at) + " " + sheets.Clock(at) }

// name is a word of a list of ours; what stands in none is said as it is.
func (p *Pages) name(lang, list, key string) string {
	if full := "print." + list + "." + key; p.texts.Has(lang, full) {
		return p.texts.Text(lang, full)
	}
	return key
}

// CaseNumber is a case's number as people read it: the end of its id.
func CaseNumber(id string) string { return strings.ReplaceAll(sheets.Group(last(id, 8)), " ", "-") }

// sheet is an empty paper with its head and foot.
func (p *Pages) sheet(f Filed, lang, title string) paper.Sheet {
	w := p.writer(lang)
	bank := f.Bank
	if bank == "" {
		bank = w.say("c.bank")
	}
	return paper.Sheet{Lang: lang, Size: f.Size, Bank: bank, Title: title, Made: f.Made,
		Number: w.say("print.number", "number", CaseNumber(f.Case)),
		Foot:   w.say("print.foot", "bank", bank, "call", f.CallCentre)}
}

// filed are the facts that all papers begin with.
func (p *Pages) filed(f Filed, lang string) []paper.Fact {
	w := p.writer(lang)
	facts := []paper.Fact{
		{Label: w.say("print.branch"), Value: branchLine(w, f.Branch)},
		{Label: w.say("print.made"), Value: w.moment(f.Made)},
		{Label: w.say("print.act"), Value: p.name(lang, "act", f.Act)},
	}
	if f.Kind != "" {
		facts = append(facts, paper.Fact{Label: w.say("print.kind"), Value: p.name(lang, "kind", f.Kind)})
	}
	return append(facts, paper.Fact{Label: w.say("print.customer"), Value: f.Customer})
}

func branchLine(w writer, b Branch) string {
	if b.Name == "" {
		return w.say("print.branch.number", "number", b.Number)
	}
	return w.say("print.branch.name", "name", b.Name, "number", b.Number)
}

// Form is the paper of an application.
func (p *Pages) Form(v FormPaper) paper.Sheet {
	s := p.sheet(v.Filed, "ko", p.texts.Text("ko", "print.form.title"))
	s.Parts = p.form(v, "ko")
	w := p.writer("ko")
	name := v.Customer
	if v.VisitorName != "" {
		name = v.VisitorName
	}
	s.Parts = append(s.Parts,
		paper.Part{Kind: paper.Sign, Facts: []paper.Fact{
			{Label: w.say("print.date"), Value: sheets.Date("ko", v.Made)},
			{Label: w.say("print.signer." + v.Visitor), Value: name + " " + w.say("print.seal")}}},
		paper.Part{Kind: paper.Stamps, Title: w.say("print.bank-use"), Facts: []paper.Fact{
			{Label: w.say("print.teller"), Value: v.Teller}, {Label: w.say("print.supervisor"), Value: v.Supervisor}}})
	if v.Lang == "en" {
		s.Parts = append(s.Parts, p.translated("print.form.title")...)
		s.Parts = append(s.Parts, english(p.form(v, "en"))...)
	}
	return s
}

func (p *Pages) form(v FormPaper, lang string) []paper.Part {
	w := p.writer(lang)
	facts := append(p.filed(v.Filed, lang), paper.Fact{Label: w.say("print.id-number"), Value: v.Number})
	add := func(key, value string) {
		if value != "" {
			facts = append(facts, paper.Fact{Label: w.say(key), Value: value})
		}
	}
	visitor := p.name(lang, "visitor", v.Visitor)
	if v.VisitorName != "" {
		visitor += " · " + v.VisitorName
	}
	add("print.visitor", visitor)
	if v.Document != "" {
		add("print.document", p.name(lang, "document", v.Document))
	}
	add("print.serial", sheets.Group(v.Serial))
	if v.Reason != "" {
		add("print.reason", p.name(lang, "reason", v.Reason))
	}
	if !v.Invalidity.IsZero() {
		add("print.invalidity", w.moment(v.Invalidity))
	}
	add("print.why", v.Why)
	add("print.received", w.moment(v.Received))
	add("print.case", v.Case)
	shown := make([]string, len(v.Shown))
	for i, s := range v.Shown {
		shown[i] = p.name(lang, "paper", s)
	}
	if len(shown) == 0 {
		shown = []string{w.say("print.shown.none")}
	}
	return []paper.Part{
		{Kind: paper.Facts, Title: w.say("print.form.what"), Facts: facts},
		{Kind: paper.List, Title: w.say("print.shown"), Text: shown},
		{Kind: paper.Prose, Title: w.say("print.declare"), Text: []string{
			w.say("print.declare.1"), w.say("print.declare.2"), w.say("print.declare.3")}},
	}
}

// translated begins the English part of a paper whose Korean part is what
// counts.
func (p *Pages) translated(title string) []paper.Part {
	w := p.writer("en")
	return english([]paper.Part{{Kind: paper.Break}, {Kind: paper.Heading, Title: w.say(title), Text: []string{w.say("print.courtesy")}}})
}

func english(parts []paper.Part) []paper.Part {
	for i := range parts {
		parts[i].Lang = "en"
	}
	return parts
}

// Consent is the paper of the terms.
func (p *Pages) Consent(v ConsentPaper) paper.Sheet {
	w := p.writer("ko")
	s := p.sheet(v.Filed, "ko", w.say("print.consent.title"))
	s.Parts = []paper.Part{{Kind: paper.Facts, Facts: p.filed(v.Filed, "ko")},
		{Kind: paper.Prose, Text: []string{w.say("print.consent.lead", "n", len(v.Terms))}}}
	for i, t := range v.Terms {
		if i > 0 {
			s.Parts = append(s.Parts, paper.Part{Kind: paper.Break})
		}
		s.Parts = append(s.Parts, p.agreement(w, v, t, t.Title, t.Text)...)
	}
	name := v.Customer
	if v.VisitorName != "" {
		name = v.VisitorName
	}
	s.Parts = append(s.Parts, paper.Part{Kind: paper.Sign, Facts: []paper.Fact{
		{Label: w.say("print.date"), Value: sheets.Date("ko", v.Made)},
		{Label: w.say("print.signer." + v.Visitor), Value: name + " " + w.say("print.seal")}}})
	if v.Lang == "en" {
		s.Parts = append(s.Parts, p.translated("print.consent.title")...)
		for _, t := range v.Terms {
			s.Parts = append(s.Parts, english(p.agreement(p.writer("en"), v, t, t.TitleEnglish, t.TextEnglish))...)
		}
	}
	return s
}

// agreement is one text, word for word, under the hash that says which.
func (p *Pages) agreement(w writer, v ConsentPaper, t Agreement, title, text string) []paper.Part {
	need := "print.consent.optional"
	if t.Required {
		need = "print.consent.required"
	}
	lines := strings.Split(strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), "\n")
	yes, no := "□ ", "□ "
	if v.Signed && t.Agreed {
		yes = "■ "
	}
	if v.Signed && !t.Agreed {
		no = "■ "
	}
	return []paper.Part{
		{Kind: paper.Heading, Title: title, Text: []string{
			w.say("print.consent.version", "version", t.Version, "need", w.say(need)),
			w.say("print.consent.hash", "hash", sheets.Group(t.SHA256))}},
		{Kind: paper.Prose, Text: lines},
		{Kind: paper.Note, Title: w.say("print.consent.ask", "title", title),
			Text: []string{yes + w.say("print.consent.yes") + "     " + no + w.say("print.consent.no")}},
	}
}
