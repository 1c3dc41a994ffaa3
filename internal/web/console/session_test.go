package console_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/server"
)

// sessionIsOver: what ends a session ends it at the next request, and the
// login says why.
func sessionIsOver(t *testing.T, d *server.Demo) {
	officer := as(t, d, authz.Security)
	teller := idOf(t, d, numbers[authz.Teller])
	page := "/console/staff/" + teller
	for _, tt := range []struct {
		what, path string
		fields     []string
	}{
		{"another branch", page + "/change", []string{"name", "김창구", "role", "teller", "branch", "101"}},
		{"another role", page + "/change", []string{"name", "김창구", "role", "supervisor", "branch", "101"}},
		{"all sessions ended", page + "/sessions", nil},
		{"disabled", page + "/disable", nil},
	} {
		one, two := as(t, d, authz.Teller), as(t, d, authz.Teller)
		officer.post(tt.path, tt.fields...).want(t, tt.what, http.StatusOK, page)
		for _, b := range []*browser{one, two} {
			b.get("/console/account").want(t, tt.what, http.StatusOK, "/console/login?ended=over&next=/console/account", "This session is over")
		}
		if one.get("/console/account").want(t, tt.what, http.StatusOK, "/console/login?next=/console/account"); one.in() {
			t.Errorf("%s: still in", tt.what)
		}
	}
	b := newBrowser(t, d)
	b.arrive(numbers[authz.Teller]).want(t, "one who is disabled", http.StatusOK, "/console/login", "(7008)")
	officer.post(page+"/enable").want(t, "enable", http.StatusOK, page, "enabled again")
	as(t, d, authz.Teller)
}

// logOut: of one browser, and of all.
func logOut(t *testing.T, d *server.Demo) {
	one, two := as(t, d, authz.Auditor), as(t, d, authz.Auditor)
	token := one.cookie("ingam_staff")
	one.post("/console/logout").want(t, "log out", http.StatusOK, "/console/login", "You are logged out.")
	one.get("/console/login").want(t, "said once", http.StatusOK, "/console/login")
	if p := one.once("GET", "/console/account", "", nil, "Cookie", "ingam_staff="+token); p.status != http.StatusSeeOther {
		t.Errorf("the old cookie still works: status %d", p.status)
	}
	if !two.in() {
		t.Error("the other browser was logged out, too")
	}
	one = as(t, d, authz.Auditor)
	two.post("/console/account/sessions").want(t, "log out everywhere", http.StatusOK, "/console/login", "everywhere")
	if one.in() || two.in() {
		t.Error("still in somewhere")
	}
	one.post("/console/logout").want(t, "nobody logs out", http.StatusOK, "/console/login")
	one = as(t, d, authz.Auditor)
	if status, _ := one.ask(http.MethodDelete, "/console/session", nil); status != http.StatusNoContent || one.in() {
		t.Errorf("the script that ends a session: status %d", status)
	}
	me := "staff:" + idOf(t, d, numbers[authz.Auditor])
	if len(entries(t, d, authz.LogOutStaff, me)) != 2 || len(entries(t, d, authz.EndStaffSessions, me)) != 1 {
		t.Error("not all of it is on record")
	}
}

// stolenSession: a cookie that comes from another browser ends the session,
// and that is on record.
func stolenSession(t *testing.T, d *server.Demo) {
	owner, thief := as(t, d, authz.Supervisor), newBrowser(t, d)
	thief.agent = "another browser"
	p := thief.once("GET", "/console/account", "", nil, "Cookie", "ingam_staff="+owner.cookie("ingam_staff"))
	if p.status != http.StatusSeeOther || !strings.HasPrefix(p.header.Get("Location"), "/console/login?ended=idle") {
		t.Errorf("the thief: status %d, to %q", p.status, p.header.Get("Location"))
	}
	owner.get("/console/account").want(t, "the owner", http.StatusOK, "/console/login?ended=idle&next=/console/account")
	found := entries(t, d, authz.EndStaffSessions, "staff:"+idOf(t, d, numbers[authz.Supervisor]))
	if len(found) != 1 || found[0].Detail["why"] != "moved" {
		t.Errorf("entries %+v", found)
	}
	// A customer's cookie is nobody here, nor the other way round.
	owner = as(t, d, authz.Supervisor)
	if p := thief.once("GET", "/certificates", "", nil, "Cookie", "ingam_session="+owner.cookie("ingam_staff")); p.status != http.StatusSeeOther {
		t.Errorf("a teller's token as a customer's: status %d", p.status)
	}
}

// arrive goes to the provider and back as somebody who may not be let in.
func (b *browser) arrive(number string) page {
	b.t.Helper()
	p := b.once(http.MethodGet, "/console/login/provider", "", nil)
	p = b.once(http.MethodPost, p.header.Get("Location"), urlencoded, []byte(form("number", number)), "Origin", b.d.SimulatorURL())
	return b.get(p.header.Get("Location"))
}

