package faults_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/outside/mail"
	"github.com/ingam-pki/ingam/internal/outside/message"
	"github.com/ingam-pki/ingam/internal/outside/rest"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/notice"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/store"
	"github.com/ingam-pki/ingam/internal/store/storetest"
	"github.com/ingam-pki/ingam/pki/npki"
)

// noticeVariable holds the order of a child that sends notices.
const noticeVariable = "INGAM_FAULTS_NOTICE"

// noticeOrder is what such a child is told to do: send all that waits, then ask
// for all receipts.
type noticeOrder struct {
	URL, Ring      string
	Carrier, Mails string // addresses
	Step, Hit      int    // kill -9 oneself after this step when it is reached for the Hit-th time; 0: never
}

// noticeNoon is the hour of all of them: a claim goes by the database's clock,
// the rest by this one.
var noticeNoon = time.Date(2027, 3, 14, 3, 0, 0, 0, time.UTC)

// noticeChild is the service as far as sending notices goes.
func noticeChild(ctx context.Context, o noticeOrder) error {
	ring, err := keys.ReadRing(o.Ring, passphrase)
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, o.URL, ring)
	if err != nil {
		return err
	}
	var hits atomic.Int32
	var at atomic.Pointer[time.Time]
	at.Store(&noticeNoon)
	now := func() time.Time { return *at.Load() }
	mails, err := mail.New(mail.Config{URL: "smtp://" + o.Mails, From: "no-reply@bank.example", Now: now})
	if err != nil {
		return err
	}
	sender := notice.NewSender(notice.SenderConfig{
		Outbox: s, Subscribers: s, Mails: mails, Messages: message.Client{Client: rest.Client{Base: o.Carrier}}, Now: now,
		Bank: "인감은행", URL: "https://bank.example", Claim: time.Second,
		Step: func(step int) {
			if step == o.Step && int(hits.Add(1)) == o.Hit {
				_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
				select {} // the signal is on its way
			}
		},
	})
	err = until(ctx, sender.Send, func() (bool, error) {
		left, err := s.NoticesIn(ctx, notice.Waiting, 1)
		return len(left) == 0, err
	})
	if err != nil {
		return err
	}
	later := noticeNoon.Add(time.Minute)
	at.Store(&later)
	err = until(ctx, sender.Receipts, func() (bool, error) {
		sent, err := s.NoticesIn(ctx, notice.Sent, 1000)
		for _, e := range sent {
			if !e.DueAt.IsZero() {
				return false, err
			}
		}
		return true, err
	})
	return errors.Join(err, s.Close())
}

