package mail_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"mime"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/outside/mail"
	"github.com/ingam-pki/ingam/internal/outside/simulator/smtpd"
	"github.com/ingam-pki/ingam/internal/registration/notice"
)

const recipient = "hong@customer.example"

var sentAt = time.Date(2027, 3, 14, 6, 4, 0, 0, time.UTC)

// office is a mail server over TCP, and what it took over.
type office struct {
	*smtpd.Server
	address string
	mu      sync.Mutex
	taken   []smtpd.Mail
}

func open(t *testing.T, server *smtpd.Server, wrap func(net.Listener) net.Listener) *office {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o := &office{Server: server, address: l.Addr().String()}
	server.Take = func(m smtpd.Mail) string {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.taken = append(o.taken, m)
		return "4XyZ12"
	}
	if wrap != nil {
		l = wrap(l)
	}
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	t.Cleanup(func() {
		_ = l.Close()
		server.Close()
		if err := <-done; err != nil {
			t.Errorf("mail server: %v", err)
		}
	})
	return o
}

func (o *office) mails() []smtpd.Mail {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]smtpd.Mail(nil), o.taken...)
}

// client gives one that knows the server by a name: at mail.example TLS is not
// waived, as it is for this computer.
func (o *office) client(t *testing.T, scheme, host, user string, roots *x509.CertPool) *mail.Client {
	t.Helper()
	_, port, err := net.SplitHostPort(o.address)
	if err != nil {
		t.Fatal(err)
	}
	if user != "" {
		user += "@"
	}
	c, err := mail.New(mail.Config{
		URL: scheme + "://" + user + net.JoinHostPort(host, port), Password: "p4ss word", From: "notice@bank.example", Name: "인감은행",
		Now: func() time.Time { return sentAt }, TLS: &tls.Config{RootCAs: roots}, Timeout: 2 * time.Second,
		Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, o.address)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func letter() notice.Letter {
	return notice.Letter{Key: "ABC123-1", To: recipient, Text: notice.Text{
		Subject: "[인감은행] 인증서를 효력정지했어요 " + strings.Repeat("아주 긴 제목 ", 10),
		Body:    "홍길동 님, 안녕하세요.\n\n.점으로 시작하는 줄\nhttps://bank.example/lost\n",
	}}
}

func TestMailArrivesWhole(t *testing.T) {
	t.Parallel()
	o := open(t, &smtpd.Server{}, nil)
	reply, err := o.client(t, "smtp", "127.0.0.1", "", nil).Mail(t.Context(), letter())
	if err != nil || reply != "2.0.0 Ok: queued as 4XyZ12" {
		t.Fatalf("reply %q, %v", reply, err)
	}
	all := o.mails()
	if len(all) != 1 || all[0].From != "notice@bank.example" || len(all[0].To) != 1 || all[0].To[0] != recipient {
		t.Fatalf("%+v", all)
	}
	for line := range bytes.SplitSeq(all[0].Data, []byte("\r\n")) {
		if len(line) > 998 || bytes.ContainsFunc(line, func(r rune) bool { return r > '~' }) {
			t.Errorf("a line that SMTP does not carry: %q", line)
		}
	}
	m, err := netmail.ReadMessage(bytes.NewReader(all[0].Data))
	if err != nil {
		t.Fatal(err)
	}
	decoder := new(mime.WordDecoder)
	subject, err := decoder.DecodeHeader(m.Header.Get("Subject"))
	if want := letter().Subject; err != nil || strings.TrimSpace(subject) != strings.TrimSpace(want) {
		t.Errorf("subject %q, %v", subject, err)
	}
	from, err := m.Header.AddressList("From")
	if err != nil || from[0].Name != "인감은행" || from[0].Address != "notice@bank.example" {
		t.Errorf("from %v, %v", from, err)
	}
	for name, want := range map[string]string{
		"Auto-Submitted": "auto-generated", "Message-Id": "<abc123-1@bank.example>", "Date": "Sun, 14 Mar 2027 06:04:00 +0000",
		"Content-Type": "text/plain; charset=UTF-8", "To": "<" + recipient + ">",
	} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if got := strings.TrimSpace(strings.ReplaceAll(string(body), "\r\n", "\n")); err != nil || got != strings.TrimSpace(letter().Body) {
		t.Errorf("body %q, %v", got, err)
	}
}

func TestTLSAndLogin(t *testing.T) {
	t.Parallel()
	certificate, roots := selfSigned(t)
	serverTLS := &tls.Config{Certificates: []tls.Certificate{certificate}}
	implicit := func(l net.Listener) net.Listener { return tls.NewListener(l, serverTLS) }
	for _, test := range []struct {
		name, scheme, user string
		server             *smtpd.Server
		wrap               func(net.Listener) net.Listener
		roots              *x509.CertPool
		word               string // of the failure; empty: it is sent
	}{
		{"STARTTLS", "smtp", "", &smtpd.Server{TLS: serverTLS}, nil, roots, ""},
		{"STARTTLS with login", "smtp", "bank", &smtpd.Server{TLS: serverTLS, User: "bank", Secret: "p4ss word"}, nil, roots, ""},
		{"TLS from the first byte, with login", "smtps", "bank", &smtpd.Server{User: "bank", Secret: "p4ss word"}, implicit, roots, ""},
		{"no STARTTLS", "smtp", "", &smtpd.Server{}, nil, roots, "no-connect"},
		{"a certificate that nobody vouches for", "smtp", "", &smtpd.Server{TLS: serverTLS}, nil, nil, "certificate"},
		{"the same from the first byte", "smtps", "", &smtpd.Server{}, implicit, nil, "certificate"},
		{"a wrong password", "smtp", "bank", &smtpd.Server{TLS: serverTLS, User: "bank", Secret: "other"}, nil, roots, "refused-535"},
		{"a login that is missing", "smtp", "", &smtpd.Server{TLS: serverTLS, User: "bank", Secret: "p4ss word"}, nil, roots, "refused-530"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.roots == nil {
				test.roots = x509.NewCertPool()
			}
			o := open(t, test.server, test.wrap)
			_, err := o.client(t, test.scheme, "mail.example", test.user, test.roots).Mail(t.Context(), letter())
			if test.word == "" {
				if all := o.mails(); err != nil || len(all) != 1 || !all[0].Secure && test.wrap == nil || all[0].User != test.user {
					t.Errorf("%v, %+v", err, all)
				}
				return
			}
			var f *notice.Failure
			if !errors.As(err, &f) || f.Word != test.word || len(o.mails()) != 0 {
				t.Errorf("%v, want %s", err, test.word)
			}
		})
	}
}

// Each way to misbehave has its word, and only what a server refuses for good
// is given up.
func TestTrouble(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		at        smtpd.Stage
		trouble   smtpd.Trouble
		word      string // empty: it is sent all the same
		permanent bool
		taken     int
	}{
		{"busy at once", smtpd.Greeting, smtpd.Trouble{Reply: "421 4.3.2 busy"}, "refused-421", false, 0},
		{"closed to us", smtpd.Greeting, smtpd.Trouble{Reply: "554 5.3.2 no"}, "refused-554", false, 0},
		{"silent from the start", smtpd.Greeting, smtpd.Trouble{Hang: true}, "no-answer", false, 0},
		{"gone at once", smtpd.Greeting, smtpd.Trouble{Drop: true}, "broken-off", false, 0},
		{"no end of greeting", smtpd.Hello, smtpd.Trouble{Flood: true}, "broken-off", false, 0},
		{"sender later", smtpd.From, smtpd.Trouble{Reply: "451 4.3.0 later"}, "refused-451", false, 0},
		{"recipient later", smtpd.To, smtpd.Trouble{Reply: "450 4.2.1 <hong@customer.example> greylisted"}, "refused-450", false, 0},
		{"no such recipient", smtpd.To, smtpd.Trouble{Reply: "550 5.1.1 <hong@customer.example> unknown"}, "refused-550", true, 0},
		{"data later", smtpd.Data, smtpd.Trouble{Reply: "452 4.3.1 full"}, "refused-452", false, 0},
		{"text refused", smtpd.End, smtpd.Trouble{Reply: "554 5.7.1 spam"}, "refused-554", true, 0},
		{"text later", smtpd.End, smtpd.Trouble{Reply: "451 4.7.1 try again"}, "refused-451", false, 0},
		{"gone after the text", smtpd.End, smtpd.Trouble{Drop: true}, "broken-off", false, 0},
		{"silent after the text", smtpd.End, smtpd.Trouble{Hang: true}, "no-answer", false, 0},
		{"taken over, and gone before the reply", smtpd.After, smtpd.Trouble{Drop: true}, "broken-off", false, 1},
		{"gone after the reply", smtpd.Done, smtpd.Trouble{Drop: true}, "", false, 1},
		{"nonsense", smtpd.From, smtpd.Trouble{Reply: "what?"}, "no-send", false, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			o := open(t, &smtpd.Server{Trouble: func(at smtpd.Stage) (smtpd.Trouble, bool) { return test.trouble, at == test.at }}, nil)
			_, err := o.client(t, "smtp", "127.0.0.1", "", nil).Mail(t.Context(), letter())
			if n := len(o.mails()); n != test.taken {
				t.Errorf("%d were taken over, want %d", n, test.taken)
			}
			if test.word == "" {
				if err != nil {
					t.Errorf("it was taken over, and %v", err)
				}
				return
			}
			var f *notice.Failure
			if !errors.As(err, &f) || f.Word != test.word || f.Permanent != test.permanent {
				t.Fatalf("%v (permanent %v), want %s", err, f != nil && f.Permanent, test.word)
			}
			if strings.Contains(err.Error(), "@") {
				t.Errorf("an address in an error: %v", err)
			}
		})
	}
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o := &office{address: l.Addr().String()}
	_ = l.Close()
	var f *notice.Failure
	if _, err := o.client(t, "smtp", "127.0.0.1", "", nil).Mail(t.Context(), letter()); !errors.As(err, &f) || f.Permanent || f.Word != "no-answer" {
		t.Errorf("%v", err)
	}
}

