package console

import (
	"bytes"
	"fmt"
	"net/http"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/control/staff"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

// permissions are what pages may ask the browser for: the camera for papers,
// and passkeys.
const permissions = "camera=(self), publickey-credentials-get=(self), publickey-credentials-create=(self), " +
	"accelerometer=(), browsing-topics=(), display-capture=(), encrypted-media=(), " +
	"fullscreen=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), local-fonts=(), magnetometer=(), " +
	"microphone=(), midi=(), payment=(), picture-in-picture=(), screen-wake-lock=(), serial=(), storage-access=(), " +
	"usb=(), window-management=(), xr-spatial-tracking=()"

func setHeaders(h http.Header) { kit.PageHeaders(h, pages.Policy, permissions) }

// bare is the frame without anybody in it.
func (c *Console) bare(r *http.Request) pages.Frame {
	f := pages.Frame{Lang: kit.Language(r), Path: r.URL.Path, Now: c.Now(), Bank: c.Bank, Look: kit.Look(r)}
	if c.Ahead != nil {
		f.Ahead = c.Ahead()
	}
	f.Demo = c.Demo != nil
	if f.Demo && c.Demo.Desk != "" {
		f.DemoDesk = c.Demo.Desk + "?lang=" + f.Lang
	}
	return f
}

// frame is the frame with who is logged in, how long their queues are, and what
// was said to this page by the request before.
func (c *Console) frame(w http.ResponseWriter, r *http.Request) (pages.Frame, kit.Saying, error) {
	f := c.bare(r)
	if who := me(r); who.ID != "" {
		f.Me = c.shown(who, visitOf(r).early, f.Lang)
		f.IdleSeconds = int(kit.SessionIdle.Seconds())
		if c.Counts != nil && authz.May(who.Role, authz.ViewQueue) && !visitOf(r).early {
			var err error
			if f.Counts, f.Revision, err = c.Counts(r.Context(), caller(r)); err != nil {
				return f, kit.Saying{}, fmt.Errorf("counting queues: %w", err)
			}
		}
	}
	said := c.sayings().Heard(w, r)
	f.Notice = said.Notice
	if p := said.Problem; p != nil {
		f.Problem = &pages.Problem{Title: p.Title, Detail: p.Detail, Code: p.Code, Name: p.Name, Field: p.Field}
	}
	return f, said, nil
}

// shown is who is logged in, as pages show it. One who has no way yet to come
// in again is offered nothing.
func (c *Console) shown(who staff.Account, early bool, lang string) *pages.Me {
	m := &pages.Me{Name: who.Name, Number: who.Number, Role: string(who.Role), Branch: who.Branch,
		BranchName: c.branchName(who.Branch, lang), May: map[string]bool{}}
	if early {
		return m
	}
	for _, line := range authz.Policy() {
		if authz.May(who.Role, line.Act) {
			m.May[string(line.Act)] = true
		}
	}
	return m
}

// branchName is a branch as pages name it: its number when nobody knows more.
func (c *Console) branchName(number, lang string) string {
	if number != "" && c.Branches != nil {
		if name := c.Branches.Name(number).In(lang); name != "" {
			return name
		}
	}
	return number
}

// show answers with a page.
func (c *Console) show(w http.ResponseWriter, r *http.Request, v pages.View) {
	c.showAs(w, r, http.StatusOK, v)
}

func (c *Console) showAs(w http.ResponseWriter, r *http.Request, status int, v pages.View) {
	var page bytes.Buffer
	if err := c.pages.Render(&page, v); err != nil {
		kit.Fail(w, r, fmt.Errorf("showing a page: %w", err))
		return
	}
	w.Header().Set("Content-Language", kit.Language(r))
	kit.WritePage(w, r, status, page.Bytes())
}

// Refuse shows a refusal as a page: kit.FaceConfig.Page. It asks no store who is
// logged in: what is refused may be just that, or come before it is known.
func (c *Console) Refuse(w http.ResponseWriter, r *http.Request, problem kit.Problem) bool {
	if !wantsPage(r) {
		return false
	}
	setHeaders(w.Header())
	f := c.bare(r)
	if who := me(r); who.ID != "" {
		f.Me = c.shown(who, visitOf(r).early, f.Lang)
	}
	f.Problem = &pages.Problem{Title: problem.Title, Detail: problem.Detail, Code: problem.Code, Name: problem.Name}
	if r.Method != http.MethodGet || problem.Status == http.StatusNotFound {
		f.Path = root // where the choice of a language leads
	}
	var page bytes.Buffer
	if err := c.pages.Render(&page, pages.Failure{Frame: f, Status: problem.Status}); err != nil {
		return false
	}
	kit.WritePage(w, r, problem.Status, page.Bytes())
	return true
}

// sayingCookie carries what one request says to the page that it leads to.
const sayingCookie = "ingam_staff_said"

func (c *Console) sayings() kit.Sayings {
	return kit.Sayings{Cookie: sayingCookie, Sealer: c.Sealer, HTTPS: c.HTTPS, Now: c.Now,
		Listener: func(r *http.Request) string { return me(r).ID }}
}

// notice leads to a page and says there what was done.
func (c *Console) notice(w http.ResponseWriter, r *http.Request, to, key string) {
	c.sayings().Say(w, r, to, kit.Saying{Notice: key})
}

// refuse leads back to the page of a form: it says why, and keeps what was
// typed in the fields named; never a secret or an identity number.
func (c *Console) refuse(w http.ResponseWriter, r *http.Request, to string, err error, form kit.Form, keep ...string) {
	typed := make(map[string]string, len(keep))
	for _, name := range keep {
		typed[name] = form.Get(name)
	}
	kit.Note(r.Context(), err)
	c.sayings().Say(w, r, to, kit.Saying{Typed: typed, Problem: kit.SaidOf(r, err, fieldOf(err))})
}
