package redeem

import (
	"bytes"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"slices"

	"github.com/ingam-pki/ingam/internal/certification/ca"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/registration/enrolment"
	"github.com/ingam-pki/ingam/internal/registration/proofing"
)

// Redeem says which application a pair opens, to go on with as
// authz.Redeemer, and the generation of this opening: whatever was opened before
// is over (Current). from names the address that the pair came from.
//
// ErrReferenceForm and ErrCodeForm are no tries. Whoever does not show the right
// code gets ErrWrong, whatever is the reason; after MaxWrong of them the pair is
// dead, and after MaxWrongFrom the address gets no answer for half an hour.
// Whoever does gets ErrSpent, ErrExpired, ErrReplaced, ErrDead, or why the
// application is over.
//
// keys are the SHA-256 of SubjectPublicKeyInfos that the caller has made and got no
// answer for: with the one that the certificate was made for, a spent pair opens
// once more, so that a lost answer can be asked for again.
func (s *Service) Redeem(ctx context.Context, caller authz.Caller, from, reference, code string, keys ...[]byte) (
	applicationID string, generation int64, err error) {
	p, err := s.redeem(ctx, caller, from, reference, code, keys)
	if err != nil {
		about := "codes"
		if p.Application != "" {
			about = object(p.Application)
		}
		return "", 0, s.refused(ctx, caller, authz.RedeemCodes, about, err)
	}
	return p.Application, p.Generation, nil
}

// redeem gives, with a refusal, the pair that it was about as far as it is known.
func (s *Service) redeem(ctx context.Context, caller authz.Caller, from, reference, code string, keys [][]byte) (Pair, error) {
	if err := authz.Allow(caller, authz.RedeemCodes, ""); err != nil {
		return Pair{}, err
	}
	number, err := ParseReference(reference)
	if err != nil {
		return Pair{}, err
	}
	if code, err = ParseCode(code); err != nil {
		return Pair{}, err
	}
	subject := s.subject(from)
	_, until, err := s.tries.Charge(ctx, subject, proofing.Redemption)
	if err != nil {
		return Pair{}, err
	}
	if !until.IsZero() {
		return Pair{}, ErrLocked.With(nil, "until", proofing.Clock(until)).After(until.Sub(s.now()))
	}
	p, err := s.find(ctx, caller, number, code, keys)
	if errors.Is(err, ErrWrong) {
		return p, err
	}
	if back := s.tries.Refund(ctx, subject, proofing.Redemption); back != nil {
		return p, errors.Join(err, back)
	}
	return p, err
}

// find judges a pair.
func (s *Service) find(ctx context.Context, caller authz.Caller, number, code string, keys [][]byte) (Pair, error) {
	hash := s.codeHash(number, code)
	p, err := s.Pairs.PairBy(ctx, s.referenceIndex(number))
	if errors.Is(err, ErrNoPair) {
		return Pair{}, ErrWrong
	}
	if err != nil {
		return Pair{}, fmt.Errorf("finding a reference number: %w", err)
	}
	var verdict error // a wrong code is counted, so the transaction stays
	err = s.Tx.InTx(ctx, func(ctx context.Context) error {
		verdict = nil
		a, err := s.Register.Application(ctx, p.Application)
		if err != nil {
			return fmt.Errorf("reading an application: %w", err)
		}
		pairs, err := s.Pairs.PairsOf(ctx, a.ID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(pairs, func(q Pair) bool { return bytes.Equal(q.Reference, p.Reference) })
		if i < 0 { // taken back this moment
			verdict = ErrWrong
			return nil
		}
		p = pairs[i]
		if subtle.ConstantTimeCompare(p.Code, hash) == 0 {
			verdict = ErrWrong
			if p.Wrong >= MaxWrong {
				return nil
			}
			p.Wrong++
			return s.Pairs.SavePair(ctx, p)
		}
		if verdict, err = s.opens(ctx, a, p, i == 0, keys); err != nil || verdict != nil {
			return err
		}
		p.Generation, p.OpenedAt = p.Generation+1, s.now()
		if err := s.Log.Record(ctx, caller, authz.RedeemCodes, object(a.ID), "state", string(a.State)); err != nil {
			return fmt.Errorf("recording a redemption: %w", err)
		}
		return s.Pairs.SavePair(ctx, p)
	})
	if err != nil {
		return p, err
	}
	return p, verdict
}

// opens says why a pair whose code was right opens nothing; nil when it does.
func (s *Service) opens(ctx context.Context, a enrolment.Application, p Pair, newest bool, keys [][]byte) (verdict, err error) {
	switch {
	case !newest:
		return ErrReplaced, nil
	case p.Wrong >= MaxWrong:
		return ErrDead, nil
	case !p.SpentAt.IsZero() || a.State == enrolment.Issued:
		verdict, err = s.again(ctx, a, keys)
		if verdict != nil || err != nil {
			return verdict, err
		}
	case a.State == enrolment.Lapsed:
		return ErrExpired, nil
	case !a.State.Open():
		return a.Over(), nil
	}
	if !s.now().Before(p.Until) {
		return ErrExpired, nil
	}
	return nil, nil
}

// again says whether one who shows a spent pair has the key of its certificate.
func (s *Service) again(ctx context.Context, a enrolment.Application, keys [][]byte) (verdict, err error) {
	made, err := s.Register.ByApplication(ctx, a.ID)
	if errors.Is(err, ca.ErrNoCertificate) {
		return ErrSpent, nil
	}
	if err != nil {
		return nil, fmt.Errorf("looking for the certificate: %w", err)
	}
	for _, key := range keys {
		if subtle.ConstantTimeCompare(key, made.KeyHash) == 1 {
			return nil, nil
		}
	}
	return ErrSpent, nil
}
