package kit_test

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/web/kit"
)

const urlencoded = "application/x-www-form-urlencoded"

func post(contentType string, body io.Reader) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/?name=from-the-address", body)
	r.Header.Set("Content-Type", contentType)
	return r
}

func TestReadForm(t *testing.T) {
	t.Parallel()
	f, err := kit.ReadForm(post(urlencoded+"; charset=utf-8", strings.NewReader("a=1&a=2&b=%EA%B0%80&unknown=x")))
	if err != nil || f.Get("a") != "1" || strings.Join(f.All("a"), ",") != "1,2" || f.Get("b") != "가" {
		t.Errorf("%+v %v", f, err)
	}
	if f.Get("name") != "" {
		t.Error("the address is part of the form")
	}
	if _, err := kit.ReadForm(post(urlencoded, strings.NewReader(""))); err != nil {
		t.Errorf("an empty form: %v", err)
	}
	for _, tt := range []struct {
		what, contentType, body string
		want                    error
	}{
		{"JSON", "application/json", "{}", kit.ErrContentType},
		{"no type", "", "a=1", kit.ErrContentType},
		{"too large", urlencoded, "a=" + strings.Repeat("x", kit.DefaultBody), kit.ErrTooLarge},
		{"many fields", urlencoded, strings.Repeat("a=1&", 64), kit.ErrForm},
		{"bad escape", urlencoded, "a=%zz", kit.ErrForm},
		{"no UTF-8", urlencoded, "a=%ff", kit.ErrForm},
		{"a null", urlencoded, "a=%00", kit.ErrForm},
		{"semicolons", urlencoded, "a=1;b=2", kit.ErrForm},
	} {
		_, err := kit.ReadForm(post(tt.contentType, strings.NewReader(tt.body)))
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.what, err, tt.want)
		}
		if err != nil && strings.Contains(err.Error(), "zz") {
			t.Errorf("%s: what was typed stands in the error: %v", tt.what, err)
		}
	}
}

// part is one of an upload; a file when it has a file name.
type part struct{ name, file, content string }

func upload(t *testing.T, parts ...part) *http.Request {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, p := range parts {
		var out io.Writer
		var err error
		if p.file == "" {
			out, err = w.CreateFormField(p.name)
		} else {
			out, err = w.CreateFormFile(p.name, p.file)
		}
		if err == nil {
			_, err = io.WriteString(out, p.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return post(w.FormDataContentType(), &body)
}

func TestUpload(t *testing.T) {
	t.Parallel()
	u := kit.Upload{Files: map[string]int64{"image": 10}, Texts: map[string]int64{"text": 5000}}
	f, err := u.Read(upload(t, part{"name", "", "홍길동"}, part{"image", "../../etc/passwd", "0123456789"},
		part{"other", "other.bin", strings.Repeat("x", 1000)}, part{"text", "", strings.Repeat("y", 5000)}))
	if err != nil || f.Get("name") != "홍길동" || string(f.File("image")) != "0123456789" || len(f.Get("text")) != 5000 {
		t.Errorf("%+v %v", f, err)
	}
	if f.File("other") != nil {
		t.Error("a file that nobody asked for is kept")
	}
	if f, err := u.Read(upload(t, part{"image", "empty.png", ""})); err != nil || f.File("image") != nil {
		t.Errorf("no file chosen: %+v %v", f, err)
	}
	// A file's field that comes as text is no file, and the other way round.
	if f, err := u.Read(upload(t, part{"image", "", "typed"}, part{"name", "name.txt", "a file"})); err != nil || f.File("image") != nil || f.Get("name") != "" {
		t.Errorf("mixed up: %+v %v", f, err)
	}
	many := make([]part, 70)
	for i := range many {
		many[i] = part{"a", "", "1"}
	}
	for _, tt := range []struct {
		what string
		r    *http.Request
		want error
	}{
		{"large file", upload(t, part{"image", "a.png", "0123456789+"}), kit.ErrTooLarge},
		{"large field", upload(t, part{"name", "", strings.Repeat("x", 5000)}), kit.ErrTooLarge},
		{"many parts", upload(t, many...), kit.ErrForm},
		{"no UTF-8", upload(t, part{"name", "", "\xff"}), kit.ErrForm},
		{"cut off", post("multipart/form-data; boundary=x", strings.NewReader("--x\r\nContent-Disposition: form-data; name=a\r\n\r\nhalf")), kit.ErrForm},
		{"cut off before the boundary", post("multipart/form-data; boundary=x", strings.NewReader("--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n")), kit.ErrForm},
		{"of another boundary", post("multipart/form-data; boundary=x", strings.NewReader("--y\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--y--\r\n")), kit.ErrForm},
		{"no part", post("multipart/form-data; boundary=x", strings.NewReader("")), kit.ErrForm},
		{"no boundary", post("multipart/form-data", strings.NewReader("")), kit.ErrContentType},
		{"another form", post(urlencoded, strings.NewReader("a=1")), kit.ErrContentType},
	} {
		if _, err := u.Read(tt.r); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.what, err, tt.want)
		}
	}
	f, err = u.Read(upload(t, part{"name", "", "홍길동"}, part{"image", "a.png", "0123456789+"}))
	if !errors.Is(err, kit.ErrTooLarge) || f.Get("name") != "홍길동" {
		t.Errorf("what came before a large file is lost: %+v %v", f, err)
	}
}

// FuzzForms feeds bodies to both readers.
func FuzzForms(f *testing.F) {
	f.Add(urlencoded, []byte("a=1&b=%EA%B0%80"))
	f.Add("multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a\"\r\n\r\nabc\r\n--x--\r\n"))
	f.Add("multipart/form-data; boundary=\"\"", []byte("--\r\n"))
	f.Fuzz(func(t *testing.T, contentType string, body []byte) {
		if strings.ContainsAny(contentType, "\r\n") {
			t.Skip()
		}
		u := kit.Upload{Files: map[string]int64{"image": 64}}
		if form, err := u.Read(post(contentType, bytes.NewReader(body))); err == nil && len(form.File("image")) > 64 {
			t.Errorf("a file of %d bytes", len(form.File("image")))
		}
		_, _ = kit.ReadForm(post(contentType, bytes.NewReader(body)))
	})
}
