package gallery

import (
	"fmt"
	"time"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
)

func accounts(n int) []pages.StaffAccount {
	names := []string{"김창구", "이접수", "박책임", "최승인", "오운영", "안보안", "감감사", longName}
	states := []string{"active", "active", "active", "invited", "active", "disabled"}
	var all []pages.StaffAccount
	for i := range n {
		role := authz.Staff[i%len(authz.Staff)]
		a := pages.StaffAccount{ID: fmt.Sprintf("GALLERYSTAFF%014d", i), Number: fmt.Sprint(240100 + i), Name: names[i%len(names)], Role: string(role),
			State: states[i%len(states)], CreatedAt: now.AddDate(0, -2, -i), UpdatedAt: now}
		if staff.AtBranch(role) {
			a.Branch, a.BranchName = "012", "을지로지점"
		}
		if a.State != "invited" {
			a.LastLogin = now.Add(-time.Duration(i) * 7 * time.Hour)
		}
		all = append(all, a)
	}
	return all
}

func formOf(a pages.StaffAccount) pages.StaffForm {
	f := pages.StaffForm{Number: a.Number, Name: a.Name, Role: a.Role, Branch: a.Branch,
		Branches: []pages.Option{{Value: "012", Text: "을지로지점"}, {Value: "101", Text: "해운대지점"}}}
	for _, role := range authz.Staff {
		f.Roles = append(f.Roles, string(role))
	}
	return f
}

func staffScenes() []scene {
	list := func(n int, v pages.Staff) func(f pages.Frame) pages.View {
		return func(f pages.Frame) pages.View {
			v.Frame = as(f, authz.Security)
			v.Path, v.Rows, v.Looked = "/console/staff", accounts(n), max(n, v.Looked)
			return v
		}
	}
	one := func(change func(v *pages.StaffOne)) func(f pages.Frame) pages.View {
		return func(f pages.Frame) pages.View {
			v := pages.StaffOne{Frame: as(f, authz.Security), Account: accounts(1)[0], Maker: "안보안"}
			if change != nil {
				change(&v)
			}
			v.Form = formOf(v.Account)
			return v
		}
	}
	blank := func(f pages.Frame) pages.View {
		return pages.StaffNew{Frame: as(f, authz.Security), Form: formOf(pages.StaffAccount{})}
	}
	typed := func(f pages.Frame) pages.View {
		return pages.StaffNew{Frame: as(f, authz.Operator), Form: formOf(accounts(1)[0])}
	}
	return []scene{
		{"staff", "plain", "a short list", list(9, pages.Staff{First: true})},
		{"staff", "full", "a page of fifty", list(50, pages.Staff{Next: "240149"})},
		{"staff", "none", "nobody in that state", list(0, pages.Staff{First: true, State: "disabled", Looked: 9})},
		{"staff", "auditor", "as an auditor sees it", func(f pages.Frame) pages.View {
			return pages.Staff{Frame: as(f, authz.Auditor), First: true, Rows: accounts(7), Looked: 7}
		}},
		refused("staff", "unknown", "no such number", staff.ErrNoAccount.With(nil), "number", list(9, pages.Staff{First: true, Number: "999999"})),
		{"staff-new", "plain", "the form", blank},
		refused("staff-new", "taken", "the number is taken", staff.ErrTaken.With(nil), "number", typed),
		refused("staff-new", "no-branch", "no such branch", staff.ErrNoBranch.With(nil, "branch", "999"), "branch", typed),
		refused("staff-new", "role", "a role that is not theirs to give", staff.ErrRoleGiving.With(nil), "role", typed),
		{"staff-one", "plain", "an active account", one(nil)},
		{"staff-one", "code", "a new code, this once", one(func(v *pages.StaffOne) {
			v.Account.State, v.Account.LastLogin = "invited", time.Time{}
			v.Code, v.Notice = "ABCD-EFGH-JKLM-NPQR", "staff-created"
		})},
		{"staff-one", "disabled", "a disabled account", one(func(v *pages.StaffOne) { v.Account.State = "disabled" })},
		{"staff-one", "self", "one's own", one(func(v *pages.StaffOne) { v.Self = true })},
		{"staff-one", "auditor", "as an auditor sees it", one(func(v *pages.StaffOne) { v.Frame = as(v.Frame, authz.Auditor) })},
		{"staff-one", "long-name", "a long name", one(func(v *pages.StaffOne) { v.Account.Name = longName })},
		refused("staff-one", "last", "the last officer", staff.ErrLastOfficer.With(nil), "role", one(nil)),
	}
}
