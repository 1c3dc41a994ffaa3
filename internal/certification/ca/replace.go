package ca

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/ingam-pki/ingam/internal/control/authz"
)

// replaceable says, within the transaction of step 5, whether the certificate
// whose place the record is to take is still there to be replaced. It locks it,
// and the record inherits its place among a person's certificates.
func (a *Authority) replaceable(ctx context.Context, record *Record, from []State) error {
	if record.Replaces == "" {
		return nil
	}
	old, err := a.ledger.Certificate(ctx, record.Replaces)
	if errors.Is(err, ErrNoCertificate) {
		return ErrIncomplete.With(err)
	}
	if err != nil {
		return fmt.Errorf("reading what is to be replaced: %w", err)
	}
	if old.SubscriberID != record.SubscriberID || old.Kind != record.Kind || old.Issuer != record.Issuer {
		return ErrIncomplete.With(errors.New("what is to be replaced is another person's, kind's or issuer's"))
	}
	if state := old.StateAt(record.CreatedAt); !slices.Contains(from, state) {
		return ErrPredecessor.With(nil, "state", string(state)).Word("state", state.Word())
	}
	record.Exception = old.Exception
	return nil
}

// replaced reads and locks the certificate whose place a record takes; a zero
// value when it takes none's.
func (a *Authority) replaced(ctx context.Context, record Record) (Record, error) {
	if record.Replaces == "" {
		return Record{}, nil
	}
	old, err := a.ledger.Certificate(ctx, record.Replaces)
	if err != nil {
		return Record{}, fmt.Errorf("reading what is replaced: %w", err)
	}
	return old, nil
}

// freed makes room, within the transaction of step 5, where the certificate
// that stands in the way is over and only the clock has not been there yet. It
// says whether it is worth trying again.
func (a *Authority) freed(ctx context.Context, caller authz.Caller, record Record) (bool, error) {
	serial, err := a.backlog.Holder(ctx, record.SubscriberID, record.Kind, record.Exception)
	if err != nil || serial == "" {
		return err == nil, err
	}
	old, err := a.ledger.Certificate(ctx, serial)
	if err != nil {
		return false, fmt.Errorf("reading what is in the way: %w", err)
	}
	at := record.CreatedAt
	if old.State == Pending {
		if !at.After(old.NotAfter) {
			return false, nil
		}
		// Nobody was told of it, so nobody is told of its end.
		err := a.log.Record(ctx, byClock(caller), authz.ExpireCertificate, "certificate:"+old.Serial, "from", string(Pending), "to", string(Expired))
		if err == nil {
			err = a.backlog.ChangeState(ctx, old.Serial, Move{From: []State{Pending}, To: Expired, At: at})
		}
		return err == nil, err
	}
	if _, err := a.lapse(ctx, byClock(caller), old, at); err != nil {
		return false, err
	}
	return !slices.Contains(live, old.StateAt(at)), nil
}

// supersede revokes, within the transaction of step 7, the certificate whose
// place the record takes, and says what the record is to become. Who has lost a
// certificate for good between the two steps does not get another one for it.
func (a *Authority) supersede(ctx context.Context, caller authz.Caller, old, record Record, at time.Time) (State, error) {
	if record.Replaces == "" {
		return Valid, nil
	}
	switch old.StateAt(at) {
	case Valid, Suspended, Held:
	case Expired: // between the two steps: nothing is left to be revoked
		holder, err := a.backlog.Holder(ctx, record.SubscriberID, record.Kind, record.Exception)
		if err != nil {
			return "", fmt.Errorf("looking for another certificate: %w", err)
		}
		if holder != "" && holder != old.Serial {
			return Revoked, nil
		}
		_, err = a.lapse(ctx, byClock(caller), old, at)
		return Valid, err
	default:
		return Revoked, nil
	}
	return Valid, a.apply(ctx, caller, authz.RevokeCertificate, old,
		Move{From: live, To: Revoked, Reason: Superseded, At: at}, record.Serial)
}

// live are the states of certificates that were issued and are not over.
var live = []State{Held, Valid, Suspended}
