package ca_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/ca/catest"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// model is what STATES.md says, in memory. It walks beside an authority on a
// real store.
type model struct {
	h     *house
	key   *signer
	made  *ca.Authority // signs with key
	walk  int
	n     int
	last  string // the person whom the last act concerned
	certs []*modelled
}

type modelled struct {
	request ca.Request
	serial  string
	end     time.Time
	until   time.Time // when a suspension ends
	state   ca.State
	lost    bool // ended before it was finished
}

// String is short: rapid writes it at every step.
func (c *modelled) String() string { return c.serial[:8] + " " + string(c.state) }

func (m *model) at() time.Time { return m.h.clock.now() }

// now is the state with time taken into account.
func (m *model) now(c *modelled) ca.State {
	if c.state == ca.Suspended && c.until.Before(c.end) && m.at().After(c.until) {
		return ca.Revoked
	}
	if live(c.state) && m.at().After(c.end) {
		return ca.Expired
	}
	return c.state
}

func live(s ca.State) bool { return s == ca.Held || s == ca.Valid || s == ca.Suspended }

func (m *model) pick(t *rapid.T) *modelled {
	if len(m.certs) == 0 {
		t.Skip("nothing issued yet")
	}
	c := rapid.SampledFrom(m.certs).Draw(t, "certificate")
	m.last = c.request.SubscriberID
	return c
}

// holds says whether a person has one that is not over.
func (m *model) holds(person string) bool {
	return slices.ContainsFunc(m.certs, func(c *modelled) bool {
		return c.request.SubscriberID == person && (c.state == ca.Pending && !m.at().After(c.end) || live(m.now(c)))
	})
}

// issue asks for a certificate for one of three persons; crash leaves it
// between steps 5 and 7.
func (m *model) issue(t *rapid.T, crash bool) {
	m.n++
	r, err := catest.Request(rand.Reader, fmt.Sprint(m.walk, "-", m.n))
	if err != nil {
		t.Fatal(err)
	}
	r.SubscriberID = fmt.Sprint(m.walk, rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "person"))
	m.last = r.SubscriberID
	holds := m.holds(r.SubscriberID)
	m.key.fail.Store(crash)
	record, err := m.made.Issue(context.Background(), owner(r), r)
	m.key.fail.Store(false)
	switch {
	case holds:
		if !errors.Is(err, ca.ErrPersonHolds) {
			t.Fatalf("person holds one: %v", err)
		}
		return
	case crash:
		if !errors.Is(err, ca.ErrSigning) {
			t.Fatalf("crash: %v", err)
		}
		if record, err = m.h.store.ByApplication(context.Background(), r.ApplicationID); err != nil {
			t.Fatal(err)
		}
	case err != nil:
		t.Fatalf("issuing: %v", err)
	}
	m.expire(r.SubscriberID)
	m.certs = append(m.certs, &modelled{request: r, serial: record.Serial, end: record.NotAfter, state: record.State})
}

// expire is what a new certificate does to the ended ones of its person.
func (m *model) expire(person string) {
	for _, c := range m.certs {
		if c.request.SubscriberID != person {
			continue
		}
		if c.lost = c.lost || c.state == ca.Pending && m.at().After(c.end); c.state == ca.Pending && c.lost {
			c.state = ca.Expired
		}
		c.state = m.now(c)
	}
}

// move tries an act and says whether the drawing has an arrow for it.
func (m *model) move(t *rapid.T, c *modelled, from []ca.State, to ca.State, err error) {
	if slices.Contains(from, m.now(c)) {
		if err != nil {
			t.Fatalf("%s → %s: %v", c.state, to, err)
		}
		c.state = to
		return
	}
	if !errors.Is(err, ca.ErrState) {
		t.Fatalf("%s → %s: %v, want a refusal", m.now(c), to, err)
	}
}

