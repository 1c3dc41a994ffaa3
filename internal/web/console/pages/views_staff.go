package pages

import "time"

// Login is the way in.
type Login struct {
	Frame
	Next         string // where to go then: a path of the console
	Ended        string // why the last session ended: idle, over; empty: there is nothing to say
	Provider     bool   // whether the bank's own provider lets people in
	ProviderPath string
	Samples      []Sample // of a demo
}

// Sample is somebody who works at a demo bank.
type Sample struct{ Number, Name, Role, Branch string }

// Activate is where a one-time code lets somebody in.
type Activate struct {
	Frame
	Number string
}

// Arrived leads on from the bank's provider; Frame.Onward says where to.
type Arrived struct{ Frame }

// Account is one's own.
type Account struct {
	Frame
	Early     bool // there is no way yet to log in again: a passkey comes first
	Passkeys  []Passkey
	Removable bool // whether one passkey can go
	LastLogin time.Time
}

// Passkey is one of one's own.
type Passkey struct {
	ID, Name          string
	CreatedAt, UsedAt time.Time // UsedAt is zero when it was never used
}

// Staff is who works here, in order of number.
type Staff struct {
	Frame
	State  string // only those in it; empty: all
	Number string // that was looked for and not found
	First  bool   // the list begins here
	Looked int    // how many accounts this page went through
	Rows   []StaffAccount
	Next   string // the number after which the next page begins; empty: this is the last
}

// StaffAccount is one account as pages show it.
type StaffAccount struct {
	ID, Number, Name, Role, Branch, BranchName, State string
	Subscriber                                        string // who they are as a customer
	CreatedAt, UpdatedAt, LastLogin                   time.Time
}

// StaffForm is what is said of somebody who works here.
type StaffForm struct {
	Number, Name, Role, Branch, Subscriber string
	Roles                                  []string
	Branches                               []Option // empty: a number is typed
}

// Option is one of several to choose from.
type Option struct{ Value, Text string }

// StaffNew is the form of a new account.
type StaffNew struct {
	Frame
	Form StaffForm
}

// StaffOne is one account.
type StaffOne struct {
	Frame
	Account StaffAccount
	Maker   string // who made it: a name, or an id where there is none
	Self    bool   // it is one's own, which nobody changes
	Code    string // the one-time code, this one time
	Form    StaffForm
}

// Rights is who may do what.
type Rights struct {
	Frame
	Roles []string
	Lines []RightsLine
}

// RightsLine is one act: what each role that works here may do it on, and the
// others.
type RightsLine struct {
	Act    string
	Grants map[string]string // by role, in words
	Others []Grant
}

// Grant is what a role may do an act on, in words.
type Grant struct{ Role, Condition string }

func (Login) template() string    { return "login" }
func (Activate) template() string { return "activate" }
func (Arrived) template() string  { return "arrived" }
func (Account) template() string  { return "account" }
func (Staff) template() string    { return "staff" }
func (StaffNew) template() string { return "staff-new" }
func (StaffOne) template() string { return "staff-one" }
func (Rights) template() string   { return "policy" }
