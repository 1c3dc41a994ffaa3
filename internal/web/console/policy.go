package console

import (
	"net/http"
	"slices"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

// policyRoutes has the page of who may do what, for everybody who works here.
func (c *Console) policyRoutes() []Route {
	return []Route{{Pattern: "GET /console/policy", Handle: c.policy}}
}

// policy is GET /console/policy: the table of authz in words.
func (c *Console) policy(w http.ResponseWriter, r *http.Request) {
	f, _, err := c.frame(w, r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	c.show(w, r, Rights(f))
}

// Rights is the page of the table of authz.
func Rights(f pages.Frame) pages.Rights {
	view := pages.Rights{Frame: f}
	for _, role := range authz.Staff {
		view.Roles = append(view.Roles, string(role))
	}
	for _, line := range authz.Policy() {
		shown := pages.RightsLine{Act: string(line.Act), Grants: map[string]string{}}
		for _, g := range line.Grants {
			if slices.Contains(authz.Staff, g.Role) {
				shown.Grants[string(g.Role)] = g.Condition.In(f.Lang)
			} else {
				shown.Others = append(shown.Others, pages.Grant{Role: string(g.Role), Condition: g.Condition.In(f.Lang)})
			}
		}
		view.Lines = append(view.Lines, shown)
	}
	return view
}
