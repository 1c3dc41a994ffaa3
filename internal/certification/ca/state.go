package ca

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/control/authz"
)

// Reason is why a certificate does not stand any more: RFC 5280 §5.3.1.
type Reason int

// The reasons for which a subscriber's certificate may be revoked, and the one
// for suspending it. The others concern CAs or delta lists.
const (
	Unspecified        Reason = 0
	KeyCompromise      Reason = 1
	AffiliationChanged Reason = 3
	Superseded         Reason = 4
	Cessation          Reason = 5
	OnHold             Reason = 6
	PrivilegeWithdrawn Reason = 9
)

var reasons = map[Reason]string{
	Unspecified: "unspecified", KeyCompromise: "key-compromise", AffiliationChanged: "affiliation-changed",
	Superseded: "superseded", Cessation: "cessation", OnHold: "on-hold", PrivilegeWithdrawn: "privilege-withdrawn",
}

// String gives the reason as operators write it.
func (r Reason) String() string {
	if name, ok := reasons[r]; ok {
		return name
	}
	return "reason " + strconv.Itoa(int(r))
}

// ParseReason reads a reason for a revocation; ErrReason if it is none.
func ParseReason(s string) (Reason, error) {
	for reason, name := range reasons {
		if reason != OnHold && strings.EqualFold(s, name) {
			return reason, nil
		}
	}
	return 0, ErrReason
}

// StateAt is the state at a moment: what has passed its end is expired even
// when nobody has written so yet.
func (r Record) StateAt(at time.Time) State {
	switch r.State {
	case Held, Valid, Suspended:
		if at.After(r.NotAfter) {
			return Expired
		}
	case Pending, Revoked, Expired:
	}
	return r.State
}

// Revoke ends a certificate for good. invalidity is when its key was last
// trustworthy, between 1950 and now, zero when that is not known.
func (a *Authority) Revoke(ctx context.Context, caller authz.Caller, serial string, reason Reason, invalidity time.Time) error {
	if _, ok := reasons[reason]; !ok || reason == OnHold {
		return a.refused(ctx, caller, authz.RevokeCertificate, "certificate:"+serial, ErrReason.With(nil))
	}
	// One date that can't be encoded would keep the authority from issuing lists.
	if year := invalidity.UTC().Year(); !invalidity.IsZero() && (year < 1950 || invalidity.After(a.now())) {
		return fmt.Errorf("ca: a key can't have been invalid since %s", invalidity)
	}
	return a.move(ctx, caller, authz.RevokeCertificate, serial,
		change{from: []State{Held, Valid, Suspended}, to: Revoked, reason: reason, invalidity: invalidity})
}

// Hold suspends a valid certificate (효력정지): others see certificateHold.
func (a *Authority) Hold(ctx context.Context, caller authz.Caller, serial string) error {
	return a.move(ctx, caller, authz.HoldCertificate, serial,
		change{from: []State{Valid}, to: Suspended, reason: OnHold})
}

// Release makes a suspended or held certificate valid (again).
func (a *Authority) Release(ctx context.Context, caller authz.Caller, serial string) error {
	return a.move(ctx, caller, authz.ReleaseCertificate, serial,
		change{from: []State{Held, Suspended}, to: Valid})
}

type change struct {
	from       []State
	to         State
	reason     Reason
	invalidity time.Time
}

func (a *Authority) move(ctx context.Context, caller authz.Caller, act authz.Act, serial string, c change) error {
	serial = strings.ToLower(serial)
	object := "certificate:" + serial
	err := a.ledger.InTx(ctx, func(ctx context.Context) error {
		at := a.now()
		record, err := a.ledger.Certificate(ctx, serial)
		if errors.Is(err, ErrNoCertificate) {
			return ErrNotFound.With(err)
		}
		if err != nil {
			return fmt.Errorf("reading certificate: %w", err)
		}
		if err := authz.Allow(caller, act, record.SubscriberID); err != nil {
			return err
		}
		if state := record.StateAt(at); state == Expired {
			return ErrState.With(ErrWrongState, "state", string(state))
		}
		err = a.log.Record(ctx, caller, act, object,
			"from", string(record.State), "to", string(c.to), "reason", c.reason.String())
		if err != nil {
			return fmt.Errorf("recording: %w", err)
		}
		err = a.backlog.ChangeState(ctx, serial, c.from, c.to, int(c.reason), c.invalidity, at)
		if errors.Is(err, ErrWrongState) {
			return ErrState.With(err, "state", string(record.State))
		}
		if errors.Is(err, ErrHolds) {
			return ErrPersonHolds.With(err)
		}
		if err != nil {
			return fmt.Errorf("changing state: %w", err)
		}
		return nil
	})
	if err != nil {
		return a.refused(ctx, caller, act, object, err)
	}
	return nil
}
