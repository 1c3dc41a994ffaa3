package pages_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
	"github.com/ingam-pki/ingam/internal/web/kit/catalog"
)

func texts(t *testing.T) *catalog.Catalog {
	t.Helper()
	c, err := pages.Texts()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestLanguagesAreComplete finds a key that one language lacks, and a text that
// takes other values than the same text in the other language.
func TestLanguagesAreComplete(t *testing.T) {
	t.Parallel()
	c := texts(t)
	ko, en := c.Keys("ko"), c.Keys("en")
	if len(ko) < 200 {
		t.Errorf("found %d texts only", len(ko))
	}
	for _, key := range append(ko, en...) {
		if !c.Has("ko", key) || !c.Has("en", key) {
			t.Errorf("%s is missing in a language", key)
			continue
		}
		if a, b := names(t, c.Raw("ko", key)), names(t, c.Raw("en", key)); !slices.Equal(a, b) {
			t.Errorf("%s takes %v in Korean and %v in English", key, a, b)
		}
	}
}

func names(t *testing.T, text string) []string {
	t.Helper()
	found, err := catalog.Names(text)
	if err != nil {
		t.Errorf("%q: %v", text, err)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

var plain = regexp.MustCompile(`<[a-zA-Z/]|&[a-z]+;`)

// TestTone holds texts to the rules for them.
func TestTone(t *testing.T) {
	t.Parallel()
	c := texts(t)
	for _, lang := range []string{"ko", "en"} {
		for _, key := range c.Keys(lang) {
			text := c.Raw(lang, key)
			switch {
			case strings.TrimSpace(text) == "":
				t.Errorf("%s in %s is empty", key, lang)
			case strings.ContainsAny(text, "!！") && !strings.Contains(key, "rule"):
				t.Errorf("%s in %s shouts: %q", key, lang, text)
			case plain.MatchString(text):
				t.Errorf("%s in %s holds markup: %q", key, lang, text)
			case strings.Contains(text, "습니다") || strings.Contains(text, "십시오"):
				t.Errorf("%s in %s is not in 해요체: %q", key, lang, text)
			}
		}
	}
}

var (
	inTemplate = regexp.MustCompile(`\bt "([a-z][\w.-]*)"`)
	inPrintf   = regexp.MustCompile(`printf "([a-z][\w.-]*\.)%[sd]"`)
	inField    = regexp.MustCompile(`\.Field "(\w+)"([^}]*)`)
	inLabel    = regexp.MustCompile(`"(label|hint)=([a-z][\w.-]*)"`)
	inGo       = regexp.MustCompile(`(?:say|Text)\((?:lang, |d\.Lang, )?"([a-z][\w-]*\.[\w.-]*\w)"`)
	inGoPrefix = regexp.MustCompile(`say\("([a-z][\w.-]*\.)" ?\+`)
	inQuotes   = regexp.MustCompile(`"([a-z]+(?:\.[\w-]+)*\.[\w-]*)"`)
	inScript   = regexp.MustCompile("['\"`]([a-z][a-z0-9]*(?:\\.[a-z0-9-]+)+)['\"`]")
)

// uses are the keys that templates, Go and scripts name, and the beginnings of
// those that they put together.
type uses struct {
	keys     map[string]string // → where
	prefixes []string
}

func (u *uses) template(t *testing.T, name, text string) {
	t.Helper()
	for _, m := range inTemplate.FindAllStringSubmatch(text, -1) {
		u.keys[m[1]] = name
	}
	for _, m := range inPrintf.FindAllStringSubmatch(text, -1) {
		u.prefixes = append(u.prefixes, m[1])
	}
	for _, m := range inField.FindAllStringSubmatch(text, -1) {
		if label := inLabel.FindAllStringSubmatch(m[2], -1); label != nil {
			for _, l := range label {
				u.keys[l[2]] = name
			}
			if strings.Contains(m[2], `"label=`) {
				continue
			}
		}
		u.keys["c.field."+m[1]] = name
		u.prefixes = append(u.prefixes, "c.field."+m[1]+".hint")
	}
}

func collect(t *testing.T) uses {
	t.Helper()
	u := uses{keys: map[string]string{}}
	read := func(root string, ext string, take func(name, text string)) {
		err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(name) != ext || strings.HasSuffix(name, "_test.go") {
				return err
			}
			raw, err := os.ReadFile(name)
			take(name, string(raw))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	read("templates", ".html", func(name, text string) { u.template(t, name, text) })
	read(".", ".go", func(name, text string) {
		for _, m := range inGo.FindAllStringSubmatch(text, -1) {
			u.keys[m[1]] = name
		}
		for _, m := range inGoPrefix.FindAllStringSubmatch(text, -1) {
			u.prefixes = append(u.prefixes, m[1])
		}
	})
	read("..", ".go", func(_, text string) { // handlers and papers name keys, or the beginnings of some
		for _, m := range inQuotes.FindAllStringSubmatch(text, -1) {
			u.prefixes = append(u.prefixes, m[1])
		}
	})
	u.prefixes = append(u.prefixes, "c.field.") // a field's words go by its name
	read("../../elements/src", ".ts", func(name, text string) {
		for _, m := range inScript.FindAllStringSubmatch(text, -1) {
			if area, _, _ := strings.Cut(m[1], "."); slices.Contains([]string{"c", "b"}, area) {
				u.keys[m[1]] = name
			} else if area == "el" { // shared with the customers' pages
				u.prefixes = append(u.prefixes, m[1])
			}
		}
	})
	return u
}

// TestKeys finds a key that is used and not there, and one that is there and
// not used.
func TestKeys(t *testing.T) {
	t.Parallel()
	c, u := texts(t), collect(t)
	if len(u.keys) < 150 {
		t.Errorf("found %d keys only: the test looks in the wrong places", len(u.keys))
	}
	for key, where := range u.keys {
		if !c.Has("ko", key) {
			t.Errorf("%s uses %s, which no file has", where, key)
		}
	}
	for _, key := range c.Keys("ko") {
		_, used := u.keys[key]
		if !used && !slices.ContainsFunc(u.prefixes, func(p string) bool { return strings.HasPrefix(key, p) }) {
			t.Errorf("%s is not used", key)
		}
	}
}

// TestArguments sees that a template gives each text all that it takes.
func TestArguments(t *testing.T) {
	t.Parallel()
	c := texts(t)
	files, err := filepath.Glob("templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	parts, err := filepath.Glob("templates/parts/*.html")
	if err != nil {
		t.Fatal(err)
	}
	given := regexp.MustCompile(`"(\w+)"`)
	for _, name := range append(files, parts...) {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, call := range regexp.MustCompile(`\bt "([a-z][\w.-]*)"([^}]*)`).FindAllStringSubmatch(string(raw), -1) {
			for _, want := range names(t, c.Raw("ko", call[1])) {
				if !slices.ContainsFunc(given.FindAllStringSubmatch(call[2], -1), func(m []string) bool { return m[1] == want }) {
					t.Errorf("%s: %s takes {%s}, which is not given", name, call[1], want)
				}
			}
		}
	}
}

// TestEveryActHasWords: a new line of the table of rights needs its name here,
// in both languages; so do roles, outcomes and flaws of the audit log.
func TestEveryActHasWords(t *testing.T) {
	t.Parallel()
	c := texts(t)
	want := []string{}
	for _, line := range authz.Policy() {
		want = append(want, "act."+string(line.Act))
		for _, g := range line.Grants {
			want = append(want, "role."+string(g.Role))
		}
	}
	for _, o := range []audit.Outcome{audit.Done, audit.Denied, audit.Refused} {
		want = append(want, "outcome."+string(o))
	}
	for _, f := range []audit.Flaw{audit.Gap, audit.Changed, audit.Broken, audit.Stray, audit.WrongHead, audit.RolledBack} {
		want = append(want, "flaw."+string(f))
	}
	for _, s := range []staff.State{staff.Invited, staff.Active, staff.Disabled} {
		want = append(want, "staff.state."+string(s))
	}
	for _, key := range want {
		for _, lang := range []string{"ko", "en"} {
			if !c.Has(lang, key) {
				t.Errorf("%s has no words in %s", key, lang)
			}
		}
	}
	for _, key := range c.Keys("ko") {
		if act, ok := strings.CutPrefix(key, "act."); ok && strings.Contains(act, ".") && !authz.Known(authz.Act(act)) {
			t.Errorf("%s names an act that does not stand in the table", key)
		}
	}
}

// TestScriptsHaveTheirWords: what the scripts of the console say stands in its
// texts; they share elements with the customers' pages, not words.
func TestScriptsHaveTheirWords(t *testing.T) {
	t.Parallel()
	c := texts(t)
	found := 0
	for _, name := range []string{"passkeys/login.ts", "passkeys/words.ts", "idle/element.ts", "notice.ts", "api.ts", "copy.ts", "print.ts"} {
		raw, err := os.ReadFile("../../elements/src/" + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range inScript.FindAllStringSubmatch(string(raw), -1) {
			if !strings.HasPrefix(m[1], "el.") {
				continue
			}
			found++
			if !c.Has("ko", m[1]) {
				t.Errorf("%s says %s, which the console has no words for", name, m[1])
			}
		}
	}
	if found < 20 {
		t.Errorf("found %d words only: the test looks in the wrong places", found)
	}
}
