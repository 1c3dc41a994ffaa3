package lifecycle

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
	"github.com/ingam-pki/ingam/internal/registration/subscriber"
	"github.com/ingam-pki/ingam/pki/npki"
)

// Suspend suspends (효력정지) a certificate at a desk. A customer's desk is
// DeskOnline, a branch's Branch of its number; there it is resumed. What is not
// valid is refused as Stands says.
func (s *Service) Suspend(ctx context.Context, caller authz.Caller, serial, desk string) (ca.Record, error) {
	if caller.Role == authz.Customer && desk != DeskOnline {
		return ca.Record{}, s.refused(ctx, caller, authz.HoldCertificate, "certificate:"+serial, authz.ErrForbidden)
	}
	return s.act(ctx, caller, authz.HoldCertificate, serial, Stands, func(ctx context.Context) error {
		return s.Authority.Hold(ctx, caller, serial, desk)
	})
}

// Resume makes a suspended certificate valid again (회복), for staff that has
// had the person before them and seen who they are; customers resume by an
// application (enrolment.Resume). It goes at the desk that suspended only.
func (s *Service) Resume(ctx context.Context, caller authz.Caller, serial, desk string) (ca.Record, error) {
	if caller.Role == authz.Customer {
		return ca.Record{}, s.refused(ctx, caller, authz.ReleaseCertificate, "certificate:"+serial, authz.ErrForbidden)
	}
	resumable := func(state ca.State) error {
		switch state {
		case ca.Suspended, ca.Held:
			return nil
		case ca.Valid:
			return ErrValid
		default:
			return Stands(state)
		}
	}
	return s.act(ctx, caller, authz.ReleaseCertificate, serial, resumable, func(ctx context.Context) error {
		return s.Authority.Release(ctx, caller, serial, desk)
	})
}

// Revoke ends (폐지) a customer's own certificate for good. The one-time
// password says that it is they; it is spent also when the rest is refused.
// invalidity is since when the key was not theirs alone; zero is not known.
func (s *Service) Revoke(ctx context.Context, caller authz.Caller, serial string, reason ca.Reason, invalidity time.Time, otp string) (ca.Record, error) {
	record, err := s.revocable(ctx, caller, authz.RevokeCertificate, serial, reason, invalidity)
	var who subscriber.Subscriber
	if err == nil && caller.Role == authz.Customer {
		if who, err = s.Subscribers.Subscriber(ctx, caller, caller.ID); err == nil {
			_, err = s.Prover.CheckOTP(ctx, proofing.Person{ID: who.ID, CustomerNumber: who.CustomerNumber}, otp)
		}
	}
	if err != nil {
		return ca.Record{}, s.refused(ctx, caller, authz.RevokeCertificate, "certificate:"+serial, unseen(caller, err))
	}
	// The password is spent: what was asked for is done also for one who hung up.
	ctx = context.WithoutCancel(ctx)
	return s.act(ctx, caller, authz.RevokeCertificate, record.Serial, endable, func(ctx context.Context) error {
		if who.ID != "" {
			if err := s.Prover.Settle(ctx, who.ID, "", proofing.OTP); err != nil {
				return err
			}
		}
		return s.Authority.Revoke(ctx, caller, record.Serial, reason, invalidity)
	})
}

// endable says of which states a certificate can be revoked.
func endable(state ca.State) error {
	switch state {
	case ca.Valid, ca.Suspended, ca.Held:
		return nil
	default:
		return Stands(state)
	}
}

// revocable says, before a one-time password is spent, whether the rest will go
// through.
func (s *Service) revocable(ctx context.Context, caller authz.Caller, act authz.Act, serial string, reason ca.Reason, invalidity time.Time) (ca.Record, error) {
	record, err := s.Authority.Certificate(ctx, caller, serial)
	if err != nil {
		return ca.Record{}, err
	}
	if err := authz.Allow(caller, act, record.SubscriberID); err != nil {
		return ca.Record{}, err
	}
	if err := endable(record.StateAt(s.now())); err != nil {
		return ca.Record{}, err
	}
	if _, err := ca.ParseReason(reason.String()); err != nil {
		return ca.Record{}, err
	}
	if !invalidity.IsZero() && (invalidity.After(s.now()) || invalidity.Before(record.NotBefore)) {
		return ca.Record{}, ErrInvalidity
	}
	return record, nil
}

