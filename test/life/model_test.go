package life_test

import (
	"fmt"
	"slices"
	"strings"
)

// The numbers of the faults, as docs/numbers.md lists them.
const (
	fine         = 0
	forbidden    = 1003
	isPending    = 2301
	isHeld       = 2302
	isSuspended  = 2303
	isRevoked    = 2304
	isExpired    = 2305
	isValid      = 2306
	tooEarly     = 2311
	elsewhere    = 2312
	badDate      = 2313
	codeWrong    = 2322
	codeLocked   = 2323
	codeOver     = 2324
	ownProposal  = 1062
	otpWrong     = 3401
	personHolds  = 4001
	noKeyAnswers = 4009
	unknown      = 4010
	replaced     = 4014
	otherDesk    = 4015
)

// line is one line of a certificate's history.
type line struct {
	at                       moment
	serial, act, by, desk, o string
	reason                   int
}

// cert is a certificate in the model. state is what is written down; now says
// what is true.
type cert struct {
	serial, person, kind, exception string
	state, desk                     string
	begin, end, until               moment // until: of a suspension; 0 is none
	revoked, invalid                moment // 0 is never
	reason                          int
	hold                            bool // pending, to become held
	replaces                        *cert
	remind                          moment // when the next reminder is due; 0 is never
	reminded                        map[int]bool
	lost                            bool // ended before it was finished
}

// GoString is short: rapid writes it at every step.
func (c *cert) GoString() string { return c.String() }

func (c *cert) String() string { return c.person + " " + c.serial[:6] + " " + c.state }

func (c *cert) now(t moment) string {
	switch c.state {
	case "held", "suspended":
		if c.until != 0 && c.until < c.end && t > c.until {
			return "revoked"
		}
	case "valid":
	default:
		return c.state
	}
	if t > c.end {
		return "expired"
	}
	return c.state
}

func (c *cert) live() bool { return c.state == "held" || c.state == "valid" || c.state == "suspended" }

// who does something, as the history calls them, and by which request.
type who struct {
	by, request string
	clock       bool
}

var theClock = who{by: "clock", clock: true}

// exception is an approved one.
type exception struct {
	id, person, kind string
	made, ends       moment
	used             bool
}

// person is who can be told, and by what.
type person struct {
	name             string
	urgent, ordinary []string // channels
	history          []line
	notices          map[string]int // event, serial and channel
	lost             map[string]bool
}

// model is the life of some persons, from PRODUCT.md.
type model struct {
	at         moment
	persons    map[string]*person
	names      []string
	certs      []*cert
	exceptions []*exception
	tries      int
	locked     moment
	touched    map[string]bool // persons whom the last step concerned
}

func standing(state string) int {
	return map[string]int{"valid": fine, "pending": isPending, "held": isHeld, "suspended": isSuspended,
		"revoked": isRevoked, "expired": isExpired}[state]
}

func online(desk string) bool { return desk == "online" || desk == "lost" }

// opens is the first moment of the thirtieth day before the last one.
func opens(c *cert) moment { return startOf(dayOf(c.end) - 30) }

func (m *model) mayRenew(c *cert) int {
	if n := standing(c.now(m.at)); n != fine {
		return n
	}
	if m.at < opens(c) {
		return tooEarly
	}
	return fine
}

func (m *model) mayReissue(c *cert) int {
	if is := c.now(m.at); is != "suspended" && is != "held" {
		return standing(is)
	}
	return c.ofDesk()
}

// ofDesk: what was suspended online, or held for it while it was made, is its
// owner's to go on with.
func (c *cert) ofDesk() int {
	switch {
	case online(c.desk):
		return fine
	case c.state == "held":
		return isHeld
	}
	return elsewhere
}

func (m *model) mayResume(c *cert) int {
	switch c.now(m.at) {
	case "valid":
		return isValid
	case "suspended", "held":
		return c.ofDesk()
	}
	return standing(c.now(m.at))
}

func (m *model) mayEnd(c *cert) int {
	switch c.now(m.at) {
	case "valid", "suspended", "held":
		return fine
	}
	return standing(c.now(m.at))
}

// tell counts a notice for each channel.
func (m *model) tell(p *person, event, serial string, urgent bool) {
	channels := p.ordinary
	if urgent {
		channels = p.urgent
	}
	for _, channel := range channels {
		p.notices[event+" "+serial+" "+channel]++
	}
}

