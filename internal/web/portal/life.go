package portal

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/internal/web/portal/pages"
)

// own is the visitor's certificate that the path names. Somebody else's looks
// like one that is not there, and so does one that is not signed yet.
func (p *Portal) own(r *http.Request) (ca.Record, error) {
	return p.ownOf(r, r.PathValue("serial"))
}

func (p *Portal) ownOf(r *http.Request, serial string) (ca.Record, error) {
	if !serialForm.MatchString(serial) {
		return ca.Record{}, ca.ErrNotFound.With(nil)
	}
	record, err := p.Authority.Certificate(r.Context(), p.Sessions.Caller(r.Context()), serial)
	if errors.Is(err, authz.ErrForbidden) || err == nil && len(record.DER) == 0 {
		return ca.Record{}, ca.ErrNotFound.With(err)
	}
	return record, err
}

// records are the visitor's certificates, newest first. What is not signed yet
// is no certificate.
func (p *Portal) records(r *http.Request) ([]ca.Record, error) {
	caller := p.Sessions.Caller(r.Context())
	all, err := p.Authority.CertificatesOf(r.Context(), caller, caller.ID)
	return slices.DeleteFunc(all, func(c ca.Record) bool { return len(c.DER) == 0 }), err
}

// advise says what had best be done about a certificate, or about none.
func (p *Portal) advise(r *http.Request, c *ca.Record, keyAtHand bool) *pages.Advice {
	window := 0
	if c != nil {
		window = p.RenewalDays(c.Kind)
	}
	a := lifecycle.Advise(c, keyAtHand, window, p.Now())
	shown := &pages.Advice{Do: string(a.Do), Why: a.Why.In(kit.Language(r)), Days: a.DaysLeft}
	if c != nil {
		shown.Serial, shown.Renewed = c.Serial, lifecycle.RenewedUntil(c.NotAfter, 1)
		shown.Ends = a.DaysLeft <= 1 && a.Do != lifecycle.DoIssue
	}
	return shown
}

// next is the advice that stands beside a certificate, where nobody was asked
// about its key: one that was reported lost has none. Nothing is advised about
// what is over.
func (p *Portal) next(r *http.Request, c ca.Record) *pages.Advice {
	if state := c.StateAt(p.Now()); state == ca.Revoked || state == ca.Expired {
		return nil
	}
	return p.advise(r, &c, c.Desk != lifecycle.DeskLost)
}

// acts are what the owner of a certificate can do with it now.
func (p *Portal) acts(c ca.Record) (acts []string) {
	now := p.Now()
	state := c.StateAt(now)
	for _, act := range []struct {
		name string
		open bool
	}{
		{"renew", lifecycle.MayRenew(c, p.RenewalDays(c.Kind), now) == nil},
		{"resume", lifecycle.MayResume(c, now) == nil},
		{"reissue", lifecycle.MayReissue(c, now) == nil},
		{"suspend", state == ca.Valid},
		{"revoke", state == ca.Valid || state == ca.Suspended || state == ca.Held},
		{"code", state == ca.Valid},
	} {
		if act.open {
			acts = append(acts, act.name)
		}
	}
	return acts
}

// histories are what happened to the visitor's certificates, by serial.
func (p *Portal) histories(r *http.Request) (map[string][]lifecycle.Event, error) {
	caller := p.Sessions.Caller(r.Context())
	all, err := p.Lifecycle.History(r.Context(), caller, caller.ID)
	by := map[string][]lifecycle.Event{}
	for _, e := range all {
		by[e.Serial] = append(by[e.Serial], e)
	}
	return by, err
}

// eventsOf is a history as it is shown, and the serial of what took the
// certificate's place, if anything did.
func (p *Portal) eventsOf(r *http.Request, history []lifecycle.Event) (shown []pages.Event, replacedBy string) {
	for _, e := range history {
		one := pages.Event{What: string(e.Act), At: e.At, By: string(e.By())}
		switch {
		case e.Act == lifecycle.Suspended && e.Desk == lifecycle.DeskLost:
			one.What = "lost"
		case e.Act == lifecycle.Revoked && e.By() == lifecycle.ByClock:
			one.What = "lapsed"
		case e.Act == lifecycle.Revoked:
			one.Reason = int(e.Reason)
		case e.Act == lifecycle.Replaced:
			replacedBy = e.Other
		}
		one.Desk, _ = strings.CutPrefix(e.Desk, lifecycle.Branch(""))
		if one.Desk == e.Desk {
			one.Desk = "" // no branch
		}
		if b, err := p.Branches.ByNumber(one.Desk); err == nil {
			one.DeskName = b.Name.In(kit.Language(r))
		}
		shown = append(shown, one)
	}
	return shown, replacedBy
}

