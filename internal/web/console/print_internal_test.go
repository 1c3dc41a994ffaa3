package console

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/keys"
	"github.com/ingam-pki/ingam/internal/registration/branch"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/counter/printout"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/redeem"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/store/storetest"
	"github.com/ingam-pki/ingam/internal/web/assets"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/pki/npki"
)

const (
	theCode      = "ABCDE-FGHJK-MNPQR-STVWX"
	theReference = "123-456-7890"
)

// desk is the console with the papers of two cases. Cases and codes are held
// here; people, audit log, terms and seals are the real ones.
type desk struct {
	t     *testing.T
	at    time.Time
	lines bytes.Buffer // of the log
	mu    sync.Mutex
	who   staff.Account // who is logged in
	cases map[string]counter.Case
	web   *httptest.Server
	http  *http.Client
	jar   map[string]*http.Cookie
}

func (d *desk) Case(_ context.Context, id string) (counter.Case, error) {
	if c, ok := d.cases[id]; ok {
		return c, nil
	}
	return counter.Case{}, counter.ErrNoCase
}

func (*desk) Names(context.Context, []string) (map[string]string, error) {
	return map[string]string{"t1": "김창구"}, nil
}

// HandOut gives the same pair each time.
func (d *desk) HandOut(_ context.Context, caller authz.Caller, id string, by redeem.Way) (redeem.Slip, error) {
	c, ok := d.cases[id]
	if !ok {
		return redeem.Slip{}, printout.ErrUnknown
	}
	if err := authz.AllowOn(caller, authz.HandOutCodes, authz.Object{Owner: c.SubscriberID, Branch: c.Branch}); err != nil {
		return redeem.Slip{}, err
	}
	slip := redeem.Slip{Reference: theReference, Code: theCode, By: by, Until: d.at.Add(72 * time.Hour)}
	switch by {
	case redeem.Print:
	case redeem.Message:
		slip.Code, slip.Phone = "", "010-****-5678"
	default:
		return redeem.Slip{}, redeem.ErrWay
	}
	return slip, nil
}

func (*desk) ByNumber(number string) (branch.Branch, error) {
	b := branch.Branch{Number: number, Phone: "02-730-0014"}
	b.Name.KO, b.Name.EN, b.Address.KO, b.Address.EN = "광화문지점", "Gwanghwamun", "서울특별시 종로구 세종대로 175", "175 Sejong-daero, Jongno-gu, Seoul"
	b.Week[time.Monday] = branch.Hours{From: 540, To: 960}
	return b, nil
}

func openDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, at: time.Date(2027, 3, 14, 5, 20, 0, 0, time.UTC), cases: map[string]counter.Case{}, jar: map[string]*http.Cookie{},
		who: staff.Account{ID: "t1", Name: "김창구", Role: authz.Teller, Branch: "014", State: staff.Active}}
	clock := func() time.Time { return d.at }
	ring := keys.NewRing()
	db := storetest.Open(t, storetest.Engine{Name: "sqlite"}.URL(t), ring)
	enrol, err := enrolment.New(enrolment.Config{Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	for id, p := range map[string]subscriber.Subscriber{
		"hong":  {ID: "s1", CustomerNumber: "C1", Sort: subscriber.Individual, Name: "홍길동", RomanName: "HONG GILDONG", IdentityNumber: "9001011234567", UpdatedAt: d.at},
		"alien": {ID: "s2", CustomerNumber: "C2", Sort: subscriber.Foreigner, Name: "NGUYEN <b>THI</b>", IdentityNumber: "9001015234568", UpdatedAt: d.at},
		"firm":  {ID: "s3", CustomerNumber: "C3", Sort: subscriber.Corporate, Name: "㈜한글", IdentityNumber: "1234567890", UpdatedAt: d.at},
	} {
		owner, err := db.SaveSubscriber(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		d.cases[id] = counter.Case{ID: id, Branch: "014", SubscriberID: owner, Act: counter.Issue, Kind: npki.PersonalBank, Visitor: counter.Oneself,
			State: counter.Approved, Maker: "t1", Handler: "t1", CreatedAt: d.at, Seen: []counter.Seen{{Paper: counter.Application}},
			Attached: []counter.Attached{{Paper: counter.IdentityCard}, {Paper: counter.IdentityCard}}}
	}
	firm := d.cases["firm"]
	firm.Visitor, firm.VisitorName, firm.Act, firm.Serial = counter.Proxy, "이대리", counter.Revoke, "7806f805634a331f"
	d.cases["firm"] = firm
	log := audit.New(db, make([]byte, 32), clock)
	files, err := assets.New()
	if err != nil {
		t.Fatal(err)
	}
	made, err := pages.New(files)
	if err != nil {
		t.Fatal(err)
	}
	c := &Console{Config: Config{Log: log, Sealer: ring, Now: clock, Printing: Printing{Codes: d, Branches: d, Origin: "https://bank.example",
		Papers: printout.New(printout.Config{Cases: d, People: db, Texts: enrol, Names: d, Log: log})}}, pages: made}
	mux := http.NewServeMux()
	for _, route := range c.printRoutes() {
		mux.Handle(route.Pattern, c.door(route))
	}
	known := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		setHeaders(w.Header())
		mux.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), visitKey{}, visit{account: d.who})))
	})
	face := kit.NewFace(clock, kit.FaceConfig{Page: c.Refuse, MaxBody: MaxBody, Log: slog.New(slog.NewTextHandler(&lockedWriter{w: &d.lines, mu: &d.mu}, nil))})
	d.web = httptest.NewServer(face.Wrap(kit.SameOrigin(known)))
	t.Cleanup(d.web.Close)
	d.http = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return d
}

