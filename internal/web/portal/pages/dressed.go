package pages

import (
	"html/template"
	"slices"
	"strings"

	"github.com/ingam-pki/ingam/internal/web/kit/sheets"
)

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
	if f.CallCentre == "" {
		f.CallCentre = "1588-0000"
	}
	if f.Bank == "" {
		f.Bank = p.texts.Text(lang, "p.bank")
	}
	d := dressed{V: v, F: f, Lang: lang, Name: v.template(), p: p}
	if d.Static() {
		d.F.Visitor, d.F.Problem, d.F.Notice, d.F.IdleSeconds = nil, nil, "", 0
	}
	if d.F.Look == "auto" {
		d.F.Look = ""
	}
	return d
}

// Static says whether the page is the same for everybody of a language: it can
// be kept for when there is no network, so nobody's name may be in it.
func (d dressed) Static() bool {
	switch d.Name {
	case "wallet", "sign", "help", "offline":
		return true
	}
	return false
}

// Path is where the language and look forms come back to.
func (d dressed) Path() string {
	if strings.HasPrefix(d.F.Path, "/") && !strings.HasPrefix(d.F.Path, "//") {
		return d.F.Path
	}
	return "/"
}

// At marks the link to the page that is shown.
func (d dressed) At(path string) bool {
	here, _, _ := strings.Cut(d.F.Path, "?")
	return here == path
}

// Script is the page's own bundle; empty when it needs none.
func (d dressed) Script() string { return d.p.sheets.Script(d.Name) }

// Early lists what the page's scripts import.
func (d dressed) Early() []string { return d.p.sheets.Early(d.Name) }

// Texts are those that the page's scripts say.
func (d dressed) Texts() map[string]string { return d.p.sheets.Spoken(d.Lang, d.Name) }

// Other is the language to switch to.
func (d dressed) Other() string {
	if d.Lang == "en" {
		return "ko"
	}
	return "en"
}

// CallLast says whether the call centre's number has to be added to the
// problem: most refusals name it themselves.
func (d dressed) CallLast() bool { return !strings.Contains(d.F.Problem.Detail, d.F.CallCentre) }

// Wrong says whether the problem is about a field.
func (d dressed) Wrong(name string) bool { return d.F.Problem != nil && d.F.Problem.Field == name }

// Card is a certificate as its card shows it.
func (d dressed) Card(c Certificate) map[string]any {
	return map[string]any{"C": c, "Span": spanOf(c, d.F.Now), "Bank": orText(c.Bank, d.F.Bank), "Link": d.Name == "certificates" || d.Name == "center" || d.Name == "home"}
}

// Left is how many days of a certificate are left.
func (d dressed) Left(c Certificate) span { return spanOf(c, d.F.Now) }

// stepper is where one is on a way.
type stepper struct {
	Now, All int
	Name     string
	Steps    []step
}

type step struct {
	Name      string
	Done, Now bool
}

// Way is that of the application that the page is about.
func (d dressed) Way() string {
	if s, ok := d.V.(interface{ way() string }); ok && s.way() != "" {
		return s.way()
	}
	return "issue"
}

// Steps is what the stepper shows.
func (d dressed) Steps() stepper {
	way := d.Way()
	if s, ok := d.V.(interface{ track() string }); ok && s.track() != "" {
		way = s.track()
	}
	names := stepsOf(way)
	now := slices.Index(names, stepOf(d.Name, way))
	shown := stepper{Now: now + 1, All: len(names)}
	for i, name := range names {
		shown.Steps = append(shown.Steps, step{Name: d.p.texts.Text(d.Lang, "p.step."+name), Done: i < now, Now: i == now})
	}
	shown.Name = shown.Steps[max(now, 0)].Name
	return shown
}

// stepsOf names the steps of a way to a certificate.
func stepsOf(way string) []string {
	switch way {
	case "renew":
		return []string{"terms", "identity", "confirm", "renew", "done"}
	case "codes": // all else was done at the branch
		return []string{"key", "done"}
	case "resume": // the key stays the same, and nothing is to be agreed to
		return []string{"identity", "confirm", "done"}
	}
	return []string{"terms", "identity", "confirm", "key", "done"}
}

