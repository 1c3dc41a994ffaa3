package attacks_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/server"
)

var (
	emergencyForm   = refusal{400, 2321, "emergency-code-form"}
	emergencyWrong  = refusal{422, 2322, "emergency-code-wrong"}
	emergencyLocked = refusal{423, 2323, "emergency-code-locked"}
	heldElsewhere   = refusal{422, 2312, "suspended-elsewhere"}
	otherDesk       = refusal{422, 4015, "other-desk"}
)

// code asks for the emergency code of a holder's certificate.
func (h *holder) code() string {
	h.w.t.Helper()
	code, err := h.EmergencyCode(h.ctx(), h.made.Serial)
	must(h.w, code, err)
	h.w.vault.keep("emergency code", code)
	h.w.vault.keep("emergency code", strings.ReplaceAll(code, "-", ""))
	return code
}

// lost reports a loss by a code, from an address.
func (p *person) lost(code, from string) answer {
	p.w.t.Helper()
	return p.send("POST", "/api/v1/loss/emergency-code", encode(p.w.t, client.LossByCode{Code: code}), header("X-Forwarded-For", from))
}

// guessed makes the n-th code that looks like one: its last letter fits, as one
// who reads the program finds out.
func guessed(t *testing.T, n int) string {
	t.Helper()
	for _, check := range "0123456789ABCDEFGHJKMNPQRSTVWXYZ" {
		code := fmt.Sprintf("%015d%c", n, check)
		if _, err := lifecycle.ParseCode(code); err == nil {
			return code
		}
	}
	t.Fatal("no letter fits")
	return ""
}

// "Who has an emergency code can stop all of somebody's certificates, and needs
// no login. I guess codes: many, from one place and from many at once, with the
// right check letter. From what is answered I learn who has one."
func TestGuessingEmergencyCodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, behindProxy)
	victim := w.holder("hong")
	right := victim.code()
	thief := w.visitor("ko")

	// What can't be a code is told so, and is no try; it tells nothing either.
	for _, typed := range []string{"0", strings.Repeat("0", 15) + "1", strings.Repeat("0", 17), right[:18], "' OR 1=1 --", right + "X", strings.Repeat("가", 60)} {
		w.refused(thief.lost(typed, "198.51.100.7").err(), emergencyForm, audit.Refused)
	}
	var first []byte
	for n := range tries {
		thief.lang = []string{"ko", "en"}[n%2]
		a := thief.lost(guessed(t, n), "198.51.100.7")
		w.refused(a.err(), emergencyWrong, audit.Refused)
		if n == 0 {
			first = anonymous(a)
		} else if n%2 == 0 && !bytes.Equal(first, anonymous(a)) {
			t.Errorf("two wrong codes are answered differently:\n%s\n%s", first, a.body)
		}
	}
	for _, thief.lang = range []string{"ko", "en"} {
		p := w.refused(thief.lost(guessed(t, 99), "198.51.100.7").err(), emergencyLocked, audit.Refused)
		if p.RetryAfter <= 0 || p.RetryAfter > 30*time.Minute || !strings.Contains(p.Detail, "1588-0000") {
			t.Errorf("locked out without a way out: %q, again in %v", p.Detail, p.RetryAfter)
		}
		// The right one is not told from a wrong one now.
		w.refused(thief.lost(right, "198.51.100.7").err(), emergencyLocked, audit.Refused)
	}
	victim.stands(ca.Valid)

	// A line has many addresses of its own in IPv6: they count as one.
	for n := range tries {
		w.refused(thief.lost(guessed(t, 100+n), fmt.Sprintf("2001:db8:1:2::%x", n+1)).err(), emergencyWrong, audit.Refused)
	}
	w.refused(thief.lost(guessed(t, 199), "2001:db8:1:2:ffff::1").err(), emergencyLocked, audit.Refused)
	w.refused(thief.lost(guessed(t, 199), "2001:db8:1:3::1").err(), emergencyWrong, audit.Refused)

	// At once: no more answers than tries.
	said := atOnce(3*tries, func(n int) error { return thief.lost(guessed(t, 200+n), "198.51.100.8").err() })
	if said[emergencyWrong.name] > tries || said[emergencyWrong.name]+said[emergencyLocked.name] != 3*tries {
		t.Errorf("guessing at once: %v", said)
	}
	// The lock ends; and the rightful one is not held up by all this.
	w.clock.move(31 * time.Minute)
	w.refused(thief.lost(guessed(t, 300), "198.51.100.7").err(), emergencyWrong, audit.Refused)
	helper := w.visitor("en")
	if a := helper.lost(" "+strings.ToLower(right)+" ", "203.0.113.5"); a.status != 200 || bytes.Contains(a.body, []byte(victim.s.Name)) {
		t.Fatalf("the right code: %d %s", a.status, a.body)
	}
	victim.stands(ca.Suspended)

	// The code of one who holds nothing any more is like nobody's.
	must(w, 0, w.Desk().Authority.Revoke(t.Context(), server.Operator("tester"), victim.made.Serial, ca.KeyCompromise, time.Time{}))
	helper.lang = "ko"
	a := helper.lost(right, "203.0.113.6")
	w.refused(a.err(), emergencyWrong, audit.Refused)
	if !bytes.Equal(first, anonymous(a)) {
		t.Errorf("a code that is over and one that never was are answered differently:\n%s\n%s", first, a.body)
	}
	victim.person = w.logIn("hong")
	victim.finish(victim.start(client.KindPersonalBank), 2)
}

