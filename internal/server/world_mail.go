package server

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"time"

	"github.com/ingam-pki/ingam/internal/outside/mail"
)

// simulatedSender is where simulated mails come from when bank.mail is empty.
const simulatedSender = "no-reply@bank.example"

// openMail reaches for the mail server, if there is one to send by, or starts
// the simulated one on a loopback port that nobody else needs to know.
func (w *world) openMail(ctx context.Context, c Config, now func() time.Time, log *slog.Logger) error {
	config := mail.Config{URL: c.Services.Mail, From: c.Bank.Mail, Name: c.Bank.Title, Now: now}
	switch {
	case slices.Contains(c.Services.Simulators, SimMail):
		host, _, err := net.SplitHostPort(c.Services.SimulatorListen)
		if err != nil {
			return fmt.Errorf("finding the simulators' address: %w", err)
		}
		if w.mailbox, err = listen(ctx, net.JoinHostPort(host, "0")); err != nil {
			return err
		}
		w.received = make(chan struct{})
		go func() {
			defer close(w.received)
			if err := w.simulator.ServeMail(w.mailbox); err != nil {
				log.Error("simulated mail server stopped", "error", err)
			}
		}()
		config.URL = "smtp://" + w.mailbox.Addr().String()
		if config.From == "" {
			config.From = simulatedSender
		}
	case c.Services.Mail == "":
		return nil
	case c.Services.MailPassword != "":
		password, err := readBounded(c.Services.MailPassword)
		if err != nil {
			return ErrConfig.With(err, "why", "services.mailPasswordFile: the file can't be read")
		}
		line, _, _ := bytes.Cut(password, []byte("\n"))
		config.Password = string(bytes.TrimSuffix(line, []byte("\r")))
	}
	client, err := mail.New(config)
	if err != nil {
		return ErrConfig.With(err, "why", "services.mail: "+err.Error())
	}
	w.mails = client
	return nil
}
