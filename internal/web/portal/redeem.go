package portal

import (
	"encoding/hex"
	"errors"
	"net/http"
	"strings"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
)

// redeemPath is where codes of a branch are entered.
const redeemPath = "/redeem"

// redeem is GET /redeem. Who has entered codes before can go on with that; who is
// logged in sees what waits for codes.
func (p *Portal) redeem(w http.ResponseWriter, r *http.Request) {
	f, said, err := p.frame(w, r)
	view := pages.Redeem{Frame: f, Reference: said.Typed["reference"], Ended: r.URL.Query().Has("ended")}
	if err == nil && f.Visitor != nil {
		view.Waiting, err = p.waiting(r)
	}
	if id, _ := p.Sessions.Redemption(r.Context()); err == nil && id != "" {
		view.Going, err = p.going(r, id)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	p.show(w, r, view)
}

// waiting are the visitor's open applications that were made at a branch.
func (p *Portal) waiting(r *http.Request) ([]pages.Application, error) {
	open, err := p.open(r)
	var waiting []pages.Application
	for _, a := range open {
		if a.Branch != "" {
			waiting = append(waiting, a)
		}
	}
	return waiting, err
}

// going is where one goes on who has entered codes before; empty when that is
// over.
func (p *Portal) going(r *http.Request, id string) (string, error) {
	a, err := p.Enrolment.View(r.Context(), p.Sessions.Caller(r.Context()), id)
	if errors.Is(err, enrolment.ErrUnknown) || err == nil && over(a) {
		return "", nil
	}
	return stepOf(a), err
}

// redeemed is POST /redeem. Whoever is logged in asks as anybody: the session
// that they have ends, and the browser has the one application from then on.
func (p *Portal) redeemed(w http.ResponseWriter, r *http.Request) {
	form, err := kit.ReadForm(r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	a, err := p.enterCodes(r, form)
	if err != nil {
		p.refuse(w, r, redeemPath, err, form, "reference")
		return
	}
	redirect(w, r, stepOf(a))
}

func (p *Portal) enterCodes(r *http.Request, form kit.Form) (enrolment.Application, error) {
	ctx := r.Context()
	var a enrolment.Application
	if err := filled(form, "reference", "code"); err != nil {
		return a, err
	}
	if wait := p.LoginLimit.Take(kit.Address(ctx)); wait > 0 {
		return a, kit.ErrTooMany.With(nil).After(wait)
	}
	anonymous := authz.Caller{Role: authz.Anonymous, Request: kit.RequestID(ctx)}
	id, generation, err := p.Redemptions.Redeem(ctx, anonymous, kit.Network(ctx), form.Get("reference"), form.Get("code"), keysOf(form.Get("keys"))...)
	if err == nil {
		err = p.Sessions.BeginRedemption(ctx, id, generation)
	}
	redeemer := authz.Caller{Role: authz.Redeemer, ID: id, Request: kit.RequestID(ctx)}
	if err == nil {
		a, err = p.Enrolment.View(ctx, redeemer, id)
	}
	if err == nil && a.State == enrolment.Proofed { // nothing is left to be asked but the key
		if _, err = p.Enrolment.KeyRequest(ctx, redeemer, id); err == nil {
			a.State = enrolment.Ready
		}
	}
	return a, err
}

// maxKeys is how many keys of a browser are looked at.
const maxKeys = 16

// keysOf reads the hashes of keys that wait in the browser, as the page's script
// lists them. What is none is left out: it would only have opened what is spent.
func keysOf(list string) (keys [][]byte) {
	for _, field := range strings.Fields(list) {
		if hash, err := hex.DecodeString(field); err == nil && len(hash) == 32 && len(keys) < maxKeys {
			keys = append(keys, hash)
		}
	}
	return keys
}

// holder lets by who is logged in, and who entered the codes of the application
// that the path names. One whose right to it is over learns why.
func (p *Portal) holder(next http.HandlerFunc) http.Handler {
	member := p.member(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if id, _ := p.Sessions.Redemption(r.Context()); id != "" {
			next(w, r)
			return
		}
		if over := p.Sessions.Over(r.Context()); errors.Is(over, kit.ErrRedeemedElsewhere) {
			p.refuse(w, r, redeemPath, over, kit.Form{})
			return
		}
		member.ServeHTTP(w, r)
	})
}

// byCodes says whether a page of an application is for who has its codes, and
// leads a customer who is only logged in to where those are entered.
func (p *Portal) byCodes(w http.ResponseWriter, r *http.Request, a enrolment.Application) (elsewhere bool) {
	if a.Branch() == "" || !a.State.Open() || p.Sessions.Subscriber(r.Context()) == "" {
		return false
	}
	redirect(w, r, redeemPath)
	return true
}
