package kit_test

import (
	"bytes"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/alexedwards/scs/v2/memstore"

	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

// shelf is a door at which a browser can do everything with its session.
type shelf struct {
	t        *testing.T
	sessions *kit.Sessions
	http.Handler
}

func newShelf(t *testing.T, s scs.Store, now func() time.Time) *shelf {
	d := &shelf{t: t, sessions: kit.NewSessions(s, false, now)}
	mux := http.NewServeMux()
	act := func(pattern string, do func(r *http.Request, w io.Writer) error) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			var body bytes.Buffer
			if err := do(r, &body); err != nil {
				kit.Fail(w, r, err)
				return
			}
			_, _ = w.Write(body.Bytes())
		})
	}
	act("POST /begin/{who}", func(r *http.Request, _ io.Writer) error { return d.sessions.Begin(r.Context(), r.PathValue("who")) })
	act("POST /end", func(r *http.Request, _ io.Writer) error { return d.sessions.End(r.Context()) })
	act("GET /who", func(r *http.Request, w io.Writer) error {
		_, err := io.WriteString(w, d.sessions.Subscriber(r.Context()))
		return err
	})
	act("POST /put/{key}/{value}", func(r *http.Request, _ io.Writer) error {
		return d.sessions.Put(r.Context(), r.PathValue("key"), []byte(r.PathValue("value")))
	})
	act("POST /take/{key}", func(r *http.Request, w io.Writer) error {
		value, err := d.sessions.Take(r.Context(), r.PathValue("key"))
		_, _ = w.Write(value)
		return err
	})
	d.Handler = d.sessions.Wrap(mux)
	return d
}

// ask asks with a cookie (none when empty) and gives the answer and the cookie
// that the browser has then.
func (d *shelf) ask(cookie, method, path string) (body, after string) {
	d.t.Helper()
	res := ask(d, method, path, func(r *http.Request) {
		if cookie != "" {
			r.AddCookie(&http.Cookie{Name: kit.SessionCookie, Value: cookie})
		}
	})
	content, _ := io.ReadAll(res.Body)
	for _, c := range res.Cookies() {
		cookie = c.Value
	}
	if res.StatusCode != 200 {
		return "refused", cookie
	}
	return string(content), cookie
}

// stores are those that sessions are kept in: ours and one that can do less.
func stores(t *testing.T, now func() time.Time) map[string]scs.Store {
	t.Helper()
	s, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "s.db"), keys.NewRing())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return map[string]scs.Store{"ours": s.Sessions(now), "memory": memstore.NewWithCleanupInterval(0)}
}

func TestPutAndTake(t *testing.T) {
	t.Parallel()
	for name, s := range stores(t, time.Now) {
		t.Run(name, func(t *testing.T) {
			d := newShelf(t, s, time.Now)
			if _, cookie := d.ask("", "GET", "/who"); cookie != "" {
				t.Error("a browser gets a cookie for looking")
			}
			if got, cookie := d.ask("", "POST", "/take/a"); got != "" || cookie != "" {
				t.Errorf("nothing was put, yet %q, cookie %q", got, cookie)
			}
			_, first := d.ask("planted", "POST", "/put/a/one")
			if first == "planted" || len(first) < 40 {
				t.Fatalf("cookie %q", first)
			}
			_, same := d.ask(first, "POST", "/put/a/two")
			_, _ = d.ask(first, "POST", "/put/b/three")
			if same != first {
				t.Error("the token changes without a login")
			}
			_, other := d.ask("", "POST", "/put/a/theirs")
			for _, step := range []struct{ cookie, key, want string }{
				{"", "a", ""}, {"planted", "a", ""}, {first, "c", ""}, {first, "a", "two"}, {first, "a", ""},
				{other, "b", ""}, {other, "a", "theirs"}, {first, "b", "three"},
			} {
				if got, _ := d.ask(step.cookie, "POST", "/take/"+step.key); got != step.want {
					t.Errorf("taking %s: %q, want %q", step.key, got, step.want)
				}
			}

			// A login keeps nothing of before, nor does a logout.
			_, cookie := d.ask("", "POST", "/put/a/before")
			_, in := d.ask(cookie, "POST", "/begin/hong")
			for _, c := range []string{cookie, in} {
				if got, _ := d.ask(c, "POST", "/take/a"); got != "" {
					t.Errorf("after the login: %q", got)
				}
			}
			_, _ = d.ask(in, "POST", "/put/a/inside")
			if got, _ := d.ask(in, "GET", "/who"); got != "hong" {
				t.Errorf("putting something logs out: %q", got)
			}
			_, _ = d.ask(in, "POST", "/end")
			if got, _ := d.ask(in, "POST", "/take/a"); got != "" {
				t.Errorf("after the logout: %q", got)
			}
		})
	}
}

