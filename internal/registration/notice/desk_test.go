package notice_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/outside/mail"
	"github.com/ingam-pki/ingam/internal/outside/message"
	"github.com/ingam-pki/ingam/internal/outside/rest"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/notice"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/internal/store/storetest"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// noon is when the tests begin.
var noon = time.Date(2027, 3, 14, 12, 0, 0, 0, seoul.Zone)

// desk is a bank with a store, and the world that its notices go to.
type desk struct {
	*notice.Service
	store  *store.Store
	log    *audit.Log
	world  *simulator.Simulator
	sender *notice.Sender
	mails  notice.Mailer
	phones notice.Messenger

	mu       sync.Mutex
	at       time.Time
	problems int // that a log would tell of
}

func (d *desk) now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.at
}

func (d *desk) set(at time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = at
}

func (d *desk) pass(by time.Duration) { d.set(d.now().Add(by)) }

// each runs a test on both engines.
func each(t *testing.T, run func(t *testing.T, d *desk)) {
	t.Parallel()
	for _, engine := range storetest.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			run(t, newDesk(t, engine.Fresh(t)))
		})
	}
}

func newDesk(t *testing.T, s *store.Store) *desk {
	t.Helper()
	d := &desk{store: s, at: noon}
	d.log = audit.New(s, bytes.Repeat([]byte{7}, 32), d.now)
	d.Service = notice.New(notice.Config{Tx: s, Outbox: s, Subscribers: s, Log: d.log, Now: d.now, Mail: true})
	d.world = simulator.New(d.now)
	web := httptest.NewServer(d.world.Handler())
	t.Cleanup(web.Close)
	d.phones = message.Client{Client: rest.Client{Base: web.URL, HTTP: web.Client(), Timeout: 10 * time.Second}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	go func() { _ = d.world.ServeMail(l) }()
	t.Cleanup(func() {
		_ = l.Close()
		d.world.CloseMail()
	})
	d.mails, err = mail.New(mail.Config{URL: "smtp://" + l.Addr().String(), From: "no-reply@bank.example", Name: "인감은행", Now: d.now})
	check(t, err)
	d.sender = d.newSender(s, nil)
	return d
}

// newSender makes one more, which may be changed.
func (d *desk) newSender(s *store.Store, change func(*notice.SenderConfig)) *notice.Sender {
	c := notice.SenderConfig{Outbox: s, Subscribers: s, Mails: d.mails, Messages: d.phones, Now: d.now, Bank: "인감은행", URL: "https://bank.example",
		Problem: func(_ context.Context, id string, f *notice.Failure) {
			if text := id + f.Error(); strings.Contains(text, "@") || strings.Contains(text, "0100000") {
				panic("an address in what is logged: " + text)
			}
			d.mu.Lock()
			defer d.mu.Unlock()
			d.problems++
		}}
	if change != nil {
		change(&c)
	}
	return notice.NewSender(c)
}

// person saves a subscriber; n makes their addresses.
func (d *desk) person(t *testing.T, n int, change func(*subscriber.Subscriber)) string {
	t.Helper()
	p := subscriber.Subscriber{ID: fmt.Sprint("s", n), CustomerNumber: fmt.Sprint("c", n), Sort: subscriber.Individual, Name: "홍길동",
		IdentityNumber: fmt.Sprintf("85031410%05d", n), Birth: "19850314", Phone: phoneOf(n), Mail: mailOf(n), UpdatedAt: noon}
	if change != nil {
		change(&p)
	}
	_, err := d.store.SaveSubscriber(t.Context(), p)
	check(t, err)
	return p.ID
}

func phoneOf(n int) string { return fmt.Sprintf("0100000%04d", n) }
func mailOf(n int) string  { return fmt.Sprintf("person%d@example.com", n) }

// told makes a notice.
func told(key, person string, event notice.Event) notice.Notice {
	return notice.Notice{Key: key, SubscriberID: person, Event: event, Serial: "00112233445566778899aabb9f3a77c2",
		Kind: npki.PersonalBank, At: noon}
}

func urgent(n notice.Notice) notice.Notice {
	n.Urgent = true
	return n
}

func (d *desk) enqueue(t *testing.T, n notice.Notice) {
	t.Helper()
	check(t, d.store.InTx(t.Context(), func(ctx context.Context) error { return d.Enqueue(ctx, n) }))
}

// send sends what is due, and wants it to be so many.
func (d *desk) send(t *testing.T, want notice.Tally) {
	t.Helper()
	got, err := d.sender.Send(t.Context())
	if err != nil || got != want {
		t.Errorf("sending: %+v, %v, want %+v", got, err, want)
	}
}

func (d *desk) receipts(t *testing.T, want notice.Tally) {
	t.Helper()
	got, err := d.sender.Receipts(t.Context())
	if err != nil || got != want {
		t.Errorf("receipts: %+v, %v, want %+v", got, err, want)
	}
}

// arrived wants so many messages and mails at a person's.
func (d *desk) arrived(t *testing.T, n, messages, mails int) {
	t.Helper()
	if m, l := len(d.world.Inbox(phoneOf(n))), len(d.world.Mails(mailOf(n))); m != messages || l != mails {
		t.Errorf("%d messages and %d mails arrived, want %d and %d", m, l, messages, mails)
	}
}

// only gives the one entry of a person by a channel.
func (d *desk) only(t *testing.T, person string, channel notice.Channel) notice.Entry {
	t.Helper()
	all, err := d.store.NoticesOf(t.Context(), person, 100)
	check(t, err)
	var found []notice.Entry
	for _, e := range all {
		if e.Channel == channel {
			found = append(found, e)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d notices by %s, want 1: %+v", len(found), channel, all)
	}
	return found[0]
}

func customer(id string) authz.Caller {
	return authz.Caller{Role: authz.Customer, ID: id, Request: "r"}
}

var operator = authz.Caller{Role: authz.Operator, ID: "op", Request: "r"}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
