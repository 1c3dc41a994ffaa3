package portal

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
)

// saying is what one request says to the page that it leads to: why something
// was refused, what was done, what had been typed. It travels in a cookie that
// goes to that page alone and is sealed: no process has to remember it, and
// two requests of one session that run at once can't lose it. After Until it is
// no longer said, wherever the cookie was kept.
type saying struct {
	Until   time.Time         `json:"u"`
	Problem *said             `json:"p,omitempty"`
	Notice  string            `json:"n,omitempty"`
	Typed   map[string]string `json:"t,omitempty"`
}

// said is a refusal in the language in which it was said.
type said struct {
	Title  string `json:"t"`
	Detail string `json:"d"`
	Code   int    `json:"c"`
	Field  string `json:"f,omitempty"`
}

func (s said) shown() *pages.Problem {
	return &pages.Problem{Title: s.Title, Detail: s.Detail, Code: s.Code, Field: s.Field}
}

const (
	sayingCookie = "ingam_said"
	sayingLasts  = 2 * time.Minute
	maxTyped     = 256     // bytes of a field that are worth keeping
	maxSaying    = 3 << 10 // bytes: browsers keep cookies of up to 4 KiB
)

// say leaves something to the page at a path, and leads there.
func (p *Portal) say(w http.ResponseWriter, r *http.Request, to string, s saying) {
	for name, value := range s.Typed {
		if value == "" || len(value) > maxTyped {
			delete(s.Typed, name)
		}
	}
	s.Until = p.Now().Add(sayingLasts)
	value, err := p.sealed(r, to, s)
	if err == nil && len(value) > maxSaying { // why is worth more than what was typed
		s.Typed = nil
		value, err = p.sealed(r, to, s)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	http.SetCookie(w, p.sayingAt(to, value, int(sayingLasts.Seconds())))
	redirect(w, r, to)
}

func (p *Portal) sealed(r *http.Request, to string, s saying) (string, error) {
	plain, err := json.Marshal(s)
	if err != nil {
		return "", err
	}
	sealed, err := p.Sealer.Seal("cookie", sayingCookie, p.listener(r, to), plain)
	return base64.RawURLEncoding.EncodeToString(sealed), err
}

// notice leads to a page and says there what was done.
func (p *Portal) notice(w http.ResponseWriter, r *http.Request, to, key string) {
	p.say(w, r, to, saying{Notice: key})
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
	problem := kit.ProblemOf(r, err)
	p.say(w, r, to, saying{Typed: typed, Problem: &said{
		Title: problem.Title, Detail: problem.Detail, Code: problem.Code, Field: fieldOf(err),
	}})
}

// heard takes what was said to this page, once.
func (p *Portal) heard(w http.ResponseWriter, r *http.Request) saying {
	for _, cookie := range r.CookiesNamed(sayingCookie) {
		sealed, err := base64.RawURLEncoding.DecodeString(cookie.Value)
		if err != nil {
			continue
		}
		plain, err := p.Sealer.Open("cookie", sayingCookie, p.listener(r, r.URL.Path), sealed)
		var s saying
		if err != nil || json.Unmarshal(plain, &s) != nil || !p.Now().Before(s.Until) {
			continue // said to a page above, to somebody else, long ago, or made up
		}
		http.SetCookie(w, p.sayingAt(r.URL.Path, "", -1))
		return s
	}
	return saying{}
}

// listener is to whom something is said: who is logged in, at one page.
func (p *Portal) listener(r *http.Request, page string) string {
	return p.Sessions.Subscriber(r.Context()) + " " + pathOf(page)
}

func (p *Portal) sayingAt(page, value string, seconds int) *http.Cookie {
	return &http.Cookie{Name: sayingCookie, Value: value, Path: pathOf(page), MaxAge: seconds, //nolint:gosec // Secure where there is https
		HttpOnly: true, Secure: p.HTTPS, SameSite: http.SameSiteLaxMode}
}
