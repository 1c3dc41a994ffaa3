package audit

import (
	"encoding/base64"
	"encoding/binary"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
)

// MaxPage is how many entries a page has at most, MaxObjects about how many
// things a query asks at most.
const (
	MaxPage    = 200
	MaxObjects = 500
	usualPage  = 50
)

// The refusals of those who look at the log.
var (
	// ErrQuery refuses a query with a field that can't be what it is to be.
	ErrQuery = fault.Define(2701, "audit-query", fault.Invalid,
		fault.Text{KO: "찾는 조건을 읽을 수 없어요.", EN: "What is looked for can't be read."},
		fault.Text{KO: "표시된 칸을 확인해 주세요. 이름이나 주민등록번호로는 찾을 수 없어요. 번호(예: certificate:0a1b, 직원 ID)로 찾아 주세요.",
			EN: "Please check the field that is marked. The log knows no names and no identity numbers: look for ids, such as certificate:0a1b or a staff id."})
	// ErrCursor refuses a place in the log that is none.
	ErrCursor = fault.Define(2702, "audit-cursor", fault.Invalid,
		fault.Text{KO: "어디부터 이어서 볼지 알 수 없어요.", EN: "It is not clear where to go on from."},
		fault.Text{KO: "처음부터 다시 찾아 주세요.", EN: "Please search again from the beginning."})
	// ErrPlace refuses to go on with a check from a place that Check did not give.
	ErrPlace = fault.Define(2703, "audit-check-place", fault.Invalid,
		fault.Text{KO: "이어서 검증할 곳이 바뀌었거나 다른 기록의 것이에요.", EN: "The place to go on with the check was changed, or belongs to another log."},
		fault.Text{KO: "처음부터 다시 검증해 주세요.", EN: "Please begin the check again."})
	// ErrMany refuses the trail of somebody to whom too much belongs.
	ErrMany = fault.Define(2704, "audit-trail-long", fault.Refused,
		fault.Text{KO: "이 고객에게 딸린 신청과 인증서가 너무 많아 한 번에 볼 수 없어요.", EN: "Too many applications and certificates belong to this customer for one trail."},
		fault.Text{KO: "인증서나 신청 번호로 하나씩 찾아 주세요.", EN: "Please look for them one by one, by certificate or application."})
)

// Query says which entries are looked for. Fields that are empty ask for
// nothing; all that are set have to hold.
type Query struct {
	From, To time.Time // when: from the first on, before the second
	Caller   string    // who, by id
	Role     authz.Role
	Act      authz.Act
	Outcome  Outcome
	Object   string   // to what: "certificate:…"
	Objects  []string // to any of these; up to MaxObjects
	After    *Cursor  // only entries that are older than this place
	Limit    int      // how many, up to MaxPage; 0 is 50
}

// Cursor is a place among all entries, by their time, lane and number.
type Cursor struct {
	At   time.Time
	Lane int
	Seq  int64
}

// Place gives the cursor of an entry.
func (e Entry) Place() Cursor { return Cursor{At: e.At, Lane: e.Lane, Seq: e.Seq} }

// String writes a cursor so that it can stand in an address.
func (c Cursor) String() string {
	b := binary.BigEndian.AppendUint64(nil, uint64(c.At.UnixMicro()))
	b = binary.BigEndian.AppendUint64(b, uint64(c.Lane))
	return base64.RawURLEncoding.EncodeToString(binary.BigEndian.AppendUint64(b, uint64(c.Seq)))
}

// ParseCursor reads what String wrote; the error is ErrCursor.
func ParseCursor(s string) (Cursor, error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || len(b) != 24 {
		return Cursor{}, ErrCursor.With(nil)
	}
	number := func(i int) int64 { return int64(binary.BigEndian.Uint64(b[8*i:])) } //nolint:gosec // as String wrote it
	c := Cursor{At: time.UnixMicro(number(0)).UTC(), Lane: int(number(1)), Seq: number(2)}
	if c.Lane < 0 || c.Seq < 0 || c.At.Year() < 1970 || c.At.Year() > 9999 {
		return Cursor{}, ErrCursor.With(nil)
	}
	return c, nil
}

