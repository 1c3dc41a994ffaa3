package kit

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
)

// spelling refuses what encoding/json lets pass: a name in other letters than
// the description has ("KIND"), and a name that comes twice, of which the last
// counts. What stands between a visitor and us may read both otherwise, and so
// wave through what it never saw (RFC 8259 §4, RFC 7493 §2.3). Below a field
// that is a map there may be any names, each once: it is another's format. body
// was decoded into into without an error.
func spelling(body []byte, into any) error {
	known, free := make(map[string]bool), make(map[string]bool)
	fieldNames(reflect.TypeOf(into), known, free)
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var open []map[string]bool // the names of each object that is open; nil for an array
	isName := false            // whether the next token is a name, if an object is open
	freed := 0                 // how many were open where a free field began; 0 outside of one
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return ErrMalformed.With(nil)
		}
		switch token {
		case json.Delim('{'):
			open, isName = append(open, make(map[string]bool)), true
			continue
		case json.Delim('['):
			open, isName = append(open, nil), false
			continue
		case json.Delim('}'), json.Delim(']'):
			open = open[:len(open)-1]
		default:
			if name, ok := token.(string); ok && isName {
				seen := open[len(open)-1]
				switch {
				case freed == 0 && !known[name]:
					return ErrUnknownField.With(nil, "field", fieldName(name))
				case seen[name]:
					return ErrMalformed.With(errors.New("a field comes twice"))
				}
				if freed == 0 && free[name] {
					freed = len(open)
				}
				seen[name], isName = true, false
				continue
			}
		}
		if len(open) <= freed { // a value has ended: that of the free field
			freed = 0
		}
		isName = len(open) > 0 && open[len(open)-1] != nil
	}
}

// fieldNames collects the JSON names of a type's fields and of those below, and
// those whose fields are maps. Which name stands where encoding/json has seen
// to.
func fieldNames(t reflect.Type, known, free map[string]bool) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		fieldNames(t.Elem(), known, free)
	case reflect.Struct:
		for field := range t.Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if name == "" {
				name = field.Name
			}
			known[name] = true
			free[name] = free[name] || field.Type.Kind() == reflect.Map
			fieldNames(field.Type, known, free)
		}
	default:
	}
}
