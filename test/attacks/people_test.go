package attacks_test

import (
	"crypto/rsa"
	"crypto/x509"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/server"
)

var personHolds = refusal{409, 4001, "certificate-held"}

// "I apply in the name of the dead, of a child, of a company, as a company. I
// choose a kind that is not for me, or that there is not."
func TestWhoMayApply(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, attack := range []struct {
		login string
		kind  client.Kind
		want  refusal
	}{
		{"koh", client.KindPersonalBank, refusal{422, 2116, "deceased"}},
		{"yoon", client.KindPersonalBank, refusal{422, 2115, "under-14"}},
		{"ingamco", client.KindPersonalBank, refusal{422, 2113, "corporate-at-personal-kind"}},
		{"hong", client.KindCorporateBank, refusal{422, 2114, "person-at-corporate-kind"}},
		{"ingamco", client.KindCorporateGeneral, refusal{422, 2112, "kind-not-online"}},
		{"koh", client.KindCorporateBank, refusal{422, 2116, "deceased"}},
	} {
		p := w.logIn(attack.login)
		for _, p.lang = range []string{"ko", "en"} {
			e := p.send("POST", "/api/v1/applications", encode(t, client.StartRequest{Kind: attack.kind})).err()
			w.refused(e, attack.want, audit.Refused)
		}
		if all, e := p.Applications(t.Context()); e != nil || len(all) != 0 {
			t.Errorf("%s has %d applications: %v", attack.login, len(all), e)
		}
	}
	for _, kind := range []string{"personal-universal", "root", "ca", "ocsp", "PERSONAL-BANK", "personal-bank ", "개인"} {
		e := w.logIn("hong").send("POST", "/api/v1/applications", encode(t, map[string]string{"kind": kind})).err()
		w.turnedAway(e, refusal{400, 2111, "kind-unknown"})
	}
	p := w.logIn("hong")
	p.finish(p.start(client.KindPersonalBank), 0)
}

// "The card is stolen, expired, unreadable, of another kind; the name has
// changed; there is no phone, no token. I try with what there is."
func TestPoorProofs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	card := func(n int) func(p *person, id string) error {
		return func(p *person, id string) error {
			return err(p.ProveIDCard(p.ctx(), id, p.cardOf(p.s.Cards[n])))
		}
	}
	as := func(document client.Document) func(p *person, id string) error {
		return func(p *person, id string) error {
			c := p.cardOf(p.s.Cards[0])
			c.Document = document
			return err(p.ProveIDCard(p.ctx(), id, c))
		}
	}
	anyOTP := func(p *person, id string) error { return err(p.ProveOTP(p.ctx(), id, "123456")) }
	underBankName := func(p *person, id string) error {
		c := p.cardOf(p.s.Cards[0])
		c.Name = p.s.Name
		return err(p.ProveIDCard(p.ctx(), id, c))
	}
	step := func(name string) func(p *person, id string) error {
		return func(p *person, id string) error { return p.step(id, name) }
	}
	for _, attack := range []struct {
		login  string
		do     func(p *person, id string) error
		want   refusal
		goesOn bool // there is another way for them, online
	}{
		{"park", card(0), refusal{422, 3202, "id-card-lost"}, false},
		{"choi", card(0), refusal{422, 3203, "id-card-expired"}, true},
		{"jung", card(0), refusal{422, 3204, "id-card-unreadable"}, false},
		{"kang", card(0), refusal{422, 3205, "name-differs"}, false},
		{"bae", card(0), refusal{422, 3205, "name-differs"}, false},
		{"bae", underBankName, cardMismatch, false},
		{"sample", as(client.DocumentResidentCard), refusal{422, 3001, "document-not-accepted"}, true},
		{"hong", as(client.DocumentAlienRegistrationCard), refusal{422, 3001, "document-not-accepted"}, true},
		{"moo", step("phone-code"), refusal{422, 3506, "phone-none"}, false},
		{"noh", anyOTP, refusal{422, 3404, "otp-none"}, false},
		{"jang", step("account"), refusal{422, 3302, "account-locked"}, false},
		{"seo", anyOTP, refusal{422, 3403, "otp-locked"}, false},
	} {
		p := w.logIn(attack.login)
		id := p.start(client.KindPersonalBank)
		p.goTo(id, client.NeedIDCard)
		w.refused(attack.do(p, id), attack.want, audit.Refused)
		if attack.goesOn {
			p.finish(id, map[string]int{"choi": 0, "sample": 1, "hong": 2}[attack.login])
			continue
		}
		// No way round: the key is not asked for without all the proofs.
		if e := err(p.KeyRequest(t.Context(), id)); e == nil {
			t.Errorf("%s gets on without the proof", attack.login)
		}
	}
}