// "A branch has suspended the certificate, since somebody there had a doubt. I
// have everything that the web asks for: I resume it there, or with an
// application that I had begun before."
func TestResumeAtWrongDesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.holder("hong")
	ctx, branch, operator := t.Context(), lifecycle.Branch("001"), server.Operator("tester")
	life := w.Desk().Lifecycle()
	// Begun while it was suspended online, and suspended anew by a branch.
	if _, err := h.Suspend(ctx, h.made.Serial); err != nil {
		t.Fatal(err)
	}
	id := h.startFor(client.ChangeWayResume)
	h.goTo(id, client.NeedResume)
	r, err := life.Resume(ctx, operator, h.made.Serial, lifecycle.DeskOnline)
	must(w, r, err)
	r, err = life.Suspend(ctx, operator, h.made.Serial, branch)
	must(w, r, err)
	for _, h.lang = range []string{"ko", "en"} {
		w.refused(h.send("POST", "/api/v1/applications/"+id+"/resume", nil).err(), heldElsewhere, audit.Refused)
	}
	if err := h.Abandon(ctx, id); err != nil {
		t.Fatal(err)
	}
	for _, way := range []client.ChangeWay{client.ChangeWayResume, client.ChangeWayReissue} {
		for _, h.lang = range []string{"ko", "en"} {
			err := h.send("POST", "/api/v1/applications", encode(t, client.StartRequest{Way: way, Certificate: h.made.Serial})).err()
			p := w.refused(err, heldElsewhere, audit.Refused)
			if !strings.Contains(p.Detail, "1588-0000") {
				t.Errorf("no way out: %s", p.Detail)
			}
		}
	}
	// Another branch can't either, nor a customer who calls themselves one.
	for _, desk := range []string{lifecycle.Branch("002"), lifecycle.DeskOnline, lifecycle.DeskLost, lifecycle.DeskBank, "branch:001 ", ""} {
		_, err := life.Resume(ctx, operator, h.made.Serial, desk)
		wantFault(t, err, otherDesk)
	}
	customer := authz.Caller{Role: authz.Customer, ID: must(w, r, err).SubscriberID, Request: "attack"}
	if _, err := life.Resume(ctx, customer, h.made.Serial, branch); err == nil {
		t.Error("a customer resumes at a branch without an application")
	}
	if _, err := life.Suspend(ctx, customer, h.made.Serial, branch); err == nil {
		t.Error("a customer suspends in a branch's name")
	}
	h.stands(ca.Suspended)
	r, err = life.Resume(ctx, operator, h.made.Serial, branch)
	if must(w, r, err).State != ca.Valid {
		t.Error("the branch that suspended it can't resume it")
	}
}

