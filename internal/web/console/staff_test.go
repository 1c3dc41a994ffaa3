package console_test

import (
	"fmt"
	"net/http"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/server"
)

var oneTime = regexp.MustCompile(`id="one-time">([A-Z2-7-]{19})<`)

// staffForms: what does not fit is said beside its field, and what was typed
// stays.
func staffForms(t *testing.T, d *server.Demo) {
	b := as(t, d, authz.Security)
	for _, tt := range []struct {
		what   string
		fields []string
		code   string
		field  string
	}{
		{"nothing", nil, "(1065)", "number"},
		{"no name", []string{"number", "990001", "role", "teller"}, "(1065)", "name"},
		{"no role", []string{"number", "990001", "name", "신입"}, "(1065)", "role"},
		{"a role that is none", []string{"number", "990001", "name", "신입", "role", "system"}, "(7003)", "role"},
		{"a short number", []string{"number", "1", "name", "신입", "role", "auditor"}, "(7003)", "number"},
		{"no branch", []string{"number", "990001", "name", "신입", "role", "teller"}, "(7003)", "branch"},
		{"no such form of a branch", []string{"number", "990001", "name", "신입", "role", "teller", "branch", "1"}, "(7003)", "branch"},
		{"a long name", []string{"number", "990001", "name", strings.Repeat("가", 41), "role", "auditor"}, "(7003)", "name"},
		{"a number that is taken", []string{"number", numbers[authz.Teller], "name", "신입", "role", "auditor"}, "(7002)", "number"},
	} {
		p := b.post("/console/staff/new", tt.fields...).want(t, tt.what, http.StatusOK, "/console/staff/new", tt.code, `id="`+tt.field+`-error"`)
		for i := 0; i+1 < len(tt.fields); i += 2 {
			if v := tt.fields[i+1]; tt.fields[i] == "number" && !strings.Contains(p.body, `value="`+v+`"`) {
				t.Errorf("%s: %s is lost", tt.what, tt.fields[i])
			}
		}
	}
	p := b.post("/console/staff/new", "number", "990001", "name", `<b>"신입"`, "role", "auditor", "branch", "012")
	if !oneTime.MatchString(p.body) || strings.Contains(p.body, "<b>") || strings.Contains(p.path, "?") {
		t.Errorf("at %s\n%s", p.path, p.main())
	}
	page := p.path
	b.get(page).want(t, "headquarters", http.StatusOK, page, "Headquarters", "Invited", "안보안")
	b.post(page+"/change", "name", "신입", "role", "teller").want(t, "a teller without branch", http.StatusOK, page, "(7003)", `id="branch-error"`, `value="신입"`)
	b.post(page+"/change", "name", "신입", "role", "teller", "branch", "101").want(t, "change", http.StatusOK, page, "The change is saved.", "teller")
	// Who they are as a customer is said by the number that people know, and has to be
	// somebody: else nobody would be kept from their own matters.
	hong := d.Samples()[0]
	change := []string{"name", "신입", "role", "teller", "branch", "101", "customer"}
	b.post(page+"/change", append(change, "nobody-has-it")...).want(t, "no such customer", http.StatusOK, page, "(7009)", `id="customer-error"`)
	b.post(page+"/change", append(change, hong.Number)...).want(t, "a customer", http.StatusOK, page, "The change is saved.")
	who, err := d.Desk().Store.ByCustomerNumber(t.Context(), hong.Number)
	if err != nil {
		t.Fatal(err)
	}
	b.post(page+"/change", append(change, who.ID)...).want(t, "saved again", http.StatusOK, page, "The change is saved.")
	if a, err := d.Desk().Store.Account(t.Context(), path.Base(page)); err != nil || a.SubscriberID != who.ID {
		t.Errorf("as a customer they are %q, not %q: %v", a.SubscriberID, who.ID, err)
	}
	b.post(page+"/enable").want(t, "enabling one who is not disabled", http.StatusOK, page, "(7007)")
	own := "/console/staff/" + idOf(t, d, numbers[authz.Security])
	b.post(own+"/disable").want(t, "oneself", http.StatusOK, own, "(1061)", "Nobody changes their own account.")
	if p := b.post("/console/staff/%2e%2e%2flogout/disable"); p.status >= 500 || strings.Contains(p.path, "logout") {
		t.Errorf("a path for an id: status %d at %s", p.status, p.path)
	}
}

