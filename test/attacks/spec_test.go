package attacks_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/ingam-pki/ingam/api"
)

// operation is one route of the API's description. The attacks on routes walk
// the description, so that a route which comes later is attacked, too.
type operation struct {
	method, path string
	session      bool   // wants one
	redemption   bool   // one of codes will do
	media        string // of the body; empty when it takes none
	body         *schema
}

type schema struct {
	Ref                  string             `yaml:"$ref"`
	Type                 string             `yaml:"type"`
	Enum                 []string           `yaml:"enum"`
	Pattern              string             `yaml:"pattern"`
	Format               string             `yaml:"format"`
	MinLength            int                `yaml:"minLength"`
	MaxLength            int                `yaml:"maxLength"`
	MaxItems             int                `yaml:"maxItems"`
	Required             []string           `yaml:"required"`
	Properties           map[string]*schema `yaml:"properties"`
	Items                *schema            `yaml:"items"`
	AdditionalProperties *bool              `yaml:"-"`
}

// methods are those that a path can have.
var methods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// operations reads the description.
var operations = sync.OnceValues(func() ([]operation, error) {
	var doc struct {
		Paths      map[string]map[string]yaml.Node `yaml:"paths"`
		Components struct {
			Schemas map[string]yaml.Node `yaml:"schemas"`
		} `yaml:"components"`
	}
	if err := yaml.Unmarshal(api.OpenAPI, &doc); err != nil {
		return nil, err
	}
	var all []operation
	for path, item := range doc.Paths {
		for _, method := range methods {
			node, ok := item[strings.ToLower(method)]
			if !ok {
				continue
			}
			var o struct {
				Security    *[]map[string][]string `yaml:"security"`
				RequestBody struct {
					Content map[string]struct {
						Schema schema `yaml:"schema"`
					} `yaml:"content"`
				} `yaml:"requestBody"`
			}
			if err := node.Decode(&o); err != nil {
				return nil, err
			}
			op := operation{method: method, path: path, session: o.Security == nil || len(*o.Security) > 0}
			op.redemption = o.Security != nil && slices.ContainsFunc(*o.Security, func(s map[string][]string) bool { return s["redemption"] != nil })
			for media, content := range o.RequestBody.Content {
				op.media = media
				op.body = &content.Schema
				if err := op.body.resolve(doc.Components.Schemas); err != nil {
					return nil, err
				}
			}
			all = append(all, op)
		}
	}
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return all, nil
})

func (s *schema) resolve(named map[string]yaml.Node) error {
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		node, known := named[name]
		if !known {
			return fmt.Errorf("no schema %s", name)
		}
		if err := node.Decode(s); err != nil {
			return err
		}
		s.Ref = ""
		return s.resolve(named)
	}
	for _, p := range s.Properties {
		if err := p.resolve(named); err != nil {
			return err
		}
	}
	if s.Items != nil {
		return s.Items.resolve(named)
	}
	return nil
}

// wanted are the fields of an honest body: those that are required, or the
// kind where one of several will do.
func (s *schema) wanted() []string {
	if len(s.Required) == 0 && s.Properties["kind"] != nil {
		return []string{"kind"}
	}
	return s.Required
}

// sample gives a value that the schema allows.
func (s *schema) sample(t *testing.T) any {
	t.Helper()
	switch s.Type {
	case "object":
		o := map[string]any{}
		for _, name := range s.wanted() {
			o[name] = s.Properties[name].sample(t)
		}
		return o
	case "array":
		return []any{s.Items.sample(t)}
	case "string":
	default:
		t.Fatalf("no sample for the type %q: teach it", s.Type)
	}
	if len(s.Enum) > 0 {
		return s.Enum[0]
	}
	text := strings.Repeat("a", max(1, s.MinLength))
	if s.Pattern != "" && !regexp.MustCompile(s.Pattern).MatchString(text) {
		t.Fatalf("no sample for the pattern %s: teach it", s.Pattern)
	}
	return text
}

