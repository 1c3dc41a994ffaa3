// Package smtpd is a small mail server for demo and tests: it speaks SMTP
// (RFC 5321) over a listener, hands on what it is given, and misbehaves when it
// is told to. It believes everybody and relays nothing.
package smtpd

import (
	"bufio"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"
)

// Bounds of a conversation.
const (
	maxLine  = 2000 // bytes; RFC 5321 asks for 1000
	maxData  = 1 << 20
	maxRcpt  = 10
	maxTalks = 64               // conversations at once
	idle     = 60 * time.Second // for the next line
)

// Mail is one that was taken over.
type Mail struct {
	From   string
	To     []string
	Data   []byte // headers and body, lines ending in CRLF
	Secure bool   // it came by TLS
	User   string // who logged in
}

// Stage is a moment in a conversation at which a server can misbehave.
type Stage string

// The stages.
const (
	Greeting Stage = "greeting"
	Hello    Stage = "hello"
	Auth     Stage = "auth"
	From     Stage = "from"
	To       Stage = "to"
	Data     Stage = "data"  // before the text
	End      Stage = "end"   // after the text, before the reply: it is not taken over
	After    Stage = "after" // taken over; what happens instead of the reply
	Done     Stage = "done"  // after the last reply
)

// Trouble is what happens at a stage: a reply in place of the right one, or the
// line that is broken off, or silence.
type Trouble struct {
	Reply string        // "451 4.3.0 not now"
	Drop  bool          // the connection ends
	Hang  bool          // no reply until the client leaves
	Delay time.Duration // before anything else
	Flood bool          // a reply without an end
}

// Server is a mail server. Set its fields before Serve.
type Server struct {
	Take    func(Mail) string           // takes a mail over and names it; must be safe for concurrent use
	Trouble func(Stage) (Trouble, bool) // may be nil
	TLS     *tls.Config                 // offers STARTTLS when set
	User    string                      // who may log in by AUTH PLAIN; nobody has to when empty
	Secret  string                      // their password

	mu      sync.Mutex
	talks   map[net.Conn]bool
	stop    chan struct{} // closed at Close
	closed  bool
	running sync.WaitGroup
}

// Serve answers on a listener until Close.
func (s *Server) Serve(l net.Listener) error {
	for {
		connection, err := l.Accept()
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				return nil
			}
			return err
		}
		if !s.begin(connection) {
			_ = connection.Close()
			continue
		}
		go func() {
			defer s.running.Done()
			t := &talk{server: s, line: connection, in: bufio.NewReaderSize(connection, maxLine)}
			t.run()
			_ = t.line.Close()
			s.mu.Lock()
			delete(s.talks, connection)
			s.mu.Unlock()
		}()
	}
}

func (s *Server) begin(c net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || len(s.talks) >= maxTalks {
		return false
	}
	if s.talks == nil {
		s.talks, s.stop = make(map[net.Conn]bool), make(chan struct{})
	}
	s.talks[c] = true
	s.running.Add(1)
	return true
}

// Close breaks all conversations off and waits for their end. The listener is
// its owner's to close.
func (s *Server) Close() {
	s.mu.Lock()
	if s.stop != nil && !s.closed {
		close(s.stop)
	}
	s.closed = true
	for c := range s.talks {
		_ = c.Close()
	}
	s.mu.Unlock()
	s.running.Wait()
}

// talk is one conversation.
type talk struct {
	server *Server
	line   net.Conn
	in     *bufio.Reader
	mail   Mail
	secure bool
	user   string
}

// errOver ends a conversation.
var errOver = errors.New("smtpd: over")

func (t *talk) run() {
	if t.say(Greeting, "220 simulator ESMTP") != nil {
		return
	}
	for {
		line, err := t.read(maxLine)
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(line, " ")
		if err := t.answer(strings.ToUpper(verb), rest); err != nil {
			return
		}
	}
}

func (t *talk) answer(verb, rest string) error {
	switch verb {
	case "EHLO", "HELO":
		return t.hello(verb)
	case "STARTTLS":
		return t.startTLS()
	case "AUTH":
		return t.auth(rest)
	case "MAIL":
		if t.server.User != "" && t.user == "" {
			return t.say("", "530 5.7.0 log in first")
		}
		from, ok := path(rest, "FROM:")
		if !ok {
			return t.say("", "501 5.5.4 MAIL FROM:<address>")
		}
		t.mail = Mail{From: from}
		return t.say(From, "250 2.1.0 ok")
	case "RCPT":
		return t.recipient(rest)
	case "DATA":
		return t.data()
	case "RSET":
		t.mail = Mail{}
		return t.say("", "250 2.0.0 ok")
	case "NOOP":
		return t.say("", "250 2.0.0 ok")
	case "QUIT":
		_ = t.say("", "221 2.0.0 bye")
		return errOver
	}
	return t.say("", "502 5.5.1 not known here")
}

func (t *talk) hello(verb string) error {
	if verb == "HELO" {
		return t.say(Hello, "250 simulator")
	}
	lines := []string{"simulator", "8BITMIME", "ENHANCEDSTATUSCODES", fmt.Sprint("SIZE ", maxData)}
	if t.server.TLS != nil && !t.secure {
		lines = append(lines, "STARTTLS")
	}
	if t.server.User != "" {
		lines = append(lines, "AUTH PLAIN")
	}
	for i := range lines {
		separator := "-"
		if i == len(lines)-1 {
			separator = " "
		}
		lines[i] = "250" + separator + lines[i]
	}
	return t.say(Hello, strings.Join(lines, "\r\n"))
}