// everybody is who has an account.
func everybody(t *testing.T, d *server.Demo) []staff.Account {
	t.Helper()
	all, err := d.Desk().Store.Accounts(t.Context(), "", 1000)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// operatorsBounds: an operator names neither officers nor operators.
func operatorsBounds(t *testing.T, d *server.Demo) {
	b := as(t, d, authz.Operator)
	b.post("/console/staff/new", "number", "990002", "name", "신입", "role", "security-officer").
		want(t, "a security officer", http.StatusOK, "/console/staff/new", "(7005)", `id="role-error"`)
	officer := "/console/staff/" + idOf(t, d, numbers[authz.Security])
	b.post(officer+"/invite").want(t, "a new code for an officer", http.StatusOK, officer, "(7005)")
	b.post("/console/staff/new", "number", "990002", "name", "신입", "role", "teller", "branch", "012")
	if p := b.get("/console/staff?number=990002"); !strings.HasPrefix(p.path, "/console/staff/") || !strings.Contains(p.body, "신입") {
		t.Errorf("by number: at %s", p.path)
	}
	b.get("/console/staff?number=000000").want(t, "a number that nobody has", http.StatusOK, "/console/staff?number=000000", "(7001)", `value="000000"`)
}

// staffList: states, and pages one after the other.
func staffList(t *testing.T, d *server.Demo) {
	b := as(t, d, authz.Security)
	for i := range 60 {
		b.post("/console/staff/new", "number", fmt.Sprint(980000+i), "name", "신입", "role", "auditor")
	}
	there := len(everybody(t, d))
	seen, pages := map[string]bool{}, 0
	row := regexp.MustCompile(`<td class="code" data-label="Employee number">(\w+)</td>`)
	next := regexp.MustCompile(`href="(/console/staff\?[^"]*after=[^"]*)"`)
	for to := "/console/staff"; to != ""; pages++ {
		p := b.get(to)
		for _, m := range row.FindAllStringSubmatch(p.body, -1) {
			if seen[m[1]] {
				t.Errorf("%s comes twice", m[1])
			}
			seen[m[1]] = true
		}
		to = ""
		if m := next.FindStringSubmatch(p.body); m != nil {
			to = strings.ReplaceAll(m[1], "&amp;", "&")
		}
	}
	if len(seen) != there || pages != 2 {
		t.Errorf("%d people on %d pages, want %d", len(seen), pages, there)
	}
	if p := b.get("/console/staff?state=active"); !strings.Contains(p.body, "110215") || strings.Contains(p.body, "980001") {
		t.Errorf("only the active:\n%s", p.main())
	}
	b.get("/console/staff?state=disabled").want(t, "nobody", http.StatusOK, "/console/staff?state=disabled", "Nobody fits")
	b.get("/console/staff?state=%3Cscript%3E&after=%00").want(t, "nonsense", http.StatusOK, "/console/staff?state=%3Cscript%3E&after=%00")
}

// passkeysOfOnesOwn: named, listed, removed, and never another's.
func passkeysOfOnesOwn(t *testing.T, d *server.Demo) {
	one, two := as(t, d, authz.Teller), as(t, d, authz.Supervisor)
	one.addKey("").want(t, http.StatusBadRequest)
	one.addKey(strings.Repeat("가", 41)).want(t, http.StatusBadRequest)
	one.addKey("<i>창구</i>").want(t, http.StatusNoContent)
	one.get("/console/account").want(t, "escaped", http.StatusOK, "/console/account", "&lt;i&gt;창구")
	remove := regexp.MustCompile(`action="(/console/account/passkeys/[^"]+/remove)"`).FindStringSubmatch(one.get("/console/account").body)
	if remove == nil {
		t.Fatal("no way to remove it")
	}
	two.post(remove[1]).want(t, "another's", http.StatusOK, "/console/account", "(7038)")
	one.post(remove[1]).want(t, "one's own", http.StatusOK, "/console/account", "The passkey is removed.", "No passkey yet")
	one.post(remove[1]).want(t, "again", http.StatusOK, "/console/account", "(7038)")
}

// settings: one choice of language and look holds for customers' pages, too.
func settings(t *testing.T, d *server.Demo) {
	b := as(t, d, authz.Teller)
	b.post("/console/settings", "lang", "ko", "back", "/console/account").want(t, "Korean", http.StatusOK, "/console/account", `<html lang="ko"`)
	b.post("/console/settings", "look", "dark", "back", "/console/policy").want(t, "dark", http.StatusOK, "/console/policy", `data-look="dark"`)
	b.post("/console/settings", "look", `"><script>`, "lang", "xx", "back", "https://elsewhere.example")
	if p := b.get("/verify"); !strings.Contains(p.body, `lang="ko" data-look="dark"`) {
		t.Error("the customers' pages look otherwise")
	}
}

// policyPage: every act stands there in words, in both languages.
func policyPage(t *testing.T, d *server.Demo) {
	b := as(t, d, authz.Teller)
	for _, lang := range []string{"ko", "en"} {
		b.post("/console/settings", "lang", lang, "back", "/console/account")
		p := b.get("/console/policy")
		for _, line := range authz.Policy() {
			if !strings.Contains(p.body, ">"+string(line.Act)+"<") || strings.Contains(p.body, ">act."+string(line.Act)) {
				t.Errorf("%s in %s", line.Act, lang)
			}
		}
	}
}
