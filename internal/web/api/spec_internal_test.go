package api

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2/memstore"
	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	spec "github.com/ingam-pki/ingam/api"
	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/branch"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/login"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

// description is what the tests read of openapi.yaml.
type description struct {
	Version    string                          `yaml:"openapi"`
	Paths      map[string]map[string]yaml.Node `yaml:"paths"`
	Components struct {
		Schemas map[string]schema `yaml:"schemas"`
	} `yaml:"components"`
}

type operation struct {
	path, method string
	Tags         []string               `yaml:"tags"`
	Security     *[]map[string][]string `yaml:"security"`
	RequestBody  struct {
		Content map[string]struct {
			Schema schema `yaml:"schema"`
		} `yaml:"content"`
	} `yaml:"requestBody"`
	Responses map[string]yaml.Node `yaml:"responses"`
}

type schema struct {
	Ref        string            `yaml:"$ref"`
	Type       string            `yaml:"type"`
	Format     string            `yaml:"format"`
	Required   []string          `yaml:"required"`
	Properties map[string]schema `yaml:"properties"`
	Additional any               `yaml:"additionalProperties"`
	Items      *schema           `yaml:"items"`
	Enum       []string          `yaml:"enum"`
	Pattern    string            `yaml:"pattern"`
	MinLength  *int              `yaml:"minLength"`
	MaxLength  *int              `yaml:"maxLength"`
	MinItems   *int              `yaml:"minItems"`
	MaxItems   *int              `yaml:"maxItems"`
}

func read(t *testing.T) (description, []operation) {
	t.Helper()
	var d description
	if err := yaml.Unmarshal(spec.OpenAPI, &d); err != nil {
		t.Fatal(err)
	}
	var all []operation
	for path, methods := range d.Paths {
		for method, node := range methods {
			if method == "parameters" {
				continue
			}
			o := operation{path: path, method: strings.ToUpper(method)}
			if err := node.Decode(&o); err != nil {
				t.Fatal(err)
			}
			if !slices.Contains(o.Tags, "responder") {
				all = append(all, o)
			}
		}
	}
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return d, all
}

// nobody is an authority that has issued nothing.
type nobody struct{}

func (nobody) Certificate(context.Context, authz.Caller, string) (ca.Record, error) {
	return ca.Record{}, ca.ErrNotFound
}
func (nobody) CertificatesOf(context.Context, authz.Caller, string) ([]ca.Record, error) {
	return nil, nil
}
func (nobody) Chain() []*x509.Certificate { return nil }

func newHandler(t *testing.T) http.Handler {
	t.Helper()
	desk, err := enrolment.New(enrolment.Config{})
	if err != nil {
		t.Fatal(err)
	}
	ways, err := login.New(login.Config{Now: time.Now, Bank: "bank", Origins: []string{"http://example.com"}})
	if err != nil {
		t.Fatal(err)
	}
	branches, err := branch.Sample()
	if err != nil {
		t.Fatal(err)
	}
	h := New(Config{Enrolment: desk, Login: ways, Authority: nobody{}, Now: time.Now, Branches: branches,
		Sessions: kit.NewSessions(memstore.NewWithCleanupInterval(0), false, time.Now), Ready: func(context.Context) error { return nil }})
	return kit.NewFace(time.Now, kit.FaceConfig{MaxBody: MaxBody, Rate: kit.Rate{Every: time.Nanosecond, Burst: 1 << 20}}).Wrap(h)
}

// routes records what a handler is registered for.
type routes struct {
	http.ServeMux
	patterns []string
}

func (r *routes) HandleFunc(pattern string, _ func(http.ResponseWriter, *http.Request)) {
	r.patterns = append(r.patterns, pattern)
}

