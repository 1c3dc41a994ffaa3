package portal

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// certificatePath is where a certificate's page is.
func certificatePath(serial string) string { return "/certificates/" + serial }

// actPage shows the page of an act on one certificate, if it may be done now;
// else the certificate's page says why not.
func (p *Portal) actPage(w http.ResponseWriter, r *http.Request, may func(c ca.Record) error,
	show func(f pages.Frame, said kit.Saying, c ca.Record, shown pages.Certificate) error) {
	record, err := p.own(r)
	var f pages.Frame
	var said kit.Saying
	if err == nil {
		if err := may(record); err != nil {
			p.refuse(w, r, certificatePath(record.Serial), err, kit.Form{})
			return
		}
		f, said, err = p.frame(w, r)
	}
	if err == nil {
		err = show(f, said, record, p.brief(r, record, f.Visitor.Name))
	}
	if err != nil {
		kit.Fail(w, r, err)
	}
}

// mayBegin says why an application of a way can't be begun for a certificate.
func (p *Portal) mayBegin(way enrolment.Way) func(c ca.Record) error {
	return func(c ca.Record) error {
		switch way {
		case enrolment.Renew:
			return lifecycle.MayRenew(c, p.RenewalDays(c.Kind), p.Now())
		case enrolment.Reissue:
			return lifecycle.MayReissue(c, p.Now())
		case enrolment.Resume:
			return lifecycle.MayResume(c, p.Now())
		case enrolment.Issue:
		}
		return enrolment.ErrWay.With(nil)
	}
}

// endOf is when a certificate ends after an application of a way.
func endOf(way enrolment.Way, c ca.Record) time.Time {
	if way == enrolment.Renew {
		return lifecycle.RenewedUntil(c.NotAfter, 1)
	}
	return c.NotAfter
}

// begin is GET /certificates/{serial}/renew, /reissue and /resume.
func (p *Portal) begin(way enrolment.Way) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		p.actPage(w, r, p.mayBegin(way), func(f pages.Frame, _ kit.Saying, c ca.Record, shown pages.Certificate) error {
			open, err := p.open(r)
			if err != nil {
				return err
			}
			p.show(w, r, pages.Begin{Frame: f, Way: string(way), Certificate: shown, Then: endOf(way, c),
				Renewable: !p.Now().Before(lifecycle.RenewalOpens(c.NotAfter, p.RenewalDays(c.Kind))),
				Open:      slices.DeleteFunc(open, func(a pages.Application) bool { return a.Kind != string(c.Kind) })})
			return nil
		})
	}
}

// begun is POST of the same: who has such an application goes on with that.
func (p *Portal) begun(way enrolment.Way) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		record, err := p.own(r)
		if err != nil {
			kit.Fail(w, r, err)
			return
		}
		a, err := p.Enrolment.StartFor(r.Context(), p.Sessions.Caller(r.Context()), way, record.Serial)
		if err != nil {
			p.refuse(w, r, certificatePath(record.Serial)+"/"+string(way), err, kit.Form{})
			return
		}
		redirect(w, r, stepOf(a))
	}
}

// suspend is GET /certificates/{serial}/suspend.
func (p *Portal) suspend(w http.ResponseWriter, r *http.Request) {
	p.actPage(w, r, func(c ca.Record) error { return lifecycle.Stands(c.StateAt(p.Now())) },
		func(f pages.Frame, _ kit.Saying, c ca.Record, shown pages.Certificate) error {
			view := pages.Suspend{Frame: f, Certificate: shown, Until: ca.SuspendedUntil(p.Now())}
			if view.Ends = c.NotAfter.Before(view.Until); view.Ends {
				view.Until = c.NotAfter
			}
			p.show(w, r, view)
			return nil
		})
}

// suspended is POST of the same.
func (p *Portal) suspended(w http.ResponseWriter, r *http.Request) {
	p.endUse(w, r, "suspended", func(ctx context.Context, c ca.Record) error {
		_, err := p.Lifecycle.Suspend(ctx, p.Sessions.Caller(ctx), c.Serial, lifecycle.DeskOnline)
		return err
	}, nil)
}

