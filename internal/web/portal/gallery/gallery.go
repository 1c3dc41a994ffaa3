// Package gallery shows every page in every state worth seeing, without a
// database: for eyes, for screenshots, for tests that walk over all of them.
//
//	g, err := gallery.New(time.Now)
//	http.Serve(listener, g)
//
// "/" is an index for people, "/gallery.json" the same for programs. What an
// element in the browser shows comes from its own gallery bundle (gallery.js):
// a page in such a state ends with <ingam-gallery state="…">, which gives the
// page's element a world made up for that state and has data-state="ready" then.
package gallery

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/web/assets"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
)

// Shot is one page in one state and language.
type Shot struct {
	Path  string `json:"path"`
	Lang  string `json:"lang"`
	Page  string `json:"page"`
	State string `json:"state"`
	Title string `json:"title"`
	// Element says that the page's script sets the state: wait for
	// ingam-gallery[data-state].
	Element bool `json:"element,omitempty"`
}

// Gallery is a handler.
type Gallery struct {
	files  *assets.Files
	pages  *pages.Pages
	shots  []Shot
	scenes map[string]scene // by path
}

// New puts all pages together. The clock is for what counts down in the browser;
// all else stands still. An error is a defect in a page.
func New(clock func() time.Time) (*Gallery, error) {
	files, err := assets.New()
	if err != nil {
		return nil, err
	}
	p, err := pages.New(files)
	if err != nil {
		return nil, err
	}
	made, err := scenes(clock)
	if err != nil {
		return nil, err
	}
	g := &Gallery{files: files, pages: p, scenes: map[string]scene{}}
	for _, lang := range []string{"ko", "en"} {
		for _, s := range made {
			path := "/" + lang + "/" + s.page + "/" + s.state
			g.scenes[path] = s
			g.shots = append(g.shots, Shot{Path: path, Lang: lang, Page: s.page, State: s.state, Title: s.title, Element: s.element != ""})
		}
	}
	return g, nil
}

// Shots lists everything there is to see.
func (g *Gallery) Shots() []Shot { return slices.Clone(g.shots) }

// Page renders one shot.
func (g *Gallery) Page(path string) ([]byte, error) {
	s, ok := g.scenes[path]
	if !ok {
		return nil, fmt.Errorf("gallery: there is no %s", path)
	}
	var page bytes.Buffer
	if err := g.pages.Render(&page, s.view(frameIn(path[1:3]))); err != nil {
		return nil, err
	}
	if s.element == "" {
		return page.Bytes(), nil
	}
	actor := `<ingam-gallery state="` + template.HTMLEscapeString(s.element) + `"></ingam-gallery></body>`
	// Before the page's own scripts: the elements have their world from the start.
	const module = `<script type="module"`
	script := module + ` src="` + g.files.Base() + `/gallery.js"></script>` + module
	return []byte(strings.Replace(strings.Replace(page.String(), "</body>", actor, 1), module, script, 1)), nil
}

// ServeHTTP shows the index, a page, or one of its files. Forms lead to the
// index.
func (g *Gallery) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", pages.Policy) // as the portal does
	h.Set("X-Content-Type-Options", "nosniff")
	switch path := r.URL.Path; {
	case strings.HasPrefix(path, "/assets/"):
		g.files.ServeHTTP(w, r)
	case path == "/icon.svg", path == "/favicon.ico":
		g.files.At("icons"+path).ServeHTTP(w, r)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		http.Redirect(w, r, "/", http.StatusSeeOther)
	case path == "/gallery.json":
		h.Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(g.shots)
	case path == "/":
		h.Set("Content-Type", "text/html; charset=utf-8")
		_ = index.Execute(w, g)
	case path == "/sw.js": // nothing is kept here
		h.Set("Content-Type", "text/javascript")
	case path == "/manifest.webmanifest":
		h.Set("Content-Type", "application/manifest+json")
		_, _ = w.Write([]byte(`{"name":"ingam","icons":[]}`))
	default:
		page, err := g.Page(path)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		h.Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(page) //nolint:gosec // a page of ours, named by the request
	}
}

// Base is where the index finds its style sheet.
func (g *Gallery) Base() string { return g.files.Base() }

// Rows are the index's: one for each page and state, with both languages.
func (g *Gallery) Rows() []Shot {
	return slices.DeleteFunc(g.Shots(), func(s Shot) bool { return s.Lang != "ko" })
}

var index = template.Must(template.New("").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Gallery - ingam</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="{{.Base}}/style.css"></head>
<body><main class="page"><h1>Gallery</h1>
<p>Each page in each state. <a href="/gallery.json">gallery.json</a> lists the same.</p>
<ul class="list">{{range .Rows}}<li><div class="row"><span class="row-body"><span class="row-title">{{.Page}}</span><span class="row-text">{{.Title}}</span></span>
<a href="/ko/{{.Page}}/{{.State}}" aria-label="{{.Page}}, {{.Title}}, Korean">ko</a> <a href="/en/{{.Page}}/{{.State}}" aria-label="{{.Page}}, {{.Title}}, English">en</a></div></li>
{{end}}</ul></main></body></html>
`))
