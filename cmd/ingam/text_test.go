package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/terminal"
	"github.com/ingam-pki/ingam/internal/wallet"
	"github.com/ingam-pki/ingam/pki/validation"
)

func hangul(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Hangul, r) })
}

var placeholder = regexp.MustCompile(`\{[a-zA-Z]+\}`)

// TestTranslations reads the sources: each text has both languages with the
// same placeholders, Korean is Korean and English is not, and no Korean stands
// where it can't be translated.
func TestTranslations(t *testing.T) {
	t.Parallel()
	texts := 0
	for _, dir := range []string{".", "../../internal/wallet", "../../internal/terminal"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			fset := token.NewFileSet()
			file, err := parser.ParseFile(fset, name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			texts += checkTexts(t, fset, file)
		}
	}
	if texts < 200 {
		t.Errorf("found %d texts only: the test looks in the wrong place", texts)
	}
}

// outsideTexts are Korean words that are no text to translate: weekdays, and
// what a person may type.
var outsideTexts = []string{"일", "월", "화", "수", "목", "금", "토", "예", "네", "ㅛ", "아니요", "아니오", "ㅜ"}

func checkTexts(t *testing.T, fset *token.FileSet, file *ast.File) (found int) {
	inText := map[*ast.BasicLit]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		lit, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		said := map[string]string{}
		for _, e := range lit.Elts {
			kv, ok := e.(*ast.KeyValueExpr)
			if !ok {
				continue
			}
			key, ok := kv.Key.(*ast.Ident)
			if !ok || key.Name != "KO" && key.Name != "EN" {
				continue
			}
			if value, ok := kv.Value.(*ast.BasicLit); ok {
				inText[value] = true
				said[key.Name], _ = strconv.Unquote(value.Value)
			} else {
				said[key.Name] = "" // made of another text: checked there
			}
		}
		if len(said) == 0 {
			return true
		}
		found++
		where := fset.Position(lit.Pos())
		ko, en := said["KO"], said["EN"]
		_, hasKO := said["KO"]
		_, hasEN := said["EN"]
		if !hasKO || !hasEN || (ko == "") != (en == "") {
			t.Errorf("%s: a language is missing: %q, %q", where, ko, en)
		}
		if hangul(en) {
			t.Errorf("%s: English is Korean: %q", where, en)
		}
		if words := placeholder.ReplaceAllString(ko, ""); strings.ContainsFunc(words, unicode.IsLetter) && !hangul(words) {
			t.Errorf("%s: Korean is not: %q", where, ko)
		}
		if a, b := placeholders(ko), placeholders(en); !slices.Equal(a, b) {
			t.Errorf("%s: placeholders differ: %v, %v", where, a, b)
		}
		return true
	})
	ast.Inspect(file, func(n ast.Node) bool {
		lit, ok := n.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING || inText[lit] {
			return true
		}
		if s, _ := strconv.Unquote(lit.Value); hangul(s) && !slices.Contains(outsideTexts, s) && s != "%d년 %d월 %d일 (%s) %s" {
			t.Errorf("%s: Korean outside of a text: %q", fset.Position(lit.Pos()), s)
		}
		return true
	})
	return found
}

func placeholders(s string) []string {
	names := placeholder.FindAllString(s, -1)
	slices.Sort(names)
	return slices.Compact(names)
}

// TestReasonsHaveSentences sees that a verdict is never without words: each
// reason of package validation, and of the wallet, has a sentence.
func TestReasonsHaveSentences(t *testing.T) {
	t.Parallel()
	constant := regexp.MustCompile(`(?m)^\s+\w+\s+(?:validation\.)?Reason = "([a-z-]+)"`)
	seen := 0
	for _, name := range []string{"../../pki/validation/report.go", "../../internal/wallet/verify.go"} {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range constant.FindAllStringSubmatch(string(source), -1) {
			seen++
			if r := validation.Reason(m[1]); r != validation.OK && reasonTexts[r].KO == "" {
				t.Errorf("reason %q of %s has no sentence", r, name)
			}
		}
	}
	if seen < len(reasonTexts) {
		t.Errorf("found %d reasons, and there are %d sentences", seen, len(reasonTexts))
	}
}

// TestKindsHaveMeanings sees that the help on exit codes leaves none out, and
// that steps and states all have names.
func TestKindsHaveMeanings(t *testing.T) {
	t.Parallel()
	for k := fault.Internal; k.Exit() != 0; k++ {
		if !slices.ContainsFunc(kindTexts, func(e struct {
			kind fault.Kind
			text fault.Text
		}) bool {
			return e.kind == k
		}) {
			t.Errorf("kind %s is not in the help on exit codes", k)
		}
		if exitOfStatus(k.Status()) != k.Exit() {
			t.Errorf("status %d gives exit code %d, want %d", k.Status(), exitOfStatus(k.Status()), k.Exit())
		}
	}
	for _, need := range []client.Need{client.NeedConsent, client.NeedIDCard, client.NeedAccount, client.NeedOTP, client.NeedPhone, client.NeedKey, client.NeedResume} {
		if stepTexts[need].KO == "" {
			t.Errorf("step %s has no name", need)
		}
	}
	for _, w := range []wallet.Word{wallet.StandsEarly, wallet.StandsValid, wallet.StandsSuspended, wallet.StandsRevoked, wallet.StandsExpired, wallet.StandsUnknown} {
		if wordTexts[w].word.KO == "" || wordTexts[w].shape == "" {
			t.Errorf("%s has no word or no shape", w)
		}
		for _, hasKey := range []bool{true, false} {
			for _, soon := range []bool{true, false} {
				if next := wallet.NextFor(w, hasKey, soon); nextTexts[next].KO == "" {
					t.Errorf("%s is no advice", next)
				}
			}
		}
	}
	for _, r := range reasons {
		if revokeReasons[r].KO == "" || !r.Valid() {
			t.Errorf("reason %s has no name", r)
		}
	}
	for _, s := range []wallet.State{wallet.Early, wallet.Usable, wallet.Soon, wallet.Expired} {
		if stateTexts[s].word.KO == "" || stateTexts[s].shape == "" {
			t.Errorf("state %s has no word or no shape", s)
		}
	}
}

