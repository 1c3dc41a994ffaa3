package console

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

// frontRoutes are those that everybody who works here has.
func (c *Console) frontRoutes() []Route {
	return []Route{
		{Pattern: "GET /console", Handle: c.home},
		{Pattern: "GET /console/{$}", Handle: c.home},
		{Pattern: "POST /console/settings", Open: true, Handle: c.settings},
	}
}

// home is GET /console: the page that each role works at.
func (c *Console) home(w http.ResponseWriter, r *http.Request) {
	role := me(r).Role
	for _, place := range []struct {
		act authz.Act
		to  string
	}{
		{authz.DecideCase, root + "/queue"},
		{authz.SearchCustomers, root + "/customers"},
		{authz.ViewAudit, root + "/audit"},
		{authz.ViewStaff, root + "/staff"},
	} {
		if authz.May(role, place.act) {
			redirect(w, r, place.to)
			return
		}
	}
	redirect(w, r, accountPath)
}

// settings is POST /console/settings: language and look, the same as the
// customers' pages have.
func (c *Console) settings(w http.ResponseWriter, r *http.Request) {
	form, err := kit.ReadForm(r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	kit.Choose(w, form, c.HTTPS)
	redirect(w, r, settledAt(form.Get("back")))
}

// settledAt is the page to come back to. That of the login keeps where it leads.
func settledAt(back string) string {
	before, query, _ := strings.Cut(back, "?")
	switch before {
	case loginPath:
		values, err := url.ParseQuery(query)
		if err != nil {
			return loginPath
		}
		return loginFor(localPath(values.Get("next")))
	case activatePath:
		return before
	}
	return orHome(localPath(back))
}

func loginFor(next string) string {
	if next == "" {
		return loginPath
	}
	return loginPath + "?" + nextQuery(next)
}

func nextQuery(next string) string {
	return "next=" + strings.ReplaceAll(url.QueryEscape(next), "%2F", "/")
}
