package subscriber

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
)

// customers is the core bank: who its customers are. It gives ErrUnknown when
// it has no such customer; any other error means that it did not answer.
type customers interface {
	Customer(ctx context.Context, number string) (Subscriber, error)
	// Find gives up to MaxFound customers whom a query fits; they have no ID.
	Find(ctx context.Context, q Query) ([]Subscriber, error)
}

// recorder is the audit log.
type recorder interface {
	Record(ctx context.Context, caller authz.Caller, act authz.Act, object string, detail ...string) error
	Refuse(ctx context.Context, caller authz.Caller, act authz.Act, object string, outcome audit.Outcome, err error) error
}

// Config is what a Service works with.
type Config struct {
	Tx        proofing.Transactor
	Register  Register
	Logins    Logins
	Counter   proofing.Counter
	Customers customers
	Log       recorder
	// Index gives the keyed hash (keys.Ring.Index) under which tries at a login
	// are counted: also those for login ids that nobody has.
	Index  func(table, column string, value []byte) []byte
	Now    func() time.Time
	Random io.Reader // makes salts; crypto/rand when nil
}

// Service answers who a customer is.
type Service struct {
	Config
	tries proofing.Limiter
	mill  chan struct{}
	decoy string // hash that no password has, for login ids that nobody has
}

// New makes a Service.
func New(c Config) (*Service, error) {
	if c.Random == nil {
		c.Random = rand.Reader
	}
	s := &Service{Config: c, tries: proofing.Limiter{Tx: c.Tx, Counter: c.Counter, Now: c.Now}, mill: make(chan struct{}, 2)}
	var err error
	s.decoy, err = s.hashPassword(context.Background(), rand.Text())
	return s, err
}

// Authenticate says which subscriber logs in. A login id that nobody has takes
// as long and gets the same answers as one with a wrong password, lock-out
// included.
func (s *Service) Authenticate(ctx context.Context, caller authz.Caller, loginID, password string) (Subscriber, error) {
	who, err := s.authenticate(ctx, caller, loginID, password)
	if err != nil {
		return Subscriber{}, s.refused(ctx, caller, authz.LogIn, "login:"+s.subject(loginID)[:16], err)
	}
	return who, nil
}

func (s *Service) authenticate(ctx context.Context, caller authz.Caller, loginID, password string) (Subscriber, error) {
	if err := authz.Allow(caller, authz.LogIn, ""); err != nil {
		return Subscriber{}, err
	}
	subject := s.subject(loginID)
	left, until, err := s.tries.Charge(ctx, subject, proofing.Login)
	if err != nil {
		return Subscriber{}, err
	}
	if !until.IsZero() {
		return Subscriber{}, s.locked(until)
	}
	login, right, renew, err := s.compare(ctx, loginID, password)
	if err != nil {
		return Subscriber{}, errors.Join(err, s.tries.Refund(ctx, subject, proofing.Login))
	}
	if !right && left == 0 {
		return Subscriber{}, s.locked(s.Now().Add(proofing.LockFor))
	}
	if !right {
		return Subscriber{}, ErrWrongLogin
	}
	if renew {
		if login.Password, err = s.hashPassword(ctx, password); err != nil {
			return Subscriber{}, err
		}
	}
	return s.enter(ctx, caller, subject, login, renew)
}

// compare does the same work whether there is such a login or not.
func (s *Service) compare(ctx context.Context, loginID, password string) (login Login, right, renew bool, err error) {
	stored := s.decoy
	if login, err = s.Logins.Login(ctx, fold(loginID)); err == nil {
		stored = login.Password
	} else if !errors.Is(err, ErrUnknown) {
		return Login{}, false, false, fmt.Errorf("reading a login: %w", err)
	}
	known := err == nil
	if len(password) > maxPassword {
		password, known = "", false
	}
	right, renew, err = s.checkPassword(ctx, stored, password)
	return login, right && known, renew, err
}

func (s *Service) enter(ctx context.Context, caller authz.Caller, subject string, login Login, renew bool) (who Subscriber, err error) {
	err = s.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := s.Log.Record(ctx, caller, authz.LogIn, "subscriber:"+login.SubscriberID); err != nil {
			return fmt.Errorf("recording a login: %w", err)
		}
		if err := s.tries.Reset(ctx, subject, proofing.Login); err != nil {
			return err
		}
		if renew {
			if err := s.Logins.SaveLogin(ctx, login); err != nil {
				return fmt.Errorf("renewing a hash: %w", err)
			}
		}
		who, err = s.Register.Subscriber(ctx, login.SubscriberID)
		return err
	})
	return who, err
}

func (s *Service) locked(until time.Time) error {
	return ErrLoginLocked.With(nil, "until", proofing.Clock(until)).After(until.Sub(s.Now()))
}

