package notice_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/registration/notice"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/pki/seoul"
)

func TestSendByBothChannels(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		person := d.person(t, 1, nil)
		n := told("k", person, notice.Suspended)
		n.Facts = map[string]string{"by": "emergency-code", "until": "2027-09-14"}
		d.enqueue(t, n)
		d.send(t, notice.Tally{Sent: 2})
		d.send(t, notice.Tally{})
		d.arrived(t, 1, 1, 1)
		message, mail := d.world.Inbox(phoneOf(1))[0].Text, d.world.Mails(mailOf(1))[0]
		if !strings.Contains(message, "효력을 정지했어요") || !strings.Contains(message, "9f3a 77c2") || !strings.Contains(message, "https://bank.example/lost") {
			t.Errorf("message: %s", message)
		}
		if mail.Subject != "[인감은행] 인증서를 효력정지했어요" || !strings.Contains(mail.Text, "홍길동 님") || !strings.Contains(mail.Text, "2027년 9월 14일 (화) 23:59") {
			t.Errorf("mail: %+v", mail)
		}
		e := d.only(t, person, notice.Mail)
		if e.State != notice.Sent || !strings.Contains(e.CarrierID, "queued as SIM-"+strings.ToLower(e.ID)) || strings.Contains(e.CarrierID, "@") || !e.DueAt.IsZero() {
			t.Errorf("what is kept of the mail: %+v", e)
		}
		d.receipts(t, notice.Tally{}) // not at once
		d.pass(10 * time.Second)
		d.receipts(t, notice.Tally{Delivered: 1})
		if e := d.only(t, person, notice.Message); e.State != notice.Delivered || !e.DeliveredAt.Equal(noon) || e.CarrierID == "" {
			t.Errorf("what is kept of the message: %+v", e)
		}
	})
}

func TestSendInTheLanguageChosen(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		person := d.person(t, 1, func(p *subscriber.Subscriber) { p.Name = "ALEXANDER JAMES SAMPLE" })
		d.enqueue(t, told("k", person, notice.Revoked))
		check(t, d.SetPreferences(t.Context(), customer(person), person, notice.Choice{Mail: true, Lang: "en"}))
		d.send(t, notice.Tally{Sent: 2})
		if m := d.world.Mails(mailOf(1))[0]; !strings.Contains(m.Text, "Dear ALEXANDER JAMES SAMPLE,") || !strings.Contains(m.Subject, "Your certificate is revoked") {
			t.Errorf("%+v", m)
		}
	})
}

// Name and addresses are those of the moment of sending.
func TestSendToTheAddressOfNow(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		person := d.person(t, 1, nil)
		d.enqueue(t, told("k", person, notice.Revoked))
		d.person(t, 1, func(p *subscriber.Subscriber) { p.Phone, p.Mail = phoneOf(9), "" })
		d.send(t, notice.Tally{Sent: 1, Dropped: 1})
		d.arrived(t, 1, 0, 0)
		if len(d.world.Inbox(phoneOf(9))) != 1 {
			t.Error("nothing came to the new number")
		}
		if e := d.only(t, person, notice.Mail); e.State != notice.Dropped || e.Failure != "no-address" {
			t.Errorf("%+v", e)
		}
	})
}

func TestDeadPersonsAreNotTold(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		person := d.person(t, 1, nil)
		d.enqueue(t, told("k", person, notice.Revoked))
		d.person(t, 1, func(p *subscriber.Subscriber) { p.Deceased = true })
		d.send(t, notice.Tally{Dropped: 2})
	})
}

// A carrier that is down is asked again, later each time, and what it gets then
// is the notice once.
func TestRetry(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		person := d.person(t, 1, nil)
		d.enqueue(t, urgent(told("k", person, notice.Lost)))
		check(t, d.world.Script(simulator.Fault{Service: simulator.Messages, Mode: simulator.Status, Status: 503, Count: 2},
			simulator.Fault{Service: simulator.Mails, Mode: simulator.Status, Status: 450, Count: 1},
			simulator.Fault{Service: simulator.Mails, Mode: simulator.Reset, Count: 1}))
		for try := 1; try <= 2; try++ {
			d.send(t, notice.Tally{Retried: 2})
			d.send(t, notice.Tally{}) // not before its time
			pause := time.Minute << (try - 1)
			for channel, word := range map[notice.Channel]string{notice.Message: "status-503",
				notice.Mail: map[int]string{1: "refused-450", 2: "broken-off"}[try]} {
				e := d.only(t, person, channel)
				wait := e.DueAt.Sub(d.now())
				if e.State != notice.Waiting || e.Failure != word || e.Tries != try || wait < pause*3/4 || wait > pause*5/4 {
					t.Errorf("try %d: %+v waits %v", try, e, wait)
				}
			}
			d.arrived(t, 1, 0, 0)
			d.pass(pause * 5 / 4)
		}
		d.send(t, notice.Tally{Sent: 2})
		d.arrived(t, 1, 1, 1)
		if e := d.only(t, person, notice.Message); e.Failure != "" || e.Tries != 3 {
			t.Errorf("%+v", e)
		}
		if d.problems != 4 {
			t.Errorf("%d problems were told, want 4", d.problems)
		}
	})
}