// TestRoutesAreDescribed sees that what is served and what is described are
// the same, and that each route answers as a route of ours.
func TestRoutesAreDescribed(t *testing.T) {
	t.Parallel()
	d, operations := read(t)
	if !strings.HasPrefix(d.Version, "3.1.") {
		t.Errorf("openapi.yaml is %s, not 3.1", d.Version)
	}
	served := &routes{}
	HandlerWithOptions(&handlers{}, StdHTTPServerOptions{BaseRouter: served})
	var described []string
	h := newHandler(t)
	for _, o := range operations {
		described = append(described, o.method+" "+o.path)
		path := strings.NewReplacer("{id}", strings.Repeat("A", 26), "{kind}", "personal-bank", "{serial}", "0a1b", "{number}", "012").Replace(o.path)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(o.method, path, nil))
		open := o.Security != nil && len(*o.Security) == 0
		switch {
		case !open && w.Code != http.StatusUnauthorized:
			t.Errorf("%s %s wants a session, but answers %d without one", o.method, o.path, w.Code)
		case open && len(o.RequestBody.Content) > 0 && w.Code != http.StatusUnsupportedMediaType:
			t.Errorf("%s %s is open, but answers %d to nothing", o.method, o.path, w.Code)
		case open && len(o.RequestBody.Content) == 0 && w.Code != http.StatusOK:
			t.Errorf("%s %s is open and wants no body, but answers %d", o.method, o.path, w.Code)
		}
	}
	slices.Sort(described)
	slices.Sort(served.patterns)
	if diff := cmp.Diff(described, served.patterns); diff != "" {
		t.Error(diff)
	}
}

// TestRefusalsAreDescribed sees that each operation says what it answers to
// the refusals that every door knows.
func TestRefusalsAreDescribed(t *testing.T) {
	t.Parallel()
	_, operations := read(t)
	for _, o := range operations {
		want := []string{"default"}
		if o.Security == nil {
			want = append(want, "401")
		}
		if o.method != http.MethodGet {
			want = append(want, "403")
		}
		if len(o.RequestBody.Content) > 0 {
			want = append(want, "400", "413", "415")
		}
		if strings.Contains(o.path, "{") {
			want = append(want, "404")
		}
		for _, status := range want {
			if _, ok := o.Responses[status]; !ok {
				t.Errorf("%s %s does not describe %s", o.method, o.path, status)
			}
		}
	}
}

// bodies are the requests with a body, each with one that is within bounds.
var bodies = map[string]struct {
	make    func() bounded
	example string
}{
	"LogInRequest": {func() bounded { return &LogInRequest{} }, `{"loginId":"hong","password":"x"}`},
	"StartRequest": {func() bounded { return &StartRequest{} }, `{"kind":"personal-bank"}`},
	"RevocationRequest": {func() bounded { return &RevocationRequest{} },
		`{"reason":"key-compromise","invalidityDate":"2027-03-14","otp":"123456"}`},
	"LossByCode":     {func() bounded { return &LossByCode{} }, `{"code":"7K2M-0QXV-9T3B-HC4D"}`},
	"NoticeChoice":   {func() bounded { return &NoticeChoice{} }, `{"channels":"both","language":"ko"}`},
	"ConsentRequest": {func() bounded { return &ConsentRequest{} }, `{"terms":[{"name":"service","version":"1","sha256":"` + strings.Repeat("0a", 32) + `"}]}`},
	"IdCardProof": {func() bounded { return &IDCardProof{} },
		`{"document":"drivers-licence","number":"8503141000011","name":"홍길동","issueDate":"2019-03-11","licence":"99-19-000001-00","image":"/9j/"}`},
	"Redemption": {func() bounded { return &Redemption{} },
		`{"reference":"123-456-7890","code":"7K2M0-QXV9T-3BHC4-D0000","keys":["` + strings.Repeat("0a", 32) + `"]}`},
	"AccountProof":   {func() bounded { return &AccountProof{} }, `{"account":"9990000000001","password":"1201"}`},
	"CodeProof":      {func() bounded { return &CodeProof{} }, `{"code":"123456"}`},
	"CertifyRequest": {func() bounded { return &CertifyRequest{} }, `{"csr":"MIIC"}`},

	"CertificateLogIn":    {func() bounded { return &CertificateLogIn{} }, `{"signature":"MIIC"}`},
	"NewPasskey":          {func() bounded { return &NewPasskey{} }, `{"name":"휴대폰","response":{"id":"AA","response":{"anything":["at",{"all":1}]}}}`},
	"PasskeyLogIn":        {func() bounded { return &PasskeyLogIn{} }, `{"response":{"id":"AA","type":"public-key"}}`},
	"VerificationRequest": {func() bounded { return &VerificationRequest{} }, `{"signature":"MIIC","content":"AAAA"}`},
}

