package console_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/outside/simulator"
	"github.com/ingam-pki/ingam/internal/server"
)

func TestBranch(t *testing.T) {
	t.Parallel()
	shared{"search": searching, "issue": issueAtTheCounter, "hands": manyHands, "protect": suspendAndLost, "down": serviceDown,
		"export": exporting, "forms": formsOfCases, "elsewhere": anotherBranch}.run(t)
}

// The people of the branch beside those of numbers.
const (
	secondTeller     = "230508"
	secondSupervisor = "160909"
	tellerElsewhere  = "220611"
)

func asNumber(t *testing.T, d *server.Demo, number string) *browser {
	t.Helper()
	b := newBrowser(t, d)
	b.logIn(number, "/console/account").want(t, number, http.StatusOK, "/console/account")
	return b
}

func sampleOf(t *testing.T, d *server.Demo, loginID string) simulator.Sample {
	t.Helper()
	i := slices.IndexFunc(d.Samples(), func(s simulator.Sample) bool { return s.LoginID == loginID })
	if i < 0 {
		t.Fatalf("there is no sample %q", loginID)
	}
	return d.Samples()[i]
}

// find searches, and gives the page that it ends at.
func (b *browser) find(fields ...string) page {
	b.t.Helper()
	return b.post("/console/customers", fields...)
}

// open begins a case at the counter, and gives its path.
func (b *browser) open(number string, fields ...string) string {
	b.t.Helper()
	p := b.post("/console/customers/"+number+"/open", fields...)
	if p.status != http.StatusOK || !strings.HasPrefix(p.path, "/console/cases/") {
		b.t.Fatalf("opening a case: status %d at %s\n%s", p.status, p.path, p.main())
	}
	return p.path
}

