package kit_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/alexedwards/scs/v2/memstore"

	"github.com/ingam-pki/ingam/internal/web/kit"
)

// desk is a door of the console, behind a face: addresses are known there.
type desk struct {
	t     *testing.T
	over  []string // the sessions that were shown from elsewhere
	fails error
	http.Handler
}

func newDesk(t *testing.T, s scs.Store, https bool, now func() time.Time) *desk {
	d := &desk{t: t}
	sessions := kit.NewStaffSessions(s, https, now, func(_ context.Context, request, id string) error {
		if request == "" {
			t.Error("the request has no id")
		}
		d.over = append(d.over, id)
		return d.fails
	})
	mux, quiet := http.NewServeMux(), http.NewServeMux()
	act := func(mux *http.ServeMux, pattern string, do func(w http.ResponseWriter, r *http.Request) (string, error)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			text, err := do(w, r)
			if err != nil {
				kit.Fail(w, r, err)
				return
			}
			_, _ = io.WriteString(w, text)
		})
	}
	who := func(_ http.ResponseWriter, r *http.Request) (string, error) {
		id, epoch := sessions.Account(r.Context())
		return fmt.Sprint(id, " ", epoch), nil
	}
	act(mux, "GET /console/who", who)
	act(quiet, "GET /console/poll", who)
	act(mux, "POST /console/in/{id}", func(_ http.ResponseWriter, r *http.Request) (string, error) {
		return "", sessions.Begin(r.Context(), r, r.PathValue("id"), 7)
	})
	act(mux, "POST /console/out", func(_ http.ResponseWriter, r *http.Request) (string, error) { return "", sessions.End(r.Context()) })
	act(mux, "POST /console/put/{value}", func(_ http.ResponseWriter, r *http.Request) (string, error) {
		return "", sessions.Put(r.Context(), "k", []byte(r.PathValue("value")))
	})
	act(mux, "POST /console/take", func(_ http.ResponseWriter, r *http.Request) (string, error) {
		v, err := sessions.Take(r.Context(), "k")
		return string(v), err
	})
	act(mux, "POST /console/login/go/{value}", func(w http.ResponseWriter, r *http.Request) (string, error) {
		return "", sessions.PutLogin(r.Context(), w, []byte(r.PathValue("value")))
	})
	act(mux, "GET /console/login/return", func(w http.ResponseWriter, r *http.Request) (string, error) {
		v, err := sessions.TakeLogin(w, r)
		return string(v), err
	})
	both := http.NewServeMux()
	both.Handle("/", sessions.Wrap(mux))
	both.Handle("/console/poll", sessions.WrapQuiet(quiet))
	d.Handler = kit.NewFace(now, kit.FaceConfig{}).Wrap(both)
	return d
}

// visitor is one browser at one place.
type visitor struct {
	d            *desk
	agent, place string
	cookies      map[string]string
	last         []*http.Cookie // that the last answer set
}

func (d *desk) visitor() *visitor {
	return &visitor{d: d, agent: "Firefox", place: "192.0.2.1:1", cookies: map[string]string{}}
}

func (v *visitor) do(method, path string) string {
	v.d.t.Helper()
	r := httptest.NewRequest(method, path, nil)
	r.RemoteAddr = v.place
	r.Header.Set("User-Agent", v.agent)
	for name, value := range v.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	v.d.ServeHTTP(w, r)
	v.last = w.Result().Cookies() //nolint:bodyclose // a recorder's
	for _, c := range v.last {
		if v.cookies[c.Name] = c.Value; c.MaxAge < 0 {
			delete(v.cookies, c.Name)
		}
	}
	if w.Code != http.StatusOK {
		return fmt.Sprint(w.Code)
	}
	return w.Body.String()
}

func (v *visitor) is(what, want string) {
	v.d.t.Helper()
	if got := v.do("GET", "/console/who"); got != want {
		v.d.t.Errorf("%s: %q, want %q", what, got, want)
	}
}

const nobody = " 0"

