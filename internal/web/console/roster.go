package console

import (
	"context"
	"net/http"
	"strings"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

const staffPath = root + "/staff"

// staffRoutes are those of who says who works here.
func (c *Console) staffRoutes() []Route {
	return []Route{
		{Pattern: "GET /console/staff", Act: authz.ViewStaff, Handle: c.staff},
		{Pattern: "GET /console/staff/new", Act: authz.ManageStaff, Handle: c.newStaff},
		{Pattern: "POST /console/staff/new", Act: authz.ManageStaff, Handle: c.createStaff},
		{Pattern: "GET /console/staff/{id}", Act: authz.ViewStaff, Handle: c.oneOfStaff},
		{Pattern: "POST /console/staff/{id}/change", Act: authz.ManageStaff, Handle: c.changeStaff},
		{Pattern: "POST /console/staff/{id}/disable", Act: authz.ManageStaff, Handle: c.switchStaff((*staff.Service).Disable, "staff-disabled")},
		{Pattern: "POST /console/staff/{id}/enable", Act: authz.ManageStaff, Handle: c.switchStaff((*staff.Service).Enable, "staff-enabled")},
		{Pattern: "POST /console/staff/{id}/sessions", Act: authz.EndStaffSessions, Handle: c.switchStaff((*staff.Service).EndSessions, "staff-sessions-ended")},
		{Pattern: "POST /console/staff/{id}/invite", Act: authz.ManageStaff, Handle: c.inviteStaff},
	}
}

// staffFields are the fields of these pages.
var staffFields = []fieldFaults{
	{"number", []*fault.Fault{staff.ErrTaken}},
	{"code", []*fault.Fault{staff.ErrCode, staff.ErrCodeLocked}},
	{"branch", []*fault.Fault{staff.ErrNoBranch}},
	{"role", []*fault.Fault{staff.ErrRoleGiving, staff.ErrLastOfficer}},
}

// perPage is how many accounts are looked through for one page.
const perPage = 50

// staff is GET /console/staff: by state, or the one with a number.
func (c *Console) staff(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	f, _, err := c.frame(w, r)
	view := pages.Staff{Frame: f, State: known(query.Get("state"), string(staff.Invited), string(staff.Active), string(staff.Disabled)),
		Number: strings.TrimSpace(query.Get("number")), First: !query.Has("after")}
	if err == nil && view.Number != "" {
		var found staff.Account
		if found, err = c.Accounts.ByNumber(r.Context(), caller(r), view.Number); err == nil {
			redirect(w, r, staffPath+"/"+found.ID)
			return
		}
		if fault.Of(err).Kind == fault.NotFound {
			p := kit.SaidOf(r, err, "number")
			view.Problem, err = &pages.Problem{Title: p.Title, Detail: p.Detail, Code: p.Code, Name: p.Name, Field: p.Field}, nil
		}
	}
	if err == nil {
		err = c.listStaff(r, query.Get("after"), &view)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	c.show(w, r, view)
}

func (c *Console) listStaff(r *http.Request, after string, view *pages.Staff) error {
	found, err := c.Accounts.List(r.Context(), caller(r), after, perPage+1)
	if err != nil {
		return err
	}
	if len(found) > perPage {
		found = found[:perPage]
		view.Next = found[perPage-1].Number
	}
	view.Looked = len(found)
	for _, a := range found {
		if view.State == "" || view.State == string(a.State) {
			view.Rows = append(view.Rows, c.shownAccount(a, view.Lang))
		}
	}
	return nil
}

func (c *Console) shownAccount(a staff.Account, lang string) pages.StaffAccount {
	return pages.StaffAccount{ID: a.ID, Number: a.Number, Name: a.Name, Role: string(a.Role), Branch: a.Branch, BranchName: c.branchName(a.Branch, lang),
		State: string(a.State), Subscriber: a.SubscriberID, CreatedAt: a.CreatedAt, UpdatedAt: a.UpdatedAt, LastLogin: a.LastLogin}
}

// newStaff is GET /console/staff/new.
func (c *Console) newStaff(w http.ResponseWriter, r *http.Request) {
	f, said, err := c.frame(w, r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	form := pages.StaffForm{Number: said.Typed["number"], Name: said.Typed["name"], Role: said.Typed["role"], Branch: said.Typed["branch"]}
	c.show(w, r, pages.StaffNew{Frame: f, Form: c.choices(form, f.Lang)})
}

// choices gives a form the roles and branches that there are.
func (c *Console) choices(form pages.StaffForm, lang string) pages.StaffForm {
	for _, role := range authz.Staff {
		form.Roles = append(form.Roles, string(role))
	}
	if c.Branches != nil {
		for _, b := range c.Branches.All() {
			form.Branches = append(form.Branches, pages.Option{Value: b.Number, Text: b.Name.In(lang)})
		}
	}
	return form
}

// createStaff is POST /console/staff/new. The code goes to the account's page,
// which shows it once.
func (c *Console) createStaff(w http.ResponseWriter, r *http.Request) {
	form, err := kit.ReadForm(r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	var made staff.Account
	var code string
	if err = filled(form, "number", "name", "role"); err == nil {
		role := authz.Role(form.Get("role"))
		made, code, err = c.Accounts.Create(r.Context(), caller(r), staff.New{
			Number: form.Get("number"), Name: form.Get("name"), Role: role, Branch: branchOf(form, role)})
	}
	if err != nil {
		c.refuse(w, r, staffPath+"/new", err, form, "number", "name", "role", "branch")
		return
	}
	c.sayings().Say(w, r, staffPath+"/"+made.ID, kit.Saying{Notice: "staff-created", Secret: code})
}

// branchOf is the branch of a form; a role at headquarters has none, whatever
// was left chosen.
func branchOf(form kit.Form, role authz.Role) string {
	if !staff.AtBranch(role) {
		return ""
	}
	return strings.TrimSpace(form.Get("branch"))
}

// oneOfStaff is GET /console/staff/{id}.
func (c *Console) oneOfStaff(w http.ResponseWriter, r *http.Request) {
	f, said, err := c.frame(w, r)
	var a staff.Account
	if err == nil {
		a, err = c.Accounts.View(r.Context(), caller(r), r.PathValue("id"))
	}
	var names map[string]string
	if err == nil {
		names, err = c.Accounts.Names(r.Context(), []string{a.CreatedBy})
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	view := pages.StaffOne{Frame: f, Account: c.shownAccount(a, f.Lang), Maker: a.CreatedBy, Self: a.ID == me(r).ID, Code: said.Secret}
	if name := names[a.CreatedBy]; name != "" {
		view.Maker = name
	}
	view.Form = pages.StaffForm{Name: a.Name, Role: string(a.Role), Branch: a.Branch, Subscriber: a.SubscriberID}
	if said.Problem != nil && said.Typed != nil {
		view.Form = pages.StaffForm{Name: said.Typed["name"], Role: said.Typed["role"], Branch: said.Typed["branch"], Subscriber: said.Typed["customer"]}
	}
	view.Form = c.choices(view.Form, f.Lang)
	c.show(w, r, view)
}

// changeStaff is POST /console/staff/{id}/change.
func (c *Console) changeStaff(w http.ResponseWriter, r *http.Request) {
	form, err := kit.ReadForm(r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	id := r.PathValue("id")
	to := staffPage(id)
	if err = filled(form, "name", "role"); err == nil {
		role := authz.Role(form.Get("role"))
		_, err = c.Accounts.Change(r.Context(), caller(r), id, staff.Change{
			Name: form.Get("name"), Role: role, Branch: branchOf(form, role), SubscriberID: strings.TrimSpace(form.Get("customer"))})
	}
	if err != nil {
		c.refuse(w, r, to, err, form, "name", "role", "branch", "customer")
		return
	}
	c.notice(w, r, to, "staff-changed")
}

// switchStaff does one act on an account that takes nothing but the account.
func (c *Console) switchStaff(act func(*staff.Service, context.Context, authz.Caller, string) error, done string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		form, err := kit.ReadForm(r)
		if err != nil {
			kit.Fail(w, r, err)
			return
		}
		id := r.PathValue("id")
		if err := act(c.Accounts, r.Context(), caller(r), id); err != nil {
			c.refuse(w, r, staffPage(id), err, form)
			return
		}
		c.notice(w, r, staffPage(id), done)
	}
}

// inviteStaff is POST /console/staff/{id}/invite.
func (c *Console) inviteStaff(w http.ResponseWriter, r *http.Request) {
	form, err := kit.ReadForm(r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	id := r.PathValue("id")
	code, err := c.Accounts.Invite(r.Context(), caller(r), id)
	if err != nil {
		c.refuse(w, r, staffPage(id), err, form)
		return
	}
	c.sayings().Say(w, r, staffPage(id), kit.Saying{Notice: "staff-invited", Secret: code})
}

// staffPage is the page of an account; of one that can't be, the list.
func staffPage(id string) string {
	if to := localPath(staffPath + "/" + id); to != "" && !strings.ContainsAny(id, "/?#%") {
		return to
	}
	return staffPath
}
