package counter_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/certification/ca/catest"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/counter/countertest"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle/lifetest"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/store/storetest"
	"github.com/ingam-pki/ingam/pki/npki"
)

var opening = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

// The ceremony takes most of a second: one a test binary.
var ceremony = sync.OnceValues(func() (*ca.Ceremony, error) {
	return catest.Ceremony(2048, func() time.Time { return opening.Add(-time.Hour) })
})

// Who works at the branch that looks after most samples, and elsewhere.
var (
	kim   = countertest.Teller("kim", "012")
	lee   = countertest.Teller("lee", "012")
	boss  = countertest.Supervisor("boss", "012")
	chief = countertest.Supervisor("chief", "012")
	far   = countertest.Teller("far", "101")
	afar  = countertest.Supervisor("afar", "101")
)

var (
	hong   = simulator.Samples[0]
	park   = simulator.Samples[3]  // his card is reported lost
	koh    = simulator.Samples[12] // is dead
	ingam  = simulator.Samples[11] // a company
	seo    = simulator.Samples[18] // no branch looks after her
	people = simulator.Samples
)

// desk is a whole counter: real store, real authority, and the bank's other
// systems over HTTP.
type desk struct {
	*countertest.Desk
	t     *testing.T
	ctx   context.Context
	world *simulator.Simulator
	mu    sync.Mutex
	at    time.Time
	asked atomic.Int64 // how often issuers were
}

func (d *desk) now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.at
}

func (d *desk) pass(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = d.at.Add(by)
}

func openDesk(t *testing.T, changes ...func(*counter.Config)) *desk {
	return openDeskOn(t, storetest.Engine{Name: "sqlite"}, changes...)
}

func openDeskOn(t *testing.T, engine storetest.Engine, changes ...func(*counter.Config)) *desk {
	t.Helper()
	d := &desk{t: t, ctx: t.Context(), at: opening}
	d.world = simulator.New(d.now)
	world := d.world.Handler()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "idcheck") {
			d.asked.Add(1)
		}
		world.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	ring := keys.NewRing()
	db := storetest.Open(t, engine.URL(t), ring)
	made, err := ceremony()
	must(t, err)
	house, err := lifetest.New(made, db, ring, d.now)
	must(t, err)
	d.Desk, err = countertest.New(house, ring, server.URL, d.now, changes...)
	must(t, err)
	return d
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refuses checks that err is a fault, and that its texts are whole.
func refuses(t testing.TB, err error, want *fault.Fault) *fault.Error {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got %v, want %s", err, want.Name)
	}
	f := fault.Of(err)
	for _, lang := range []string{"ko", "en"} {
		if what, todo := f.Public(lang); what == "" || todo == "" || strings.ContainsAny(what+todo, "{}") {
			t.Errorf("%s in %s is not whole: %q %q", f.Name, lang, what, todo)
		}
	}
	return f
}

func (d *desk) down(mode simulator.Mode) {
	d.t.Helper()
	must(d.t, d.world.Script(simulator.Fault{Service: simulator.IDCheck, Mode: mode}))
}

func (d *desk) up() {
	d.t.Helper()
	must(d.t, d.world.Script())
}

func wish(s simulator.Sample, act counter.Act) counter.Wish {
	w := counter.Wish{CustomerNumber: s.Number, Act: act, Visitor: counter.Oneself}
	switch act {
	case counter.Issue, counter.Exception:
		w.Kind = npki.PersonalBank
	default:
	}
	if act == counter.Exception {
		w.Why = "두 번째 컴퓨터에서 써요"
	}
	return w
}

func (d *desk) open(caller authz.Caller, w counter.Wish) counter.Case {
	d.t.Helper()
	c, err := d.Counter.Open(d.ctx, caller, w)
	must(d.t, err)
	return c
}

// subscriber makes a sample a subscriber and gives the id.
func (d *desk) subscriber(s simulator.Sample) string {
	d.t.Helper()
	who, err := d.Subscribers.Meet(d.ctx, kim, s.Number)
	must(d.t, err)
	return who.ID
}

