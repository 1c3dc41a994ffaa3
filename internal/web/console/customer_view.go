package console

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
	"github.com/ingam-pki/ingam/internal/web/kit"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// ofAge is the age in years from which one is no minor.
const ofAge = 19

// soon is how many days before its end a certificate is warned about.
const soon = 3

// person is a customer as pages show them at the left.
func (c *Console) person(r *http.Request, lang string, who subscriber.Subscriber, stale bool) pages.Person {
	p := pages.Person{Number: who.CustomerNumber, Name: who.Name, RomanName: who.RomanName, Sort: string(who.Sort),
		Identity: maskedIdentity(who), Birth: who.Birth, Phone: proofing.MaskPhone(who.Phone), Mail: maskMail(who.Mail),
		Branch: who.Branch, BranchName: c.branchName(who.Branch, lang), Deceased: who.Deceased,
		Elsewhere: elsewhere(r, who.Branch), Stale: stale}
	if born, err := time.ParseInLocation("20060102", who.Birth, seoul.Zone); err == nil && who.Sort != subscriber.Corporate {
		p.Minor = c.Now().Before(seoul.AddYears(born, ofAge))
	}
	return p
}

// maskedIdentity is an identity number as pages show it: of a business it is
// public.
func maskedIdentity(who subscriber.Subscriber) string {
	n := who.IdentityNumber
	if who.Sort == subscriber.Corporate && len(n) == 10 {
		return n[:3] + "-" + n[3:5] + "-" + n[5:]
	}
	return pages.Masked(n)
}

// maskMail hides most of an address.
func maskMail(mail string) string {
	name, domain, ok := strings.Cut(mail, "@")
	if !ok || name == "" {
		return ""
	}
	shown := []rune(name)
	return string(shown[:min(2, len(shown))]) + "***@" + domain
}

// customerView is the customer's page.
func (c *Console) customerView(r *http.Request, f pages.Frame, found counter.Customer) (pages.Customer, error) {
	who := found.Subscriber
	view := pages.Customer{Frame: f, Person: c.person(r, f.Lang, who, found.Stale), At: c.Now(), Export: authz.May(me(r).Role, authz.ExportCustomer)}
	working := authz.May(me(r).Role, authz.OpenCase) && !who.Deceased
	for _, record := range found.Certificates {
		if len(record.DER) > 0 { // what is not signed yet is no certificate
			view.Held = append(view.Held, c.held(r, record, who, working))
		}
	}
	if working {
		view.Acts = actsFor(who, view.Held)
	}
	keysFor(&view)
	if err := c.linesInto(r, &view, found.Cases); err != nil {
		return view, err
	}
	for _, e := range found.Events {
		view.History = append(view.History, past(e, found.Certificates))
	}
	for _, a := range found.Applications {
		if a.State.Open() {
			view.Online = append(view.Online, pages.Online{ID: a.ID, Way: string(a.Way), Kind: string(a.Kind), State: string(a.State),
				Branch: a.Branch(), CreatedAt: a.CreatedAt, ExpiresAt: a.ExpiresAt})
		}
	}
	view.Warnings = warnings(view, found, c.Now())
	return view, nil
}

// held is a certificate with what can be done about it here.
func (c *Console) held(r *http.Request, record ca.Record, who subscriber.Subscriber, working bool) pages.Held {
	now, lang := c.Now(), kit.Language(r)
	state := record.StateAt(now)
	h := pages.Held{Serial: record.Serial, Kind: string(record.Kind), State: string(state), NotBefore: record.NotBefore, NotAfter: record.NotAfter,
		Days: seoul.DaysUntil(now, record.NotAfter)}
	switch state {
	case ca.Revoked:
		h.Reason = record.Reason
	case ca.Suspended, ca.Held:
		h.Desk = ca.DeskWord(record.Desk).In(lang)
	case ca.Pending, ca.Valid, ca.Expired:
	}
	if h.Live() {
		if a := lifecycle.Advise(&record, record.Desk != lifecycle.DeskLost, c.Desk.RenewalDays(record.Kind), now); a.Do != lifecycle.DoNothing {
			h.Advice = a.Why.In(lang)
		}
	}
	if !working {
		return h
	}
	here := lifecycle.Branch(me(r).Branch)
	stands := state == ca.Valid || state == ca.Suspended || state == ca.Held
	for _, act := range []struct {
		name counter.Act
		open bool
	}{
		{counter.Renew, lifecycle.MayRenew(record, c.Desk.RenewalDays(record.Kind), now) == nil},
		{counter.Reissue, lifecycle.MayReissueAt(record, here, now) == nil},
		{counter.Suspend, state == ca.Valid},
		{counter.Resume, stands && state != ca.Valid && record.Desk == here},
		{counter.Revoke, stands},
	} {
		if act.open {
			h.Acts = append(h.Acts, pages.Act{Name: string(act.name), Serial: record.Serial, Direct: direct(act.name, who.Sort)})
		}
	}
	return h
}

// direct says whether there is nothing to ask before a case is opened.
func direct(act counter.Act, sort subscriber.Sort) bool {
	if sort == subscriber.Corporate {
		return false
	}
	switch act {
	case counter.Renew, counter.Reissue, counter.Suspend, counter.Resume, counter.Lost:
		return true
	case counter.Issue, counter.Exception, counter.Revoke:
	}
	return false
}

