package faults_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/ca/catest"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle/lifetest"
	"github.com/ingam-pki/ingam/internal/store/storetest"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// TestKillLives kills renewals, reissues, reports of loss and the clock's work
// at each of their steps, alone and with another instance at the same; starts
// again, and looks whether anything is lost or there twice.
func TestKillLives(t *testing.T) {
	for _, engine := range storetest.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			l := newLives(t, newHouse(t, engine.URL(t)))
			for _, act := range []string{"renew", "reissue"} {
				for _, step := range []int{1, 2, 3, 4, 5, 6, 7, 8, beforeTelling, afterTelling, afterDeed} {
					l.replaced(t, act, step, 1)
				}
				for _, step := range []int{beforeTelling, afterTelling} { // of the second who is told of
					l.replaced(t, act, step, 2)
				}
			}
			for _, step := range []int{beforeTelling, afterTelling} {
				l.lost(t, step, 1)
				l.lost(t, step, 2)
			}
			l.lost(t, afterDeed, 1)
			for _, step := range []int{beforeTelling, afterTelling} {
				l.swept(t, step, 1)
				l.swept(t, step, 3)
			}
			l.swept(t, beforeReminded, 1)
			l.swept(t, afterReminded, 1)
			l.swept(t, afterDeed, 1)
			if l.killed == 0 {
				t.Error("nobody was killed")
			}
			l.verified(t)
		})
	}
}

// lives is a house whose certificates live on.
type lives struct {
	*house
	*lifetest.House
	at time.Time
	n  int
}

func newLives(t *testing.T, h *house) *lives {
	l := &lives{house: h, at: time.Now().UTC().Truncate(time.Microsecond)}
	var err error
	if l.House, err = lifetest.New(h.made, h.store, h.ring, func() time.Time { return l.at }); err != nil {
		t.Fatal(err)
	}
	return l
}

