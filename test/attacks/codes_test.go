package attacks_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/letters"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
	"github.com/ingam-pki/ingam/internal/server"
	"github.com/ingam-pki/ingam/pki/npki"
)

var (
	referenceForm = refusal{400, 2501, "reference-form"}
	authorForm    = refusal{400, 2502, "authorization-code-form"}
	codesWrong    = refusal{422, 2511, "codes-wrong"}
	codesLocked   = refusal{423, 2512, "codes-locked"}
	codesSpent    = refusal{410, 2513, "codes-spent"}
	codesDead     = refusal{410, 2516, "codes-dead"}
	codesNeeded   = refusal{422, 2535, "codes-needed"}
	elsewhereNow  = refusal{401, 1016, "redeemed-elsewhere"}
)

// visits has a sample apply at a branch, and gives what they walk out with.
func (w *world) visits(loginID string) server.Visited {
	w.t.Helper()
	v, err := w.Visit(w.t.Context(), server.Visit{LoginID: loginID, Branch: "014", Way: enrolment.Issue, Kind: npki.PersonalBank, By: redeem.Print})
	must(w, v, err)
	w.vault.keep("authorization code", v.Slip.Code)
	w.vault.keep("authorization code", strings.ReplaceAll(v.Slip.Code, "-", ""))
	w.vault.keep("reference number", v.Slip.Reference)
	return v
}

// enter shows a pair, from an address.
func (p *person) enter(reference, code, from string) answer {
	p.w.t.Helper()
	return p.send("POST", "/api/v1/redemptions", encode(p.w.t, client.Redemption{Reference: reference, Code: code}), header("X-Forwarded-For", from))
}

// aCode makes the n-th code whose last letter fits.
func aCode(n int) string { return redeem.FormatCode(letters.Of(fmt.Appendf(nil, "guess %06d", n), 20)) }

// aReference makes the n-th number whose last digit fits.
func aReference(t *testing.T, n int) string {
	t.Helper()
	for last := range 10 {
		if number, err := redeem.ParseReference(fmt.Sprintf("%09d%d", n, last)); err == nil {
			return redeem.FormatReference(number)
		}
	}
	t.Fatal("no digit fits")
	return ""
}

// "A slip lies at the printer, its lower half is torn off: I have the number and
// guess the code. I guess numbers, too, and learn from the answers which there
// are; from one place and from many, one after the other and at once."
func TestGuessingCodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, behindProxy)
	victim := w.visits("hong")
	thief := w.visitor("ko")
	ref, code := victim.Slip.Reference, victim.Slip.Code

	for _, typed := range []string{"0", "012-345-6789", "' OR 1=1 --", ref + "0", strings.Repeat("가", 60)} {
		w.refused(thief.enter(typed, code, "198.51.100.1").err(), referenceForm, audit.Refused)
		w.refused(thief.enter(ref, typed, "198.51.100.1").err(), authorForm, audit.Refused)
	}
	// A number that there is and one that there is not are answered alike.
	for _, thief.lang = range []string{"ko", "en"} {
		right := thief.enter(ref, aCode(1), "198.51.100.2")
		unknown := thief.enter(aReference(t, 1), code, "198.51.100.2")
		w.refused(right.err(), codesWrong, audit.Refused)
		w.refused(unknown.err(), codesWrong, audit.Refused)
		if !bytes.Equal(anonymous(right), anonymous(unknown)) {
			t.Errorf("answered differently:\n%s\n%s", right.body, unknown.body)
		}
	}
	// Two are used up. Of all that come at once, three are judged, and no more.
	said := atOnce(30, func(n int) error { return thief.enter(ref, aCode(100+n), fmt.Sprintf("203.0.113.%d", n)).err() })
	if said[codesWrong.name] != 30 {
		t.Errorf("guessing at once: %v", said)
	}
	w.refused(thief.enter(ref, code, "198.51.100.3").err(), codesDead, audit.Refused)
	// From one line ten, whatever address of it.
	for n := range 10 {
		w.refused(thief.enter(aReference(t, 50+n), aCode(n), fmt.Sprintf("2001:db8:1:2::%x", n+1)).err(), codesWrong, audit.Refused)
	}
	p := w.refused(thief.enter(aReference(t, 99), aCode(99), "2001:db8:1:2:ffff::1").err(), codesLocked, audit.Refused)
	if p.RetryAfter <= 0 || p.RetryAfter > 30*time.Minute || !strings.Contains(p.Detail, "1588-0000") {
		t.Errorf("locked out without a way out: %q, again in %v", p.Detail, p.RetryAfter)
	}
	w.refused(thief.enter(aReference(t, 99), aCode(99), "2001:db8:1:3::1").err(), codesWrong, audit.Refused)

	// The branch hands out new ones, and the customer gets the certificate.
	slip, err := w.HandOut(t.Context(), victim.Application, redeem.Print)
	must(w, slip, err)
	w.vault.keep("authorization code", slip.Code)
	customer := w.visitor("ko")
	if a := customer.enter(slip.Reference, slip.Code, "203.0.113.200"); a.status != 200 || bytes.Contains(a.body, []byte(w.sample("hong").Name)) {
		t.Fatalf("the new ones: %d %s", a.status, a.body)
	}
	a, err := customer.Redeem(t.Context(), slip.Reference, slip.Code)
	must(w, a, err)
	if err := customer.certify(victim.Application, customer.order(victim.Application).honest(0)); err != nil {
		t.Error(err)
	}
}

