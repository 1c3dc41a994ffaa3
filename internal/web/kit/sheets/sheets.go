// Package sheets makes pages from templates and texts, in Korean and English:
// what portal and console have in common.
//
//	s, err := sheets.New(sheets.Config{Files: embedded, Assets: files, Frame: "frame.js", …})
//	err = s.Execute(w, "ko", "home", view)
//
// A page is made whole before its first byte is written, so a template that
// fails leaves the answer free for another page.
package sheets

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"maps"
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

// Languages are those that every page is in.
var Languages = []string{"ko", "en"}

// Assets is where scripts, styles and pictures are served.
type Assets interface {
	Base() string // "/assets/<hash>"
	Body(name string) ([]byte, bool)
}

// Config is what sheets are made from.
type Config struct {
	// Files has templates/*.html, templates/parts/*.html and texts/*.json. Each
	// template defines what its parts use; "page" is the whole.
	Files   fs.FS
	Assets  Assets
	Frame   string            // the script of every page
	Bundles map[string]string // by page: the script that it needs besides
	// Functions are those of the pages alone; they may be nil.
	Functions func(lang string, texts *catalog.Catalog) template.FuncMap
}

// Sheets renders. It is safe for use by many goroutines.
type Sheets struct {
	assets  Assets
	frame   string
	bundles map[string]string
	texts   *catalog.Catalog
	spoken  map[string]map[string]map[string]string // by scripts: language, page, key
	early   map[string][]string                     // files that a page's scripts import, by page
	sets    map[string]*template.Template           // "ko/home"
}

// New reads templates and texts. An error is a defect in one of them.
func New(c Config) (*Sheets, error) {
	texts, err := Texts(c.Files)
	if err != nil {
		return nil, err
	}
	s := &Sheets{assets: c.Assets, frame: c.Frame, bundles: c.Bundles, texts: texts,
		spoken: map[string]map[string]map[string]string{}, early: map[string][]string{}, sets: map[string]*template.Template{}}
	names, err := fs.Glob(c.Files, "templates/*.html")
	if err != nil {
		return nil, err
	}
	for _, lang := range Languages {
		s.spoken[lang] = s.textsFor(lang)
		functions := Functions(lang, texts)
		if c.Functions != nil {
			maps.Copy(functions, c.Functions(lang, texts))
		}
		shared, err := template.New("").Funcs(functions).ParseFS(c.Files, "templates/parts/*.html")
		if err != nil {
			return nil, fmt.Errorf("reading parts of pages: %w", err)
		}
		for _, name := range names {
			set, err := shared.Clone()
			if err == nil {
				set, err = set.ParseFS(c.Files, name)
			}
			if err != nil {
				return nil, fmt.Errorf("reading page %s: %w", name, err)
			}
			s.sets[lang+"/"+strings.TrimSuffix(path.Base(name), ".html")] = set
		}
	}
	return s, nil
}

// Texts are the texts of a file system that has texts/*.json.
func Texts(files fs.FS) (*catalog.Catalog, error) {
	sub, err := fs.Sub(files, "texts")
	if err != nil {
		return nil, err
	}
	return catalog.Load(sub)
}

// Execute writes one page.
func (s *Sheets) Execute(w io.Writer, lang, name string, data any) error {
	set := s.sets[lang+"/"+name]
	if set == nil {
		return fmt.Errorf("sheets: there is no template %s in %s", name, lang)
	}
	var page bytes.Buffer
	if err := set.ExecuteTemplate(&page, "page", data); err != nil {
		return fmt.Errorf("making page %s: %w", name, err)
	}
	_, err := w.Write(page.Bytes())
	return err
}

// Texts gives all texts.
func (s *Sheets) Texts() *catalog.Catalog { return s.texts }

// Base is where the assets are.
func (s *Sheets) Base() string { return s.assets.Base() }

// Script is a page's own bundle; empty when it needs none.
func (s *Sheets) Script(page string) string { return s.bundles[page] }

// Early lists what a page's scripts import.
func (s *Sheets) Early(page string) []string {
	if files, ok := s.early[page]; ok {
		return files
	}
	return s.early[""]
}

// Spoken are the texts that a page's scripts say.
func (s *Sheets) Spoken(lang, page string) map[string]string {
	if texts, ok := s.spoken[lang][page]; ok {
		return texts
	}
	return s.spoken[lang][""]
}

// Language is the one of ours that a tag asks for.
func Language(tag string) string {
	if strings.HasPrefix(tag, "en") {
		return "en"
	}
	return "ko"
}
