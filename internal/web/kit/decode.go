package kit

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"
)

// DefaultBody is the size of the largest body that a route takes unless it
// says otherwise, in bytes.
const DefaultBody = 64 << 10

// Decode takes in a JSON body of at most limit bytes (0: DefaultBody). The
// error is one of ErrContentType, ErrTooLarge, ErrMalformed, ErrUnknownField,
// ErrField and ErrBase64.
func Decode(r *http.Request, limit int64, into any) error {
	if limit == 0 {
		limit = DefaultBody
	}
	mediaType, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset := strings.ToLower(params["charset"])
	if err != nil || mediaType != "application/json" || charset != "" && charset != "utf-8" {
		return ErrContentType.With(err, "type", "application/json")
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return ErrTooLarge.With(err, "limit", sizeText(tooLarge.Limit))
	case err != nil:
		return ErrMalformed.With(err)
	case int64(len(body)) > limit:
		return ErrTooLarge.With(nil, "limit", sizeText(limit))
	}
	return decodeJSON(body, into)
}

// decodeJSON wants exactly one JSON object in UTF-8 with no field that into
// does not know, and none twice.
func decodeJSON(body []byte, into any) error {
	if !utf8.Valid(body) {
		return ErrMalformed.With(errors.New("body is not UTF-8"))
	}
	if start := bytes.TrimLeft(body, " \t\r\n"); len(start) == 0 || start[0] != '{' {
		return ErrMalformed.With(errors.New("body is no JSON object"))
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return jsonFault(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return ErrMalformed.With(errors.New("something follows the JSON object"))
	}
	return spelling(body, into)
}

// jsonFault says which field was wrong. The cause is not kept: encoding/json
// quotes what was sent.
func jsonFault(err error) error {
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) {
		if wrongType.Field == "" {
			return ErrMalformed.With(nil)
		}
		return ErrField.With(nil, "field", fieldName(wrongType.Field))
	}
	var notBase64 base64.CorruptInputError
	if errors.As(err, &notBase64) {
		return ErrBase64.With(nil)
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return ErrUnknownField.With(nil, "field", fieldName(strings.Trim(name, `"`)))
	}
	return ErrMalformed.With(nil)
}

// fieldName keeps a name that a visitor sent harmless: short, and of the
// characters that field names have. It might be a secret typed into the wrong
// place, so anything else is not repeated.
func fieldName(name string) string {
	if len(name) > 64 {
		return "?"
	}
	for _, c := range name {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '.' && c != '_' && c != '-' {
			return "?"
		}
	}
	return name
}
