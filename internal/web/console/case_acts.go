package console

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

// acting reads the form of an act on a case.
func acting(r *http.Request, read func(*http.Request) (kit.Form, error)) (id string, form kit.Form, err error) {
	if id, err = caseOf(r); err == nil {
		form, err = read(r)
	}
	return id, form, err
}

// turnedDown answers an act that was refused: on the case's page, at the field
// that it is about, with what was typed but for numbers.
func (c *Console) turnedDown(w http.ResponseWriter, r *http.Request, id, field string, err error, form kit.Form, typed ...string) {
	f := fault.Of(err)
	if f.Fault == fault.Unexpected || errors.Is(err, counter.ErrUnknown) || errors.Is(err, authz.ErrForbidden) {
		kit.Fail(w, r, err)
		return
	}
	if field == "" {
		field = fieldOf(err)
	}
	kept := map[string]string{}
	for _, name := range typed {
		kept[name] = form.Get(name)
	}
	kit.Note(r.Context(), err)
	c.sayings().Say(w, r, casePath(id), kit.Saying{Typed: kept, Problem: kit.SaidOf(r, err, field)})
}

// upload is a form with one picture.
func upload(file string) func(*http.Request) (kit.Form, error) {
	u := kit.Upload{Files: map[string]int64{file: counter.MaxScanFile}}
	return u.Read
}

// prove is POST /console/cases/{id}/prove. A picture is attached before anybody
// is asked, so that it survives whatever the answer is.
func (c *Console) prove(w http.ResponseWriter, r *http.Request) {
	id, form, err := acting(r, upload("image"))
	if err != nil {
		if id == "" || !errors.Is(err, kit.ErrTooLarge) {
			kit.Fail(w, r, err)
			return
		}
		c.turnedDown(w, r, id, "image", counter.ErrScanLarge.With(err), form, "document", "name", "issueDate", "expires")
		return
	}
	ctx, who := r.Context(), caller(r)
	refuse := func(field string, err error) {
		c.turnedDown(w, r, id, field, err, form, "document", "name", "issueDate", "expires")
	}
	card := cardOf(form)
	if len(card.Image) > 0 {
		if _, err := c.Desk.Counter.Attach(ctx, who, id, counter.IdentityCard, card.Image); err != nil {
			refuse("image", err)
			return
		}
	}
	one, err := c.Desk.Counter.Prove(ctx, who, id, card)
	switch {
	case errors.Is(err, counter.ErrCardEnds):
		kit.Note(ctx, err)
		redirect(w, r, casePath(id))
	case err != nil:
		refuse("", err)
	case one.Proof == nil: // it waits; the page says so
		redirect(w, r, casePath(id))
	case one.Act.Protects():
		c.protect(w, r, one)
	default:
		c.notice(w, r, casePath(id), "case-proved")
	}
}

// cardOf reads what a teller entered of a card: the fields that such a card has.
func cardOf(form kit.Form) proofing.CounterCard {
	card := proofing.CounterCard{Document: form.Get("document"), Name: form.Get("name"), IssueDate: form.Get("issueDate"), Image: form.File("image")}
	switch proofing.Document(card.Document) {
	case proofing.Passport:
		card.MRZ = form.Get("mrz")
		return card
	case proofing.DriversLicence:
		card.Licence, card.LicenceSerial = form.Get("licence"), form.Get("licenceSerial")
	case proofing.AlienCard:
		card.Expires = form.Get("expires")
	case proofing.ResidentCard:
	}
	card.Number = form.Get("number")
	return card
}

// protect goes on at once with what only takes away: the card is confirmed, and
// the teller has had it in hand.
func (c *Console) protect(w http.ResponseWriter, r *http.Request, one counter.Case) {
	ctx, who := r.Context(), caller(r)
	_, err := c.Desk.Counter.See(ctx, who, one.ID, counter.IdentityCard, "")
	if err == nil {
		_, err = c.Desk.Counter.Submit(ctx, who, one.ID, nil)
	}
	if err != nil {
		c.turnedDown(w, r, one.ID, "", err, kit.Form{})
		return
	}
	c.notice(w, r, casePath(one.ID), "case-protected")
}

// attach is POST /console/cases/{id}/papers.
func (c *Console) attach(w http.ResponseWriter, r *http.Request) {
	id, form, err := acting(r, upload("scan"))
	switch {
	case err != nil && id != "" && errors.Is(err, kit.ErrTooLarge):
		c.turnedDown(w, r, id, "scan", counter.ErrScanLarge.With(err), form)
		return
	case err != nil:
		kit.Fail(w, r, err)
		return
	case len(form.File("scan")) == 0:
		c.turnedDown(w, r, id, "scan", errEmpty.With(nil), form)
		return
	}
	if _, err := c.Desk.Counter.Attach(r.Context(), caller(r), id, counter.Paper(form.Get("paper")), form.File("scan")); err != nil {
		c.turnedDown(w, r, id, "", err, form)
		return
	}
	c.notice(w, r, casePath(id), "case-attached")
}