func (m *model) write(c *cert, act string, w who, desk string, reason int, other string) *person {
	p := m.persons[c.person]
	p.history = append(p.history, line{at: m.at, serial: c.serial, act: act, by: w.by, desk: desk, reason: reason, o: other})
	m.touched[c.person] = true
	return p
}

// suspended tells of a suspension. A report of loss is told once, whatever it
// suspends.
func (m *model) suspended(p *person, c *cert, w who) {
	if c.desk != "lost" || w.request == "" {
		m.tell(p, "suspended", c.serial, true)
	} else if !p.lost[w.request] {
		p.lost[w.request] = true
		m.tell(p, "lost", "", true)
	}
}

// lapse writes what the clock has brought about.
func (m *model) lapse(c *cert) {
	was, is := c.state, c.now(m.at)
	if was == is {
		return
	}
	c.state = is
	if is == "expired" {
		m.tell(m.write(c, "expired", theClock, c.desk, c.reason, ""), "expired", c.serial, false)
		return
	}
	c.reason, c.desk, c.until, c.invalid = 5, "", 0, 0
	event := "revoked"
	if was == "suspended" || was == "held" {
		event = "held-ended"
	}
	m.tell(m.write(c, "revoked", theClock, "", 5, ""), event, c.serial, true)
}

// holder is who has the place of a person, kind and exception.
func (m *model) holder(person, kind, exception string) *cert {
	for _, c := range m.certs {
		if c.person == person && c.kind == kind && c.exception == exception &&
			(c.live() || c.state == "pending" && c.replaces == nil) {
			return c
		}
	}
	return nil
}

// mayIssue says whether a first certificate can be had, and makes room.
func (m *model) mayIssue(person, kind, exception string) int {
	m.touched[person] = true
	c := m.holder(person, kind, exception)
	switch {
	case c == nil:
	case c.state == "pending" && m.at > c.end:
		c.state, c.lost = "expired", true
	case c.state == "pending":
		return personHolds
	default:
		if is := c.now(m.at); is == "valid" || is == "suspended" || is == "held" {
			return personHolds
		}
		m.lapse(c)
	}
	return fine
}

// mayReplace says whether another replacement is under way.
func (m *model) mayReplace(old *cert) int {
	m.touched[old.person] = true
	if slices.ContainsFunc(m.certs, func(c *cert) bool { return c.replaces == old && c.state == "pending" }) {
		return replaced
	}
	return fine
}

// begin stores what is pending.
func (m *model) begin(serial, person, kind, exception string, old *cert, end moment) *cert {
	c := &cert{serial: serial, person: person, kind: kind, exception: exception, state: "pending", replaces: old,
		begin: m.at - m.at%second, end: end, reminded: map[int]bool{}}
	m.certs = append(m.certs, c)
	m.touched[person] = true
	return c
}

func (m *model) year() moment { return endOf(monthsLater(dayOf(m.at), 12)) }

// finish makes of what is pending what it becomes.
func (m *model) finish(c *cert, w who) {
	other, to := "", "valid"
	if old := c.replaces; old != nil {
		other = old.serial
		switch old.now(m.at) {
		case "valid", "suspended", "held":
			old.state, old.reason, old.desk, old.until, old.invalid = "revoked", 4, "", 0, 0
			if old.revoked == 0 {
				old.revoked = m.at
			}
			m.write(old, "replaced", asCustomer(w), "", 4, c.serial)
		case "expired":
			if h := m.holder(c.person, c.kind, c.exception); h != nil && h != old {
				to = "revoked"
			} else {
				m.lapse(old)
			}
		default:
			to = "revoked"
		}
	}
	c.remind = reminder(c.end, m.at)
	switch {
	case to == "revoked":
		c.state, c.reason, c.revoked = "revoked", 4, m.at
		m.tell(m.write(c, "revoked", w, c.desk, 4, other), "revoked", c.serial, true)
	case c.hold:
		c.state, c.reason, c.revoked = "held", 6, m.at
		m.suspended(m.write(c, "held", asCustomer(w), c.desk, 6, other), c, w)
	default:
		c.state = "valid"
		act := "issued"
		if c.replaces != nil {
			act = "reissued"
			if c.end > c.replaces.end {
				act = "renewed"
			}
		}
		m.tell(m.write(c, act, asCustomer(w), "", 0, other), act, c.serial, true)
	}
}

