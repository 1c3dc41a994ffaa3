package enrolment_test

import (
	"crypto/rsa"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/pki/cms"
	"github.com/ingam-pki/ingam/pki/npki"
)

// wayfarer goes all ways with one certificate after the other, at random, with
// every proof and the real authority, beside what should come of it.
type wayfarer struct {
	*holder
	random *rand.Rand
	state  ca.State // of the certificate in hand
	desk   string
	keys   []*rsa.PrivateKey // the last one is in hand
	app    *enrolment.Application
	done   map[string]int
}

// TestAllWays walks 8 times 80 steps; test/life walks the rules with less proof
// and more persons.
func TestAllWays(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			w := &wayfarer{holder: openHolder(t), random: rand.New(rand.NewPCG(seed, 4)), state: ca.Valid,
				keys: []*rsa.PrivateKey{keyA()}, done: map[string]int{}}
			for range 80 {
				w.step()
			}
			t.Log(w.done)
		})
	}
}

func (w *wayfarer) step() {
	w.clock.pass(time.Duration(1+w.random.IntN(20)) * time.Minute)
	w.tick()
	acts := []string{"start", "start", "start", "start", "start", "start", "finish", "finish", "finish",
		"finish", "finish", "abandon", "suspend", "suspend", "at branch", "resume", "revoke", "lost", "day", "jump", "jump"}
	act := acts[w.random.IntN(len(acts))]
	w.done[act]++
	switch act {
	case "start":
		if w.start(); w.random.IntN(2) == 0 {
			w.finish()
		}
	case "finish":
		w.finish()
	case "abandon":
		if w.app != nil {
			check(w.t, w.Abandon(w.ctx, w.caller, w.app.ID))
			w.app = nil
		}
	case "suspend":
		w.hold(lifecycle.DeskOnline)
	case "at branch":
		w.hold(lifecycle.Branch("101"))
	case "resume":
		if w.state == ca.Suspended && w.over() == nil {
			check(w.t, w.ca.Release(w.ctx, teller, w.cert.Serial, w.desk))
			w.state, w.desk = ca.Valid, ""
		}
	case "revoke":
		if w.over() == nil && w.random.IntN(3) == 0 {
			check(w.t, w.ca.Revoke(w.ctx, teller, w.cert.Serial, ca.Cessation, time.Time{}))
			w.state = ca.Revoked
		}
	case "lost":
		_, err := w.life.Lost(w.ctx, w.caller, w.caller.ID)
		check(w.t, err)
		if w.over() == nil && w.state == ca.Valid {
			w.state, w.desk = ca.Suspended, lifecycle.DeskLost
		}
		w.app = nil
	case "day":
		w.clock.pass(24 * time.Hour)
	default:
		to := w.cert.NotAfter.AddDate(0, 0, -5-w.random.IntN(50))
		if w.random.IntN(4) == 0 {
			to = w.cert.NotAfter.Add(time.Duration(w.random.IntN(3)-1) * time.Hour)
		}
		if to.After(w.clock.now()) {
			w.to(to)
		}
	}
	w.tick()
	w.looks()
}

// tick lets time do its work in the model.
func (w *wayfarer) tick() {
	if w.app != nil && !w.clock.now().Before(w.app.ExpiresAt) {
		w.app = nil
	}
}

// over says why the certificate in hand is over; nil when it is not.
func (w *wayfarer) over() *fault.Fault {
	now := w.clock.now()
	switch w.state {
	case ca.Revoked:
		return lifecycle.ErrRevoked
	case ca.Suspended:
		if until := w.now(w.cert.Serial).HoldUntil; until.Before(w.cert.NotAfter) && now.After(until) {
			return lifecycle.ErrRevoked
		}
	default:
	}
	if now.After(w.cert.NotAfter) {
		return lifecycle.ErrExpired
	}
	return nil
}

// may is what should come of a way.
func (w *wayfarer) may(way enrolment.Way) *fault.Fault {
	over := w.over()
	switch {
	case way == enrolment.Issue && over == nil:
		return ca.ErrPersonHolds
	case way == enrolment.Issue:
		return nil
	case over != nil:
		return over
	case w.state == ca.Suspended && way == enrolment.Renew:
		return lifecycle.ErrSuspended
	case w.state == ca.Suspended && w.desk == lifecycle.Branch("101"):
		return lifecycle.ErrElsewhere
	case w.state == ca.Valid && way == enrolment.Resume:
		return lifecycle.ErrValid
	case way == enrolment.Renew && w.clock.now().Before(lifecycle.RenewalOpens(w.cert.NotAfter, 30)):
		return lifecycle.ErrRenewEarly
	}
	return nil
}

