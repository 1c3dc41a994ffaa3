package pages

import (
	"slices"
	"time"
)

// Paper is one line of the table of papers.
type Paper struct {
	Name   string // counter.Paper
	Needed bool
	Scan   bool      // a picture has to be attached
	SeenBy string    // name; empty: not seen
	SeenAt time.Time //
	Number string
	Scans  int // attached
}

// Done says whether there is what is needed.
func (p Paper) Done() bool { return p.Scans > 0 || p.SeenBy != "" && !p.Scan }

// Scan is an attached picture.
type Scan struct {
	ID     string
	Paper  string
	Bytes  int
	Width  int
	Height int
	By     string // name
	At     time.Time
}

// Terms is one text that the customer signs.
type Terms struct {
	Name     string
	Title    string
	Version  string
	Required bool
	Agreed   bool
}

// ProofFact is one thing that a proof says: key is a text of proof.*.
type ProofFact struct{ Key, Value string }

// Proof is what was checked of the visitor's identity.
type Proof struct {
	At    time.Time
	Facts []ProofFact
}

// Codes is how the reference number and code of a case stand.
type Codes struct {
	Handed    int
	By        string // redeem.Way
	HandedBy  string // name
	HandedAt  time.Time
	Until     time.Time
	TriesLeft int
	OpenedAt  time.Time
	SpentAt   time.Time
}

// State is where they stand: none, waiting, opened, spent, dead, over.
func (c Codes) State(now time.Time) string {
	switch {
	case c.Handed == 0:
		return "none"
	case !c.SpentAt.IsZero():
		return "spent"
	case c.TriesLeft == 0:
		return "dead"
	case !now.Before(c.Until):
		return "over"
	case !c.OpenedAt.IsZero():
		return "opened"
	}
	return "waiting"
}

// CardFinding is what the last check of a card found: a refusal as it was said.
type CardFinding struct {
	Title, Detail string
	Code          int
}

// Case is /console/cases/{id}. Field names of its forms: document, number, name,
// issueDate, expires, licence, licenceSerial, mrz, image; paper, paperNumber,
// scan; seen, consents, terms; note, verdict; by.
type Case struct {
	Frame
	ID          string
	Person      Person
	Act         string
	Kind        string
	Serial      string
	Visitor     string
	VisitorName string
	Why         string
	Reason      string // of a revocation: ca.Reason as a word
	Since       time.Time
	State       string
	Revision    int64
	Branch      string
	BranchName  string
	Maker       string // names
	Handler     string
	Decider     string
	Note        string
	CreatedAt   time.Time
	UpdatedAt   time.Time
	SubmittedAt time.Time
	DecidedAt   time.Time
	NextCheckAt time.Time
	ExpiresAt   time.Time

	Mine     bool // who is logged in works on it, and may
	Takeable bool // a colleague does, and it can be taken over
	Decide   bool // who is logged in may decide it
	NotMine  string
	Stuck    bool // its checks have failed too often: a supervisor looks at it

	Documents []string
	Typed     map[string]string
	Proof     *Proof
	Finding   *CardFinding
	Papers    []Paper
	Scans     []Scan
	Terms     []Terms
	Needs     []string // as people read them
	Codes     *Codes   // nil: none can be handed out
	Withdraw  bool     // who is logged in may withdraw it
	Protects  bool     // done at once, with the proof
	Next      string   // path of the next case to decide; empty: none
}

// Step is the step that is next: identity, papers, sign, submit; empty when the
// case isn't at a teller.
func (c Case) Step() string {
	if c.State != "open" && c.State != "waiting" || c.Stuck {
		return ""
	}
	switch {
	case c.Proof == nil:
		return "identity"
	case slices.ContainsFunc(c.Papers, func(p Paper) bool { return p.Needed && p.Scan && p.Scans == 0 }):
		return "papers"
	}
	return "submit"
}

// Short says whether nothing is between the card and the end: what protects, with
// no papers to be attached.
func (c Case) Short() bool { return c.Protects && len(c.Pictured()) == 0 }

// Document is the kind of card that is chosen in the form.
func (c Case) Document() string {
	if d := c.Typed["document"]; slices.Contains(c.Documents, d) {
		return d
	}
	if len(c.Documents) > 0 {
		return c.Documents[0]
	}
	return ""
}

// Unseen are the papers that still have to be looked at, in the original.
func (c Case) Unseen() (some []Paper) {
	for _, p := range c.Papers {
		if p.Needed && p.SeenBy == "" && p.Scans == 0 && !p.Scan {
			some = append(some, p)
		}
	}
	return some
}

// Pictured are the papers of which a picture has to be attached.
func (c Case) Pictured() (some []Paper) {
	for _, p := range c.Papers {
		if p.Needed && p.Scan {
			some = append(some, p)
		}
	}
	return some
}

// Optional are the papers that can be attached besides.
func (c Case) Optional() (some []Paper) {
	for _, p := range c.Papers {
		if !p.Needed || !p.Scan {
			some = append(some, p)
		}
	}
	return some
}

// RequiredTerms is how many texts the customer has to sign.
func (c Case) RequiredTerms() (n int) {
	for _, t := range c.Terms {
		if t.Required {
			n++
		}
	}
	return n
}

// Agreed says whether all of them are on record as signed.
func (c Case) Agreed() bool {
	return !slices.ContainsFunc(c.Terms, func(t Terms) bool { return t.Required && !t.Agreed })
}

// CaseOver says whether nothing more happens to the case.
func (c Case) CaseOver() bool { return !Line{State: c.State}.Going() }

func (Case) template() string { return "case" }