// asCustomer: what was interrupted is the customer's doing, whoever finishes it.
func asCustomer(w who) who {
	if w.clock {
		w.by = "customer"
	}
	return w
}

func (m *model) holdPending(person string, old *cert, desk string) int {
	n := 0
	for _, c := range m.certs {
		if c.person == person && c.state == "pending" && !c.hold && (old == nil || c.replaces == old) {
			c.hold, c.desk, c.until = true, desk, endOf(monthsLater(dayOf(m.at), 6))
			n++
		}
	}
	return n
}

func (m *model) suspend(c *cert, w who, desk string) {
	m.holdPending(c.person, c, desk)
	c.state, c.reason, c.desk, c.revoked = "suspended", 6, desk, m.at
	c.until = endOf(monthsLater(dayOf(m.at), 6))
	m.suspended(m.write(c, "suspended", w, desk, 6, ""), c, w)
}

func (m *model) resume(c *cert, w who) {
	c.state, c.reason, c.desk, c.until, c.revoked, c.hold, c.invalid = "valid", 0, "", 0, 0, false, 0
	m.tell(m.write(c, "resumed", w, "", 0, ""), "resumed", c.serial, true)
}

func (m *model) revoke(c *cert, w who, reason int, invalid moment) {
	c.state, c.reason, c.desk, c.until, c.invalid = "revoked", reason, "", 0, invalid
	if c.revoked == 0 {
		c.revoked = m.at
	}
	m.tell(m.write(c, "revoked", w, "", reason, ""), "revoked", c.serial, true)
}

// lose suspends everything a person holds.
func (m *model) lose(name string, w who) (suspended, before, begun int) {
	m.touched[name] = true
	begun = m.holdPending(name, nil, "lost")
	for _, c := range m.certs {
		if c.person != name {
			continue
		}
		switch c.now(m.at) {
		case "valid":
			m.suspend(c, w, "lost")
			suspended++
		case "suspended", "held":
			before++
		}
	}
	return suspended, before, begun
}

// try counts a try at an emergency code from the one address there is.
func (m *model) try() int {
	if m.at < m.locked {
		return codeLocked
	}
	if m.locked != 0 {
		m.tries, m.locked = 0, 0
	}
	if m.tries++; m.tries >= 5 {
		m.locked = m.at + 30*minute
	}
	return fine
}

func (m *model) refund() {
	if m.tries--; m.tries < 5 {
		m.locked = 0
	}
}

var reminders = []int64{30, 14, 7, 1}

// reminder is when the next one is due after a moment.
func reminder(end, after moment) moment {
	for _, days := range reminders {
		if due := startOf(dayOf(end)-days) + 9*hour; due > after {
			return due
		}
	}
	return 0
}

// sweep is the clock's work.
func (m *model) sweep() (expired, revoked, reminded int) {
	for _, c := range m.certs {
		if !c.live() || c.now(m.at) == c.state {
			continue
		}
		m.lapse(c)
		if c.state == "expired" {
			expired++
		} else {
			revoked++
		}
	}
	for _, c := range m.certs {
		if c.state != "valid" || c.remind == 0 || c.remind > m.at || c.end < m.at {
			continue
		}
		reminded++
		m.touched[c.person] = true
		left := dayOf(c.end) - dayOf(m.at)
		days := 30
		for _, d := range reminders {
			if left <= d {
				days = int(d)
			}
		}
		if !c.reminded[days] {
			c.reminded[days] = true
			m.tell(m.persons[c.person], fmt.Sprint("reminder:", days), c.serial, false)
		}
		c.remind = reminder(c.end, m.at)
	}
	return expired, revoked, reminded
}

// approved is the oldest exception that a person can use.
func (m *model) approved(person, kind string) *exception {
	for _, e := range m.exceptions {
		if e.person == person && e.kind == kind && !e.used && m.at < e.ends {
			return e
		}
	}
	return nil
}

// told gives a person's notices in a form to be compared.
func (p *person) told() []string {
	var all []string
	for what, n := range p.notices {
		all = append(all, fmt.Sprintf("%s ×%d", what, n))
	}
	slices.Sort(all)
	return all
}

func (l line) String() string {
	return strings.TrimSpace(fmt.Sprintf("%d %s %s by %s at %q for %d with %s", l.at, l.serial, l.act, l.by, l.desk, l.reason, l.o))
}
