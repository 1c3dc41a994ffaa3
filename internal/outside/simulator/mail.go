package simulator

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/http"
	netmail "net/mail"
	"slices"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/outside/simulator/smtpd"
)

// Mail is one that arrived in a sample's mailbox.
type Mail struct {
	ID      string    `json:"id"` // its Message-ID
	From    string    `json:"from"`
	To      string    `json:"to"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
	At      time.Time `json:"at"`
}

// ServeMail takes mails over on a listener, until the listener is closed and
// CloseMail is called.
func (s *Simulator) ServeMail(l net.Listener) error { return s.mailServer.Serve(l) }

// CloseMail breaks conversations off.
func (s *Simulator) CloseMail() { s.mailServer.Close() }

// Mails gives the mails that arrived at an address, oldest first.
func (s *Simulator) Mails(to string) []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := []Mail{}
	for _, m := range s.mails {
		if m.To == to {
			found = append(found, m)
		}
	}
	return found
}

// takeMail puts a mail into the mailboxes. One that is there already, by its
// Message-ID, is not put there again: so do many real servers.
func (s *Simulator) takeMail(m smtpd.Mail) string {
	mail := readMail(m.Data)
	mail.From, mail.At = m.From, s.now().UTC()
	name := "SIM-" + mail.ID
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, to := range m.To {
		mail.To = to
		if mail.ID != "" && slices.ContainsFunc(s.mails, func(had Mail) bool { return had.ID == mail.ID && had.To == to }) {
			continue
		}
		if len(s.mails) >= maxInbox {
			s.mails = slices.Delete(s.mails, 0, len(s.mails)-maxInbox+1)
		}
		s.mails = append(s.mails, mail)
	}
	return strings.Map(func(r rune) rune {
		if r == '@' || r == '<' || r == '>' || r <= ' ' || r > '~' {
			return '-'
		}
		return r
	}, name)
}

// readMail reads a mail of plain text; what can't be read stands as it came.
func readMail(data []byte) Mail {
	parsed, err := netmail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return Mail{Text: strings.ToValidUTF8(string(data), "?")}
	}
	m := Mail{ID: strings.Trim(parsed.Header.Get("Message-Id"), "<>"), Subject: parsed.Header.Get("Subject")}
	if subject, err := new(mime.WordDecoder).DecodeHeader(m.Subject); err == nil {
		m.Subject = subject
	}
	body := parsed.Body
	switch strings.ToLower(parsed.Header.Get("Content-Transfer-Encoding")) {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		text = data
	}
	m.Text = strings.ToValidUTF8(strings.ReplaceAll(string(text), "\r\n", "\n"), "?")
	return m
}

func (s *Simulator) getMails(w http.ResponseWriter, r *http.Request) {
	write(w, http.StatusOK, map[string]any{"mails": s.Mails(r.URL.Query().Get("to"))})
}

// mailStages say where in a conversation a scripted failure happens.
var mailStages = map[Mode]smtpd.Stage{
	Status: smtpd.To, Slow: smtpd.End, Malformed: smtpd.From, Hang: smtpd.End, Reset: smtpd.End,
}

// mailTrouble lets scripted failures happen to mails.
func (s *Simulator) mailTrouble(at smtpd.Stage) (smtpd.Trouble, bool) {
	f, ok := s.nextFaultIf(Mails, func(f *Fault) bool { return mailStages[f.Mode] == at })
	if !ok {
		return smtpd.Trouble{}, false
	}
	t := smtpd.Trouble{Delay: f.delay}
	switch f.Mode {
	case Status:
		t.Reply = mailReply(f.Status)
	case Malformed:
		t.Reply = "what?"
	case Hang:
		t.Hang = true
	case Reset:
		t.Drop = true
	default: // Slow: the delay is all
	}
	return t, true
}

// mailReply gives the reply of a scripted status; 503, which is the default and
// means something else to HTTP, is a server that has no time.
func mailReply(status int) string {
	switch {
	case status == http.StatusServiceUnavailable:
		return "451 4.3.2 scripted failure"
	case status < 500:
		return "450 4.2.0 scripted failure"
	}
	return "550 5.1.1 scripted failure"
}
