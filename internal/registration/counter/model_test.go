package counter_test

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

// The numbers of the faults, as docs/numbers.md lists them.
const (
	fine         = 0
	denied       = 1003
	ownApproval  = 1062
	elsewhere    = 1063
	changed      = 2402
	atColleague  = 2403
	alreadyGoing = 2404
	isOver       = 2405
	notNow       = 2406
	isLapsed     = 2407
	incomplete   = 2408
	cardEnds     = 2422
	failedOften  = 2423
	noCodes      = 2453
	supervisors  = 2454
	consentGone  = 2121
	mismatches   = 3211
	personHolds  = 4001
)

// matter is a case in the model: what PRODUCT.md and STATES.md say of it.
type matter struct {
	id, customer, act, state  string
	maker, handler, submitter string
	proven, scan, form        bool
	signed                    bool
	failed                    int
	card, entered             string          // what was entered while it waits, and by whom
	prover                    string          // who entered the card that was right
	looked                    map[string]bool // who saw or scanned a paper
	expires, nextCheck        time.Time
	app                       string // "", open, issued, over
	appEnds                   time.Time
	revision                  int64
}

func (m *matter) going() bool {
	return m.state == "open" || m.state == "waiting" || m.state == "submitted" || m.state == "approved"
}

// at is the refusal of what goes in other states only; fine when it goes.
func (m *matter) at(states ...string) int {
	switch {
	case slices.Contains(states, m.state):
		return fine
	case m.state == "lapsed":
		return isLapsed
	case !m.going():
		return isOver
	}
	return notNow
}

func (m *matter) works(who string, states ...string) int {
	if n := m.at(states...); n != fine {
		return n
	}
	if m.handler != who {
		return atColleague
	}
	return fine
}

// customer is who comes to the counter.
type customer struct {
	number string
	holds  bool // a certificate of the kind that is asked for
}

// model is the counters of a bank.
type model struct {
	now       time.Time
	customers map[string]*customer
	cases     []*matter
	down      bool
}

func (m *model) find(customer, act string) *matter {
	for _, c := range m.cases {
		if c.customer == customer && c.act == act && c.going() {
			return c
		}
	}
	return nil
}

// settle is what time and customers bring about.
func (m *model) settle() {
	for _, c := range m.cases {
		switch {
		case c.state == "approved" && c.app == "issued":
			c.state = "done"
		case c.state == "approved" && c.app == "over":
			c.state = "lapsed"
		case c.state != "approved" && c.going() && !m.now.Before(c.expires):
			c.state = "lapsed"
		}
	}
}

func (m *model) open(who, customer, act string) (*matter, int) {
	c := m.customers[customer]
	switch {
	case act == "issue" && c.holds:
		return nil, personHolds
	case m.find(customer, act) != nil:
		return nil, alreadyGoing
	}
	made := &matter{customer: customer, act: act, state: "open", maker: who, handler: who, expires: m.now.Add(48 * time.Hour)}
	m.cases = append(m.cases, made)
	return made, fine
}

func (m *model) prove(who string, c *matter, card string) int {
	if n := c.works(who, "open", "waiting"); n != fine {
		return n
	}
	if c.failed >= 5 {
		return failedOften
	}
	c.state, c.card, c.entered = "waiting", card, who
	if m.down && c.act == "lost" { // what protects does not wait
		c.state, c.proven, c.prover = "open", true, ""
		return fine
	}
	if m.down {
		c.nextCheck = m.now.Add(30 * time.Second)
		return fine
	}
	return c.answer()
}

func (m *matter) answer() int {
	m.state = "open"
	switch m.card {
	case "mismatch":
		m.failed++
		return mismatches
	case "lost":
		m.state, m.proven = "refused", false
		return cardEnds
	}
	m.proven, m.failed, m.prover = true, 0, m.entered
	return fine
}