// act does something with one certificate in a transaction and gives the
// certificate as it stands then. may judges its state first, so that each state
// has its own answer.
func (s *Service) act(ctx context.Context, caller authz.Caller, act authz.Act, serial string,
	may func(ca.State) error, do func(ctx context.Context) error) (record ca.Record, err error) {
	err = s.Tx.InTx(ctx, func(ctx context.Context) error {
		if record, err = s.Authority.Certificate(ctx, caller, serial); err != nil {
			return err
		}
		if err := authz.AllowOn(caller, act, authz.Object{Owner: record.SubscriberID, Application: record.ApplicationID}); err != nil {
			return err
		}
		if err := may(record.StateAt(s.now())); err != nil {
			return err
		}
		if err := do(ctx); err != nil {
			return err
		}
		record, err = s.Authority.Certificate(ctx, caller, serial)
		return err
	})
	if err != nil {
		return ca.Record{}, s.refused(ctx, caller, act, "certificate:"+serial, unseen(caller, err))
	}
	return record, nil
}

// unseen lets a stranger's certificate look to a customer like one that does
// not exist.
func unseen(caller authz.Caller, err error) error {
	if (caller.Role == authz.Customer || caller.Role == authz.Redeemer) && errors.Is(err, authz.ErrForbidden) {
		return ca.ErrNotFound.With(err)
	}
	return err
}

// Loss is what came of a report of loss.
type Loss struct {
	Suspended []npki.Kind // what was suspended now, one for each certificate
	Before    []npki.Kind // what was suspended or held before
	Stopped   int         // applications that were stopped
	Begun     int         // certificates under way, which become held when they are made
	Until     time.Time   // until when all of what was suspended can be resumed; zero when that was nothing
	At        time.Time
}

// Lost suspends everything that a person holds at once (분실 신고), and stops
// what is under way for them. Reporting twice is no error.
func (s *Service) Lost(ctx context.Context, caller authz.Caller, subscriberID string) (loss Loss, err error) {
	object := "subscriber:" + subscriberID
	err = s.Tx.InTx(ctx, func(ctx context.Context) error {
		if err := authz.Allow(caller, authz.ReportLoss, subscriberID); err != nil {
			return err
		}
		loss, err = s.stopAll(ctx, caller, subscriberID)
		return err
	})
	if err != nil {
		return Loss{}, s.refused(ctx, caller, authz.ReportLoss, object, err)
	}
	return loss, nil
}

func (s *Service) stopAll(ctx context.Context, caller authz.Caller, subscriberID string) (Loss, error) {
	loss := Loss{At: s.now()}
	if err := s.Log.Record(ctx, caller, authz.ReportLoss, "subscriber:"+subscriberID); err != nil {
		return Loss{}, fmt.Errorf("recording a loss: %w", err)
	}
	// In the order in which a certificate comes about, so that nothing slips
	// through: application, what the authority has begun, what is issued.
	stopped, err := s.People.AbandonOpen(ctx, subscriberID, loss.At)
	if err != nil {
		return Loss{}, fmt.Errorf("stopping applications: %w", err)
	}
	for _, id := range stopped {
		if err := s.Log.Record(ctx, caller, authz.AbandonApplication, "application:"+id, "state", "abandoned", "by", "loss"); err != nil {
			return Loss{}, fmt.Errorf("recording a stopped application: %w", err)
		}
	}
	loss.Stopped = len(stopped)
	// What is issued is locked before what may take its place, as the authority
	// does it; suspendAll looks once more.
	if _, err := s.People.LiveOf(ctx, subscriberID); err != nil {
		return Loss{}, fmt.Errorf("finding what a person holds: %w", err)
	}
	loss.Begun, err = s.People.HoldPending(ctx, subscriberID, "", DeskLost, ca.SuspendedUntil(loss.At))
	if err != nil {
		return Loss{}, fmt.Errorf("holding what is under way: %w", err)
	}
	if err := s.suspendAll(ctx, caller, subscriberID, &loss); err != nil {
		return Loss{}, err
	}
	return loss, nil
}

