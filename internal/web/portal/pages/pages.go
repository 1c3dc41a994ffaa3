// Package pages turns what the portal knows into pages: one view struct for
// each page, one template for each view, texts in Korean and English.
//
//	p, err := pages.New(files)
//	err = p.Render(w, pages.Home{Frame: pages.Frame{Lang: "ko", Now: now}})
//
// A page is made whole before its first byte is written, so a template that
// fails leaves the answer free for another page. Pages hold no inline script,
// no style and no event attribute.
package pages

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/ingam-pki/ingam/internal/web/kit/catalog"
)

// Policy is what a page of ours may load and do: nothing inline, nothing of
// others, no text that becomes script (Trusted Types). It is a
// Content-Security-Policy.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
	"font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; media-src 'self' blob:; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; " +
	"require-trusted-types-for 'script'; trusted-types lit-html ingam ingam-wallet"

//go:embed templates texts
var files embed.FS

// Languages are those that every page is in.
var languages = []string{"ko", "en"}

// assets is where scripts, styles and pictures are served.
type assets interface {
	Base() string // "/assets/<hash>"
	Body(name string) ([]byte, bool)
}

// Pages renders views. It is safe for use by many goroutines.
type Pages struct {
	base   string
	texts  *catalog.Catalog
	spoken map[string]map[string]map[string]string // by scripts: language, page, key
	early  map[string][]string                     // files that a page's scripts import, by page
	sets   map[string]*template.Template           // "ko/home"
}

// New reads templates and texts. An error is a defect in one of them.
func New(a assets) (*Pages, error) {
	texts, err := Texts()
	if err != nil {
		return nil, err
	}
	p := &Pages{base: a.Base(), texts: texts, sets: map[string]*template.Template{}, spoken: map[string]map[string]map[string]string{}, early: map[string][]string{}}
	names, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		return nil, err
	}
	for _, lang := range languages {
		p.spoken[lang] = p.textsFor(a, lang)
		shared, err := template.New("").Funcs(p.functions(lang)).ParseFS(files, "templates/parts/*.html")
		if err != nil {
			return nil, fmt.Errorf("reading parts of pages: %w", err)
		}
		for _, name := range names {
			set, err := shared.Clone()
			if err == nil {
				set, err = set.ParseFS(files, name)
			}
			if err != nil {
				return nil, fmt.Errorf("reading page %s: %w", name, err)
			}
			p.sets[lang+"/"+strings.TrimSuffix(path.Base(name), ".html")] = set
		}
	}
	return p, nil
}

// Texts are the portal's texts in all languages.
func Texts() (*catalog.Catalog, error) {
	sub, err := fs.Sub(files, "texts")
	if err != nil {
		return nil, err
	}
	return catalog.Load(sub)
}

// Render writes one page.
func (p *Pages) Render(w io.Writer, v View) error {
	f := v.frame()
	lang := languageOf(f.Lang)
	set := p.sets[lang+"/"+v.template()]
	if set == nil {
		return fmt.Errorf("pages: there is no template for %T", v)
	}
	var page bytes.Buffer
	if err := set.ExecuteTemplate(&page, "page", p.dress(v, f, lang)); err != nil {
		return fmt.Errorf("making page %s: %w", v.template(), err)
	}
	_, err := w.Write(page.Bytes())
	return err
}

func languageOf(lang string) string {
	if strings.HasPrefix(lang, "en") {
		return "en"
	}
	return "ko"
}
