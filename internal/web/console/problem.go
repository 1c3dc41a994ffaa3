package console

import (
	"errors"
	"slices"
	"strings"

	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

// What only pages refuse.
var (
	errEmpty = fault.Define(1065, "console-field-empty", fault.Invalid,
		fault.Text{KO: "아직 비어 있는 칸이 있어요.", EN: "A field is still empty."},
		fault.Text{KO: "표시된 칸을 채우고 다시 눌러 주세요.", EN: "Please fill in the field that is marked and try again."})
	errLong = fault.Define(1066, "console-field-too-long", fault.Invalid,
		fault.Text{KO: "칸에 적은 내용이 너무 길어요.", EN: "What was entered in a field is too long."},
		fault.Text{KO: "표시된 칸을 줄여서 다시 적어 주세요.", EN: "Please make the field that is marked shorter."})
)

// maxText is how many bytes of a text field are read unless it says more.
const maxText = 400

// filled refuses the first field that has nothing in it, or far too much.
func filled(form kit.Form, names ...string) error {
	for _, name := range names {
		switch value := form.Get(name); {
		case strings.TrimSpace(value) == "":
			return errEmpty.With(nil, "field", name)
		case len(value) > maxText:
			return errLong.With(nil, "field", name)
		}
	}
	return nil
}

// fieldFaults says which field of its page refusals are about.
type fieldFaults struct {
	name   string
	faults []*fault.Fault
}

// fields are all of them.
var fields = slices.Concat(staffFields, branchFields)

// fieldOf is the name of the field that a refusal is about, or empty.
func fieldOf(err error) string {
	if field := fault.Of(err).Params["field"]; field != "" {
		return field
	}
	for _, f := range fields {
		for _, definition := range f.faults {
			if errors.Is(err, definition) {
				return f.name
			}
		}
	}
	return ""
}
