package gallery

import (
	"fmt"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
)

func entries(n int) []pages.AuditRow {
	const person, teller = "GALLERYPERSON00000000000AA", "GALLERYSTAFF00000000000000"
	sorts := []pages.AuditRow{
		{Role: "teller", Name: "김창구", ID: teller, Trail: "/console/audit?by=" + teller, Act: "customer.view", Object: "subscriber:" + person,
			Of: "/console/audit/person/" + person, Outcome: "done", Details: []pages.Fact{{Name: "why", Value: "visit"}}},
		{Role: "customer", ID: person, Trail: "/console/audit/person/" + person, Act: "certificate.issue", Object: "certificate:5c3a91e07f24", Outcome: "done",
			Of: "/console/audit?object=certificate%3A5c3a91e07f24", Details: []pages.Fact{{Name: "kind", Value: "personal-bank"}, {Name: "sha256", Value: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}}},
		{Role: "supervisor", Name: longName, ID: teller, Trail: "/console/audit?by=" + teller, Act: "case.decide", Object: "case:GALLERYCASE000000000000AA", Outcome: "denied", Code: 1062,
			Of: "/console/audit?object=case%3AGALLERYCASE000000000000AA"},
		{Role: "anonymous", Act: "staff.login", Object: "staff", Outcome: "refused", Code: 7033},
		{Role: "system", ID: "publisher", Trail: "/console/audit?by=publisher", Act: "crl.issue", Object: "crl:118", Outcome: "done"},
	}
	var all []pages.AuditRow
	for i := range n {
		row := sorts[i%len(sorts)]
		row.At, row.Place = now.Add(-time.Duration(i)*113*time.Second), fmt.Sprintf("%d/%d", i%4, 9184-i/4)
		all = append(all, row)
	}
	return all
}

func auditScenes() []scene {
	log := func(n int, v pages.Audit) func(f pages.Frame) pages.View {
		return func(f pages.Frame) pages.View {
			v.Frame = as(f, authz.Auditor)
			v.Path, v.Rows, v.Reset, v.Newest, v.Export = "/console/audit", entries(n), "/console/audit", "/console/audit", "/console/audit/export.csv"
			for _, line := range authz.Policy() {
				v.Acts = append(v.Acts, string(line.Act))
			}
			for _, role := range authz.Staff {
				v.Roles = append(v.Roles, string(role))
			}
			return v
		}
	}
	check := func(v pages.AuditCheck) func(f pages.Frame) pages.View {
		return func(f pages.Frame) pages.View {
			v.Frame = as(f, authz.Auditor)
			v.Begun = v.Entries > 0
			v.Lanes, v.From, v.To = 4, now.AddDate(-1, 0, 0), now
			return v
		}
	}
	var flaws []pages.Finding
	for i, flaw := range []audit.Flaw{audit.Gap, audit.Changed, audit.Broken, audit.Stray, audit.WrongHead, audit.RolledBack} {
		flaws = append(flaws, pages.Finding{Flaw: string(flaw), Place: fmt.Sprintf("%d/%d", i%4, 118+i)})
	}
	day := "2027-03-14"
	return []scene{
		{"audit", "plain", "the newest entries", log(12, pages.Audit{First: true, Next: "/console/audit?after=x"})},
		{"audit", "full", "a page of fifty, not the first", log(50, pages.Audit{Next: "/console/audit?after=x"})},
		{"audit", "filtered", "denials of a day", log(3, pages.Audit{First: true, Filter: pages.AuditFilter{From: day, To: day, Outcome: "denied", Role: "supervisor"}})},
		{"audit", "by", "one teller's trail", log(8, pages.Audit{First: true, Filter: pages.AuditFilter{By: "GALLERYSTAFF00000000000000"}})},
		{"audit", "person", "one person's trail", log(8, pages.Audit{First: true, Person: "GALLERYPERSON00000000000AA"})},
		{"audit", "none", "nothing fits", log(0, pages.Audit{First: true, Filter: pages.AuditFilter{From: day}})},
		{"audit", "stopped", "so many entries that it stopped", log(0, pages.Audit{Stopped: true, Next: "/console/audit?after=x", Filter: pages.AuditFilter{Outcome: "denied"}})},
		refused("audit", "wrong", "an object that is none", audit.ErrQuery.With(nil, "field", "object"), "object", log(0, pages.Audit{First: true, Filter: pages.AuditFilter{Object: "900101"}})),
		{"audit-check", "plain", "before", check(pages.AuditCheck{})},
		{"audit-check", "whole", "unbroken", check(pages.AuditCheck{Done: true, Entries: 36733})},
		{"audit-check", "going", "a long log, half way", check(pages.AuditCheck{Entries: 500000, All: 1200000, Place: "x"})},
		{"audit-check", "broken", "six problems", check(pages.AuditCheck{Done: true, Entries: 36733, Problems: 6, Findings: flaws})},
	}
}
