package life_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle/lifetest"
	"github.com/ingam-pki/ingam/pki/crl"
)

// persons compares those whom the last step concerned, or everybody.
func (w *walk) persons(all bool) {
	for _, name := range w.m.names {
		if !all && !w.m.touched[name] {
			continue
		}
		w.certificates(name)
		w.history(name)
		w.notices(name)
	}
}

// certificates compares states, ends and rules, and what the world hears.
func (w *walk) certificates(name string) {
	places := map[string]string{}
	var serials []string
	var certs []*cert
	for _, c := range w.m.certs {
		if c.person != name {
			continue
		}
		got, err := w.Store.Certificate(w.ctx, c.serial)
		w.must(err)
		if is := w.shown(got); is != c.shown(w.m.at) {
			w.Fatalf("%s\nservice %s\nmodel   %s", c, is, c.shown(w.m.at))
		}
		for what, fault := range map[string]struct {
			got  error
			want int
		}{
			"renew":   {lifecycle.MayRenew(got, 30, w.clock.now()), w.m.mayRenew(c)},
			"reissue": {lifecycle.MayReissue(got, w.clock.now()), w.m.mayReissue(c)},
			"resume":  {lifecycle.MayResume(got, w.clock.now()), w.m.mayResume(c)},
		} {
			w.agree("may they "+what, fault.want, fault.got)
		}
		if got.State == ca.Held || got.State == ca.Valid || got.State == ca.Suspended {
			place := c.kind + " " + got.Exception
			if other := places[place]; other != "" {
				w.Fatalf("%s holds %s and %s", name, other, c.serial)
			}
			places[place] = c.serial
		}
		serials, certs = append(serials, c.serial), append(certs, c)
	}
	for len(serials) > 0 {
		n := min(32, len(serials))
		standings, err := w.Store.Standings(w.ctx, w.Authority.IssuerID(), serials[:n])
		w.must(err)
		for i, s := range standings {
			c := certs[i]
			if s.Known != (c.state != "pending" && !c.lost) || s.Revoked != (c.revoked != 0) ||
				s.Revoked && (s.RevokedAt.UnixMicro() != int64(c.revoked) || s.Reason != c.reason) {
				w.Fatalf("%s: OCSP says %+v, the model revoked at %d for %d", c, s, c.revoked, c.reason)
			}
		}
		serials, certs = serials[n:], certs[n:]
	}
}

// shown writes what counts of a certificate.
func (w *walk) shown(r ca.Record) string {
	return fmt.Sprint(r.State, " ", r.StateAt(w.clock.now()), " ", r.NotBefore.UnixMicro(), " ", r.NotAfter.UnixMicro(), " ", r.Desk, " ",
		micros(r), " ", r.Reason, " ", r.Hold, " ", r.Exception, " ", r.Replaces)
}

func micros(r ca.Record) string {
	until, invalid := int64(0), int64(0)
	if !r.HoldUntil.IsZero() {
		until = r.HoldUntil.UnixMicro()
	}
	if !r.InvalidityDate.IsZero() {
		invalid = r.InvalidityDate.UnixMicro()
	}
	return fmt.Sprint(until, " ", invalid)
}

func (c *cert) shown(t moment) string {
	replaces := ""
	if c.replaces != nil {
		replaces = c.replaces.serial
	}
	return fmt.Sprint(c.state, " ", c.now(t), " ", int64(c.begin), " ", int64(c.end), " ", c.desk, " ",
		int64(c.until), " ", int64(c.invalid), " ", c.reason, " ", c.hold, " ", c.exception, " ", replaces)
}

// history compares the lines, with who did it.
func (w *walk) history(name string) {
	events, err := w.Life.History(w.ctx, lifetest.Customer(name, "look"), name)
	w.must(err)
	var got, want []string
	for i, e := range events {
		if i > 0 && e.At.After(events[i-1].At) {
			w.Fatalf("%s's history does not begin with the newest", name)
		}
		got = append(got, line{at: moment(e.At.UnixMicro()), serial: e.Serial, act: string(e.Act), by: string(e.By()),
			desk: e.Desk, reason: int(e.Reason), o: e.Other}.String())
	}
	for _, l := range w.m.persons[name].history {
		want = append(want, l.String())
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		w.Fatalf("%s's history (- model, + service):\n%s", name, diff)
	}
}

// notices compares what a person was told, by which channels and how often.
func (w *walk) notices(name string) {
	entries, err := w.Store.NoticesOf(w.ctx, name, 10_000)
	w.must(err)
	p := &person{notices: map[string]int{}}
	for _, e := range entries {
		event, serial := string(e.Event), e.Serial
		switch event {
		case "reminder":
			event = e.Key[:strings.LastIndexByte(e.Key, ':')+1]
			event = "reminder:" + strings.TrimPrefix(e.Key, event)
		case "lost":
			serial = "" // one for all that was lost
		}
		p.notices[event+" "+serial+" "+string(e.Channel)]++
	}
	if diff := cmp.Diff(w.m.persons[name].told(), p.told()); diff != "" {
		w.Fatalf("%s was told (- model, + service):\n%s", name, diff)
	}
}

// list issues a revocation list when one is due, and reads it.
func (w *walk) list() {
	list, _, err := w.publisher.Due(w.ctx, lifetest.Clock)
	w.must(err)
	parsed, err := crl.Parse(list.DER)
	w.must(err)
	this := moment(list.ThisUpdate.UnixMicro())
	var got, want []string
	for e := range parsed.All() {
		invalid := moment(0)
		if !e.InvalidityDate.IsZero() {
			invalid = moment(e.InvalidityDate.UnixMicro())
		}
		got = append(got, fmt.Sprintf("%x at %d for %d, %d", e.Serial, e.RevokedAt.UnixMicro(), e.Reason, invalid))
	}
	for _, c := range w.m.certs {
		if c.revoked != 0 && c.state != "pending" && c.end >= this-2*aDay {
			want = append(want, fmt.Sprintf("%s at %d for %d, %d", c.serial, c.revoked-c.revoked%second, c.reason, c.invalid-c.invalid%second))
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		w.Fatalf("the revocation list (- model, + service):\n%s", diff)
	}
}

// audited: the chain holds, and each change has its entry.
func (w *walk) audited() {
	summary, err := w.House.Log.Verify(w.ctx, func(p audit.Problem) { w.Errorf("audit log: %+v", p) })
	if err != nil || summary.Problems != 0 {
		w.Fatalf("audit log: %+v, %v", summary, err)
	}
}