// upload sends a form with a file, and gives the page that it ends at.
func (b *browser) upload(path, file string, content []byte, fields ...string) page {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i+1 < len(fields); i += 2 {
		if err := w.WriteField(fields[i], fields[i+1]); err != nil {
			b.t.Fatal(err)
		}
	}
	if content != nil {
		part, err := w.CreateFormFile(file, "../../scan.jpg")
		if err == nil {
			_, err = part.Write(content)
		}
		if err != nil {
			b.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.t.Fatal(err)
	}
	p := b.once(http.MethodPost, path, w.FormDataContentType(), body.Bytes())
	if p.status == http.StatusSeeOther {
		return b.get(p.header.Get("Location"))
	}
	return p
}

// show enters the sample's first card, with a picture of it.
func (b *browser) show(at string, s simulator.Sample, picture bool) page {
	b.t.Helper()
	c := s.Cards[0]
	var image []byte
	if picture {
		image = simulator.Picture(s.Number)
	}
	return b.upload(at+"/prove", "image", image, "document", string(c.Document), "number", c.Number, "name", c.Name, "issueDate", c.IssueDate,
		"licence", c.Licence, "licenceSerial", c.LicenceSerial)
}

// submitted brings a case for an issue before a supervisor.
func (b *browser) submitted(s simulator.Sample) string {
	b.t.Helper()
	at := b.open(s.Number, "act", "issue", "kind", "personal-bank", "visitor", "self")
	b.show(at, s, true).want(b.t, "card", http.StatusOK, at, "The card is confirmed")
	b.post(at+"/submit", "seen", "application-form", "terms", "required").want(b.t, "submitting", http.StatusOK, at, "to approve")
	return at
}

var hidden = regexp.MustCompile(`name="revision" value="(\d+)"`)

// revision is that of the case that a supervisor looks at.
func (p page) revision(t *testing.T) string {
	t.Helper()
	m := hidden.FindStringSubmatch(p.body)
	if m == nil {
		t.Fatalf("nothing to decide at %s\n%s", p.path, p.main())
	}
	return m[1]
}

func searching(t *testing.T, d *server.Demo) {
	b, hong, han := as(t, d, authz.Teller), sampleOf(t, d, "hong"), sampleOf(t, d, "han")
	at := "/console/customers/" + hong.Number
	for _, test := range [][]string{
		{"name", hong.Name, "birth", hong.Birth}, {"name", hong.Name, "birth", "850314"}, {"name", hong.Name, "birth", "1985-03-14"},
		{"name", hong.Name + " 850314"}, {"name", hong.Name + "  1985.03.14 "}, {"phone", "010-0000-0001"}, {"account", hong.Account},
	} {
		p := b.find(test...).want(t, strings.Join(test[:1], " "), http.StatusOK, at, hong.Name, "850314-1●●●●●●")
		if strings.Contains(p.body, hong.IdentityNumber) || strings.Contains(p.body, hong.Phone) {
			t.Error("a number is not masked")
		}
	}
	b.get("/console/customers?found").want(t, "again by Back", http.StatusOK, at)
	b.find("name", "아무도", "birth", "19990101").want(t, "nobody", http.StatusOK, "/console/customers?found", "Nobody was found")
	b.find("certificate", "0badcafe").want(t, "no such certificate", http.StatusOK, "/console/customers?found", "Nobody was found")
	b.find().want(t, "nothing typed", http.StatusOK, "/console/customers", "(1065)")
	co := sampleOf(t, d, "ingamco")
	b.find("name", hong.Name).want(t, "a name alone", http.StatusOK, "/console/customers?found", "Nobody was found", `value="`+hong.Name+`"`)
	b.find("name", co.Name).want(t, "a business by its name", http.StatusOK, "/console/customers/"+co.Number, "000-00-00121")
	b.find("name", hong.Name, "birth", "1985").want(t, "half a date", http.StatusOK, "/console/customers?found", "id=\"problem\"")
	moo := sampleOf(t, d, "moo")
	b.find("name", moo.Name, "birth", moo.Birth).want(t, "no phone", http.StatusOK, "/console/customers/"+moo.Number, moo.Name)
	b.find("name", strings.Repeat("가", 200)).want(t, "an endless name", http.StatusOK, "/console/customers", "(1066)")
	for _, odd := range []string{"%' OR '1'='1", `"; DROP TABLE subscriber; --`, "<script>alert(1)</script>", "홍길동\\", "*)(uid=*"} {
		p := b.find("name", odd, "birth", hong.Birth)
		if p.status != http.StatusOK || strings.Contains(p.body, "<script>alert") || strings.Contains(p.main(), hong.Number) {
			t.Errorf("%q: status %d\n%s", odd, p.status, p.main())
		}
	}
	// What was asked for stands in the entry as fields, never as values.
	all := entries(t, d, authz.SearchCustomers, "customers")
	if len(all) < 10 {
		t.Errorf("%d entries of searches", len(all))
	}
	for _, e := range all {
		if raw := fmt.Sprintf("%+v", e); strings.Contains(raw, hong.Name) || strings.Contains(raw, hong.Birth) || strings.Contains(raw, hong.Phone) {
			t.Errorf("an entry tells who was looked for: %s", raw)
		}
	}

	// Another branch's customer: the reason first.
	there := "/console/customers/" + han.Number
	p := b.find("name", han.Name, "birth", han.Birth).want(t, "another branch's", http.StatusOK, there, "Another branch")
	if strings.Contains(p.body, han.Name) {
		t.Error("the page that asks for a reason shows whom it is about")
	}
	b.post(there, "why", "").want(t, "no reason", http.StatusOK, there, "(1065)")
	b.post(there, "why", "짧음").want(t, "too short", http.StatusOK, there, "(2434)", "짧음")
	b.post(there, "why", "고객이 이 영업점에 직접 왔어요").want(t, "explained", http.StatusOK, there, han.Name, "other branch")
	newBrowserSeesNothing(t, d, there)
	found := slices.ContainsFunc(entries(t, d, authz.ViewCustomer, ""), func(e audit.Entry) bool {
		return e.Detail["why"] == "고객이 이 영업점에 직접 왔어요"
	})
	if !found {
		t.Error("the reason is not on record")
	}
	for _, wrong := range []string{"../../etc", "%00", "1 OR 1=1", strings.Repeat("1", 60)} {
		if p := b.get("/console/customers/" + url.PathEscape(wrong)); p.status != http.StatusNotFound {
			t.Errorf("customer %q: status %d", wrong, p.status)
		}
	}
}

// newBrowserSeesNothing: a reason belongs to who gave it.
func newBrowserSeesNothing(t *testing.T, d *server.Demo, at string) {
	t.Helper()
	asNumber(t, d, secondTeller).get(at).want(t, "a colleague without a reason", http.StatusOK, at, "Another branch")
}

func issueAtTheCounter(t *testing.T, d *server.Demo) {
	b, boss, kim := as(t, d, authz.Teller), as(t, d, authz.Supervisor), sampleOf(t, d, "kim")
	customer := "/console/customers/" + kim.Number
	b.get(customer).want(t, "customer", http.StatusOK, customer, "No certificate that can be used", `data-key="i"`)
	b.get(customer+"/open?act=issue").want(t, "wish", http.StatusOK, customer+"/open?act=issue", "Open the case")
	at := b.open(kim.Number, "act", "issue", "kind", "personal-bank", "visitor", "self")
	id := strings.TrimPrefix(at, "/console/cases/")

	// A second one for the same leads to the first.
	b.post(customer+"/open", "act", "issue", "kind", "personal-bank", "visitor", "self").
		want(t, "again", http.StatusOK, customer+"/open?act=issue", "(2404)", `href="`+at+`"`)

	// What was typed survives a refusal, numbers don't.
	c := kim.Cards[0]
	p := b.upload(at+"/prove", "image", simulator.Picture(kim.Number), "document", string(c.Document), "number", "9211022000020", "name", c.Name,
		"issueDate", c.IssueDate, "licence", c.Licence, "licenceSerial", c.LicenceSerial).want(t, "a wrong digit", http.StatusOK, at, "aria-invalid", c.Name, c.IssueDate)
	for _, number := range []string{"9211022000020", c.Licence, c.LicenceSerial} {
		if strings.Contains(p.body, number) {
			t.Errorf("the page repeats a number of the card")
		}
	}
	p.want(t, "the picture was attached all the same", http.StatusOK, at, "/scans/")
	p = b.show(at, kim, false).want(t, "card", http.StatusOK, at, "The card is confirmed", "Driver&#39;s licence")
	scan := regexp.MustCompile(at + `/scans/[A-Z2-7]{26}`).FindString(p.body)
	image := b.get(scan)
	if image.status != http.StatusOK || image.header.Get("Content-Type") != "image/jpeg" || image.header.Get("Cache-Control") != "no-store" ||
		image.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("scan: status %d, %v", image.status, image.header)
	}

	b.post(at+"/submit").want(t, "nothing signed", http.StatusOK, at, "id=\"problem\"")
	b.post(at+"/submit", "terms", "required").want(t, "no form seen", http.StatusOK, at, "(2408)")
	b.post(at+"/submit", "seen", "application-form", "terms", "required").want(t, "submitted", http.StatusOK, at, "to approve", "waits for a supervisor")
	if p := b.post(at+"/decide", "verdict", "approve", "revision", "1"); p.status != http.StatusForbidden {
		t.Errorf("a teller decides: status %d", p.status)
	}

	boss.get("/console/approvals").want(t, "approvals", http.StatusOK, "/console/approvals", `href="`+at+`"`, kim.Name)
	p = boss.get(at).want(t, "to decide", http.StatusOK, at, `value="approve"`, `data-key="a"`, "Signed: ")
	boss.post(at+"/decide", "verdict", "return", "revision", p.revision(t), "note", "").want(t, "no note", http.StatusOK, at, "(2452)")
	boss.post(at+"/decide", "verdict", "approve", "revision", "1").want(t, "another was looked at", http.StatusOK, at, "(2402)")
	next := boss.post(at+"/decide", "verdict", "approve", "revision", p.revision(t))
	if next.status != http.StatusOK || next.path == at || !strings.Contains(next.body, "Approved.") {
		t.Errorf("approving leads to %s (%d)\n%s", next.path, next.status, next.main())
	}
	b.get(at).want(t, "approved", http.StatusOK, at, "Not handed out yet", `value="print"`, `value="message"`)
	p = b.post(at+"/codes", "by", "print", "in", "ko")
	if p.status != http.StatusOK || !regexp.MustCompile(`\d{3}-\d{3}-\d{4}`).MatchString(p.main()) {
		t.Errorf("codes: status %d at %s\n%s", p.status, p.path, p.main())
	}
	b.get(at).want(t, "handed out", http.StatusOK, at, "Not used by the customer yet", "Print new codes")
	status, answer := b.ask(http.MethodGet, at+"/state.json", nil)
	var now struct{ State, Codes, Word string }
	if err := json.Unmarshal(answer, &now); err != nil || status != http.StatusOK || now.State != "approved" || now.Codes != "waiting" {
		t.Errorf("state.json: %d %s", status, answer)
	}
	// Asking for the state is no view of a person, so it is no entry.
	views := len(entries(t, d, authz.ViewCase, "case:"+id))
	b.ask(http.MethodGet, at+"/state.json", nil)
	if n := len(entries(t, d, authz.ViewCase, "case:"+id)); n != views {
		t.Errorf("asking for the state added %d entries", n-views)
	}
}