// stepOf is the step that a page belongs to.
func stepOf(page, way string) string {
	switch page {
	case "id-card", "account", "otp", "phone":
		return "identity"
	case "key":
		if way == "renew" {
			return "renew"
		}
	}
	return page
}

// field is one field of a form.
type field struct {
	ID, Label, Hint, Error, Value     string
	Type, Mode, Complete, Class, Lang string
	Max, Rows                         string
	Optional, Masked                  bool
}

// Field makes a field: its label is the text p.<page>.<name>, its hint the text
// with .hint after that, if there is one.
func (d dressed) Field(name, value string, options ...string) field {
	key := "p." + d.Name + "." + name
	f := field{ID: name, Value: value, Label: d.p.texts.Text(d.Lang, key), Type: "text", Complete: "off"}
	if d.p.texts.Has(d.Lang, key+".hint") {
		f.Hint = d.p.texts.Text(d.Lang, key+".hint")
	}
	if d.Wrong(name) {
		f.Error = d.F.Problem.Title
	}
	for _, option := range options {
		k, v, _ := strings.Cut(option, "=")
		switch k {
		case "type":
			f.Type = v
		case "mode":
			f.Mode = v
		case "complete":
			f.Complete = v
		case "class":
			f.Class = v
		case "max":
			f.Max = v
		case "rows":
			f.Rows = v
		case "masked":
			f.Masked = true
		case "optional":
			f.Optional = true
		}
	}
	return f
}

// Describe lists what describes the field.
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

// Next is the factor to go on with, or "confirm" when all are proven; empty
// when those that are left are locked.
func (d dressed) Next() string {
	view, _ := d.V.(Identity)
	if pointer, ok := d.V.(*Identity); ok {
		view = *pointer
	}
	next, left := "", false
	for _, f := range view.Factors {
		if f.Proven {
			continue
		}
		left = true
		if f.Locked.IsZero() && (next == "" || f.Next) {
			next = f.Name
		}
	}
	if !left {
		return "confirm"
	}
	return next
}

// OnTop says whether the problem stands above the page. Two pages are about
// nothing else and show it below their heading.
func (d dressed) OnTop() bool { return d.Name != "failure" && d.Name != "ended" }

// Told is a refusal's text with the call centre's number to be called from it,
// and never broken at the end of a line.
func (d dressed) Told(text string) template.HTML {
	number := template.HTMLEscapeString(d.F.CallCentre)
	link := `<a class="nowrap" href="tel:` + sheets.Dial(d.F.CallCentre) + `">` + number + `</a>`
	return template.HTML(strings.ReplaceAll(template.HTMLEscapeString(text), number, link)) //nolint:gosec // both are escaped
}

// Live are those of some certificates that can be used, or will be.
func (d dressed) Live(all []Certificate) []Certificate { return d.those(all, false) }

// Over are those that can't be used any more.
func (d dressed) Over(all []Certificate) []Certificate { return d.those(all, true) }

func (d dressed) those(all []Certificate, over bool) (some []Certificate) {
	for _, c := range all {
		if state := spanOf(c, d.F.Now).Shown; (state == "revoked" || state == "expired") == over {
			some = append(some, c)
		}
	}
	return some
}

// First is the place of the first live certificate with something to be done:
// its button is the page's.
func (d dressed) First() int {
	view, ok := d.V.(Certificates)
	if !ok {
		return -1
	}
	return slices.IndexFunc(d.Live(view.Certificates), func(c Certificate) bool { return c.Next != nil && c.Next.Href() != "" })
}

// Reasons are those that a customer can give for a revocation.
func (d dressed) Reasons() []string {
	return []string{"key-compromise", "cessation", "affiliation-changed", "unspecified"}
}

// Emergency is the emergency code as it is shown: in groups of four.
func (d dressed) Emergency(code string) map[string]any {
	return map[string]any{"Groups": strings.Fields(sheets.Group(code)), "D": d}
}

// Held says whether the visitor has one of the kinds already.
func (d dressed) Held() bool {
	view, ok := d.V.(Apply)
	return ok && slices.ContainsFunc(view.Kinds, func(k Kind) bool { return k.Held })
}