// kindsOf are those that a sort of customer can have.
func kindsOf(sort subscriber.Sort) []string {
	if sort == subscriber.Corporate {
		return []string{string(npki.CorporateBank), string(npki.CorporateGeneral)}
	}
	return []string{string(npki.PersonalBank), string(npki.PersonalGeneral)}
}

// kindsFor are those of which one can be issued, or, as an exception, one more.
func kindsFor(act counter.Act, sort subscriber.Sort, all []pages.Held) []string {
	return slices.DeleteFunc(kindsOf(sort), func(kind string) bool {
		has := slices.ContainsFunc(all, func(h pages.Held) bool { return h.Kind == kind && h.Live() })
		return has != (act == counter.Exception)
	})
}

// actsFor are what can be begun that is about no certificate.
func actsFor(who subscriber.Subscriber, all []pages.Held) (acts []pages.Act) {
	for _, act := range []counter.Act{counter.Issue, counter.Exception} {
		if len(kindsFor(act, who.Sort, all)) > 0 {
			acts = append(acts, pages.Act{Name: string(act)})
		}
	}
	if slices.ContainsFunc(all, func(h pages.Held) bool { return h.State == string(ca.Valid) }) {
		acts = append(acts, pages.Act{Name: string(counter.Lost), Direct: direct(counter.Lost, who.Sort)})
	}
	return acts
}

// actKeys press the buttons of acts.
var actKeys = map[string]string{string(counter.Issue): "i", string(counter.Exception): "e", string(counter.Lost): "l", string(counter.Renew): "r",
	string(counter.Reissue): "j", string(counter.Suspend): "s", string(counter.Resume): "u", string(counter.Revoke): "x"}

// keysFor gives acts their keys: where an act can be about several certificates
// a key would be a guess, so none has one.
func keysFor(view *pages.Customer) {
	count := map[string]int{}
	for _, h := range view.Held {
		for _, a := range h.Acts {
			count[a.Name]++
		}
	}
	for i := range view.Acts {
		view.Acts[i].Key = actKeys[view.Acts[i].Name]
	}
	for _, h := range view.Held {
		for i, a := range h.Acts {
			if count[a.Name] == 1 {
				h.Acts[i].Key = actKeys[a.Name]
			}
		}
	}
}

// linesInto puts a customer's cases into the page.
func (c *Console) linesInto(r *http.Request, view *pages.Customer, cases []counter.Case) error {
	var ids []string
	for _, one := range cases {
		ids = append(ids, one.Handler, one.Maker)
	}
	names, err := c.names(r.Context(), ids)
	if err != nil {
		return err
	}
	for _, one := range cases {
		line := pages.Line{ID: one.ID, Act: string(one.Act), Kind: string(one.Kind), State: string(one.State), Since: one.CreatedAt,
			Handler: names[one.Handler], Maker: names[one.Maker], Mine: one.Handler == me(r).ID, Branch: one.Branch, Finding: one.Finding != 0}
		if one.State.Going() {
			view.Going = append(view.Going, line)
		} else {
			view.Past = append(view.Past, line)
		}
	}
	return nil
}

// past is one line of the history.
func past(e lifecycle.Event, records []ca.Record) pages.Past {
	p := pages.Past{What: string(e.Act), Serial: e.Serial, At: e.At, By: string(e.By()), Branch: lifecycle.BranchOf(e.Desk)}
	switch {
	case e.Act == lifecycle.Suspended && e.Desk == lifecycle.DeskLost:
		p.What = "lost"
	case e.Act == lifecycle.Revoked && e.By() == lifecycle.ByClock:
		p.What = "lapsed"
	case e.Act == lifecycle.Revoked:
		p.Reason = int(e.Reason)
	}
	if i := slices.IndexFunc(records, func(record ca.Record) bool { return record.Serial == e.Serial }); i >= 0 {
		p.Kind = string(records[i].Kind)
	}
	return p
}

// recent is how long a card that could not be confirmed is warned about.
const recent = 30 * 24 * time.Hour

// warnings are what a teller has to see before all else.
func warnings(view pages.Customer, found counter.Customer, now time.Time) (all []pages.Warning) {
	if found.Subscriber.Deceased {
		all = append(all, pages.Warning{What: "deceased", Tone: "danger"})
	}
	lost, suspended := 0, 0
	for _, record := range found.Certificates {
		switch state := record.StateAt(now); {
		case state == ca.Suspended && record.Desk == lifecycle.DeskLost:
			lost++
		case state == ca.Suspended:
			suspended++
		}
	}
	if lost > 0 {
		all = append(all, pages.Warning{What: "lost", Tone: "danger", N: lost})
	}
	if suspended > 0 {
		all = append(all, pages.Warning{What: "suspended", Tone: "warning", N: suspended})
	}
	if slices.ContainsFunc(found.Cases, func(one counter.Case) bool {
		return one.Finding != 0 && one.State != counter.Done && one.State != counter.Approved && now.Sub(one.UpdatedAt) < recent
	}) {
		all = append(all, pages.Warning{What: "finding", Tone: "danger"})
	}
	for _, h := range view.Held {
		if h.State == string(ca.Valid) && h.Days <= soon && h.Advice != "" {
			all = append(all, pages.Warning{Text: h.Advice, Tone: "warning"})
		}
	}
	if view.Person.Minor {
		all = append(all, pages.Warning{What: "minor", Tone: "info"})
	}
	return all
}
