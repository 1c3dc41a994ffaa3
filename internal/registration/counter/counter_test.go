package counter_test

import (
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/counter/countertest"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
	"github.com/ingam-pki/ingam/pki/npki"
)

// From the counter to the certificate.
func TestIssue(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	c := d.open(kim, wish(hong, counter.Issue))
	if c.State != counter.Open || c.Maker != "kim" || c.Handler != "kim" || c.Branch != "012" {
		t.Fatalf("%+v", c)
	}
	_, err := d.Counter.Submit(d.ctx, kim, c.ID, d.Signed(c.Kind))
	f := refuses(t, err, counter.ErrNeeds)
	if got := f.Params["needs"]; got != "proof,scan:identity-card,paper:application-form" {
		t.Errorf("needs %q", got)
	}
	c = d.complete(kim, c, hong.Cards[0])
	if c.Proof == nil || c.Proof.Evidence["document"] != "resident-card" || len(c.Attached) != 1 || c.Attached[0].SHA256 == "" {
		t.Fatalf("%+v", c)
	}
	_, err = d.Counter.Submit(d.ctx, kim, c.ID, nil)
	refuses(t, err, enrolment.ErrConsentMissing)
	c, err = d.Counter.Submit(d.ctx, kim, c.ID, d.Signed(c.Kind))
	must(t, err)
	if c.State != counter.Submitted || c.Submitter != "kim" {
		t.Fatalf("%+v", c)
	}
	_, err = d.Counter.HandOut(d.ctx, kim, c.ID, redeem.Print)
	refuses(t, err, counter.ErrNoCodes)
	c, err = d.Counter.Decide(d.ctx, boss, c.ID, counter.Approve, "", c.Revision)
	must(t, err)
	if c.State != counter.Approved || c.Application == "" || c.Decider != "boss" {
		t.Fatalf("%+v", c)
	}
	slip, err := d.Counter.HandOut(d.ctx, lee, c.ID, redeem.Print) // whoever is there
	must(t, err)
	if slip.Reference == "" || slip.Code == "" || d.view(c.ID).ExpiresAt != slip.Until {
		t.Errorf("%+v, the case until %v", slip, d.view(c.ID).ExpiresAt)
	}
	made, err := d.Fetch(d.ctx, c.Application, d.now().AddDate(1, 0, 0))
	must(t, err)
	if got := d.view(c.ID); got.State != counter.Done || got.EndedAt.IsZero() || made.State != ca.Valid {
		t.Errorf("%+v", got)
	}
	_, err = d.Counter.HandOut(d.ctx, kim, c.ID, redeem.Print)
	refuses(t, err, counter.ErrNoCodes)
}

// Each act does what it says, in the hands of the right person.
func TestActsOnCertificates(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	r := d.holds(hong, npki.PersonalBank, 365)
	on := func(act counter.Act) counter.Wish {
		w := wish(hong, act)
		w.Serial = r.Serial
		return w
	}
	_, err := d.Counter.Open(d.ctx, kim, on(counter.Resume))
	refuses(t, err, lifecycle.ErrValid)
	c := d.submitted(kim, on(counter.Suspend), hong.Cards[0])
	if got := d.state(r.Serial); c.State != counter.Done || got.State != ca.Suspended || got.Desk != lifecycle.Branch("012") {
		t.Fatalf("suspend: %s, %s at %s", c.State, got.State, got.Desk)
	}
	w := on(counter.Resume)
	w.Explained = "고객이 이 영업점에 와 있어요"
	_, err = d.Counter.Open(d.ctx, far, w)
	refuses(t, err, ca.ErrDesk)
	c = d.submitted(kim, on(counter.Resume), hong.Cards[0])
	if got := d.state(r.Serial); c.State != counter.Submitted || got.State != ca.Suspended {
		t.Fatalf("resume: %s, %s before it is approved", c.State, got.State)
	}
	c, err = d.Counter.Decide(d.ctx, boss, c.ID, counter.Approve, "", c.Revision)
	must(t, err)
	if got := d.state(r.Serial); c.State != counter.Done || got.State != ca.Valid {
		t.Fatalf("resume: %s, %s", c.State, got.State)
	}
	_, err = d.Counter.Open(d.ctx, kim, on(counter.Renew))
	refuses(t, err, lifecycle.ErrRenewEarly)
	c = d.approved(on(counter.Reissue), hong.Cards[1])
	next, err := d.Fetch(d.ctx, c.Application, r.NotAfter)
	must(t, err)
	if d.view(c.ID).State != counter.Done || d.state(r.Serial).State != ca.Revoked {
		t.Errorf("reissue: %s, the old one is %s", d.view(c.ID).State, d.state(r.Serial).State)
	}
	_, err = d.Counter.Open(d.ctx, kim, on(counter.Revoke))
	refuses(t, err, lifecycle.ErrRevoked)
	w = on(counter.Revoke)
	w.Serial, w.Reason, w.Invalidity = next.Serial, ca.KeyCompromise, d.now().AddDate(0, 0, 1)
	_, err = d.Counter.Open(d.ctx, kim, w)
	refuses(t, err, lifecycle.ErrInvalidity)
	w.Invalidity = d.now()
	c = d.approved(w, hong.Cards[0])
	if got := d.state(next.Serial); c.State != counter.Done || got.State != ca.Revoked || got.Reason != int(ca.KeyCompromise) || !got.InvalidityDate.Equal(w.Invalidity) {
		t.Errorf("revoke: %s, %+v", c.State, got)
	}
}

