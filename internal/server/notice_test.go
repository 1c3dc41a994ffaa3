package server_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/notice"
	"github.com/ingam-pki/ingam/internal/server"
	"github.com/ingam-pki/ingam/internal/store/storetest/pgtest"
	"github.com/ingam-pki/ingam/pki/npki"
)

// TestNoticesGo tells something to a customer of a running demo: it comes by
// mail and by message, past a carrier that fails once, on both engines.
func TestNoticesGo(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			c := config()
			if engine == "postgres" {
				c.Database = pgtest.URL(t, pgtest.NoFsync())
			}
			d := startDemo(t, c, server.Options{})
			logIn(t, d, "hong")
			sample := d.Samples()[0]
			who, err := d.Desk().Store.ByCustomerNumber(t.Context(), sample.Number)
			if err != nil {
				t.Fatal(err)
			}
			check := func(what string, is func() bool) {
				t.Helper()
				for begun := time.Now(); !is(); time.Sleep(20 * time.Millisecond) {
					if time.Since(begun) > time.Minute {
						t.Fatalf("it does not come to it: %s", what)
					}
				}
			}
			err = d.Desk().Store.InTx(t.Context(), func(ctx context.Context) error {
				return d.Desk().Notices.Enqueue(ctx, notice.Notice{Key: "lost", SubscriberID: who.ID, Event: notice.Lost,
					Serial: "00112233445566778899aabb9f3a77c2", Kind: npki.PersonalBank, Urgent: true, At: time.Now()})
			})
			if err != nil {
				t.Fatal(err)
			}
			world := d.Simulator()
			check("mail", func() bool { return len(world.Mails(sample.Mail)) == 1 })
			check("message", func() bool { return len(world.Inbox(sample.Phone)) == 1 })
			if text := world.Inbox(sample.Phone)[0].Text; !strings.Contains(text, d.URL()+"/lost") {
				t.Errorf("the message leads elsewhere: %s", text)
			}
			if m := world.Mails(sample.Mail)[0]; m.From != "no-reply@bank.example" || !strings.Contains(m.Text, sample.Name) {
				t.Errorf("the mail is another: %+v", m)
			}
			check("sent", func() bool {
				told, err := d.Desk().Notices.Notices(t.Context(), authz.Caller{Role: authz.Customer, ID: who.ID}, who.ID)
				return err == nil && len(told) == 2 && !told[0].SentAt.IsZero() && !told[1].SentAt.IsZero()
			})
		})
	}
}

// A bank whose mail server needs a password has it in a file; one that can't be
// read stops the start.
func TestMailPasswordFile(t *testing.T) {
	t.Parallel()
	c := config()
	c.Data = t.TempDir()
	o := server.Options{Passphrase: []byte("a passphrase for this test"), Sealing: cheap}
	if _, err := server.Init(t.Context(), server.Operator("test"), c, o); err != nil {
		t.Fatal(err)
	}
	c.Services.Simulators = []string{server.SimIDCheck, server.SimCoreBank, server.SimMessage}
	c.Bank.Mail, c.Services.Mail = "no-reply@bank.example", "smtp://bank@127.0.0.1:9"
	c.Services.MailPassword = filepath.Join(t.TempDir(), "password")
	if _, err := server.Open(t.Context(), c, o); !errors.Is(err, server.ErrConfig) {
		t.Errorf("without the file: %v", err)
	}
	if err := os.WriteFile(c.Services.MailPassword, []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := server.Open(t.Context(), c, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// Without a mail server the bank starts, and tells by message alone.
func TestServeWithoutMail(t *testing.T) {
	t.Parallel()
	c := config()
	c.Data = t.TempDir()
	o := server.Options{Passphrase: []byte("a passphrase for this test"), Sealing: cheap}
	if _, err := server.Init(t.Context(), server.Operator("test"), c, o); err != nil {
		t.Fatal(err)
	}
	c.Services.Simulators = []string{server.SimIDCheck, server.SimCoreBank, server.SimMessage}
	s, err := server.Open(t.Context(), c, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(run(t, s))
	me := authz.Caller{Role: authz.Customer, ID: "s1"}
	if p, err := s.Desk().Notices.Preferences(t.Context(), me, "s1"); err != nil || p.CanMail {
		t.Errorf("%+v, %v", p, err)
	}
}
