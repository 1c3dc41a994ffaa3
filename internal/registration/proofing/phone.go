package proofing

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"math/big"
	"strconv"
	"time"
)

// Rules for codes to the phone. The pause between two codes and the lock
// after MaxTries of them belong to the person, MaxCodes to the application.
const (
	CodeValidity = 3 * time.Minute
	CodePause    = 30 * time.Second
	MaxCodes     = 5
)

// SendCode sends a new code to the phone that the bank knows. It gives the
// number with its middle hidden, and until when the code is valid. The code
// before it is no longer valid once the new one is sent; when the message
// service doesn't take the new one, the old one stays as it was.
func (s *Service) SendCode(ctx context.Context, p Person, applicationID string) (masked string, expires time.Time, err error) {
	if !IsPhone(p.Phone) {
		return "", time.Time{}, ErrPhoneNone
	}
	number, err := rand.Int(s.Random, big.NewInt(1_000_000))
	if err != nil {
		return "", time.Time{}, fmt.Errorf("making a code: %w", err)
	}
	code := fmt.Sprintf("%06d", number)
	ctx = context.WithoutCancel(ctx) // hanging up gives no message back
	before, next, err := s.chargeCode(ctx, p.ID, applicationID, code)
	if err != nil {
		return "", time.Time{}, err
	}
	text := fmt.Sprintf("[%s] 인증번호 %s (3분 안에 입력). 은행 직원도 묻지 않아요. 누구에게도 알려 주지 마세요.", s.Bank, code)
	if _, err := s.Messages.Send(ctx, p.Phone, text); err != nil {
		if back := s.refundCode(ctx, p.ID, before, next); back != nil {
			return "", time.Time{}, back
		}
		return "", time.Time{}, err
	}
	return MaskPhone(p.Phone), next.ExpiresAt, nil
}

// chargeCode counts the message and stores the code's hash before anything is
// sent. The row of the person's count is locked, so two requests at once send
// one code.
func (s *Service) chargeCode(ctx context.Context, person, applicationID, code string) (before, next PhoneCode, err error) {
	err = s.Tx.InTx(ctx, func(ctx context.Context) error {
		count, err := s.Counter.LockTries(ctx, person, PhoneSend)
		if err != nil {
			return err
		}
		now := s.now()
		if now.Before(count.LockedUntil) {
			return s.tooSoon(count)
		}
		if before, err = s.Counter.PhoneCode(ctx, applicationID); err != nil {
			return err
		}
		if before.Sent >= MaxCodes {
			return ErrCodeMany
		}
		if count.Failed >= MaxTries || now.Sub(count.LockedUntil) > LockFor {
			count = Tries{}
		}
		count.Failed++
		count.LockedUntil = now.Add(CodePause)
		if count.Failed >= MaxTries {
			count.LockedUntil = now.Add(LockFor)
		}
		if err := s.Counter.SaveTries(ctx, person, PhoneSend, count); err != nil {
			return err
		}
		before.ApplicationID = applicationID
		next = PhoneCode{ApplicationID: applicationID, Hash: s.hashCode(applicationID, code), ExpiresAt: now.Add(CodeValidity), Sent: before.Sent + 1}
		return s.Counter.SavePhoneCode(ctx, next)
	})
	return before, next, err
}

// SentCode says to which number, its middle hidden, the last code was sent and
// until when it is valid. Both are zero when none was sent.
func (s *Service) SentCode(ctx context.Context, p Person, applicationID string) (masked string, expires time.Time, err error) {
	sent, err := s.Counter.PhoneCode(ctx, applicationID)
	if err != nil || sent.Sent == 0 || !IsPhone(p.Phone) {
		return "", time.Time{}, err
	}
	return MaskPhone(p.Phone), sent.ExpiresAt, nil
}

func (s *Service) tooSoon(count Tries) error {
	if count.Failed >= MaxTries {
		return s.locked(ErrSendLocked, count.LockedUntil)
	}
	wait := count.LockedUntil.Sub(s.now())
	seconds := int((wait + time.Second - 1) / time.Second)
	return ErrCodeSoon.With(nil, "seconds", strconv.Itoa(seconds)).After(wait)
}

// refundCode undoes chargeCode: nothing was sent.
func (s *Service) refundCode(ctx context.Context, person string, before, charged PhoneCode) error {
	err := s.Tx.InTx(context.WithoutCancel(ctx), func(ctx context.Context) error {
		count, err := s.Counter.LockTries(ctx, person, PhoneSend)
		if err != nil {
			return err
		}
		now, err := s.Counter.PhoneCode(ctx, charged.ApplicationID)
		if err != nil {
			return err
		}
		if subtle.ConstantTimeCompare(now.Hash, charged.Hash) == 0 {
			return nil // another one was sent meanwhile
		}
		count.Failed = max(0, count.Failed-1)
		count.LockedUntil = time.Time{}
		if err := s.Counter.SaveTries(ctx, person, PhoneSend, count); err != nil {
			return err
		}
		if before.Sent == 0 {
			return s.Counter.DropPhoneCode(ctx, charged.ApplicationID)
		}
		return s.Counter.SavePhoneCode(ctx, before)
	})
	if err != nil {
		return fmt.Errorf("taking back a code: %w", err)
	}
	return nil
}

// CheckCode compares a code with the last one that was sent. The try is charged
// before the comparison, so guesses made at once are all counted.
func (s *Service) CheckCode(ctx context.Context, p Person, applicationID, code string) (Proof, error) {
	code = strip(code, " ")
	if !digits(code, 6, 6) {
		return Proof{}, ErrCodeForm
	}
	sent, err := s.Counter.PhoneCode(ctx, applicationID)
	switch {
	case err != nil:
		return Proof{}, err
	case sent.Sent == 0:
		return Proof{}, ErrCodeNone
	case !s.now().Before(sent.ExpiresAt):
		return Proof{}, ErrCodeExpired
	}
	left, until, err := s.tries.Charge(ctx, p.ID, Phone)
	if err != nil {
		return Proof{}, err
	}
	if !until.IsZero() {
		return Proof{}, s.locked(ErrLocked, until)
	}
	if subtle.ConstantTimeCompare(sent.Hash, s.hashCode(applicationID, code)) == 0 {
		return Proof{}, s.wrong(ErrCodeWrong, left, Phone)
	}
	return s.proof(Phone, strconv.Itoa(sent.Sent), nil), nil
}

// hashCode binds the code to its application, so that a hash moved to another
// row proves nothing there.
func (s *Service) hashCode(applicationID, code string) []byte {
	return s.Index("phone_codes", "hash", []byte(applicationID+":"+code))
}

// IsPhone says whether a number is one to which messages can be sent.
func IsPhone(phone string) bool { return digits(phone, 9, 11) }

// MaskPhone hides the middle of a number that IsPhone: 010-****-1234. What is
// none, as of a customer who has told the bank no number, is empty.
func MaskPhone(phone string) string {
	if !IsPhone(phone) {
		return ""
	}
	return phone[:3] + "-****-" + phone[len(phone)-4:]
}
