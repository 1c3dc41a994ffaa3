package attacks_test

import (
	"bytes"
	"crypto/rand"
	"crypto/x509"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/server"
	"github.com/ingam-pki/ingam/pki/cms"
)

var (
	certificateUnknown = refusal{404, 4010, "certificate-unknown"}
	oldKey             = refusal{422, 2146, "old-key"}
	notSignedFor       = refusal{415, 1022, "request-unsigned"}
	renewEarly         = refusal{422, 2311, "renewal-early"}
	isSuspended        = refusal{409, 2303, "certificate-is-suspended"}
	isRevoked          = refusal{409, 2304, "certificate-is-revoked"}
	isExpired          = refusal{409, 2305, "certificate-is-expired"}
)

// untilDue lets time pass until so long before the end of a certificate.
func (h *holder) untilDue(before time.Duration) {
	h.w.t.Helper()
	h.wait(h.cert.NotAfter.Add(-before).Sub(h.w.clock.Now()))
}

// startFor begins an application about the holder's certificate.
func (h *holder) startFor(way client.ChangeWay) string {
	h.w.t.Helper()
	a, _, err := h.StartFor(h.ctx(), way, h.made.Serial)
	return must(h.w, a, err).ID
}

// handIn hands in the request of a renewal as raw HTTP does.
func (p *person) handIn(id string, signed []byte) error {
	p.w.t.Helper()
	return p.send("POST", "/api/v1/applications/"+id+"/certificate",
		encode(p.w.t, client.CertifyRequest{Type: client.RequestTypeApplicationPkcs7Mime, CSR: signed})).err()
}

// renewal makes the signed request of a renewal, honestly, with key number n.
func (h *holder) renewal(id string, n int) (signed []byte, o *order) {
	h.w.t.Helper()
	o = h.order(id)
	return h.sign(string(o.honest(n)), cms.SignOptions{}), o
}

// renew is the proof that the rightful one can still renew: with key number n.
func (h *holder) renew(id string, n int) *holder {
	h.w.t.Helper()
	h.goTo(id, client.NeedKey)
	signed, o := h.renewal(id, n)
	made, created, err := h.Renew(h.ctx(), id, signed)
	if err != nil || !created || made.Replaces != h.made.Serial {
		h.w.t.Fatalf("%s can't renew: created %v, %v", h.s.LoginID, created, err)
	}
	h.owns(made, n, o.r)
	cert, err := x509.ParseCertificate(made.Certificate)
	return &holder{h.person, must(h.w, cert, err), testKeys[n](), made}
}

// stands sees how the bank's register has a certificate.
func (h *holder) stands(want ca.State) {
	h.w.t.Helper()
	r, err := h.w.Desk().Store.Certificate(h.ctx(), h.made.Serial)
	if got := must(h.w, r, err).StateAt(h.w.clock.Now()); got != want {
		h.w.t.Errorf("the certificate is %s, want %s", got, want)
	}
}

