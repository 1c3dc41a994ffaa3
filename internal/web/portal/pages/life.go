package pages

import (
	"strings"
	"time"
)

// Event is one thing that happened to a certificate.
type Event struct {
	// What is a lifecycle.Happening, or lost (suspended by a report of loss) or
	// lapsed (revoked, since it was suspended for too long).
	What string
	At   time.Time
	By   string // customer, emergency-code, desk, bank or clock; empty: not known
	Desk string // number of the branch; empty: none
	// DeskName is the branch's name; empty: it has no page.
	DeskName string
	Reason   int // RFC 5280 CRLReason; of a revocation
}

// Advice is what had best be done about a certificate.
type Advice struct {
	Do      string    // lifecycle.Step
	Why     string    // in the page's language
	Serial  string    // of the certificate; empty: there is none
	Days    int       // left until its last one, in Korean days
	Ends    bool      // it is one that can still be used, or again, and ends today or tomorrow
	Renewed time.Time // when it would end once renewed
}

// Href is where it is done; empty when that is not on a page.
func (a Advice) Href() string {
	act, _, _ := strings.Cut(a.Do, "-then-")
	switch act {
	case "renew", "resume", "reissue":
		return "/certificates/" + a.Serial + "/" + act
	case "issue":
		return "/apply"
	}
	return ""
}

// First is what comes first of two steps; empty when there is one.
func (a Advice) First() string {
	first, _, two := strings.Cut(a.Do, "-then-")
	if !two {
		return ""
	}
	return first
}

// Advise is /advice: one question at a time, then a proposal. What was answered
// stands in the address: ?certificate=SERIAL&have=yes.
type Advise struct {
	Frame
	Certificates []Certificate // to choose from, when none is chosen
	Certificate  *Certificate  // the chosen one
	Advice       *Advice       // nil: whether key and password are there is asked
	Several      bool          // there are others to choose from
}

// Begin is /certificates/{serial}/renew, /reissue and /resume: what it takes
// and what it brings, before an application is begun.
type Begin struct {
	Frame
	Way         string // renew, reissue, resume
	Certificate Certificate
	Then        time.Time // when it ends afterwards
	Renewable   bool      // a reissued one can be renewed at once: it ends soon
	Open        []Application
}

// Suspend is /certificates/{serial}/suspend.
type Suspend struct {
	Frame
	Certificate Certificate
	Until       time.Time // the last day on which it can be resumed
	Ends        bool      // it ends then; else it is revoked
}

// Revoke is /certificates/{serial}/revoke. Field names: reason, since, code,
// sure.
type Revoke struct {
	Frame
	Certificate Certificate
	Reason      string // as chosen before: key-compromise, cessation, affiliation-changed, unspecified
	Since       string // as typed before
}

// EmergencyCode is /certificates/{serial}/code.
type EmergencyCode struct {
	Frame
	Certificate Certificate
	Code        string // 16 characters
}

// Lost is /lost. Field name: code. Certificates are those of who is logged in
// that would be suspended.
type Lost struct {
	Frame
	Certificates []Certificate
}

// LostDone is /lost/done.
type LostDone struct {
	Frame
	Kinds   []string  // npki.Kind of those that were suspended now
	Until   time.Time // when they will be revoked
	Already bool      // nothing was suspended now: those of Kinds, if any, had been before
	Stopped bool      // an application was stopped
	Reissue string    // path where to go on
}

// Told is one notice that went, or is to go, to the visitor.
type Told struct {
	Event     string // notice.Event
	Kind      string
	Channel   string // mail, message
	At        time.Time
	State     string // waiting, sent, delivered, dead, dropped
	SentAt    time.Time
	Delivered time.Time
}

// Latest is when the last thing is known to have happened to it.
func (n Told) Latest() time.Time {
	switch {
	case !n.Delivered.IsZero():
		return n.Delivered
	case !n.SentAt.IsZero():
		return n.SentAt
	}
	return n.At
}

// Notices is /settings/notices. Field names: mail, message, lang.
type Notices struct {
	Frame
	Mail, Message       bool // chosen
	CanMail, CanMessage bool // the bank has an address
	To                  string
	Notices             []Told
}

func (Advise) template() string        { return "advice" }
func (Begin) template() string         { return "begin" }
func (Suspend) template() string       { return "suspend" }
func (Revoke) template() string        { return "revoke" }
func (EmergencyCode) template() string { return "code" }
func (Lost) template() string          { return "lost" }
func (LostDone) template() string      { return "lost-done" }
func (Notices) template() string       { return "notices" }