// What is refused for good is dead at once; so is what was tried ten times.
// The operator sees it and sends it again.
func TestDeadLetters(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		person := d.person(t, 1, nil)
		d.enqueue(t, urgent(told("k", person, notice.Lost)))
		check(t, d.world.Script(simulator.Fault{Service: simulator.Messages, Mode: simulator.Status, Status: 503},
			simulator.Fault{Service: simulator.Mails, Mode: simulator.Status, Status: 550}))
		d.send(t, notice.Tally{Retried: 1, Dead: 1})
		for try := 2; try < notice.MaxTries; try++ {
			d.pass(8 * time.Hour)
			d.send(t, notice.Tally{Retried: 1})
		}
		d.pass(8 * time.Hour)
		d.send(t, notice.Tally{Dead: 1})
		d.pass(1000 * time.Hour)
		d.send(t, notice.Tally{})
		dead, err := d.List(t.Context(), operator, notice.Dead, 10)
		if err != nil || len(dead) != 2 {
			t.Fatalf("%+v, %v", dead, err)
		}
		if e := d.only(t, person, notice.Mail); e.Failure != "refused-550" || e.Tries != 1 {
			t.Errorf("%+v", e)
		}
		if err := d.Retry(t.Context(), operator, dead[0].ID, "no such"); !errors.Is(err, notice.ErrNotDead) {
			t.Errorf("retrying one that is not there: %v", err)
		}
		check(t, d.world.Script())
		d.send(t, notice.Tally{}) // none or all
		check(t, d.Retry(t.Context(), operator, dead[0].ID))
		if n, err := d.RetryAll(t.Context(), operator); err != nil || n != 1 {
			t.Errorf("retried %d, %v", n, err)
		}
		d.send(t, notice.Tally{Sent: 2})
		d.arrived(t, 1, 1, 1)
		d.audited(t, map[string]int{"notice.retry done": 2, "notice.retry refused": 1})
	})
}

// A gateway that refuses us, not the message, is the operator's to mend: the
// message waits.
func TestOurOwnFaultsKillNothing(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		person := d.person(t, 1, nil)
		check(t, d.store.SaveNoticeChoice(t.Context(), person, notice.Choice{Message: true, Lang: "ko"}, noon))
		for _, status := range []int{401, 403, 404, 409, 429, 500, 503} {
			d.enqueue(t, told("k"+time.Duration(status).String(), person, notice.Issued))
			check(t, d.world.Script(simulator.Fault{Service: simulator.Messages, Mode: simulator.Status, Status: status}))
			d.send(t, notice.Tally{Retried: 1})
		}
		for _, status := range []int{400, 410, 422} {
			d.enqueue(t, told("k"+time.Duration(status).String(), person, notice.Issued))
			check(t, d.world.Script(simulator.Fault{Service: simulator.Messages, Mode: simulator.Status, Status: status}))
			d.send(t, notice.Tally{Dead: 1})
		}
	})
}

// A receipt that is late is asked for again; one that says never is the
// operator's; one that does not come is given up.
func TestReceipts(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		person := d.person(t, 1, nil)
		check(t, d.store.SaveNoticeChoice(t.Context(), person, notice.Choice{Message: true, Lang: "ko"}, noon))
		d.enqueue(t, told("late", person, notice.Issued))
		d.send(t, notice.Tally{Sent: 1})
		check(t, d.world.Script(simulator.Fault{Service: simulator.Arrival, Mode: simulator.Late, Count: 1},
			simulator.Fault{Service: simulator.Receipts, Mode: simulator.Status, Count: 2}, // Get asks twice
			simulator.Fault{Service: simulator.Receipts, Mode: simulator.Malformed, Count: 1}))
		// The script's faults come in this order: down, half an answer, late.
		d.pass(10 * time.Second)
		for _, word := range []string{"status-503", "malformed-answer", ""} {
			d.receipts(t, notice.Tally{Sent: 1})
			e := d.only(t, person, notice.Message)
			if e.State != notice.Sent || e.Failure != word || e.Tries != 1 || e.DueAt.Sub(d.now()) < 30*time.Second {
				t.Errorf("%+v, want %q", e, word)
			}
			d.receipts(t, notice.Tally{})
			d.set(e.DueAt)
		}
		d.receipts(t, notice.Tally{Delivered: 1})
		d.arrived(t, 1, 1, 0)

		d.enqueue(t, told("never", person, notice.Issued))
		d.send(t, notice.Tally{Sent: 1})
		check(t, d.world.Script(simulator.Fault{Service: simulator.Arrival, Mode: simulator.Never}))
		d.pass(time.Minute)
		d.receipts(t, notice.Tally{Dead: 1})
		if dead, err := d.List(t.Context(), operator, notice.Dead, 10); err != nil || len(dead) != 1 || dead[0].Failure != "undeliverable" {
			t.Errorf("%+v, %v", dead, err)
		}
		// Sent anew it is another message to the carrier: it would answer the old
		// key with the one that did not arrive.
		check(t, d.world.Script())
		if n, err := d.RetryAll(t.Context(), operator); err != nil || n != 1 {
			t.Errorf("retried %d, %v", n, err)
		}
		d.send(t, notice.Tally{Sent: 1})
		d.arrived(t, 1, 3, 0)

		check(t, d.world.Script(simulator.Fault{Service: simulator.Arrival, Mode: simulator.Late}))
		d.pass(73 * time.Hour)
		d.receipts(t, notice.Tally{Sent: 1})
		d.pass(1000 * time.Hour)
		d.receipts(t, notice.Tally{}) // given up
	})
}