func TestPutBounds(t *testing.T) {
	t.Parallel()
	d := newShelf(t, memstore.NewWithCleanupInterval(0), time.Now)
	if got, _ := d.ask("", "POST", "/put/a/"+strings.Repeat("x", kit.MaxPut)); got == "refused" {
		t.Error("the largest value is refused")
	}
	if got, cookie := d.ask("", "POST", "/put/a/"+strings.Repeat("x", kit.MaxPut+1)); got != "refused" || cookie != "" {
		t.Error("one that is too large is taken")
	}
	if got, _ := d.ask("", "POST", "/put/"+strings.Repeat("x", 65)+"/a"); got != "refused" {
		t.Error("a key that is too large is taken")
	}
}

// TestTakeOnce: of requests that come together one gets the value.
func TestTakeOnce(t *testing.T) {
	t.Parallel()
	for name, s := range stores(t, time.Now) {
		t.Run(name, func(t *testing.T) {
			d := newShelf(t, s, time.Now)
			for range 5 {
				_, cookie := d.ask("", "POST", "/put/a/once")
				var got atomic.Int32
				var wg sync.WaitGroup
				for range 8 {
					wg.Go(func() {
						if value, _ := d.ask(cookie, "POST", "/take/a"); value == "once" {
							got.Add(1)
						}
					})
				}
				wg.Wait()
				if got.Load() != 1 {
					t.Errorf("%d got it", got.Load())
				}
			}
		})
	}
}

// TestEnds: idling and the limit in any case, by the clock that was given.
func TestEnds(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	at := time.Date(2031, 5, 5, 5, 5, 5, 0, time.UTC) // nothing to do with today
	now := func() time.Time { mu.Lock(); defer mu.Unlock(); return at }
	pass := func(by time.Duration) { mu.Lock(); defer mu.Unlock(); at = at.Add(by) }
	d := newShelf(t, stores(t, now)["ours"], now)
	who := func(cookie string) string { got, _ := d.ask(cookie, "GET", "/who"); return got }

	_, cookie := d.ask("", "POST", "/begin/hong")
	_, _ = d.ask(cookie, "POST", "/put/a/value")
	pass(kit.SessionIdle - time.Second)
	if who(cookie) != "hong" {
		t.Error("ended before it had idled long enough")
	}
	pass(kit.SessionIdle - time.Second)
	if who(cookie) != "hong" {
		t.Error("a request does not put the end off")
	}
	if got, _ := d.ask(cookie, "POST", "/take/a"); got != "" {
		t.Errorf("what was put is there after %v: %q", 2*kit.SessionIdle, got)
	}
	pass(kit.SessionIdle + time.Minute)
	if got := who(cookie); got != "" {
		t.Errorf("idle for too long, and still %q", got)
	}

	_, cookie = d.ask("", "POST", "/begin/hong")
	began := now()
	for now().Sub(began) < kit.SessionTotal-time.Minute {
		if who(cookie) != "hong" {
			t.Fatalf("ended after %v", now().Sub(began))
		}
		pass(9*time.Minute + 30*time.Second)
	}
	pass(began.Add(kit.SessionTotal).Sub(now()) - time.Microsecond)
	if who(cookie) != "hong" {
		t.Error("ended before eight hours")
	}
	pass(time.Microsecond)
	if got := who(cookie); got != "" {
		t.Errorf("after eight hours: %q", got)
	}
	if got := who(cookie); got != "" {
		t.Errorf("and again: %q", got)
	}
}
