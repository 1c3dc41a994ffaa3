package kit_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2/memstore"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

// redeeming is a door that begins sessions of both sorts, and says who asks.
func redeeming(still kit.Still, now func() time.Time) http.Handler {
	s := kit.NewSessions(memstore.NewWithCleanupInterval(0), false, now)
	if still != nil {
		s.Redeems(still)
	}
	mux := http.NewServeMux()
	act := func(pattern string, do func(r *http.Request) error) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if err := do(r); err != nil {
				kit.Fail(w, r, err)
			}
		})
	}
	act("POST /begin/{who}", func(r *http.Request) error { return s.Begin(r.Context(), r.PathValue("who")) })
	act("POST /redeem/{id}/{generation}", func(r *http.Request) error {
		generation, err := strconv.ParseInt(r.PathValue("generation"), 10, 64)
		return errors.Join(err, s.BeginRedemption(r.Context(), r.PathValue("id"), generation))
	})
	mux.HandleFunc("GET /who", func(w http.ResponseWriter, r *http.Request) {
		c := s.Caller(r.Context())
		text := string(c.Role) + " " + c.ID + " " + s.Subscriber(r.Context())
		if over := s.Over(r.Context()); over != nil {
			text = "over: " + map[bool]string{true: "elsewhere", false: "time"}[errors.Is(over, kit.ErrRedeemedElsewhere)]
		}
		_, _ = io.WriteString(w, text)
	})
	return s.Wrap(mux)
}

// asked gives what a browser with a cookie hears, and its cookie then.
func asked(t *testing.T, h http.Handler, method, path, cookie string) (status int, body, after string) {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	if cookie != "" {
		r.AddCookie(&http.Cookie{Name: kit.SessionCookie, Value: cookie})
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	after = cookie
	for _, c := range w.Result().Cookies() {
		after = c.Value
	}
	return w.Code, w.Body.String(), after
}

// A browser is a customer's, or has an application by its codes, or neither; of
// two redemptions the later one counts.
func TestRedemptionSessions(t *testing.T) {
	t.Parallel()
	var last, at atomic.Int64
	last.Store(1)
	begun := time.Now() // the store in memory has a clock of its own
	now := func() time.Time { return begun.Add(time.Duration(at.Load()) * time.Second) }
	h := redeeming(func(_ context.Context, id string, generation int64) (bool, error) {
		if id == "broken" {
			return false, errors.New("no database")
		}
		return generation == last.Load(), nil
	}, now)
	who := func(cookie, want string) {
		t.Helper()
		if _, got, _ := asked(t, h, "GET", "/who", cookie); got != want {
			t.Errorf("it is %q, want %q", got, want)
		}
	}
	_, _, customer := asked(t, h, "POST", "/begin/hong", "")
	who(customer, string(authz.Customer)+" hong hong")
	_, _, redeemer := asked(t, h, "POST", "/redeem/a1/1", customer)
	who(redeemer, string(authz.Redeemer)+" a1 ")
	who(customer, string(authz.Anonymous)+"  ") // the login is over
	last.Store(2)
	who(redeemer, "over: elsewhere")
	who(redeemer, string(authz.Anonymous)+"  ") // said once

	// One that is out comes in again by the request that shows the codes.
	_, _, redeemer = asked(t, h, "POST", "/redeem/a1/2", redeemer)
	last.Store(3)
	_, _, redeemer = asked(t, h, "POST", "/redeem/a1/3", redeemer)
	who(redeemer, string(authz.Redeemer)+" a1 ")
	_, _, customer = asked(t, h, "POST", "/begin/kim", redeemer)
	who(customer, string(authz.Customer)+" kim kim")
	who(redeemer, string(authz.Anonymous)+"  ")

	// Eight hours are all that there are, however busy one is.
	_, _, redeemer = asked(t, h, "POST", "/redeem/a1/3", "")
	for range int(kit.SessionTotal/(5*time.Minute)) - 1 {
		at.Add(300)
		who(redeemer, string(authz.Redeemer)+" a1 ")
	}
	at.Add(300)
	who(redeemer, "over: time")

	_, _, broken := asked(t, h, "POST", "/redeem/broken/1", "")
	if status, _, _ := asked(t, h, "GET", "/who", broken); status != http.StatusServiceUnavailable {
		t.Errorf("what can't be asked is taken for right: %d", status)
	}
}

// Where nobody knows which redemption is the last there are none.
func TestNobodyKnowsRedemptions(t *testing.T) {
	t.Parallel()
	h := redeeming(nil, time.Now)
	if status, _, cookie := asked(t, h, "POST", "/redeem/a1/1", ""); status != http.StatusInternalServerError || cookie != "" {
		t.Errorf("status %d, cookie %q", status, cookie)
	}
}

func TestOwn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		caller authz.Caller
		object authz.Object
		name   string
	}{
		{authz.Caller{Role: authz.Customer, ID: "s1"}, authz.Object{Owner: "s1"}, "subscriber:s1"},
		{authz.Caller{Role: authz.Redeemer, ID: "a1"}, authz.Object{Application: "a1"}, "application:a1"},
	} {
		if object, name := kit.Own(c.caller); object != c.object || name != c.name {
			t.Errorf("%s: %+v %s", c.caller.Role, object, name)
		}
	}
}