// detach is POST /console/cases/{id}/detach.
func (c *Console) detach(w http.ResponseWriter, r *http.Request) {
	id, form, err := acting(r, kit.ReadForm)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	if _, err := c.Desk.Counter.Detach(r.Context(), caller(r), id, form.Get("scan")); err != nil {
		c.turnedDown(w, r, id, "", err, form)
		return
	}
	c.notice(w, r, casePath(id), "case-removed")
}

// submit is POST /console/cases/{id}/submit: originals that were seen, terms that
// are signed, and on to the supervisor.
func (c *Console) submit(w http.ResponseWriter, r *http.Request) {
	id, form, err := acting(r, kit.ReadForm)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	ctx, who := r.Context(), caller(r)
	one, err := c.Desk.Counter.View(ctx, who, id)
	for _, paper := range form.All("seen") {
		if err == nil {
			_, err = c.Desk.Counter.See(ctx, who, id, counter.Paper(paper), form.Get("paperNumber-"+paper))
		}
	}
	if err == nil {
		one, err = c.Desk.Counter.Submit(ctx, who, id, c.signedOf(one, form.All("terms")))
	}
	switch {
	case err != nil:
		c.turnedDown(w, r, id, "", err, form)
	case one.Act.Protects():
		c.notice(w, r, casePath(id), "case-protected")
	default:
		c.notice(w, r, casePath(id), "case-submitted")
	}
}

// signedOf are the terms that the customer has signed, in today's version: that
// is what the form that was printed has.
func (c *Console) signedOf(one counter.Case, ticked []string) (signed []enrolment.ConsentGiven) {
	if !one.Act.MakesKey() {
		return nil
	}
	for _, t := range c.Desk.Terms(one.Kind) {
		if t.Required && slices.Contains(ticked, "required") || slices.Contains(ticked, t.Name) {
			signed = append(signed, enrolment.ConsentGiven{Terms: t.Name, Version: t.Version, SHA256: t.SHA256})
		}
	}
	return signed
}

// take is POST /console/cases/{id}/take.
func (c *Console) take(w http.ResponseWriter, r *http.Request) {
	id, form, err := acting(r, kit.ReadForm)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	if _, err := c.Desk.Counter.Take(r.Context(), caller(r), id); err != nil {
		c.turnedDown(w, r, id, "", err, form)
		return
	}
	c.notice(w, r, casePath(id), "case-taken")
}

// withdraw is POST /console/cases/{id}/withdraw.
func (c *Console) withdraw(w http.ResponseWriter, r *http.Request) {
	id, form, err := acting(r, kit.ReadForm)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	if _, err := c.Desk.Counter.Withdraw(r.Context(), caller(r), id, form.Get("note")); err != nil {
		c.turnedDown(w, r, id, "", err, form, "note")
		return
	}
	c.notice(w, r, casePath(id), "case-withdrawn")
}

// decide is POST /console/cases/{id}/decide, and on to the next case.
func (c *Console) decide(w http.ResponseWriter, r *http.Request) {
	id, form, err := acting(r, kit.ReadForm)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	seen, err := strconv.ParseInt(form.Get("revision"), 10, 64)
	if err != nil || seen < 1 {
		kit.Fail(w, r, kit.ErrForm.With(nil))
		return
	}
	verdict := counter.Verdict(form.Get("verdict"))
	if _, err := c.Desk.Counter.Decide(r.Context(), caller(r), id, verdict, form.Get("note"), seen); err != nil {
		c.turnedDown(w, r, id, "", err, form, "note")
		return
	}
	next, err := c.nextToDecide(r, id)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	if next == "" {
		next = approvalsPath
	}
	c.notice(w, r, next, "case-"+string(verdict))
}

// nextToDecide is the case that has waited longest for a decision of who is
// logged in, other than one; empty when there is none.
func (c *Console) nextToDecide(r *http.Request, other string) (string, error) {
	id, err := c.Desk.Counter.Next(r.Context(), caller(r), other)
	if err != nil || id == "" {
		return "", err
	}
	return casePath(id), nil
}

// scan is GET /console/cases/{id}/scans/{scan}.
func (c *Console) scan(w http.ResponseWriter, r *http.Request) {
	id, err := caseOf(r)
	scan := r.PathValue("scan")
	if err == nil && !idForm.MatchString(scan) {
		err = counter.ErrScanUnknown.With(nil)
	}
	var image counter.Image
	if err == nil {
		image, err = c.Desk.Counter.Scan(r.Context(), caller(r), id, scan)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", image.Type)
	h.Set("Content-Length", strconv.Itoa(len(image.File)))
	h.Set("Content-Disposition", "inline")
	_, _ = w.Write(image.File)
}