// holds gives a sample a certificate that ends in a year, or soon.
func (d *desk) holds(s simulator.Sample, kind npki.Kind, days int) ca.Record {
	d.t.Helper()
	r, err := d.Holds(d.ctx, d.subscriber(s), kind, d.now().AddDate(0, 0, days))
	must(d.t, err)
	return r
}

// complete gives a case all that it needs but the terms.
func (d *desk) complete(caller authz.Caller, c counter.Case, card simulator.Card) counter.Case {
	d.t.Helper()
	c, err := d.Counter.Prove(d.ctx, caller, c.ID, countertest.Card(card))
	must(d.t, err)
	who, err := d.Store.Subscriber(d.ctx, c.SubscriberID)
	must(d.t, err)
	for _, n := range counter.NeededFor(who.Sort, c.Visitor, c.Act) {
		if n.Scan {
			c, err = d.Counter.Attach(d.ctx, caller, c.ID, n.Paper, simulator.Picture(string(n.Paper)))
		} else {
			c, err = d.Counter.See(d.ctx, caller, c.ID, n.Paper, "")
		}
		must(d.t, err)
	}
	return c
}

// submitted goes on until the case is before a supervisor, or done.
func (d *desk) submitted(caller authz.Caller, w counter.Wish, card simulator.Card) counter.Case {
	d.t.Helper()
	c := d.complete(caller, d.open(caller, w), card)
	c, err := d.Counter.Submit(d.ctx, caller, c.ID, d.Signed(c.Kind))
	must(d.t, err)
	return c
}

func (d *desk) approved(w counter.Wish, card simulator.Card) counter.Case {
	d.t.Helper()
	c := d.submitted(kim, w, card)
	c, err := d.Counter.Decide(d.ctx, boss, c.ID, counter.Approve, "", c.Revision)
	must(d.t, err)
	return c
}

func (d *desk) view(id string) counter.Case {
	d.t.Helper()
	c, err := d.Counter.View(d.ctx, kim, id)
	must(d.t, err)
	return c
}

func (d *desk) state(serial string) ca.Record {
	d.t.Helper()
	r, err := d.Store.Certificate(d.ctx, serial)
	must(d.t, err)
	return r
}

// entries gives the audit log of an act.
func (d *desk) entries(act authz.Act) []audit.Entry {
	d.t.Helper()
	heads, err := d.Store.Heads(d.ctx)
	must(d.t, err)
	var all []audit.Entry
	for _, h := range heads {
		some, err := d.Store.Entries(d.ctx, h.Lane, 0, 10_000)
		must(d.t, err)
		for _, e := range some {
			if e.Act == act {
				all = append(all, e)
			}
		}
	}
	return all
}

func (d *desk) audited(act authz.Act, outcome audit.Outcome, code int) int {
	d.t.Helper()
	n := 0
	for _, e := range d.entries(act) {
		if e.Outcome == outcome && e.Code == code {
			n++
		}
	}
	return n
}

// picture is a PNG of a size with something on it.
func picture(w, h, ink int) []byte {
	img := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			if (x/40+y/40)%2 == 0 {
				img.SetGray(x, y, color.Gray{Y: uint8(ink)}) //nolint:gosec // a shade of the test
			}
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, img) // writing to memory never fails
	return b.Bytes()
}

func (d *desk) coreDown() {
	d.t.Helper()
	must(d.t, d.world.Script(simulator.Fault{Service: simulator.CoreBank, Mode: simulator.Status}))
}

func isFault(err, want error) bool { return errors.Is(err, want) }

// enter makes a customer whom only this walk knows.
func (w *walk) enter(n int) {
	who := subscriber.Subscriber{ID: fmt.Sprint("walker", n), CustomerNumber: fmt.Sprintf("3%09d", n), Sort: subscriber.Individual, Name: "나고객",
		Birth: "19900101", IdentityNumber: fmt.Sprintf("9001011%06d", n), Phone: "01011112222", Branch: "012"}
	_, err := w.Store.SaveSubscriber(w.ctx, who)
	must(w.t, err)
	w.customers[who.CustomerNumber] = &customer{number: who.CustomerNumber}
	w.numbers = append(w.numbers, who.CustomerNumber)
}

func wishOf(number string, act counter.Act) counter.Wish {
	w := wish(hong, act)
	w.CustomerNumber = number
	return w
}
