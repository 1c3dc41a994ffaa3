// Package pages turns what the console knows into pages: one view struct for
// each page, one template for each view, texts in Korean and English.
//
//	p, err := pages.New(files)
//	err = p.Render(w, pages.Search{Frame: frame})
//
// Pages hold no inline script, no style and no event attribute.
package pages

import (
	"embed"
	"html/template"
	"io"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/web/kit/catalog"
	"github.com/ingam-pki/ingam/internal/web/kit/sheets"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// Policy is what a page of ours may load and do, as a Content-Security-Policy.
const Policy = sheets.Policy

//go:embed templates texts
var files embed.FS

// bundles names the script that a page needs besides console.js.
var bundles = map[string]string{"login": "console-login", "account": "console-login", "case": "console-case"}

// View is one page: a struct that embeds Frame.
type View interface {
	frame() Frame
	template() string
}

// Pages renders views. It is safe for use by many goroutines.
type Pages struct {
	sheets *sheets.Sheets
	texts  *catalog.Catalog
}

// New reads templates and texts. An error is a defect in one of them.
func New(a sheets.Assets) (*Pages, error) {
	all, err := sheets.New(sheets.Config{Files: files, Assets: a, Frame: "console.js", Bundles: bundles, Functions: functions})
	if err != nil {
		return nil, err
	}
	return &Pages{sheets: all, texts: all.Texts()}, nil
}

// Texts are the console's texts in all languages.
func Texts() (*catalog.Catalog, error) { return sheets.Texts(files) }

// Render writes one page.
func (p *Pages) Render(w io.Writer, v View) error {
	f := v.frame()
	lang := sheets.Language(f.Lang)
	return p.sheets.Execute(w, lang, v.template(), p.dress(v, f, lang))
}

// functions are those that only these pages have.
func functions(lang string, texts *catalog.Catalog) template.FuncMap {
	say := func(key string, args ...any) string { return texts.Text(lang, key, args...) }
	return template.FuncMap{
		"kind":  func(kind string) string { return say("kind." + kind) },
		"stamp": func(at time.Time) string { return at.In(seoul.Zone).Format(time.DateTime) },
		"list":  func(words ...string) []string { return words },
		"short": func(hex string) string { return sheets.Group(last(hex, 8)) },
		"tail":  Tail,
		"upper": strings.ToUpper,
	}
}

// last is the end of a text.
func last(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return s[len(s)-n:]
}

// Text gives one text, for answers that are no page.
func (p *Pages) Text(lang, key string, args ...any) string {
	return p.texts.Text(sheets.Language(lang), key, args...)
}