// revoke is GET /certificates/{serial}/revoke.
func (p *Portal) revoke(w http.ResponseWriter, r *http.Request) {
	p.actPage(w, r, func(c ca.Record) error {
		if slices.Contains(p.acts(c), "revoke") {
			return nil
		}
		return lifecycle.Stands(c.StateAt(p.Now()))
	}, func(f pages.Frame, said kit.Saying, _ ca.Record, shown pages.Certificate) error {
		p.show(w, r, pages.Revoke{Frame: f, Certificate: shown, Reason: said.Typed["reason"], Since: said.Typed["since"]})
		return nil
	})
}

// reasons are those that a customer can give, as the form names them.
var reasons = map[string]ca.Reason{
	"key-compromise": ca.KeyCompromise, "cessation": ca.Cessation, "affiliation-changed": ca.AffiliationChanged, "unspecified": ca.Unspecified,
}

// revoked is POST /certificates/{serial}/revoke. The form is judged before the
// one-time password is spent.
func (p *Portal) revoked(w http.ResponseWriter, r *http.Request) {
	form, err := kit.ReadForm(r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	p.endUse(w, r, "revoked", func(ctx context.Context, c ca.Record) error {
		reason, known := reasons[form.Get("reason")]
		since, err := sinceOf(form.Get("since"), c)
		switch {
		case !known:
			return errNoReason.With(nil)
		case err != nil:
			return lifecycle.ErrInvalidity.With(err)
		case form.Get("sure") != "yes":
			return errNotSure.With(nil)
		}
		if err := filled(form, "code"); err != nil {
			return err
		}
		_, err = p.Lifecycle.Revoke(ctx, p.Sessions.Caller(ctx), c.Serial, reason, since, strings.TrimSpace(form.Get("code")))
		return err
	}, map[string]string{"reason": form.Get("reason"), "since": form.Get("since")})
}

// sinceOf reads the day since when the key of a certificate is not its owner's
// alone; empty is not known. The day of issue is meant from the moment of issue
// on: there was no key before.
func sinceOf(day string, c ca.Record) (time.Time, error) {
	if day == "" {
		return time.Time{}, nil
	}
	since, err := seoul.ParseDay(day)
	if err == nil && seoul.StartOfDay(c.NotBefore).Equal(since) {
		since = c.NotBefore
	}
	return since, err
}

// endUse does an act that ends the use of a certificate. What is refused for the
// certificate's state is said on its page, all else on that of the form.
func (p *Portal) endUse(w http.ResponseWriter, r *http.Request, word string, do func(ctx context.Context, c ca.Record) error, typed map[string]string) {
	record, err := p.own(r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	to := certificatePath(record.Serial)
	err = do(r.Context(), record)
	switch {
	case err == nil:
		p.notice(w, r, to, word)
	case overNow(err):
		p.refuse(w, r, to, err, kit.Form{})
	default:
		p.refuseWith(w, r, r.URL.Path, err, typed)
	}
}

// overNow says whether a refusal is about the state of a certificate.
func overNow(err error) bool {
	for _, state := range []error{lifecycle.ErrPending, lifecycle.ErrHeld, lifecycle.ErrSuspended, lifecycle.ErrRevoked, lifecycle.ErrExpired, ca.ErrState} {
		if errors.Is(err, state) {
			return true
		}
	}
	return false
}

// emergencyCode is GET /certificates/{serial}/code.
func (p *Portal) emergencyCode(w http.ResponseWriter, r *http.Request) {
	//nolint:contextcheck // the request is the same
	p.actPage(w, r, func(ca.Record) error { return nil }, func(f pages.Frame, _ kit.Saying, c ca.Record, shown pages.Certificate) error {
		code, err := p.Lifecycle.EmergencyCode(r.Context(), p.Sessions.Caller(r.Context()), c.Serial)
		if err != nil {
			p.refuse(w, r, certificatePath(c.Serial), err, kit.Form{})
			return nil
		}
		p.show(w, r, pages.EmergencyCode{Frame: f, Certificate: shown, Code: plainCode(code)})
		return nil
	})
}

// plainCode is a code without what groups it.
func plainCode(code string) string { return strings.ReplaceAll(code, "-", "") }
