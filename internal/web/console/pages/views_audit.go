package pages

import "time"

// AuditFilter narrows the log. Empty fields don't.
type AuditFilter struct {
	From, To string // days, 2027-03-14
	Act      string // authz.Act
	Outcome  string // audit.Outcome
	Role     string
	Who      string // employee number
	By       string // id of who did it
	Object   string
}

// Any says whether it narrows at all.
func (f AuditFilter) Any() bool { return f != AuditFilter{} }

// Audit is the log, the newest entries first.
type Audit struct {
	Frame
	Filter AuditFilter
	Person string   // whose trail this is: a subscriber id; empty: everybody's
	Acts   []string // to choose from
	Roles  []string
	Rows   []AuditRow
	First  bool   // these are the newest
	Next   string // where the older ones are; empty: there are none
	Export string // where the same comes as a file
	Reset  string // the page without a filter
	Newest string // the page with the newest entries under the same one
	// Stopped says that so much was looked through that there may be more than
	// this page shows: the older ones are behind Next.
	Stopped bool
}

// AuditRow is one entry.
type AuditRow struct {
	At      time.Time
	Role    string
	Name    string // of who works here; empty for others
	ID      string // of who did it
	Trail   string // where all that they did is shown; empty: nowhere
	Act     string
	Object  string
	Of      string // where more about the object is shown; empty: nowhere
	Outcome string
	Code    int    // number of the refusal; 0 when it was done
	Place   string // lane and number in it
	Request string
	Details []Fact
}

// Fact is a detail of an entry as the log has it.
type Fact struct{ Name, Value string }

// AuditCheck is the check of the chain.
type AuditCheck struct {
	Frame
	Begun             bool   // there is something to say of a check
	Done              bool   // it is at its end
	Place             string // where it goes on; empty when it is done
	All               int64  // entries that there were when it began
	Lanes             int
	Entries, Problems int64
	From, To          time.Time
	Findings          []Finding // the first of the problems
}

// Finding is one flaw of the log, and where it is: lane and number.
type Finding struct{ Flaw, Place string }

func (Audit) template() string      { return "audit" }
func (AuditCheck) template() string { return "audit-check" }
