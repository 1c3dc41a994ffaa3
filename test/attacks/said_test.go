package attacks_test

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
)

const said = "ingam_said"

// "What the bank says to the next page stands in a cookie. I change it, make
// one, take it to another page, to another person, to another day: the bank's
// page will say what I want, or tell me what another has typed."
func TestCookieOfRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hong, kim, nobody := w.customer("hong"), w.customer("kim"), w.browser("en")
	id, own := hong.apply(), kim.apply()
	at := "/apply/" + id + "/account"
	const typed = "77012345678901"
	w.vault.keep("typed account", typed)
	refuse := func() (*http.Cookie, shown) {
		t.Helper()
		s := hong.post(at, "account", typed, "password", "9999")
		c := s.cookie(said)
		if len(c) != 1 || s.to() != at {
			t.Fatalf("%d to %q with %d cookies", s.status, s.to(), len(c))
		}
		return c[0], s
	}
	c, s := refuse()
	if c.Path != at || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.MaxAge <= 0 || c.MaxAge > 600 {
		t.Errorf("the cookie goes to %s, for %d s", c.Path, c.MaxAge)
	}
	plain, err := base64.RawURLEncoding.DecodeString(c.Value)
	if must(w, plain, err); len(w.vault.find(plain)) > 0 || strings.Contains(string(plain), "3301") {
		t.Error("the cookie can be read")
	}
	// The page that it is for says it, once.
	if page := hong.sentBack(s, at, accountWrong, audit.Refused); !page.says(typed) {
		t.Error("what was typed is gone")
	}
	if page := hong.get(at); page.says("3301") || page.says(typed) {
		t.Error("it is said twice")
	}
	// With anything changed it says nothing, and harms nothing.
	silent := func(what string, page shown) {
		t.Helper()
		if page.status != http.StatusOK || page.says("3301") || page.says(typed) || strings.Contains(string(page.body), `id="problem"`) {
			t.Errorf("%s: %d, or it is said", what, page.status)
		}
	}
	sealed := slices.Clone(plain)
	for i := 0; i < len(sealed); i += max(1, len(sealed)/24) {
		changed := slices.Clone(sealed)
		changed[i] ^= 1
		silent("a bit changed", hong.get(at, with(said, base64.RawURLEncoding.EncodeToString(changed))))
	}
	for what, value := range map[string]string{
		"cut off": c.Value[:len(c.Value)/2], "longer": c.Value + "AAAA", "empty": "", "noise": strings.Repeat("A", 400), "no base64": "%%%", "JSON": "{}",
		"made up":   base64.RawURLEncoding.EncodeToString([]byte(`{"p":{"t":"evil","d":"call 060-evil","c":1},"n":"logged-out"}`)),
		"very long": strings.Repeat("A", 7000), "twice": c.Value + c.Value,
	} {
		silent(what, hong.get(at, with(said, value)))
	}
	if page := hong.get(at, raw(strings.Repeat(said+"=AAAA; ", 300))); page.status >= 500 {
		t.Errorf("three hundred cookies: %d", page.status)
	}
	// At another page, of the same application and person, and of others'.
	for _, path := range []string{"/", "/center", "/verify", "/apply", "/certificates", "/passkeys", "/apply/" + id + "/terms", "/apply/" + id + "/otp", "/apply/" + id + "/identity"} {
		silent(path, hong.get(path, with(said, c.Value)))
	}
	for _, path := range []string{"/", "/login", "/wallet", "/verify"} {
		silent("nobody at "+path, nobody.get(path, with(said, c.Value)))
	}
	silent("another at their own page", kim.get("/apply/"+own+"/account", with(said, c.Value)))
	kim.turnedAwayBy(kim.get(at, with(said, c.Value)), applicationUnknown)

	// What is said to nobody is not said to one who is logged in, nor the other
	// way round; and what was said long ago is over, whoever has kept it.
	w.vault.keep("typed login", "typed-by-nobody")
	anonymous := nobody.post("/login", "loginId", "typed-by-nobody", "password", "x").cookie(said)
	if len(anonymous) != 1 {
		t.Fatal("a login that is refused says nothing")
	}
	if page := hong.get("/login?next=/apply", with(said, anonymous[0].Value)); page.status != http.StatusSeeOther {
		t.Errorf("one who is logged in, at the login: %d", page.status)
	}
	silent("logged in", hong.get("/verify", with(said, anonymous[0].Value)))
	if page := w.browser("ko").get("/login", with(said, anonymous[0].Value)); !page.says("2001") || !page.says("typed-by-nobody") {
		t.Errorf("at once it is not said: %d\n%s", page.status, page.body)
	}
	late := w.browser("ko")
	w.clock.move(9 * time.Minute)
	page := late.get("/login", with(said, anonymous[0].Value))
	if page.status != http.StatusOK || page.says("2001") || page.says("typed-by-nobody") {
		t.Errorf("after 9 minutes the page still says to anybody what somebody typed: %d", page.status)
	}
	hong.goesOn()
}