type lockedWriter struct {
	w  io.Writer
	mu *sync.Mutex
}

func (l *lockedWriter) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

type answer struct {
	status int
	header http.Header
	body   string
}

// ask sends a request with the cookies that are for its path.
func (d *desk) ask(method, path string, form url.Values) answer {
	d.t.Helper()
	r, err := http.NewRequestWithContext(d.t.Context(), method, d.web.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html")
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for _, cookie := range d.jar {
		if strings.HasPrefix(r.URL.Path, cookie.Path) {
			r.AddCookie(cookie)
		}
	}
	res, err := d.http.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, cookie := range res.Cookies() {
		d.jar[cookie.Name] = cookie
		if cookie.MaxAge < 0 {
			delete(d.jar, cookie.Name)
		}
	}
	return answer{res.StatusCode, res.Header, string(body)}
}

func (d *desk) get(path string) answer { d.t.Helper(); return d.ask(http.MethodGet, path, nil) }

func (d *desk) post(path string, fields ...string) answer {
	d.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return d.ask(http.MethodPost, path, form)
}

// handedOut hands out codes and gives the page of the slip.
func (d *desk) handedOut(fields ...string) answer {
	d.t.Helper()
	a := d.post("/console/cases/hong/codes", append([]string{"by", "print"}, fields...)...)
	if a.status != http.StatusSeeOther || a.header.Get("Location") != "/console/cases/hong/print/slip" || strings.Contains(a.body, "ABCDE") {
		d.t.Fatalf("handing out gave %d to %q: %s", a.status, a.header.Get("Location"), d.lines.String())
	}
	return d.get("/console/cases/hong/print/slip")
}

var sealedIn = regexp.MustCompile(`name="slip" value="([^"]+)"`)

func sealedOf(t *testing.T, a answer) string {
	t.Helper()
	m := sealedIn.FindStringSubmatch(a.body)
	if m == nil {
		t.Fatalf("the page has no slip to give back: %d %.400s", a.status, a.body)
	}
	return m[1]
}

func shown(a answer) bool { return strings.Contains(a.body, "<span>FGHJK</span>") }

func TestPaperPages(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	for path, want := range map[string][]string{
		"hong/print/form":          {"홍길동", "900101-1●●●●●●", "광화문지점 (014)", "신분증", "김창구", `href="/console/cases/hong/print/form.pdf?in=ko"`},
		"hong/print/form?in=en":    {"홍길동", "Application for a joint certificate service", `lang="en"`, "in=ko"},
		"alien/print/form":         {"NGUYEN &lt;b&gt;THI", "courtesy"},
		"firm/print/form":          {"㈜한글", "123-45-67890", "대리인 · 이대리", "7806 F805 634A 331F", "폐지", "그 밖의 사유"},
		"hong/print/consent":       {"공동인증서비스 이용약관", "2026.2", "□ 동의해요"},
		"hong/print/consent?in=en": {"Terms of the joint certificate service"},
	} {
		a := d.get("/console/cases/" + path)
		if a.status != http.StatusOK || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s gave %d, %s", path, a.status, a.header)
		}
		for _, w := range want {
			if !strings.Contains(a.body, w) {
				t.Errorf("%s does not say %q", path, w)
			}
		}
		if strings.Contains(a.body, "234567") || strings.Contains(a.body, "<b>THI") {
			t.Errorf("%s shows an identity number, or a name became markup", path)
		}
	}
	if n := strings.Count(d.get("/console/cases/hong/print/form").body, "<li>신분증</li>"); n != 1 {
		t.Errorf("a paper with two pictures is listed %d times", n)
	}
	for _, name := range []string{"form", "consent"} {
		a := d.get("/console/cases/hong/print/" + name + ".pdf")
		if a.status != http.StatusOK || a.header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(a.body, "%PDF-") ||
			a.header.Get("Cache-Control") != "no-store" || a.header.Get("Content-Disposition") != `inline; filename="`+name+`-HONG.pdf"` {
			t.Errorf("%s.pdf gave %d, %v", name, a.status, a.header)
		}
		if again := d.get("/console/cases/hong/print/" + name + ".pdf"); again.body != a.body {
			t.Errorf("%s.pdf has other bytes the second time", name)
		}
	}
}

