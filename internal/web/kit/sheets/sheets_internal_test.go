package sheets

import (
	"testing"
	"time"
)

func TestWords(t *testing.T) {
	t.Parallel()
	day := time.Date(2027, 3, 14, 15, 4, 0, 0, time.UTC) // the next day in Korea
	for _, test := range []struct{ got, want string }{
		{Date("ko", day), "2027년 3월 15일 (월)"},
		{Date("en", day), "15 March 2027 (Mon)"},
		{Clock(day), "00:04"},
		{Thousands(0), "0"}, {Thousands(999), "999"}, {Thousands(4400), "4,400"}, {Thousands(1234567), "1,234,567"},
		{Group("9f86d081884c"), "9F86 D081 884C"}, {Group("abc"), "ABC"}, {Group(""), ""},
		{Dial("1588-0000"), "15880000"}, {Dial("+82 2 123-4567"), "+8221234567"},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
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
