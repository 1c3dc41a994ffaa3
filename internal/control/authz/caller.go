// Package authz decides who may do what. Every act of the service takes a
// Caller; the table in table.go says which role may do which act on whose
// things, in one place that a person can read.
package authz

// Role is what a caller is to the bank.
type Role string

// The roles. System is the service itself (recovery, the clock's work).
const (
	Anonymous  Role = "anonymous"
	Customer   Role = "customer"
	CodeHolder Role = "code-holder" // who showed a person's emergency code; the ID is that person's
	Redeemer   Role = "redeemer"    // who showed a reference number and its code; the ID is the application's
	Teller     Role = "teller"      // 창구직원
	Supervisor Role = "supervisor"  // 책임자
	Operator   Role = "operator"
	Security   Role = "security-officer" // 보안책임자: who works here, and as what
	Auditor    Role = "auditor"
	System     Role = "system"
)

// Staff are the roles of those who work at the bank.
var Staff = []Role{Teller, Supervisor, Operator, Security, Auditor}

// Caller is who asks. It holds no personal data: role, id and request are
// written to the audit log as they stand.
type Caller struct {
	Role    Role
	ID      string // subscriber id, staff id, operator's login name, or the component's name
	Request string // id of the request, the same in log, audit and problem details

	Branch string // of staff: where they work, three digits; empty at headquarters
	Self   string // of staff who are customers, too: their subscriber id
}
