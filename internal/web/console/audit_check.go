package console

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

const (
	checkPath   = auditPath + "/check"
	checkKey    = "audit-check" // what a check found, until its page is shown
	maxFindings = 10            // that a page shows
	// slicesAtOnce bounds how long a browser waits for one answer.
	slicesAtOnce = 10
)

// checked is what is kept of a check between its request and its page.
type checked struct {
	Report   audit.Report
	Findings []string // "changed 2/118", the first ones
}

// auditCheck is GET /console/audit/check: what the last check found, this one
// time, and the button to begin one or to go on with it.
func (c *Console) auditCheck(w http.ResponseWriter, r *http.Request) {
	f, _, err := c.frame(w, r)
	var kept []byte
	if err == nil {
		kept, err = c.Sessions.Take(r.Context(), checkKey)
	}
	view := pages.AuditCheck{Frame: f}
	if err == nil && kept != nil {
		var found checked
		err = json.Unmarshal(kept, &found)
		s := found.Report.Summary
		view.Begun, view.Done, view.Place, view.All = true, found.Report.Done, found.Report.Place, found.Report.All
		view.Lanes, view.Entries, view.Problems, view.From, view.To = s.Lanes, s.Entries, s.Problems, s.From, s.To
		for _, line := range found.Findings {
			flaw, place, _ := strings.Cut(line, " ")
			view.Findings = append(view.Findings, pages.Finding{Flaw: flaw, Place: place})
		}
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	c.show(w, r, view)
}

// checkAudit is POST /console/audit/check: some slices more, from where the page
// before ended.
func (c *Console) checkAudit(w http.ResponseWriter, r *http.Request) {
	form, err := kit.ReadForm(r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	found := checked{Report: audit.Report{Place: form.Get("place")}, Findings: findingsOf(form.All("finding"))}
	for n := 0; err == nil && n < slicesAtOnce && !found.Report.Done; n++ {
		found.Report, err = c.Trails.Check(r.Context(), caller(r), found.Report.Place)
		for _, p := range found.Report.Problems {
			if len(found.Findings) < maxFindings {
				found.Findings = append(found.Findings, fmt.Sprintf("%s %d/%d", p.Flaw, p.Lane, p.Seq))
			}
		}
		found.Report.Problems = nil
	}
	var kept []byte
	if err == nil {
		kept, err = json.Marshal(found)
	}
	if err == nil {
		err = c.Sessions.Put(r.Context(), checkKey, kept)
	}
	if err != nil {
		c.refuse(w, r, checkPath, err, form)
		return
	}
	redirect(w, r, checkPath)
}

var findingForm = regexp.MustCompile(`^(gap|changed|broken|stray|wrong-head|rolled-back) [0-9]{1,4}/-?[0-9]{1,19}$`)

// findingsOf takes back what the page before showed.
func findingsOf(lines []string) (found []string) {
	for _, line := range lines {
		if len(found) < maxFindings && findingForm.MatchString(line) {
			found = append(found, line)
		}
	}
	return found
}
