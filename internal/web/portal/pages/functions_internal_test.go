package pages

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"testing"
	"time"
)

func at(t *testing.T, s string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// TestSpan: days are Korean days, whatever the hour; the last one is day 0.
func TestSpan(t *testing.T) {
	t.Parallel()
	c := Certificate{State: "valid", NotBefore: at(t, "2026-03-15T00:00:00+09:00"), NotAfter: at(t, "2027-03-14T23:59:59+09:00")}
	tests := []struct {
		name, now string
		state     string
		want      span
	}{
		{"on its first day", "2026-03-15T00:00:00+09:00", "valid", span{Days: 364, Gone: "0%", Shown: "valid"}},
		{"before it", "2026-03-14T12:00:00+09:00", "valid", span{Days: 365, Gone: "0%", Shown: "valid"}},
		{"half a year", "2026-09-13T12:00:00+09:00", "valid", span{Days: 182, Gone: "50%", Shown: "valid"}},
		{"31 days left", "2027-02-11T23:59:00+09:00", "valid", span{Days: 31, Gone: "91.5%", Shown: "valid"}},
		{"30 days left", "2027-02-12T00:01:00+09:00", "valid", span{Days: 30, Gone: "91.5%", Shown: "expiring"}},
		{"in UTC still the day before", "2027-03-13T15:30:00Z", "valid", span{Days: 0, Gone: "99.7%", Shown: "expiring"}},
		{"its last second", "2027-03-14T23:59:59+09:00", "valid", span{Days: 0, Gone: "100%", Shown: "expired", Ended: true}},
		{"long over", "2028-01-01T00:00:00+09:00", "expired", span{Days: -293, Gone: "100%", Shown: "expired", Ended: true}},
		{"suspended near its end", "2027-03-10T00:00:00+09:00", "suspended", span{Days: 4, Gone: "98.6%", Shown: "suspended"}},
		{"revoked and over", "2028-01-01T00:00:00+09:00", "revoked", span{Days: -293, Gone: "100%", Shown: "revoked", Ended: true}},
	}
	for _, test := range tests {
		c.State = test.state
		if got := spanOf(c, at(t, test.now)); got != test.want {
			t.Errorf("%s: got %+v, want %+v", test.name, got, test.want)
		}
	}
	if got := spanOf(Certificate{State: "valid"}, time.Time{}); got.Gone != "" {
		t.Errorf("a certificate without dates has gone %q of its year", got.Gone)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	day := at(t, "2027-03-14T15:04:00Z") // the next day in Korea
	for _, test := range []struct{ got, want string }{
		{sayDate("ko", day), "2027년 3월 15일 (월)"},
		{sayDate("en", day), "15 March 2027 (Mon)"},
		{clock(day), "00:04"},
		{thousands(0), "0"}, {thousands(999), "999"}, {thousands(4400), "4,400"}, {thousands(1234567), "1,234,567"},
		{group("9f86d081884c"), "9F86 D081 884C"}, {group("abc"), "ABC"}, {group(""), ""},
		{dial("1588-0000"), "15880000"}, {dial("+82 2 123-4567"), "+8221234567"},
		{bare("혜택 안내 (선택)"), "혜택 안내"}, {bare("Offers (optional)"), "Offers"}, {bare("약관"), "약관"},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}

// TestPath: the forms for language and look come back to a page of ours.
func TestPath(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{"/apply": "/apply", "/login?next=/apply": "/login?next=/apply", "": "/",
		"//elsewhere.example": "/", "https://elsewhere.example": "/"} {
		if got := (dressed{F: Frame{Path: path}}).Path(); got != want {
			t.Errorf("%q leads to %q", path, got)
		}
	}
}

// fakeFiles are scripts as a bundler writes them.
type fakeFiles map[string]string

func (f fakeFiles) Base() string { return "/assets/x" }
func (f fakeFiles) Body(name string) ([]byte, bool) {
	body, ok := f[name]
	return []byte(body), ok
}

func TestScripts(t *testing.T) {
	t.Parallel()
	files := fakeFiles{
		"apply.js":    "import{a as b}from\"./shared-a.js\";import\"./shared-b.js\";const w=()=>import(`./wallet.js`);say(`el.one`)",
		"shared-a.js": `import{x}from"./shared-b.js";say("el.two",{n:1})`,
		"shared-b.js": "say('el.three');x('no key');y('text/plain');z('a.b c')",
		"wallet.js":   "say(`wallet.four`)",
	}
	if got := said(files, "apply.js"); len(got) != 4 || got[0] != "el.one" || got[3] != "wallet.four" {
		t.Errorf("said gave %v", got)
	}
	if got := needed(files, "apply.js"); len(got) != 2 || got[0] != "shared-a.js" || got[1] != "shared-b.js" {
		t.Errorf("needed gave %v", got)
	}
	if got := said(files, "none.js"); len(got) != 0 {
		t.Errorf("a script that is not there says %v", got)
	}
}

// TestIcons: a name without a drawing shows nothing.
func TestIcons(t *testing.T) {
	t.Parallel()
	named := regexp.MustCompile(`\bicon "([a-z-]+)"`)
	files, err := fs.Glob(files, "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"id-card", "account", "otp", "phone", "danger", "warning", "success", "info"} // by variables
	for _, file := range append(files, "templates/parts/page.html", "templates/parts/parts.html") {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllStringSubmatch(string(raw), -1) {
			names = append(names, m[1])
		}
	}
	for _, name := range names {
		if strokes[name] == "" {
			t.Errorf("there is no icon %s", name)
		}
	}
	for name := range strokes {
		if !slices.Contains(names, name) {
			t.Errorf("the icon %s is not used", name)
		}
	}
}
