package portal

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
)

// bare is the frame without anybody in it.
func (p *Portal) bare(r *http.Request) pages.Frame {
	f := pages.Frame{Lang: kit.Language(r), Path: r.URL.Path, Now: p.Now(), Bank: p.Bank, AssetBase: p.files.Base(), Look: kit.Look(r)}
	if p.Ahead != nil {
		f.Ahead = p.Ahead()
	}
	f.Demo = p.Demo != nil
	if f.Demo && p.Demo.Desk != "" {
		f.DemoDesk = p.Demo.Desk + "?lang=" + f.Lang
	}
	return f
}

// frame is the frame with who is logged in, if anybody is, and what was said
// to this page by the request before.
func (p *Portal) frame(w http.ResponseWriter, r *http.Request) (pages.Frame, kit.Saying, error) {
	f := p.bare(r)
	who, err := p.visitor(r)
	if err != nil {
		return f, kit.Saying{}, err
	}
	if who.ID != "" {
		f.Visitor = &pages.Visitor{Name: who.Name}
		f.IdleSeconds = int(kit.SessionIdle.Seconds())
	}
	said := p.heard(w, r)
	f.Notice = said.Notice
	if said.Problem != nil {
		f.Problem = shown(said.Problem)
	}
	return f, said, nil
}

// visitor is who is logged in; the zero value when nobody is.
func (p *Portal) visitor(r *http.Request) (subscriber.Subscriber, error) {
	id := p.Sessions.Subscriber(r.Context())
	if id == "" {
		return subscriber.Subscriber{}, nil
	}
	return p.Subscribers.Subscriber(r.Context(), p.Sessions.Caller(r.Context()), id)
}

// show answers with a page.
func (p *Portal) show(w http.ResponseWriter, r *http.Request, v pages.View) {
	var page bytes.Buffer
	if err := p.pages.Render(&page, v); err != nil {
		kit.Fail(w, r, fmt.Errorf("showing a page: %w", err))
		return
	}
	w.Header().Set("Content-Language", kit.Language(r))
	kit.WritePage(w, r, http.StatusOK, page.Bytes())
}

// Refuse shows a refusal as a page: kit.FaceConfig.Page. It asks nobody who is
// logged in: what is refused may be just that, or come before it is known.
func (p *Portal) Refuse(w http.ResponseWriter, r *http.Request, problem kit.Problem) bool {
	setHeaders(w.Header())
	f := p.bare(r)
	f.Problem = &pages.Problem{Title: problem.Title, Detail: problem.Detail, Code: problem.Code}
	if r.Method != http.MethodGet || problem.Status == http.StatusNotFound {
		f.Path = "/" // where the choice of a language leads
	}
	var page bytes.Buffer
	if err := p.pages.Render(&page, pages.Failure{Frame: f, Status: problem.Status}); err != nil {
		return false
	}
	kit.WritePage(w, r, problem.Status, page.Bytes())
	return true
}

// member lets by who is logged in; others log in first and come back.
func (p *Portal) member(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.Sessions.Subscriber(r.Context()) != "" {
			next(w, r)
			return
		}
		back := r.URL.Path
		if r.Method == http.MethodPost { // to the page that has the form
			back = formPage(back)
		}
		var query []string
		if _, err := r.Cookie(kit.SessionCookie); err == nil {
			query = append(query, "ended")
		}
		if next := localPath((&url.URL{Path: back}).EscapedPath()); next != "" {
			query = append(query, "next="+strings.ReplaceAll(url.QueryEscape(next), "%2F", "/"))
		}
		to := strings.TrimSuffix("/login?"+strings.Join(query, "&"), "?")
		kit.Note(r.Context(), kit.ErrNoSession.With(nil))
		redirect(w, r, to)
	})
}

// formPage is the page whose form is sent to a path: itself, or the one above
// for what is only an act.
func formPage(route string) string {
	switch path.Base(route) {
	case "abandon", "code":
		return path.Dir(route)
	}
	return route
}

// redirect leads on, after a POST too, by GET. Targets are ours: paths that
// hold nothing about a person. What a visitor sent goes through localPath first.
func redirect(w http.ResponseWriter, r *http.Request, to string) {
	http.Redirect(w, r, to, http.StatusSeeOther) //nolint:gosec // see above
}
