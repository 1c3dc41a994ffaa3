package counter

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/lifecycle"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/pki/npki"
)

// Wish is what a case is opened with.
type Wish struct {
	CustomerNumber string // the core bank's
	Act            Act
	Kind           npki.Kind // of Issue and Exception
	Serial         string    // of the certificate that the other acts are about; not of Lost
	Visitor        Visitor
	VisitorName    string    // of a representative or proxy: as their card has it
	Why            string    // asked of Exception; up to 500 characters
	Reason         ca.Reason // of Revoke
	Invalidity     time.Time // of Revoke; zero when not known
	Explained      string    // why another branch's customer is looked at; see Customer
}

// Open begins a case at the caller's branch. The caller works on it from then
// on. Refusals: ErrWish with the field, ErrGoing with the case that is going
// for the same, ErrDeceased, those of lifecycle and enrolment for what can't be
// done with a certificate, authz.ErrUnexplained, ErrManyLooks.
//
// The core bank is asked who the customer is. When it does not answer, what
// makes no key goes on with how the customer was known before.
func (s *Service) Open(ctx context.Context, caller authz.Caller, w Wish) (Case, error) {
	c, who, err := s.open(ctx, caller, w)
	if err != nil {
		object := "case"
		if who.ID != "" {
			object = "subscriber:" + who.ID
		}
		return Case{}, s.refused(ctx, caller, authz.OpenCase, object, err)
	}
	return c, nil
}

func (s *Service) open(ctx context.Context, caller authz.Caller, w Wish) (c Case, who subscriber.Subscriber, err error) {
	if err := authz.AllowOn(caller, authz.OpenCase, authz.Object{Branch: caller.Branch}); err != nil {
		return c, who, err
	}
	if w, err = w.tidy(); err != nil {
		return c, who, err
	}
	if err := s.chargeLook(ctx, caller); err != nil {
		return c, who, err
	}
	who, stale, err := s.meet(ctx, caller, w.CustomerNumber)
	if err == nil {
		c, err = s.openFor(ctx, caller, w, who, stale)
	}
	return c, who, err
}

// openFor opens a case for a customer; stale is why they are only known from
// before.
func (s *Service) openFor(ctx context.Context, caller authz.Caller, w Wish, who subscriber.Subscriber, stale error) (Case, error) {
	if stale != nil && w.Act.MakesKey() {
		return Case{}, stale
	}
	if err := s.mayLook(caller, who, w.Explained); err != nil {
		return Case{}, err
	}
	if err := authz.AllowOn(caller, authz.OpenCase, authz.Object{Owner: who.ID, Branch: caller.Branch}); err != nil {
		return Case{}, err
	}
	if err := w.fits(who); err != nil {
		return Case{}, err
	}
	now := s.now()
	c := Case{ID: rand.Text(), Branch: caller.Branch, SubscriberID: who.ID, Act: w.Act, Kind: w.Kind, Serial: w.Serial,
		Visitor: w.Visitor, VisitorName: w.VisitorName, Why: w.Why, Reason: w.Reason, Invalidity: w.Invalidity,
		State: Open, Maker: caller.ID, Handler: caller.ID, CreatedAt: now, UpdatedAt: now, ExpiresAt: now.Add(OpenLasts)}
	if err := s.mayDo(ctx, who, &c); err != nil {
		return Case{}, err
	}
	return c, s.create(ctx, caller, c, w.Explained)
}

func (s *Service) create(ctx context.Context, caller authz.Caller, c Case, explained string) error {
	clock := clockCaller(caller)
	if err := s.endOverdue(ctx, clock, c); err != nil {
		return err
	}
	err := s.Register.InTx(ctx, func(ctx context.Context) error {
		err := s.record(ctx, caller, authz.OpenCase, c.ID, "act", string(c.Act), "kind", string(c.Kind), "serial", c.Serial,
			"subscriber", c.SubscriberID, "visitor", string(c.Visitor), "why", explained)
		if err != nil {
			return err
		}
		return s.Register.CreateCase(ctx, c)
	})
	if errors.Is(err, ErrOpenCase) {
		return s.going(ctx, c)
	}
	return err
}

// going is the refusal of a second case for the same; it names the first.
func (s *Service) going(ctx context.Context, c Case) error {
	all, err := s.Register.CasesOf(ctx, c.SubscriberID, maxCases)
	if err != nil {
		return fmt.Errorf("finding the case that is going: %w", err)
	}
	for _, other := range all {
		if other.State.Going() && other.Act == c.Act && other.About() == c.About() {
			return ErrGoing.With(ErrOpenCase, "case", other.ID)
		}
	}
	return ErrChanged.With(ErrOpenCase) // it has ended since
}

