package enrolment

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
)

// Factors are what a way asks for, in the order in which it is shown. They can
// be proven in any order: a service that is down holds up nothing but its own
// factor. A renewal asks for no ID card: at its end the old key signs.
func (w Way) Factors() []proofing.Factor {
	all := []proofing.Factor{proofing.IDCard, proofing.Account, proofing.OTP, proofing.Phone}
	if w == Renew {
		return all[1:]
	}
	return all
}

// Needs names what an application still lacks, in the order of the steps:
// "consent", the factors, "key" or "resume". It is empty when the application is
// over.
func (a Application) Needs() []string {
	if !a.State.Open() {
		return nil
	}
	var needs []string
	if a.State == Started {
		needs = append(needs, "consent")
	}
	for _, f := range a.unproven() {
		needs = append(needs, string(f))
	}
	if a.Way == Resume {
		return append(needs, "resume")
	}
	return append(needs, "key")
}

// Factors are what an application asks for: nothing any more, when the person was seen at
// a branch.
func (a Application) Factors() []proofing.Factor {
	if a.Branch() != "" {
		return nil
	}
	return a.Way.Factors()
}

func (a Application) unproven() []proofing.Factor {
	return slices.DeleteFunc(a.Factors(), a.proven)
}

func (a Application) proven(f proofing.Factor) bool {
	return slices.ContainsFunc(a.Proofs, func(p proofing.Proof) bool { return p.Factor == f })
}

// ProveIDCard has an identity document confirmed.
func (s *Service) ProveIDCard(ctx context.Context, caller authz.Caller, id string, card proofing.Card) (Application, error) {
	return s.prove(ctx, caller, id, proofing.IDCard, func(p proofing.Person) (proofing.Proof, error) {
		return s.Prover.CheckCard(ctx, p, card)
	})
}

// ProveAccount has an account and its password confirmed.
func (s *Service) ProveAccount(ctx context.Context, caller authz.Caller, id, account, password string) (Application, error) {
	return s.prove(ctx, caller, id, proofing.Account, func(p proofing.Person) (proofing.Proof, error) {
		return s.Prover.CheckAccount(ctx, p, account, password)
	})
}

// ProveOTP has a one-time password confirmed.
func (s *Service) ProveOTP(ctx context.Context, caller authz.Caller, id, code string) (Application, error) {
	return s.prove(ctx, caller, id, proofing.OTP, func(p proofing.Person) (proofing.Proof, error) {
		return s.Prover.CheckOTP(ctx, p, code)
	})
}

// ProvePhone compares a code with the one that SendPhoneCode sent last.
func (s *Service) ProvePhone(ctx context.Context, caller authz.Caller, id, code string) (Application, error) {
	return s.prove(ctx, caller, id, proofing.Phone, func(p proofing.Person) (proofing.Proof, error) {
		return s.Prover.CheckCode(ctx, p, id, code)
	})
}

// SendPhoneCode sends a code to the phone that the bank knows, and gives its
// number with the middle hidden and until when the code is valid.
func (s *Service) SendPhoneCode(ctx context.Context, caller authz.Caller, id string) (masked string, expires time.Time, err error) {
	a, err := s.provable(ctx, caller, id)
	if err == nil && a.proven(proofing.Phone) {
		err = ErrPhoneProven
	}
	var who subscriber.Subscriber
	if err == nil {
		who, err = s.Subscribers.Subscriber(ctx, caller, a.SubscriberID)
	}
	if err == nil {
		err = s.record(ctx, caller, authz.ProveIdentity, id, "step", "phone-code")
	}
	if err == nil {
		masked, expires, err = s.Phones.SendCode(ctx, personOf(who), id)
	}
	if err != nil {
		return "", time.Time{}, s.refused(ctx, caller, authz.ProveIdentity, object(id), err)
	}
	return masked, expires, nil
}

// PhoneCode says to which number, its middle hidden, the last code of an
// application was sent and until when it is valid: one who comes back, or goes
// on at another device, can still enter it. Both are zero when none was sent.
func (s *Service) PhoneCode(ctx context.Context, caller authz.Caller, id string) (masked string, expires time.Time, err error) {
	a, err := s.load(ctx, caller, authz.ViewApplication, id)
	var who subscriber.Subscriber
	if err == nil {
		who, err = s.Subscribers.Subscriber(ctx, caller, a.SubscriberID)
	}
	if err == nil {
		masked, expires, err = s.Phones.SentCode(ctx, personOf(who), id)
	}
	if err != nil {
		return "", time.Time{}, s.refused(ctx, caller, authz.ViewApplication, object(id), err)
	}
	return masked, expires, nil
}

