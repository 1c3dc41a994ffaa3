package attacks_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/counter"
)

// Who else works at the bank; tellerNumber is at branch 012.
const (
	secondTeller       = "230508" // there, too
	theSupervisor      = "150302"
	secondSupervisor   = "160909"
	tellerElsewhere    = "220611" // at branch 101
	supervisorAbroad   = "140404"
	theOperator        = "120801"
	theSecurityOfficer = "110215"
	theAuditor         = "130627"
)

var (
	forbidden  = refusal{403, 1003, "forbidden"}
	ownMatter  = refusal{403, 1061, "own-matter"}
	ownMaker   = refusal{403, 1062, "own-approval"}
	otherPlace = refusal{403, 1063, "other-branch"}
	crossSite  = refusal{403, 1005, "cross-origin"}
)

// denied demands that a page was refused, and that the audit log says denied.
func (b *browser) denied(what string, s shown, want refusal) {
	b.w.t.Helper()
	if s.status != want.status {
		b.w.t.Errorf("%s: %d to %q", what, s.status, s.to())
	}
	if strings.HasPrefix(s.header.Get("Content-Type"), "text/html") {
		b.turnedAwayBy(s, want)
	} else {
		want.is(b.w.t, s.err())
	}
	b.w.audited(s.request(), want, audit.Denied)
}

func customerAt(s simulator.Sample) string { return "/console/customers/" + s.Number }

// walksIn gives a sample whose secrets are looked for afterwards.
func (w *world) walksIn(loginID string) simulator.Sample {
	w.t.Helper()
	s := w.sample(loginID)
	w.vault.keepSample(s)
	return s
}

// opened begins a case for an issue, and gives its path.
func (b *browser) opened(s simulator.Sample) string {
	b.w.t.Helper()
	got := b.post(customerAt(s)+"/open", "act", "issue", "kind", "personal-bank", "visitor", "self")
	if got.status != http.StatusSeeOther || !strings.HasPrefix(got.to(), "/console/cases/") {
		b.w.t.Fatalf("opening a case: %d to %q\n%.600s", got.status, got.to(), got.body)
	}
	return got.to()
}

// shows enters the sample's first card, with a picture of it.
func (b *browser) shows(at string, s simulator.Sample) shown {
	b.w.t.Helper()
	return b.upload(at+"/prove", []file{{"image", "card.jpg", "image/jpeg", simulator.Picture(s.Number)}}, atCounter(s.Cards[0])...)
}

func atCounter(c simulator.Card) []string {
	return []string{"document", string(c.Document), "number", c.Number, "name", c.Name, "issueDate", c.IssueDate,
		"licence", c.Licence, "licenceSerial", c.LicenceSerial}
}

// submits proves and submits.
func (b *browser) submits(at string, s simulator.Sample) {
	b.w.t.Helper()
	if got := b.shows(at, s); got.status != http.StatusSeeOther || b.caseAt(at).Proof == nil {
		b.w.t.Fatalf("the card: %d to %q, not confirmed", got.status, got.to())
	}
	b.post(at+"/submit", "seen", "application-form", "terms", "required")
	b.stands(at, counter.Submitted)
}

// submitted is a case that waits for a supervisor.
func (b *browser) submitted(s simulator.Sample) (at string) {
	b.w.t.Helper()
	at = b.opened(s)
	b.submits(at, s)
	return at
}

// decides sends what a supervisor's form sends who has just looked at the case.
func (b *browser) decides(at, verdict, note string) shown {
	b.w.t.Helper()
	return b.post(at+"/decide", "verdict", verdict, "note", note, "revision", strconv.FormatInt(b.caseAt(at).Revision, 10))
}

// caseAt is a case as the database has it.
func (w *world) caseAt(at string) counter.Case {
	w.t.Helper()
	c, err := w.Desk().Store.Case(w.t.Context(), strings.TrimPrefix(at, "/console/cases/"))
	return must(w, c, err)
}

func (b *browser) caseAt(at string) counter.Case { b.w.t.Helper(); return b.w.caseAt(at) }

// stands demands that a case is in a state.
func (b *browser) stands(at string, want counter.State) {
	b.w.t.Helper()
	if got := b.caseAt(at).State; got != want {
		b.w.t.Errorf("the case is %s, want %s", got, want)
	}
}

// untouched demands that nothing has happened to a case since it was looked at.
func (w *world) untouched(at string, before counter.Case) {
	w.t.Helper()
	now := w.caseAt(at)
	if now.State != before.State || now.Revision != before.Revision || now.Handler != before.Handler || len(now.Attached) != len(before.Attached) {
		w.t.Errorf("the case was %s (%d), and is %s (%d)", before.State, before.Revision, now.State, now.Revision)
	}
}

var (
	slipReference = regexp.MustCompile(`\b\d{3}-\d{3}-\d{4}\b`)
	slipCode      = regexp.MustCompile(`\b[0-9A-Z]{5}(?:\s+[0-9A-Z]{5}){3}\b`)
	notLetters    = regexp.MustCompile(`[^0-9A-Z]+`)
)

// handsOut has codes printed, and gives the page of the slip.
func (b *browser) handsOut(at string) (page shown, reference, code string) {
	b.w.t.Helper()
	s := b.post(at+"/codes", "by", "print", "in", "ko")
	page = b.get(s.to())
	text := visible(page.body)
	reference, code = slipReference.FindString(text), strings.Join(strings.Fields(slipCode.FindString(text)), "-")
	if page.status != http.StatusOK || reference == "" || code == "" {
		b.w.t.Fatalf("the slip: %d to %q, then %d\n%s", s.status, s.to(), page.status, text)
	}
	b.w.vault.keep("reference number", reference)
	b.w.vault.keep("reference number", strings.ReplaceAll(reference, "-", ""))
	b.w.vault.keep("authorization code", code)
	b.w.vault.keep("authorization code", strings.ReplaceAll(code, "-", ""))
	return page, reference, code
}

// tells says whether a code stands in an answer, however it is written.
func (s shown) tells(code string) bool {
	return strings.Contains(notLetters.ReplaceAllString(visible(s.body), ""), strings.ReplaceAll(code, "-", ""))
}

// cookieOf is the value of a cookie that the browser would send to a path.
func (b *browser) cookieOf(name, path string) string {
	b.w.t.Helper()
	u, err := url.Parse(b.w.address() + path)
	must(b.w, u, err)
	for _, c := range b.http.Jar.Cookies(u) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// asScript asks as the script of a page does.
var asScript = header("Accept", "application/json")