func (m *model) submit(who string, c *matter, sign bool) int {
	if n := c.works(who, "open"); n != fine {
		return n
	}
	if c.failed >= 5 {
		return failedOften
	}
	if c.act == "issue" && !sign && !c.signed {
		return consentGone
	}
	complete := c.proven && c.scan && c.form
	if c.act == "lost" { // it is enough that the card was seen
		complete = c.proven && (c.scan || c.form)
	}
	if !complete {
		return incomplete
	}
	c.signed, c.submitter = true, who
	if c.act == "lost" {
		c.state = "done"
		for _, other := range m.cases { // what is under way is stopped
			if other.customer == c.customer && other.app == "open" {
				other.app = "over"
			}
		}
		return fine
	}
	c.state, c.expires = "submitted", m.now.Add(72*time.Hour)
	return fine
}

func (m *model) decide(who string, c *matter, verdict string, seen int64) int {
	second := c.submitter
	if c.maker == who {
		return ownApproval
	}
	if c.state == "open" && c.failed >= 5 && verdict != "approve" {
		second = c.handler
	} else if n := c.at("submitted"); n != fine {
		return n
	}
	switch {
	case second == who, verdict == "approve" && (c.prover == who || c.looked[who]):
		return ownApproval
	case seen != c.revision:
		return changed
	case verdict == "approve" && m.customers[c.customer].holds:
		return personHolds
	case verdict == "approve":
		c.state, c.app, c.appEnds = "approved", "open", m.now.Add(72*time.Hour)
	case verdict == "return":
		c.state, c.failed, c.expires = "open", 0, m.now.Add(48*time.Hour)
	default:
		c.state = "refused"
	}
	return fine
}

func (m *model) take(who string, c *matter) int {
	n := c.at("open", "waiting", "submitted", "approved")
	if n == fine {
		c.handler = who
	}
	return n
}

func (m *model) withdraw(who string, supervisor bool, c *matter) int {
	n := c.at("open", "waiting", "submitted", "approved")
	switch {
	case n != fine:
		return n
	case c.state == "approved" && !supervisor:
		return supervisors
	case c.state == "approved":
		c.app = "over"
	case c.handler != who:
		return atColleague
	}
	c.state = "withdrawn"
	return fine
}

// work is the clock's: applications lapse, cases end, issuers are asked.
func (m *model) work() {
	for _, c := range m.cases {
		if c.app == "open" && !m.now.Before(c.appEnds) {
			c.app = "over"
		}
	}
	m.settle()
	for _, c := range m.cases {
		if c.state == "waiting" && !m.down && !m.now.Before(c.nextCheck) {
			c.answer()
		}
	}
}

// issuer plays the issuers of cards within the process: the number on a card is
// its answer.
type issuer struct {
	down *bool
	tag  func(proofing.Person) string
}

func (i issuer) CheckAtCounter(_ context.Context, p proofing.Person, _ string, c proofing.CounterCard) (proofing.Proof, error) {
	switch {
	case *i.down:
		return proofing.Proof{}, proofing.ErrIssuerSilent
	case c.Number == "mismatch":
		return proofing.Proof{}, proofing.ErrCounterMismatch.With(nil, "left", "4")
	case c.Number == "lost":
		return proofing.Proof{}, proofing.ErrCounterLost
	}
	return proofing.Proof{Factor: proofing.AtCounter, At: opening, Evidence: map[string]string{"document": c.Document, "person": i.tag(p)}}, nil
}

func (issuer) Settle(context.Context, string, string, proofing.Factor) error { return nil }

func (issuer) Redraw(_ context.Context, file []byte) (proofing.Redrawn, error) {
	return proofing.Redrawn{File: file, Type: "image/jpeg", SHA256: fmt.Sprintf("%x", file), Width: 1, Height: 1}, nil
}

// met is a core bank that says of customers what is known of them anyway.
type met struct {
	known func(ctx context.Context, number string) (subscriber.Subscriber, error)
}

func (m met) Meet(ctx context.Context, _ authz.Caller, number string) (subscriber.Subscriber, error) {
	return m.known(ctx, number)
}

func (met) Find(context.Context, subscriber.Query) ([]subscriber.Subscriber, bool, error) {
	return nil, true, nil
}

// number is a refusal's; 0 when there is none.
func number(err error) int {
	if err == nil {
		return fine
	}
	return fault.Of(err).Number
}

var actsOf = map[string]counter.Act{"issue": counter.Issue, "lost": counter.Lost}
