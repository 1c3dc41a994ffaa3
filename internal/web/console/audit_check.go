package console

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

const (
	checkPath   = auditPath + "/check"
	checkKey    = "audit-check" // what a check found, until its page is shown
	maxFindings = 20            // that a page names
	// slicesAtOnce bounds how long a browser waits for one answer.
	slicesAtOnce = 10
)

// auditCheck is GET /console/audit/check: what the check that has just ended
// found, this one time, and the button to begin one.
func (c *Console) auditCheck(w http.ResponseWriter, r *http.Request) {
	f, _, err := c.frame(w, r)
	var kept []byte
	if err == nil {
		kept, err = c.Sessions.Take(r.Context(), checkKey)
	}
	view := pages.AuditCheck{Frame: f}
	if err == nil && kept != nil {
		var report audit.Report
		err = json.Unmarshal(kept, &report)
		view = checkOf(f, report)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	c.show(w, r, view)
}

func checkOf(f pages.Frame, report audit.Report) pages.AuditCheck {
	s := report.Summary
	view := pages.AuditCheck{Frame: f, Begun: true, Done: report.Done, Place: report.Place, All: report.All,
		Lanes: s.Lanes, Entries: s.Entries, Problems: s.Problems, From: s.From, To: s.To}
	for _, p := range report.Problems[:min(len(report.Problems), maxFindings)] {
		view.Findings = append(view.Findings, pages.Finding{Flaw: string(p.Flaw), Place: fmt.Sprintf("%d/%d", p.Lane, p.Seq)})
	}
	return view
}

// checkAudit is POST /console/audit/check: some slices more, from where the page
// before ended. While there are more it answers with a page and no redirection:
// the place to go on from is too large to be kept, and doing it twice changes
// nothing.
func (c *Console) checkAudit(w http.ResponseWriter, r *http.Request) {
	form, err := kit.ReadForm(r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	report := audit.Report{Place: form.Get("place")}
	for n := 0; err == nil && n < slicesAtOnce && !report.Done; n++ {
		report, err = c.Trails.Check(r.Context(), caller(r), report.Place)
	}
	if err != nil {
		c.refuse(w, r, checkPath, err, form)
		return
	}
	f, _, err := c.frame(w, r)
	if err == nil && !report.Done {
		c.show(w, r, checkOf(f, report))
		return
	}
	report.Problems = report.Problems[:min(len(report.Problems), maxFindings)]
	for i := range report.Problems {
		report.Problems[i].Text = "" // the page has words of its own
	}
	var kept []byte
	if err == nil {
		kept, err = json.Marshal(report)
	}
	if err == nil {
		err = c.Sessions.Put(r.Context(), checkKey, kept)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	redirect(w, r, checkPath)
}
