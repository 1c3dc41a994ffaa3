package notice_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/notice"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

func TestEnqueueChoosesChannels(t *testing.T) {
	noMail := func(p *subscriber.Subscriber) { p.Mail = "" }
	noPhone := func(p *subscriber.Subscriber) { p.Phone = "" }
	neither := func(p *subscriber.Subscriber) { p.Mail, p.Phone = "", "" }
	mailOnly, messageOnly := &notice.Choice{Mail: true, Lang: "ko"}, &notice.Choice{Message: true, Lang: "ko"}
	each(t, func(t *testing.T, d *desk) {
		for i, test := range []struct {
			name   string
			person func(*subscriber.Subscriber)
			choice *notice.Choice
			urgent bool
			want   string
		}{
			{"no choice", nil, nil, false, "mail message"},
			{"mail", nil, mailOnly, false, "mail"},
			{"message", nil, messageOnly, false, "message"},
			{"message, urgent", nil, messageOnly, true, "mail message"},
			{"no mail address", noMail, nil, false, "message"},
			{"no mail address, urgent", noMail, nil, true, "message"},
			{"no phone", noPhone, nil, false, "mail"},
			{"mail chosen, no address", noMail, mailOnly, false, "message"},
			{"message chosen, no phone", noPhone, messageOnly, false, "mail"},
			{"nothing", neither, nil, true, "message dropped no-address"},
		} {
			person := d.person(t, i, test.person)
			if test.choice != nil {
				check(t, d.store.SaveNoticeChoice(t.Context(), person, *test.choice, noon))
			}
			n := told("k"+test.name, person, notice.Suspended)
			n.Urgent = test.urgent
			d.enqueue(t, n)
			d.enqueue(t, n) // the same is told once
			all, err := d.store.NoticesOf(t.Context(), person, 9)
			check(t, err)
			var got []string
			for _, e := range all {
				got = append(got, string(e.Channel))
				if e.State == notice.Dropped {
					got = append(got, "dropped", e.Failure)
				}
			}
			if test.person == nil || test.want != "message dropped no-address" {
				slices.Sort(got)
			}
			if strings.Join(got, " ") != test.want {
				t.Errorf("%s: %v, want %s", test.name, got, test.want)
			}
		}
		unknown := told("unknown", "nobody", notice.Revoked)
		d.enqueue(t, unknown) // an act on a certificate does not fail by it
		if e := d.only(t, "nobody", notice.Message); e.State != notice.Dropped {
			t.Errorf("told to nobody: %+v", e)
		}
		d.enqueue(t, told("of nobody", "", notice.Revoked))
	})
}

// A bank without a mail server tells by message.
func TestEnqueueWithoutMailServer(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		s := notice.New(notice.Config{Tx: d.store, Outbox: d.store, Subscribers: d.store, Log: d.log, Now: d.now})
		person := d.person(t, 1, nil)
		check(t, d.store.SaveNoticeChoice(t.Context(), person, notice.Choice{Mail: true, Lang: "ko"}, noon))
		check(t, s.Enqueue(t.Context(), told("k", person, notice.Issued)))
		d.only(t, person, notice.Message)
		p, err := s.Preferences(t.Context(), customer(person), person)
		if err != nil || p.CanMail || !p.CanMessage {
			t.Errorf("%+v, %v", p, err)
		}
	})
}

// A notice goes with its act: rolled back, told to nobody.
func TestEnqueueJoinsTheTransaction(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		person := d.person(t, 1, nil)
		oops := errors.New("oops")
		err := d.store.InTx(t.Context(), func(ctx context.Context) error {
			if err := d.Enqueue(ctx, told("k", person, notice.Revoked)); err != nil {
				return err
			}
			return oops
		})
		if !errors.Is(err, oops) {
			t.Fatal(err)
		}
		if all, err := d.store.NoticesOf(t.Context(), person, 9); err != nil || len(all) != 0 {
			t.Errorf("%+v, %v", all, err)
		}
		d.send(t, notice.Tally{})
	})
}

func TestEnqueueRefusesNonsense(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		for name, change := range map[string]func(*notice.Notice){
			"no key":        func(n *notice.Notice) { n.Key = "" },
			"endless key":   func(n *notice.Notice) { n.Key = strings.Repeat("k", 201) },
			"no such event": func(n *notice.Notice) { n.Event = "party" },
			"no time":       func(n *notice.Notice) { n.At = time.Time{} },
			"long serial":   func(n *notice.Notice) { n.Serial = strings.Repeat("0", 65) },
			"long fact":     func(n *notice.Notice) { n.Facts = map[string]string{"by": strings.Repeat("x", 65)} },
			"nameless":      func(n *notice.Notice) { n.Facts = map[string]string{"": "x"} },
			"no day":        func(n *notice.Notice) { n.Facts = map[string]string{"until": "2027-02-29"} },
			"many facts": func(n *notice.Notice) {
				n.Facts = map[string]string{}
				for i := range 9 {
					n.Facts[fmt.Sprint(i)] = "x"
				}
			},
		} {
			n := told("k", "s1", notice.Revoked)
			change(&n)
			if d.Enqueue(t.Context(), n) == nil {
				t.Errorf("%s was taken", name)
			}
		}
	})
}