// "Between the proofs and the certificate the customer dies, or becomes
// somebody else at the bank. The certificate will be in the old name."
func TestChangedMeanwhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for login, attack := range map[string]struct {
		change func(*simulator.Sample)
		want   refusal
	}{
		"hong": {func(s *simulator.Sample) { s.Name = "홍길순" }, refusal{422, 2117, "person-changed"}},
		"kim":  {func(s *simulator.Sample) { s.Deceased = true }, refusal{422, 2116, "deceased"}},
		"choi": {func(s *simulator.Sample) { s.IdentityNumber, s.Birth = "1605053000107"[:12]+"8", "20160505" }, refusal{422, 2115, "under-14"}},
	} {
		p := w.logIn(login)
		id := p.start(client.KindPersonalBank)
		p.goTo(id, client.NeedKey)
		o := p.order(id)
		before := p.s
		w.Simulator().Update(p.s.Number, attack.change)
		w.refused(p.certify(id, o.honest(0)), attack.want, audit.Refused)
		w.Simulator().Update(p.s.Number, func(s *simulator.Sample) { *s = before })
		w.refused(p.certify(id, o.honest(0)), refusal{410, 2104, "application-rejected"}, audit.Refused)
		if login == "hong" { // a slip of the bank's: they apply anew
			p.finish(p.start(client.KindPersonalBank), 1)
		}
	}
}

// "One certificate of a kind is all that a person gets. I want two: one after
// the other, or both at once."
func TestSecondCertificate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.logIn("kim")
	// Ten windows at once: one application.
	var mu sync.Mutex
	ids := map[string]bool{}
	atOnce(10, func(int) error {
		a, _, e := p.Start(t.Context(), client.KindPersonalBank)
		mu.Lock()
		defer mu.Unlock()
		ids[a.ID] = true
		return e
	})
	if len(ids) != 1 || ids[""] {
		t.Fatalf("ten windows have %d applications", len(ids))
	}
	id := p.start(client.KindPersonalBank)
	p.goTo(id, client.NeedKey)
	// Six keys at once: one certificate.
	o := p.order(id)
	var requests [len(testKeys)][]byte
	for n := range requests {
		requests[n] = o.honest(n)
	}
	said := atOnce(len(requests), func(n int) error { return p.certify(id, requests[n]) })
	if said["done"] != 1 || said[otherKey.name] != len(requests)-1 {
		t.Errorf("six keys at once: %v", said)
	}
	all, e := p.Certificates(t.Context())
	if must(w, all, e); len(all) != 1 {
		t.Fatalf("there are %d certificates", len(all))
	}
	// Another application, now or later.
	for _, p.lang = range []string{"ko", "en"} {
		e := p.send("POST", "/api/v1/applications", encode(t, client.StartRequest{Kind: client.KindPersonalBank})).err()
		w.refused(e, personHolds, audit.Refused)
	}
	said = atOnce(10, func(int) error { return err3(p.Start(t.Context(), client.KindPersonalBank)) })
	if said[personHolds.name] != 10 {
		t.Errorf("ten more windows: %v", said)
	}
	// Held back is not given back; revoked is.
	operator := server.Operator("tester")
	if e := w.Desk().Authority.Hold(t.Context(), operator, all[0].Serial, "bank"); e != nil {
		t.Fatal(e)
	}
	w.refused(err3(p.Start(t.Context(), client.KindPersonalBank)), personHolds, audit.Refused)
	if e := w.Desk().Authority.Revoke(t.Context(), operator, all[0].Serial, ca.KeyCompromise, time.Time{}); e != nil {
		t.Fatal(e)
	}
	next := p.start(client.KindPersonalBank)
	p.goTo(next, client.NeedKey)
	// The key of a revoked certificate stays used: it was revoked for a reason.
	leaf, e := x509.ParseCertificate(all[0].Certificate)
	must(w, leaf, e)
	won := slices.IndexFunc(testKeys[:], func(k func() *rsa.PrivateKey) bool { return k().PublicKey.Equal(leaf.PublicKey) })
	w.refused(p.certify(next, p.order(next).honest(won)), keyUsed, audit.Refused)
	p.finish(next, (won+1)%len(testKeys))
	if all, e = p.Certificates(t.Context()); e != nil || len(all) != 2 {
		t.Errorf("there are %d certificates: %v", len(all), e)
	}
}

// "I press the button twenty times, and cancel in between. Something will be
// counted twice, or half."
func TestImpatience(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.logIn("hong")
	id := p.start(client.KindPersonalBank)
	said := atOnce(10, func(int) error { return err(p.Consent(t.Context(), id, p.terms())) })
	said2 := atOnce(10, func(int) error { return err(p.ProveAccount(t.Context(), id, p.s.Account, p.s.AccountPassword)) })
	if said["done"] != 10 {
		t.Errorf("consent ten times at once: %v", said)
	}
	// More at once than there are tries: those over are locked for the moment,
	// and none of it is left once one was right.
	if said2["done"] == 0 || said2["done"]+said2[factorLocked.name] != 10 {
		t.Errorf("the right account ten times at once: %v", said2)
	}
	p.goTo(id, client.NeedKey)
	o := p.order(id)
	csr := o.honest(0)
	said = atOnce(20, func(n int) error {
		if n%4 == 3 {
			return p.Abandon(t.Context(), id)
		}
		return p.certify(id, csr)
	})
	a, e := p.Application(t.Context(), id)
	must(w, a, e)
	all, e := p.Certificates(t.Context())
	must(w, all, e)
	switch {
	case a.State == client.ApplicationStateIssued && len(all) == 1 && all[0].Serial == a.Serial:
		p.owns(all[0], 0, o.r)
	case a.State == client.ApplicationStateAbandoned && len(all) == 0:
		p.finish(p.start(client.KindPersonalBank), 0)
	default:
		t.Errorf("the application is %s with %d certificates: %v", a.State, len(all), said)
	}
}