// providerOnce: the way back works for the browser that went, once.
func providerOnce(t *testing.T, d *server.Demo) {
	b, other := newBrowser(t, d), newBrowser(t, d)
	p := b.once(http.MethodGet, "/console/login/provider?next=//elsewhere.example", "", nil)
	p = b.once(http.MethodPost, p.header.Get("Location"), urlencoded, []byte(form("number", numbers[authz.Teller])), "Origin", d.SimulatorURL())
	back := p.header.Get("Location")
	other.get(back).want(t, "in another browser", http.StatusOK, "/console/login", "(7054)")
	if p := b.get(back); !strings.Contains(p.body, `content="0;url=/console"`) {
		t.Errorf("leads to %s", onward.FindString(p.body))
	}
	b.post("/console/logout")
	b.get(back).want(t, "a second time", http.StatusOK, "/console/login", "(7054)")
	newBrowser(t, d).get("/console/login/return?error=access_denied").want(t, "out of nothing", http.StatusOK, "/console/login", "(7054)")
}

// codeThenPasskey: who comes by a one-time code adds a passkey before
// anything else, and logs in by it from then on.
func codeThenPasskey(t *testing.T, d *server.Demo) {
	officer := as(t, d, authz.Security)
	officer.post("/console/staff/new", "number", "990001", "name", "신입", "role", "auditor")
	code := officer.invite(idOf(t, d, "990001"))

	b := newBrowser(t, d)
	b.post("/console/activate", "number", "990001", "code", "AAAA-BBBB-CCCC-DDDD").
		want(t, "a wrong code", http.StatusOK, "/console/activate", "(7022)", `id="code-error"`, `value="990001"`)
	b.post("/console/activate", "number", "990001", "code", "").want(t, "no code", http.StatusOK, "/console/activate", "(1065)", `id="code-error"`)
	b.post("/console/activate", "number", " 990001 ", "code", strings.ToLower(code)).want(t, "the code", http.StatusOK, "/console/account", "Add a passkey first")
	for _, route := range []string{"/console", "/console/audit", "/console/policy", "/console/staff"} {
		b.get(route).want(t, "not yet", http.StatusOK, "/console/account")
	}
	if p := b.get("/console/account"); strings.Contains(p.body, `href="/console/audit"`) {
		t.Error("what does not open yet is offered")
	}
	b.addKey("Desk").want(t, http.StatusNoContent)
	b.get("/console/account?added").want(t, "added", http.StatusOK, "/console/account?added", "Desk", "The passkey is added.")
	b.get("/console/policy").want(t, "now", http.StatusOK, "/console/policy")
	b.post("/console/logout")
	b.passkey().want(t, http.StatusNoContent)
	b.get("/console/policy").want(t, "by passkey", http.StatusOK, "/console/policy")
	newBrowser(t, d).post("/console/activate", "number", "990001", "code", code).want(t, "the code again", http.StatusOK, "/console/activate", "(7022)")

	// A new code takes all of it away.
	officer.invite(idOf(t, d, "990001"))
	if b.in() {
		t.Error("still in after a new code")
	}
	b.passkey().want(t, http.StatusUnauthorized)
}

// invite makes a new code and gives it as the page shows it, this once.
func (b *browser) invite(id string) string {
	b.t.Helper()
	p := b.post("/console/staff/"+id+"/invite").want(b.t, "invite", http.StatusOK, "/console/staff/"+id)
	m := oneTime.FindStringSubmatch(p.body)
	if m == nil {
		b.t.Fatalf("no code in\n%s", p.main())
	}
	if p := b.get("/console/staff/" + id); oneTime.MatchString(p.body) {
		b.t.Error("the code is shown twice")
	}
	return m[1]
}

// answer is what a script heard.
type answer struct {
	status int
	body   string
}

func (a answer) want(t *testing.T, status int) {
	t.Helper()
	if a.status != status {
		t.Errorf("status %d, want %d: %s", a.status, status, a.body)
	}
}

func (b *browser) addKey(name string) answer {
	b.t.Helper()
	status, options := b.ask(http.MethodPost, "/console/account/passkeys/options", struct{}{})
	if status != http.StatusOK {
		return answer{status, string(options)}
	}
	made, err := b.device.Create(options)
	if err != nil {
		b.t.Fatal(err)
	}
	status, body := b.ask(http.MethodPost, "/console/account/passkeys", map[string]any{"name": name, "response": json.RawMessage(made)})
	return answer{status, string(body)}
}

func (b *browser) passkey() answer {
	b.t.Helper()
	_, options := b.ask(http.MethodPost, "/console/login/passkey/options", struct{}{})
	got, err := b.device.Get(options)
	if err != nil {
		b.t.Fatal(err)
	}
	status, body := b.ask(http.MethodPost, "/console/login/passkey", map[string]any{"response": json.RawMessage(got)})
	if status == http.StatusNoContent { // the same answer opens nothing twice
		again, body := newBrowser(b.t, b.d).ask(http.MethodPost, "/console/login/passkey", map[string]any{"response": json.RawMessage(got)})
		if again != http.StatusConflict {
			b.t.Errorf("a replay: status %d %s", again, body)
		}
	}
	return answer{status, string(body)}
}