func TestRenew(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	r := d.holds(hong, npki.PersonalBank, 10)
	w := wish(hong, counter.Renew)
	w.Serial = strings.ToUpper(r.Serial)
	c := d.approved(w, hong.Cards[0])
	a, err := d.Store.Application(d.ctx, c.Application)
	must(t, err)
	if a.Way != enrolment.Renew || a.Replaces != r.Serial || a.State != enrolment.Proofed || a.Branch() != "012" || len(a.Consents) == 0 {
		t.Errorf("%+v", a)
	}
}

func TestLost(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	one, two := d.holds(hong, npki.PersonalBank, 100), d.holds(hong, npki.PersonalGeneral, 100)
	c := d.submitted(kim, wish(hong, counter.Lost), hong.Cards[0])
	if c.State != counter.Done || d.state(one.Serial).State != ca.Suspended || d.state(two.Serial).Desk != lifecycle.DeskLost {
		t.Errorf("%s, %+v", c.State, d.state(one.Serial))
	}
}

// An exception is asked for by one and approved by another, and makes room for
// one certificate.
func TestException(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	_, err := d.Counter.Open(d.ctx, kim, wish(hong, counter.Exception))
	refuses(t, err, counter.ErrNoException)
	d.holds(hong, npki.PersonalBank, 100)
	_, err = d.Counter.Open(d.ctx, kim, wish(hong, counter.Issue))
	refuses(t, err, ca.ErrPersonHolds)
	w := wish(hong, counter.Exception)
	w.Why = "왜"
	_, err = d.Counter.Open(d.ctx, kim, w)
	if what, _ := refuses(t, err, counter.ErrWish).Public("ko"); !strings.Contains(what, "사유") {
		t.Errorf("the field is called: %s", what)
	}
	c := d.approved(wish(hong, counter.Exception), hong.Cards[0])
	a, err := d.Store.Application(d.ctx, c.Application)
	must(t, err)
	p, err := d.Store.Proposal(d.ctx, a.Exception)
	must(t, err)
	if p.State != lifecycle.Approved || p.Maker != "kim" || p.Decider != "boss" {
		t.Errorf("%+v", p)
	}
	_, err = d.Fetch(d.ctx, c.Application, d.now().AddDate(1, 0, 0))
	must(t, err)
	if all, err := d.Store.CertificatesOf(d.ctx, c.SubscriberID); err != nil || len(all) != 2 {
		t.Errorf("%d certificates, %v", len(all), err)
	}
}

// An exception that a supervisor withdraws makes no room any more, online either.
func TestExceptionWithdrawn(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.holds(hong, npki.PersonalBank, 100)
	c := d.approved(wish(hong, counter.Exception), hong.Cards[0])
	_, err := d.Counter.Withdraw(d.ctx, boss, c.ID, "사기가 의심돼요")
	must(t, err)
	if id, err := d.Life.ApprovedException(d.ctx, c.SubscriberID, npki.PersonalBank); err != nil || id != "" {
		t.Errorf("an application online would use %q, %v", id, err)
	}
	a, err := d.Store.Application(d.ctx, c.Application)
	must(t, err)
	if p, err := d.Store.Proposal(d.ctx, a.Exception); err != nil || p.State != lifecycle.Rejected || a.State != enrolment.Abandoned {
		t.Errorf("%s, %s, %v", p.State, a.State, err)
	}
}

// A business sends somebody, and their papers.
func TestBusiness(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	w := counter.Wish{CustomerNumber: ingam.Number, Act: counter.Issue, Kind: npki.CorporateBank, Visitor: counter.Proxy}
	_, err := d.Counter.Open(d.ctx, kim, w)
	refuses(t, err, counter.ErrWish)
	w.VisitorName = "문대리"
	other := w
	other.Visitor = counter.Oneself
	_, err = d.Counter.Open(d.ctx, kim, other)
	refuses(t, err, counter.ErrWish)
	other = w
	other.Kind = npki.PersonalBank
	_, err = d.Counter.Open(d.ctx, kim, other)
	refuses(t, err, enrolment.ErrCorporate)
	c := d.open(kim, w)
	needs := d.Counter.Needs(c, ingam.Sort)
	var papers []string
	for _, n := range needs {
		papers = append(papers, strings.Trim(string(n.What)+":"+string(n.Paper), ":"))
	}
	if got, want := strings.Join(papers, " "), "proof scan:identity-card paper:application-form scan:business-registration "+
		"scan:corporate-seal scan:power-of-attorney consent"; got != want {
		t.Errorf("needs %s, want %s", got, want)
	}
	c = d.complete(kim, c, ingam.Cards[1])
	c, err = d.Counter.Submit(d.ctx, kim, c.ID, d.Signed(c.Kind))
	must(t, err)
	c, err = d.Counter.Decide(d.ctx, boss, c.ID, counter.Approve, "", 0)
	must(t, err)
	a, err := d.Store.Application(d.ctx, c.Application)
	must(t, err)
	if len(a.Proofs) != 1 || a.Proofs[0].Evidence["visitor"] == "" {
		t.Errorf("%+v", a.Proofs)
	}
}