// endOverdue writes what the clock has brought about for the customer's cases
// for the same, so that a lapsed one is in nobody's way.
func (s *Service) endOverdue(ctx context.Context, caller authz.Caller, c Case) error {
	all, err := s.Register.CasesOf(ctx, c.SubscriberID, maxCases)
	if err != nil {
		return fmt.Errorf("finding a customer's cases: %w", err)
	}
	for _, other := range all {
		if other.State.Going() && other.Act == c.Act && other.About() == c.About() {
			if _, err := s.follow(ctx, caller, other); err != nil {
				return err
			}
		}
	}
	return nil
}

// About is what a customer has one going case of an act for: a certificate, or
// a kind; empty for Lost.
func (c Case) About() string {
	if c.Serial != "" {
		return c.Serial
	}
	return string(c.Kind)
}

// Bounds of what is typed.
const (
	maxName    = 60  // characters
	maxWhy     = 500 // characters
	minWhy     = 5
	maxExplain = 200
	maxCases   = 200 // of one customer, in one look
)

// kinds are those of which there are certificates.
var kinds = []npki.Kind{npki.PersonalBank, npki.PersonalGeneral, npki.CorporateBank, npki.CorporateGeneral}

func wrong(field string) error {
	return ErrWish.With(nil, "field", field).Word("field", fieldWords[field])
}

// fieldWords are the fields of a wish as people call them.
var fieldWords = map[string]fault.Text{
	"act": {KO: "업무", EN: "what for"}, "kind": {KO: "인증서 종류", EN: "kind of certificate"}, "serial": {KO: "인증서", EN: "certificate"},
	"visitor": {KO: "온 사람", EN: "who came"}, "visitorName": {KO: "온 사람의 이름", EN: "name of who came"},
	"why": {KO: "사유", EN: "reason"}, "reason": {KO: "폐지 사유", EN: "reason of the revocation"}, "card": {KO: "신분증 정보", EN: "the card's entries"},
}

// tidy checks what can be checked of a wish alone.
func (w Wish) tidy() (Wish, error) {
	w.VisitorName, w.Why, w.Explained = strings.TrimSpace(w.VisitorName), strings.TrimSpace(w.Why), strings.TrimSpace(w.Explained)
	w.Serial = strings.ToLower(strings.TrimSpace(w.Serial))
	if w.Act != Revoke {
		w.Reason, w.Invalidity = ca.Unspecified, time.Time{}
	}
	switch {
	case !slices.Contains(Acts, w.Act):
		return w, wrong("act")
	case !plain(w.VisitorName, 0, maxName):
		return w, wrong("visitorName")
	case !plain(w.Why, 0, maxWhy), w.Act == Exception && !plain(w.Why, minWhy, maxWhy):
		return w, wrong("why")
	case w.Act == Lost && (w.Serial != "" || w.Kind != ""):
		return w, wrong("serial")
	case w.Act == Issue || w.Act == Exception:
		if w.Serial != "" {
			return w, wrong("serial")
		}
		if !slices.Contains(kinds, w.Kind) {
			return w, wrong("kind")
		}
	case w.Act != Lost && (w.Serial == "" || len(w.Serial) > maxID):
		return w, wrong("serial")
	}
	if _, err := ca.ParseReason(w.Reason.String()); err != nil {
		return w, wrong("reason")
	}
	return w, nil
}

// plain says whether a text has so many characters and nothing that is not
// printed.
func plain(text string, least, most int) bool {
	n := utf8.RuneCountInString(text)
	return n >= least && n <= most && utf8.ValidString(text) &&
		!strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' })
}

// fits checks a wish against who the customer is.
func (w Wish) fits(who subscriber.Subscriber) error {
	switch {
	case who.Deceased:
		return ErrDeceased
	case !slices.Contains(Visitors(who.Sort), w.Visitor):
		return wrong("visitor")
	case (w.Visitor == Oneself) != (w.VisitorName == ""):
		return wrong("visitorName")
	}
	return nil
}

