// Package printout gives what the papers of a case say (the application form,
// the terms to sign, the slip with the codes) to who may print them. How they
// look is the console's.
//
//	p, err := s.Print(ctx, teller, caseID, printout.Form)
//
// It changes nothing, and each printing is an entry in the audit log.
package printout

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/counter"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/pki/npki"
)

// Paper is a document that is printed of a case.
type Paper string

// The papers.
const (
	Form    Paper = "form"    // 신청서
	Consent Paper = "consent" // 약관 동의서: of an act that makes a key
	Slip    Paper = "slip"    // 참조번호·인가코드 안내: while the case waits for its customer
)

// The refusals.
var (
	// ErrNone refuses a paper that a case doesn't have, or not as it stands.
	ErrNone = fault.Define(2491, "print-no-such-paper", fault.Conflict,
		fault.Text{KO: "지금 이 건에서 출력할 수 없는 서류예요.", EN: "This case has no such paper to print as it stands."},
		fault.Text{KO: "건의 상태를 확인해 주세요. 동의서는 열쇠를 만드는 업무에, 안내는 승인된 건에만 있어요.", EN: "Please check how the case stands: terms belong to acts that make a key, the slip to an approved case."})
	// ErrOldTerms refuses terms that were signed in a version that is not kept
	// ready any more.
	ErrOldTerms = fault.Define(2492, "print-terms-old", fault.Gone,
		fault.Text{KO: "고객이 서명한 뒤에 약관이 바뀌어서 같은 글로 출력할 수 없어요.", EN: "The terms have changed since the customer signed them, so the same text can't be printed."},
		fault.Text{KO: "보관하고 있는 서명본을 써 주세요.", EN: "Please use the signed copy on file."})
)

// cases knows cases; the store does.
type cases interface {
	// Case gives counter.ErrNoCase when there is none.
	Case(ctx context.Context, id string) (counter.Case, error)
}

// people knows customers; the store does.
type people interface {
	Subscriber(ctx context.Context, id string) (subscriber.Subscriber, error)
}

// texts knows what customers agree to; enrolment.Service does.
type texts interface {
	Terms(kind npki.Kind) []enrolment.Terms
}

// names knows who works here; staff.Service does.
type names interface {
	Names(ctx context.Context, ids []string) (map[string]string, error)
}

// recorder is the audit log.
type recorder interface {
	Record(ctx context.Context, caller authz.Caller, act authz.Act, object string, detail ...string) error
	Refuse(ctx context.Context, caller authz.Caller, act authz.Act, object string, outcome audit.Outcome, err error) error
}

// Config is what a Service works with.
type Config struct {
	Cases  cases
	People people
	Texts  texts
	Names  names
	Log    recorder
}

// Service is safe for use by many goroutines. Make it with New.
type Service struct{ Config }

// New makes a Service.
func New(c Config) *Service { return &Service{Config: c} }

// Terms is one text of a consent, and whether it was agreed to.
type Terms struct {
	enrolment.Terms
	Agreed bool // false, too, where nobody has said anything yet
}

// Printout is what a paper says. It holds personal data.
type Printout struct {
	Case     counter.Case
	Customer subscriber.Subscriber
	Names    map[string]string // of staff, by id: of who opened the case, works on it, decided
	Terms    []Terms           // of a Consent, in the order in which they are read
	Signed   bool              // of a Consent: the case has the customer's word already
}

// Print gives what a paper of a case says. The entry in the audit log comes
// first: what can't be recorded isn't shown.
func (s *Service) Print(ctx context.Context, caller authz.Caller, caseID string, p Paper) (Printout, error) {
	out, err := s.print(ctx, caller, caseID, p)
	if err != nil {
		return Printout{}, s.refused(ctx, caller, object(caseID), err)
	}
	return out, nil
}

func (s *Service) print(ctx context.Context, caller authz.Caller, caseID string, p Paper) (Printout, error) {
	c, err := s.read(ctx, caseID)
	if err != nil {
		return Printout{}, err
	}
	of := authz.Object{Owner: c.SubscriberID, Application: c.Application, Branch: c.Branch}
	if err := authz.AllowOn(caller, authz.PrintPaper, of); err != nil {
		return Printout{}, err
	}
	out := Printout{Case: c}
	switch p {
	case Form:
	case Consent:
		if out.Terms, out.Signed, err = s.terms(c); err != nil {
			return Printout{}, err
		}
	case Slip:
		if !c.Act.MakesKey() || c.State != counter.Approved {
			return Printout{}, ErrNone
		}
	default:
		return Printout{}, ErrNone
	}
	if err := s.Log.Record(ctx, caller, authz.PrintPaper, object(c.ID), "paper", string(p), "subscriber", c.SubscriberID); err != nil {
		return Printout{}, fmt.Errorf("recording a printing: %w", err)
	}
	if out.Customer, err = s.People.Subscriber(ctx, c.SubscriberID); err != nil {
		return Printout{}, fmt.Errorf("reading a subscriber: %w", err)
	}
	out.Names, err = s.named(ctx, c.Maker, c.Handler, c.Decider)
	return out, err
}

const maxID = 64 // ids have 26 letters

func (s *Service) read(ctx context.Context, id string) (counter.Case, error) {
	if id == "" || len(id) > maxID {
		return counter.Case{}, counter.ErrUnknown
	}
	c, err := s.Cases.Case(ctx, id)
	if errors.Is(err, counter.ErrNoCase) {
		return counter.Case{}, counter.ErrUnknown.With(err)
	}
	if err != nil {
		return counter.Case{}, fmt.Errorf("reading a case: %w", err)
	}
	return c, nil
}

// terms are those of a case: what was signed, else what is to be signed today.
func (s *Service) terms(c counter.Case) ([]Terms, bool, error) {
	today := s.Texts.Terms(c.Kind)
	if !c.Act.MakesKey() || len(today) == 0 {
		return nil, false, ErrNone
	}
	list := make([]Terms, len(today))
	for i, t := range today {
		list[i].Terms = t
	}
	for _, given := range c.Consents {
		i := slices.IndexFunc(list, func(t Terms) bool { return t.Name == given.Terms && t.SHA256 == given.SHA256 })
		if i < 0 {
			return nil, false, ErrOldTerms
		}
		list[i].Agreed = true
	}
	return list, len(c.Consents) > 0, nil
}

func (s *Service) named(ctx context.Context, ids ...string) (map[string]string, error) {
	ids = slices.DeleteFunc(ids, func(id string) bool { return id == "" })
	found, err := s.Names.Names(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("finding names: %w", err)
	}
	return found, nil
}

// object names a case in the audit log. What can't be an id isn't written down.
func object(id string) string {
	if len(id) > maxID || strings.ContainsFunc(id, func(r rune) bool { return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') }) {
		return "case:?"
	}
	return "case:" + id
}

// refused records a refusal and gives it on. What is no fault is a defect or a
// broken dependency.
func (s *Service) refused(ctx context.Context, caller authz.Caller, object string, err error) error {
	if fault.Of(err).Fault == fault.Unexpected {
		return err
	}
	outcome := audit.Refused
	if errors.Is(err, authz.ErrForbidden) {
		outcome = audit.Denied
	}
	if unwritten := s.Log.Refuse(context.WithoutCancel(ctx), caller, authz.PrintPaper, object, outcome, err); unwritten != nil {
		return fmt.Errorf("recording a refusal: %w", unwritten)
	}
	return err
}
