package server

import (
	"errors"
	"fmt"
	"net/url"
	"slices"

	"github.com/ingam-pki/ingam/internal/outside/mail"
)

// mails says whether the service sends mails.
func (s Services) mails() bool { return s.Mail != "" || slices.Contains(s.Simulators, SimMail) }

// checkMail says what is wrong with how mails are to be sent.
func (c Config) checkMail() (wrong []error) {
	if c.Bank.Mail != "" && mail.CheckAddress(c.Bank.Mail) != nil {
		wrong = append(wrong, errors.New("bank.mail: not an address such as no-reply@bank.example"))
	}
	if c.Services.Mail == "" {
		if c.Services.MailPassword != "" {
			wrong = append(wrong, errors.New("services.mailPasswordFile: there is no services.mail that it would be for"))
		}
		return wrong
	}
	if err := mail.CheckURL(c.Services.Mail); err != nil {
		return append(wrong, fmt.Errorf("services.mail: not smtp://[user@]host[:port] or smtps://…; a password stands in a file: %w", err))
	}
	if c.Bank.Mail == "" {
		wrong = append(wrong, errors.New("bank.mail: has to be set, since services.mail is"))
	}
	u, err := url.Parse(c.Services.Mail)
	if hasUser := err == nil && u.User != nil; hasUser != (c.Services.MailPassword != "") {
		wrong = append(wrong, errors.New("services.mailPasswordFile: goes with a user in services.mail, and the user with it"))
	}
	return wrong
}