// mayDo says early what would be refused at the end, and fills in the kind.
func (s *Service) mayDo(ctx context.Context, who subscriber.Subscriber, c *Case) error {
	if c.Act == Lost {
		return nil
	}
	if c.Act == Issue || c.Act == Exception {
		return s.mayIssue(ctx, who, *c)
	}
	r, err := s.Holdings.Certificate(ctx, c.Serial)
	if errors.Is(err, ca.ErrNoCertificate) || err == nil && r.SubscriberID != who.ID {
		return ca.ErrNotFound.With(err)
	}
	if err != nil {
		return fmt.Errorf("reading a certificate: %w", err)
	}
	if c.Kind != "" && c.Kind != r.Kind {
		return wrong("kind")
	}
	c.Kind = r.Kind
	now := s.now()
	switch state := r.StateAt(now); c.Act {
	case Renew, Reissue:
		return s.Enrolment.MayApplyAtBranch(ctx, who, c.application())
	case Suspend:
		return lifecycle.Stands(state)
	case Resume:
		return mayResume(r, state, c.Branch)
	case Revoke:
		if !c.Invalidity.IsZero() && (c.Invalidity.After(now) || c.Invalidity.Before(r.NotBefore)) {
			return lifecycle.ErrInvalidity
		}
		if state == ca.Suspended || state == ca.Held {
			return nil
		}
		return lifecycle.Stands(state)
	case Issue, Exception, Lost:
	}
	return nil
}

// mayResume: at the desk that suspended only.
func mayResume(r ca.Record, state ca.State, branch string) error {
	switch {
	case state == ca.Valid:
		return lifecycle.ErrValid
	case state != ca.Suspended && state != ca.Held:
		return lifecycle.Stands(state)
	case r.Desk != lifecycle.Branch(branch):
		return ca.ErrDesk.With(nil, "desk", r.Desk).Word("desk", ca.DeskWord(r.Desk))
	}
	return nil
}

func (s *Service) mayIssue(ctx context.Context, who subscriber.Subscriber, c Case) error {
	if err := s.Enrolment.MayApplyAtBranch(ctx, who, c.application()); err != nil || c.Act == Issue {
		return err
	}
	all, err := s.Holdings.CertificatesOf(ctx, who.ID)
	if err != nil {
		return fmt.Errorf("finding certificates: %w", err)
	}
	for _, r := range all {
		switch r.StateAt(s.now()) {
		case ca.Pending, ca.Held, ca.Valid, ca.Suspended:
			if r.Kind == c.Kind {
				return nil
			}
		case ca.Revoked, ca.Expired:
		}
	}
	return ErrNoException
}

// application is the application that a case ends in.
func (c Case) application() enrolment.AtBranch {
	at := enrolment.AtBranch{Branch: c.Branch, SubscriberID: c.SubscriberID, Kind: c.Kind, Serial: c.Serial, Consents: c.Consents}
	if c.Proof != nil {
		at.Proofs = append(at.Proofs, *c.Proof)
	}
	switch c.Act {
	case Issue:
		at.Way = enrolment.Issue
	case Exception:
		at.Way, at.Exception = enrolment.Issue, c.ID // replaced by that of the approved exception
	case Renew:
		at.Way = enrolment.Renew
	case Reissue:
		at.Way = enrolment.Reissue
	case Revoke, Suspend, Resume, Lost:
	}
	return at
}

// meet gives a customer as the core bank knows them now; stale is why it could
// not be asked, when they are known from before.
func (s *Service) meet(ctx context.Context, caller authz.Caller, number string) (who subscriber.Subscriber, stale, err error) {
	if number == "" || len(number) > maxID {
		return who, nil, subscriber.ErrNoCustomer
	}
	who, err = s.People.Meet(ctx, caller, number)
	if err == nil || fault.Of(err).Kind != fault.Unavailable {
		return who, nil, err
	}
	stale = err
	who, err = s.Known.ByCustomerNumber(ctx, number)
	if errors.Is(err, subscriber.ErrUnknown) {
		return who, nil, stale
	}
	return who, stale, err
}

// mayLook says whether a caller may look at a customer: who is another branch's
// is looked at for a reason. Whom no branch looks after any may.
func (s *Service) mayLook(caller authz.Caller, who subscriber.Subscriber, why string) error {
	if why != "" && !plain(why, minWhy, maxExplain) {
		return ErrWhy
	}
	of := who.Branch
	if of == "" {
		of = caller.Branch
	}
	return authz.AllowOn(caller, authz.ViewCustomer, authz.Object{Owner: who.ID, Branch: of, Explained: why != ""})
}
