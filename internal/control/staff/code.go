package staff

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/pki/seoul"
)

// What bounds one-time codes. Tries belong to a number and the place that they
// come from: so a stranger can't lock anybody out.
const (
	CodeLasts = 72 * time.Hour
	MaxTries  = 5
	LockFor   = 30 * time.Minute
)

// codeLength is how many characters a code has: 80 bits.
const codeLength = 16

// newCode makes the code of an account, in place of the one before it. It is
// written in groups of four.
func (s *Service) newCode(ctx context.Context, id string) (string, error) {
	code := rand.Text()[:codeLength]
	if err := s.Keyring.SaveStaffCode(ctx, Code{StaffID: id, Hash: s.codeHash(id, code), ExpiresAt: s.now().Add(CodeLasts)}); err != nil {
		return "", fmt.Errorf("saving a code: %w", err)
	}
	return code[:4] + "-" + code[4:8] + "-" + code[8:12] + "-" + code[12:], nil
}

func (s *Service) dropCode(ctx context.Context, id string) error {
	if err := s.Keyring.SaveStaffCode(ctx, Code{StaffID: id}); err != nil {
		return fmt.Errorf("dropping a code: %w", err)
	}
	return nil
}

// codeHash is the keyed hash of an account's code, as a person may have typed
// it: the alphabet has neither 0, 1 nor 8.
func (s *Service) codeHash(id, code string) []byte {
	code = strings.NewReplacer("-", "", " ", "", "0", "O", "1", "I", "8", "B").Replace(strings.ToUpper(code))
	if len(code) > 64 {
		code = ""
	}
	return s.Index("staff_code", "hash", []byte(id+"\x00"+code))
}

// Activate lets the owner of an account in by their one-time code; from is the
// place that they come from (kit.Network). The account is active then. They
// have to add a passkey before the session ends, or log in by the provider: the
// code is used up.
//
// Whether a number, or a code that waits for it, exists can't be told from the
// answer: ErrCode, and after five wrong ones ErrCodeLocked for half an hour.
func (s *Service) Activate(ctx context.Context, caller authz.Caller, from, number, code string) (Account, error) {
	about := "staff"
	var a Account
	err := authz.Allow(caller, authz.ActivateStaff, "")
	if err == nil {
		var refusal error // what rolls back would not count
		err = s.Tx.InTx(ctx, func(ctx context.Context) (err error) {
			about = "staff"
			a, refusal, err = s.activate(ctx, caller, from, Tidy(number), code)
			if a.ID != "" {
				about = object(a.ID)
			}
			return err
		})
		if err == nil {
			err = refusal
		}
	}
	if err != nil {
		return Account{}, s.refused(ctx, caller, authz.ActivateStaff, about, err)
	}
	return a, nil
}

// activate does it within a transaction. A refusal is no error there: the try
// has to be counted.
func (s *Service) activate(ctx context.Context, caller authz.Caller, from, number, code string) (a Account, refusal, err error) {
	subject := hex.EncodeToString(s.Index("staff_code", "tries", []byte(number+"\x00"+from)))
	tries, err := s.Counter.LockStaffTries(ctx, subject)
	if err != nil {
		return a, nil, fmt.Errorf("counting tries: %w", err)
	}
	if s.now().Before(tries.LockedUntil) {
		return a, ErrCodeLocked.With(nil, "until", tries.LockedUntil.In(seoul.Zone).Format("2006-01-02 15:04")).After(tries.LockedUntil.Sub(s.now())), nil
	}
	if !tries.LockedUntil.IsZero() { // the lock is over: begin anew
		tries = Tries{}
	}
	a, err = s.Register.AccountByNumber(ctx, number)
	if err != nil && !errors.Is(err, ErrUnknown) {
		return a, nil, fmt.Errorf("reading an account: %w", err)
	}
	waits, err := s.Keyring.StaffCode(ctx, a.ID) // of nobody, when there is no account: as long a way
	if err != nil {
		return a, nil, fmt.Errorf("reading a code: %w", err)
	}
	right := subtle.ConstantTimeCompare(s.codeHash(a.ID, code), waits.Hash) == 1
	if !right || a.ID == "" || a.State != Invited || !s.now().Before(waits.ExpiresAt) {
		if tries.Failed++; tries.Failed >= MaxTries {
			tries.LockedUntil = s.now().Add(LockFor)
		}
		return a, ErrCode.With(nil), s.Counter.SaveStaffTries(ctx, subject, tries)
	}
	if err := s.Log.Record(ctx, caller, authz.ActivateStaff, object(a.ID)); err != nil {
		return a, nil, err
	}
	if err := s.dropCode(ctx, a.ID); err != nil {
		return a, nil, err
	}
	if err := s.Counter.SaveStaffTries(ctx, subject, Tries{}); err != nil {
		return a, nil, err
	}
	a, err = s.welcome(ctx, a)
	return a, nil, err
}

// welcome is the last part of each login: an account that was invited is in use
// from now on.
func (s *Service) welcome(ctx context.Context, a Account) (Account, error) {
	if a.State == Disabled {
		return Account{}, ErrDisabled.With(nil)
	}
	a.State, a.LastLogin = Active, s.now()
	return a, s.save(ctx, a)
}