// "Their certificate ends soon. I begin its renewal in my own session; or my
// own, and sign for my key with their certificate, whose file I have copied; or
// with one that only looks like theirs."
func TestRenewWithAnothers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	victim, thief := w.holder("hong"), w.holder("kim")
	thief.untilDue(10 * 24 * time.Hour)
	if err := victim.LogOut(t.Context()); err == nil { // time has ended that session
		t.Error("a session has lasted for months")
	}
	for _, way := range []client.ChangeWay{client.ChangeWayRenew, client.ChangeWayReissue, client.ChangeWayResume} {
		for _, thief.lang = range []string{"ko", "en"} {
			try := func(serial string) answer {
				return thief.send("POST", "/api/v1/applications", encode(t, client.StartRequest{Way: way, Certificate: serial}))
			}
			theirs, none := try(victim.made.Serial), try("0a1b0a1b0a1b0a1b")
			w.refused(theirs.err(), certificateUnknown, audit.Denied)
			w.refused(none.err(), certificateUnknown, audit.Refused)
			if !bytes.Equal(anonymous(theirs), anonymous(none)) {
				t.Errorf("another's certificate and none look different:\n%s%s", theirs.body, none.body)
			}
		}
	}
	id := thief.startFor(client.ChangeWayRenew)
	thief.goTo(id, client.NeedKey)
	o := thief.order(id)
	request := string(o.honest(2))
	mine := thief.sign(request, cms.SignOptions{})
	theirs := victim.sign(request, cms.SignOptions{})
	template := *victim.cert // the bank's own, but for the key
	template.SerialNumber, template.RawSubject = thief.cert.SerialNumber, thief.cert.RawSubject
	forged, err := x509.CreateCertificate(rand.Reader, &template, &x509.Certificate{RawSubject: thief.cert.RawIssuer}, &testKeys[3]().PublicKey, testKeys[3]())
	twin, err2 := x509.ParseCertificate(must(w, forged, err))
	twinSigned, err3 := cms.Sign([]byte(request), must(w, twin, err2), testKeys[3](), cms.SignOptions{})
	detached := thief.sign(request, cms.SignOptions{Detached: true})
	for name, body := range map[string][]byte{
		"by the victim's certificate":       theirs,
		"by a twin: serial and issuer":      must(w, twinSigned, err3),
		"by both":                           w.merge(mine, theirs),
		"by both, the other first":          w.merge(theirs, mine),
		"by nobody":                         w.merge(mine, nil),
		"without the request":               detached,
		"not at all":                        []byte(request),
		"a byte of the request changed":     bytes.Replace(mine, []byte(o.challenge), bytes.Repeat([]byte("A"), len(o.challenge)), 1),
		"by my certificate, twice":          w.merge(mine, mine),
		"around what is signed for already": thief.sign(string(mine), cms.SignOptions{}),
		"cut off":                           mine[:len(mine)-1],
		"a byte behind":                     append(bytes.Clone(mine), 0),
		"a certificate":                     thief.cert.Raw,
	} {
		want := oldKey
		if name == "around what is signed for already" {
			want = requestMalformed
		}
		t.Log(name)
		thief.lang = []string{"ko", "en"}[len(name)%2]
		w.refused(thief.handIn(id, body), want, audit.Refused)
	}
	w.turnedAway(thief.certify(id, []byte(request)), notSignedFor)
	w.turnedAway(thief.certify(id, mine), notSignedFor)
	thief.stands(ca.Valid)
	victim.stands(ca.Valid)
	thief.renew(id, 2).stands(ca.Valid)
	thief.stands(ca.Revoked)
	victim.stands(ca.Valid)
	again := &holder{w.logIn("hong"), victim.cert, victim.key, victim.made}
	again.renew(again.startFor(client.ChangeWayRenew), 4)
}

// "I have the file of a certificate and its password. Its owner has suspended
// or revoked it, or it has ended, after I began the renewal. The signature is
// as good as ever."
func TestWithdrawnKeyRenews(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before   time.Duration // the end of the certificate
		withdraw func(h *holder)
		want     refusal
	}{
		"suspended": {5 * 24 * time.Hour, func(h *holder) {
			must(h.w, 0, h.w.Desk().Authority.Hold(h.ctx(), server.Operator("tester"), h.made.Serial, "branch:001"))
		}, isSuspended},
		"revoked": {5 * 24 * time.Hour, func(h *holder) {
			must(h.w, 0, h.w.Desk().Authority.Revoke(h.ctx(), server.Operator("tester"), h.made.Serial, ca.KeyCompromise, time.Time{}))
		}, isRevoked},
		"expired": {5 * time.Minute, func(h *holder) { h.wait(6 * time.Minute) }, isExpired},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			h := w.holder("hong")
			h.untilDue(c.before)
			id := h.startFor(client.ChangeWayRenew)
			h.goTo(id, client.NeedKey)
			signed, _ := h.renewal(id, 1)
			c.withdraw(h)
			for _, h.lang = range []string{"ko", "en"} {
				w.refused(h.handIn(id, signed), c.want, audit.Refused)
			}
			if err := h.Abandon(t.Context(), id); err != nil {
				t.Fatal(err)
			}
			// Nor does it get as far again.
			for _, h.lang = range []string{"ko", "en"} {
				err := h.send("POST", "/api/v1/applications", encode(t, client.StartRequest{Way: client.ChangeWayRenew, Certificate: h.made.Serial})).err()
				w.refused(err, c.want, audit.Refused)
			}
			if name == "suspended" { // at the desk that did it
				must(w, 0, w.Desk().Authority.Release(t.Context(), server.Operator("tester"), h.made.Serial, "branch:001"))
				h.renew(h.startFor(client.ChangeWayRenew), 2)
				return
			}
			h.finish(h.start(client.KindPersonalBank), 2)
		})
	}
}