// body gives a body that the route's schema allows; nil when it takes none.
func (o operation) sample(t *testing.T) []byte {
	t.Helper()
	if o.body == nil || o.media != "application/json" {
		return nil
	}
	return encode(t, o.body.sample(t))
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// at gives the path with its parameters filled.
func (o operation) at(id string) string {
	return strings.NewReplacer("{id}", id, "{kind}", "personal-bank", "{request}", "MAA=", "{name}", "root", "{serial}", "0a1b", "{number}", "012").Replace(o.path)
}

// routes gives the operations that a test attacks, and fails when the
// description has none: the walk would look at nothing.
func routes(t *testing.T, atLeast int, which func(operation) bool) []operation {
	t.Helper()
	all, err := operations()
	if err != nil {
		t.Fatal(err)
	}
	var some []operation
	for _, o := range all {
		if which(o) {
			some = append(some, o)
		}
	}
	if len(some) < atLeast {
		t.Fatalf("found %d routes in the description, want at least %d", len(some), atLeast)
	}
	return some
}

func ofAPI(o operation) bool { return strings.HasPrefix(o.path, "/api/") }
func ofOne(o operation) bool { return strings.Contains(o.path, "/applications/{id}") }

// spoilt is a body that the route must refuse.
type spoilt struct {
	name string
	body []byte
	want refusal
}

var (
	malformed = refusal{400, 1009, "malformed-body"}
	badField  = refusal{400, 1010, "invalid-field"}
	unknown   = refusal{400, 1011, "unknown-field"}
	missing   = refusal{400, 1012, "missing-field"}
	badBase64 = refusal{400, 1014, "invalid-base64"}
	tooLarge  = refusal{413, 1007, "body-too-large"}
	wrongType = refusal{415, 1008, "wrong-content-type"}
)

// spoil gives all the ways in which a body can be wrong in its form.
func (o operation) spoil(t *testing.T) []spoilt {
	t.Helper()
	good := o.sample(t)
	deep := func(open, inner, shut string, n int) []byte {
		return []byte(strings.Repeat(open, n) + inner + strings.Repeat(shut, n))
	}
	field := o.body.wanted()[0]
	all := []spoilt{
		{"nothing", []byte{}, malformed},
		{"blanks", []byte(" \r\n\t"), malformed},
		{"null", []byte("null"), malformed},
		{"array", []byte("[" + string(good) + "]"), malformed},
		{"text", []byte(`"{}"`), malformed},
		{"number", []byte("1e999"), malformed},
		{"half", good[:len(good)/2], malformed},
		{"two objects", append(bytes.Clone(good), good...), malformed},
		{"something behind", append(bytes.Clone(good), "}"...), malformed},
		{"byte order mark", append([]byte("\xef\xbb\xbf"), good...), malformed},
		{"UTF-16", []byte("\xff\xfe{\x00}\x00"), malformed},
		{"not UTF-8", fmt.Appendf(nil, `{%q:"%s"}`, field, "\xff\xfe"), malformed},
		{"overlong UTF-8", fmt.Appendf(nil, `{%q:"%s"}`, field, "\xc0\xaf"), malformed},
		{"comment", append([]byte("/* */"), good...), malformed},
		{"single quotes", bytes.ReplaceAll(good, []byte(`"`), []byte(`'`)), malformed},
		{"NaN", fmt.Appendf(nil, `{%q:NaN}`, field), malformed},
		{"control character", fmt.Appendf(nil, "{%q:\"a\x00b\"}", field), malformed},
		{"deep arrays", fmt.Appendf(nil, `{%q:%s}`, field, deep("[", "", "]", 12000)), malformed},
		{"deep objects", deep(`{"a":`, "1", "}", 9000), unknown},
		{"deep and cut off", deep("[", "", "", 30000), malformed},
		{"unknown field", withField(good, `"__proto__":{}`), unknown},
		{"field of another spelling", bytes.Replace(good, []byte(`"`+field+`"`), []byte(`"`+strings.ToUpper(field)+`"`), 1), unknown},
		{"field twice", withField(good, string(encode(t, field))+":"+string(encode(t, o.body.Properties[field].sample(t)))), malformed},
	}
	return append(all, o.spoilFields(t)...)
}

func withField(object []byte, field string) []byte {
	return append(append(bytes.Clone(object[:len(object)-1]), ","+field...), '}')
}

// spoilFields spoils one field after the other.
func (o operation) spoilFields(t *testing.T) (all []spoilt) {
	t.Helper()
	with := func(name string, value any) []byte {
		object := o.body.sample(t).(map[string]any)
		object[name] = value
		return encode(t, object)
	}
	for name, s := range o.body.Properties {
		add := func(how string, value any, want refusal) {
			all = append(all, spoilt{name + ": " + how, with(name, value), want})
		}
		add("a number", 7, badField)
		if s.Type != "object" {
			add("an object", map[string]any{"$ne": ""}, badField)
		}
		add("a truth", true, badField)
		if slices.Contains(o.body.Required, name) {
			object := o.body.sample(t).(map[string]any)
			delete(object, name)
			all = append(all, spoilt{name + ": missing", encode(t, object), missing})
			add("null", nil, missing)
		}
		switch {
		case s.Type == "array":
			add("empty", []any{}, missing)
			add("a text", "a", badField)
			add("too many", slices.Repeat([]any{s.Items.sample(t)}, s.MaxItems+1), badField)
		case s.Type == "object":
			add("empty", map[string]any{}, missing)
			add("a list", []any{map[string]any{}}, badField)
			add("a text", "{}", badField)
			add("too large", map[string]any{"id": strings.Repeat("a", 48<<10)}, badField)
		case s.Format == "byte":
			add("a list", []any{"a"}, badField)
			add("not base64", "!!!!", badBase64)
			add("base64 without padding", "AAA", badBase64)
			if s.MaxLength > 0 {
				add("too long", base64.StdEncoding.EncodeToString(make([]byte, s.MaxLength/4*3+1)), badField)
			}
		case s.Type == "string":
			add("a list", []any{"a"}, badField)
			if s.MaxLength > 0 {
				add("too long", strings.Repeat("a", s.MaxLength+1), badField)
				add("too long in bytes of text", strings.Repeat("가", s.MaxLength+1), badField)
			}
		}
	}
	return all
}