func TestPapersAreRefused(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	for path, status := range map[string]int{
		"nobody/print/form": http.StatusNotFound, "firm/print/consent": http.StatusConflict, "hong/print/poster": http.StatusNotFound,
		"firm/print/consent.pdf": http.StatusConflict,
	} {
		if a := d.get("/console/cases/" + path); a.status != status {
			t.Errorf("%s gave %d, want %d", path, a.status, status)
		}
	}
	sealed := sealedOf(t, d.handedOut())
	for _, who := range []staff.Account{
		{ID: "t2", Role: authz.Teller, Branch: "015", State: staff.Active}, {ID: "o1", Role: authz.Operator, State: staff.Active},
		{ID: "a1", Role: authz.Auditor, State: staff.Active}, {ID: "x1", Role: authz.Security, State: staff.Active},
		{ID: "t3", Role: authz.Teller, Branch: "014", State: staff.Active, SubscriberID: d.cases["hong"].SubscriberID},
	} {
		d.who = who
		for _, path := range []string{"form", "form.pdf", "consent", "consent.pdf"} {
			if a := d.get("/console/cases/hong/print/" + path); a.status != http.StatusForbidden || strings.Contains(a.body, "길동") {
				t.Errorf("%s at %q: %s gave %d", who.Role, who.Branch, path, a.status)
			}
		}
		if a := d.post("/console/cases/hong/codes", "by", "print"); shown(d.get("/console/cases/hong/print/slip")) || a.status != http.StatusForbidden && a.header.Get("Location") != "/console/cases/hong" {
			t.Errorf("%s at %q got codes: %d", who.Role, who.Branch, a.status)
		}
		if a := d.post("/console/cases/hong/print/slip/pdf", "slip", sealed); strings.HasPrefix(a.body, "%PDF") {
			t.Errorf("%s at %q got somebody else's slip", who.Role, who.Branch)
		}
	}
	d.who = staff.Account{}
	if a := d.get("/console/cases/hong/print/form"); a.status != http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Location"), "/console/login") {
		t.Errorf("nobody got %d", a.status)
	}
}

