package kit_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

type body struct {
	Name   string   `json:"name"`
	Count  int      `json:"count"`
	Image  []byte   `json:"image"`
	Nested []nested `json:"nested"`

	Free map[string]any `json:"free"`
}

type nested struct {
	Deep string `json:"deep"`
}

func TestDecode(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, contentType, body string
		want                    *fault.Fault
		field                   string
	}{
		{"well formed", "application/json", `{"name":"a","count":1,"image":"aGk=","nested":[{"deep":"x"}]}`, nil, ""},
		{"with charset", "application/json; charset=UTF-8", " {}\n", nil, ""},
		{"other charset", "application/json; charset=euc-kr", "{}", kit.ErrContentType, ""},
		{"form", "application/x-www-form-urlencoded", "{}", kit.ErrContentType, ""},
		{"text", "text/plain", "{}", kit.ErrContentType, ""},
		{"no type", "", "{}", kit.ErrContentType, ""},
		{"empty", "application/json", "", kit.ErrMalformed, ""},
		{"blank", "application/json", " \n", kit.ErrMalformed, ""},
		{"not JSON", "application/json", "{name}", kit.ErrMalformed, ""},
		{"cut off", "application/json", `{"name":"a`, kit.ErrMalformed, ""},
		{"array", "application/json", `[]`, kit.ErrMalformed, ""},
		{"null", "application/json", `null`, kit.ErrMalformed, ""},
		{"two objects", "application/json", `{}{}`, kit.ErrMalformed, ""},
		{"trailing rubbish", "application/json", `{} x`, kit.ErrMalformed, ""},
		{"not UTF-8", "application/json", "{\"name\":\"\xff\"}", kit.ErrMalformed, ""},
		{"unknown", "application/json", `{"admin":true}`, kit.ErrUnknownField, "admin"},
		{"unknown below", "application/json", `{"nested":[{"shallow":1}]}`, kit.ErrUnknownField, "shallow"},
		{"in capitals", "application/json", `{"NAME":"a"}`, kit.ErrUnknownField, "NAME"},
		{"in capitals below", "application/json", `{"nested":[{"deep":"x"},{"Deep":"x"}]}`, kit.ErrUnknownField, "Deep"},
		{"folded by Unicode", "application/json", `{"ne\u017fted":[]}`, kit.ErrUnknownField, "?"},
		{"twice", "application/json", `{"name":"a","count":1,"name":"b"}`, kit.ErrMalformed, ""},
		{"twice below", "application/json", `{"nested":[{"deep":"x","deep":"y"}]}`, kit.ErrMalformed, ""},
		{"free", "application/json", `{"free":{"any":[{"THING":{}}],"name":{"Count":1}},"count":1}`, nil, ""},
		{"free, then in capitals", "application/json", `{"free":{"a":{"b":1}},"COUNT":1}`, kit.ErrUnknownField, "COUNT"},
		{"free is null, then in capitals", "application/json", `{"free":null,"COUNT":1}`, kit.ErrUnknownField, "COUNT"},
		{"free, twice within", "application/json", `{"free":{"a":[{"b":1,"b":2}]}}`, kit.ErrMalformed, ""},
		{"free, twice", "application/json", `{"free":{},"free":{}}`, kit.ErrMalformed, ""},
		{"the free one's name below", "application/json", `{"nested":[{"free":{}}]}`, kit.ErrUnknownField, "free"},
		{"a name as a value", "application/json", `{"name":"name","nested":[{"deep":"name"},{"deep":"deep"}],"count":1}`, nil, ""},
		{"unknown and strange", "application/json", `{"900101-1000000 홍길동":1}`, kit.ErrUnknownField, "?"},
		{"unknown and long", "application/json", `{"` + strings.Repeat("a", 100) + `":1}`, kit.ErrUnknownField, "?"},
		{"wrong type", "application/json", `{"count":"1"}`, kit.ErrField, "count"},
		{"wrong type below", "application/json", `{"nested":[{"deep":1}]}`, kit.ErrField, "nested.deep"},
		{"not base64", "application/json", `{"image":"%%%"}`, kit.ErrBase64, ""},
		{"too large", "application/json", `{"name":"` + strings.Repeat("a", 2000) + `"}`, kit.ErrTooLarge, ""},
		{"too deep", "application/json", `{"nested":` + strings.Repeat("[", 900), kit.ErrMalformed, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("POST", "/", strings.NewReader(tt.body))
			r.Header.Set("Content-Type", tt.contentType)
			var into body
			err := kit.Decode(r, 1000, &into)
			if tt.want == nil {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if !errors.Is(err, tt.want) {
				t.Fatalf("error is %v, want %v", err, tt.want)
			}
			if got := fault.Of(err).Params["field"]; got != tt.field {
				t.Errorf("field is %q, want %q", got, tt.field)
			}
		})
	}
}

// TestFaceBoundsBodies sees that a body without a stated length is cut off,
// too.
func TestFaceBoundsBodies(t *testing.T) {
	t.Parallel()
	h := kit.NewFace(time.Now, kit.FaceConfig{MaxBody: 1024}).Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var into body
		if err := kit.Decode(r, 0, &into); err != nil {
			kit.Fail(w, r, err)
		}
	}))
	long := `{"name":"` + strings.Repeat("a", 4096) + `"}`
	for _, body := range []io.Reader{strings.NewReader(long), struct{ io.Reader }{strings.NewReader(long)}} {
		r := httptest.NewRequest("POST", "/", body)
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if p := problemOf(t, w.Result()); w.Code != 413 || p.Code != 1007 || p.Params["limit"] != "1 KiB" {
			t.Errorf("status %d, problem %+v", w.Code, p)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"name":"a","count":1,"image":"aGk=","nested":[{"deep":"x"}]}`, `{}`, ``, `null`, `[]`, `{"a":1}`, `{}{}`,
		`{"count":1e999}`, `{"image":"="}`, "{\"name\":\"\xff\"}", `{"nested":[[[[`, `{"name":"\ud800"}`,
	} {
		f.Add("application/json", seed)
	}
	f.Add("application/json;charset", `{}`)
	f.Fuzz(func(t *testing.T, contentType, text string) {
		r := httptest.NewRequest("POST", "/", strings.NewReader(text))
		r.Header.Set("Content-Type", contentType)
		var into body
		err := kit.Decode(r, 4096, &into)
		if err == nil {
			if len(text) > 4096 {
				t.Error("a body over the limit was taken")
			}
			return
		}
		if fault.Of(err).Fault == fault.Unexpected {
			t.Errorf("no fault for it: %v", err)
		}
		for _, value := range fault.Of(err).Params {
			if len(value) > 64 {
				t.Errorf("a parameter repeats %d bytes of the body", len(value))
			}
		}
	})
}
