package attacks_test

import (
	"bytes"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ingam-pki/ingam/client"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

// browser is somebody before the bank's pages. It keeps cookies, and goes
// nowhere by itself. Every page that comes is looked at (inspectPage).
type browser struct {
	*person
	http  *http.Client
	extra []func(*http.Request) // done to each request
}

// browser gives one of nobody yet, that speaks lang.
func (w *world) browser(lang string) *browser {
	w.t.Helper()
	b := &browser{person: w.visitor(lang)}
	jar, err := cookiejar.New(nil)
	must(w, jar, err)
	b.http = &http.Client{Transport: b.watch, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return b
}

// customer gives the browser of a sample who is logged in.
func (w *world) customer(loginID string) *browser {
	w.t.Helper()
	b := w.browser([]string{"ko", "en"}[len(loginID)%2])
	b.s = w.sample(loginID)
	w.vault.keepSample(b.s)
	if s := b.post("/login", "loginId", b.s.LoginID, "password", b.s.Password); s.status != 303 || s.to() != "/" {
		w.t.Fatalf("login: %d to %q", s.status, s.to())
	}
	return b
}

// shown is an answer to a browser.
type shown struct{ answer }

func (s shown) to() string      { return s.header.Get("Location") }
func (s shown) request() string { return s.header.Get("X-Request-Id") }

// says finds a text in a page, as a reader sees it.
func (s shown) says(text string) bool {
	return strings.Contains(html.UnescapeString(string(s.body)), text)
}

const (
	urlencoded = "application/x-www-form-urlencoded"
	acceptPage = "text/html,application/xhtml+xml,*/*;q=0.8"
)

// ask sends a request as a browser does that is at one of the bank's pages.
func (b *browser) ask(method, path, contentType string, body []byte, changes ...func(*http.Request)) shown {
	b.w.t.Helper()
	r, err := http.NewRequestWithContext(b.ctx(), method, b.w.address()+path, bytes.NewReader(body))
	must(b.w, r, err)
	r.Header.Set("Accept", acceptPage)
	r.Header.Set("Accept-Language", b.lang)
	if body != nil {
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("Origin", b.w.address())
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for _, change := range append(b.extra, changes...) {
		change(r)
	}
	res, err := b.http.Do(r)
	must(b.w, res, err)
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	return shown{answer{res.StatusCode, res.Header, must(b.w, got, err)}}
}

func (b *browser) get(path string, changes ...func(*http.Request)) shown {
	b.w.t.Helper()
	return b.ask(http.MethodGet, path, "", nil, changes...)
}

// open follows where a page leads.
func (b *browser) open(path string) shown {
	b.w.t.Helper()
	for range 6 {
		s := b.get(path)
		if s.status != http.StatusSeeOther {
			return s
		}
		path = s.to()
	}
	b.w.t.Fatalf("%s leads in circles", path)
	return shown{}
}

// post sends a form; fields are name, value pairs.
func (b *browser) post(path string, fields ...string) shown {
	b.w.t.Helper()
	return b.ask(http.MethodPost, path, urlencoded, []byte(form(fields...)))
}

func form(fields ...string) string {
	values := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		values.Add(fields[i], fields[i+1])
	}
	return values.Encode()
}

// file is one that a form brings.
type file struct {
	field, name, kind string
	content           []byte
}

// upload sends a form with files.
func (b *browser) upload(path string, files []file, fields ...string) shown {
	b.w.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for i := 0; i+1 < len(fields); i += 2 {
		must(b.w, 0, m.WriteField(fields[i], fields[i+1]))
	}
	for _, f := range files {
		part, err := m.CreatePart(map[string][]string{"Content-Type": {f.kind},
			"Content-Disposition": {`form-data; name="` + f.field + `"; filename="` + f.name + `"`}})
		must(b.w, part, err)
		_, err = part.Write(f.content)
		must(b.w, 0, err)
	}
	must(b.w, 0, m.Close())
	return b.ask(http.MethodPost, path, m.FormDataContentType(), body.Bytes())
}

// sentBack demands that a form was refused, and that the page to which it leads
// says so, with the number: the log has it, and the audit log if outcome isn't
// empty.
func (b *browser) sentBack(s shown, to string, want refusal, outcome audit.Outcome) shown {
	b.w.t.Helper()
	if s.status != http.StatusSeeOther || s.to() != to {
		b.w.t.Errorf("%s: %d to %q, want to come back to %q", want.name, s.status, s.to(), to)
		return s
	}
	b.w.logged(s.request(), http.StatusSeeOther, want)
	if outcome != "" {
		b.w.audited(s.request(), want, outcome)
	}
	page := b.get(to)
	if page.status != http.StatusOK || !page.says(number(want)) {
		b.w.t.Errorf("%s: the page (%d) does not say it:\n%s", want.name, page.status, page.body)
	}
	return page
}

// turnedAwayBy demands a refusal that is a page itself.
func (b *browser) turnedAwayBy(s shown, want refusal) {
	b.w.t.Helper()
	if s.status != want.status || !s.says(number(want)) {
		b.w.t.Errorf("refused with %d, want %d %s (%d)\n%.600s", s.status, want.status, want.name, want.code, s.body)
	}
	b.w.logged(s.request(), want.status, want)
}

// apply starts an application on the pages and agrees to its terms.
func (b *browser) apply() (id string) {
	b.w.t.Helper()
	s := b.post("/apply", "kind", string(client.KindPersonalBank))
	id = strings.TrimSuffix(strings.TrimPrefix(s.to(), "/apply/"), "/terms")
	page := b.get(s.to())
	var fields []string
	for _, in := range regexp.MustCompile(`<input[^>]*>`).FindAll(page.body, -1) {
		name, value := attribute(in, "name"), attribute(in, "value")
		if name == "terms" || strings.HasPrefix(name, "version.") || strings.HasPrefix(name, "sha256.") {
			fields = append(fields, name, value)
		}
	}
	if s = b.post(s.to(), fields...); s.to() != "/apply/"+id+"/identity" {
		b.w.t.Fatalf("agreeing leads to %q", s.to())
	}
	return id
}

func attribute(tag []byte, name string) string {
	if m := regexp.MustCompile(` ` + name + `="([^"]*)"`).FindSubmatch(tag); m != nil {
		return html.UnescapeString(string(m[1]))
	}
	return ""
}

// cardForm is the form of an identity card, but for the picture.
func (b *browser) cardForm() []string {
	c := b.card()
	return []string{"document", string(c.Document), "number", c.Number, "name", c.Name, "issueDate", c.IssueDate, "licence", c.Licence}
}

// goesOn is the proof that an attack has harmed nobody: the customer of the
// browser comes to a certificate.
func (b *browser) goesOn() {
	b.w.t.Helper()
	p := b.w.logIn(b.s.LoginID)
	p.finish(p.start(client.KindPersonalBank), keyOf[b.s.LoginID])
}

// said gives the cookies of a name that came with an answer.
func (s shown) cookie(name string) (all []*http.Cookie) {
	all = (&http.Response{Header: s.header}).Cookies()
	return slices.DeleteFunc(all, func(c *http.Cookie) bool { return c.Name != name })
}

// with adds a cookie to those that the browser has.
func with(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: name, Value: value}) }
}

// raw sets the whole header, for what no cookie should be.
func raw(cookies string) func(*http.Request) { return header("Cookie", cookies) }

func number(want refusal) string { return strconv.Itoa(want.code) }

func wantsPage(r *http.Request) bool { return kit.WantsPage(r) }
