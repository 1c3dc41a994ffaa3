// Package mail hands mails to the bank's mail server by SMTP (RFC 5321).
//
// smtp:// begins in the clear and turns to TLS before anything is said
// (STARTTLS, and no mail without it); smtps:// is TLS from the first byte. Only
// to a server on this computer goes smtp:// without TLS: a relay, a simulator.
// A user in the address logs in, with a password from a file.
//
// What comes back is the server's last reply: proof that it took the mail over,
// no proof that anybody got it. A mail that is handed over again under the same
// key has the same Message-ID: SMTP itself knows no "once".
package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	netmail "net/mail"
	"net/netip"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"github.com/ingam-pki/ingam/internal/registration/notice"
)

// Bounds of a conversation.
const (
	DefaultTimeout = 15 * time.Second // of the connection, and again of the mail
	maxHeard       = 256 << 10        // bytes that are read from a server
	maxReply       = 100              // characters of its last reply that are kept
	maxAddress     = 254              // RFC 5321 §4.5.3.1.3
	maxSubject     = 200              // characters
	maxBody        = 64 << 10         // bytes
)

var errTooMuch = errors.New("mail: server says too much")

var _ notice.Mailer = (*Client)(nil)

// Config says where mails go and who sends them.
type Config struct {
	URL      string // "smtp://user@host:587", "smtps://user@host"
	Password string // of the user in URL
	From     string // address
	Name     string // of the sender, beside the address; may be empty
	Now      func() time.Time
	TLS      *tls.Config   // nil: the system's authorities
	Timeout  time.Duration // DefaultTimeout when zero
	// Dial opens connections; net.Dialer's when nil.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Client sends through one server, with a connection for each mail.
type Client struct {
	config Config
	server server
}

// server is a URL, read.
type server struct {
	host, user string
	port       int
	implicit   bool // TLS from the first byte
	clear      bool // no TLS
}

// CheckURL says whether a URL names a mail server.
func CheckURL(text string) error {
	_, err := parseURL(text)
	return err
}

// CheckAddress says whether a text is the address of one mailbox, with nothing
// beside it.
func CheckAddress(text string) error {
	a, err := netmail.ParseAddress(text)
	if err != nil || a.Address != text || a.Name != "" || len(text) > maxAddress || strings.ContainsAny(text, "\r\n\x00 \t<>\",;") {
		return errors.New("mail: not the address of one mailbox")
	}
	return nil
}

func parseURL(text string) (server, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Hostname() == "" ||
		u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.Opaque != "" {
		return server{}, errors.New("mail: not smtp(s)://[user@]host[:port]")
	}
	if _, given := u.User.Password(); given {
		return server{}, errors.New("mail: the password stands in the address")
	}
	s := server{host: u.Hostname(), user: u.User.Username(), implicit: u.Scheme == "smtps", port: 587}
	if s.implicit {
		s.port = 465
	}
	if u.Port() != "" {
		port, err := strconv.ParseUint(u.Port(), 10, 16)
		if err != nil || port == 0 {
			return server{}, errors.New("mail: the port is none")
		}
		s.port = int(port)
	}
	address, err := netip.ParseAddr(s.host)
	s.clear = !s.implicit && (s.host == "localhost" || err == nil && address.IsLoopback())
	return s, nil
}

// New makes a Client. It connects to nothing.
func New(c Config) (*Client, error) {
	s, err := parseURL(c.URL)
	if err != nil {
		return nil, err
	}
	if err := CheckAddress(c.From); err != nil {
		return nil, fmt.Errorf("sender: %w", err)
	}
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	if c.Dial == nil {
		c.Dial = new(net.Dialer).DialContext
	}
	if c.TLS == nil {
		c.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	c.TLS = c.TLS.Clone()
	c.TLS.ServerName = s.host
	if c.TLS.MinVersion == 0 {
		c.TLS.MinVersion = tls.VersionTLS12
	}
	return &Client{config: c, server: s}, nil
}

// Mail hands a mail to the server and gives its last reply. Errors are
// notice.Failure and hold no address. A server that says no for good (5xx) to
// the recipient or the mail makes it permanent; one that says so before, to us,
// does not: that is for the operator to mend.
func (c *Client) Mail(ctx context.Context, l notice.Letter) (reply string, err error) {
	m, err := c.compose(l)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*c.config.Timeout)
	defer cancel()
	var line *conversation
	client, err := c.client(func(ctx context.Context, network, address string) (net.Conn, error) {
		var err error
		if line, err = c.dial(ctx, network, address); err != nil {
			return nil, err
		}
		return line, nil
	})
	if err != nil {
		return "", &notice.Failure{Word: "set-up", Cause: err}
	}
	// go-mail leaves a connection open when the greetings fail, and knows the
	// context while dialling only.
	end := func() {
		if line != nil {
			_ = line.Close()
		}
	}
	defer end()
	session, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return "", failure("connect", errors.Join(err, line.broken()))
	}
	defer context.AfterFunc(ctx, end)()
	err = client.SendWithSMTPClient(session, m)
	if err != nil && !m.IsDelivered() {
		return "", failure("send", errors.Join(err, line.broken()))
	}
	// What goes wrong after the last reply changes nothing.
	_ = client.CloseWithSMTPClient(session)
	return kept(m.ServerResponse()), nil
}

