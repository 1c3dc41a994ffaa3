package kit

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
)

// Saying is what one request says to the page that it leads to: why something
// was refused, what was done, what had been typed. It travels in a cookie that
// goes to that page alone and is sealed: no process has to remember it, and
// two requests of one session that run at once can't lose it. After Until it is
// no longer said, wherever the cookie was kept.
type Saying struct {
	Until   time.Time         `json:"u"`
	Problem *Said             `json:"p,omitempty"`
	Notice  string            `json:"n,omitempty"`
	Typed   map[string]string `json:"t,omitempty"`
	Secret  string            `json:"s,omitempty"` // what the page shows this one time: a one-time code
}

// Said is a refusal in the language in which it was said.
type Said struct {
	Title  string `json:"t"`
	Detail string `json:"d"`
	Code   int    `json:"c"`
	Name   string `json:"k,omitempty"`
	Field  string `json:"f,omitempty"`
}

// SaidOf is a refusal as it is said to a page, and the field that it is about.
func SaidOf(r *http.Request, err error, field string) *Said {
	p := ProblemOf(r, err)
	return &Said{Title: p.Title, Detail: p.Detail, Code: p.Code, Name: fault.Of(err).Name, Field: field}
}

// Bounds of what is said: for how long, and of each field that was typed, in bytes.
const (
	SayingLasts = 2 * time.Minute
	MaxTyped    = 256     // bytes of a field that are worth keeping
	maxSaying   = 3 << 10 // bytes: browsers keep cookies of up to 4 KiB
)

// sealer keeps what a cookie carries from being read or made by others;
// keys.Ring does.
type sealer interface {
	Seal(table, column, row string, plain []byte) ([]byte, error)
	Open(table, column, row string, sealed []byte) ([]byte, error)
}

// Sayings lead from one request to the next page.
type Sayings struct {
	Cookie   string // its name
	Sealer   sealer
	HTTPS    bool
	Now      func() time.Time
	Listener func(r *http.Request) string // who is logged in: to nobody else it is said
}

// Say leaves something to the page at a path of ours, and leads there.
func (s Sayings) Say(w http.ResponseWriter, r *http.Request, to string, v Saying) {
	for name, value := range v.Typed {
		if value == "" || len(value) > MaxTyped {
			delete(v.Typed, name)
		}
	}
	v.Until = s.Now().Add(SayingLasts)
	value, err := s.sealed(r, to, v)
	if err == nil && len(value) > maxSaying { // why is worth more than what was typed
		v.Typed = nil
		value, err = s.sealed(r, to, v)
	}
	if err != nil {
		Fail(w, r, err)
		return
	}
	http.SetCookie(w, s.at(to, value, int(SayingLasts.Seconds())))
	http.Redirect(w, r, to, http.StatusSeeOther) //nolint:gosec // a path of ours
}

func (s Sayings) sealed(r *http.Request, to string, v Saying) (string, error) {
	plain, err := json.Marshal(v) //nolint:gosec // it is sealed at once
	if err != nil {
		return "", err
	}
	sealed, err := s.Sealer.Seal("cookie", s.Cookie, s.listener(r, to), plain)
	return base64.RawURLEncoding.EncodeToString(sealed), err
}

// Heard takes what was said to this page, once.
func (s Sayings) Heard(w http.ResponseWriter, r *http.Request) Saying {
	for _, cookie := range r.CookiesNamed(s.Cookie) {
		sealed, err := base64.RawURLEncoding.DecodeString(cookie.Value)
		if err != nil {
			continue
		}
		plain, err := s.Sealer.Open("cookie", s.Cookie, s.listener(r, r.URL.Path), sealed)
		var v Saying
		if err != nil || json.Unmarshal(plain, &v) != nil || !s.Now().Before(v.Until) {
			continue // said to a page above, to somebody else, long ago, or made up
		}
		http.SetCookie(w, s.at(r.URL.Path, "", -1))
		return v
	}
	return Saying{}
}

// listener is to whom something is said: who is logged in, at one page.
func (s Sayings) listener(r *http.Request, page string) string {
	return s.Listener(r) + " " + pathOf(page)
}

func (s Sayings) at(page, value string, seconds int) *http.Cookie {
	return &http.Cookie{Name: s.Cookie, Value: value, Path: pathOf(page), MaxAge: seconds, //nolint:gosec // Secure where there is https
		HttpOnly: true, Secure: s.HTTPS, SameSite: http.SameSiteLaxMode}
}

// pathOf cuts the query off.
func pathOf(to string) string {
	before, _, _ := strings.Cut(to, "?")
	return before
}
