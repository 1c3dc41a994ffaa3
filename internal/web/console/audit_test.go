package console_test

import (
	"database/sql"
	"encoding/csv"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/server"
)

func TestAudit(t *testing.T) {
	t.Parallel()
	shared{"filter": auditFilter, "pages": auditPages, "trails": auditTrails, "export": auditExport, "zz check": auditCheck}.run(t)
}

// rows are the acts of a page, as the log's table has them.
var actCell = regexp.MustCompile(`<th scope="row">([^<]*)</th>`)

func (p page) acts() (all []string) {
	for _, m := range actCell.FindAllStringSubmatch(p.body, -1) {
		all = append(all, html.UnescapeString(m[1]))
	}
	return all
}

// auditFilter: each field narrows; what can't be is said beside the field.
func auditFilter(t *testing.T, d *server.Demo) {
	auditor := as(t, d, authz.Auditor)
	as(t, d, authz.Teller).get("/console/staff") // a denial
	for _, tt := range []struct{ query, act string }{
		{"act=staff.login", "Staff log in"}, {"act=staff.view&outcome=denied", "View staff"},
		{"who=" + numbers[authz.Teller] + "&act=staff.view", "View staff"}, {"role=teller", "View staff"},
		{"object=page:GET+/console/staff", ""}, {"from=2020-01-01&to=2020-01-02", ""}, {"from=2020-01-01&role=teller", "View staff"},
	} {
		acts := auditor.get("/console/audit?" + tt.query).acts()
		if tt.act == "" && len(acts) > 0 || tt.act != "" && len(acts) == 0 {
			t.Errorf("%s gives %v", tt.query, acts)
		}
		for _, act := range acts {
			if act != tt.act {
				t.Errorf("%s gives %q", tt.query, act)
			}
		}
	}
	for query, want := range map[string][2]string{
		"from=yesterday": {"(1067)", "from"}, "to=2027-02-30": {"(1067)", "to"}, "who=000000": {"(1068)", "who"},
		"from=2027-03-02&to=2027-03-01": {"(2701)", "to"}, "object=%ED%99%8D%EA%B8%B8%EB%8F%99": {"(2701)", "object"},
		"object=subscriber:900101-1234567": {"(2701)", "object"},
	} {
		auditor.get("/console/audit?"+query).want(t, query, http.StatusOK, "/console/audit?"+query, want[0], `id="`+want[1]+`"`)
	}
	auditor.get("/console/audit?after=nowhere").want(t, "a place that is none", http.StatusOK, "/console/audit?after=nowhere", "(2702)")
}

// auditPages: one after the other, the newest first, none twice.
func auditPages(t *testing.T, d *server.Demo) {
	auditor := as(t, d, authz.Auditor)
	officer := as(t, d, authz.Security)
	for range 60 {
		officer.get("/console/staff")
	}
	place := regexp.MustCompile(`class="quiet code at">([^<]*)<`)
	older := regexp.MustCompile(`href="(/console/audit\?[^"]*after=[^"]*)"`)
	seen, pages := map[string]bool{}, 0
	query := "/console/audit?act=staff.view&who=" + numbers[authz.Security]
	for to := query; to != "" && pages < 10; pages++ {
		p := auditor.get(to)
		found := place.FindAllStringSubmatch(p.body, -1)
		for _, m := range found {
			if seen[m[1]] {
				t.Errorf("%s comes twice", m[1])
			}
			seen[m[1]] = true
		}
		if to = ""; older.MatchString(p.body) {
			to = html.UnescapeString(older.FindStringSubmatch(p.body)[1])
			if u, err := url.Parse(to); err != nil || u.Query().Get("act") != "staff.view" || u.Query().Get("who") != numbers[authz.Security] {
				t.Errorf("the next page forgets the filter: %s", to)
			}
		}
	}
	if len(seen) < 60 || pages < 2 {
		t.Errorf("%d entries on %d pages", len(seen), pages)
	}
}

// auditTrails: from an entry to all that somebody did, and to all about a person.
func auditTrails(t *testing.T, d *server.Demo) {
	auditor := as(t, d, authz.Auditor)
	as(t, d, authz.Supervisor).get("/console/staff")
	id := idOf(t, d, numbers[authz.Supervisor])
	auditor.get("/console/audit?by="+id).want(t, "of a supervisor", http.StatusOK, "/console/audit?by="+id, "박책임", "Only what this one did")
	auditor.get("/console/audit/person/0BADCAFE").want(t, "of nobody", http.StatusOK, "/console/audit/person/0BADCAFE", "감감사", "View the audit log") // this look, and no other
	own := "/console/audit?by=" + idOf(t, d, numbers[authz.Auditor])
	auditor.get(own).want(t, "one's own", http.StatusForbidden, own, "(1061)")
	if found := entries(t, d, authz.ViewAudit, "staff:"+id); len(found) == 0 || found[0].Outcome != audit.Done {
		t.Errorf("the look is not on record: %+v", found)
	}
	if found := entries(t, d, authz.ViewAudit, "subscriber:0BADCAFE"); len(found) != 1 {
		t.Errorf("the look at a person is not on record: %+v", found)
	}
}

// auditExport: a file of what the filter shows, which no program takes for code.
func auditExport(t *testing.T, d *server.Demo) {
	auditor := as(t, d, authz.Auditor)
	p := auditor.get("/console/audit/export.csv?act=staff.login")
	if p.status != http.StatusOK || !strings.HasPrefix(p.header.Get("Content-Type"), "text/csv") ||
		!regexp.MustCompile(`^attachment; filename="ingam-audit-\d{8}-\d{4}\.csv"$`).MatchString(p.header.Get("Content-Disposition")) {
		t.Errorf("status %d, %v", p.status, p.header)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(p.body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) < 2 || rows[1][6] != "staff.login" {
		t.Fatalf("%v: %v", err, rows)
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@|", rune(cell[0])) {
				t.Errorf("a cell begins with %q", cell)
			}
		}
	}
	auditor.get("/console/audit/export.csv?from=never").want(t, "a day that is none", http.StatusBadRequest, "/console/audit/export.csv?from=never", "(1067)")
}

// auditCheck: the chain holds, until somebody writes to the database.
func auditCheck(t *testing.T, d *server.Demo) {
	auditor, operator := as(t, d, authz.Auditor), as(t, d, authz.Operator)
	auditor.get("/console/audit/check").want(t, "before", http.StatusOK, "/console/audit/check", "Verify")
	auditor.post("/console/audit/check").want(t, "whole", http.StatusOK, "/console/audit/check", "Unbroken", "no number is missing")
	if p := auditor.get("/console/audit/check"); strings.Contains(p.body, "Unbroken") {
		t.Error("the result is said twice")
	}
	operator.post("/console/audit/check").want(t, "by an operator", http.StatusOK, "/console/audit/check", "Unbroken")
	auditor.post("/console/audit/check", "place", "made-up").want(t, "a place that was made up", http.StatusOK, "/console/audit/check", "(2703)")

	db, err := sql.Open("sqlite", strings.TrimPrefix(d.Config().Database, "sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), "PRAGMA busy_timeout = 10000; UPDATE audit_entry SET object = 'nothing' WHERE seq = 2 AND lane = 0"); err != nil {
		t.Fatal(err)
	}
	auditor.post("/console/audit/check").want(t, "changed", http.StatusOK, "/console/audit/check", "1 problems", "0/2", "changed after it was sealed")
}
