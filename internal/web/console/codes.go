package console

import (
	"net/http"
	"time"

	"github.com/ingam-pki/ingam/internal/registration/redeem"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

const (
	slipCookie = "ingam_staff_slip"
	// slipLasts is how long what was handed out can be printed again in the
	// browser that did it. Nothing else keeps it.
	slipLasts = 10 * time.Minute
)

// handOut is POST /console/cases/{id}/codes.
func (c *Console) handOut(w http.ResponseWriter, r *http.Request) {
	id, form, err := acting(r, kit.ReadForm)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	slip, err := c.Desk.Counter.HandOut(r.Context(), caller(r), id, redeem.Way(form.Get("by")))
	if err == nil {
		err = c.keep(w, r, slipCookie, casePath(id), slipLasts, slip)
	}
	if err != nil {
		c.turnedDown(w, r, id, "", err, form)
		return
	}
	redirect(w, r, casePath(id)+"/codes")
}

// slipOf is what was handed out for a case in this browser just now; false when
// that is too long ago.
func (c *Console) slipOf(r *http.Request, id string) (redeem.Slip, bool) {
	var slip redeem.Slip
	ok := c.keptFor(r, slipCookie, casePath(id), &slip)
	return slip, ok && c.Now().Before(slip.Until)
}

// codes is GET /console/cases/{id}/codes: what was handed out, to be printed.
func (c *Console) codes(w http.ResponseWriter, r *http.Request) {
	id, err := caseOf(r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	slip, ok := c.slipOf(r, id)
	if !ok {
		c.notice(w, r, casePath(id), "codes-gone")
		return
	}
	sheet, err := c.Desk.Counter.Sheet(r.Context(), caller(r), id)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	f, _, err := c.frame(w, r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	view := pages.Slip{Frame: f, ID: id, Person: c.person(r, f.Lang, sheet.Subscriber, false), Kind: string(sheet.Case.Kind), Act: string(sheet.Case.Act),
		Reference: slip.Reference, Code: slip.Code, Phone: slip.Phone, Until: slip.Until}
	view.Address = c.Desk.Portal() + "/redeem#ref=" + digitsOf(slip.Reference)
	if c.Desk.QR != nil {
		if view.QR, err = c.Desk.QR(view.Address); err != nil {
			kit.Fail(w, r, err)
			return
		}
	}
	c.show(w, r, view)
}
