package portal

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
	"github.com/ingam-pki/ingam/pki/npki"
)

// lost is GET /lost. Who is logged in sees what would be suspended.
func (p *Portal) lost(w http.ResponseWriter, r *http.Request) {
	f, _, err := p.frame(w, r)
	view := pages.Lost{Frame: f}
	var records []ca.Record
	if err == nil && f.Visitor != nil {
		records, err = p.records(r)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	for _, c := range records {
		if c.StateAt(p.Now()) == ca.Valid {
			view.Certificates = append(view.Certificates, p.brief(r, c, f.Visitor.Name))
		}
	}
	p.show(w, r, view)
}

// reportLoss is POST /lost: of all that is the visitor's, or by an emergency
// code of all that is its owner's, whoever that is. Nothing is said of them but
// the kinds of what was suspended.
func (p *Portal) reportLoss(w http.ResponseWriter, r *http.Request) {
	form, err := kit.ReadForm(r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	caller := p.Sessions.Caller(r.Context())
	var loss lifecycle.Loss
	switch {
	case form.Get("all") == "yes" && p.Sessions.Subscriber(r.Context()) == "":
		redirect(w, r, loginFor("/lost")) // the session ended meanwhile
		return
	case form.Get("all") == "yes":
		loss, err = p.Lifecycle.Lost(r.Context(), caller, caller.ID)
	default:
		loss, err = p.lostByCode(r, form)
	}
	if err != nil {
		p.refuse(w, r, "/lost", err, kit.Form{})
		return
	}
	p.say(w, r, "/lost/done", kit.Saying{Typed: map[string]string{
		"now": kindNames(loss.Suspended), "before": kindNames(loss.Before), "at": strconv.FormatInt(loss.At.Unix(), 10),
		"until": strconv.FormatInt(loss.Until.Unix(), 10), "stopped": strconv.Itoa(loss.Stopped + loss.Begun),
	}})
}

// lostByCode is for anybody, logged in or not: the code may be of somebody else
// whom they help. As with a login, a line has a limit besides the lock-out.
func (p *Portal) lostByCode(r *http.Request, form kit.Form) (lifecycle.Loss, error) {
	if err := filled(form, "code"); err != nil {
		return lifecycle.Loss{}, err
	}
	if wait := p.LoginLimit.Take(kit.Address(r.Context())); wait > 0 {
		return lifecycle.Loss{}, kit.ErrTooMany.With(nil).After(wait)
	}
	anonymous := authz.Caller{Role: authz.Anonymous, Request: kit.RequestID(r.Context())}
	return p.Lifecycle.LostByCode(r.Context(), anonymous, kit.Network(r.Context()), form.Get("code"))
}

func kindNames(kinds []npki.Kind) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return strings.Join(names, " ")
}

// lostDone is GET /lost/done, once: what came of a report. Asked again it leads
// back to where one reports.
func (p *Portal) lostDone(w http.ResponseWriter, r *http.Request) {
	f, said, err := p.frame(w, r)
	if err == nil && said.Typed["at"] == "" {
		redirect(w, r, "/lost")
		return
	}
	view := pages.LostDone{Frame: f, Kinds: strings.Fields(said.Typed["now"]), Reissue: "/certificates"}
	if view.Already = len(view.Kinds) == 0; view.Already {
		view.Kinds = strings.Fields(said.Typed["before"])
	}
	if until, bad := strconv.ParseInt(said.Typed["until"], 10, 64); bad == nil && !view.Already {
		view.Until = time.Unix(until, 0).UTC()
	}
	view.Stopped = said.Typed["stopped"] != "0"
	if err == nil && f.Visitor != nil {
		view.Reissue, err = p.reissuePath(r)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	p.show(w, r, view)
}

// reissuePath leads to the reissue of the one certificate that is suspended, or
// to the list when there are several.
func (p *Portal) reissuePath(r *http.Request) (string, error) {
	records, err := p.records(r)
	path, found := "/certificates", 0
	for _, c := range records {
		state := c.StateAt(p.Now())
		if (state == ca.Suspended || state == ca.Held) && lifecycle.MayReissue(c, p.Now()) == nil {
			path, found = certificatePath(c.Serial)+"/reissue", found+1
		}
	}
	if found != 1 {
		path = "/certificates"
	}
	return path, err
}
