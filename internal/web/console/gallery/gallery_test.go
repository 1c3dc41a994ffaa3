package gallery_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ingam-pki/ingam/internal/web/assets"
	"github.com/ingam-pki/ingam/internal/web/console/gallery"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
	"github.com/ingam-pki/ingam/internal/web/kit/shots"
)

var shared = sync.OnceValues(gallery.New)

func open(t *testing.T) *shots.Gallery {
	t.Helper()
	g, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// each renders every page and hands it over.
func each(t *testing.T, check func(t *testing.T, s shots.Shot, page string)) {
	t.Helper()
	g := open(t)
	for _, s := range g.Shots() {
		t.Run(s.Path, func(t *testing.T) {
			page, err := g.Page(s.Path)
			if err != nil {
				t.Fatal(err)
			}
			check(t, s, string(page))
		})
	}
}

var (
	inlineEvent  = regexp.MustCompile(`<[^>]*\son[a-z]+\s*=`)
	inlineStyle  = regexp.MustCompile(`<[^>]*\sstyle\s*=`)
	script       = regexp.MustCompile(`<script([^>]*)>([^<]*)`)
	heading      = regexp.MustCompile(`<h1[ >]`)
	unsaid       = regexp.MustCompile(`>\s*(?:[a-z][a-z-]*)\.[a-z][\w.-]*\s*<`)
	actNames     = regexp.MustCompile(`<span class="quiet code">[a-z.-]+</span>`) // of the table of rights
	unfilled     = regexp.MustCompile(`\{[a-zA-Z/|을를이가]+\}`)
	id           = regexp.MustCompile(`\sid="([^"]*)"`)
	refers       = regexp.MustCompile(`\s(?:for|aria-labelledby|aria-describedby|form)="([^"]*)"`)
	jump         = regexp.MustCompile(`href="#([^"]+)"`)
	elsewhere    = regexp.MustCompile(`(?:src|href|action)="(?:https?:)?//[^"]*"`)
	residentForm = regexp.MustCompile(`\b\d{6}-?[1-8]\d{6}\b`)
	secretBack   = regexp.MustCompile(`<input[^>]*name="(?:password|code)"[^>]*\svalue=`)
)

// TestPagesHoldNoInlineCode: the policy would stop it, and a page would break.
func TestPagesHoldNoInlineCode(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s shots.Shot, page string) {
		for what, form := range map[string]*regexp.Regexp{"an event attribute": inlineEvent, "a style attribute": inlineStyle} {
			if found := form.FindString(page); found != "" {
				t.Errorf("%s: %s", what, found)
			}
		}
		if strings.Contains(page, "<style") || strings.Contains(page, "javascript:") {
			t.Error("a style element or a javascript: address")
		}
		for _, m := range script.FindAllStringSubmatch(page, -1) {
			if !strings.Contains(m[1], "src=") && !strings.Contains(m[1], `type="application/json"`) {
				t.Errorf("an inline script: %s", m[0])
			}
		}
		if found := elsewhere.FindString(page); found != "" {
			t.Errorf("loads from or leads to another place: %s", found)
		}
	})
}

// TestPagesAreSound: one heading, ids that are unique and there, tags that
// match, texts that are filled in.
func TestPagesAreSound(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s shots.Shot, page string) {
		if !strings.HasPrefix(page, "<!doctype html>") || !strings.Contains(page, `<html lang="`+s.Lang+`"`) {
			t.Error("no doctype, or another language")
		}
		if n := len(heading.FindAllString(page, -1)); n != 1 {
			t.Errorf("%d first headings", n)
		}
		if found := unsaid.FindString(actNames.ReplaceAllString(page, "")); found != "" {
			t.Errorf("a key shows instead of its text: %s", found)
		}
		shown, _, _ := strings.Cut(page, `id="texts"`)
		if found := unfilled.FindString(shown); found != "" {
			t.Errorf("a text is not filled in: %s", found)
		}
		if strings.Contains(page, "ZgotmplZ") || strings.Contains(page, "%!") || strings.Contains(page, "&lt;nil&gt;") {
			t.Error("a value could not be shown")
		}
		if residentForm.MatchString(shown) {
			t.Error("an identity number in clear")
		}
		if found := secretBack.FindString(page); found != "" {
			t.Errorf("a secret came back into its field: %s", found)
		}
		checkIDs(t, page)
		checkTags(t, page)
	})
}