func TestPreferences(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		ctx := t.Context()
		me, other := d.person(t, 1, nil), d.person(t, 2, func(p *subscriber.Subscriber) { p.Mail = "" })
		want := notice.Preferences{Choice: notice.DefaultChoice, CanMail: true, CanMessage: true}
		if p, err := d.Preferences(ctx, customer(me), me); err != nil || p != want {
			t.Errorf("%+v, %v", p, err)
		}
		want.Choice = notice.Choice{Mail: true, Lang: "en"}
		check(t, d.SetPreferences(ctx, customer(me), me, want.Choice))
		if p, err := d.Preferences(ctx, customer(me), me); err != nil || p != want {
			t.Errorf("%+v, %v", p, err)
		}
		for _, test := range []struct {
			name   string
			caller authz.Caller
			of     string
			choice notice.Choice
			want   error
		}{
			{"neither", customer(me), me, notice.Choice{Lang: "ko"}, notice.ErrNoChannel},
			{"by mail without an address", customer(other), other, notice.Choice{Mail: true, Lang: "ko"}, notice.ErrNoAddress},
			{"a language that we don't speak", customer(me), me, notice.Choice{Mail: true, Lang: "tlh\n"}, notice.ErrLanguage},
			{"another's", customer(other), me, notice.Choice{Message: true, Lang: "ko"}, authz.ErrForbidden},
			{"an operator's hand", operator, me, notice.Choice{Message: true, Lang: "ko"}, authz.ErrForbidden},
			{"nobody", authz.Caller{Role: authz.Anonymous}, me, notice.Choice{Message: true, Lang: "ko"}, authz.ErrForbidden},
		} {
			if err := d.SetPreferences(ctx, test.caller, test.of, test.choice); !errors.Is(err, test.want) {
				t.Errorf("%s: %v, want %v", test.name, err, test.want)
			}
		}
		if p, err := d.Preferences(ctx, customer(me), me); err != nil || p != want {
			t.Errorf("a refusal changed it: %+v, %v", p, err)
		}
		if _, err := d.Preferences(ctx, customer(other), me); !errors.Is(err, authz.ErrForbidden) {
			t.Errorf("another looks: %v", err)
		}
		d.audited(t, map[string]int{"notice.choose done": 1, "notice.choose refused": 3, "notice.choose denied": 3, "notice.view denied": 1})
	})
}

// audited wants so many entries of each act and outcome, and nobody's address
// in any.
func (d *desk) audited(t *testing.T, want map[string]int) {
	t.Helper()
	heads, err := d.store.Heads(t.Context())
	check(t, err)
	got := map[string]int{}
	for _, h := range heads {
		entries, err := d.store.Entries(t.Context(), h.Lane, 0, 1000)
		check(t, err)
		for _, e := range entries {
			got[string(e.Act)+" "+string(e.Outcome)]++
			if text := fmt.Sprint(e.Object, e.Detail); strings.Contains(text, "@") || strings.Contains(text, "0100000") || strings.Contains(text, "tlh") {
				t.Errorf("the log says too much: %s", text)
			}
		}
	}
	for what, n := range want {
		if got[what] != n {
			t.Errorf("%d entries of %s, want %d (%v)", got[what], what, n, got)
		}
	}
}

func TestNoticesAreTheirOwners(t *testing.T) {
	each(t, func(t *testing.T, d *desk) {
		me, other := d.person(t, 1, nil), d.person(t, 2, nil)
		d.enqueue(t, told("k", me, notice.Revoked))
		d.send(t, notice.Tally{Sent: 2})
		d.pass(time.Minute)
		d.receipts(t, notice.Tally{Delivered: 1})
		all, err := d.Notices(t.Context(), customer(me), me)
		check(t, err)
		if len(all) != 2 {
			t.Fatalf("%+v", all)
		}
		for _, n := range all {
			want := notice.Told{Event: notice.Revoked, Channel: n.Channel, Serial: "00112233445566778899aabb9f3a77c2", Kind: "personal-bank",
				At: n.At, State: notice.Sent, SentAt: n.SentAt, DeliveredAt: n.DeliveredAt}
			if n.Channel == notice.Message {
				want.State = notice.Delivered
			}
			if n != want || !n.At.Equal(noon) || !n.SentAt.Equal(noon) || n.DeliveredAt.IsZero() != (n.Channel == notice.Mail) {
				t.Errorf("%+v, want %+v", n, want)
			}
		}
		if _, err := d.Notices(t.Context(), customer(other), me); !errors.Is(err, authz.ErrForbidden) {
			t.Errorf("another looks: %v", err)
		}
		if _, err := d.List(t.Context(), customer(me), notice.Dead, 10); !errors.Is(err, authz.ErrForbidden) {
			t.Errorf("a customer lists: %v", err)
		}
		if err := d.Retry(t.Context(), customer(me), "x"); !errors.Is(err, authz.ErrForbidden) {
			t.Errorf("a customer retries: %v", err)
		}
		if _, err := d.RetryAll(t.Context(), customer(me)); !errors.Is(err, authz.ErrForbidden) {
			t.Errorf("a customer retries all: %v", err)
		}
	})
}
