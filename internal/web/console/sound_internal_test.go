package console

import (
	"testing"

	"github.com/ingam-pki/ingam/internal/control/authz"
)

// TestSound: a route that the table of rights can't judge is none.
func TestSound(t *testing.T) {
	t.Parallel()
	for what, route := range map[string]Route{
		"an act that nobody has": {Pattern: "GET /console/x", Act: "case.invent"},
		"no act":                 {Pattern: "POST /console/x"},
		"no method and no act":   {Pattern: "/console/x"},
		"open, and for an act":   {Pattern: "POST /console/x", Act: authz.ViewStaff, Open: true},
	} {
		if sound([]Route{{Pattern: "GET /console/y", Act: authz.ViewStaff}, route}) == nil {
			t.Errorf("%s: taken", what)
		}
	}
	if err := sound([]Route{{Pattern: "GET /console/x"}, {Pattern: "POST /console/x", Open: true}, {Pattern: "POST /console/y", Act: authz.ManageStaff}}); err != nil {
		t.Error(err)
	}
}

func TestLocalPath(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/console/queue": "/console/queue", "/console": "/console", "/console/": "/console", "/console/a/../staff": "/console/staff",
		"/console/../": "", "/": "", "/certificates": "", "/consoles": "", "//elsewhere/console": "", "https://elsewhere/console": "",
		"/console/login": "", "/console/login/return": "", "/console/logout": "", "/console/activate": "", "/console/settings": "",
		"/console/\\elsewhere": "", "/console/%5celsewhere": "", "/console/queue?x=//elsewhere": "/console/queue", "console": "", "": "",
	} {
		if got := localPath(path); got != want {
			t.Errorf("%q gives %q, want %q", path, got, want)
		}
	}
	for back, want := range map[string]string{
		"/console/login?next=%2Fconsole%2Fstaff": "/console/login?next=/console/staff", "/console/login?next=//elsewhere": "/console/login",
		"/console/activate": "/console/activate", "/console/login?%zz": "/console/login", "/verify": "/console", "": "/console",
	} {
		if got := settledAt(back); got != want {
			t.Errorf("back to %q is %q, want %q", back, got, want)
		}
	}
}