func checkIDs(t *testing.T, page string) {
	t.Helper()
	known := map[string]bool{}
	for _, m := range id.FindAllStringSubmatch(page, -1) {
		if known[m[1]] {
			t.Errorf("the id %s stands twice", m[1])
		}
		known[m[1]] = true
	}
	for _, m := range jump.FindAllStringSubmatch(page, -1) {
		if !known[m[1]] {
			t.Errorf("a link leads to #%s, which is not there", m[1])
		}
	}
	for _, m := range refers.FindAllStringSubmatch(page, -1) {
		for ref := range strings.FieldsSeq(m[1]) {
			if !known[ref] {
				t.Errorf("nothing has the id %s, but %s", ref, m[0])
			}
		}
	}
}

var (
	tag   = regexp.MustCompile(`<(/?)([a-zA-Z][\w-]*)((?:[^">]|"[^"]*")*?)(/?)>`)
	void  = []string{"meta", "link", "input", "img", "col", "wbr", "br", "hr", "source"}
	plain = regexp.MustCompile(`(?s)<(script|textarea|pre)[^>]*>.*?</(?:script|textarea|pre)>`)
)

// checkTags finds an element that is not closed, or closed in another's place.
func checkTags(t *testing.T, page string) {
	t.Helper()
	var within []string
	for _, m := range tag.FindAllStringSubmatch(plain.ReplaceAllString(page, ""), -1) {
		name := strings.ToLower(m[2])
		switch {
		case slices.Contains(void, name) || m[4] == "/":
		case m[1] == "":
			within = append(within, name)
		case len(within) == 0 || within[len(within)-1] != name:
			t.Errorf("</%s> closes nothing of its own (within %v)", name, within)
			return
		default:
			within = within[:len(within)-1]
		}
	}
	if len(within) > 0 {
		t.Errorf("not closed: %v", within)
	}
}

// TestEveryPageIsShown: a view that the gallery lacks is one nobody looks at.
func TestEveryPageIsShown(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir("../pages/templates")
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, s := range open(t).Shots() {
		shown[s.Page+" "+s.Lang] = true
	}
	for _, e := range entries {
		name, isPage := strings.CutSuffix(e.Name(), ".html")
		for _, lang := range []string{"ko", "en"} {
			if isPage && !shown["console/"+name+" "+lang] {
				t.Errorf("%s in %s is not in the gallery", name, lang)
			}
		}
	}
}

// TestServing: a page finds what it loads, and forms lead somewhere.
func TestServing(t *testing.T) {
	t.Parallel()
	g := open(t)
	get := func(method, path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		g.ServeHTTP(w, httptest.NewRequest(method, path, nil))
		return w
	}
	page := get(http.MethodGet, "/ko/console/login/plain")
	if page.Code != http.StatusOK || page.Header().Get("Content-Security-Policy") != pages.Policy {
		t.Fatalf("the page answers %d", page.Code)
	}
	for _, m := range regexp.MustCompile(`(?:src|href)="(/assets/[^"]*)"`).FindAllStringSubmatch(page.Body.String(), -1) {
		if w := get(http.MethodGet, m[1]); w.Code != http.StatusOK {
			t.Errorf("%s answers %d", m[1], w.Code)
		}
	}
	for path, want := range map[string]int{"/": 200, "/gallery.json": 200, "/icon.svg": 200, "/favicon.ico": 200, "/sw.js": 200,
		"/ko/nothing/here": 404, "/assets/": 404} {
		if w := get(http.MethodGet, path); w.Code != want {
			t.Errorf("%s answers %d, want %d", path, w.Code, want)
		}
	}
	if w := get(http.MethodPost, "/login"); w.Code != http.StatusSeeOther {
		t.Errorf("a form answers %d", w.Code)
	}
	files, err := assets.New()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(page.Body.String(), fmt.Sprintf(`src="%s/console.js"`, files.Base())) {
		t.Error("the page does not load console.js")
	}
}
