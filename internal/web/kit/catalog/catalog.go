// Package catalog gives texts in Korean and English with values put in, the
// particles (조사) right and English plurals too.
//
//	{name}            the value of an argument
//	{name}{을/를}      the particle that fits the letter before it
//	{n|day|days}      the first when n is 1, the second otherwise
//
// A particle is chosen by how the letter before it is read: "신분증{을/를}" is
// "신분증을", "OTP{을/를}" "OTP를", "PDF 3{으로/로}" "PDF 3으로". Texts are flat
// JSON files, key to text, one for each area and language: apply.ko.json. The
// elements in the browser follow the same rules, by the same table of examples.
package catalog

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// Catalog holds the texts of all languages. It does not change once loaded.
type Catalog struct {
	texts map[string]map[string]string // language → key → text
}

// What can be wrong with a text or its use.
var (
	ErrUnknown  = errors.New("catalog: there is no such text")
	ErrArgument = errors.New("catalog: argument is missing")
	ErrSyntax   = errors.New("catalog: text is malformed")
	ErrTwice    = errors.New("catalog: key stands in two files")
)

// Load reads <area>.<language>.json files at the top of a file system. Other
// files are left alone.
func Load(fsys fs.FS) (*Catalog, error) {
	c := &Catalog{texts: map[string]map[string]string{}}
	names, err := fs.Glob(fsys, "*.*.json")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		parts := strings.Split(name, ".")
		if len(parts) != 3 {
			continue
		}
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("reading texts: %w", err)
		}
		var area map[string]string
		if err := json.Unmarshal(raw, &area); err != nil {
			return nil, fmt.Errorf("reading texts %s: %w", name, err)
		}
		if err := c.add(parts[1], area); err != nil {
			return nil, fmt.Errorf("reading texts %s: %w", name, err)
		}
	}
	return c, nil
}

func (c *Catalog) add(lang string, area map[string]string) error {
	if c.texts[lang] == nil {
		c.texts[lang] = map[string]string{}
	}
	for key, text := range area {
		if _, twice := c.texts[lang][key]; twice {
			return fmt.Errorf("%w: %s", ErrTwice, key)
		}
		if _, err := parse(text); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		c.texts[lang][key] = text
	}
	return nil
}

// Text gives a text with its arguments (name, value, name, value …) put in.
// What can't be found shows as its key: a page with a gap is better than none.
func (c *Catalog) Text(lang, key string, args ...any) string {
	text, err := c.Lookup(lang, key, args...)
	if err != nil && text == "" {
		return key
	}
	return text
}

// Lookup is Text for those who want to know: ErrUnknown, ErrArgument.
func (c *Catalog) Lookup(lang, key string, args ...any) (string, error) {
	text, ok := c.texts[lang][key]
	if !ok {
		return "", fmt.Errorf("%w: %s in %s", ErrUnknown, key, lang)
	}
	values, err := pairs(args)
	if err != nil {
		return "", fmt.Errorf("%s: %w", key, err)
	}
	out, err := Format(text, values)
	if err != nil {
		err = fmt.Errorf("%s in %s: %w", key, lang, err)
	}
	return out, err
}

func pairs(args []any) (map[string]string, error) {
	if len(args)%2 != 0 {
		return nil, fmt.Errorf("%w: a name without a value", ErrArgument)
	}
	values := make(map[string]string, len(args)/2)
	for i := 0; i < len(args); i += 2 {
		name, ok := args[i].(string)
		if !ok {
			return nil, fmt.Errorf("%w: %v is no name", ErrArgument, args[i])
		}
		values[name] = fmt.Sprint(args[i+1])
	}
	return values, nil
}

// Has says whether a language has a key.
func (c *Catalog) Has(lang, key string) bool {
	_, ok := c.texts[lang][key]
	return ok
}

// Keys gives a language's keys, sorted.
func (c *Catalog) Keys(lang string) []string {
	keys := make([]string, 0, len(c.texts[lang]))
	for key := range c.texts[lang] {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// Raw gives a text as it stands in its file.
func (c *Catalog) Raw(lang, key string) string { return c.texts[lang][key] }