// TestFlags walks through every command in both languages: no flag takes a
// secret, all have a description, and all help fits 80 columns.
func TestFlags(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{terminal.Korean, terminal.English} {
		p := &program{lang: lang, env: func(string) string { return "" }}
		var walk func(cmd *cobra.Command)
		walk = func(cmd *cobra.Command) {
			if cmd.Short == "" || hangul(cmd.Short+cmd.Long) != (lang == terminal.Korean) && cmd.Name() != "help" {
				t.Errorf("%s in %s: %q", cmd.CommandPath(), lang, cmd.Short)
			}
			cmd.Flags().VisitAll(func(f *pflag.Flag) {
				switch {
				case f.Usage == "":
					t.Errorf("%s --%s has no description", cmd.CommandPath(), f.Name)
				case strings.Contains(f.Name, "pass") && !strings.HasSuffix(f.Name, "-file") && !strings.HasSuffix(f.Name, "-fd") && f.Name != "check-password":
					t.Errorf("%s --%s would take a secret as an argument", cmd.CommandPath(), f.Name)
				}
			})
			var shown strings.Builder
			cmd.SetOut(&shown)
			p.printHelp(cmd, nil)
			for line := range strings.SplitSeq(shown.String(), "\n") {
				if terminal.Width(line) > terminal.MaxColumns {
					t.Errorf("help on %s in %s: %d columns: %s", cmd.CommandPath(), lang, terminal.Width(line), line)
				}
			}
			for _, sub := range cmd.Commands() {
				walk(sub)
			}
		}
		walk(p.commands())
	}
}

// TestJSONTopic sees that the help on JSON names every member that there is.
func TestJSONTopic(t *testing.T) {
	t.Parallel()
	for _, v := range []any{problem{}, certificateJSON{}, listed{}, shown{}, verdictJSON{}, contentJSON{}, signerJSON{}, revocationJSON{}, stood{}, saidJSON{}} {
		typ := reflect.TypeOf(v)
		for i := range typ.NumField() {
			name, _, _ := strings.Cut(typ.Field(i).Tag.Get("json"), ",")
			if name == "" {
				continue
			}
			for _, lang := range []string{terminal.Korean, terminal.English} {
				if !regexp.MustCompile(`\b` + name + `\b`).MatchString(jsonTopic.In(lang)) {
					t.Errorf("%s.%s is not in the help on json (%s)", typ.Name(), name, lang)
				}
			}
		}
	}
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args string
		env  map[string]string
		want string
	}{
		{"", nil, terminal.Korean},
		{"", map[string]string{"LANG": "ko_KR.UTF-8"}, terminal.Korean},
		{"", map[string]string{"LANG": "en_US.UTF-8"}, terminal.English},
		{"", map[string]string{"LANG": "C.UTF-8"}, terminal.English},
		{"", map[string]string{"LANG": "kok_IN"}, terminal.English},
		{"", map[string]string{"LANG": "ko", "LC_MESSAGES": "en_GB"}, terminal.English},
		{"", map[string]string{"LANG": "en", "LC_MESSAGES": "en_GB", "LC_ALL": "ko_KR"}, terminal.Korean},
		{"list --lang en", map[string]string{"LC_ALL": "ko_KR"}, terminal.English},
		{"--lang=ko list", map[string]string{"LC_ALL": "en_US"}, terminal.Korean},
		{"sign -- --lang en", nil, terminal.Korean},
		{"list --lang", nil, terminal.Korean},
	} {
		if got := terminal.Language(strings.Fields(c.args), func(name string) string { return c.env[name] }); got != c.want {
			t.Errorf("%q with %v gives %s, want %s", c.args, c.env, got, c.want)
		}
	}
}

func TestParseTime(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"2027-03-14":                "2027-03-14T14:59:59Z",
		"2027-03-14 15:04":          "2027-03-14T06:04:00Z",
		"2027-03-14T15:04:05":       "2027-03-14T06:04:05Z",
		"2027-03-14T15:04:05Z":      "2027-03-14T15:04:05Z",
		"2027-03-14T15:04:05+09:00": "2027-03-14T06:04:05Z",
	} {
		if got, err := parseTime(s); err != nil || got.UTC().Format("2006-01-02T15:04:05Z") != want {
			t.Errorf("%s gives %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "today", "2027-02-30", "14.3.2027", "2027-03-14 25:00"} {
		if got, err := parseTime(s); err == nil {
			t.Errorf("%q gives %v", s, got)
		}
	}
}

// FuzzParseOID sees that an identifier is what it was written as.
func FuzzParseOID(f *testing.F) {
	for _, s := range []string{"1.2.410.200005.1.1.4", "2.999.1", "1.40", "3.1", "1", "1..2", "1.02", "1.2.4294967296", "-1.2", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if oid, ok := parseOID(s); ok && (oid.String() != s || len(oid) < 2 || oid[0] > 2 || oid[0] < 2 && oid[1] > 39) {
			t.Errorf("%q is read as %s", s, oid)
		}
	})
}
