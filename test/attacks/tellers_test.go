package attacks_test

import (
	"net/http"
	"regexp"
	"testing"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/server"
)

// door is one of the console, and what a form sends there that would open it.
type door struct {
	method, path string
	fields       []string
}

// knockAll sends all forms; each is denied.
func (b *browser) knockAll(who string, doors []door, want refusal) {
	b.w.t.Helper()
	for _, d := range doors {
		var s shown
		if d.method == http.MethodGet {
			s = b.get(d.path)
		} else {
			s = b.post(d.path, d.fields...)
		}
		b.denied(who+": "+d.method+" "+d.path, s, want)
	}
}

// officers are the doors of those who look after staff, filled in with real
// people: mine is an account that its owner would make greater.
func officers(mine, other staff.Account) []door {
	return []door{
		{"GET", "/console/staff", nil}, {"GET", "/console/staff/new", nil}, {"GET", "/console/staff/" + mine.ID, nil},
		{"POST", "/console/staff/new", []string{"number", "990001", "name", "나둘째", "role", "supervisor", "branch", "012"}},
		{"POST", "/console/staff/" + mine.ID + "/change", []string{"name", mine.Name, "role", "supervisor", "branch", "012"}},
		{"POST", "/console/staff/" + other.ID + "/disable", nil}, {"POST", "/console/staff/" + other.ID + "/enable", nil},
		{"POST", "/console/staff/" + other.ID + "/invite", nil},
	}
}

// auditors are theirs.
func auditors(subscriber string) []door {
	return []door{
		{"GET", "/console/audit", nil}, {"GET", "/console/audit?act=customer.view", nil}, {"GET", "/console/audit/person/" + subscriber, nil},
		{"GET", "/console/audit/export.csv", nil}, {"POST", "/console/audit/check", nil},
	}
}

// "I am a teller. What the page does not show me I send by hand: the approval of
// my case, another role for myself, the log of what I did. Or I am a supervisor
// who would like to make accounts, or an officer who would like to see customers."
func TestTellerAsSupervisor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	kim := w.walksIn("kim")
	teller, boss := w.employee(tellerNumber), w.employee(theSupervisor)
	me, other := w.account(tellerNumber), w.account(theSupervisor)
	at := teller.submitted(kim)
	before := w.caseAt(at)
	who := before.SubscriberID
	for _, verdict := range []string{"approve", "return", "refuse"} {
		teller.denied(verdict, teller.decides(at, verdict, "아무 말이나 적어요"), forbidden)
	}
	doors := append(officers(me, other), auditors(who)...)
	teller.knockAll("teller", append(doors, door{"GET", "/console/approvals", nil}, door{"GET", "/console/audit/check", nil}), forbidden)
	boss.knockAll("supervisor", doors, forbidden)
	for _, b := range []*browser{teller, boss} { // each may end sessions: their own
		somebody := map[*browser]staff.Account{teller: other, boss: me}[b]
		b.sentBackDenied(b.post("/console/staff/"+somebody.ID+"/sessions"), forbidden)
		if s := b.get("/console/policy"); s.status != http.StatusOK {
			t.Errorf("who may do what: %d", s.status)
		}
	}
	// A form can say whatever it likes about who sends it.
	s := teller.post(at+"/decide", "verdict", "approve", "revision", "0", "role", "supervisor", "caller", other.ID, "_method", "PUT")
	teller.denied("a form that names its sender", s, forbidden)
	teller.extra = []func(*http.Request){header("X-Role", "supervisor"), header("X-Forwarded-User", theSupervisor), header("X-HTTP-Method-Override", "PUT")}
	teller.denied("headers that name a sender", teller.decides(at, "approve", ""), forbidden)
	teller.extra = nil

	customers := []door{
		{"GET", "/console/customers", nil}, {"POST", "/console/customers", []string{"phone", "01000000001"}}, {"GET", customerAt(kim), nil},
		{"POST", customerAt(kim) + "/export.csv", nil}, {"POST", customerAt(kim) + "/open", []string{"act", "issue", "kind", "personal-general", "visitor", "self"}},
		{"POST", at + "/take", nil}, {"POST", at + "/decide", []string{"verdict", "approve", "revision", "3"}}, {"POST", at + "/codes", []string{"by", "print"}},
		{"GET", at + "/print/form", nil}, {"GET", at + "/scans/" + before.Attached[0].ID, nil}, {"GET", "/console/queue", nil},
	}
	for _, number := range []string{theOperator, theSecurityOfficer, theAuditor} {
		w.employee(number).knockAll(number, customers, forbidden)
	}
	w.untouched(at, before)
	for _, a := range []staff.Account{me, other} {
		if now := w.account(a.Number); now.Role != a.Role || now.Branch != a.Branch || now.Epoch != a.Epoch || now.State != a.State {
			t.Errorf("the account of %s is another: %+v", a.Role, now)
		}
	}
	boss.atWork(true)
	boss.decides(at, "approve", "")
	boss.stands(at, counter.Approved)
}