// until works until all is done, also what a dead one still claims.
func until(ctx context.Context, work func(context.Context) (notice.Tally, error), done func() (bool, error)) error {
	for {
		if _, err := work(ctx); err != nil {
			return err
		}
		if over, err := done(); over || err != nil {
			return err
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// postOffice is a bank whose processes send notices to one world.
type postOffice struct {
	order   noticeOrder
	store   *store.Store
	notices *notice.Service
	world   *simulator.Simulator
	persons int // so far
	killed  atomic.Int32
}

func newPostOffice(t *testing.T, url string) *postOffice {
	t.Helper()
	ring, path := keys.NewRing(), filepath.Join(t.TempDir(), "ring.json")
	if err := keys.WriteRing(path, ring, passphrase, keys.Memory(64)); err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return noticeNoon }
	p := &postOffice{store: storetest.Open(t, url, ring), world: simulator.New(now)}
	p.notices = notice.New(notice.Config{Tx: p.store, Outbox: p.store, Subscribers: p.store,
		Log: audit.New(p.store, ring.AuditKey(), now), Now: now, Mail: true})
	carrier := httptest.NewServer(p.world.Handler())
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = p.world.ServeMail(l) }()
	t.Cleanup(func() {
		carrier.Close()
		_ = l.Close()
		p.world.CloseMail()
	})
	p.order = noticeOrder{URL: url, Ring: path, Carrier: carrier.URL, Mails: l.Addr().String()}
	return p
}

// TestKillSending kills those who send notices after each step, alone and with
// others beside them, and from outside. What was to be told is then told once.
func TestKillSending(t *testing.T) {
	for _, engine := range storetest.Engines() {
		t.Run(engine.Name, func(t *testing.T) {
			t.Parallel()
			p := newPostOffice(t, engine.URL(t))
			for step := notice.StepClaimed; step <= notice.StepReceived; step++ {
				t.Run(fmt.Sprint("after step ", step), func(t *testing.T) {
					p.enqueue(t, 6)
					p.run(t, p.at(step, 2))
					p.run(t, p.at(step, 1), p.at(step%notice.StepReceived+1, 3), p.at(0, 0))
					p.finish(t)
				})
			}
			t.Run("at any moment", func(t *testing.T) {
				for round := range 3 {
					p.enqueue(t, 10)
					p.killWhen(t, p.arrived()+3+2*round)
				}
				p.finish(t)
			})
			if p.killed.Load() < 2*notice.StepReceived {
				t.Errorf("only %d processes were killed", p.killed.Load())
			}
		})
	}
}

func (p *postOffice) at(step, hit int) noticeOrder {
	o := p.order
	o.Step, o.Hit = step, hit
	return o
}

func noticePhone(n int) string { return fmt.Sprintf("0100000%04d", n) }
func noticeMail(n int) string  { return fmt.Sprintf("person%d@example.com", n) }

// enqueue has something to be told to so many new persons, by both channels.
func (p *postOffice) enqueue(t *testing.T, people int) {
	t.Helper()
	ctx := context.Background()
	for range people {
		n := p.persons
		p.persons++
		id := fmt.Sprint("s", n)
		_, err := p.store.SaveSubscriber(ctx, subscriber.Subscriber{ID: id, CustomerNumber: id, Sort: subscriber.Individual, Name: "홍길동",
			IdentityNumber: fmt.Sprintf("85031410%05d", n), Phone: noticePhone(n), Mail: noticeMail(n), UpdatedAt: noticeNoon})
		if err == nil {
			err = p.store.InTx(ctx, func(ctx context.Context) error {
				return p.notices.Enqueue(ctx, notice.Notice{Key: "lost:" + id, SubscriberID: id, Event: notice.Lost, Serial: "00112233445566778899aabb9f3a77c2",
					Kind: npki.PersonalBank, Urgent: n%2 == 0, At: noticeNoon})
			})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// run runs processes side by side. One of them alone that has a Hit must have
// died of it; with others beside it the work may be done before.
func (p *postOffice) run(t *testing.T, orders ...noticeOrder) {
	t.Helper()
	var wg sync.WaitGroup
	for _, o := range orders {
		wg.Go(func() {
			cmd, stderr := p.process(t, o)
			died, err := p.wait(cmd)
			switch {
			case died:
				p.killed.Add(1)
			case err != nil:
				t.Errorf("process %+v: %v: %s", o, err, stderr)
			case o.Hit > 0 && len(orders) == 1:
				t.Errorf("process lived: it never came to step %d", o.Step)
			}
		})
	}
	wg.Wait()
}

func (p *postOffice) process(t *testing.T, o noticeOrder) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	cmd, stderr := exec.Command(os.Args[0]), new(bytes.Buffer)
	cmd.Env = append(os.Environ(), noticeVariable+"="+string(text))
	cmd.Stderr = stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, stderr
}

func (p *postOffice) wait(cmd *exec.Cmd) (died bool, err error) {
	err = cmd.Wait()
	status, _ := cmd.ProcessState.Sys().(syscall.WaitStatus)
	return status.Signaled() && status.Signal() == syscall.SIGKILL, err
}

// killWhen kills a process from outside when so many messages have arrived.
func (p *postOffice) killWhen(t *testing.T, arrived int) {
	t.Helper()
	cmd, stderr := p.process(t, p.order)
	for wait := time.Now(); p.arrived() < arrived && time.Since(wait) < time.Minute; {
		time.Sleep(time.Millisecond)
	}
	_ = cmd.Process.Kill()
	died, err := p.wait(cmd)
	if died {
		p.killed.Add(1)
	} else if err != nil {
		t.Errorf("process: %v: %s", err, stderr)
	}
}

// arrived counts the messages that arrived.
func (p *postOffice) arrived() (n int) {
	for person := range p.persons {
		n += len(p.world.Inbox(noticePhone(person)))
	}
	return n
}

// finish lets one process end what is left, and looks whether all were told
// once.
func (p *postOffice) finish(t *testing.T) {
	t.Helper()
	p.run(t, p.at(0, 0))
	for n := range p.persons {
		messages, mails := p.world.Inbox(noticePhone(n)), p.world.Mails(noticeMail(n))
		if len(messages) != 1 || len(mails) != 1 {
			t.Errorf("person %d has %d messages and %d mails, want one of each", n, len(messages), len(mails))
		}
		all, err := p.store.NoticesOf(context.Background(), fmt.Sprint("s", n), 10)
		if err != nil || len(all) != 2 {
			t.Fatalf("person %d has %d notices (%v)", n, len(all), err)
		}
		for _, e := range all {
			want := map[notice.Channel]notice.State{notice.Mail: notice.Sent, notice.Message: notice.Delivered}[e.Channel]
			if e.State != want || e.CarrierID == "" || e.Channel == notice.Message && len(messages) == 1 && e.CarrierID != messages[0].ID {
				t.Errorf("person %d: %+v", n, e)
			}
		}
	}
}