// Found is what a store gives to a query: entries, the newest first, and from
// where to go on.
type Found struct {
	Entries []Entry
	Next    *Cursor // nil: there are no more
	Stopped bool    // it was looked through so many entries that there may be more than Entries
}

var (
	idForm     = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@-]*$`)
	objectForm = regexp.MustCompile(`^[a-z][a-z-]*(:[A-Za-z0-9._:-]+)?$`)
	wordForm   = regexp.MustCompile(`^[a-z]+([.-][a-z]+)*$`)
)

// check fills in the limit, and refuses what can't be looked for. What it lets
// through is written to the log as it stands: no name passes, and nothing with
// as many digits as an identity number.
func (q Query) check() (Query, error) {
	wrong := func(field string) (Query, error) { return Query{}, ErrQuery.With(nil, "field", field) }
	switch {
	case !q.From.IsZero() && !q.To.IsZero() && !q.From.Before(q.To):
		return wrong("to")
	case q.Caller != "" && (len(q.Caller) > maxName || !idForm.MatchString(q.Caller) || personal(q.Caller)):
		return wrong("caller")
	case q.Role != "" && (len(q.Role) > maxName || !wordForm.MatchString(string(q.Role))):
		return wrong("role")
	case q.Act != "" && (len(q.Act) > maxName || !wordForm.MatchString(string(q.Act))):
		return wrong("act")
	case q.Outcome != "" && q.Outcome != Done && q.Outcome != Denied && q.Outcome != Refused:
		return wrong("outcome")
	case len(q.Objects) > MaxObjects:
		return Query{}, ErrMany.With(nil)
	case q.Limit < 0:
		return wrong("limit")
	}
	for _, o := range append(slices.Clone(q.Objects), q.Object) {
		if o != "" && (len(o) > maxObject || !objectForm.MatchString(o) || personal(o)) {
			return wrong("object")
		}
	}
	if q.Limit == 0 {
		q.Limit = usualPage
	}
	q.Limit = min(q.Limit, MaxPage)
	return q, nil
}

var identityNumber = regexp.MustCompile(`(^|[^0-9A-Za-z])[0-9]{6}-?[0-9]{7}($|[^0-9A-Za-z])`)

// personal says whether a text holds what looks like a resident number.
func personal(s string) bool { return identityNumber.MatchString(s) }

// owner is whose trail a query asks for; empty when it is nobody's in particular.
func (q Query) owner() string {
	if q.Caller != "" {
		return q.Caller
	}
	switch sort, id, _ := strings.Cut(q.Object, ":"); sort {
	case "subscriber", "staff":
		return id
	}
	return ""
}

// facts are what an entry says about a query.
func (q Query) facts() []string {
	var facts []string
	add := func(name, value string) {
		if value != "" {
			facts = append(facts, name, value)
		}
	}
	day := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.RFC3339)
	}
	add("from", day(q.From))
	add("to", day(q.To))
	add("caller", q.Caller)
	add("role", string(q.Role))
	add("act", string(q.Act))
	add("outcome", string(q.Outcome))
	add("object", q.Object)
	if q.After != nil {
		add("after", q.After.String())
	}
	return facts
}

// plainText is a fact as one cell: name=value, in order, with what separates them
// written so that it can't be mistaken.
func plainText(detail map[string]string) string {
	names := make([]string, 0, len(detail))
	for name := range detail {
		names = append(names, name)
	}
	slices.Sort(names)
	var b strings.Builder
	escape := strings.NewReplacer(`\`, `\\`, ";", `\;`, "=", `\=`)
	for i, name := range names {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(escape.Replace(name) + "=" + escape.Replace(detail[name]))
	}
	return b.String()
}