func manyHands(t *testing.T, d *server.Demo) {
	one, two, jang := as(t, d, authz.Teller), asNumber(t, d, secondTeller), sampleOf(t, d, "jang")
	boss, other := as(t, d, authz.Supervisor), asNumber(t, d, secondSupervisor)
	at := one.open(jang.Number, "act", "issue", "kind", "personal-bank", "visitor", "self")
	two.get(at).want(t, "a colleague looks", http.StatusOK, at, "Take it over", `data-key="t"`)
	two.show(at, jang, true).want(t, "a colleague works", http.StatusOK, at, "(2403)")
	two.post(at+"/take").want(t, "taken", http.StatusOK, at, "Taken over")
	one.show(at, jang, false).want(t, "the first goes on", http.StatusOK, at, "(2403)", jang.Name, "Take it over")
	two.show(at, jang, true).want(t, "the second goes on", http.StatusOK, at, "The card is confirmed")
	two.post(at+"/submit", "seen", "application-form", "terms", "required").want(t, "submitted", http.StatusOK, at, "to approve")

	// Two supervisors on one case: the second one hears it.
	seen := boss.get(at).revision(t)
	if again := other.get(at).revision(t); again != seen {
		t.Errorf("revisions %s and %s", seen, again)
	}
	boss.post(at+"/decide", "verdict", "return", "revision", seen, "note", "서명이 흐려요")
	other.post(at+"/decide", "verdict", "approve", "revision", seen).want(t, "too late", http.StatusOK, at, "id=\"problem\"")
	two.get(at).want(t, "returned", http.StatusOK, at, "서명이 흐려요", "Returned by the supervisor")
	two.post(at+"/withdraw", "note", "").want(t, "no note", http.StatusOK, at, "(2452)")
	two.post(at+"/withdraw", "note", "고객이 그만두었어요").want(t, "withdrawn", http.StatusOK, at, "withdrawn")

	// Nobody approves what they have made.
	noh := sampleOf(t, d, "moo")
	own := boss.submitted(noh)
	p := boss.get(own).want(t, "own", http.StatusOK, own, "another supervisor decides")
	if strings.Contains(p.body, `value="approve"`) {
		t.Error("the maker is offered to approve")
	}
	p = boss.post(own+"/decide", "verdict", "approve", "revision", "9")
	if p.status != http.StatusForbidden || !strings.Contains(p.body, "(1062)") {
		t.Errorf("own approval: status %d\n%s", p.status, p.main())
	}
	if p := boss.get("/console/approvals"); strings.Contains(p.main(), own) {
		t.Error("one's own stands among what is to be approved")
	}
	other.post(own+"/decide", "verdict", "refuse", "revision", other.get(own).revision(t), "note", "사유를 적어요").want(t, "refused", http.StatusOK, "/console/approvals")
	boss.get(own).want(t, "over", http.StatusOK, own, "refused", "사유를 적어요")
}

