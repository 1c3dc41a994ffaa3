package kit

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

// Bounds of what a page's form sends.
const (
	maxFields = 64      // fields of one form, or parts of an upload
	maxField  = 4 << 10 // bytes of a field that has no bound of its own
)

// Form is what a form of a page sent. Fields that a page does not have are
// there too: nobody asks for them.
type Form struct {
	values url.Values
	files  map[string][]byte
}

// Get gives the value of a field, or empty.
func (f Form) Get(name string) string { return f.values.Get(name) }

// All gives all values of a field that may come more than once.
func (f Form) All(name string) []string { return f.values[name] }

// File gives the content of a file, or nil when none was chosen. Its name and
// the type that the visitor gave it are not kept: what a file is its content
// says.
func (f Form) File(name string) []byte { return f.files[name] }

// ReadForm takes in a form in the body, as application/x-www-form-urlencoded,
// of at most DefaultBody bytes. What stands in the address is no part of it.
// The error is ErrContentType, ErrTooLarge or ErrForm.
func ReadForm(r *http.Request) (Form, error) {
	if err := wantType(r, "application/x-www-form-urlencoded", nil); err != nil {
		return Form{}, err
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, DefaultBody+1))
	if err != nil {
		return Form{}, bodyFault(err)
	}
	if len(body) > DefaultBody {
		return Form{}, ErrTooLarge.With(nil, "limit", sizeText(DefaultBody))
	}
	if strings.Count(string(body), "&") >= maxFields {
		return Form{}, ErrForm.With(errors.New("too many fields"))
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return Form{}, ErrForm.With(nil) // the error quotes what was sent
	}
	for _, all := range values {
		for _, v := range all {
			if !plain(v) {
				return Form{}, ErrForm.With(errors.New("a field is no text"))
			}
		}
	}
	return Form{values: values}, nil
}

// Upload bounds a form that brings files, as multipart/form-data.
type Upload struct {
	Files map[string]int64 // the files that are taken, and their largest sizes in bytes
	Texts map[string]int64 // the text fields that may be longer than others, likewise
}

// Read takes in the form. Files that are not asked for, and empty ones, are
// passed over. The error is ErrContentType, ErrTooLarge or ErrForm; the form
// then has what came before it.
func (u Upload) Read(r *http.Request) (Form, error) {
	var boundary string
	if err := wantType(r, "multipart/form-data", &boundary); err != nil {
		return Form{}, err
	}
	form := Form{values: make(url.Values), files: make(map[string][]byte)}
	parts := multipart.NewReader(r.Body, boundary)
	for range maxFields {
		part, err := parts.NextRawPart()
		if err == io.EOF { //nolint:errorlint // a wrapped one says that no boundary of ours came
			return form, nil
		}
		if err != nil {
			return Form{}, bodyFault(err)
		}
		if err := u.take(form, part); err != nil {
			_, _ = io.Copy(io.Discard, r.Body) // a browser listens only when it has sent everything
			return form, err
		}
	}
	return Form{}, ErrForm.With(errors.New("too many parts"))
}

func (u Upload) take(form Form, part *multipart.Part) error {
	name, isFile := part.FormName(), part.FileName() != ""
	limit, wanted := u.Files[name]
	if !isFile {
		limit, wanted = u.Texts[name]
		if !wanted {
			limit, wanted = maxField, name != ""
		}
	}
	if !wanted {
		if _, err := io.Copy(io.Discard, part); err != nil {
			return bodyFault(err)
		}
		return nil
	}
	content, err := io.ReadAll(io.LimitReader(part, limit+1))
	switch {
	case err != nil:
		return bodyFault(err)
	case int64(len(content)) > limit:
		return ErrTooLarge.With(nil, "limit", sizeText(limit))
	case isFile && len(content) > 0:
		form.files[name] = content
	case !isFile && !plain(string(content)):
		return ErrForm.With(errors.New("a field is no text"))
	case !isFile:
		form.values.Add(name, string(content))
	}
	return nil
}

// plain says whether a field is text as a person types it.
func plain(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

func wantType(r *http.Request, want string, boundary *string) error {
	mediaType, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || mediaType != want || boundary != nil && params["boundary"] == "" {
		return ErrContentType.With(nil, "type", want)
	}
	if boundary != nil {
		*boundary = params["boundary"]
	}
	return nil
}

func bodyFault(err error) error {
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return ErrTooLarge.With(err, "limit", sizeText(tooLarge.Limit))
	}
	return ErrForm.With(nil) // the error may quote what was sent
}