// person gives a new person's name.
func (l *lives) person(t *testing.T) string {
	t.Helper()
	l.n++
	name, err := l.Person(context.Background(), fmt.Sprint("person", l.n), true)
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// holds gives a person a certificate that ends in so many days.
func (l *lives) holds(t *testing.T, person string, kind npki.Kind, days int) ca.Record {
	t.Helper()
	r, err := catest.Request(rand.Reader, rand.Text())
	if err == nil {
		r.SubscriberID, r.Kind, r.NotAfter = person, kind, seoul.LastSecond(l.at.AddDate(0, 0, days))
		var made ca.Record
		if made, err = l.Authority.Issue(context.Background(), lifetest.Customer(person, "first"), r); err == nil {
			return made
		}
	}
	t.Fatal(err)
	return ca.Record{}
}

func (l *lives) order(at time.Time, step, hit int, deeds ...deed) order {
	return order{Deeds: deeds, At: at.UnixMicro(), Step: step, Hit: hit}
}

func (l *lives) state(t *testing.T, serial string) ca.Record {
	t.Helper()
	r, err := l.store.Certificate(context.Background(), serial)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// replaced kills a renewal or a reissue.
func (l *lives) replaced(t *testing.T, act string, step, hit int) {
	t.Helper()
	name := fmt.Sprintf("%s, step %d, time %d", act, step, hit)
	var deeds []deed
	for range 2 {
		person := l.person(t)
		old := l.holds(t, person, npki.PersonalBank, 10)
		deeds = append(deeds, deed{Act: act, Application: "application-" + old.Serial, Subscriber: person, Replaces: old.Serial})
	}
	alone, shared := deeds[0], deeds[1]
	l.run(t, l.order(l.at, step, hit, alone))
	l.whole(t, name+", alone", alone)
	// Another instance does the same, for the same application. It may be the
	// one that does it, so that the other never comes to its step: both live on.
	l.runMaybe(t, l.order(l.at, step, hit, shared), l.order(l.at, 0, 0, shared))
	l.whole(t, name+", beside another", shared)
	l.run(t, l.order(l.at, 0, 0, deeds...)) // recovers, and asks again
	for _, d := range deeds {
		l.once(t, name, d)
	}
}

// whole: the predecessor is revoked exactly when the successor is there.
func (l *lives) whole(t *testing.T, name string, d deed) {
	t.Helper()
	old := l.state(t, d.Replaces)
	next, err := l.store.ByApplication(context.Background(), d.Application)
	valid := err == nil && next.State == ca.Valid
	if valid != (old.State == ca.Revoked) || !valid && old.State != ca.Valid {
		t.Errorf("%s: the old one is %s, the new one %q", name, old.State, next.State)
	}
}

// once: one valid certificate, and everything told once.
func (l *lives) once(t *testing.T, name string, d deed) {
	t.Helper()
	l.whole(t, name, d)
	next, err := l.store.ByApplication(context.Background(), d.Application)
	if err != nil || next.State != ca.Valid || next.Replaces != d.Replaces {
		t.Errorf("%s: the new one is %s, %v", name, next.State, err)
	}
	told := map[string]lifecycle.Happening{"renew": lifecycle.Renewed, "reissue": lifecycle.Reissued}[d.Act]
	want := map[string]int{"issued " + d.Replaces: 1, "replaced " + d.Replaces: 1, string(told) + " " + next.Serial: 1}
	l.told(t, name, d.Subscriber, want, map[string]int{"issued " + d.Replaces: 2, string(told) + " " + next.Serial: 2})
}

// told compares a person's history and notices with what there should be.
func (l *lives) told(t *testing.T, name, person string, events, notices map[string]int) {
	t.Helper()
	ctx := context.Background()
	lines, err := l.store.EventsOf(ctx, person)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, e := range lines {
		got[string(e.Act)+" "+e.Serial]++
	}
	if fmt.Sprint(got) != fmt.Sprint(events) {
		t.Errorf("%s: the history says %v, want %v", name, got, events)
	}
	entries, err := l.store.NoticesOf(ctx, person, 1000)
	if err != nil {
		t.Fatal(err)
	}
	got = map[string]int{}
	for _, e := range entries {
		got[string(e.Event)+" "+e.Serial]++
	}
	if fmt.Sprint(got) != fmt.Sprint(notices) {
		t.Errorf("%s: the notices are %v, want %v", name, got, notices)
	}
}

// lost kills a report of loss of two certificates, and one more under way.
func (l *lives) lost(t *testing.T, step, hit int) {
	t.Helper()
	name := fmt.Sprintf("lost, step %d, time %d", step, hit)
	type holder struct {
		person   string
		one, two ca.Record
	}
	var holders []holder
	for range 2 {
		h := holder{person: l.person(t)}
		h.one, h.two = l.holds(t, h.person, npki.PersonalBank, 100), l.holds(t, h.person, npki.PersonalGeneral, 100)
		if h.two.Serial < h.one.Serial { // they are suspended in this order
			h.one, h.two = h.two, h.one
		}
		holders = append(holders, h)
	}
	report := func(h holder) deed { return deed{Act: "lost", Subscriber: h.person} }
	l.run(t, l.order(l.at, step, hit, report(holders[0])))
	h := holders[0]
	if done := step == afterDeed; (l.state(t, h.one.Serial).State == ca.Suspended) != done || (l.state(t, h.two.Serial).State == ca.Suspended) != done {
		t.Errorf("%s: half of it is done: %s, %s", name, l.state(t, h.one.Serial).State, l.state(t, h.two.Serial).State)
	}
	l.runMaybe(t, l.order(l.at, step, hit, report(holders[1])), l.order(l.at, 0, 0, report(holders[1])))
	l.run(t, l.order(l.at, 0, 0, report(holders[0]), report(holders[1])))
	for _, h := range holders {
		for _, serial := range []string{h.one.Serial, h.two.Serial} {
			if r := l.state(t, serial); r.State != ca.Suspended || r.Desk != lifecycle.DeskLost {
				t.Errorf("%s: %s at %s", name, r.State, r.Desk)
			}
		}
		one, two := h.one.Serial, h.two.Serial
		l.told(t, name, h.person, map[string]int{"issued " + one: 1, "issued " + two: 1, "suspended " + one: 1, "suspended " + two: 1},
			map[string]int{"issued " + one: 2, "issued " + two: 2, "lost " + one: 2})
	}
}

// swept kills the clock's work: two certificates end, a suspension, and four
// persons are to be reminded. The other instance does the same at the same time.
func (l *lives) swept(t *testing.T, step, hit int) {
	t.Helper()
	name := fmt.Sprintf("sweep, step %d, time %d", step, hit)
	var ends, reminded []ca.Record
	for range 2 {
		ends = append(ends, l.holds(t, l.person(t), npki.PersonalBank, 10))
	}
	held := l.holds(t, l.person(t), npki.PersonalBank, 360)
	if _, err := l.Life.Suspend(context.Background(), lifetest.Customer(held.SubscriberID, "suspend"), held.Serial, lifecycle.DeskOnline); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		reminded = append(reminded, l.holds(t, l.person(t), npki.PersonalBank, 200))
	}
	later := l.at.AddDate(0, 0, 195) // the suspension is over, and the others end soon
	sweep := deed{Act: "sweep"}
	l.run(t, l.order(later, step, hit, sweep))
	l.runMaybe(t, l.order(later, step, hit, sweep), l.order(later, 0, 0, sweep))
	l.run(t, l.order(later, 0, 0, sweep), l.order(later, 0, 0, sweep))
	for _, c := range ends {
		if r := l.state(t, c.Serial); r.State != ca.Expired {
			t.Errorf("%s: over and %s", name, r.State)
		}
		l.told(t, name, c.SubscriberID, map[string]int{"issued " + c.Serial: 1, "expired " + c.Serial: 1},
			map[string]int{"issued " + c.Serial: 2, "expired " + c.Serial: 2})
	}
	if r := l.state(t, held.Serial); r.State != ca.Revoked {
		t.Errorf("%s: suspended for too long and %s", name, r.State)
	}
	l.told(t, name, held.SubscriberID, map[string]int{"issued " + held.Serial: 1, "suspended " + held.Serial: 1, "revoked " + held.Serial: 1},
		map[string]int{"issued " + held.Serial: 2, "suspended " + held.Serial: 2, "held-ended " + held.Serial: 2})
	for _, c := range reminded {
		l.told(t, name, c.SubscriberID, map[string]int{"issued " + c.Serial: 1}, map[string]int{"issued " + c.Serial: 2, "reminder " + c.Serial: 2})
	}
}

// runMaybe runs a process that may be killed beside one that is not: who comes
// first does the work, and so comes to the step.
func (l *lives) runMaybe(t *testing.T, mortal, other order) {
	t.Helper()
	l.maybe.Store(true)
	l.run(t, mortal, other)
	l.maybe.Store(false)
}

func (l *lives) verified(t *testing.T) {
	t.Helper()
	summary, err := l.Log.Verify(context.Background(), func(p audit.Problem) { t.Errorf("audit log: %+v", p) })
	if err != nil || summary.Problems != 0 || summary.Entries == 0 {
		t.Errorf("verifying the audit log: %+v, %v", summary, err)
	}
	t.Logf("%d processes were killed; %d audit entries", l.killed, summary.Entries)
}
