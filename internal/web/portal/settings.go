package portal

import (
	"net/http"

	"github.com/ingam-pki/ingam/internal/web/kit"
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

// settledAt is the page to come back to. That of the login keeps where it leads.
func settledAt(back string) string {
	if pathOf(back) == "/login" {
		return loginFor(nextOf(back))
	}
	return orHome(localPath(back))
}
