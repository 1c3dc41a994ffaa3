// Package gallery has every page of the console in every state worth seeing,
// without a database; see shots.
package gallery

import (
	"io"
	"slices"
	"time"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/web/assets"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
	"github.com/ingam-pki/ingam/internal/web/kit/shots"
)

// area is where these pages stand beside the portal's.
const area = "console"

// now stands still, so that a screenshot of today is that of tomorrow.
var now = time.Date(2027, time.March, 14, 5, 20, 0, 0, time.UTC)

// New puts all pages together. An error is a defect in a page.
func New() (*shots.Gallery, error) {
	files, err := assets.New()
	if err != nil {
		return nil, err
	}
	made, err := Scenes(files)
	if err != nil {
		return nil, err
	}
	return shots.New(files, pages.Policy, made)
}

// Scenes are all of them, for a gallery that has more.
func Scenes(files *assets.Files) ([]shots.Scene, error) {
	p, err := pages.New(files)
	if err != nil {
		return nil, err
	}
	var all []shots.Scene
	for _, s := range scenes(p) {
		all = append(all, shots.Scene{Area: area, Page: s.page, State: s.state, Title: s.title,
			Render: func(w io.Writer, lang string) error { return p.Render(w, s.view(frameAs(lang, authz.Teller))) }})
	}
	return all, nil
}

// scene is one page in one state, in any language. Its frame is a teller's.
type scene struct {
	page, state, title string
	view               func(f pages.Frame) pages.View
}

// refused is a scene with a problem on the page.
func refused(page, state, title string, e *fault.Error, field string, view func(f pages.Frame) pages.View) scene {
	return scene{page, state, title, func(f pages.Frame) pages.View {
		what, todo := e.Public(f.Lang)
		f.Problem = &pages.Problem{Title: what, Detail: todo, Code: e.Number, Name: e.Name, Field: field}
		return view(f)
	}}
}

// scenes are all of the console's.
func scenes(p *pages.Pages) []scene {
	return slices.Concat(frontScenes(), staffScenes(), auditScenes(), customerScenes(), queueScenes(), caseScenes(), printScenes(p))
}

// frameAs is the frame of one who is logged in, in a role.
func frameAs(lang string, role authz.Role) pages.Frame {
	f := pages.Frame{Lang: lang, Path: "/console", Now: now, IdleSeconds: 600}
	f.Me = &pages.Me{Name: "김창구", Number: "240117", Role: string(role), May: map[string]bool{}}
	if role == authz.Teller || role == authz.Supervisor {
		f.Me.Branch, f.Me.BranchName = "012", map[string]string{"ko": "을지로지점", "en": "Euljiro"}[lang]
		f.Counts, f.Revision = map[string]int{"mine": 3, "branch": 12, "approve": 2, "waiting": 1}, "r1"
	}
	for _, line := range authz.Policy() {
		f.Me.May[string(line.Act)] = authz.May(role, line.Act)
	}
	return f
}

// as is a frame in another role.
func as(f pages.Frame, role authz.Role) pages.Frame {
	other := frameAs(f.Lang, role)
	other.Problem = f.Problem
	return other
}

// outside is the frame with nobody logged in.
func outside(f pages.Frame) pages.Frame {
	f.Me, f.IdleSeconds, f.Counts, f.Revision = nil, 0, nil, ""
	return f
}
