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
		return ErrPredecessor.With(nil, "state", string(state))
	}
	record.Exception = old.Exception
	return nil
}

// supersede revokes, within the transaction of step 7, the certificate whose
// place the record takes, and says what the record is to become. Who has lost a
// certificate for good between the two steps does not get another one for it.
func (a *Authority) supersede(ctx context.Context, caller authz.Caller, record Record, at time.Time) (State, error) {
	if record.Replaces == "" {
		return Valid, nil
	}
	old, err := a.ledger.Certificate(ctx, record.Replaces)
	if err != nil {
		return "", fmt.Errorf("reading what is replaced: %w", err)
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
		if old.State == Expired {
			return Valid, nil
		}
		_, err = a.apply(ctx, caller, authz.ExpireCertificate, old, Move{From: live, To: Expired, At: at}, "")
		return Valid, err
	default:
		return Revoked, nil
	}
	_, err = a.apply(ctx, caller, authz.RevokeCertificate, old,
		Move{From: live, To: Revoked, Reason: Superseded, At: at}, record.Serial)
	return Valid, err
}

// live are the states of certificates that were issued and are not over.
var live = []State{Held, Valid, Suspended}