// At night only what is urgent goes, whatever is due.
func TestQuietHoursOfTheSender(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		person := d.person(t, 1, nil)
		evening := time.Date(2027, 3, 14, 20, 59, 59, 0, seoul.Zone)
		d.set(evening)
		d.enqueue(t, told("before", person, notice.Issued)) // due, but the sender was away
		d.set(evening.Add(time.Second))
		d.send(t, notice.Tally{})
		d.enqueue(t, told("at night", person, notice.Expired))
		d.enqueue(t, urgent(told("urgent", person, notice.Lost)))
		d.send(t, notice.Tally{Sent: 2})
		d.set(time.Date(2027, 3, 15, 7, 59, 59, 0, seoul.Zone))
		d.send(t, notice.Tally{})
		d.arrived(t, 1, 1, 1)
		d.set(time.Date(2027, 3, 15, 8, 0, 0, 0, seoul.Zone))
		d.send(t, notice.Tally{Sent: 4})
		d.arrived(t, 1, 3, 3)

		// What fails in the evening waits for the morning; what is urgent doesn't.
		d.set(evening)
		d.enqueue(t, told("fails", person, notice.Issued))
		check(t, d.world.Script(simulator.Fault{Service: simulator.Messages, Mode: simulator.Status, Count: 1},
			simulator.Fault{Service: simulator.Mails, Mode: simulator.Status, Status: 450, Count: 1}))
		d.send(t, notice.Tally{Retried: 2})
		all, err := d.store.NoticesIn(t.Context(), notice.Waiting, 9)
		check(t, err)
		for _, e := range all {
			if !e.DueAt.Equal(time.Date(2027, 3, 15, 8, 0, 0, 0, seoul.Zone)) {
				t.Errorf("%s is due %v", e.Key, e.DueAt)
			}
		}
	})
}

// A reminder that is no longer true when it could go is not sent.
func TestRemindersThatAreOver(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		person := d.person(t, 1, nil)
		live := map[string]bool{"aa": true, "bb": false}
		d.sender = d.newSender(d.store, func(c *notice.SenderConfig) {
			c.Live = func(_ context.Context, serial string) (bool, error) { return live[serial], nil }
		})
		remind := func(key, serial, until string, event notice.Event) {
			n := told(key, person, event)
			n.Serial, n.Facts = serial, map[string]string{"until": until}
			d.enqueue(t, n)
		}
		remind("true", "aa", "2027-03-14", notice.Reminder)
		d.send(t, notice.Tally{Sent: 2})
		remind("renewed", "bb", "2027-03-20", notice.Reminder)
		remind("ended", "aa", "2027-03-13", notice.Reminder)
		d.send(t, notice.Tally{Dropped: 4})
		remind("news of one that is revoked", "bb", "2027-03-13", notice.Revoked)
		d.send(t, notice.Tally{Sent: 2})
		last := time.Date(2027, 3, 15, 20, 59, 59, 0, seoul.Zone)
		d.set(last)
		remind("on the last day", "aa", "2027-03-15", notice.Reminder)
		d.send(t, notice.Tally{Sent: 2})
		inbox := d.world.Inbox(phoneOf(1))
		if text := inbox[len(inbox)-1].Text; !strings.Contains(text, "오늘 끝나요") {
			t.Errorf("%s", text)
		}
	})
}

// A mail server that is no longer there when a mail waits is tried again: it
// may be missing by mistake.
func TestMailServerGone(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		person := d.person(t, 1, nil)
		d.sender = d.newSender(d.store, func(c *notice.SenderConfig) { c.Mails = nil })
		d.enqueue(t, told("k", person, notice.Issued))
		d.send(t, notice.Tally{Sent: 1, Retried: 1})
		if e := d.only(t, person, notice.Mail); e.Failure != "no-mail-server" {
			t.Errorf("%+v", e)
		}
	})
}
