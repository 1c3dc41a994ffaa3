package portal

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
)

// identity is GET /apply/{id}/identity: what is proven, and what comes next.
func (p *Portal) identity(w http.ResponseWriter, r *http.Request) {
	after := []enrolment.State{enrolment.Consented, enrolment.Proofed, enrolment.Ready}
	//nolint:contextcheck // the request is the same
	p.at(w, r, after, func(a enrolment.Application, step pages.Step, _ kit.Saying) error {
		locked, err := p.Enrolment.Locked(r.Context(), p.Sessions.Caller(r.Context()), a.ID)
		if err != nil {
			return err
		}
		p.show(w, r, pages.Identity{Step: step, Factors: factors(a, locked)})
		return nil
	})
}

// factors are those of an application, with the next one marked that is not
// locked.
func factors(a enrolment.Application, locked map[proofing.Factor]time.Time) []pages.Factor {
	var all []pages.Factor
	marked := false
	for _, f := range a.Way.Factors() {
		proof, done := proven(a, f)
		next := !done && !marked && locked[f].IsZero()
		marked = marked || next
		all = append(all, pages.Factor{Name: string(f), Proven: done, At: proof.At, Next: next, Locked: locked[f]})
	}
	return all
}

// factor shows the page of one factor that is still to be proven.
func (p *Portal) factor(w http.ResponseWriter, r *http.Request, f proofing.Factor, show func(a enrolment.Application, step pages.Step, said kit.Saying) error) {
	p.at(w, r, []enrolment.State{enrolment.Consented}, func(a enrolment.Application, step pages.Step, said kit.Saying) error {
		if _, done := proven(a, f); done {
			p.notice(w, r, p.nextPage(r, a), "step-done")
			return nil
		}
		return show(a, step, said)
	})
}

// nextPage is where a customer goes on who has just proven something: the next
// factor, or the list of them when those that are left are locked.
func (p *Portal) nextPage(r *http.Request, a enrolment.Application) string {
	if a.State != enrolment.Consented {
		return stepOf(a)
	}
	locked, err := p.Enrolment.Locked(r.Context(), p.Sessions.Caller(r.Context()), a.ID)
	if err != nil { // the page that comes next will say it
		kit.Note(r.Context(), err)
	}
	for _, f := range factors(a, locked) {
		if f.Next {
			return applicationPath(a.ID, f.Name)
		}
	}
	return stepOf(a)
}

// prove does one proof and leads on. A refusal goes back to the page of the
// factor, or says that it ended the application.
func (p *Portal) prove(w http.ResponseWriter, r *http.Request, factor proofing.Factor, form kit.Form, keep []string,
	do func(ctx context.Context, id string) (enrolment.Application, error)) {
	before, err := p.application(r)
	if err != nil { // before anything is said about the form
		kit.Fail(w, r, err)
		return
	}
	id := before.ID
	a, err := do(r.Context(), id)
	if err == nil {
		p.notice(w, r, p.nextPage(r, a), "proven-"+string(factor))
		return
	}
	if p.turnedAway(w, r, id, err) {
		return
	}
	to := applicationPath(id, string(factor))
	if now, e := p.application(r); e == nil && over(now) {
		to = "/apply/" + id
	}
	p.refuse(w, r, to, cardFault(err), form, keep...)
}

// cardFault says which field of a card is not in its form, in a customer's
// words.
func cardFault(err error) error {
	if errors.Is(err, proofing.ErrCardForm) {
		name := fieldOf(err)
		if definition := cardFields[name]; definition != nil {
			return definition.With(err, "field", name)
		}
	}
	return err
}

// card is GET /apply/{id}/id-card.
func (p *Portal) card(w http.ResponseWriter, r *http.Request) {
	p.factor(w, r, proofing.IDCard, func(_ enrolment.Application, step pages.Step, said kit.Saying) error {
		who, err := p.visitor(r)
		if err != nil {
			return err
		}
		view := pages.IDCard{Step: step, Document: said.Typed["document"], Name: said.Typed["name"],
			IssueDate: said.Typed["issueDate"], Licence: said.Typed["licence"]}
		for _, d := range documents(who.Sort) {
			view.Documents = append(view.Documents, string(d))
		}
		p.show(w, r, view)
		return nil
	})
}

// documents are those that a person can show online.
func documents(sort subscriber.Sort) []proofing.Document {
	if sort == subscriber.Foreigner {
		return []proofing.Document{proofing.AlienCard, proofing.DriversLicence}
	}
	return []proofing.Document{proofing.ResidentCard, proofing.DriversLicence, proofing.Passport}
}

// MaxBody is the size of the largest body that the portal takes, in bytes: an
// identity card with its picture, or a signature with what was signed.
const MaxBody = 9 << 20

