package portal_test

import (
	"bytes"
	"context"
	"html"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/server"
)

// journal is the server's log, readable while it runs.
type journal struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.buf.String()
}

// demo opens and runs a demo bank until the test ends.
func demo(t *testing.T) (*server.Demo, *journal) {
	t.Helper()
	log := new(journal)
	d, err := server.OpenDemo(t.Context(), server.Config{
		Listen: "127.0.0.1:0", Services: server.Services{SimulatorListen: "127.0.0.1:0"},
		Limits:    server.Limits{Requests: server.Rate{PerMinute: 6000, Burst: 1000}}, // a test knocks faster than a person
		Authority: server.Authority{Bits: server.Bits{Root: 2048, Issuing: 2048, KM: 2048, OCSP: 2048}},
	}, server.Options{Sealing: []keys.Option{keys.Iterations(1000), keys.Memory(64)}, Log: slog.New(slog.NewJSONHandler(log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
		if err := d.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return d, log
}

// browser is one without script. It keeps cookies, follows redirections and
// remembers where it was.
type browser struct {
	t     *testing.T
	d     *server.Demo
	lang  string
	http  *http.Client
	seen  []string // every address
	heard []string // every Location
}

func newBrowser(t *testing.T, d *server.Demo, lang string) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{t: t, d: d, lang: lang}
	b.http = &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return b
}

// page is what came back in the end.
type page struct {
	status int
	path   string // with query
	body   string
	header http.Header
}

func (b *browser) do(method, path, contentType string, body []byte, headers ...string) page {
	b.t.Helper()
	for hop := 0; ; hop++ {
		p := b.once(method, path, contentType, body, headers...)
		if p.status != http.StatusSeeOther || hop > 5 {
			return p
		}
		path = p.header.Get("Location")
		b.heard = append(b.heard, path)
		method, body = http.MethodGet, nil
	}
}

func (b *browser) once(method, path, contentType string, body []byte, headers ...string) page {
	b.t.Helper()
	b.seen = append(b.seen, path)
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.d.URL()+path, bytes.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	r.Header.Set("Accept-Language", b.lang)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("Origin", b.d.URL())
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := b.http.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return page{res.StatusCode, path, string(content), res.Header}
}

func (b *browser) get(path string, headers ...string) page {
	b.t.Helper()
	return b.do(http.MethodGet, path, "", nil, headers...)
}

const urlencoded = "application/x-www-form-urlencoded"

// post sends a form; fields are name, value pairs.
func (b *browser) post(path string, fields ...string) page {
	b.t.Helper()
	return b.do(http.MethodPost, path, urlencoded, []byte(form(fields...)))
}

func form(fields ...string) string {
	values := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		values.Add(fields[i], fields[i+1])
	}
	return values.Encode()
}

// upload sends a form with a file.
func (b *browser) upload(path, file string, content []byte, fields ...string) page {
	b.t.Helper()
	body, contentType := multipartOf(b.t, file, content, fields...)
	return b.do(http.MethodPost, path, contentType, body)
}

func multipartOf(t *testing.T, file string, content []byte, fields ...string) (body []byte, contentType string) {
	t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	for i := 0; i+1 < len(fields); i += 2 {
		if err := w.WriteField(fields[i], fields[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile(file, "홍길동 주민등록증.png")
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), w.FormDataContentType()
}

// want demands where a page is and what stands in it.
func (p page) want(t *testing.T, what string, status int, path string, texts ...string) page {
	t.Helper()
	if p.status != status || p.path != path {
		t.Fatalf("%s: status %d at %s, want %d at %s\n%s", what, p.status, p.path, status, path, p.main())
	}
	for _, text := range texts {
		if !strings.Contains(html.UnescapeString(p.body), text) {
			t.Errorf("%s: no %q in\n%s", what, text, p.main())
		}
	}
	return p
}

var mainPart = regexp.MustCompile(`(?s)<main.*</main>`)

func (p page) main() string { return mainPart.FindString(p.body) }

// values are those of all inputs of a name.
func (p page) values(name string) (all []string) {
	for _, found := range regexp.MustCompile(`<input[^>]* name="`+name+`"[^>]* value="([^"]*)"`).FindAllStringSubmatch(p.body, -1) {
		all = append(all, html.UnescapeString(found[1]))
	}
	return all
}

// customer is a sample with a browser.
type customer struct {
	*browser
	simulator.Sample
}

func sampleOf(t *testing.T, d *server.Demo, loginID string) simulator.Sample {
	t.Helper()
	for _, s := range d.Samples() {
		if s.LoginID == loginID {
			return s
		}
	}
	t.Fatalf("there is no sample %q", loginID)
	return simulator.Sample{}
}

func logIn(t *testing.T, d *server.Demo, loginID, lang string) *customer {
	t.Helper()
	c := &customer{newBrowser(t, d, lang), sampleOf(t, d, loginID)}
	c.post("/login", "loginId", c.LoginID, "password", c.Password).want(t, "login", 200, "/")
	return c
}

// start applies, and gives the application's path.
func (c *customer) start() string {
	c.t.Helper()
	p := c.post("/apply", "kind", "personal-bank")
	path, ok := strings.CutSuffix(p.path, "/terms")
	if p.status != 200 || !ok {
		c.t.Fatalf("applying: status %d at %s\n%s", p.status, p.path, p.main())
	}
	return path
}

func (c *customer) agree(path string) page {
	c.t.Helper()
	shown := c.get(path + "/terms")
	return c.post(path+"/terms", shown.consent(shown.values("terms")...)...)
}

// consent is what the form of the terms sends when some are ticked.
func (p page) consent(ticked ...string) (fields []string) {
	for _, name := range p.values("terms") {
		fields = append(fields, "version."+name, strings.Join(p.values("version."+name), ""), "sha256."+name, strings.Join(p.values("sha256."+name), ""))
	}
	for _, name := range ticked {
		fields = append(fields, "terms", name)
	}
	return fields
}

func (c *customer) showCard(path string) page {
	c.t.Helper()
	card := c.Cards[0]
	return c.upload(path+"/id-card", "image", simulator.Picture(c.Number), "document", string(card.Document),
		"number", card.Number, "name", card.Name, "issueDate", card.IssueDate, "licence", card.Licence)
}

func (c *customer) code() string {
	c.t.Helper()
	inbox := c.d.Simulator().Inbox(c.Phone)
	for _, m := range slices.Backward(inbox) { // notices come there, too
		if code := regexp.MustCompile(`\b[0-9]{6}\b`).FindString(m.Text); code != "" {
			return code
		}
	}
	c.t.Fatal("no code has arrived")
	return ""
}

// prove gives all proofs, and is at the page of confirmation then.
func (c *customer) prove(path string) page {
	c.t.Helper()
	c.showCard(path).want(c.t, "card", 200, path+"/account")
	c.post(path+"/account", "account", c.Account, "password", c.AccountPassword).want(c.t, "account", 200, path+"/otp")
	otp, ok := c.d.Simulator().OTP(c.Number)
	if !ok {
		c.t.Fatal("the token shows nothing")
	}
	c.post(path+"/otp", "code", otp).want(c.t, "OTP", 200, path+"/phone")
	c.post(path+"/phone/code").want(c.t, "sending", 200, path+"/phone", "-****-")
	return c.post(path+"/phone", "code", c.code()).want(c.t, "phone", 200, path+"/confirm")
}