// A caller that gives up is not held by a server that says nothing.
func TestMailEndsWithItsContext(t *testing.T) {
	t.Parallel()
	reached := make(chan struct{})
	o := open(t, &smtpd.Server{Trouble: func(at smtpd.Stage) (smtpd.Trouble, bool) {
		if at == smtpd.End {
			close(reached)
		}
		return smtpd.Trouble{Hang: true}, at == smtpd.End
	}}, nil)
	_, port, _ := net.SplitHostPort(o.address)
	c, err := mail.New(mail.Config{URL: "smtp://127.0.0.1:" + port, From: "a@b.example", Now: time.Now, Timeout: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-reached
		cancel()
	}()
	if _, err := c.Mail(ctx, letter()); err == nil {
		t.Error("it was sent")
	}
}

// What could begin another header, or another command, is not sent.
func TestNoInjection(t *testing.T) {
	t.Parallel()
	o := open(t, &smtpd.Server{}, nil)
	c := o.client(t, "smtp", "127.0.0.1", "", nil)
	change := func(fn func(*notice.Letter)) notice.Letter {
		l := letter()
		fn(&l)
		return l
	}
	for name, l := range map[string]notice.Letter{
		"line in the subject":    change(func(l *notice.Letter) { l.Subject = "a\r\nBcc: x@y.example" }),
		"LF in the subject":      change(func(l *notice.Letter) { l.Subject = "a\nBcc: x@y.example" }),
		"endless subject":        change(func(l *notice.Letter) { l.Subject = strings.Repeat("a", 201) }),
		"no subject":             change(func(l *notice.Letter) { l.Subject = "" }),
		"line in the address":    change(func(l *notice.Letter) { l.To = "a@b.example\r\nRCPT TO:<x@y.example>" }),
		"two addresses":          change(func(l *notice.Letter) { l.To = "a@b.example, x@y.example" }),
		"a name":                 change(func(l *notice.Letter) { l.To = "Hong <a@b.example>" }),
		"brackets":               change(func(l *notice.Letter) { l.To = "<a@b.example>" }),
		"quoted local part":      change(func(l *notice.Letter) { l.To = "\"a b\"@b.example" }),
		"no address":             change(func(l *notice.Letter) { l.To = "" }),
		"an address without end": change(func(l *notice.Letter) { l.To = strings.Repeat("a", 250) + "@b.example" }),
		"line in the key":        change(func(l *notice.Letter) { l.Key = "a>\r\nBcc: x@y.example" }),
		"no key":                 change(func(l *notice.Letter) { l.Key = "" }),
		"endless body":           change(func(l *notice.Letter) { l.Body = strings.Repeat("a", 65<<10) }),
	} {
		var f *notice.Failure
		if _, err := c.Mail(t.Context(), l); !errors.As(err, &f) || !f.Permanent || strings.Contains(err.Error(), "example") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := c.Mail(t.Context(), change(func(l *notice.Letter) {
		l.Body = "a\r\n.\r\nMAIL FROM:<x@y.example>\r\nRCPT TO:<x@y.example>\r\nDATA\r\nspam\r\n.\r\n"
	})); err != nil {
		t.Errorf("a body that looks like commands: %v", err)
	}
	if all := o.mails(); len(all) != 1 || len(all[0].To) != 1 || all[0].To[0] != recipient {
		t.Errorf("%+v", all)
	}
}

func TestCheckURL(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"smtp://mail.example", "smtps://user@mail.example:465", "smtp://user%40bank@mail.example:587", "smtp://[::1]:25"} {
		if err := mail.CheckURL(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{"", "mail.example", "http://mail.example", "smtp://", "smtp://u:secret@mail.example", "smtp://mail.example/x",
		"smtp://mail.example?tls=no", "smtp://mail.example:0", "smtp://mail.example:99999", "smtp:mail.example"} {
		if err := mail.CheckURL(bad); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if _, err := mail.New(mail.Config{URL: "smtp://mail.example", From: "Bank <a@b.example>"}); err == nil {
		t.Error("a sender with a name")
	}
}

// selfSigned makes a certificate for the names of this computer.
func selfSigned(t *testing.T) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail test"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"mail.example"},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}
