package console

import (
	"bytes"
	"context"
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

	"github.com/alexedwards/scs/v2/memstore"

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
		return redeem.Slip{}, counter.ErrUnknown
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
	sessions := kit.NewStaffSessions(memstore.New(), false, clock, func(context.Context, string, string) error { return nil })
	c := &Console{Config: Config{Log: log, Sealer: ring, Now: clock, Sessions: sessions, Printing: Printing{Codes: d, Branches: d, Origin: "https://bank.example",
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
	d.web = httptest.NewServer(face.Wrap(kit.SameOrigin(sessions.Wrap(known))))
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