// certificates is GET /certificates: everything that was issued to the visitor,
// wherever its key is.
func (p *Portal) certificates(w http.ResponseWriter, r *http.Request) {
	f, _, err := p.frame(w, r)
	var records []ca.Record
	if err == nil {
		records, err = p.records(r)
	}
	var histories map[string][]lifecycle.Event
	if err == nil {
		histories, err = p.histories(r)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	view := pages.Certificates{Frame: f}
	for _, record := range records {
		c := p.brief(r, record, f.Visitor.Name)
		c.Next = p.next(r, record)
		c.Events, c.ReplacedBy = p.eventsOf(r, histories[record.Serial])
		view.Certificates = append(view.Certificates, c)
	}
	p.show(w, r, view)
}

// certificate is GET /certificates/{serial}.
func (p *Portal) certificate(w http.ResponseWriter, r *http.Request) {
	record, err := p.own(r)
	var f pages.Frame
	if err == nil {
		f, _, err = p.frame(w, r)
	}
	var histories map[string][]lifecycle.Event
	if err == nil {
		histories, err = p.histories(r)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	c := p.full(r, record)
	c.Next, c.Acts = p.next(r, record), p.acts(record)
	c.Events, c.ReplacedBy = p.eventsOf(r, histories[record.Serial])
	p.show(w, r, pages.CertificateView{Frame: f, Certificate: c})
}

// urgent is the certificate whose owner had best do something now, the one that
// ends first; nil when there is none.
func (p *Portal) urgent(r *http.Request, owner string) (*pages.Certificate, error) {
	records, err := p.records(r)
	var first *pages.Certificate
	for _, record := range records {
		advice := p.next(r, record)
		if advice == nil || advice.Href() == "" || first != nil && !record.NotAfter.Before(first.NotAfter) {
			continue
		}
		c := p.brief(r, record, owner)
		c.Next = advice
		first = &c
	}
	return first, err
}

// advice is GET /advice: which certificate, whether its key is at hand, and
// then what to do. The answers stand in the address: ?certificate=SERIAL&have=yes.
func (p *Portal) advice(w http.ResponseWriter, r *http.Request) {
	f, _, err := p.frame(w, r)
	var records []ca.Record
	if err == nil {
		records, err = p.records(r)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	view := pages.Advise{Frame: f}
	asked := p.askable(records)
	view.Several = len(asked) > 1
	query := r.URL.Query()
	chosen := slices.IndexFunc(records, func(c ca.Record) bool { return c.Serial == query.Get("certificate") })
	switch {
	case len(records) == 0:
		view.Advice = p.advise(r, nil, false)
	case chosen >= 0:
		p.adviseOn(r, &view, records[chosen], query.Get("have"))
	case len(asked) == 1:
		p.adviseOn(r, &view, asked[0], query.Get("have"))
	default:
		for _, c := range asked {
			view.Certificates = append(view.Certificates, p.brief(r, c, f.Visitor.Name))
		}
	}
	p.show(w, r, view)
}

// adviseOn advises about one certificate, or asks about its key where that
// makes a difference.
func (p *Portal) adviseOn(r *http.Request, view *pages.Advise, c ca.Record, have string) {
	shown := p.brief(r, c, view.Visitor.Name)
	view.Certificate = &shown
	yes, no := p.advise(r, &c, true), p.advise(r, &c, false)
	switch {
	case have == "yes" || yes.Do == no.Do:
		view.Advice = yes
	case have == "no":
		view.Advice = no
	}
}

// askable are the certificates that one may want advice about: those that are
// not over, or when all are, the one that was issued last.
func (p *Portal) askable(records []ca.Record) []ca.Record {
	live := slices.DeleteFunc(slices.Clone(records), func(c ca.Record) bool { return !p.alive(c) })
	if len(live) == 0 && len(records) > 0 {
		return records[:1]
	}
	return live
}