func (c *Client) client(dial mail.DialContextFunc) (*mail.Client, error) {
	options := []mail.Option{
		mail.WithPort(c.server.port), mail.WithTimeout(c.config.Timeout), mail.WithTLSConfig(c.config.TLS),
		mail.WithDialContextFunc(dial), mail.WithTLSPolicy(mail.TLSMandatory), mail.WithHELO("localhost"),
		mail.WithoutNoop(),
	}
	if domain := c.domain(); domain != "" {
		options = append(options, mail.WithHELO(domain))
	}
	if c.server.implicit || c.server.clear {
		options = append(options, mail.WithTLSPolicy(mail.NoTLS)) // or it is there already
	}
	if c.server.user != "" {
		// Whatever is chosen is said inside of TLS, or to this computer.
		options = append(options, mail.WithUsername(c.server.user), mail.WithPassword(c.config.Password),
			mail.WithOpportunisticSMTPAuth(mail.SMTPAuthSCRAMSHA256, mail.SMTPAuthPlainNoEnc, mail.SMTPAuthLoginNoEnc))
	}
	return mail.NewClient(c.server.host, options...)
}

// dial opens a line that ends when the server says too much.
func (c *Client) dial(ctx context.Context, network, address string) (*conversation, error) {
	raw, err := c.config.Dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	line := &conversation{Conn: raw, left: maxHeard}
	if !c.server.implicit {
		return line, nil
	}
	secure := tls.Client(line, c.config.TLS)
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, raw.Close())
	}
	return &conversation{Conn: secure, left: maxHeard}, nil
}

// conversation bounds what is read, and remembers why nothing more comes:
// go-mail's errors don't always say.
type conversation struct {
	net.Conn
	left int
	err  error
}

func (c *conversation) Read(p []byte) (n int, err error) {
	if c.left <= 0 {
		err = errTooMuch
	} else {
		n, err = c.Conn.Read(p[:min(len(p), c.left)])
		c.left -= n
	}
	if err != nil {
		c.err = err
	}
	return n, err
}

func (c *conversation) broken() error {
	if c == nil {
		return nil
	}
	return c.err
}

// compose makes a mail of plain text. Whatever could begin another header is
// refused, not repaired.
func (c *Client) compose(l notice.Letter) (*mail.Msg, error) {
	refuse := func(word string, err error) (*mail.Msg, error) {
		return nil, &notice.Failure{Word: word, Permanent: true, Cause: err}
	}
	if err := CheckAddress(l.To); err != nil {
		return refuse("address", err)
	}
	if l.Subject == "" || len([]rune(l.Subject)) > maxSubject || strings.ContainsFunc(l.Subject, control) ||
		len(l.Body) > maxBody || l.Key == "" || len(l.Key) > 64 || strings.Trim(l.Key, keyLetters) != "" {
		return refuse("form", errors.New("mail: key, subject or body can't be sent"))
	}
	m := mail.NewMsg(mail.WithCharset(mail.CharsetUTF8), mail.WithNoDefaultUserAgent())
	from := c.config.From
	var err error
	if c.config.Name == "" {
		err = m.From(from)
	} else {
		err = m.FromFormat(c.config.Name, from)
	}
	if err != nil {
		return nil, &notice.Failure{Word: "set-up", Cause: errors.New("mail: sender can't be written")}
	}
	if err := m.To(l.To); err != nil {
		return refuse("address", errors.New("mail: recipient can't be written"))
	}
	m.Subject(l.Subject)
	m.SetDateWithValue(c.config.Now())
	m.SetMessageIDWithValue(strings.ToLower(l.Key) + "@" + c.domain())
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834 §5
	m.SetBodyString(mail.TypeTextPlain, l.Body)
	return m, nil
}

// keyLetters are those of a key.
const keyLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"

func (c *Client) domain() string {
	_, domain, _ := strings.Cut(c.config.From, "@")
	return domain
}

func control(r rune) bool { return r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' }

// kept is what is kept of a reply: it may quote an address.
func kept(reply string) string {
	var words []string
	for _, word := range strings.Fields(reply) {
		if !strings.Contains(word, "@") {
			words = append(words, word)
		}
	}
	text := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, strings.Join(words, " "))
	return text[:min(len(text), maxReply)]
}

// failure takes what a server said out of an error: it quotes addresses.
func failure(step string, err error) error {
	var sent *mail.SendError
	var reply *textproto.Error
	code := 0
	switch {
	case errors.As(err, &sent):
		code = sent.ErrorCode()
	case errors.As(err, &reply):
		code = reply.Code
	}
	switch {
	case code >= 500 && step == "send":
		return &notice.Failure{Word: "refused-" + strconv.Itoa(code), Permanent: true, Cause: fmt.Errorf("mail: reply %d", code)}
	case code >= 400:
		return &notice.Failure{Word: "refused-" + strconv.Itoa(code), Cause: fmt.Errorf("mail: reply %d to %s", code, step)}
	case errors.Is(err, io.EOF) || errors.Is(err, net.ErrClosed) || errors.Is(err, errTooMuch):
		return &notice.Failure{Word: "broken-off", Cause: fmt.Errorf("mail: broken off at %s", step)}
	}
	var stranger *tls.CertificateVerificationError
	if errors.As(err, &stranger) {
		return &notice.Failure{Word: "certificate", Cause: errors.New("mail: the server's certificate is not one that we trust")}
	}
	var network net.Error
	if errors.As(err, &network) {
		return &notice.Failure{Word: "no-answer", Cause: fmt.Errorf("mail: no answer at %s", step)}
	}
	return &notice.Failure{Word: "no-" + step, Cause: fmt.Errorf("mail: %s failed", step)}
}