func TestStaffCookie(t *testing.T) {
	t.Parallel()
	for _, https := range []bool{false, true} {
		v := newDesk(t, memstore.NewWithCleanupInterval(0), https, time.Now).visitor()
		if v.is("looking", nobody); len(v.last) != 0 {
			t.Error("a browser gets a cookie for looking")
		}
		v.do("POST", "/console/in/kim")
		if len(v.last) != 1 {
			t.Fatalf("%d cookies", len(v.last))
		}
		c := v.last[0]
		if c.Name != kit.StaffCookie || c.Path != "/console" || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Secure != https ||
			c.MaxAge != 0 || !c.Expires.IsZero() || c.Domain != "" || len(c.Value) < 40 {
			t.Errorf("%+v", c)
		}
		v.is("in", "kim 7")
		v.do("POST", "/console/login/go/value")
		l := v.last[0]
		if l.Name != kit.LoginCookie || l.Path != "/console/login" || !l.HttpOnly || l.SameSite != http.SameSiteLaxMode || l.Secure != https ||
			l.MaxAge != 600 || len(l.Value) < 26 {
			t.Errorf("%+v", l)
		}
	}
}

// TestStaffFixation: what was planted before a login is worth nothing after.
func TestStaffFixation(t *testing.T) {
	t.Parallel()
	for name, s := range stores(t, time.Now) {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, s, false, time.Now)
			victim, thief := d.visitor(), d.visitor()
			thief.do("POST", "/console/put/before")
			planted := thief.cookies[kit.StaffCookie]
			victim.cookies[kit.StaffCookie] = planted
			victim.do("POST", "/console/in/kim")
			if victim.cookies[kit.StaffCookie] == planted {
				t.Error("the token is the one that was planted")
			}
			victim.is("victim", "kim 7")
			thief.is("thief", nobody)
			if got := victim.do("POST", "/console/take"); got != "" {
				t.Errorf("what was put before: %q", got)
			}
			old := *victim
			old.cookies = map[string]string{kit.StaffCookie: victim.cookies[kit.StaffCookie]}
			victim.do("POST", "/console/in/lee")
			old.is("after the next login", nobody)
			gone := victim.cookies[kit.StaffCookie]
			victim.do("POST", "/console/out")
			victim.cookies[kit.StaffCookie] = gone
			victim.is("after the logout", nobody)
			victim.cookies[kit.StaffCookie] = "made-up"
			victim.is("made up", nobody)
			if len(d.over) != 0 {
				t.Errorf("taken for stolen: %q", d.over)
			}
		})
	}
}

// TestStaffTheft: a session that is shown by another browser or from another
// network is over, for its owner too, and somebody is told.
func TestStaffTheft(t *testing.T) {
	t.Parallel()
	for name, s := range stores(t, time.Now) {
		for what, change := range map[string]func(v *visitor){
			"another browser": func(v *visitor) { v.agent = "Chrome" }, "no browser": func(v *visitor) { v.agent = "" },
			"another address": func(v *visitor) { v.place = "192.0.2.2:1" }, "another network": func(v *visitor) { v.place = "[2001:db8:1::1]:1" },
		} {
			t.Run(name+", "+what, func(t *testing.T) {
				d := newDesk(t, s, false, time.Now)
				owner, thief := d.visitor(), d.visitor()
				owner.do("POST", "/console/in/kim")
				owner.is("in", "kim 7")
				thief.cookies[kit.StaffCookie] = owner.cookies[kit.StaffCookie]
				change(thief)
				thief.is("thief", nobody)
				owner.is("owner, after that", nobody)
				if len(d.over) != 1 || d.over[0] != "kim" {
					t.Errorf("told: %q", d.over)
				}
			})
		}
	}
	d := newDesk(t, memstore.NewWithCleanupInterval(0), false, time.Now)
	v := d.visitor()
	v.place = "[2001:db8::1]:1"
	v.do("POST", "/console/in/kim")
	v.place = "[2001:db8::2]:99" // the same line: such addresses change by themselves
	v.is("the same line", "kim 7")
	d.fails = errors.New("the log can't be written")
	v.agent = "Chrome"
	if got := v.do("GET", "/console/who"); got != "500" {
		t.Errorf("nobody could be told, and yet: %q", got)
	}
	v.agent = "Firefox"
	v.is("after that", nobody)
}