func (m *model) actions() map[string]func(*rapid.T) {
	ctx := context.Background()
	return map[string]func(*rapid.T){
		"issue": func(t *rapid.T) { m.issue(t, false) },
		"crash": func(t *rapid.T) { m.issue(t, true) },
		"recover": func(t *rapid.T) {
			want := 0
			for _, c := range m.certs {
				if c.state == ca.Pending {
					c.state = ca.Valid
					want++
				}
			}
			if got, err := m.h.Recover(ctx); got != want || err != nil {
				t.Fatalf("recovered %d, %v; want %d", got, err, want)
			}
		},
		"ask again": func(t *rapid.T) {
			c := m.pick(t)
			got, err := m.h.Issue(ctx, owner(c.request), c.request)
			if c.lost {
				if !errors.Is(err, ca.ErrIncomplete) {
					t.Fatalf("asking for what was never finished: %v", err)
				}
				return
			}
			if err != nil || got.Serial != c.serial {
				t.Fatalf("asking again: %s, %v; want %s", got.Serial, err, c.serial)
			}
			if c.state == ca.Pending {
				c.state = ca.Valid
			}
		},
		"revoke": func(t *rapid.T) {
			c := m.pick(t)
			err := m.h.Revoke(ctx, operator, c.serial, ca.Superseded, time.Time{})
			m.move(t, c, []ca.State{ca.Held, ca.Valid, ca.Suspended}, ca.Revoked, err)
		},
		"hold": func(t *rapid.T) {
			c := m.pick(t)
			m.move(t, c, []ca.State{ca.Valid}, ca.Suspended, m.h.Hold(ctx, operator, c.serial, "bank"))
			if c.state == ca.Suspended && c.until.IsZero() {
				c.until = seoul.LastSecond(seoul.AddMonths(m.at(), 6))
			}
		},
		"release": func(t *rapid.T) {
			c := m.pick(t)
			m.move(t, c, []ca.State{ca.Held, ca.Suspended}, ca.Valid, m.h.Release(ctx, operator, c.serial, "bank"))
			if c.state == ca.Valid {
				c.until = time.Time{}
			}
		},
		"lapse": func(t *rapid.T) {
			c := m.pick(t)
			want := ca.State("")
			if now := m.now(c); now != c.state {
				want, c.state = now, now
			}
			if to, err := m.h.Lapse(ctx, system, c.serial); to != want || err != nil {
				t.Fatalf("the clock made it %q, %v; want %q", to, err, want)
			}
		},
		"wait": func(t *rapid.T) {
			if m.at().After(start.AddDate(7, 0, 0)) {
				t.Skip("the issuing CA ends soon")
			}
			m.h.clock.move(time.Duration(rapid.IntRange(1, 200).Draw(t, "days")) * 24 * time.Hour)
		},
		"": m.check,
	}
}

// check compares the person whom the last act concerned with the store;
// checkAll, at the end of a walk, everyone.
func (m *model) check(t *rapid.T) {
	m.compare(t, func(c *modelled) bool { return c.request.SubscriberID == m.last })
}

func (m *model) checkAll(t *rapid.T) { m.compare(t, func(*modelled) bool { return true }) }

func (m *model) compare(t *rapid.T, concerned func(*modelled) bool) {
	ctx := context.Background()
	holders := map[string]int{}
	for _, c := range m.certs {
		if !concerned(c) {
			continue
		}
		got, err := m.h.store.Certificate(ctx, c.serial)
		if err != nil || got.State != c.state || got.StateAt(m.at()) != m.now(c) {
			t.Fatalf("%s is %s, in the model %s (%v)", c.serial, got.State, c.state, err)
		}
		if live(m.now(c)) {
			holders[c.request.SubscriberID]++
		}
		standing, err := m.h.store.Standings(ctx, got.Issuer, []string{c.serial})
		if err != nil {
			t.Fatal(err)
		}
		// What the world hears. One that ended while suspended stays so.
		if standing[0].Known != (len(got.DER) > 0) {
			t.Fatalf("%s is %s and known: %v", c.serial, c.state, standing[0].Known)
		}
		if bad := c.state == ca.Revoked || c.state == ca.Suspended; c.state != ca.Expired && standing[0].Revoked != bad {
			t.Fatalf("%s is %s and revoked: %v", c.serial, c.state, standing[0].Revoked)
		}
	}
	for person, n := range holders {
		if n > 1 {
			t.Fatalf("%s holds %d live certificates", person, n)
		}
	}
}

func TestStates(t *testing.T) {
	t.Parallel()
	h, walk := newHouse(t), 0
	var key *signer
	made := h.another(t, func(c *ca.Config) { key = h.signer(c) })
	rapid.Check(t, func(rt *rapid.T) {
		walk++ // each walk has persons of its own, and begins at the same time
		h.clock.move(start.Sub(h.clock.now()))
		m := &model{h: h, key: key, made: made, walk: walk}
		rt.Repeat(m.actions())
		m.checkAll(rt)
		if _, err := h.Recover(context.Background()); err != nil {
			rt.Fatal(err)
		}
	})
}