// Locked says until when factors can't be tried by whose application it is.
func (s *Service) Locked(ctx context.Context, caller authz.Caller, id string) (map[proofing.Factor]time.Time, error) {
	a, err := s.load(ctx, caller, authz.ViewApplication, id)
	var locked map[proofing.Factor]time.Time
	if err == nil {
		locked, err = s.Phones.Locked(ctx, a.SubscriberID)
	}
	if err != nil {
		return nil, s.refused(ctx, caller, authz.ViewApplication, object(id), err)
	}
	return locked, nil
}

// prove checks a factor outside of any transaction and then stores the proof.
// A factor that is proven stays proven: nobody is asked again.
func (s *Service) prove(ctx context.Context, caller authz.Caller, id string, factor proofing.Factor,
	check func(proofing.Person) (proofing.Proof, error)) (Application, error) {
	a, err := s.load(ctx, caller, authz.ProveIdentity, id)
	if err == nil && a.proven(factor) && (a.State.Open() || a.State == Issued) {
		return a, nil
	}
	if err == nil {
		err = mayProve(a)
	}
	var who subscriber.Subscriber
	if err == nil {
		who, err = s.Subscribers.Subscriber(ctx, caller, a.SubscriberID)
	}
	var proof proofing.Proof
	if err == nil {
		proof, err = check(personOf(who))
	}
	if err != nil {
		return Application{}, s.disproven(ctx, caller, authz.ProveIdentity, id, err)
	}
	// What was proven is kept also for one who hung up meanwhile: a one-time
	// password is good for one proof.
	return s.step(context.WithoutCancel(ctx), caller, authz.ProveIdentity, id, func(ctx context.Context, a *Application) ([]string, error) {
		if a.proven(factor) {
			// Another request was quicker. This one was right, too, so the try
			// that it was charged is no failure either.
			return nil, s.Prover.Settle(ctx, a.SubscriberID, a.ID, factor)
		}
		if err := mayProve(*a); err != nil {
			return nil, err
		}
		a.Proofs = append(a.Proofs, proof)
		if len(a.unproven()) == 0 {
			a.State = Proofed
		}
		return []string{"factor", string(factor), "transaction", proof.Evidence["transaction"], "state", string(a.State)},
			s.Prover.Settle(ctx, a.SubscriberID, a.ID, factor)
	})
}

func (s *Service) provable(ctx context.Context, caller authz.Caller, id string) (Application, error) {
	a, err := s.load(ctx, caller, authz.ProveIdentity, id)
	if err != nil {
		return Application{}, err
	}
	return a, mayProve(a)
}

// mayProve says whether it is the time for proofs.
func mayProve(a Application) error {
	if err := mayGoOn(a); err != nil {
		return err
	}
	if a.Branch() != "" {
		return ErrWay
	}
	if a.State == Started {
		return ErrConsentFirst
	}
	return nil
}

// final are findings after which an application can't go on.
var final = []*fault.Fault{proofing.ErrCardLost, ErrDeceased, ErrCorporate, ErrPerson, ErrChild, ErrPersonChanged}

// disproven records that a proof or a request was refused, and ends the application when
// the finding is final.
func (s *Service) disproven(ctx context.Context, caller authz.Caller, act authz.Act, id string, err error) error {
	for _, f := range final {
		if errors.Is(err, f) {
			if ended := s.reject(context.WithoutCancel(ctx), caller, act, id, f.Number); ended != nil {
				return ended
			}
		}
	}
	return s.refused(ctx, caller, act, object(id), err)
}

func (s *Service) reject(ctx context.Context, caller authz.Caller, act authz.Act, id string, number int) error {
	_, err := s.change(ctx, caller, act, id, func(ctx context.Context, a *Application) ([]string, error) {
		if !a.State.Open() {
			return nil, nil
		}
		if a.State == Ready { // what the authority has begun it will finish
			if _, err := s.Certificates.ByApplication(ctx, a.ID); !errors.Is(err, ca.ErrNoCertificate) {
				return nil, err
			}
		}
		a.State, a.RejectedFor = Rejected, number
		return []string{"state", string(Rejected), "reason", strconv.Itoa(number)}, nil
	})
	return err
}

func personOf(who subscriber.Subscriber) proofing.Person {
	return proofing.Person{ID: who.ID, CustomerNumber: who.CustomerNumber, Foreigner: who.Sort == subscriber.Foreigner,
		Name: who.Name, IdentityNumber: who.IdentityNumber, Birth: who.Birth, Phone: who.Phone}
}

// missing lists factors for a text.
func missing(factors []proofing.Factor) string {
	names := make([]string, len(factors))
	for i, f := range factors {
		names[i] = string(f)
	}
	return strings.Join(names, ", ")
}