// TestStaffEnds: idling, eight hours, and what a page asks by itself.
func TestStaffEnds(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	at := time.Date(2031, 5, 5, 5, 5, 5, 0, time.UTC)
	now := func() time.Time { mu.Lock(); defer mu.Unlock(); return at }
	pass := func(by time.Duration) { mu.Lock(); defer mu.Unlock(); at = at.Add(by) }
	v := newDesk(t, stores(t, now)["ours"], false, now).visitor()
	v.do("POST", "/console/in/kim")
	pass(kit.SessionIdle - time.Second)
	v.is("not idle for long", "kim 7")
	for range 2 {
		pass(kit.SessionIdle/2 - time.Second)
		if got := v.do("GET", "/console/poll"); got != "kim 7" {
			t.Fatalf("asked by the page: %q", got)
		}
	}
	pass(time.Minute)
	if got := v.do("GET", "/console/poll"); got != nobody {
		t.Errorf("the page's own questions keep a session that idles: %q", got)
	}
	v.is("idle", nobody)

	v.do("POST", "/console/in/kim")
	began := now()
	for now().Sub(began) < kit.SessionTotal-time.Minute {
		v.is("working", "kim 7")
		pass(min(9*time.Minute+30*time.Second, began.Add(kit.SessionTotal-time.Microsecond).Sub(now())))
	}
	v.is("before eight hours", "kim 7")
	pass(time.Microsecond)
	v.is("after eight hours", nobody)
}

// TestStaffApart: a customer's token opens nothing here, nor the other way.
func TestStaffApart(t *testing.T) {
	t.Parallel()
	for name, s := range stores(t, time.Now) {
		t.Run(name, func(t *testing.T) {
			customers := newShelf(t, s, time.Now)
			v := newDesk(t, s, false, time.Now).visitor()
			_, token := customers.ask("", "POST", "/begin/hong")
			v.cookies[kit.StaffCookie] = token
			v.is("a customer's token", nobody)
			delete(v.cookies, kit.StaffCookie)
			v.do("POST", "/console/in/kim")
			if got, _ := customers.ask(v.cookies[kit.StaffCookie], "GET", "/who"); got != "" {
				t.Errorf("a teller's token at the customers' door: %q", got)
			}
			if got, _ := customers.ask(token, "GET", "/who"); got != "hong" {
				t.Errorf("the customer is %q", got)
			}
		})
	}
}

// TestStaffLogin: what waits while a browser is at the provider is that browser's
// alone, and is there once.
func TestStaffLogin(t *testing.T) {
	t.Parallel()
	for name, s := range stores(t, time.Now) {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, s, false, time.Now)
			v, other := d.visitor(), d.visitor()
			v.do("POST", "/console/login/go/mine")
			other.do("POST", "/console/login/go/theirs")
			copied := v.cookies[kit.LoginCookie]
			stranger := d.visitor()
			if got := stranger.do("GET", "/console/login/return"); got != "" {
				t.Errorf("nobody began: %q", got)
			}
			if got := v.do("GET", "/console/login/return"); got != "mine" || v.cookies[kit.LoginCookie] != "" {
				t.Errorf("%q, cookie %q", got, v.cookies[kit.LoginCookie])
			}
			for _, cookie := range []string{copied, "made-up", strings.Repeat("x", 5000)} {
				v.cookies[kit.LoginCookie] = cookie
				if got := v.do("GET", "/console/login/return"); got != "" {
					t.Errorf("%.10s: %q", cookie, got)
				}
			}
			if got := other.do("GET", "/console/login/return"); got != "theirs" {
				t.Errorf("the other one: %q", got)
			}
			if got := v.do("POST", "/console/login/go/"+strings.Repeat("x", kit.MaxPut+1)); got != "500" {
				t.Errorf("too large: %q", got)
			}
			v.do("POST", "/console/login/go/once")
			var got atomic.Int32
			var wg sync.WaitGroup
			for range 8 {
				same := d.visitor()
				same.cookies[kit.LoginCookie] = v.cookies[kit.LoginCookie]
				wg.Go(func() {
					if same.do("GET", "/console/login/return") == "once" {
						got.Add(1)
					}
				})
			}
			wg.Wait()
			if got.Load() != 1 {
				t.Errorf("%d got it", got.Load())
			}
		})
	}
}
