package redeem

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strconv"
	"time"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/letters"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
)

// draws is how many numbers are drawn for a pair before giving up.
const draws = 5

// HandOut makes a new pair for an application of a branch, whose owner and
// branch are given. Earlier pairs are dead from then on, and what they had
// opened is over. By Message the code is sent to the phone that the bank knows;
// the slip then has none. Call it outside of any transaction: it may wait for
// the message service, and when that doesn't take the message the pair before
// is as it was.
func (s *Service) HandOut(ctx context.Context, caller authz.Caller, applicationID, subscriberID, branch string, by Way) (Slip, error) {
	slip, err := s.handOut(ctx, caller, applicationID, subscriberID, branch, by)
	if err != nil {
		return Slip{}, s.refused(ctx, caller, authz.HandOutCodes, object(applicationID), err)
	}
	return slip, nil
}

func (s *Service) handOut(ctx context.Context, caller authz.Caller, applicationID, subscriberID, branch string, by Way) (Slip, error) {
	err := authz.AllowOn(caller, authz.HandOutCodes, authz.Object{Owner: subscriberID, Application: applicationID, Branch: branch})
	if err != nil {
		return Slip{}, err
	}
	phone := ""
	switch by {
	case Print:
	case Message:
		if phone, err = s.phone(ctx, subscriberID); err != nil {
			return Slip{}, err
		}
	default:
		return Slip{}, ErrWay
	}
	for range draws {
		number, code, err := s.draw()
		if err != nil {
			return Slip{}, err
		}
		p := Pair{Reference: s.referenceIndex(number), Application: applicationID, Code: s.codeHash(number, code), By: by,
			HandedBy: caller.ID}
		p, err = s.add(ctx, caller, p, subscriberID, branch)
		if errors.Is(err, ErrReferenceUsed) {
			continue
		}
		if err != nil {
			return Slip{}, err
		}
		slip := Slip{Reference: FormatReference(number), Code: FormatCode(code), By: by, Until: p.Until}
		if by == Message {
			slip.Code, slip.Phone = "", proofing.MaskPhone(phone)
			err = s.send(ctx, p, phone, code)
		}
		return slip, err
	}
	return Slip{}, ErrNumbers
}

// phone is where a customer's code can be sent.
func (s *Service) phone(ctx context.Context, subscriberID string) (string, error) {
	who, err := s.Register.Subscriber(ctx, subscriberID)
	if err != nil {
		return "", fmt.Errorf("reading a subscriber: %w", err)
	}
	if !proofing.IsPhone(who.Phone) {
		return "", ErrNoPhone
	}
	return who.Phone, nil
}

// draw makes a number and a code.
func (s *Service) draw() (number, code string, err error) {
	n, err := rand.Int(s.Random, big.NewInt(1_000_000_000))
	if err != nil {
		return "", "", fmt.Errorf("drawing a number: %w", err)
	}
	bits := make([]byte, codeBits)
	if _, err := io.ReadFull(s.Random, bits); err != nil {
		return "", "", fmt.Errorf("drawing a code: %w", err)
	}
	number = fmt.Sprintf("%09d", n)
	return number + string(checkDigit(number)), letters.Of(bits, codeSize), nil
}

// add stores a pair and lets its application wait as long as it lasts.
func (s *Service) add(ctx context.Context, caller authz.Caller, p Pair, subscriberID, branch string) (Pair, error) {
	err := s.Tx.InTx(ctx, func(ctx context.Context) error {
		a, err := s.Enrolment.Prolong(ctx, caller, p.Application)
		if err != nil {
			return err
		}
		if a.SubscriberID != subscriberID || a.Branch() != branch {
			return enrolment.ErrUnknown
		}
		before, err := s.Pairs.PairsOf(ctx, p.Application)
		if err != nil {
			return err
		}
		p.HandedAt, p.Until, p.Generation = s.now(), a.ExpiresAt, 1
		if len(before) > 0 {
			p.Generation = before[0].Generation + 1
		}
		if len(before) >= MaxHandedADay {
			if wait := before[MaxHandedADay-1].HandedAt.Add(24 * time.Hour).Sub(p.HandedAt); wait > 0 {
				return ErrMany.With(nil).After(wait)
			}
		}
		err = s.Log.Record(ctx, caller, authz.HandOutCodes, object(p.Application), "by", string(p.By),
			"nth", strconv.Itoa(len(before)+1), "until", p.Until.Format(time.RFC3339))
		if err != nil {
			return fmt.Errorf("recording a handing-out: %w", err)
		}
		return s.Pairs.AddPair(ctx, p)
	})
	return p, err
}

// send sends the code. What can't be sent was never handed out.
func (s *Service) send(ctx context.Context, p Pair, phone, code string) error {
	ctx = context.WithoutCancel(ctx) // hanging up gives no message back
	text := fmt.Sprintf("[%s] 공동인증서 인가코드 %s (%s까지). 영업점에서 받은 참조번호와 함께 넣어 주세요. 은행 직원도 묻지 않아요. 누구에게도 알려 주지 마세요.",
		s.Bank, FormatCode(code), proofing.Clock(p.Until))
	if _, err := s.Messages.Send(ctx, phone, text); err != nil {
		if back := s.Pairs.DropPair(ctx, p.Reference); back != nil {
			return errors.Join(err, fmt.Errorf("taking back a pair: %w", back))
		}
		return err
	}
	return nil
}
