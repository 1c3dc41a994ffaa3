package console

import (
	"net/http"
	"slices"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/internal/web/console/pages"
	"github.com/ingam-pki/ingam/internal/web/kit"
)

// showCase is GET /console/cases/{id}.
func (c *Console) showCase(w http.ResponseWriter, r *http.Request) {
	id, err := caseOf(r)
	var sheet counter.Sheet
	if err == nil {
		sheet, err = c.Desk.Counter.Sheet(r.Context(), caller(r), id)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	f, said, err := c.frame(w, r)
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	view := c.caseView(r, f, sheet)
	view.Typed = said.Typed
	if view.Decide || view.CaseOver() && authz.May(me(r).Role, authz.DecideCase) && sheet.Case.Decider == me(r).ID {
		view.Next, err = c.nextToDecide(r, id)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	c.show(w, r, view)
}

// caseView is a case as its page shows it.
func (c *Console) caseView(r *http.Request, f pages.Frame, sheet counter.Sheet) pages.Case {
	one, who, names := sheet.Case, me(r), sheet.Names
	view := pages.Case{
		Frame: f, ID: one.ID, Person: c.person(r, f.Lang, sheet.Subscriber, false), Act: string(one.Act), Kind: string(one.Kind),
		Serial: one.Serial, Visitor: string(one.Visitor), VisitorName: one.VisitorName, Why: one.Why, Since: one.Invalidity,
		State: string(one.State), Revision: one.Revision, Branch: one.Branch, BranchName: c.branchName(one.Branch, f.Lang),
		Maker: names[one.Maker], Handler: names[one.Handler], Decider: names[one.Decider], Note: one.Note,
		CreatedAt: one.CreatedAt, UpdatedAt: one.UpdatedAt, SubmittedAt: one.SubmittedAt, DecidedAt: one.DecidedAt,
		NextCheckAt: one.NextCheckAt, ExpiresAt: one.ExpiresAt,
		Documents: documents(one, sheet.Subscriber), Finding: finding(one, f.Lang), Protects: one.Act.Protects(),
		Stuck: one.State == counter.Open && one.Failed >= counter.MaxFailed,
	}
	if one.Act == counter.Revoke {
		view.Reason = one.Reason.String()
	}
	if one.Proof != nil {
		view.Proof = proofOf(*one.Proof)
	}
	view.Papers = papersOf(one, sheet.Subscriber.Sort, names)
	for _, a := range one.Attached {
		view.Scans = append(view.Scans, pages.Scan{ID: a.ID, Paper: string(a.Paper), Bytes: a.Bytes, Width: a.Width, Height: a.Height, By: names[a.By], At: a.At})
	}
	if one.Act.MakesKey() {
		view.Terms = c.termsOf(one, f.Lang)
	}
	for _, n := range sheet.Needs {
		if n.What != counter.NeedConsent {
			view.Needs = append(view.Needs, n.Word().In(f.Lang))
		}
	}
	if one.Application != "" {
		codes := codesOf(sheet.Codes, names)
		view.Codes = &codes
	}
	rights(&view, one, who.Caller(""))
	return view
}

// rights are what who is logged in may do with a case. The service asks again.
func rights(view *pages.Case, one counter.Case, who authz.Caller) {
	object := authz.Object{Owner: one.SubscriberID, Branch: one.Branch, Maker: one.Maker, Application: one.Application}
	may := func(act authz.Act) bool { return authz.AllowOn(who, act, object) == nil }
	view.Mine = one.Handler == who.ID && may(authz.WorkOnCase)
	view.Takeable = one.Handler != who.ID && (one.State == counter.Open || one.State == counter.Waiting) && may(authz.TakeCase)
	view.Withdraw = one.State.Going() && may(authz.WithdrawCase) && (view.Mine && one.State != counter.Approved ||
		one.State == counter.Approved && who.Role == authz.Supervisor && one.Application != "")
	second := one.Submitter
	if view.Stuck {
		second = one.Handler
	}
	view.Decide = (one.State == counter.Submitted || view.Stuck) && may(authz.DecideCase) && second != who.ID
	switch {
	case view.Decide:
	case who.Self != "" && who.Self == one.SubscriberID:
		view.NotMine = "self"
	case who.Role == authz.Supervisor && (one.Maker == who.ID || second == who.ID):
		view.NotMine = "own"
	default:
		view.NotMine = "teller"
	}
}

// documents are the cards that can be shown.
func documents(one counter.Case, who subscriber.Subscriber) []string {
	switch {
	case one.Visitor != counter.Oneself:
		return []string{string(proofing.ResidentCard), string(proofing.DriversLicence), string(proofing.Passport), string(proofing.AlienCard)}
	case who.Sort == subscriber.Foreigner:
		return []string{string(proofing.AlienCard), string(proofing.DriversLicence)}
	}
	return []string{string(proofing.ResidentCard), string(proofing.DriversLicence), string(proofing.Passport)}
}

// shownFacts are those of a proof that say something to people, in order.
var shownFacts = []string{"document", "transaction", "pictureType", "pictureBytes"}

func proofOf(p proofing.Proof) *pages.Proof {
	shown := &pages.Proof{At: p.At}
	for _, key := range shownFacts {
		if value := p.Evidence[key]; value != "" {
			shown.Facts = append(shown.Facts, pages.ProofFact{Key: key, Value: value})
		}
	}
	return shown
}

// papersOf is the table of papers: those that are needed, and the others.
func papersOf(one counter.Case, sort subscriber.Sort, names map[string]string) (all []pages.Paper) {
	needed := counter.NeededFor(sort, one.Visitor, one.Act)
	for _, p := range counter.Papers {
		line := pages.Paper{Name: string(p)}
		if i := slices.IndexFunc(needed, func(n counter.Needed) bool { return n.Paper == p }); i >= 0 {
			line.Needed, line.Scan = true, needed[i].Scan
		}
		if i := slices.IndexFunc(one.Seen, func(s counter.Seen) bool { return s.Paper == p }); i >= 0 {
			line.SeenBy, line.SeenAt, line.Number = names[one.Seen[i].By], one.Seen[i].At, one.Seen[i].Number
		}
		for _, a := range one.Attached {
			if a.Paper == p {
				line.Scans++
			}
		}
		all = append(all, line)
	}
	return all
}

// termsOf are the texts that the customer signs.
func (c *Console) termsOf(one counter.Case, lang string) (all []pages.Terms) {
	for _, t := range c.Desk.Terms(one.Kind) {
		line := pages.Terms{Name: t.Name, Title: t.Title, Version: t.Version, Required: t.Required}
		if lang == "en" {
			line.Title = t.TitleEN
		}
		line.Agreed = slices.ContainsFunc(one.Consents, func(given enrolment.Consent) bool { return given.Terms == t.Name })
		all = append(all, line)
	}
	return all
}

// findings are the refusals that the check of a card can end in.
var findings = []*fault.Fault{
	proofing.ErrCounterMismatch, proofing.ErrCounterLost, proofing.ErrCounterExpired, proofing.ErrCounterUnreadable,
	proofing.ErrCounterNumber, proofing.ErrCounterBirth, proofing.ErrCounterName, proofing.ErrVisitorName, proofing.ErrCounterLocked,
}

// finding is what the last check found, as far as a page says it: of a case that
// is over only what ended it.
func finding(one counter.Case, lang string) *pages.CardFinding {
	if f := one.Notice(); f != nil && one.State != counter.Waiting {
		what, todo := f.Public(lang)
		return &pages.CardFinding{Title: what, Detail: todo, Code: f.Number}
	}
	for _, f := range findings {
		if one.State.Going() && f.Number == one.Finding {
			// What to do is said with the refusal: it counts what is left of the tries.
			what, _ := f.With(nil).Public(lang)
			return &pages.CardFinding{Title: what, Code: f.Number}
		}
	}
	return nil
}

// standing is GET /console/cases/{id}/state.json: what the page asks again and
// again.
func (c *Console) standing(w http.ResponseWriter, r *http.Request) {
	id, err := caseOf(r)
	var now counter.Standing
	if err == nil {
		now, err = c.Desk.Counter.Standing(r.Context(), caller(r), id)
	}
	if err != nil {
		kit.Fail(w, r, err)
		return
	}
	lang := kit.Language(r)
	answer := map[string]any{"state": now.State, "revision": now.Revision, "word": c.pages.Text(lang, "state."+string(now.State))}
	if codes := codesOf(now.Codes, nil); codes.Handed > 0 || now.State == counter.Approved {
		answer["codes"] = codes.State(c.Now())
		answer["codesWord"] = c.pages.Text(lang, "b.codes."+codes.State(c.Now()))
	}
	kit.WriteJSON(w, r, http.StatusOK, answer)
}
