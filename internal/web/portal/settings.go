package portal

import (
	"net/http"
	"net/url"

	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
)

// settings is POST /settings: language and look, kept in the browser. What is
// not known is passed over.
func (p *Portal) settings(w http.ResponseWriter, r *http.Request) {
	form, err := kit.ReadForm(r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	kit.Choose(w, form, p.HTTPS)
	redirect(w, r, settledAt(form.Get("back")))
}

// settledAt is the page to come back to. That of the login keeps where it leads,
// and that of the branches what was looked for.
func settledAt(back string) string {
	if u, err := url.Parse(back); err == nil && localPath(back) == "/branches" {
		q := u.Query()
		view := pages.Branches{OpenOnly: q.Get("open") == "now", Services: knownServices(q["service"])}
		return view.With(q.Get("place"))
	}
	if pathOf(back) == "/login" {
		return loginFor(nextOf(back))
	}
	return orHome(localPath(back))
}
