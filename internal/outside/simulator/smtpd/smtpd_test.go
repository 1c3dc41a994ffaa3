package smtpd

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// pipe is a listener with one connection.
type pipe struct{ next chan net.Conn }

func (p pipe) Accept() (net.Conn, error) {
	c, ok := <-p.next
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}
func (p pipe) Close() error   { return nil }
func (p pipe) Addr() net.Addr { return &net.TCPAddr{} }

// converse says lines to a server and gives what it answered and took.
func converse(t testing.TB, said string) (answer string, taken []Mail) {
	t.Helper()
	s := &Server{Take: func(m Mail) string { taken = append(taken, m); return "Q1" }}
	here, there := net.Pipe()
	l := pipe{make(chan net.Conn, 1)}
	l.next <- there
	close(l.next)
	if err := s.Serve(l); err != nil {
		t.Fatal(err)
	}
	heard := make(chan string, 1)
	go func() {
		all, _ := io.ReadAll(here)
		heard <- string(all)
	}()
	_ = here.SetWriteDeadline(time.Now().Add(10 * time.Second))
	_, _ = io.WriteString(here, said) // it may leave before the end
	_ = here.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	answer = <-heard
	_ = here.Close()
	s.Close()
	return answer, taken
}

func TestConversation(t *testing.T) {
	t.Parallel()
	answer, taken := converse(t, strings.Join([]string{
		"DATA", "RCPT TO:<a@b.example>", "EHLO me", "MAIL from:<x@y.example> SIZE=9", "rcpt to:<a@b.example>", "RCPT TO:<c@d.example>", "RCPT TO: a",
		"DATA", "Subject: s", "", "..dot", "text", ".", "NOOP", "VRFY a", "STARTTLS", "AUTH PLAIN AAAA", "RSET", "QUIT", "",
	}, "\r\n"))
	var codes []string
	for lines := bufio.NewScanner(strings.NewReader(answer)); lines.Scan(); {
		if len(lines.Text()) > 3 && lines.Text()[3] == ' ' {
			codes = append(codes, lines.Text()[:3])
		}
	}
	if got, want := strings.Join(codes, " "), "220 503 503 250 250 250 250 501 354 250 250 502 502 504 250 221"; got != want {
		t.Errorf("replies %s, want %s\n%s", got, want, answer)
	}
	if len(taken) != 1 || taken[0].From != "x@y.example" || strings.Join(taken[0].To, " ") != "a@b.example c@d.example" ||
		string(taken[0].Data) != "Subject: s\r\n\r\n.dot\r\ntext\r\n" {
		t.Errorf("taken over: %+v", taken)
	}
	if !strings.Contains(answer, "queued as Q1") {
		t.Errorf("it has no name:\n%s", answer)
	}
}

func TestBounds(t *testing.T) {
	t.Parallel()
	if answer, _ := converse(t, "EHLO "+strings.Repeat("x", 3*maxLine)+"\r\nNOOP\r\n"); strings.Contains(answer, "250") {
		t.Errorf("a line without an end was answered: %s", answer)
	}
	body := strings.Repeat(strings.Repeat("x", 900)+"\r\n", maxData/900+2)
	if _, taken := converse(t, "EHLO me\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<a@b.example>\r\nDATA\r\n"+body+".\r\n"); len(taken) != 0 {
		t.Error("a mail without an end was taken over")
	}
	crowd := strings.Repeat("RCPT TO:<a@b.example>\r\n", maxRcpt+1)
	if answer, _ := converse(t, "EHLO me\r\nMAIL FROM:<a@b.example>\r\n"+crowd); !strings.Contains(answer, "452") {
		t.Errorf("a crowd was taken: %s", answer)
	}
}

// Whatever a client says, the server neither falls nor takes over what has no
// recipient.
func FuzzConversation(f *testing.F) {
	f.Add("EHLO me\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<a@b.example>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n")
	f.Add("HELO\nMAIL FROM:<>\nRCPT TO:<x>\nDATA\n.\n")
	f.Add("AUTH PLAIN AGEAYg==\r\nSTARTTLS\r\n")
	f.Fuzz(func(t *testing.T, said string) {
		_, taken := converse(t, said+"\r\nQUIT\r\n")
		for _, m := range taken {
			if len(m.To) == 0 || len(m.To) > maxRcpt || len(m.Data) > maxData {
				t.Errorf("taken over: %d recipients, %d bytes", len(m.To), len(m.Data))
			}
		}
	})
}
