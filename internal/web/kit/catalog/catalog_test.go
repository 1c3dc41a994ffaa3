package catalog_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ingam-pki/ingam/internal/web/kit/catalog"
)

// TestExamples runs the table that the elements in the browser are held to, too.
func TestExamples(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("../../portal/pages/texts/examples.json")
	if err != nil {
		t.Fatal(err)
	}
	var examples []struct {
		Text string         `json:"text"`
		Args map[string]any `json:"args"`
		Want string         `json:"want"`
	}
	if err := json.Unmarshal(raw, &examples); err != nil {
		t.Fatal(err)
	}
	if len(examples) < 30 {
		t.Fatalf("the table holds %d examples only", len(examples))
	}
	for _, e := range examples {
		values := map[string]string{}
		for name, value := range e.Args {
			values[name] = fmt.Sprint(value)
		}
		got, err := catalog.Format(e.Text, values)
		if err != nil || got != e.Want {
			t.Errorf("%q with %v gave %q, %v; want %q", e.Text, e.Args, got, err, e.Want)
		}
	}
}

func TestMalformedTexts(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"{", "}", "a{b", "a}b", "{}", "{a{b}}", "{a|b}", "{a|b|c|d}", "{/를}", "{을/}", "{을/를/은}", "{1a}", "{a b}", "{|a|b}"} {
		files := fstest.MapFS{"x.ko.json": {Data: []byte(`{"k":` + quote(t, text) + `}`)}}
		if _, err := catalog.Load(files); !errors.Is(err, catalog.ErrSyntax) {
			t.Errorf("%q was taken (%v)", text, err)
		}
	}
}

func quote(t *testing.T, s string) string {
	t.Helper()
	raw, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestCatalog(t *testing.T) {
	t.Parallel()
	c, err := catalog.Load(fstest.MapFS{
		"a.ko.json":     {Data: []byte(`{"a.hello":"{name}님, 안녕하세요.","b.x":"엑스"}`)},
		"a.en.json":     {Data: []byte(`{"a.hello":"Hello {name}."}`)},
		"examples.json": {Data: []byte(`[]`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Text("ko", "a.hello", "name", "김하나"); got != "김하나님, 안녕하세요." {
		t.Errorf("got %q", got)
	}
	if got := c.Text("en", "b.x"); got != "b.x" {
		t.Errorf("a missing text shows as %q, want its key", got)
	}
	if _, err := c.Lookup("en", "b.x"); !errors.Is(err, catalog.ErrUnknown) {
		t.Errorf("Lookup of a missing text: %v", err)
	}
	for _, args := range [][]any{nil, {"name"}, {"other", 1}, {1, 2}} {
		if _, err := c.Lookup("ko", "a.hello", args...); !errors.Is(err, catalog.ErrArgument) {
			t.Errorf("Lookup with %v: %v", args, err)
		}
	}
	if got := strings.Join(c.Keys("ko"), " "); got != "a.hello b.x" || c.Has("en", "b.x") || c.Raw("ko", "b.x") != "엑스" {
		t.Errorf("Keys gave %s", got)
	}
	_, err = catalog.Load(fstest.MapFS{"a.ko.json": {Data: []byte(`{"k":"1"}`)}, "b.ko.json": {Data: []byte(`{"k":"2"}`)}})
	if !errors.Is(err, catalog.ErrTwice) {
		t.Errorf("a key in two files: %v", err)
	}
}

func FuzzFormat(f *testing.F) {
	f.Add("{name}{을/를} {n|a|b}", "name", "값")
	f.Add("{", "", "")
	f.Fuzz(func(t *testing.T, text, name, value string) {
		out, err := catalog.Format(text, map[string]string{name: value})
		if err == nil && !strings.ContainsAny(text, "{}") && out != text {
			t.Errorf("%q became %q", text, out)
		}
		if _, named := catalog.Names(text); errors.Is(named, catalog.ErrSyntax) && out != text {
			t.Errorf("malformed %q became %q", text, out)
		}
	})
}
