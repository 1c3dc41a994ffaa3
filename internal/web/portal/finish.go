package portal

import (
	"net/http"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
)

// confirm is GET /apply/{id}/confirm: who will stand in the certificate.
func (p *Portal) confirm(w http.ResponseWriter, r *http.Request) {
	p.at(w, r, []enrolment.State{enrolment.Proofed, enrolment.Ready}, func(a enrolment.Application, step pages.Step, _ kit.Saying) error {
		who, err := p.visitor(r)
		if err != nil {
			return err
		}
		offer := p.offer(a.Kind)
		var end time.Time
		if a.Replaces != "" {
			old, err := p.ownOf(r, a.Replaces)
			if err != nil {
				return err
			}
			end = endOf(a.Way, old)
		}
		p.show(w, r, pages.Confirm{Step: step, Name: who.Name, RomanName: who.RomanName,
			IdentityNumber: maskNumber(who), Phone: maskPhone(who.Phone), ValidityDays: offer.ValidityDays, End: end, Fee: offer.Fee,
			CA: p.CAName, Factors: factors(a, nil)})
		return nil
	})
}

// confirmed is POST /apply/{id}/confirm: the application takes a key from now
// on, or the certificate is resumed. Once more changes nothing.
func (p *Portal) confirmed(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	a, err := p.application(r)
	caller := p.Sessions.Caller(r.Context())
	switch {
	case err != nil:
	case a.Way == enrolment.Resume:
		_, err = p.Enrolment.Resume(r.Context(), caller, id)
	default:
		_, err = p.Enrolment.KeyRequest(r.Context(), caller, id)
	}
	switch {
	case err == nil && a.Way == enrolment.Resume:
		redirect(w, r, applicationPath(id, "done"))
	case err == nil:
		redirect(w, r, applicationPath(id, "key"))
	case !p.turnedAway(w, r, id, err):
		p.refuse(w, r, applicationPath(id, "confirm"), err, kit.Form{})
	}
}

// key is GET /apply/{id}/key: the browser makes the key and talks to the API.
func (p *Portal) key(w http.ResponseWriter, r *http.Request) {
	p.at(w, r, []enrolment.State{enrolment.Ready}, func(a enrolment.Application, step pages.Step, _ kit.Saying) error {
		view := pages.Key{Step: step, CA: p.CAName}
		if a.SignedByOld() {
			old, err := p.ownOf(r, a.Replaces)
			if err != nil {
				return err
			}
			shown := p.brief(r, old, step.Visitor.Name)
			view.Old = &shown
		}
		p.show(w, r, view)
		return nil
	})
}

// done is GET /apply/{id}/done.
func (p *Portal) done(w http.ResponseWriter, r *http.Request) {
	//nolint:contextcheck // the request is the same
	p.at(w, r, []enrolment.State{enrolment.Issued}, func(a enrolment.Application, step pages.Step, _ kit.Saying) error {
		record, err := p.Authority.Certificate(r.Context(), p.Sessions.Caller(r.Context()), a.Serial)
		if err != nil {
			return err
		}
		if len(record.DER) == 0 {
			return ca.ErrNotFound.With(nil)
		}
		view := pages.Done{Step: step, Certificate: p.full(r, record)}
		if a.Way != enrolment.Resume {
			code, err := p.Lifecycle.EmergencyCode(r.Context(), p.Sessions.Caller(r.Context()), a.Serial)
			if err != nil { // over already: the page is about something else then
				kit.Note(r.Context(), err)
			}
			view.Code = plainCode(code)
		}
		p.show(w, r, view)
		return nil
	})
}

// passkeys is GET /passkeys: the list comes over the API.
func (p *Portal) passkeys(w http.ResponseWriter, r *http.Request) {
	f, _, err := p.frame(w, r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	p.show(w, r, pages.Passkeys{Frame: f})
}

const hidden = "●"

// maskNumber shows of an identity number what tells the owner that it is
// theirs: birth date and the digit after it, or the kind of business.
func maskNumber(s subscriber.Subscriber) string {
	n := s.IdentityNumber
	switch {
	case s.Sort == subscriber.Corporate && len(n) == 10:
		return n[:3] + "-" + n[3:5] + "-" + strings.Repeat(hidden, 5)
	case len(n) == 13:
		return n[:6] + "-" + n[6:7] + strings.Repeat(hidden, 6)
	}
	return strings.Repeat(hidden, 6)
}

// maskPhone hides the middle of a number; empty when there is none.
func maskPhone(phone string) string {
	if len(phone) < 9 {
		return ""
	}
	return phone[:3] + "-****-" + phone[len(phone)-4:]
}