func (w *wayfarer) hold(desk string) {
	if w.over() != nil || w.state != ca.Valid {
		return
	}
	check(w.t, w.ca.Hold(w.ctx, teller, w.cert.Serial, desk))
	w.state, w.desk = ca.Suspended, desk
}

func (w *wayfarer) start() {
	ways := []enrolment.Way{enrolment.Issue, enrolment.Renew, enrolment.Reissue, enrolment.Resume}
	if w.random.IntN(3) > 0 { // mostly what is possible
		ways = slices.DeleteFunc(ways, func(way enrolment.Way) bool { return w.may(way) != nil })
	}
	if len(ways) == 0 {
		return
	}
	way := ways[w.random.IntN(len(ways))]
	var a enrolment.Application
	var err error
	want := w.may(way)
	if way == enrolment.Issue {
		a, err = w.Start(w.ctx, w.caller, npki.PersonalBank)
		if w.app != nil && w.app.Way != way {
			want = enrolment.ErrOpenOther
		} else if w.app != nil {
			want = nil // the open one, come what may
		}
	} else {
		a, err = w.StartFor(w.ctx, w.caller, way, w.cert.Serial)
		if want == nil && w.app != nil && (w.app.Way != way || w.app.Replaces != w.cert.Serial) {
			want = enrolment.ErrOpenOther
		}
	}
	w.expect("starting to "+string(way), want, err)
	if want != nil {
		return
	}
	if w.app != nil && w.app.ID != a.ID {
		w.t.Fatalf("another application than the open one")
	}
	w.app = &a
}

func (w *wayfarer) expect(what string, want *fault.Fault, err error) {
	w.t.Helper()
	if want == nil {
		if err != nil {
			w.t.Fatalf("%s: %v (%s at %q, %s)", what, err, w.state, w.desk, w.clock.now())
		}
		return
	}
	refuses(w.t, err, want)
}

// finish does all that the open application needs.
func (w *wayfarer) finish() {
	if w.app == nil {
		return
	}
	a, err := w.View(w.ctx, w.caller, w.app.ID) // some of it may be proven
	check(w.t, err)
	a = w.prove(a)
	want := w.may(a.Way)
	w.done["finish "+string(a.Way)]++
	if a.Way == enrolment.Resume {
		_, err := w.Resume(w.ctx, w.caller, a.ID)
		if w.expect("resuming", want, err); want == nil {
			w.state, w.desk, w.app = ca.Valid, "", nil
		}
		return
	}
	k, err := w.KeyRequest(w.ctx, w.caller, a.ID)
	check(w.t, err)
	next := keyC()
	body := w.csr(next, k.Challenge, newR(w.t))
	if a.Way == enrolment.Renew {
		body = signedBy(w.t, body, parsed(w.t, w.now(a.Replaces).DER), w.keys[len(w.keys)-1], cms.SignOptions{})
	}
	made, err := w.Certify(w.ctx, w.caller, a.ID, body)
	if w.expect("certifying to "+string(a.Way), want, err); want != nil {
		return
	}
	if made.State != ca.Valid || made.Replaces != a.Replaces {
		w.t.Fatalf("%s: %s in place of %q", a.Way, made.State, made.Replaces)
	}
	switch a.Way {
	case enrolment.Renew:
		if !made.NotAfter.Equal(lifecycle.RenewedUntil(w.cert.NotAfter, 1)) {
			w.t.Fatalf("renewed until %s", made.NotAfter)
		}
	case enrolment.Reissue:
		if !made.NotAfter.Equal(w.cert.NotAfter) {
			w.t.Fatalf("reissued until %s", made.NotAfter)
		}
	default:
	}
	w.cert, w.state, w.desk, w.app = made, ca.Valid, "", nil
	w.keys = append(w.keys, next)
}

// looks compares the certificate in hand, and counts those that are live.
func (w *wayfarer) looks() {
	all, err := w.store.CertificatesOf(w.ctx, w.caller.ID)
	check(w.t, err)
	live := 0
	for _, c := range all {
		switch c.StateAt(w.clock.now()) {
		case ca.Valid, ca.Suspended, ca.Held:
			live++
		default:
		}
	}
	want := 1
	if w.over() != nil {
		want = 0
	}
	if got := w.now(w.cert.Serial); live != want || want == 1 && got.State != w.state {
		w.t.Fatalf("%d live, the one in hand is %s and should be %s", live, got.State, w.state)
	}
}
