package pages

import (
	"strings"
	"time"
)

// Person is the customer at the left of a page.
type Person struct {
	Number     string // the core bank's
	Name       string
	RomanName  string // may be empty
	Sort       string // subscriber.Sort
	Identity   string // masked
	Birth      string // yyyymmdd; empty for a business
	Phone      string // its middle hidden
	Mail       string // likewise; may be empty
	Branch     string // that looks after them; empty: none
	BranchName string
	Deceased   bool
	Minor      bool
	Elsewhere  bool // looked after by another branch than that of who looks
	Stale      bool // as known before: the core bank does not answer
}

// Born is the birth date as it is compared with a card: 1985-03-14.
func (p Person) Born() string { return born(p.Birth) }

func born(yyyymmdd string) string {
	if len(yyyymmdd) != 8 {
		return yyyymmdd
	}
	return yyyymmdd[:4] + "-" + yyyymmdd[4:6] + "-" + yyyymmdd[6:]
}

// Hit is a customer who was found.
type Hit struct {
	Number     string
	Name       string
	Birth      string
	Phone      string
	Branch     string
	BranchName string
	Sort       string
	Deceased   bool
	Elsewhere  bool
	Unknown    bool // never had anything here
}

// Born is Person.Born.
func (h Hit) Born() string { return born(h.Birth) }

// Customers is /console/customers. Field names: name, birth, phone, account,
// certificate.
type Customers struct {
	Frame
	Typed      map[string]string // by field
	Asked      bool              // there was a search
	Hits       []Hit
	Incomplete bool // the core bank did not answer
	At         time.Time
}

// Explain is the customer's page before it is said why another branch's
// customer is looked at. Field name: why.
type Explain struct {
	Frame
	Number string
	Why    string
}

// Held is a certificate on the customer's page.
type Held struct {
	Serial    string
	Kind      string
	State     string // ca.State now
	NotBefore time.Time
	NotAfter  time.Time
	Days      int    // left until its last one
	Desk      string // where it was suspended: lifecycle's word
	Reason    int    // RFC 5280 CRLReason, of a revoked one
	Advice    string // what had best be done; empty: nothing
	Acts      []Act  // that can be begun
}

// Live says whether it counts: it is or may become valid again.
func (h Held) Live() bool { return h.State != "revoked" && h.State != "expired" }

// Shown is the state as its badge has it.
func (h Held) Shown() string {
	if h.State == "valid" && h.Days <= 30 {
		return "expiring"
	}
	return h.State
}

// Act is something that can be begun for a customer or a certificate.
type Act struct {
	Name   string // counter.Act
	Serial string
	Key    string // that presses its button; empty: none
	Direct bool   // there is nothing to ask: a case is opened at once
}

// Past is one line of a customer's history.
type Past struct {
	What   string // a lifecycle.Happening, lost or lapsed
	Serial string
	Kind   string
	At     time.Time
	By     string
	Branch string // number; empty: none
	Reason int
}

// Line is a case in a list.
type Line struct {
	ID       string
	Act      string
	Kind     string
	State    string
	Since    time.Time // of what the list is in order of
	Customer string    // name; not on the customer's own page
	Sort     string
	Handler  string // name
	Maker    string // name
	Mine     bool   // who is logged in works on it
	Made     bool   // who is logged in has opened or submitted it
	Branch   string
	Finding  bool // the last check found something
	NextAt   time.Time
}

// Going says whether a case can still go on.
func (l Line) Going() bool {
	switch l.State {
	case "open", "waiting", "submitted", "approved":
		return true
	}
	return false
}

// Online is an application that a customer has begun online.
type Online struct {
	ID        string
	Way       string
	Kind      string
	State     string
	Branch    string // at which it was made; empty: online
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Warning is what a teller sees before all else. What names the text
// warn.What; Text stands for itself.
type Warning struct {
	What string
	Text string
	Tone string // danger, warning, info
	N    int
}

// Customer is /console/customers/{number}.
type Customer struct {
	Frame
	Person   Person
	Warnings []Warning
	Acts     []Act // that are about no certificate
	Held     []Held
	Going    []Line
	Past     []Line
	History  []Past
	Online   []Online
	Export   bool // who is logged in may export it
	At       time.Time
}

// Live are the certificates that count.
func (c Customer) Live() []Held { return c.those(true) }

// Over are the others.
func (c Customer) Over() []Held { return c.those(false) }

func (c Customer) those(live bool) (some []Held) {
	for _, h := range c.Held {
		if h.Live() == live {
			some = append(some, h)
		}
	}
	return some
}

// Wish is /console/customers/{number}/open. Field names: act, serial, kind,
// visitor, visitorName, why, reason, since.
type Wish struct {
	Frame
	Person      Person
	Act         string
	About       *Held    // the certificate; nil: none
	Kinds       []string // to choose from; empty: the certificate says it
	Visitors    []string // likewise; one needs no choosing
	Reasons     []string // of a revocation
	Typed       map[string]string
	Going       string // id of a case that is going for the same; empty: none
	Suspendable int    // of Lost: how many certificates it suspends
}

// Chosen says whether a choice is the one that was made, or the first when none
// was.
func (w Wish) Chosen(field, value string, first bool) bool {
	if typed := w.Typed[field]; typed != "" {
		return typed == value
	}
	return first
}

func (Customers) template() string { return "customers" }
func (Explain) template() string   { return "explain" }
func (Customer) template() string  { return "customer" }
func (Wish) template() string      { return "wish" }

// Tail is the end of a serial number, by which people tell one from another.
func Tail(serial string) string { return strings.ToUpper(last(serial, 8)) }
