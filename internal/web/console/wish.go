package console

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// wishFields are those of the form that are shown again after a refusal.
var wishFields = []string{"kind", "visitor", "visitorName", "reason", "since", "why"}

// reasons are those that a teller chooses from for a revocation.
var reasons = []ca.Reason{ca.Unspecified, ca.KeyCompromise, ca.AffiliationChanged, ca.Cessation, ca.PrivilegeWithdrawn}

// wishPath is the page of an act that is to be begun.
func wishPath(number, act, serial string) string {
	query := url.Values{"act": {act}}
	if serial != "" {
		query.Set("serial", serial)
	}
	return customerPath(number) + "/open?" + query.Encode()
}

// wish is GET /console/customers/{number}/open.
func (c *Console) wish(w http.ResponseWriter, r *http.Request) {
	number, err := numberOf(r)
	query := r.URL.Query()
	act, serial := counter.Act(query.Get("act")), query.Get("serial")
	if err == nil && (!slices.Contains(counter.Acts, act) || serial != "" && !serialForm.MatchString(serial)) {
		err = kit.ErrNoRoute.With(nil)
	}
	var found counter.Customer
	if err == nil {
		found, err = c.Desk.Counter.Customer(r.Context(), caller(r), number, c.why(r, number))
	}
	if err != nil {
		if !c.unexplained(w, r, number, err) {
			kit.Fail(w, r, err)
		}
		return
	}
	f, said, err := c.frame(w, r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	who := found.Subscriber
	view := pages.Wish{Frame: f, Person: c.person(r, f.Lang, who, found.Stale), Act: string(act), Typed: said.Typed}
	view.Path = wishPath(number, string(act), serial)
	if p := f.Problem; p != nil && p.Code == counter.ErrGoing.Number && said.Typed["going"] != "" {
		view.Going = said.Typed["going"]
	}
	for _, v := range counter.Visitors(who.Sort) {
		view.Visitors = append(view.Visitors, string(v))
	}
	var all []pages.Held
	for _, record := range found.Certificates {
		h := c.held(r, record, who, false)
		all = append(all, h)
		if record.Serial == serial {
			view.About = &h
		}
		if h.State == string(ca.Valid) {
			view.Suspendable++
		}
	}
	switch {
	case act == counter.Issue || act == counter.Exception:
		view.Kinds = kindsFor(act, who.Sort, all)
		if len(view.Kinds) == 0 { // the service says why it can't be
			view.Kinds = kindsOf(who.Sort)
		}
	case act != counter.Lost && view.About == nil:
		kit.Fail(w, r, ca.ErrNotFound.With(nil))
		return
	}
	if act == counter.Revoke {
		for _, reason := range reasons {
			view.Reasons = append(view.Reasons, reason.String())
		}
	}
	c.show(w, r, view)
}

// open is POST /console/customers/{number}/open.
func (c *Console) open(w http.ResponseWriter, r *http.Request) {
	number, err := numberOf(r)
	var form kit.Form
	if err == nil {
		form, err = kit.ReadForm(r)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	act, serial := form.Get("act"), form.Get("serial")
	if !slices.Contains(counter.Acts, counter.Act(act)) || serial != "" && !serialForm.MatchString(serial) {
		kit.Fail(w, r, kit.ErrForm.With(nil))
		return
	}
	back := wishPath(number, act, serial)
	wish, err := wishOf(form)
	if err != nil {
		c.refuse(w, r, back, err, form, wishFields...)
		return
	}
	wish.CustomerNumber, wish.Explained = number, c.why(r, number)
	made, err := c.Desk.Counter.Open(r.Context(), caller(r), wish)
	switch {
	case err == nil:
		redirect(w, r, casePath(made.ID))
	case errors.Is(err, counter.ErrGoing):
		c.going(w, r, back, err, form)
	case fault.Of(err).Fault == fault.Unexpected:
		kit.Fail(w, r, err)
	default:
		c.refuse(w, r, back, err, form, wishFields...)
	}
}

// going leads to the case that is going for the same: when it is the caller's
// own, there is nothing else to say.
func (c *Console) going(w http.ResponseWriter, r *http.Request, back string, err error, form kit.Form) {
	id := fault.Of(err).Params["case"]
	if !idForm.MatchString(id) {
		c.refuse(w, r, back, err, form, wishFields...)
		return
	}
	typed := map[string]string{"going": id}
	for _, name := range wishFields {
		typed[name] = form.Get(name)
	}
	kit.Note(r.Context(), err)
	c.sayings().Say(w, r, back, kit.Saying{Typed: typed, Problem: kit.SaidOf(r, err, "")})
}

// wishOf reads the form.
func wishOf(form kit.Form) (counter.Wish, error) {
	wish := counter.Wish{Act: counter.Act(form.Get("act")), Kind: npki.Kind(form.Get("kind")), Serial: form.Get("serial"),
		Visitor: counter.Visitor(form.Get("visitor")), Why: strings.TrimSpace(form.Get("why"))}
	if wish.Visitor != counter.Oneself {
		wish.VisitorName = form.Get("visitorName")
		if strings.TrimSpace(wish.VisitorName) == "" {
			return wish, errEmpty.With(nil, "field", "visitorName")
		}
	}
	if wish.Act != counter.Revoke {
		return wish, nil
	}
	i := slices.IndexFunc(reasons, func(reason ca.Reason) bool { return reason.String() == form.Get("reason") })
	if i < 0 {
		return wish, errEmpty.With(nil, "field", "reason")
	}
	wish.Reason = reasons[i]
	if since := strings.TrimSpace(form.Get("since")); since != "" {
		day, err := time.ParseInLocation("20060102", strings.NewReplacer("-", "", ".", "").Replace(since), seoul.Zone)
		if err != nil {
			return wish, lifecycle.ErrInvalidity.With(nil)
		}
		wish.Invalidity = day
	}
	return wish, nil
}