// suspendAll suspends what is valid, and looks again until nothing is: what the
// first look waited for may have been replaced by what it could not see.
func (s *Service) suspendAll(ctx context.Context, caller authz.Caller, subscriberID string, loss *Loss) error {
	done := make(map[string]bool)
	for look := 0; ; look++ {
		records, err := s.People.LiveOf(ctx, subscriberID)
		if err != nil {
			return fmt.Errorf("finding what a person holds: %w", err)
		}
		news := false
		for _, r := range records {
			state := r.StateAt(loss.At)
			switch {
			case done[r.Serial]:
				continue
			case state == ca.Valid:
				if err := s.Authority.Hold(ctx, caller, r.Serial, DeskLost); err != nil {
					return err
				}
				loss.Suspended = append(loss.Suspended, r.Kind)
				until := ca.SuspendedUntil(loss.At)
				if r.NotAfter.Before(until) { // what has ended can't be resumed
					until = r.NotAfter
				}
				if loss.Until.IsZero() || until.Before(loss.Until) {
					loss.Until = until
				}
			case state == ca.Suspended, state == ca.Held:
				loss.Before = append(loss.Before, r.Kind)
			}
			done[r.Serial], news = true, true
		}
		if look > 0 && !news {
			return nil
		}
	}
}

// LostByCode is Lost for whoever has an emergency code: no login is needed.
// from names the address that the code came from. A code that nobody has gets
// one answer, whatever is the reason, and after five of them the address gets
// none for half an hour. One that can't be a code is no try.
func (s *Service) LostByCode(ctx context.Context, caller authz.Caller, from, typed string) (Loss, error) {
	owner, err := s.codeOwner(ctx, caller, from, typed)
	if err != nil {
		return Loss{}, s.refused(ctx, caller, authz.ReportLossByCode, "emergency-code", err)
	}
	holder := authz.Caller{Role: authz.CodeHolder, ID: owner, Request: caller.Request}
	loss, err := s.Lost(ctx, holder, owner)
	if err != nil {
		return Loss{}, err
	}
	if len(loss.Suspended)+len(loss.Before) == 0 && loss.Stopped+loss.Begun == 0 {
		return Loss{}, s.refused(ctx, caller, authz.ReportLossByCode, "emergency-code", ErrCodeWrong)
	}
	return loss, nil
}

func (s *Service) codeOwner(ctx context.Context, caller authz.Caller, from, typed string) (string, error) {
	if err := authz.Allow(caller, authz.ReportLossByCode, ""); err != nil {
		return "", err
	}
	code, err := ParseCode(typed)
	if err != nil {
		return "", err
	}
	subject := "from:" + hex.EncodeToString(s.Index("attempts", "from", []byte(from)))
	_, until, err := s.tries.Charge(ctx, subject, proofing.Emergency)
	if err != nil {
		return "", err
	}
	if !until.IsZero() {
		return "", ErrCodeLocked.With(nil, "until", proofing.Clock(until)).After(until.Sub(s.now()))
	}
	owner, err := s.People.ByEmergencyCode(ctx, s.Historian.codeIndex(code))
	switch {
	case errors.Is(err, ErrNoCode):
		return "", ErrCodeWrong
	case err != nil:
		return "", errors.Join(fmt.Errorf("finding an emergency code: %w", err), s.tries.Refund(ctx, subject, proofing.Emergency))
	}
	return owner, s.tries.Refund(ctx, subject, proofing.Emergency)
}

// EmergencyCode gives the emergency code of a certificate that is not over to
// its owner, as FormatCode writes it. It is the same each time.
func (s *Service) EmergencyCode(ctx context.Context, caller authz.Caller, serial string) (code string, err error) {
	_, err = s.act(ctx, caller, authz.ViewEmergencyCode, serial, func(state ca.State) error {
		if endable(state) != nil {
			return ErrCodeOver
		}
		return nil
	}, func(ctx context.Context) error {
		if err := s.Log.Record(ctx, caller, authz.ViewEmergencyCode, "certificate:"+serial); err != nil {
			return fmt.Errorf("recording a look at a code: %w", err)
		}
		code = FormatCode(s.Historian.code(serial))
		return nil
	})
	if err != nil {
		return "", err
	}
	return code, nil
}