// "I have overheard the request of a renewal, signed by the old key. I hand it
// in again: to the next application, to that of another kind, once more when
// the renewal is done."
func TestReplayedRenewal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.holder("hong")
	other := h.finish(h.start(client.KindPersonalGeneral), 3)
	h.untilDue(7 * 24 * time.Hour)
	first := h.startFor(client.ChangeWayRenew)
	h.goTo(first, client.NeedKey)
	heard, _ := h.renewal(first, 1)
	if err := h.Abandon(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	w.refused(h.handIn(first, heard), refusal{410, 2103, "application-abandoned"}, audit.Refused)
	second := h.startFor(client.ChangeWayRenew)
	h.goTo(second, client.NeedKey)
	h.order(second)
	for _, h.lang = range []string{"ko", "en"} {
		w.refused(h.handIn(second, heard), challenge, audit.Refused)
	}
	// The other kind is renewed by its own certificate only.
	w.clock.move(time.Minute)
	a, _, err := h.StartFor(t.Context(), client.ChangeWayRenew, other.Serial)
	third := must(w, a, err).ID
	h.goTo(third, client.NeedKey)
	crossed, _ := h.renewal(third, 1)
	w.refused(h.handIn(third, crossed), oldKey, audit.Refused)
	w.refused(h.handIn(third, heard), oldKey, audit.Refused)

	signed, _ := h.renewal(second, 1)
	made, created, err := h.Renew(t.Context(), second, signed)
	if must(w, made, err); !created {
		t.Fatal("the rightful one can't renew")
	}
	// Once more it is the same certificate, and no other.
	again, created, err := h.Renew(t.Context(), second, signed)
	if must(w, again, err); created || again.Serial != made.Serial {
		t.Errorf("replaying a renewal made %s beside %s", again.Serial, made.Serial)
	}
	w.refused(h.handIn(second, heard), challenge, audit.Refused)
	cert, err := x509.ParseCertificate(made.Certificate)
	renewed := &holder{h.person, must(w, cert, err), testKeys[1](), made}
	renewed.stands(ca.Valid)
	h.stands(ca.Revoked)
	// The old key speaks for nothing any more.
	renewed.untilDue(7 * 24 * time.Hour)
	next := renewed.startFor(client.ChangeWayRenew)
	renewed.goTo(next, client.NeedKey)
	late, _ := h.renewal(next, 2)
	w.refused(renewed.handIn(next, late), oldKey, audit.Refused)
	renewed.renew(next, 2)
}

// "Time is on the bank's side, so I turn it back: one instance whose clock is
// wrong takes what is over for what is not."
func TestClockSetBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := w.holder("hong")
	early := w.clock.Now()
	h.untilDue(3 * 24 * time.Hour)
	late := h.startFor(client.ChangeWayRenew)
	h.goTo(late, client.NeedKey)
	signed, _ := h.renewal(late, 1)
	// Before the window the renewal is too early, also where it had begun.
	w.clock.move(early.Sub(w.clock.Now()))
	h.person = w.logIn("hong")
	for _, h.lang = range []string{"ko", "en"} {
		w.refused(h.handIn(late, signed), renewEarly, audit.Refused)
	}
	h.stands(ca.Valid)
	// What the clock has written stays written.
	w.clock.move(h.cert.NotAfter.Add(time.Minute).Sub(w.clock.Now()))
	clockwork := authz.Caller{Role: authz.System, ID: "clock", Request: "attack"}
	swept, err := w.Desk().Lifecycle().Sweep(t.Context(), clockwork)
	if must(w, swept, err).Expired == 0 {
		t.Fatal("nothing has expired")
	}
	w.clock.move(-3 * 24 * time.Hour)
	h.stands(ca.Expired)
	h.person = w.logIn("hong")
	err = h.send("POST", "/api/v1/applications", encode(t, client.StartRequest{Way: client.ChangeWayRenew, Certificate: h.made.Serial})).err()
	w.refused(err, isExpired, audit.Refused)
	w.refused(w.logInBy(h), expired, audit.Refused)

	// The same for a suspension whose time is over.
	kim := w.holder("kim")
	if _, err := kim.Suspend(t.Context(), kim.made.Serial); err != nil {
		t.Fatal(err)
	}
	r, err := w.Desk().Store.Certificate(t.Context(), kim.made.Serial)
	until := must(w, r, err).HoldUntil
	w.clock.move(until.Add(time.Minute).Sub(w.clock.Now()))
	swept, err = w.Desk().Lifecycle().Sweep(t.Context(), clockwork)
	if must(w, swept, err) != (lifecycle.Swept{Revoked: 1, Reminded: swept.Reminded}) {
		t.Errorf("the clock did %+v", swept)
	}
	w.clock.move(-24 * time.Hour)
	kim.stands(ca.Revoked)
	kim.person = w.logIn("kim")
	for _, way := range []client.ChangeWay{client.ChangeWayResume, client.ChangeWayReissue} {
		err := kim.send("POST", "/api/v1/applications", encode(t, client.StartRequest{Way: way, Certificate: kim.made.Serial})).err()
		w.refused(err, isRevoked, audit.Refused)
	}
	kim.finish(kim.start(client.KindPersonalBank), 4)
}

// logInBy tries to log in with a certificate.
func (w *world) logInBy(h *holder) error {
	w.t.Helper()
	p := w.visitor("en")
	return p.enterWith(h.sign(p.challenge(), cms.SignOptions{})).err()
}
