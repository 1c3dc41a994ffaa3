package pages

import "time"

// Event is one thing that happened to a certificate.
type Event struct {
	// What is issued, renewed, reissued, replaced (another took its place),
	// suspended, lost, resumed, held, released, revoked, lapsed (revoked, since
	// it was suspended for too long) or expired.
	What   string
	At     time.Time
	By     string // customer, emergency-code, desk, bank or clock; empty: not known
	Desk   string // which one, as customers know it; may be empty
	Reason int    // RFC 5280 CRLReason; of a revocation
}

// Advice is what had best be done about a certificate.
type Advice struct {
	// Do is renew, reissue, reissue-renew (the one and then the other), issue,
	// resume, wait (it is on hold) or nothing.
	Do string
	// Why names the sentence that says why: expiring, key-lost,
	// key-lost-expiring, expired, revoked, none, suspended, held, early.
	Why    string
	Serial string    // the certificate it is about; empty: none
	Kind   string    // to be issued; empty: to be chosen
	End    time.Time // of the certificate as it is
	Then   time.Time // its end afterwards; zero: it does not change
	From   time.Time // when it can be renewed, or until when it can be resumed
	Days   int       // left, in Korean days
}

// Soon says that it ends today or tomorrow.
func (a Advice) Soon() bool {
	return a.Why != "expired" && a.Why != "revoked" && a.Serial != "" && a.Days <= 1
}

// Href is where it is done.
func (a Advice) Href() string {
	switch a.Do {
	case "renew", "resume", "reissue":
		return "/certificates/" + a.Serial + "/" + a.Do
	case "reissue-renew":
		return "/certificates/" + a.Serial + "/reissue"
	case "issue":
		return "/apply"
	}
	return ""
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
	// RenewFrom says that a reissued one can be renewed at once, since it ends
	// soon.
	Renewable bool
}

// Suspend is /certificates/{serial}/suspend.
type Suspend struct {
	Frame
	Certificate Certificate
	Until       time.Time // when it would be revoked
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
	Already bool      // they had been before
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