func (t *talk) startTLS() error {
	if t.server.TLS == nil || t.secure {
		return t.say("", "502 5.5.1 no TLS here")
	}
	if err := t.say("", "220 2.0.0 go ahead"); err != nil {
		return err
	}
	secure := tls.Server(t.line, t.server.TLS)
	watch := time.AfterFunc(idle, func() { _ = t.line.Close() })
	defer watch.Stop()
	if err := secure.Handshake(); err != nil { //nolint:noctx // the watch ends it
		return err
	}
	// What was said before is forgotten (RFC 3207 §4.2).
	t.line, t.in, t.secure, t.mail, t.user = secure, bufio.NewReaderSize(secure, maxLine), true, Mail{}, ""
	return nil
}

func (t *talk) auth(rest string) error {
	mechanism, encoded, _ := strings.Cut(rest, " ")
	plain, err := base64.StdEncoding.DecodeString(encoded)
	parts := strings.Split(string(plain), "\x00")
	if t.server.User == "" || !strings.EqualFold(mechanism, "PLAIN") || err != nil || len(parts) != 3 {
		return t.say("", "504 5.5.4 AUTH PLAIN only")
	}
	if parts[1] != t.server.User || parts[2] != t.server.Secret {
		return t.say(Auth, "535 5.7.8 wrong")
	}
	t.user = parts[1]
	return t.say(Auth, "235 2.7.0 welcome")
}

func (t *talk) recipient(rest string) error {
	to, ok := path(rest, "TO:")
	switch {
	case t.mail.From == "":
		return t.say("", "503 5.5.1 MAIL first")
	case !ok || to == "":
		return t.say("", "501 5.5.4 RCPT TO:<address>")
	case len(t.mail.To) == maxRcpt:
		return t.say("", "452 4.5.3 too many")
	}
	t.mail.To = append(t.mail.To, to)
	return t.say(To, "250 2.1.5 ok")
}

// path reads FROM:<address> with what may follow it.
func path(rest, word string) (string, bool) {
	if len(rest) < len(word) || !strings.EqualFold(rest[:len(word)], word) {
		return "", false
	}
	address, found := strings.CutPrefix(strings.TrimSpace(rest[len(word):]), "<")
	address, _, closed := strings.Cut(address, ">")
	return address, found && closed
}

func (t *talk) data() error {
	if len(t.mail.To) == 0 {
		return t.say("", "503 5.5.1 RCPT first")
	}
	if trouble, err := t.trouble(Data); trouble || err != nil {
		return err
	}
	if err := t.say("", "354 end with a dot"); err != nil {
		return err
	}
	for {
		line, err := t.read(maxData)
		if err != nil {
			return err
		}
		if line == "." {
			break
		}
		if len(t.mail.Data)+len(line) > maxData {
			return errOver
		}
		t.mail.Data = append(append(t.mail.Data, strings.TrimPrefix(line, ".")...), '\r', '\n')
	}
	if trouble, err := t.trouble(End); trouble || err != nil {
		t.mail = Mail{}
		return err
	}
	t.mail.Secure, t.mail.User = t.secure, t.user
	name := t.server.Take(t.mail)
	t.mail = Mail{}
	if err := t.say(After, "250 2.0.0 Ok: queued as "+name); err != nil {
		return err
	}
	_, err := t.trouble(Done)
	return err
}

// read gives the next line without its end. A client that is silent for long
// is left.
func (t *talk) read(most int) (string, error) {
	line := t.line
	watch := time.AfterFunc(idle, func() { _ = line.Close() })
	defer watch.Stop()
	var whole []byte
	for {
		part, err := t.in.ReadSlice('\n')
		whole = append(whole, part...)
		if len(whole) > most {
			return "", errOver
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil {
			return "", err
		}
		return strings.TrimRight(string(whole), "\r\n"), nil
	}
}

// say answers, unless there is trouble at this stage.
func (t *talk) say(at Stage, reply string) error {
	if at != "" {
		if trouble, err := t.trouble(at); trouble || err != nil {
			return err
		}
	}
	_, err := io.WriteString(t.line, reply+"\r\n")
	return err
}

// trouble lets happen what is to happen at a stage; true: it took the reply's
// place.
func (t *talk) trouble(at Stage) (bool, error) {
	if t.server.Trouble == nil {
		return false, nil
	}
	trouble, there := t.server.Trouble(at)
	if !there {
		return false, nil
	}
	if trouble.Delay > 0 {
		timer := time.NewTimer(trouble.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-t.server.stop:
			return true, errOver
		}
	}
	switch {
	case trouble.Drop:
		return true, errOver
	case trouble.Hang:
		_, err := t.read(maxData) // nothing comes but the client's farewell
		return true, errors.Join(errOver, err)
	case trouble.Flood:
		for {
			if _, err := io.WriteString(t.line, "250-and so on\r\n"); err != nil {
				return true, err
			}
		}
	case trouble.Reply != "":
		_, err := io.WriteString(t.line, trouble.Reply+"\r\n")
		return true, err
	}
	return false, nil
}
