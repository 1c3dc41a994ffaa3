package enrolment

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/profile"
)

// Lifetime is how long an application can be left and resumed.
const Lifetime = 24 * time.Hour

// MaxADay is how many applications a customer can begin within 24 hours. Each is
// kept, and all of a customer's are read together.
const MaxADay = 30

// authority is the certificate authority as far as registration asks it.
type authority interface {
	Issue(ctx context.Context, caller authz.Caller, r ca.Request) (ca.Record, error)
	OpenEncryptedVID(der []byte) (npki.R, error)
	KMCertificate() *x509.Certificate
	Release(ctx context.Context, caller authz.Caller, serial, desk string) error
}

// certificates finds what was issued; the store does.
type certificates interface {
	Certificate(ctx context.Context, serial string) (ca.Record, error)
	ByApplication(ctx context.Context, applicationID string) (ca.Record, error)
	CertificatesOf(ctx context.Context, subscriberID string) ([]ca.Record, error)
}

// exceptions are approvals of one certificate more of a kind than a person may
// have; lifecycle.Service keeps them.
type exceptions interface {
	ApprovedException(ctx context.Context, subscriberID string, kind npki.Kind) (id string, err error)
	CheckException(ctx context.Context, id, subscriberID string, kind npki.Kind) error
	UseException(ctx context.Context, id string) error
	WithdrawException(ctx context.Context, caller authz.Caller, id string) error
}

// subscribers knows customers as the core bank does today.
type subscribers interface {
	Refresh(ctx context.Context, id string) (subscriber.Subscriber, error)
	Subscriber(ctx context.Context, caller authz.Caller, id string) (subscriber.Subscriber, error)
}

// prover checks factors; proofing.Service does. Settle alone is called within
// a transaction.
type prover interface {
	CheckCard(ctx context.Context, p proofing.Person, c proofing.Card) (proofing.Proof, error)
	CheckAccount(ctx context.Context, p proofing.Person, account, password string) (proofing.Proof, error)
	CheckOTP(ctx context.Context, p proofing.Person, code string) (proofing.Proof, error)
	CheckCode(ctx context.Context, p proofing.Person, applicationID, code string) (proofing.Proof, error)
	Settle(ctx context.Context, person, applicationID string, factor proofing.Factor) error
}

// phones sends codes, tells persons apart and knows what is locked for them;
// proofing.Service does.
type phones interface {
	SendCode(ctx context.Context, p proofing.Person, applicationID string) (masked string, expires time.Time, err error)
	SentCode(ctx context.Context, p proofing.Person, applicationID string) (masked string, expires time.Time, err error)
	Tag(p proofing.Person) string
	Locked(ctx context.Context, person string) (map[proofing.Factor]time.Time, error)
}

// recorder is the audit log.
type recorder interface {
	Record(ctx context.Context, caller authz.Caller, act authz.Act, object string, detail ...string) error
	Refuse(ctx context.Context, caller authz.Caller, act authz.Act, object string, outcome audit.Outcome, err error) error
}

// Config is what a Service works with.
type Config struct {
	Register     Register
	Overdue      Overdue
	Subscribers  subscribers
	Prover       prover
	Phones       phones // the same proofing.Service as Prover
	Authority    authority
	Certificates certificates
	Exceptions   exceptions       // nil: there are none
	Profiles     profile.Profiles // how long each kind lasts, and when it can be renewed
	Log          recorder
	Now          func() time.Time
	// Online lists the kinds that can be applied for online; personal-bank when
	// empty.
	Online []npki.Kind
	// MinBits is the shortest RSA key that is taken; 2048 when zero.
	MinBits int
	// CAName is the folder in which wallets keep what this authority issues,
	// as "yessign" is another's.
	CAName string
}

// Service leads applications from start to certificate. It keeps nothing in
// memory; any number of them work on one Register.
type Service struct {
	Config
	terms []Terms
}

var kinds = []npki.Kind{npki.PersonalBank, npki.PersonalGeneral, npki.CorporateBank, npki.CorporateGeneral}

// New makes a Service.
func New(c Config) (*Service, error) {
	if len(c.Profiles) == 0 {
		c.Profiles = profile.Set(profile.DefaultArc)
	}
	if len(c.Online) == 0 {
		c.Online = []npki.Kind{npki.PersonalBank}
	}
	if c.MinBits == 0 {
		c.MinBits = 2048
	}
	terms, err := loadTerms()
	if err != nil {
		return nil, fmt.Errorf("loading terms: %w", err)
	}
	return &Service{Config: c, terms: terms}, nil
}

// offers says whether a kind can be applied for here.
func (s *Service) offers(kind npki.Kind) bool { return slices.Contains(s.Online, kind) }

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Microsecond) }