// "I have a slip. With the session that it gives I look for more: the person,
// their other certificates, other applications. I show it again after the
// certificate is made, and go on in the browser that I opened before."
func TestCodesOpenOneApplication(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner := w.holder("kim")
	other := owner.start(client.KindPersonalGeneral)
	victim := w.visits("hong")
	thief := w.visitor("en")
	a, err := thief.Redeem(t.Context(), victim.Slip.Reference, victim.Slip.Code)
	if must(w, a, err); a.ID != victim.Application || a.Branch != "014" || len(a.Needs) != 1 {
		t.Fatalf("it opens %+v", a)
	}
	walked := 0
	for _, o := range routes(t, 20, func(o operation) bool { return ofAPI(o) && o.session && !o.redemption }) {
		w.turnedAway(thief.send(o.method, o.at(a.ID), o.sample(t)).err(), notLoggedIn)
		walked++
	}
	for _, o := range routes(t, 3, func(o operation) bool { return ofOne(o) && o.redemption }) {
		if o.body != nil {
			continue // the making of the certificate: below
		}
		w.refused(thief.send(o.method, o.at(other), nil).err(), applicationUnknown, audit.Denied)
	}
	w.refused(thief.certify(other, thief.order(a.ID).honest(1)), applicationUnknown, audit.Denied)
	for _, path := range []string{"", "/emergency-code"} {
		got := thief.send("GET", "/api/v1/certificates/"+owner.made.Serial+path, nil)
		refusal{404, 4010, "certificate-unknown"}.is(t, got.err())
	}

	// The customer shows the same pair: the thief's browser is out, at once.
	customer := w.visitor("ko")
	a, err = customer.Redeem(t.Context(), victim.Slip.Reference, victim.Slip.Code)
	must(w, a, err)
	w.turnedAway(thief.send("GET", "/api/v1/applications/"+a.ID, nil).err(), elsewhereNow)
	w.turnedAway(thief.send("GET", "/api/v1/applications/"+a.ID, nil).err(), notLoggedIn)
	order := customer.order(a.ID)
	csr := order.honest(0)
	if err := customer.certify(a.ID, csr); err != nil {
		t.Fatal(err)
	}
	// Shown again the pair is spent, for whoever has not its key.
	for _, from := range []*person{thief, w.visitor("ko"), customer} {
		_, err := from.Redeem(t.Context(), victim.Slip.Reference, victim.Slip.Code)
		w.refused(err, codesSpent, audit.Refused)
	}
	// And the request that was overheard gets nobody anything.
	w.turnedAway(w.visitor("ko").certify(a.ID, csr), notLoggedIn)
	if walked == 0 {
		t.Error("no route was walked")
	}
}

// "I know the customer's bank password. They have been to a branch: their
// identity is proven. I log in and make the key before they do."
func TestLoginIsNoCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	victim := w.visits("hong")
	thief := w.logIn("hong")
	id := victim.Application
	if a, err := thief.Application(t.Context(), id); err != nil || a.Branch != "014" {
		t.Fatalf("the customer's own application: %+v %v", a, err)
	}
	_, err := thief.KeyRequest(t.Context(), id)
	w.refused(err, codesNeeded, audit.Refused)
	browser := w.visitor("ko")
	a, err := browser.Redeem(t.Context(), victim.Slip.Reference, victim.Slip.Code)
	must(w, a, err)
	order := browser.order(id)
	w.refused(thief.certify(id, order.honest(1)), codesNeeded, audit.Refused)
	_, err = thief.SendPhoneCode(t.Context(), id)
	w.refused(err, refusal{409, 2109, "application-way"}, audit.Refused)
	if err := browser.certify(id, order.honest(0)); err != nil {
		t.Error(err)
	}
}
