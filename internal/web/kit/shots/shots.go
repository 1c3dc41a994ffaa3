// Package shots shows pages in states worth seeing, without a service behind
// them: for eyes, for screenshots, for tests that walk over all of them. Which
// pages there are, their own galleries know.
//
//	g, err := shots.New(files, sheets.Policy, scenes)
//	http.Serve(listener, g)
//
// "/" is an index for people, "/gallery.json" the same for programs. What an
// element in the browser shows comes from a bundle of its own (gallery.js): a
// page in such a state ends with <ingam-gallery state="…">, which gives the
// page's element a world made up for that state and has data-state="ready" then.
package shots

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"slices"
	"strings"
)

// Scene is one page in one state, in any language.
type Scene struct {
	Area    string // whose page it is, beside customers: "console"
	Page    string
	State   string
	Title   string
	Element string // state of the page's element; empty: as it comes
	Render  func(w io.Writer, lang string) error
}

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

// Files are what pages load.
type Files interface {
	http.Handler
	Base() string // "/assets/<hash>"
	At(name string) http.Handler
}

// Gallery is a handler.
type Gallery struct {
	files  Files
	policy string
	shots  []Shot
	scenes map[string]Scene // by path
}

// New puts scenes together, which load files under a Content-Security-Policy.
// An error says that two are the same.
func New(files Files, policy string, scenes []Scene) (*Gallery, error) {
	g := &Gallery{files: files, policy: policy, scenes: map[string]Scene{}}
	for _, lang := range []string{"ko", "en"} {
		for _, s := range scenes {
			page := strings.TrimPrefix(s.Area+"/"+s.Page, "/")
			path := "/" + lang + "/" + page + "/" + s.State
			if _, twice := g.scenes[path]; twice {
				return nil, fmt.Errorf("shots: there are two %s", path)
			}
			g.scenes[path] = s
			g.shots = append(g.shots, Shot{Path: path, Lang: lang, Page: page, State: s.State, Title: s.Title, Element: s.Element != ""})
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
		return nil, fmt.Errorf("shots: there is no %s", path)
	}
	var page bytes.Buffer
	if err := s.Render(&page, path[1:3]); err != nil {
		return nil, err
	}
	if s.Element == "" {
		return page.Bytes(), nil
	}
	actor := `<ingam-gallery state="` + template.HTMLEscapeString(s.Element) + `"></ingam-gallery></body>`
	// Before the page's own scripts: the elements have their world from the start.
	const module = `<script type="module"`
	script := module + ` src="` + g.files.Base() + `/gallery.js"></script>` + module
	return []byte(strings.Replace(strings.Replace(page.String(), "</body>", actor, 1), module, script, 1)), nil
}

// ServeHTTP shows the index, a page, or one of its files. Forms lead to the
// index.
func (g *Gallery) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", g.policy) // as the pages' own faces do
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