// "We are two, and two have to agree. I let the other one open the case and do
// the rest myself; or I open it, and they do the rest; or I get a new role in
// between."
func TestApprovalRing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	boss, teller, second := w.employee(theSupervisor), w.employee(tellerNumber), w.employee(secondSupervisor)
	refusedTo := func(b *browser, at string) {
		t.Helper()
		b.denied("approving", b.decides(at, "approve", ""), ownMaker)
		if page := b.get("/console/approvals"); page.says(at) {
			t.Error("it stands among what they can approve")
		}
		b.stands(at, counter.Submitted)
	}
	// Alone.
	kim := w.walksIn("kim")
	own := boss.submitted(kim)
	refusedTo(boss, own)
	// The teller opens it, the supervisor does the rest.
	hong := w.walksIn("hong")
	at := teller.opened(hong)
	boss.post(at + "/take")
	boss.submits(at, hong)
	refusedTo(boss, at)
	// The supervisor opens it, the teller submits.
	noh := w.walksIn("noh")
	why := "이 영업점에 고객이 직접 왔어요"
	boss.post(customerAt(noh), "why", why)
	opened := boss.opened(noh)
	teller.post(opened + "/take")
	teller.submits(opened, noh)
	refusedTo(boss, opened)
	// The supervisor returns it and goes on with it.
	jang := w.walksIn("jang")
	returned := teller.submitted(jang)
	boss.decides(returned, "return", "서명이 흐려서 돌려보내요")
	boss.post(returned + "/take")
	boss.post(returned+"/submit", "seen", "application-form", "terms", "required")
	refusedTo(boss, returned)
	// The supervisor takes over what is submitted: who submitted it stays. They
	// can be its second, as they have put nothing into it.
	if c := w.caseAt(own); c.Maker != w.account(theSupervisor).ID || c.Submitter != c.Maker {
		t.Errorf("made by %s, submitted by %s", c.Maker, c.Submitter)
	}
	second.post(own + "/take")
	refusedTo(boss, own)
	// The teller becomes a supervisor, and finds their own case waiting.
	moo := w.walksIn("moo")
	promoted := teller.submitted(moo)
	a := w.account(tellerNumber)
	_, err := w.Desk().Staff.Change(t.Context(), server.Operator("test"), a.ID, staff.Change{Name: a.Name, Role: authz.Supervisor, Branch: a.Branch})
	must(w, 0, err)
	teller.atWork(false)
	refusedTo(w.employee(tellerNumber), promoted)
	// Another supervisor can, once.
	for _, at := range []string{own, at, promoted} {
		second.decides(at, "approve", "")
		second.stands(at, counter.Approved)
	}
	s := second.decides(at, "approve", "")
	second.sentBack(s, at, refusal{409, 2406, "case-elsewhere"}, "")
}

var sealedSlip = regexp.MustCompile(`name="slip" value="([^"]+)"`)

