package portal

import (
	"net/http"
	"slices"

	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
)

// terms is GET /apply/{id}/terms. What was agreed to can be read again.
func (p *Portal) terms(w http.ResponseWriter, r *http.Request) {
	all := []enrolment.State{enrolment.Started, enrolment.Consented, enrolment.Proofed, enrolment.Ready, enrolment.Issued}
	p.at(w, r, all, func(a enrolment.Application, step pages.Step, said kit.Saying) error {
		view := pages.AgreeTerms{Step: step, Given: a.State != enrolment.Started}
		for _, t := range p.Enrolment.Terms(a.Kind) {
			shown := pages.Terms{Name: t.Name, Version: t.Version, SHA256: t.SHA256, Title: t.Title, Text: t.Text, Required: t.Required,
				Agreed: said.Typed[t.Name] != "" || slices.ContainsFunc(a.Consents, func(c enrolment.Consent) bool { return c.Terms == t.Name })}
			if step.Lang == "en" {
				shown.Title, shown.Translation = t.TitleEN, t.TextEN
			}
			view.Terms = append(view.Terms, shown)
		}
		p.show(w, r, view)
		return nil
	})
}

// agree is POST /apply/{id}/terms. Each text that is agreed to comes as
// terms=NAME, with version.NAME and sha256.NAME as they were shown: what the
// customer saw is what is kept.
func (p *Portal) agree(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	form, err := kit.ReadForm(r)
	if err == nil {
		err = known(id)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	agreed := form.All("terms")
	given := make([]enrolment.ConsentGiven, 0, len(agreed))
	keep := make(map[string]string, len(agreed))
	for _, name := range agreed[:min(len(agreed), maxTerms)] {
		given = append(given, enrolment.ConsentGiven{Terms: name, Version: form.Get("version." + name), SHA256: form.Get("sha256." + name)})
		keep[name] = "1"
	}
	a, err := p.Enrolment.Consent(r.Context(), p.Sessions.Caller(r.Context()), id, given)
	switch {
	case err == nil:
		redirect(w, r, stepOf(a))
	case p.turnedAway(w, r, id, err):
	case p.past(r, enrolment.Started): // another form of the same page was quicker
		p.notice(w, r, "/apply/"+id, "step-done")
	default:
		p.refuseWith(w, r, applicationPath(id, "terms"), err, keep)
	}
}

// past says whether the application has left a state behind.
func (p *Portal) past(r *http.Request, s enrolment.State) bool {
	a, err := p.application(r)
	return err == nil && a.State != s
}

// maxTerms bounds how many texts one form can agree to.
const maxTerms = 16