// subject is the name under which tries at a login are counted and audited.
// People type passwords into the wrong field: only a keyed hash is kept.
func (s *Service) subject(loginID string) string {
	return hex.EncodeToString(s.Index("logins", "login_id", []byte(fold(loginID))))
}

const maxPassword = 128 // characters are bytes here; more is not hashed

// fold gives a login id its stored form; what can't be one becomes empty.
func fold(loginID string) string {
	id := strings.ToLower(strings.TrimSpace(loginID))
	if len(id) < 3 || len(id) > 40 {
		return ""
	}
	for _, c := range id {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && !strings.ContainsRune("._-", c) {
			return ""
		}
	}
	return id
}

// SetLogin gives a customer of the core bank a way to log in: the bank's own
// tool and the demo do it. The customer becomes a subscriber if they aren't.
func (s *Service) SetLogin(ctx context.Context, caller authz.Caller, loginID, password, customerNumber string) error {
	err := s.setLogin(ctx, caller, loginID, password, customerNumber)
	if err != nil {
		return s.refused(ctx, caller, authz.EnrolSubscriber, "customer", err)
	}
	return nil
}

func (s *Service) setLogin(ctx context.Context, caller authz.Caller, loginID, password, customerNumber string) error {
	if err := authz.Allow(caller, authz.EnrolSubscriber, ""); err != nil {
		return err
	}
	id := fold(loginID)
	if id == "" || len(password) < 8 || len(password) > maxPassword || !utf8.ValidString(password) {
		return ErrLoginForm
	}
	fresh, err := s.fetch(ctx, customerNumber)
	if err != nil {
		return err
	}
	hash, err := s.hashPassword(ctx, password)
	if err != nil {
		return err
	}
	return s.Tx.InTx(ctx, func(ctx context.Context) error {
		subscriberID, err := s.Register.SaveSubscriber(ctx, fresh)
		if err != nil {
			return fmt.Errorf("saving a subscriber: %w", err)
		}
		if err := s.Log.Record(ctx, caller, authz.EnrolSubscriber, "subscriber:"+subscriberID, "login", s.subject(id)[:16]); err != nil {
			return fmt.Errorf("recording a subscriber: %w", err)
		}
		return s.Logins.SaveLogin(ctx, Login{LoginID: id, SubscriberID: subscriberID, Password: hash})
	})
}

// Subscriber gives a subscriber to who may see them.
func (s *Service) Subscriber(ctx context.Context, caller authz.Caller, id string) (Subscriber, error) {
	if err := authz.Allow(caller, authz.ViewApplication, id); err != nil {
		return Subscriber{}, s.refused(ctx, caller, authz.ViewApplication, "subscriber:"+id, err)
	}
	who, err := s.Register.Subscriber(ctx, id)
	if errors.Is(err, ErrUnknown) {
		return Subscriber{}, ErrNoCustomer.With(err)
	}
	return who, err
}

// Refresh asks the core bank how it knows a subscriber today, and keeps that.
// It waits for the core bank: don't call it within a transaction.
func (s *Service) Refresh(ctx context.Context, id string) (Subscriber, error) {
	known, err := s.Register.Subscriber(ctx, id)
	if errors.Is(err, ErrUnknown) {
		return Subscriber{}, ErrNoCustomer.With(err)
	}
	if err != nil {
		return Subscriber{}, fmt.Errorf("reading a subscriber: %w", err)
	}
	fresh, err := s.fetch(ctx, known.CustomerNumber)
	if err != nil {
		return Subscriber{}, err
	}
	fresh.ID = known.ID
	if _, err := s.Register.SaveSubscriber(ctx, fresh); err != nil {
		return Subscriber{}, fmt.Errorf("saving a subscriber: %w", err)
	}
	return fresh, nil
}

// fetch gives a customer as the core bank knows them, with a new id that
// counts only if they are no subscriber yet.
func (s *Service) fetch(ctx context.Context, customerNumber string) (Subscriber, error) {
	fresh, err := s.Customers.Customer(ctx, customerNumber)
	if errors.Is(err, ErrUnknown) {
		return Subscriber{}, ErrNoCustomer.With(err)
	}
	if err != nil {
		return Subscriber{}, err
	}
	fresh.ID = rand.Text()
	fresh.UpdatedAt = s.Now().UTC().Truncate(time.Microsecond)
	return fresh, nil
}

// refused records a refusal and gives it on; what is no fault is a defect or a
// broken dependency and is told to the log of the program instead.
func (s *Service) refused(ctx context.Context, caller authz.Caller, act authz.Act, object string, err error) error {
	f := fault.Of(err)
	if f.Fault == fault.Unexpected {
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
