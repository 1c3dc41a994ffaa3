package console

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// searchFields are those of the form.
var searchFields = []string{"name", "birth", "phone", "account", "certificate"}

const (
	searchCookie = "ingam_staff_search"
	searchLasts  = 10 * time.Minute
)

// search is POST /console/customers. What was asked for names a person, so it
// stands in no address: the browser keeps it, sealed, and the page that comes
// next searches. So Back and reload find it again.
func (c *Console) search(w http.ResponseWriter, r *http.Request) {
	form, err := kit.ReadForm(r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	typed := map[string]string{}
	for _, name := range searchFields {
		switch value := strings.TrimSpace(form.Get(name)); {
		case len(value) > kit.MaxTyped:
			c.refuse(w, r, customersPath, errLong.With(nil, "field", name), form)
			return
		case value != "":
			typed[name] = value
		}
	}
	if len(typed) == 0 {
		c.refuse(w, r, customersPath, errEmpty.With(nil, "field", "name"), form)
		return
	}
	if typed["birth"] == "" {
		typed["name"], typed["birth"] = splitBirth(typed["name"])
	}
	typed["birth"] = fullBirth(typed["birth"], c.Now())
	if err := c.keep(w, r, searchCookie, customersPath, searchLasts, typed); err != nil {
		kit.Fail(w, r, err)
		return
	}
	redirect(w, r, customersPath+"?found")
}

// splitBirth takes a birth date off the end of a name: 홍길동 850314.
func splitBirth(typed string) (name, birth string) {
	at := strings.LastIndexByte(typed, ' ')
	if at < 0 {
		return typed, ""
	}
	tail := strings.NewReplacer("-", "", ".", "").Replace(typed[at+1:])
	if digitsOf(tail) == tail && (len(tail) == 6 || len(tail) == 8) {
		return strings.TrimSpace(typed[:at]), tail
	}
	return typed, ""
}

// fullBirth gives six digits of a birth date their century: the latest that is
// not after today. All else stays as it is.
func fullBirth(typed string, now time.Time) string {
	digits := digitsOf(typed)
	if len(digits) != 6 || len(strings.NewReplacer("-", "", ".", "", " ", "").Replace(typed)) != 6 {
		return typed
	}
	if today := now.In(seoul.Zone).Format("20060102"); "20"+digits <= today {
		return "20" + digits
	}
	return "19" + digits
}

// customers is GET /console/customers. Who is the only one to be found is shown
// at once.
func (c *Console) customers(w http.ResponseWriter, r *http.Request) {
	f, said, err := c.frame(w, r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	view := pages.Customers{Frame: f, Typed: said.Typed, At: c.Now()}
	typed := map[string]string{}
	if !r.URL.Query().Has("found") || f.Problem != nil || !c.keptFor(r, searchCookie, customersPath, &typed) {
		c.show(w, r, view)
		return
	}
	view.Typed = typed
	found, err := c.Desk.Counter.Search(r.Context(), caller(r), counter.Query{Name: typed["name"], Birth: typed["birth"],
		Phone: typed["phone"], Account: typed["account"], Certificate: typed["certificate"]})
	switch {
	case err != nil && fault.Of(err).Fault == fault.Unexpected:
		kit.Fail(w, r, err)
		return
	case err != nil:
		inPlace(&view.Frame, r, err)
		c.show(w, r, view)
		return
	case len(found.People) == 1 && !found.Incomplete:
		redirect(w, r, customerPath(found.People[0].CustomerNumber))
		return
	}
	view.Asked, view.Incomplete = true, found.Incomplete
	for _, h := range found.People {
		view.Hits = append(view.Hits, pages.Hit{Number: h.CustomerNumber, Name: h.Name, Birth: h.Birth, Phone: h.Phone, Branch: h.Branch,
			BranchName: c.branchName(h.Branch, f.Lang), Sort: string(h.Sort), Deceased: h.Deceased,
			Elsewhere: elsewhere(r, h.Branch), Unknown: h.SubscriberID == ""})
	}
	c.show(w, r, view)
}

// elsewhere says whether a customer is looked after by another branch.
func elsewhere(r *http.Request, branch string) bool { return branch != "" && branch != me(r).Branch }

const (
	whyCookie = "ingam_staff_why"
	whyLasts  = 30 * time.Minute
)

// why is the reason that was given for looking at another branch's customer.
func (c *Console) why(r *http.Request, number string) (why string) {
	c.keptFor(r, whyCookie, customerPath(number), &why)
	return why
}

// explain is POST /console/customers/{number}: the reason.
func (c *Console) explain(w http.ResponseWriter, r *http.Request) {
	number, err := numberOf(r)
	var form kit.Form
	if err == nil {
		form, err = kit.ReadForm(r)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	at := customerPath(number)
	if err = filled(form, "why"); err != nil {
		c.refuse(w, r, at, err, form, "why")
		return
	}
	if err := c.keep(w, r, whyCookie, at, whyLasts, strings.TrimSpace(form.Get("why"))); err != nil {
		c.refuse(w, r, at, err, form)
		return
	}
	redirect(w, r, at)
}

// unexplained shows the form that asks for the reason, if that is what is
// missing, and says whether it did.
func (c *Console) unexplained(w http.ResponseWriter, r *http.Request, number string, err error) bool {
	asked := errors.Is(err, authz.ErrUnexplained)
	if !asked && !errors.Is(err, counter.ErrWhy) {
		return false
	}
	f, said, failed := c.frame(w, r)
	if failed != nil {
		kit.Fail(w, r, failed)
		return true
	}
	view := pages.Explain{Frame: f, Number: number, Why: said.Typed["why"]}
	if !asked {
		view.Why = c.why(r, number)
		inPlace(&view.Frame, r, err)
	}
	c.show(w, r, view)
	return true
}

// customer is GET /console/customers/{number}.
func (c *Console) customer(w http.ResponseWriter, r *http.Request) {
	number, err := numberOf(r)
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
	f, _, err := c.frame(w, r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	view, err := c.customerView(r, f, found)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	c.show(w, r, view)
}