// "I work for the bank, but at another branch. I know the number of a case here:
// its person, its card, its papers, and the codes that are for its customer."
func TestAnotherBranch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hong := w.walksIn("hong")
	teller, boss := w.employee(tellerNumber), w.employee(theSupervisor)
	far, farBoss := w.employee(tellerElsewhere), w.employee(supervisorAbroad)
	at := teller.submitted(hong)
	before := w.caseAt(at)
	scan := at + "/scans/" + before.Attached[0].ID
	doors := []door{
		{"GET", at, nil}, {"GET", scan, nil}, {"GET", at + "/print/form", nil}, {"GET", at + "/print/form.pdf", nil},
		{"GET", at + "/print/consent", nil}, {"GET", at + "/print/consent.pdf", nil}, {"POST", at + "/take", nil},
		{"POST", at + "/submit", []string{"seen", "application-form", "terms", "required"}}, {"POST", at + "/detach", []string{"scan", before.Attached[0].ID}},
		{"POST", at + "/withdraw", []string{"note", "고객이 그만두었어요"}},
	}
	for who, b := range map[string]*browser{"teller": far, "supervisor": farBoss} {
		b.knockAll(who, doors, otherPlace)
		b.denied("state", b.get(at+"/state.json", asScript), otherPlace)
		b.denied("card", b.shows(at, hong), otherPlace)
		b.denied("paper", b.upload(at+"/papers", []file{{"scan", "a.jpg", "image/jpeg", picture}}, "paper", "further"), otherPlace)
		for _, path := range []string{"/console/queue?list=branch", "/console/queue?list=waiting", "/console/queue"} {
			if page := b.get(path); page.says(before.ID) || page.says(hong.Name) {
				t.Errorf("%s: %s shows another branch's case", who, path)
			}
		}
		// The customer, too: not without a word why, and then the case stays shut.
		page := b.get(customerAt(hong))
		if page.status != http.StatusOK || page.says(hong.Name) || page.says(before.ID) {
			t.Errorf("%s: a customer of another branch, unexplained: %d", who, page.status)
		}
		b.post(customerAt(hong), "why", "고객이 여기로 왔다고 해요")
		if page := b.get(customerAt(hong)); page.status != http.StatusOK || !page.says(hong.Name) {
			t.Errorf("%s: a customer of another branch, explained: %d", who, page.status)
		}
		b.denied("explained", b.get(scan), otherPlace)
	}
	farBoss.denied("deciding", farBoss.decides(at, "approve", ""), otherPlace)
	farBoss.denied("refusing", farBoss.decides(at, "refuse", "마음에 들지 않아요"), otherPlace)
	if page := farBoss.get("/console/approvals"); page.says(before.ID) {
		t.Error("another branch's case waits for them")
	}
	w.untouched(at, before)

	// A case of one's own is no way to the scan of another.
	mine := far.opened(w.walksIn("choi"))
	far.turnedAwayBy(far.get(mine+"/scans/"+before.Attached[0].ID), refusal{404, 2447, "scan-unknown"})

	// The codes: nobody else gets them, with what the page had or without.
	boss.decides(at, "approve", "")
	far.sentBackDenied(far.post(at+"/codes", "by", "print"), otherPlace)
	page, reference, code := teller.handsOut(at)
	if !page.tells(code) || !page.tells(reference) {
		t.Error("the page of the slip does not tell what it is for: what follows looks for nothing")
	}
	m := sealedSlip.FindSubmatch(page.body)
	if m == nil {
		t.Fatal("the slip can't be printed as PDF")
	}
	for who, b := range map[string]*browser{"another branch": far, "a colleague": w.employee(secondTeller)} {
		for _, path := range []string{at + "/print/slip/pdf", at + "/print/slip/size", mine + "/print/slip/pdf"} {
			s := b.post(path, "slip", string(m[1]), "size", "a4")
			if next := b.open(leads(s)); s.tells(code) || next.tells(code) || s.status == http.StatusOK {
				t.Errorf("%s: %s gives the codes: %d", who, path, s.status)
			}
		}
		if page := b.get(at + "/print/slip"); page.tells(code) || page.tells(reference) {
			t.Errorf("%s: the page of the slip shows it", who)
		}
	}
	if page := teller.get(at + "/print/slip"); page.tells(code) {
		t.Error("the slip is shown twice")
	}
}

// leads is where a browser is after a form.
func leads(s shown) string {
	if s.status == http.StatusSeeOther {
		return s.to()
	}
	return "/console/account"
}

// "I work here and I am a customer. Who looked at me, what do they know, and why
// should I not do my own case?"
func TestOwnRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	hong := w.walksIn("hong")
	colleague, officer := w.employee(secondTeller), w.employee(theSecurityOfficer)
	at := colleague.submitted(hong)
	before := w.caseAt(at)
	for _, number := range []string{tellerNumber, theSupervisor} {
		a := w.account(number)
		is := func(customer string) {
			officer.post("/console/staff/"+a.ID+"/change", "name", a.Name, "role", string(a.Role), "branch", a.Branch, "customer", customer)
		}
		is(hong.Number)
		if linked := w.account(number); linked.SubscriberID != before.SubscriberID {
			t.Fatalf("%s is not linked to the customer", number)
		}
		b := w.employee(number)
		b.knockAll(number, []door{
			{"GET", customerAt(hong), nil}, {"GET", customerAt(hong) + "/open?act=issue", nil}, {"POST", customerAt(hong) + "/export.csv", nil},
			{"GET", at, nil}, {"GET", at + "/scans/" + before.Attached[0].ID, nil}, {"GET", at + "/print/form", nil}, {"GET", at + "/print/form.pdf", nil},
			{"POST", at + "/take", nil}, {"POST", at + "/withdraw", []string{"note", "그만두고 싶어졌어요"}},
			{"POST", at + "/detach", []string{"scan", before.Attached[0].ID}},
		}, ownMatter)
		s := b.post(customerAt(hong)+"/open", "act", "issue", "kind", "personal-general", "visitor", "self")
		b.sentBackDenied(s, ownMatter)
		// A reason is no way around.
		b.post(customerAt(hong), "why", "내 것이니까 봐도 되지요")
		b.denied("explained", b.get(customerAt(hong)), ownMatter)
		if number == theSupervisor {
			b.denied("deciding", b.decides(at, "approve", ""), ownMatter)
			if page := b.get("/console/approvals"); page.says(before.ID) {
				t.Error("their own case waits for them")
			}
		}
		is("") // one customer has one account
	}
	w.untouched(at, before)
	w.employee(secondSupervisor).decides(at, "approve", "")
	colleague.stands(at, counter.Approved)
}

// sentBackDenied demands that a form was refused, wherever it leads back to, and
// that the audit log says denied.
func (b *browser) sentBackDenied(s shown, want refusal) {
	b.w.t.Helper()
	if s.status == http.StatusSeeOther {
		b.w.logged(s.request(), http.StatusSeeOther, want)
	} else {
		b.turnedAwayBy(s, want)
	}
	b.w.audited(s.request(), want, "denied")
}
