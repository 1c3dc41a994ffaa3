package portal_test

import (
	"html"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/server"
)

var (
	listed = regexp.MustCompile(`<li id="b-(\d{3})"`)
	marked = regexp.MustCompile(`class="map-mark[^"]*" href="([^"]*)"`)
)

func numbers(p page) (all []string) {
	for _, m := range listed.FindAllStringSubmatch(p.body, -1) {
		all = append(all, m[1])
	}
	return all
}

// TestBranches looks for branches as a customer would, without script.
func TestBranches(t *testing.T) {
	t.Parallel()
	d, log := demo(t)
	b := newBrowser(t, d, "ko")
	all := b.get("/branches")
	if got := numbers(all); len(got) != 25 || got[0] != "012" || !strings.Contains(all.body, "map-land") {
		t.Errorf("all: %v", got)
	}
	if p := all.header.Get("Permissions-Policy"); !strings.Contains(p, "geolocation=(self)") {
		t.Errorf("the page may not ask for a position: %q", p)
	}
	if p := b.get("/lost").header.Get("Permissions-Policy"); !strings.Contains(p, "geolocation=()") {
		t.Errorf("another page may ask for a position: %q", p)
	}
	for place, want := range map[string]string{"강남역": "101", "부산 해운대": "608", "Jeju": "801", "서울특별시 종로구 어디": "012"} {
		if got := numbers(b.get("/branches?place=" + url.QueryEscape(place))); len(got) != 25 || got[0] != want {
			t.Errorf("near %s: %v", place, got)
		}
	}
	several := b.get("/branches?service=foreign&place=" + url.QueryEscape("중구"))
	if len(numbers(several)) != 0 || !strings.Contains(html.UnescapeString(several.body), "/branches?place="+url.QueryEscape("부산광역시 중구")+"&service=foreign") {
		t.Error("several places are not to choose from")
	}
	foreign := numbers(b.get("/branches?service=foreign&service=saturday&service=sauna"))
	if len(foreign) == 0 || len(foreign) >= 25 {
		t.Errorf("by service: %v", foreign)
	}
	for what, address := range map[string]string{"2601": "/branches?place=Atlantis", "2602": "/branches?place=" + strings.Repeat("a", 61)} {
		if p := b.get(address); p.status != 200 || !strings.Contains(p.body, what) || !strings.Contains(p.body, `aria-invalid="true"`) || len(numbers(p)) > 0 {
			t.Errorf("%s is not said: %d", what, p.status)
		}
	}
	odd := `"><script>alert(1)</script>`
	if p := b.get("/branches?place=" + url.QueryEscape(odd)); strings.Contains(p.body, "<script>alert") {
		t.Error("a place becomes markup")
	}
	one := b.get("/branches/101")
	if one.status != 200 || !strings.Contains(one.body, `href="tel:020000101"`) || strings.Count(one.body, `<th scope="row">`) != 7 {
		t.Errorf("one branch: status %d", one.status)
	}
	for _, number := range []string{"999", "0", "01a", "%2e%2e", strings.Repeat("1", 3000)} {
		if p := b.get("/branches/" + number); p.status != 404 {
			t.Errorf("branch %.9s: status %d", number, p.status)
		}
	}
	if english := b.post("/settings", "lang", "en", "back", "/branches?open=now&place="+url.QueryEscape("강남역")+"&x=1"); !strings.Contains(english.path, "place=") ||
		strings.Contains(english.path, "x=1") || !strings.Contains(english.body, `lang="en"`) {
		t.Errorf("the language leads to %s", english.path)
	}
	if strings.Contains(log.String(), "Atlantis") {
		t.Error("what somebody looked for is in the log")
	}
}

// TestMapLeadsOn follows each mark of the country's map: to a branch in the list,
// or to a map that is closer.
func TestMapLeadsOn(t *testing.T) {
	t.Parallel()
	d, _ := demo(t)
	b := newBrowser(t, d, "ko")
	all := b.get("/branches")
	links := marked.FindAllStringSubmatch(all.body, -1)
	closer := 0
	for _, m := range links {
		to := strings.ReplaceAll(m[1], "&amp;", "&")
		if id, ok := strings.CutPrefix(to, "#"); ok {
			if !strings.Contains(all.body, `id="`+id+`"`) {
				t.Errorf("a mark leads to %s, which is not there", to)
			}
			continue
		}
		closer++
		if p := b.get(to); len(marked.FindAllString(p.body, -1)) < 2 {
			t.Errorf("%s shows no more", to)
		}
	}
	if len(links) < 5 || closer == 0 {
		t.Errorf("%d marks, %d of several", len(links), closer)
	}
}

// TestOwnBranches opens a bank with a file of its own.
func TestOwnBranches(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "branches.json")
	own := `{"branches": [{"number": "007", "name": {"ko": "동네지점", "en": "Corner"}, "address": {"ko": "서울특별시 중구", "en": "Jung-gu, Seoul"},
		"phone": "02-000-0007", "latitude": 37.56, "longitude": 126.99, "hours": {"mon": "09:00-24:00"}, "services": []}]}`
	if err := os.WriteFile(file, []byte(own), 0o600); err != nil {
		t.Fatal(err)
	}
	d, _ := demo(t, func(c *server.Config) { c.Bank.Branches = file })
	if got := numbers(newBrowser(t, d, "en").get("/branches")); len(got) != 1 || got[0] != "007" {
		t.Errorf("its branches are %v", got)
	}
	if err := os.WriteFile(file, []byte(`{"branches": [{"number": "7"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := server.Config{Bank: server.Bank{Branches: file}}.Branches()
	if err == nil || !strings.Contains(err.Error(), "number: not three digits") {
		t.Errorf("a file with defects: %v", err)
	}
	if _, err := (server.Config{Bank: server.Bank{Branches: file + ".gone"}}).Branches(); err == nil {
		t.Error("a file that is not there is taken")
	}
	none, err := server.Config{}.Branches()
	if err != nil || len(none.All()) != 0 {
		t.Errorf("a bank with customers shows invented branches: %v", err)
	}
}