func TestSlipIsShownOnce(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	first := d.handedOut("in", "en", "size", "receipt")
	if !shown(first) || first.header.Get("Content-Encoding") != "" || first.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("the slip isn't shown: %d %v", first.status, first.header)
	}
	for _, want := range []string{"sheet-receipt", "Authorization code", "https://bank.example/redeem", "Gwanghwamun (014)", "<svg", "only once"} {
		if !strings.Contains(first.body, want) {
			t.Errorf("the slip does not say %q", want)
		}
	}
	sealed := sealedOf(t, first)
	for range 2 {
		if again := d.get("/console/cases/hong/print/slip"); again.status != http.StatusOK || strings.Contains(again.body, "FGHJK") ||
			strings.Contains(again.body, "456-7890") || sealedIn.MatchString(again.body) {
			t.Error("the slip is shown twice")
		}
	}
	pdf := d.post("/console/cases/hong/print/slip/pdf", "slip", sealed)
	if pdf.status != http.StatusOK || !strings.HasPrefix(pdf.body, "%PDF-") || pdf.header.Get("Cache-Control") != "no-store" {
		t.Errorf("its PDF gave %d", pdf.status)
	}
	if a := d.post("/console/cases/hong/print/slip/size", "slip", sealed, "size", "a4", "in", "ko"); a.status != http.StatusSeeOther {
		t.Errorf("another size gave %d", a.status)
	}
	other := d.get("/console/cases/hong/print/slip")
	if !shown(other) || !strings.Contains(other.body, "sheet-a4") || !strings.Contains(other.body, "인가코드") {
		t.Error("the slip isn't shown on the other size")
	}
	if d.get("/console/cases/alien/print/slip"); shown(d.get("/console/cases/alien/print/slip")) {
		t.Error("the slip of one case is shown at another")
	}
	for _, path := range []string{"hong/print/form", "hong/print/consent"} {
		if a := d.get("/console/cases/" + path); strings.Contains(a.body, "FGHJK") || strings.Contains(a.body, "456-7890") {
			t.Errorf("%s shows the codes", path)
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, secret := range []string{"FGHJK", "4567890", "456-7890", sealed[:40], "길동"} {
		if strings.Contains(d.lines.String(), secret) {
			t.Errorf("the log holds %s", secret)
		}
	}
	if d.lines.Len() == 0 {
		t.Error("nothing is logged: the test looks in the wrong place")
	}
}

func TestSlipByMessage(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.post("/console/cases/alien/codes", "by", "message")
	a := d.get("/console/cases/alien/print/slip")
	if !strings.Contains(a.body, "010-****-5678") || !strings.Contains(a.body, "<span>7890</span>") || shown(a) || !strings.Contains(a.body, "Valid until") {
		t.Errorf("got %d: %.300s", a.status, a.body)
	}
	if a := d.post("/console/cases/hong/codes", "by", "pigeon"); a.status != http.StatusSeeOther || a.header.Get("Location") != "/console/cases/hong" {
		t.Errorf("a way that there is not gave %d to %q", a.status, a.header.Get("Location"))
	}
	if a := d.post("/console/cases/nobody/codes", "by", "print"); a.status != http.StatusNotFound {
		t.Errorf("a case that there is not gave %d", a.status)
	}
}

// TestSlipIsSealed sees that what a page gives back is good for one person, one
// case and ten minutes, and that nothing else is taken.
func TestSlipIsSealed(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	sealed := sealedOf(t, d.handedOut())
	at := func(path, value string) int { return d.post("/console/cases/"+path, "slip", value).status }
	flipped := []byte(sealed)
	flipped[len(flipped)/2] ^= 1
	for name, got := range map[string]int{
		"another case": at("alien/print/slip/pdf", sealed), "nothing": at("hong/print/slip/pdf", ""), "no base64": at("hong/print/slip/pdf", "%%%"),
		"changed": at("hong/print/slip/pdf", string(flipped)), "far too long": at("hong/print/slip/size", strings.Repeat("A", 5000)),
	} {
		if got != http.StatusGone {
			t.Errorf("%s gave %d", name, got)
		}
	}
	d.who.ID = "t9" // a colleague at the same branch
	if got := at("hong/print/slip/pdf", sealed); got != http.StatusGone {
		t.Errorf("a colleague got %d", got)
	}
	d.who.ID = "t1"
	if got := at("hong/print/slip/pdf", sealed); got != http.StatusOK {
		t.Errorf("the right one got %d", got)
	}
	d.at = d.at.Add(slipLasts)
	if got := at("hong/print/slip/pdf", sealed); got != http.StatusGone {
		t.Errorf("after ten minutes it gave %d", got)
	}
	d.at = d.at.Add(-slipLasts)
	done := d.cases["hong"]
	done.State = counter.Done
	d.cases["hong"] = done
	if got := at("hong/print/slip/pdf", sealed); got != http.StatusConflict {
		t.Errorf("after the certificate was fetched it gave %d", got)
	}
}

// TestCookieIsForOnePage sees where the codes travel.
func TestCookieIsForOnePage(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.post("/console/cases/hong/codes", "by", "print")
	cookie := d.jar[slipCookie]
	if cookie == nil || cookie.Path != "/console/cases/hong/print/slip" || !cookie.HttpOnly || cookie.MaxAge > int(kit.SayingLasts.Seconds()) {
		t.Fatalf("the cookie is %+v", cookie)
	}
	if strings.Contains(cookie.Value, "ABCDE") || len(cookie.Value) > 4000 {
		t.Error("the cookie can be read, or is too long to be kept")
	}
	d.who.ID = "t9"
	if shown(d.get("/console/cases/hong/print/slip")) {
		t.Error("a colleague at the same browser sees the codes")
	}
	d.who.ID = "t1"
	d.at = d.at.Add(kit.SayingLasts + time.Second)
	d.jar[slipCookie] = cookie
	if shown(d.get("/console/cases/hong/print/slip")) {
		t.Error("the codes are shown later")
	}
}

func TestPrintRoutes(t *testing.T) {
	t.Parallel()
	for _, route := range (&Console{}).printRoutes() {
		if !authz.Known(route.Act) || route.Open || route.Early || route.Handle == nil {
			t.Errorf("%s is for %q", route.Pattern, route.Act)
		}
		want := authz.PrintPaper
		if strings.Contains(route.Pattern, "slip") || strings.Contains(route.Pattern, "codes") {
			want = authz.HandOutCodes
		}
		if route.Act != want {
			t.Errorf("%s is for %q, want %q", route.Pattern, route.Act, want)
		}
	}
	if got := fmt.Sprint(businessNumber("1234567890"), businessNumber("12")); got != "123-45-6789012" {
		t.Errorf("got %s", got)
	}
}
