// Package fault gives every refusal three things: a kind, a public face in
// Korean and English, and a cause.
//
// A package declares its refusals once, as values:
//
//	var errCardLost = fault.Define(3104, "id-card-lost", fault.Refused,
//		fault.Text{KO: "…", EN: "…"}, // what happened
//		fault.Text{KO: "…", EN: "…"}) // what to do now
//
// and returns errCardLost.With(cause). Doors (HTTP, CLI) show the public face
// and the number, never the cause; logs show the cause, never the customer's
// data. The number is what a customer reads to the call centre: it is stable
// and unique in the module (arch_test.go checks).
//
// Number ranges: 1xxx every door, 2xxx enrolment, 3xxx proofing, 4xxx the
// authority and its status, 5xxx the wallet, 6xxx operation.
package fault

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"
)

// Kind says what sort of refusal a fault is. One table (kinds) maps it to an
// HTTP status and an exit code.
type Kind int

// The kinds. Refused is for a rule of the bank that says no to a well-formed
// request; Invalid is for a request that is not well formed.
const (
	Internal Kind = iota
	Invalid
	Unauthenticated
	Forbidden
	NotFound
	Conflict
	Gone
	TooLarge
	Unsupported
	Refused
	Locked
	TooMany
	Unavailable
)

// kinds is the one table of HTTP statuses (RFC 9110, RFC 4918 for 423, RFC
// 6585 for 429) and exit codes (after sysexits where one fits).
var kinds = map[Kind]struct {
	name   string
	status int
	exit   int
}{
	Internal:        {"internal", 500, 70},
	Invalid:         {"invalid", 400, 65},
	Unauthenticated: {"unauthenticated", 401, 77},
	Forbidden:       {"forbidden", 403, 77},
	NotFound:        {"not-found", 404, 66},
	Conflict:        {"conflict", 409, 73},
	Gone:            {"gone", 410, 73},
	TooLarge:        {"too-large", 413, 65},
	Unsupported:     {"unsupported", 415, 65},
	Refused:         {"refused", 422, 1},
	Locked:          {"locked", 423, 75},
	TooMany:         {"too-many", 429, 75},
	Unavailable:     {"unavailable", 503, 69},
}

// String gives the kind's name as it stands in logs and problem details.
func (k Kind) String() string { return kinds[k].name }

// Status gives the HTTP status of the kind.
func (k Kind) Status() int { return kinds[k].status }

// Exit gives the exit code of the kind. 0 is success and 2 is a misused
// command line; neither is a kind.
func (k Kind) Exit() int { return kinds[k].exit }

// Text is one sentence or more in both languages of the system.
type Text struct{ KO, EN string }

// In gives the text in a language tag's language; Korean unless it begins
// with "en".
func (t Text) In(lang string) string {
	if strings.HasPrefix(strings.ToLower(lang), "en") {
		return t.EN
	}
	return t.KO
}

// Fault is the definition of one refusal. What says what happened, Todo what
// the reader should do now. Both may hold {names} that With's parameters fill.
type Fault struct {
	Number int
	Name   string
	Kind   Kind
	What   Text
	Todo   Text
}

// Define makes the definition of one refusal. It registers nothing.
func Define(number int, name string, kind Kind, what, todo Text) *Fault {
	return &Fault{Number: number, Name: name, Kind: kind, What: what, Todo: todo}
}

// Error is one occurrence of a fault.
type Error struct {
	*Fault
	Params map[string]string // fills {names} in the texts; never personal data
	Words  map[string]Text   // how people read a parameter that is a word for programs
	Cause  error             // for the log
	Retry  time.Duration     // when it makes sense to try again, or 0
}

// With makes an occurrence with a cause (which may be nil) and parameters as
// name, value pairs.
func (f *Fault) With(cause error, params ...string) *Error {
	e := &Error{Fault: f, Cause: cause}
	for i := 0; i+1 < len(params); i += 2 {
		if e.Params == nil {
			e.Params = make(map[string]string, len(params)/2)
		}
		e.Params[params[i]] = params[i+1]
	}
	return e
}

// Word says how people read a parameter whose value is a word for programs.
func (e *Error) Word(name string, t Text) *Error {
	if e.Words == nil {
		e.Words = make(map[string]Text)
	}
	if e.Params == nil {
		e.Params = make(map[string]string)
	}
	e.Words[name] = t
	return e
}

// After says when trying again makes sense.
func (e *Error) After(d time.Duration) *Error {
	e.Retry = d
	return e
}

// Error is for logs: number, name and cause.
func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s (%d): %v", e.Name, e.Number, e.Cause)
	}
	return fmt.Sprintf("%s (%d)", e.Name, e.Number)
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Is makes errors.Is(err, definition) true for each of its occurrences.
func (e *Error) Is(target error) bool {
	switch t := target.(type) {
	case *Fault:
		return t == e.Fault
	case *Error:
		return t.Fault == e.Fault
	}
	return false
}

// Error lets a definition be the target of errors.Is.
func (f *Fault) Error() string { return fmt.Sprintf("%s (%d)", f.Name, f.Number) }

// Public gives the two public texts in a language, parameters filled.
func (e *Error) Public(lang string) (what, todo string) {
	params := maps.Clone(e.Params)
	for name, word := range e.Words {
		params[name] = word.In(lang)
	}
	return fill(e.What.In(lang), params), fill(e.Todo.In(lang), params)
}

func fill(text string, params map[string]string) string {
	for name, value := range params {
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	return text
}

// Unexpected is what a door shows for an error that is no fault: a defect or
// a broken dependency. The cause stays in the log.
var Unexpected = Define(1000, "unexpected", Internal,
	Text{KO: "요청을 처리하던 중 은행 쪽에서 문제가 생겼어요.", EN: "Something went wrong on the bank's side while handling this."},
	Text{KO: "입력하신 내용은 그대로 있어요. 잠시 뒤 다시 시도해 주세요.", EN: "What you entered is kept. Please try again in a moment."})

// Of finds the fault in an error's chain. A definition that was returned as it
// stands becomes an occurrence; anything else becomes Unexpected with err as
// its cause. Of(nil) is nil.
func Of(err error) *Error {
	if err == nil {
		return nil
	}
	var occurrence *Error
	if errors.As(err, &occurrence) {
		return occurrence
	}
	var definition *Fault
	if errors.As(err, &definition) {
		return definition.With(err)
	}
	return Unexpected.With(err)
}