// "I have my own session, and the serial number of somebody's certificate: I
// end it, stop it, have its emergency code shown. And with a session of theirs
// that I found open, but not their token, I guess."
func TestRevokingAnothers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	victim, thief := w.holder("hong"), w.logIn("kim")
	own := w.logIn("kim")
	spent := own.otp()
	serial := victim.made.Serial
	revocation := encode(t, client.RevocationRequest{Reason: client.CustomerReasonKeyCompromise, OTP: spent})
	for _, try := range []struct {
		method, path string
		body         []byte
	}{
		{"POST", "/suspension", nil}, {"POST", "/revocation", revocation}, {"GET", "/emergency-code", nil},
	} {
		for _, thief.lang = range []string{"ko", "en"} {
			theirs := thief.send(try.method, "/api/v1/certificates/"+serial+try.path, try.body)
			none := thief.send(try.method, "/api/v1/certificates/0a1b0a1b0a1b0a1b"+try.path, try.body)
			w.refused(theirs.err(), certificateUnknown, audit.Denied)
			w.refused(none.err(), certificateUnknown, audit.Refused)
			if !bytes.Equal(anonymous(theirs), anonymous(none)) {
				t.Errorf("another's certificate and none look different:\n%s%s", theirs.body, none.body)
			}
		}
	}
	victim.stands(ca.Valid)

	// A session without the token: five guesses, then no more, not even right.
	guess := func(otp string) error {
		return victim.send("POST", "/api/v1/certificates/"+serial+"/revocation",
			encode(t, client.RevocationRequest{Reason: client.CustomerReasonUnspecified, OTP: otp})).err()
	}
	wrong := "000000"
	if code := victim.otp(); code == wrong {
		wrong = "000001"
	}
	for range tries - 1 {
		w.refused(guess(wrong), otpWrong, audit.Refused)
	}
	for _, victim.lang = range []string{"ko", "en"} {
		w.refused(guess(wrong), factorLocked, audit.Refused)
	}
	w.refused(guess(victim.otp()), factorLocked, audit.Refused)
	victim.stands(ca.Valid)
	// Nor is that a way around the lock of an application.
	victim.lang = "ko"
	if _, err := victim.Suspend(t.Context(), serial); err != nil {
		t.Fatal(err)
	}
	id := victim.startFor(client.ChangeWayReissue)
	victim.give(id, client.NeedConsent)
	w.refused(victim.send("POST", "/api/v1/applications/"+id+"/proofs/otp", encode(t, client.CodeProof{Code: victim.otp()})).err(), factorLocked, audit.Refused)
	// In half an hour the rightful one goes on. The thief's code was not spent.
	victim.wait(31 * time.Minute)
	victim.finish(id, 2)
	victim.stands(ca.Revoked)
	kim := w.logIn("kim")
	kim.finish(kim.start(client.KindPersonalBank), 1)
}

// "I am Kim. With my own papers I have Hong's certificate reissued; with Hong's
// papers, which I found, mine."
func TestReissueForAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	victim, thief := w.holder("hong"), w.holder("kim")
	w.clock.move(time.Minute)
	err := thief.send("POST", "/api/v1/applications", encode(t, client.StartRequest{Way: client.ChangeWayReissue, Certificate: victim.made.Serial})).err()
	w.refused(err, certificateUnknown, audit.Denied)
	id := thief.startFor(client.ChangeWayReissue)
	thief.give(id, client.NeedConsent)
	path := "/api/v1/applications/" + id
	w.refused(thief.send("POST", path+"/proofs/id-card", encode(t, victim.card())).err(), cardMismatch, audit.Refused)
	w.refused(thief.send("POST", path+"/proofs/account", encode(t, client.AccountProof{Account: victim.s.Account, Password: victim.s.AccountPassword})).err(),
		accountWrong, audit.Refused)
	w.refused(thief.send("POST", path+"/proofs/otp", encode(t, client.CodeProof{Code: victim.otp()})).err(), otpWrong, audit.Refused)
	thief.sendCode(id)
	// Nor does a renewal's way around the ID card serve for it.
	w.refused(thief.send("POST", path+"/key-request", nil).err(), refusal{409, 2132, "proof-first"}, audit.Refused)
	w.refused(thief.send("POST", path+"/resume", nil).err(), refusal{409, 2109, "application-way"}, audit.Refused)
	thief.stands(ca.Valid)
	victim.stands(ca.Valid)
	made := thief.finish(id, 2) // of the thief, by the thief's own proofs
	if made.Replaces != thief.made.Serial {
		t.Errorf("it replaces %s", made.Replaces)
	}
	victim.stands(ca.Valid)
	w.clock.move(time.Minute)
	victim.finish(victim.startFor(client.ChangeWayReissue), 3)
}
