package attacks_test

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
)

var searchLimit = refusal{429, 2433, "search-limit"}

// seeks searches, and gives the answer of the page that comes then: what was
// found, or the redirection to the only one.
func (b *browser) seeks(fields ...string) shown {
	b.w.t.Helper()
	s := b.post("/console/customers", fields...)
	if s.status != http.StatusSeeOther {
		return s
	}
	for _, c := range s.cookie("ingam_staff_search") {
		for i := 1; i < len(fields); i += 2 {
			if len(fields[i]) > 3 && strings.Contains(c.Value, fields[i]) {
				b.w.t.Error("a cookie tells who is looked for")
			}
		}
	}
	if s.to() != "/console/customers?found" && s.to() != "/console/customers" {
		b.w.t.Errorf("a search leads to %q", s.to())
	}
	return b.get(s.to())
}

// odd are texts that mean something to a database, a pattern, a template, a
// terminal or a directory of people; and names that only look like one.
func odd(name string) []string {
	letters := []rune(name)
	return []string{
		"' OR '1'='1", "'; DROP TABLE subscriber; --", `" OR ""="`, `\' OR 1=1 #`, "1) UNION SELECT name FROM staff --", "x'||(SELECT 1)||'", "');ATTACH DATABASE '/tmp/x' AS x;--",
		"%", "_", "%%", string(letters[0]) + "%", string(letters[0]) + "__", "*", name + "*", "?", "[가-힣]+", ".*", "^" + name + "$", "*)(uid=*", "||", "~",
		name + "' --", name + "%00", name + `\`, name + `\0`, "${jndi:ldap://x}", "{{.}}", "$(id)", "`id`", "%s%s%n", "../../etc/passwd", "<script>alert(1)</script>",
		"\u202e" + string([]rune{letters[2], letters[1], letters[0]}), "\u2067" + name, "\u200f" + name[3:], "홍길둥", "弘吉東", "ＨＯＮＧ", "ⅯⅭ", "Нong", "𝐇𝐎𝐍𝐆", "ﷺ", "\u0301\u0301\u0301", "👩‍👩‍👧‍👦",
		"NULL", "null", "true", "0", "-1", "NaN", "[]", "{}", `{"$ne":null}`, strings.Repeat("가", 80), strings.Repeat("a,", 120), strings.Repeat("\u0301", 100),
	}
}

// "The field of a search is where everything is asked for. I ask for more than
// one person: with a quote, a wildcard, a letter that looks like another."
func TestSearchThatInjects(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hong := w.walksIn("hong")
	holder := w.holder("kim")
	tellers := []*browser{w.employee(tellerNumber), w.employee(secondTeller), w.employee(theSupervisor), w.employee(secondSupervisor)}
	found := func(what string, s shown) {
		t.Helper()
		if s.status >= 500 || s.status == http.StatusSeeOther || s.says(customerAt(hong)) || s.says(customerAt(holder.s)) || strings.Contains(s.to(), "/console/customers/") {
			t.Errorf("%s: %d to %q", what, s.status, s.to())
		}
	}
	for n, text := range odd(hong.Name) {
		b := tellers[n%len(tellers)] // each may search so many times
		found("name "+text, b.seeks("name", text, "birth", hong.Birth))
		for _, field := range []string{"phone", "account", "certificate"} {
			value := text
			if n%2 == 0 { // a right value with something behind it
				value = map[string]string{"phone": hong.Phone, "account": hong.Account, "certificate": holder.made.Serial}[field] + text
			}
			if n == 4 || n%7 == 0 {
				found(field+" "+value, b.seeks(field, value))
			}
		}
		if n%9 == 0 {
			found("birth "+text, b.seeks("name", hong.Name, "birth", text))
			found("no birth "+text, b.seeks("name", text))
		}
	}
	b := tellers[0]
	for _, wild := range []string{"1985", "198503__", "1985%", "19850314 OR 1=1", "00000000", "19850230", "99999999", "-9850314"} {
		found("birth "+wild, b.seeks("name", hong.Name, "birth", wild))
	}
	for field, value := range map[string]string{"phone": "010", "account": "999", "certificate": holder.made.Serial[:len(holder.made.Serial)-2]} {
		found("the beginning of "+field, b.seeks(field, value))
	}
	// Several ways at once are none, nor are many values of one.
	found("two ways", b.seeks("phone", "01099990000", "account", hong.Account))
	many := strings.Repeat("name=x&", 10_000)
	b.turnedAwayBy(b.ask(http.MethodPost, "/console/customers", urlencoded, []byte(many[:60_000])), badForm)
	if s := b.ask(http.MethodPost, "/console/customers", urlencoded, []byte("name="+strings.Repeat("%EA%B0%80%2C", 10_000))); s.status != tooLarge.status {
		t.Errorf("ten thousand names: %d", s.status)
	}
	for _, broken := range []string{"name=%00", "name=a%00b&birth=19850314", "name=%ff%fe", "name=%zz"} {
		b.turnedAwayBy(b.ask(http.MethodPost, "/console/customers", urlencoded, []byte(broken)), badForm)
	}
	for _, path := range []string{"%27%20OR%201=1", "%00", "..%2f..%2fstaff", "1000000001%27", "1000000001%0a", "%25", "*", strings.Repeat("1", 3000)} {
		if s := b.get("/console/customers/" + path); s.status != http.StatusNotFound {
			t.Errorf("customer %.20q: %d", path, s.status)
		}
	}
	// What is right finds one person, so the search has looked.
	if s := b.seeks("name", hong.Name, "birth", hong.Birth); s.to() != customerAt(hong) {
		t.Errorf("the right name: %d to %q", s.status, s.to())
	}
	if s := b.seeks("certificate", holder.made.Serial); s.to() != customerAt(holder.s) {
		t.Errorf("the right serial number: %d to %q", s.status, s.to())
	}
}

// "Is somebody a customer of this bank, does a number belong to a person, has
// another bank a certificate of theirs? The desk tells it by how it says no. And
// if not, I ask ten thousand times."
func TestSearchAsOracle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hong := w.walksIn("hong")
	one, again := w.employee(tellerNumber), w.employee(tellerNumber)
	bare := func(s shown, typed string) []byte {
		body := bytes.ReplaceAll(s.body, []byte(typed), nil)
		return bytes.ReplaceAll(body, []byte(s.request()), nil)
	}
	// Whom this bank does not know it answers for alike: whether the person is
	// real, or the number has the form of another bank's.
	for field, pair := range map[string][2]string{"name": {"성춘향", "이몽룡"}, "phone": {"01098765432", "01000009999"},
		"account": {"3333012345678", "9990000999999"}, "certificate": {"0a1b2c3d4e5f60718293", "ffffffffffffffffffff"}} {
		var said [2][]byte
		for i, value := range pair {
			fields := []string{field, value}
			if field == "name" {
				fields = append(fields, "birth", "19900101")
			}
			s := one.seeks(fields...)
			if s.status != http.StatusOK {
				t.Errorf("%s: %d to %q", field, s.status, s.to())
			}
			said[i] = bare(s, value)
		}
		if !bytes.Equal(said[0], said[1]) {
			t.Errorf("by %s, two who are not there are told apart", field)
		}
	}
	// So many in an hour, in whatever browser, found or not.
	count := func() (n int) {
		id := w.account(tellerNumber).ID
		for _, e := range w.entries() {
			if e.Act == authz.SearchCustomers && e.Caller.ID == id && e.Outcome == audit.Done {
				n++
			}
		}
		return n
	}
	for n := count(); n < counter.MaxSearches; n++ {
		b := []*browser{one, again}[n%2]
		if s := b.seeks("phone", "01099990000"); s.status != http.StatusOK || s.says(number(searchLimit)) {
			t.Fatalf("search %d: %d", n+1, s.status)
		}
	}
	for _, b := range []*browser{one, again, w.employee(tellerNumber)} {
		s := b.seeks("name", hong.Name, "birth", hong.Birth)
		if s.status != http.StatusOK || !s.says(number(searchLimit)) || s.says(hong.Number) {
			t.Errorf("one search more: %d to %q", s.status, s.to())
		}
		w.audited(s.request(), searchLimit, audit.Refused)
	}
	if n := count(); n != counter.MaxSearches {
		t.Errorf("%d searches are on record", n)
	}
	// A colleague can, and so can they when the hour is over.
	if s := w.employee(secondTeller).seeks("name", hong.Name, "birth", hong.Birth); s.to() != customerAt(hong) {
		t.Errorf("a colleague: %d to %q", s.status, s.to())
	}
	w.clock.move(counter.SearchWindow)
	if s := w.employee(tellerNumber).seeks("name", hong.Name, "birth", hong.Birth); s.to() != customerAt(hong) {
		t.Errorf("an hour later: %d to %q", s.status, s.to())
	}
}

// "Customers' numbers are in sequence. I need no search: I open one page after
// the other."
func TestWalkingAlongNumbers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hong := w.walksIn("hong")
	teller := w.employee(tellerNumber)
	id, db := w.account(tellerNumber).ID, w.Desk().Store
	must(w, 0, db.InTx(t.Context(), func(ctx context.Context) error { // as if they had walked for a while
		if _, err := db.LockTries(ctx, id, "customer-look"); err != nil {
			return err
		}
		return db.SaveTries(ctx, id, "customer-look", proofing.Tries{Failed: counter.MaxLooks - 2, LockedUntil: w.clock.Now().Add(counter.SearchWindow)})
	}))
	teller.turnedAwayBy(teller.get("/console/customers/1000000999"), refusal{404, 2004, "customer-unknown"})
	if s := teller.get(customerAt(hong)); s.status != http.StatusOK {
		t.Errorf("the last look: %d", s.status)
	}
	limit := refusal{429, 2435, "look-limit"}
	for _, number := range []string{hong.Number, "1000000998"} {
		for _, s := range []shown{teller.get("/console/customers/" + number), teller.get("/console/customers/" + number + "/open?act=issue"), teller.post("/console/customers/" + number + "/export.csv")} {
			teller.turnedAwayBy(s, limit)
			w.audited(s.request(), limit, audit.Refused)
		}
		s := teller.post("/console/customers/"+number+"/open", "act", "issue", "kind", "personal-bank", "visitor", "self")
		w.logged(s.request(), http.StatusSeeOther, limit)
		w.audited(s.request(), limit, audit.Refused)
	}
	if s := w.employee(secondTeller).get(customerAt(hong)); s.status != http.StatusOK {
		t.Errorf("a colleague: %d", s.status)
	}
}