// proveCard is POST /apply/{id}/id-card.
func (p *Portal) proveCard(w http.ResponseWriter, r *http.Request) {
	done, err := p.CardTurns.Take(r.Context(), p.Sessions.Subscriber(r.Context()))
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	defer done()
	form, err := kit.Upload{Files: map[string]int64{"image": proofing.MaxPictureBytes}}.Read(r)
	if err != nil && !errors.Is(err, kit.ErrTooLarge) {
		kit.Fail(w, r, err)
		return
	}
	p.prove(w, r, proofing.IDCard, form, []string{"document", "name", "issueDate", "licence"},
		func(ctx context.Context, id string) (enrolment.Application, error) {
			if err != nil { // a picture that is too large is said beside it
				return enrolment.Application{}, proofing.ErrPictureLarge.With(err)
			}
			card, err := cardOf(form)
			if err != nil {
				return enrolment.Application{}, err
			}
			return p.Enrolment.ProveIDCard(ctx, p.Sessions.Caller(ctx), id, card)
		})
}

func cardOf(form kit.Form) (proofing.Card, error) {
	if form.Get("document") == "" {
		return proofing.Card{}, errNoDocument.With(nil)
	}
	card := proofing.Card{Document: proofing.Document(form.Get("document")), Number: form.Get("number"),
		Name: form.Get("name"), IssueDate: form.Get("issueDate"), Licence: form.Get("licence"), Image: form.File("image")}
	if card.Document != proofing.DriversLicence {
		card.Licence = "" // the field stands there for all documents where no script hides it
	}
	wanted := []string{"name", "number", "issueDate"}
	if card.Document == proofing.DriversLicence {
		wanted = append(wanted, "licence")
	}
	if err := filled(form, wanted...); err != nil {
		return proofing.Card{}, err
	}
	if len(card.Image) == 0 {
		return proofing.Card{}, errNoPicture.With(nil)
	}
	return card, nil
}

// account is GET /apply/{id}/account.
func (p *Portal) account(w http.ResponseWriter, r *http.Request) {
	p.factor(w, r, proofing.Account, func(_ enrolment.Application, step pages.Step, said kit.Saying) error {
		p.show(w, r, pages.Account{Step: step, Account: said.Typed["account"]})
		return nil
	})
}

// proveAccount is POST /apply/{id}/account.
func (p *Portal) proveAccount(w http.ResponseWriter, r *http.Request) {
	p.proveForm(w, r, proofing.Account, []string{"account", "password"}, []string{"account"},
		func(ctx context.Context, id string, form kit.Form) (enrolment.Application, error) {
			return p.Enrolment.ProveAccount(ctx, p.Sessions.Caller(ctx), id, form.Get("account"), form.Get("password"))
		})
}

// otp is GET /apply/{id}/otp.
func (p *Portal) otp(w http.ResponseWriter, r *http.Request) {
	p.factor(w, r, proofing.OTP, func(_ enrolment.Application, step pages.Step, _ kit.Saying) error {
		p.show(w, r, pages.OTP{Step: step})
		return nil
	})
}

// proveOTP is POST /apply/{id}/otp.
func (p *Portal) proveOTP(w http.ResponseWriter, r *http.Request) {
	p.proveForm(w, r, proofing.OTP, []string{"code"}, nil,
		func(ctx context.Context, id string, form kit.Form) (enrolment.Application, error) {
			return p.Enrolment.ProveOTP(ctx, p.Sessions.Caller(ctx), id, form.Get("code"))
		})
}

// phone is GET /apply/{id}/phone.
func (p *Portal) phone(w http.ResponseWriter, r *http.Request) {
	//nolint:contextcheck // the request is the same
	p.factor(w, r, proofing.Phone, func(a enrolment.Application, step pages.Step, _ kit.Saying) error {
		view := pages.Phone{Step: step}
		var err error
		view.Phone, view.Expires, err = p.Enrolment.PhoneCode(r.Context(), p.Sessions.Caller(r.Context()), a.ID)
		if err != nil {
			return err
		}
		view.Sent = view.Expires.After(p.Now())
		p.show(w, r, view)
		return nil
	})
}

// provePhone is POST /apply/{id}/phone.
func (p *Portal) provePhone(w http.ResponseWriter, r *http.Request) {
	p.proveForm(w, r, proofing.Phone, []string{"code"}, nil,
		func(ctx context.Context, id string, form kit.Form) (enrolment.Application, error) {
			return p.Enrolment.ProvePhone(ctx, p.Sessions.Caller(ctx), id, form.Get("code"))
		})
}

// sendCode is POST /apply/{id}/phone/code.
func (p *Portal) sendCode(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	err := known(id)
	if err == nil {
		_, _, err = p.Enrolment.SendPhoneCode(r.Context(), p.Sessions.Caller(r.Context()), id)
	}
	switch {
	case err == nil:
		p.notice(w, r, applicationPath(id, "phone"), "code-sent")
	case !p.turnedAway(w, r, id, err):
		p.refuse(w, r, applicationPath(id, "phone"), err, kit.Form{})
	}
}

// proveForm proves by a form whose fields must all be filled in.
func (p *Portal) proveForm(w http.ResponseWriter, r *http.Request, factor proofing.Factor, wanted, keep []string,
	do func(ctx context.Context, id string, form kit.Form) (enrolment.Application, error)) {
	form, err := kit.ReadForm(r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	p.prove(w, r, factor, form, keep, func(ctx context.Context, id string) (enrolment.Application, error) {
		if err := filled(form, wanted...); err != nil {
			return enrolment.Application{}, err
		}
		return do(ctx, id, form)
	})
}
