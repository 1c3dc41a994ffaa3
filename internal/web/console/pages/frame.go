package pages

import (
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/web/kit/sheets"
)

// Frame is what every page needs besides its own. The zero value of each field
// has a meaning; Lang and Now alone must be set.
type Frame struct {
	Lang        string         // "ko" or "en"
	Path        string         // of the page with its query, for the language and look forms to come back to
	Now         time.Time      //
	Ahead       time.Duration  // how far Now is ahead of the real time; a demo's can be
	Bank        string         // the bank's name; empty: 인감은행
	Me          *Me            // nil when nobody is logged in
	Counts      map[string]int // by queue, beside its link; nil: not shown
	Revision    string         // of the queues, for the script that looks for news; empty: it does not
	IdleSeconds int            // after how long a session ends; 0: no warning
	Demo        bool           // outside services are simulated: a banner says so
	DemoDesk    string         // URL of the simulators' own page, shown in the banner; may be empty
	Look        string         // auto (or empty), light, dark, contrast
	AssetBase   string         // "/assets/<hash>"; empty: what New was given
	Problem     *Problem       // why what was just tried was refused
	Onward      string         // a path of the console that the page leads to by itself; may be empty
	Notice      string         // what was just done, a key of texts without "notice."; may be empty
}

func (f Frame) frame() Frame { return f }

// Me is who works here.
type Me struct {
	Name       string
	Number     string          // employee number
	Role       string          // authz.Role
	Branch     string          // three digits; empty at headquarters
	BranchName string          // in the page's language; empty: not known
	May        map[string]bool // acts (authz.Act) that the role may do at all, for what the navigation shows
}

// Problem is a refusal as a fault tells it: what happened, what to do, its
// number and name, and the field it is about (empty when it is about none).
type Problem struct {
	Title  string
	Detail string
	Code   int
	Name   string
	Field  string
}

// dressed is what templates see: the view as .V, its frame as .F, and what
// follows from both.
type dressed struct {
	V    View
	F    Frame
	Lang string
	Name string // of the template
	p    *Pages
}

func (p *Pages) dress(v View, f Frame, lang string) dressed {
	f.Lang = lang
	if f.AssetBase == "" {
		f.AssetBase = p.sheets.Base()
	}
	if f.Bank == "" {
		f.Bank = p.texts.Text(lang, "c.bank")
	}
	if f.Look == "auto" {
		f.Look = ""
	}
	return dressed{V: v, F: f, Lang: lang, Name: v.template(), p: p}
}

// Script is the page's own bundle; empty when it needs none.
func (d dressed) Script() string { return d.p.sheets.Script(d.Name) }

// Early lists what the page's scripts import.
func (d dressed) Early() []string { return d.p.sheets.Early(d.Name) }

// Texts are those that the page's scripts say.
func (d dressed) Texts() map[string]string { return d.p.sheets.Spoken(d.Lang, d.Name) }

// Path is where the language and look forms come back to.
func (d dressed) Path() string {
	if d.F.Path == "/console" || strings.HasPrefix(d.F.Path, "/console/") {
		return d.F.Path
	}
	return "/console"
}

// At marks the link to the page that is shown.
func (d dressed) At(path string) bool {
	here, _, _ := strings.Cut(d.F.Path, "?")
	return here == path
}

// May says whether who is logged in may do an act at all: what they may not is
// not offered.
func (d dressed) May(act string) bool { return d.F.Me != nil && d.F.Me.May[act] }

// Other is the language to switch to.
func (d dressed) Other() string {
	if d.Lang == "en" {
		return "ko"
	}
	return "en"
}

// Wrong says whether the problem is about a field.
func (d dressed) Wrong(name string) bool { return d.F.Problem != nil && d.F.Problem.Field == name }

// OnTop says whether the problem is shown at the top of the page: the template
// of a page that has a better place shows it there.
func (d dressed) OnTop() bool { return d.F.Problem != nil }

// Field is one field of a form for the part "field". options are "name=value":
// type, complete, mode, max, hint, value is what it holds; "optional" and "short"
// stand alone.
func (d dressed) Field(name, value string, options ...string) field {
	f := field{ID: name, Name: name, Value: value, Type: "text", Complete: "off", Label: d.p.texts.Text(d.Lang, "c.field."+name)}
	if key := "c.field." + name + ".hint"; d.p.texts.Has(d.Lang, key) {
		f.Hint = d.p.texts.Text(d.Lang, key)
	}
	for _, o := range options {
		key, v, _ := strings.Cut(o, "=")
		switch key {
		case "type":
			f.Type = v
		case "complete":
			f.Complete = v
		case "mode":
			f.Mode = v
		case "max":
			f.Max = v
		case "hint":
			f.Hint = d.p.texts.Text(d.Lang, v)
		case "id": // where a page has two of a name
			f.ID = v
		case "label":
			f.Label = d.p.texts.Text(d.Lang, v)
		case "rows":
			f.Rows = v
		case "optional":
			f.Optional = true
		case "autofocus":
			f.Focus = d.F.Problem == nil
		case "short":
			f.Class = "short"
		}
	}
	if d.Wrong(name) {
		f.Error = d.F.Problem.Title
	}
	return f
}

// field is one field of a form.
type field struct {
	ID, Name, Value, Type, Complete, Mode, Max, Label, Hint, Class, Rows, Error string
	Optional, Focus                                                             bool
}

// Describe names what describes the field.
func (f field) Describe() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.ID+"-error")
	}
	return strings.Join(ids, " ")
}

// Masked is an identity number with what tells a person apart hidden:
// 900101-1●●●●●●.
func Masked(number string) string {
	if len(number) != 13 {
		return number
	}
	return number[:6] + "-" + number[6:7] + strings.Repeat("●", 6)
}

// Date is a day as pages write it.
func (d dressed) Date(at time.Time) string { return sheets.Date(d.Lang, at) }