// alone are the fields that don't go with the example of their body, each with
// one that they go with.
var alone = map[string]string{"way": `{"way":"renew","certificate":"0a1b"}`, "certificate": `{"way":"renew","certificate":"0a1b"}`}

// TestBounds holds the checks against the bounds that openapi.yaml promises,
// field by field: without it, empty, at its longest, one longer, of another
// form, of another type; and with a field more.
func TestBounds(t *testing.T) {
	t.Parallel()
	d, operations := read(t)
	seen := map[string]bool{}
	for _, o := range operations {
		for _, content := range o.RequestBody.Content {
			seen[strings.TrimPrefix(content.Schema.Ref, "#/components/schemas/")] = true
		}
	}
	for name := range seen {
		body, ok := bodies[name]
		if !ok {
			t.Errorf("no example of %s", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkBody(t, d, d.Components.Schemas[name], body.example, func(text string) error {
				r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(text))
				r.Header.Set("Content-Type", "application/json")
				return take(r, maxCard, body.make())
			})
		})
	}
}

func checkBody(t *testing.T, d description, s schema, example string, take func(string) error) {
	t.Helper()
	if err := take(example); err != nil {
		t.Fatalf("the example is refused: %v", err)
	}
	if s.Additional != false {
		t.Error("openapi.yaml does not forbid other fields")
	}
	usual := example
	with := func(change func(map[string]any)) error {
		var fields map[string]any
		if err := json.Unmarshal([]byte(example), &fields); err != nil {
			t.Fatal(err)
		}
		change(fields)
		text, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		return take(string(text))
	}
	want := func(what, field string, err error, faults ...*fault.Fault) {
		t.Helper()
		for _, f := range faults {
			if errors.Is(err, f) {
				return
			}
		}
		t.Errorf("%s %s: error is %v", field, what, err)
	}
	want("is one too many", "extra", with(func(m map[string]any) { m["extra"] = 1 }), kit.ErrUnknownField)
	for field, p := range s.Properties {
		if example = alone[field]; example == "" {
			example = usual
		}
		if ref := strings.TrimPrefix(p.Ref, "#/components/schemas/"); p.Ref != "" {
			p = d.Components.Schemas[ref]
		}
		if slices.Contains(s.Required, field) {
			want("is left out", field, with(func(m map[string]any) { delete(m, field) }), kit.ErrMissingField)
			want("is null", field, with(func(m map[string]any) { m[field] = nil }), kit.ErrMissingField)
		}
		if p.Type == "object" {
			checkObject(t, field, func(value any) error { return with(func(m map[string]any) { m[field] = value }) }, want)
			continue
		}
		want("is of another type", field, with(func(m map[string]any) { m[field] = map[string]any{} }), kit.ErrField, kit.ErrMalformed)
		switch {
		case p.Type == "array":
			item := func(n int) error {
				return with(func(m map[string]any) { m[field] = slices.Repeat(m[field].([]any), n) })
			}
			want("is empty", field, item(0), kit.ErrMissingField)
			if err := item(*p.MaxItems); err != nil {
				t.Errorf("%s with %d items: %v", field, *p.MaxItems, err)
			}
			want("has an item too many", field, item(*p.MaxItems+1), kit.ErrField)
			inner := p.Items
			if ref := strings.TrimPrefix(inner.Ref, "#/components/schemas/"); inner.Ref != "" {
				s := d.Components.Schemas[ref]
				inner = &s
			}
			checkItems(t, field, *inner, with, want)
		case len(p.Enum) > 0:
			want("is not in the list", field, with(func(m map[string]any) { m[field] = "other" }), kit.ErrField, enrolment.ErrKind)
			for _, value := range p.Enum {
				if err := with(func(m map[string]any) { m[field] = value }); err != nil {
					t.Errorf("%s %q: %v", field, value, err)
				}
			}
		case p.Format == "byte":
			want("is no base64", field, with(func(m map[string]any) { m[field] = "%%%%" }), kit.ErrBase64)
			if empty := with(func(m map[string]any) { m[field] = "" }); slices.Contains(s.Required, field) {
				want("is empty", field, empty, kit.ErrMissingField)
			} else if empty != nil {
				t.Errorf("%s, which may be left out, is empty: %v", field, empty)
			}
			if p.MaxLength != nil {
				if err := with(func(m map[string]any) { m[field] = strings.Repeat("AAAA", *p.MaxLength/4) }); err != nil {
					t.Errorf("%s at its longest: %v", field, err)
				}
				want("is too long", field, with(func(m map[string]any) { m[field] = strings.Repeat("AAAA", *p.MaxLength/4+1) }), kit.ErrField)
			}
		default:
			checkText(t, field, p, func(value string) error {
				return with(func(m map[string]any) { m[field] = value })
			}, want)
		}
	}
}

