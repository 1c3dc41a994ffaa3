package portal

import (
	"errors"
	"net/http"
	"regexp"
	"slices"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
	"github.com/ingam-pki/ingam/pki/npki"
)

// apply is GET /apply: the kinds, and what is open.
func (p *Portal) apply(w http.ResponseWriter, r *http.Request) {
	view := pages.Apply{}
	f, said, err := p.frame(w, r)
	view.Frame, view.Chosen = f, said.Typed["kind"]
	if err == nil {
		view.Open, err = p.open(r)
	}
	if err == nil {
		view.Kinds, err = p.kinds(r)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	p.show(w, r, view)
}

// start is POST /apply. One who has an open application of the kind goes on
// with that.
func (p *Portal) start(w http.ResponseWriter, r *http.Request) {
	form, err := kit.ReadForm(r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	if form.Get("kind") == "" {
		p.refuse(w, r, "/apply", errNoKindChosen.With(nil), form)
		return
	}
	a, err := p.Enrolment.Start(r.Context(), p.Sessions.Caller(r.Context()), npki.Kind(form.Get("kind")))
	if err != nil {
		p.refuse(w, r, "/apply", err, form, "kind")
		return
	}
	redirect(w, r, stepOf(a))
}

// resume is GET /apply/{id}: it leads to where the application stands, or says
// that it is over.
func (p *Portal) resume(w http.ResponseWriter, r *http.Request) {
	a, err := p.application(r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	if p.byCodes(w, r, a) {
		return
	}
	if over(a) {
		p.ended(w, r, a)
		return
	}
	// What was said to this page goes on with the customer.
	if said := p.heard(w, r); said.Problem != nil || said.Notice != "" {
		p.say(w, r, stepOf(a), said)
		return
	}
	redirect(w, r, stepOf(a))
}

// ended shows why an application is over.
func (p *Portal) ended(w http.ResponseWriter, r *http.Request, a enrolment.Application) {
	step, _, err := p.step(w, r, a)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	if step.Problem == nil {
		problem := kit.ProblemOf(r, a.Over())
		step.Problem = &pages.Problem{Title: problem.Title, Detail: problem.Detail, Code: problem.Code}
	}
	p.show(w, r, pages.Ended{Step: step, State: string(a.State)})
}

// abandon is POST /apply/{id}/abandon. The page asks before.
func (p *Portal) abandon(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	err := known(id)
	if err == nil {
		err = p.Enrolment.Abandon(r.Context(), p.Sessions.Caller(r.Context()), id)
	}
	if err != nil {
		if !p.turnedAway(w, r, id, err) {
			kit.Fail(w, r, err)
		}
		return
	}
	p.notice(w, r, "/apply", "abandoned")
}

// idForm is what ids of applications look like.
var idForm = regexp.MustCompile(`^[A-Z2-7]{26}$`)

// known refuses what can't be an application's id. Nobody has such a one, so
// it is not worth an audit entry.
func known(id string) error {
	if !idForm.MatchString(id) {
		return enrolment.ErrUnknown.With(nil)
	}
	return nil
}

// application is the one that the path names, if it is the visitor's.
func (p *Portal) application(r *http.Request) (enrolment.Application, error) {
	id := r.PathValue("id")
	if err := known(id); err != nil {
		return enrolment.Application{}, err
	}
	return p.Enrolment.View(r.Context(), p.Sessions.Caller(r.Context()), id)
}

// over says whether an application came to nothing.
func over(a enrolment.Application) bool { return !a.State.Open() && a.State != enrolment.Issued }

// applicationPath is where a page of an application is.
func applicationPath(id, page string) string { return "/apply/" + id + "/" + page }

// stepOf is the page at which an application stands.
func stepOf(a enrolment.Application) string {
	switch a.State {
	case enrolment.Started:
		return applicationPath(a.ID, "terms")
	case enrolment.Consented:
		return applicationPath(a.ID, "identity")
	case enrolment.Proofed:
		return applicationPath(a.ID, "confirm")
	case enrolment.Ready:
		return applicationPath(a.ID, "key")
	case enrolment.Issued:
		return applicationPath(a.ID, "done")
	case enrolment.Rejected, enrolment.Abandoned, enrolment.Lapsed:
	}
	return "/apply/" + a.ID
}

// number is the step of five at which an application stands.
func number(s enrolment.State) int {
	switch s {
	case enrolment.Consented:
		return 2
	case enrolment.Proofed:
		return 3
	case enrolment.Ready:
		return 4
	case enrolment.Issued:
		return 5
	case enrolment.Started, enrolment.Rejected, enrolment.Abandoned, enrolment.Lapsed:
	}
	return 1
}

// stepNumber is the step at which an open application stands, among those of
// its way: one to resume has no terms.
func stepNumber(a enrolment.Application) int {
	if a.Way == enrolment.Resume {
		return number(a.State) - 1
	}
	return number(a.State)
}

// at shows a page of an application if it stands in one of the states; else it
// leads to where it stands: quietly on when the step is done, and back with a
// word when another comes first.
func (p *Portal) at(w http.ResponseWriter, r *http.Request, states []enrolment.State,
	show func(a enrolment.Application, step pages.Step, said kit.Saying) error) {
	a, err := p.application(r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	if p.byCodes(w, r, a) {
		return
	}
	if !slices.Contains(states, a.State) {
		switch {
		case over(a):
			redirect(w, r, stepOf(a))
		case number(a.State) > number(states[len(states)-1]):
			p.notice(w, r, stepOf(a), "step-done")
		default:
			p.notice(w, r, stepOf(a), "step-first")
		}
		return
	}
	step, said, err := p.step(w, r, a)
	if err == nil {
		err = show(a, step, said)
	}
	if err != nil {
		kit.Fail(w, r, err)
	}
}

func (p *Portal) step(w http.ResponseWriter, r *http.Request, a enrolment.Application) (pages.Step, kit.Saying, error) {
	f, said, err := p.frame(w, r)
	step := pages.Step{Frame: f, ID: a.ID, Kind: string(a.Kind), KindTitle: p.kindTitle(r, a.Kind), ExpiresAt: a.ExpiresAt,
		Way: string(a.Way), Replaces: a.Replaces, Branch: a.Branch()}
	if id, _ := p.Sessions.Redemption(r.Context()); id != "" {
		step.Enter = redeemPath
	}
	return step, said, err
}

// elsewhere are refusals that only say that the application stands somewhere
// else than the page thought, in another window or by the back button, and the
// word about it.
var elsewhere = map[*fault.Fault]string{
	enrolment.ErrConsentFirst: "step-first", enrolment.ErrProofFirst: "step-first",
	enrolment.ErrPhoneProven: "step-done", enrolment.ErrConsentGiven: "step-done", enrolment.ErrIssued: "step-done",
}

// turnedAway answers a POST that was refused for where the application stands,
// and says whether it did. What is left is about the form.
func (p *Portal) turnedAway(w http.ResponseWriter, r *http.Request, id string, err error) bool {
	switch {
	case errors.Is(err, enrolment.ErrUnknown):
		kit.Fail(w, r, err)
		return true
	case errors.Is(err, enrolment.ErrLapsed), errors.Is(err, enrolment.ErrLapsedAtBranch), errors.Is(err, enrolment.ErrAbandoned), errors.Is(err, enrolment.ErrRejected):
		kit.Note(r.Context(), err)
		redirect(w, r, "/apply/"+id)
		return true
	}
	word, known := elsewhere[fault.Of(err).Fault]
	if known {
		kit.Note(r.Context(), err)
		p.notice(w, r, "/apply/"+id, word)
	}
	return known
}

// kinds are what can be chosen.
func (p *Portal) kinds(r *http.Request) ([]pages.Kind, error) {
	caller := p.Sessions.Caller(r.Context())
	records, err := p.Authority.CertificatesOf(r.Context(), caller, caller.ID)
	kinds := make([]pages.Kind, 0, len(p.Offers))
	for _, o := range p.Offers {
		held := slices.ContainsFunc(records, func(c ca.Record) bool { return c.Kind == o.Kind && p.alive(c) })
		kinds = append(kinds, pages.Kind{Kind: string(o.Kind), Title: o.Title.In(kit.Language(r)), Online: o.Online,
			Fee: o.Fee, ValidityDays: o.ValidityDays, Held: held})
	}
	return kinds, err
}

// alive says whether a certificate stands in the way of another of its kind.
func (p *Portal) alive(c ca.Record) bool {
	switch c.StateAt(p.Now()) {
	case ca.Pending, ca.Held, ca.Valid, ca.Suspended:
		return true
	case ca.Revoked, ca.Expired:
	}
	return false
}

func (p *Portal) offer(kind npki.Kind) Offer {
	i := slices.IndexFunc(p.Offers, func(o Offer) bool { return o.Kind == kind })
	if i < 0 {
		return Offer{Kind: kind}
	}
	return p.Offers[i]
}

func (p *Portal) kindTitle(r *http.Request, kind npki.Kind) string {
	return p.offer(kind).Title.In(kit.Language(r))
}

// open are the visitor's applications that can go on, newest first.
func (p *Portal) open(r *http.Request) ([]pages.Application, error) {
	all, err := p.Enrolment.List(r.Context(), p.Sessions.Caller(r.Context()))
	var open []pages.Application
	for _, a := range all {
		if a.State.Open() {
			open = append(open, pages.Application{ID: a.ID, Kind: string(a.Kind), KindTitle: p.kindTitle(r, a.Kind),
				Way: string(a.Way), Number: stepNumber(a), ExpiresAt: a.ExpiresAt, Branch: a.Branch()})
		}
	}
	return open, err
}

// proven is when a factor was proven; ok is false when it was not.
func proven(a enrolment.Application, f proofing.Factor) (proof proofing.Proof, ok bool) {
	i := slices.IndexFunc(a.Proofs, func(p proofing.Proof) bool { return p.Factor == f })
	if i < 0 {
		return proofing.Proof{}, false
	}
	return a.Proofs[i], true
}