// The core bank does not answer: what protects goes on, what makes a key waits.
func TestCoreBankDown(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.subscriber(hong)
	d.coreDown()
	c := d.open(kim, wish(hong, counter.Lost))
	if c.State != counter.Open {
		t.Errorf("%+v", c)
	}
	_, err := d.Counter.Open(d.ctx, kim, wish(hong, counter.Issue))
	if err == nil {
		t.Error("a key is made for somebody whom the core bank does not know now")
	}
	found, err := d.Counter.Customer(d.ctx, kim, hong.Number, "")
	if err != nil || !found.Stale || found.Subscriber.Name != hong.Name {
		t.Errorf("%+v, %v", found, err)
	}
	if _, err := d.Counter.Customer(d.ctx, kim, park.Number, ""); err == nil {
		t.Error("somebody who was never here is shown")
	}
}

// Nobody but the bank's own opens a case, and nobody for themselves.
func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	self := kim
	self.Self = d.subscriber(hong)
	for _, test := range []struct {
		name   string
		caller authz.Caller
		change func(*counter.Wish)
		want   error
	}{
		{"customer", authz.Caller{Role: authz.Customer, ID: d.subscriber(hong)}, nil, authz.ErrForbidden},
		{"operator", authz.Caller{Role: authz.Operator, ID: "op"}, nil, authz.ErrForbidden},
		{"auditor", authz.Caller{Role: authz.Auditor, ID: "audit"}, nil, authz.ErrForbidden},
		{"own matter", self, nil, authz.ErrOwnMatter},
		{"no branch", authz.Caller{Role: authz.Teller, ID: "nowhere"}, nil, authz.ErrElsewhere},
		{"another branch's customer", far, nil, authz.ErrUnexplained},
		{"dead", kim, func(w *counter.Wish) { w.CustomerNumber = koh.Number }, counter.ErrDeceased},
		{"act", kim, func(w *counter.Wish) { w.Act = "steal" }, counter.ErrWish},
		{"kind", kim, func(w *counter.Wish) { w.Kind = "x" }, counter.ErrWish},
		{"visitor", kim, func(w *counter.Wish) { w.Visitor = counter.Proxy }, counter.ErrWish},
		{"reason why", kim, func(w *counter.Wish) { w.Why = strings.Repeat("가", 501) }, counter.ErrWish},
		{"line in a reason", kim, func(w *counter.Wish) { w.Explained = "a\x00b because" }, counter.ErrWhy},
		{"serial of nobody", kim, func(w *counter.Wish) { w.Act, w.Kind, w.Serial = counter.Revoke, "", "0a0b" }, ca.ErrNotFound},
		{"no serial", kim, func(w *counter.Wish) { w.Act, w.Kind = counter.Revoke, "" }, counter.ErrWish},
		{"reason", kim, func(w *counter.Wish) { w.Act, w.Kind, w.Serial, w.Reason = counter.Revoke, "", "0a", ca.OnHold }, counter.ErrWish},
		{"child", kim, func(w *counter.Wish) { w.CustomerNumber = people[9].Number }, enrolment.ErrChildAtBranch},
	} {
		w := wish(hong, counter.Issue)
		if test.change != nil {
			test.change(&w)
		}
		_, err := d.Counter.Open(d.ctx, test.caller, w)
		if err == nil || !isFault(err, test.want) {
			t.Errorf("%s: %v, want %v", test.name, err, test.want)
		}
	}
	denied := 0
	for _, e := range d.entries(authz.OpenCase) {
		if e.Outcome == audit.Denied && e.Object == "subscriber:"+self.Self {
			denied++
		}
	}
	if denied != 1 { // of another branch's; of one's own subscriber refuses
		t.Errorf("%d denials name the customer", denied)
	}
	w := wish(hong, counter.Issue)
	w.Explained = "고객이 이 영업점에 와 있어요"
	if c := d.open(far, w); c.Branch != "101" {
		t.Errorf("opened at %s", c.Branch)
	}
	d.open(kim, wish(seo, counter.Issue)) // whom no branch looks after
	_ = countertest.System
}
