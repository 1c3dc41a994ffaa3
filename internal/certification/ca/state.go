package ca

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/pki/profile"
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

// StateAt is the state at a moment: what has passed its end is expired, and a
// suspension whose time was over before that is a revocation, even when nobody
// has written so yet.
func (r Record) StateAt(at time.Time) State {
	switch r.State {
	case Held, Suspended:
		if !r.HoldUntil.IsZero() && r.HoldUntil.Before(r.NotAfter) && at.After(r.HoldUntil) {
			return Revoked
		}
	case Valid:
	case Pending, Revoked, Expired:
		return r.State
	}
	if at.After(r.NotAfter) {
		return Expired
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
	return a.move(ctx, caller, authz.RevokeCertificate, serial, func(context.Context, Record, time.Time) (Move, error) {
		return Move{From: live, To: Revoked, Reason: reason, Invalidity: invalidity}, nil
	})
}

// Hold suspends a valid certificate (효력정지): others see certificateHold. desk
// is where, and only there it can be resumed. After six months it ends in
// revocation: see Lapse. A replacement that is under way becomes held.
func (a *Authority) Hold(ctx context.Context, caller authz.Caller, serial, desk string) error {
	if desk == "" || len(desk) > maxDesk {
		return fmt.Errorf("ca: a desk has 1 to %d bytes", maxDesk)
	}
	return a.move(ctx, caller, authz.HoldCertificate, serial, func(ctx context.Context, r Record, at time.Time) (Move, error) {
		until := suspension.NotAfter(at)
		if _, err := a.backlog.HoldPending(ctx, r.SubscriberID, r.Serial, desk, until); err != nil {
			return Move{}, fmt.Errorf("holding what is under way: %w", err)
		}
		return Move{From: []State{Valid}, To: Suspended, Reason: OnHold, Desk: desk, Until: until}, nil
	})
}

// DeskBank is the desk of what the bank puts on hold by itself.
const DeskBank = "bank"

// maxDesk bounds the name of a desk, in bytes.
const maxDesk = 64

// suspension is how long a certificate may be suspended: to the end of the day
// in Seoul, six months on.
var suspension = profile.Period{Months: 6}

// SuspendedUntil is when a suspension that begins at a moment ends.
func SuspendedUntil(at time.Time) time.Time { return suspension.NotAfter(at) }

// Release makes a suspended or held certificate valid (again), at the desk that
// suspended it; elsewhere that is ErrDesk.
func (a *Authority) Release(ctx context.Context, caller authz.Caller, serial, desk string) error {
	return a.move(ctx, caller, authz.ReleaseCertificate, serial, func(_ context.Context, r Record, _ time.Time) (Move, error) {
		if (r.State == Suspended || r.State == Held) && r.Desk != desk {
			return Move{}, ErrDesk.With(nil, "desk", r.Desk).Word("desk", DeskWord(r.Desk))
		}
		return Move{From: []State{Held, Suspended}, To: Valid}, nil
	})
}

// Lapse writes what the clock has brought about: a certificate whose end has
// passed is expired, a suspension whose time is over becomes a revocation. It
// says what it wrote; empty when there was nothing to write.
func (a *Authority) Lapse(ctx context.Context, caller authz.Caller, serial string) (to State, err error) {
	object := "certificate:" + serial
	err = a.ledger.InTx(ctx, func(ctx context.Context) error {
		to = "" // the transaction may be run again
		if err := authz.Allow(caller, authz.ExpireCertificate, ""); err != nil {
			return err
		}
		record, err := a.ledger.Certificate(ctx, serial)
		if err != nil {
			return fmt.Errorf("reading certificate: %w", err)
		}
		to, err = a.lapse(ctx, caller, record, a.now())
		return err
	})
	if err != nil {
		return "", a.refused(ctx, caller, authz.ExpireCertificate, object, err)
	}
	return to, nil
}

// lapse does what Lapse says with a record that the transaction has locked.
func (a *Authority) lapse(ctx context.Context, clock authz.Caller, r Record, at time.Time) (State, error) {
	m := Move{From: live, To: r.StateAt(at), At: at}
	if m.To == r.State {
		return "", nil
	}
	if m.To == Revoked {
		m.Reason = Cessation
	}
	return m.To, a.apply(ctx, clock, authz.ExpireCertificate, r, m, "")
}

// byClock is the caller of what the clock does in the course of another's act.
func byClock(caller authz.Caller) authz.Caller {
	return authz.Caller{Role: authz.System, ID: "clock", Request: caller.Request}
}

// move does an act on one certificate in a transaction: how says which, once
// the caller is known to be allowed.
func (a *Authority) move(ctx context.Context, caller authz.Caller, act authz.Act, serial string,
	how func(ctx context.Context, r Record, at time.Time) (Move, error)) error {
	serial = strings.ToLower(serial)
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
		if state := record.StateAt(at); state != record.State {
			return ErrState.With(ErrWrongState, "state", string(state)).Word("state", state.Word())
		}
		m, err := how(ctx, record, at)
		if err != nil {
			return err
		}
		m.At = at
		return a.apply(ctx, caller, act, record, m, "")
	})
	if err != nil {
		return a.refused(ctx, caller, act, "certificate:"+serial, err)
	}
	return nil
}

// apply records a move, makes it and tells the witness, within a transaction
// that has locked the record.
func (a *Authority) apply(ctx context.Context, caller authz.Caller, act authz.Act, r Record, m Move, other string) error {
	err := a.log.Record(ctx, caller, act, "certificate:"+r.Serial,
		"from", string(r.State), "to", string(m.To), "reason", m.Reason.String(), "desk", m.Desk, "by", other)
	if err != nil {
		return fmt.Errorf("recording: %w", err)
	}
	err = a.backlog.ChangeState(ctx, r.Serial, m)
	switch {
	case errors.Is(err, ErrWrongState):
		return ErrState.With(err, "state", string(r.State)).Word("state", r.State.Word())
	case errors.Is(err, ErrHolds):
		return ErrPersonHolds.With(err)
	case err != nil:
		return fmt.Errorf("changing state: %w", err)
	}
	from := r.State
	r.State, r.ChangedAt = m.To, m.At
	if m.To != Expired {
		r.Reason, r.InvalidityDate, r.Desk, r.HoldUntil = int(m.Reason), m.Invalidity, m.Desk, m.Until
	}
	if err := a.witness.Witness(ctx, Change{Record: r, From: from, By: caller, At: m.At, Other: other}); err != nil {
		return fmt.Errorf("telling of the change: %w", err)
	}
	return nil
}
