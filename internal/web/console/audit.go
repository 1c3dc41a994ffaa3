package console

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/pki/seoul"
)

const auditPath = root + "/audit"

// auditRoutes are the auditor's.
func (c *Console) auditRoutes() []Route {
	return []Route{
		{Pattern: "GET /console/audit", Act: authz.ViewAudit, Handle: c.audit},
		{Pattern: "GET /console/audit/person/{subscriber}", Act: authz.ViewAudit, Handle: c.audit},
		{Pattern: "GET /console/audit/export.csv", Act: authz.ExportAudit, Handle: c.exportAudit},
		{Pattern: "GET /console/audit/check", Act: authz.VerifyAudit, Handle: c.auditCheck},
		{Pattern: "POST /console/audit/check", Act: authz.VerifyAudit, Handle: c.checkAudit},
	}
}

// audit is GET /console/audit: what was done, the newest first, and
// GET /console/audit/person/{subscriber}: what was done to one person's things
// and by them.
func (c *Console) audit(w http.ResponseWriter, r *http.Request) {
	f, _, err := c.frame(w, r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	query := r.URL.Query()
	view := pages.Audit{Frame: f, Filter: filterOf(query), Person: r.PathValue("subscriber"), First: query.Get("after") == "", Roles: allRoles()}
	for _, line := range authz.Policy() {
		view.Acts = append(view.Acts, string(line.Act))
	}
	view.Export = strings.TrimSuffix(auditPath+"/export.csv?"+addressOf(view.Filter).Encode(), "?")
	view.Reset = r.URL.Path
	view.Newest = strings.TrimSuffix(view.Reset+"?"+addressOf(view.Filter).Encode(), "?")
	page, err := c.look(r, view.Filter, view.Person, query.Get("after"))
	if err == nil {
		err = c.rows(r, &view, page)
	}
	if err != nil && fault.Of(err).Kind == fault.Invalid { // of the filter: the form stays
		said := kit.SaidOf(r, err, fieldOf(err))
		view.Problem = &pages.Problem{Title: said.Title, Detail: said.Detail, Code: said.Code, Name: said.Name,
			Field: known(said.Field, "from", "to", "act", "outcome", "role", "who", "object")}
		kit.Note(r.Context(), err)
		err = nil
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	c.show(w, r, view)
}

// allRoles are those that stand in the log.
func allRoles() []string {
	all := []string{string(authz.Anonymous), string(authz.Customer), string(authz.CodeHolder), string(authz.Redeemer)}
	for _, role := range authz.Staff {
		all = append(all, string(role))
	}
	return append(all, string(authz.System))
}

// rows shows entries, with the names of those who work here.
func (c *Console) rows(r *http.Request, view *pages.Audit, page audit.Page) error {
	var ids []string
	for _, e := range page.Entries {
		if slices.Contains(authz.Staff, e.Caller.Role) && !slices.Contains(ids, e.Caller.ID) {
			ids = append(ids, e.Caller.ID)
		}
	}
	names, err := c.Accounts.Names(r.Context(), ids)
	if err != nil {
		return err
	}
	for _, e := range page.Entries {
		view.Rows = append(view.Rows, rowOf(e, names))
	}
	view.Stopped = page.Stopped
	if page.Next != nil {
		next := addressOf(view.Filter)
		next.Set("after", page.Next.String())
		view.Next = r.URL.Path + "?" + next.Encode()
	}
	return nil
}

func rowOf(e audit.Entry, names map[string]string) pages.AuditRow {
	row := pages.AuditRow{At: e.At, Role: string(e.Caller.Role), Name: names[e.Caller.ID], ID: e.Caller.ID, Act: string(e.Act), Object: e.Object,
		Outcome: string(e.Outcome), Code: e.Code, Place: fmt.Sprintf("%d/%d", e.Lane, e.Seq), Request: e.Caller.Request}
	if e.Caller.ID != "" {
		row.Trail = auditPath + "?by=" + url.QueryEscape(e.Caller.ID)
		switch e.Caller.Role {
		case authz.Customer, authz.CodeHolder:
			row.Trail = auditPath + "/person/" + url.PathEscape(e.Caller.ID)
		case authz.Anonymous, authz.Redeemer, authz.Teller, authz.Supervisor, authz.Operator, authz.Security, authz.Auditor, authz.System:
		}
	}
	switch sort, id, _ := strings.Cut(e.Object, ":"); {
	case id == "":
	case sort == "subscriber":
		row.Of = auditPath + "/person/" + url.PathEscape(id)
	case sort == "staff":
		row.Of = staffPath + "/" + url.PathEscape(id)
	default:
		row.Of = auditPath + "?object=" + url.QueryEscape(e.Object)
	}
	for _, name := range slices.Sorted(maps.Keys(e.Detail)) {
		row.Details = append(row.Details, pages.Fact{Name: name, Value: e.Detail[name]})
	}
	return row
}

// exportAudit is GET /console/audit/export.csv. What is refused before the first
// row comes as a page; what breaks later breaks the file off, and a browser says
// so.
func (c *Console) exportAudit(w http.ResponseWriter, r *http.Request) {
	q, err := c.queryOf(r, filterOf(r.URL.Query()))
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	out := &download{w: w, name: "ingam-audit-" + c.Now().In(seoul.Zone).Format("20060102-1504") + ".csv"}
	switch _, _, err = c.Trails.Export(r.Context(), caller(r), q, out); {
	case err != nil && !out.begun:
		kit.Fail(w, r, err)
	case err != nil:
		kit.Note(r.Context(), err)
		panic(http.ErrAbortHandler)
	}
}

// download begins a file with its first byte, so that a refusal before can still
// be a page.
type download struct {
	w     http.ResponseWriter
	name  string
	begun bool
}

// Write writes to the browser.
func (d *download) Write(b []byte) (int, error) {
	if !d.begun {
		d.begun = true
		d.w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		d.w.Header().Set("Content-Disposition", `attachment; filename="`+d.name+`"`)
	}
	return d.w.Write(b)
}