func object(id string) string { return "application:" + id }

// notTooMany refuses one who begins application after application.
func (s *Service) notTooMany(ctx context.Context, subscriberID string) error {
	all, err := s.Register.ApplicationsOf(ctx, subscriberID)
	if err != nil {
		return fmt.Errorf("listing applications: %w", err)
	}
	if len(all) < MaxADay {
		return nil
	}
	// They come newest first.
	if wait := all[MaxADay-1].CreatedAt.Add(24 * time.Hour).Sub(s.now()); wait > 0 {
		return ErrManyApplications.With(nil).After(wait)
	}
	return nil
}

// View gives one of the caller's applications as it stands now, also when it
// is over.
func (s *Service) View(ctx context.Context, caller authz.Caller, id string) (Application, error) {
	a, err := s.load(ctx, caller, authz.ViewApplication, id)
	if err != nil {
		return Application{}, s.refused(ctx, caller, authz.ViewApplication, object(id), err)
	}
	return a, nil
}

// List gives the caller's applications, newest first.
func (s *Service) List(ctx context.Context, caller authz.Caller) ([]Application, error) {
	if err := authz.Allow(caller, authz.ViewApplication, caller.ID); err != nil {
		return nil, s.refused(ctx, caller, authz.ViewApplication, "applications", err)
	}
	all, err := s.Register.ApplicationsOf(ctx, caller.ID)
	if err != nil {
		return nil, fmt.Errorf("listing applications: %w", err)
	}
	for i, a := range all {
		if all[i], err = s.lapseIfDue(ctx, caller, a); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// Abandon ends an application at the customer's wish. Abandoning twice is no
// error.
func (s *Service) Abandon(ctx context.Context, caller authz.Caller, id string) error {
	_, err := s.step(ctx, caller, authz.AbandonApplication, id, func(ctx context.Context, a *Application) ([]string, error) {
		switch a.State {
		case Abandoned:
			return nil, nil
		case Ready:
			if _, err := s.Certificates.ByApplication(ctx, a.ID); !errors.Is(err, ca.ErrNoCertificate) {
				return nil, errors.Join(err, ErrIssued) // the authority has begun
			}
		case Started, Consented, Proofed, Issued, Rejected, Lapsed:
		}
		if err := mayGoOn(*a); err != nil {
			return nil, err
		}
		a.State = Abandoned
		facts := []string{"state", string(Abandoned)}
		if caller.Role != authz.Supervisor || a.Exception == "" || s.Exceptions == nil {
			return facts, nil
		}
		// What a supervisor stops at the branch is not to be had online instead.
		return facts, s.Exceptions.WithdrawException(ctx, caller, a.Exception)
	})
	return err
}

// eligible says whether a person may have a certificate of a kind at all.
func eligible(who subscriber.Subscriber, kind npki.Kind, now time.Time) error {
	personal := kind == npki.PersonalBank || kind == npki.PersonalGeneral
	switch {
	case who.Deceased:
		return ErrDeceased
	case personal && who.Sort == subscriber.Corporate:
		return ErrCorporate
	case !personal && who.Sort != subscriber.Corporate:
		return ErrPerson
	case !personal:
		return nil
	}
	birth, err := time.ParseInLocation("20060102", who.Birth, seoul)
	if err != nil {
		return fmt.Errorf("reading a birth date: %w", errBirth)
	}
	if now.In(seoul).Before(birth.AddDate(adultEnough, 0, 0)) {
		return ErrChild
	}
	return nil
}

// adultEnough is the age from which one may have a joint certificate without a
// guardian.
const adultEnough = 14

var (
	seoul    = time.FixedZone("KST", 9*60*60)
	errBirth = errors.New("enrolment: the bank's record has no birth date in the form yyyymmdd")
)

// refused records a refusal and gives it on. What is no fault is a defect or a
// broken dependency; the authority records its own.
func (s *Service) refused(ctx context.Context, caller authz.Caller, act authz.Act, object string, err error) error {
	if fault.Of(err).Fault == fault.Unexpected {
		return err
	}
	outcome := audit.Refused
	if errors.Is(err, authz.ErrForbidden) {
		outcome = audit.Denied
	}
	if unwritten := s.Log.Refuse(context.WithoutCancel(ctx), caller, act, object, outcome, err); unwritten != nil {
		return fmt.Errorf("recording a refusal: %w", unwritten)
	}
	return err
}

func (s *Service) record(ctx context.Context, caller authz.Caller, act authz.Act, id string, detail ...string) error {
	if err := s.Log.Record(ctx, caller, act, object(id), detail...); err != nil {
		return fmt.Errorf("recording %s: %w", act, err)
	}
	return nil
}