func suspendAndLost(t *testing.T, d *server.Demo) {
	b, lim := as(t, d, authz.Teller), sampleOf(t, d, "lee")
	customer := "/console/customers/" + lim.Number
	b.post(customer+"/open", "act", "suspend", "serial", "0badcafe", "visitor", "self")
	for _, act := range []string{"suspend", "renew", "resume", "revoke"} {
		if p := b.get(customer + "/open?act=" + act + "&serial=0badcafe"); p.status != http.StatusNotFound {
			t.Errorf("%s of a certificate that is not there: status %d", act, p.status)
		}
	}
	if p := b.get(customer + "/open?act=destroy"); p.status != http.StatusNotFound {
		t.Errorf("an act that is none: status %d", p.status)
	}
	// Two steps: the case, and the card. The passport's lines say the rest.
	at := b.open(lim.Number, "act", "lost", "serial", "", "visitor", "self")
	c := lim.Cards[0]
	p := b.upload(at+"/prove", "image", nil, "document", "passport", "mrz", "P<KORLEE<<", "name", c.Name, "issueDate", c.IssueDate).
		want(t, "half a line", http.StatusOK, at, "aria-invalid", `value="passport" checked`)
	if strings.Contains(p.body, "KORLEE") {
		t.Error("the page repeats the passport's lines")
	}
	b.upload(at+"/prove", "image", nil, "document", "passport", "mrz", c.MRZ, "name", c.Name, "issueDate", c.IssueDate).
		want(t, "lost", http.StatusOK, at, "Done.", "done")
}

func serviceDown(t *testing.T, d *server.Demo) {
	b, seo := as(t, d, authz.Teller), sampleOf(t, d, "seo")
	at := b.open(seo.Number, "act", "issue", "kind", "personal-bank", "visitor", "self")
	if err := d.Simulator().Script(simulator.Fault{Service: simulator.IDCheck, Mode: simulator.Status}); err != nil {
		t.Fatal(err)
	}
	p := b.show(at, seo, true).want(t, "down", http.StatusOK, at, "Waiting for the card service", `data-state="waiting"`)
	if strings.Contains(p.body, seo.IdentityNumber) {
		t.Error("the page shows the number")
	}
	b.get("/console/queue?list=waiting").want(t, "queue", http.StatusOK, "/console/queue?list=waiting", at)
	if err := d.Simulator().Script(); err != nil {
		t.Fatal(err)
	}
	b.show(at, seo, false).want(t, "back", http.StatusOK, at, "The card is confirmed")
}
