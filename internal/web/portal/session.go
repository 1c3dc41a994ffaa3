package portal

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
)

// home is GET /.
func (p *Portal) home(w http.ResponseWriter, r *http.Request) {
	f, _, err := p.frame(w, r)
	view := pages.Home{Frame: f}
	if err == nil && f.Visitor != nil {
		view.Open, err = p.open(r)
	}
	if err == nil && f.Visitor != nil {
		view.Urgent, err = p.urgent(r, f.Visitor.Name)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	p.show(w, r, view)
}

// center is GET /center.
func (p *Portal) center(w http.ResponseWriter, r *http.Request) {
	view := pages.Center{}
	var err error
	view.Frame, _, err = p.frame(w, r)
	if err == nil && view.Visitor != nil {
		view.Open, err = p.open(r)
	}
	if err == nil && view.Visitor != nil {
		view.Certificates, err = p.mine(r, view.Visitor.Name)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	p.show(w, r, view)
}

// login is GET /login.
func (p *Portal) login(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	next := localPath(query.Get("next"))
	if p.Sessions.Subscriber(r.Context()) != "" {
		redirect(w, r, orHome(next))
		return
	}
	f, said, err := p.frame(w, r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	if next != "" {
		f.Path = loginFor(next)
	}
	view := pages.Login{Frame: f, Next: next, Ended: query.Has("ended"), LoginID: said.Typed["loginId"]}
	if p.Demo != nil {
		for _, c := range p.Demo.Samples {
			view.Samples = append(view.Samples, pages.Sample{LoginID: c.LoginID, Password: c.Password, Note: c.Note.In(f.Lang)})
		}
	}
	p.show(w, r, view)
}

// logIn is POST /login. Besides the lock-out of a login, which the service
// keeps, an address has a limit of its own.
func (p *Portal) logIn(w http.ResponseWriter, r *http.Request) {
	form, err := kit.ReadForm(r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	next := localPath(form.Get("next"))
	err = p.authenticate(r, form)
	if err != nil {
		p.refuse(w, r, loginFor(next), err, form, "loginId")
		return
	}
	redirect(w, r, orHome(next))
}

func (p *Portal) authenticate(r *http.Request, form kit.Form) error {
	if err := filled(form, "loginId", "password"); err != nil {
		return err
	}
	if wait := p.LoginLimit.Take(kit.Address(r.Context())); wait > 0 {
		return kit.ErrTooMany.With(nil).After(wait)
	}
	anonymous := authz.Caller{Role: authz.Anonymous, Request: kit.RequestID(r.Context())}
	who, err := p.Subscribers.Authenticate(r.Context(), anonymous, strings.TrimSpace(form.Get("loginId")), form.Get("password"))
	if err != nil {
		return err
	}
	return p.Sessions.Begin(r.Context(), who.ID)
}

// logOut is POST /logout. One who is not logged in any more is told the same.
func (p *Portal) logOut(w http.ResponseWriter, r *http.Request) {
	caller := p.Sessions.Caller(r.Context())
	if caller.ID != "" {
		mine, object := kit.Own(caller)
		err := authz.AllowOn(caller, authz.LogOut, mine)
		if err == nil {
			err = p.Log.Record(r.Context(), caller, authz.LogOut, object)
		}
		if err == nil {
			err = p.Sessions.End(r.Context())
		}
		if err != nil {
			kit.Fail(w, r, fmt.Errorf("logging out: %w", err))
			return
		}
	}
	p.notice(w, r, "/", "logged-out")
}

func loginFor(next string) string {
	if next == "" {
		return "/login"
	}
	return "/login?next=" + url.QueryEscape(next)
}

func orHome(next string) string {
	if next == "" {
		return "/"
	}
	return next
}

// localPath takes a path of ours that somebody wants to come to, and gives
// empty for anything else: other sites, however they are spelled, acts, and
// the login itself.
func localPath(s string) string {
	clean := kit.LocalPath(s)
	if clean == "" {
		return ""
	}
	switch first, rest, _ := strings.Cut(clean[1:], "/"); {
	case first == "login", first == "logout", first == "api", first == "assets", first == "settings" && rest == "":
		return ""
	}
	return clean
}

// pathOf cuts the query off.
func pathOf(to string) string {
	before, _, _ := strings.Cut(to, "?")
	return before
}