// checkObject checks a field whose inside is another's format.
func checkObject(t *testing.T, field string, with func(any) error, want wants) {
	t.Helper()
	want("is of another type", field, with("text"), kit.ErrField, kit.ErrMalformed)
	want("is empty", field, with(map[string]any{}), kit.ErrMissingField)
	want("is too large", field, with(map[string]any{"id": strings.Repeat("a", 48<<10)}), kit.ErrField)
	if err := with(map[string]any{"id": strings.Repeat("a", 47<<10), "FIELD": []any{1, map[string]any{"id": nil}}}); err != nil {
		t.Errorf("%s at its longest: %v", field, err)
	}
}

type wants func(what, field string, err error, faults ...*fault.Fault)

func checkText(t *testing.T, field string, p schema, with func(string) error, want wants) {
	t.Helper()
	if p.MaxLength == nil {
		t.Errorf("%s has no maxLength", field)
		return
	}
	if err := with(strings.Repeat("0", *p.MaxLength)); err != nil {
		t.Errorf("%s at its longest: %v", field, err)
	}
	want("is too long", field, with(strings.Repeat("0", *p.MaxLength+1)), kit.ErrField)
	if p.MinLength != nil && *p.MinLength > 1 {
		want("is too short", field, with(strings.Repeat("0", *p.MinLength-1)), kit.ErrField)
	}
	if p.MinLength != nil {
		want("is empty", field, with(""), kit.ErrMissingField)
	}
	if p.Pattern != "" {
		want("is of another form", field, with("§"+strings.Repeat("0", *p.MaxLength-1)), kit.ErrField)
		want("has another line", field, with(strings.Repeat("0", *p.MaxLength-1)+"\n"), kit.ErrField)
	} else if err := with(strings.Repeat("가", *p.MaxLength)); err != nil { // in characters, not bytes
		t.Errorf("%s in Korean: %v", field, err)
	}
}

func checkItems(t *testing.T, field string, item schema, with func(func(map[string]any)) error, want wants) {
	t.Helper()
	if item.Type == "string" {
		checkText(t, field, item, func(s string) error {
			return with(func(m map[string]any) { m[field].([]any)[0] = s })
		}, want)
		return
	}
	for inner, p := range item.Properties {
		change := func(value any) error {
			return with(func(m map[string]any) { m[field].([]any)[0].(map[string]any)[inner] = value })
		}
		want("is null", field+"."+inner, change(nil), kit.ErrMissingField)
		checkText(t, field+"."+inner, p, func(s string) error { return change(s) }, want)
	}
	want("is one too many", field+".extra", with(func(m map[string]any) { m[field].([]any)[0].(map[string]any)["extra"] = 1 }), kit.ErrUnknownField)
}
