// Package gallery has every page of the portal in every state worth seeing,
// without a database; see shots.
//
//	g, err := gallery.New(time.Now)
//	http.Serve(listener, g)
package gallery

import (
	"io"
	"time"

	"github.com/ingam-pki/ingam/internal/web/assets"
	"github.com/ingam-pki/ingam/internal/web/kit/shots"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
)

// New puts all pages together. The clock is for what counts down in the browser;
// all else stands still. An error is a defect in a page.
func New(clock func() time.Time) (*shots.Gallery, error) {
	files, err := assets.New()
	if err != nil {
		return nil, err
	}
	made, err := Scenes(files, clock)
	if err != nil {
		return nil, err
	}
	return shots.New(files, pages.Policy, made)
}

// Scenes are all of them, for a gallery that has more.
func Scenes(files *assets.Files, clock func() time.Time) ([]shots.Scene, error) {
	p, err := pages.New(files)
	if err != nil {
		return nil, err
	}
	made, err := scenes(clock)
	all := make([]shots.Scene, 0, len(made))
	for _, s := range made {
		all = append(all, shots.Scene{Page: s.page, State: s.state, Title: s.title, Element: s.element,
			Render: func(w io.Writer, lang string) error { return p.Render(w, s.view(frameIn(lang))) }})
	}
	return all, err
}
