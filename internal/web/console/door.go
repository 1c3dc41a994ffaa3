package console

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

// recorder is the audit log.
type recorder interface {
	Refuse(ctx context.Context, caller authz.Caller, act authz.Act, object string, outcome audit.Outcome, err error) error
}

// visit is who came with a request.
type visit struct {
	account staff.Account // the zero value: nobody
	early   bool          // they came by a one-time code and have no way yet to come again
	over    bool          // the browser's session was ended since the account changed
}

type visitKey struct{}

func visitOf(r *http.Request) visit {
	v, _ := r.Context().Value(visitKey{}).(visit)
	return v
}

// me is who is logged in; the zero value for nobody.
func me(r *http.Request) staff.Account { return visitOf(r).account }

// left is a request whose sender has just logged out: what it says, it says to
// nobody in particular.
func left(r *http.Request) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), visitKey{}, visit{}))
}

// caller names who is logged in to the services.
func caller(r *http.Request) authz.Caller {
	if a := me(r); a.ID != "" {
		return a.Caller(kit.RequestID(r.Context()))
	}
	return authz.Caller{Role: authz.Anonymous, Request: kit.RequestID(r.Context())}
}

// identify finds out who is logged in, anew at each request: an account that
// was disabled, or got another role or branch, has no session any more.
func (c *Console) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var v visit
		if id, epoch := c.Sessions.Account(r.Context()); id != "" {
			account, err := c.Accounts.Current(r.Context(), id, epoch)
			switch {
			case err == nil:
				v.account, v.early = account, c.Sessions.Limited(r.Context())
			case fault.Of(err).Kind == fault.Unauthenticated:
				kit.Note(r.Context(), err)
				v.over = true
				err = c.Sessions.End(r.Context())
			}
			if err != nil {
				kit.Fail(w, r, fmt.Errorf("finding out who is logged in: %w", err))
				return
			}
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), visitKey{}, v)))
	})
}

// door lets in who may do the route's act at all. A denial is an entry in the
// audit log.
func (c *Console) door(route Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch who := me(r); {
		case route.Open:
		case who.ID == "":
			c.toLogin(w, r)
			return
		case visitOf(r).early && !route.Early:
			redirect(w, r, accountPath)
			return
		case route.Act != "" && !authz.May(who.Role, route.Act):
			err := authz.ErrForbidden.With(nil)
			if e := c.Log.Refuse(r.Context(), caller(r), route.Act, "page:"+route.Pattern, audit.Denied, err); e != nil {
				kit.Fail(w, r, fmt.Errorf("recording a denial: %w", e))
				return
			}
			kit.Fail(w, r, err)
			return
		}
		route.Handle(w, r)
	})
}

// toLogin leads to the login, and from there back to the page.
func (c *Console) toLogin(w http.ResponseWriter, r *http.Request) {
	err := kit.ErrNoSession.With(nil)
	if !wantsPage(r) {
		kit.Fail(w, r, err)
		return
	}
	back := r.URL.Path
	if r.Method != http.MethodGet && r.Method != http.MethodHead { // to the page that has the form
		back = path.Dir(back)
	}
	var query []string
	switch {
	case visitOf(r).over:
		query = append(query, "ended=over")
	case hadSession(r):
		query = append(query, "ended=idle")
	}
	if next := localPath((&url.URL{Path: back}).EscapedPath()); next != "" && next != root {
		query = append(query, nextQuery(next))
	}
	kit.Note(r.Context(), err)
	redirect(w, r, strings.TrimSuffix(loginPath+"?"+strings.Join(query, "&"), "?"))
}

func hadSession(r *http.Request) bool {
	_, err := r.Cookie(kit.StaffCookie)
	return err == nil
}

// wantsPage says whether a person waits for the answer, not a script.
func wantsPage(r *http.Request) bool {
	accept := r.Header.Get("Accept")
	script := strings.Contains(accept, "application/json") && !strings.Contains(accept, "text/html")
	return !script && !strings.HasSuffix(r.URL.Path, ".json") && !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json")
}

// localPath takes a page of the console that somebody wants to come to, and
// gives empty for anything else: other places, acts, and the login itself.
func localPath(s string) string {
	clean := kit.LocalPath(s)
	if !Serves(clean) {
		return ""
	}
	first, rest, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(clean, root), "/"), "/")
	switch {
	case first == "login", first == "logout", first == "activate", first == "settings" && rest == "":
		return ""
	}
	return clean
}

func orHome(next string) string {
	if next == "" {
		return root
	}
	return next
}

// redirect leads on, after a POST too, by GET. Targets are ours: paths that
// hold nothing about a person. What a visitor sent goes through localPath first.
func redirect(w http.ResponseWriter, r *http.Request, to string) {
	http.Redirect(w, r, to, http.StatusSeeOther) //nolint:gosec // see above
}
