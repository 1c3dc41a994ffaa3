package portal

import (
	"net/http"

	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
)

// sayingCookie carries what one request says to the page that it leads to.
const sayingCookie = "ingam_said"

func (p *Portal) sayings() kit.Sayings {
	return kit.Sayings{Cookie: sayingCookie, Sealer: p.Sealer, HTTPS: p.HTTPS, Now: p.Now,
		Listener: func(r *http.Request) string { return p.Sessions.Subscriber(r.Context()) }}
}

func shown(s *kit.Said) *pages.Problem {
	return &pages.Problem{Title: s.Title, Detail: s.Detail, Code: s.Code, Field: s.Field}
}

// say leaves something to the page at a path, and leads there.
func (p *Portal) say(w http.ResponseWriter, r *http.Request, to string, s kit.Saying) {
	p.sayings().Say(w, r, to, s)
}

// notice leads to a page and says there what was done.
func (p *Portal) notice(w http.ResponseWriter, r *http.Request, to, key string) {
	p.say(w, r, to, kit.Saying{Notice: key})
}

// refuse leads back to the page of a form: it says why, and keeps what was
// typed in the fields named.
func (p *Portal) refuse(w http.ResponseWriter, r *http.Request, to string, err error, form kit.Form, keep ...string) {
	typed := make(map[string]string, len(keep))
	for _, name := range keep {
		typed[name] = form.Get(name)
	}
	p.refuseWith(w, r, to, err, typed)
}

func (p *Portal) refuseWith(w http.ResponseWriter, r *http.Request, to string, err error, typed map[string]string) {
	kit.Note(r.Context(), err)
	p.say(w, r, to, kit.Saying{Typed: typed, Problem: kit.SaidOf(r, err, fieldOf(err))})
}

// heard takes what was said to this page, once.
func (p *Portal) heard(w http.ResponseWriter, r *http.Request) kit.Saying {
	return p.sayings().Heard(w, r)
}
