package ca

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/internal/fault"
	"github.com/ingam-pki/ingam/pki/npki"
)

// tries is how many serials and names are drawn for one request before the
// authority gives up: with 126 and 30 random bits the second is rare already.
const tries = 5

// Issue makes the certificate that registration decided on. Its steps are
// numbered; a crash after any of them loses nothing that was promised:
//
//	1 the request is complete
//	2 a random serial and name are drawn
//	3 the to-be-signed bytes are prepared from the profile
//	4 they are linted under a dummy signature; no key was touched so far
//	5 authorised, audited and stored with serial, name, key, application: one transaction
//	6 signed, once; the result is parsed and verified
//	7 the certificate is stored and audited, and the one that it replaces is
//	  revoked: one transaction
//	8 handed out
//
// Asking again with the same application and key gives the same certificate,
// finished first if a crash left it between 5 and 7. Call it outside of any
// transaction: 5 must be on disk before 6. Once 5 is, a caller who goes away
// stops nothing.
//
// Refusals: ErrIncomplete, ErrKeyUnfit, ErrKeyCertified, ErrPersonHolds,
// ErrPredecessor, ErrOtherKey, ErrLint, ErrNumbering, ErrSigning,
// authz.ErrForbidden. What was put on hold meanwhile comes out as Held, and what
// takes the place of a certificate that was revoked meanwhile as Revoked.
func (a *Authority) Issue(ctx context.Context, caller authz.Caller, r Request) (Record, error) {
	record, err := a.issue(ctx, caller, r)
	if err != nil {
		return Record{}, a.refused(ctx, caller, authz.IssueCertificate, "application:"+r.ApplicationID, err)
	}
	a.step(8)
	return record, nil
}

func (a *Authority) issue(ctx context.Context, caller authz.Caller, r Request) (Record, error) {
	r, err := a.check(r)
	if err != nil {
		return Record{}, err
	}
	a.step(1)
	p, _ := a.profiles.OfKind(r.Kind)
	d := draft{
		profile: p, applicationID: r.ApplicationID, subscriber: r.SubscriberID,
		publicKey: r.PublicKey, realName: r.RealName, vid: &r.VID,
		subject:  func() (npki.Name, error) { return a.subject(p, r.RealName, a.now()) },
		notAfter: r.NotAfter, replaces: r.Replaces, exception: r.Exception, hold: r.Hold,
	}
	for range tries {
		record, err := a.prepare(d)
		if errors.Is(err, ErrLint) { // it may exist since a time when it could be made
			return a.again(ctx, caller, r, err)
		}
		if err != nil {
			return Record{}, err
		}
		err = a.reserve(ctx, caller, record, r)
		switch {
		case err == nil:
			a.step(5)
			return a.finish(context.WithoutCancel(ctx), caller, record)
		case errors.Is(err, ErrSerialUsed), errors.Is(err, ErrSubjectUsed):
			continue // another draw
		case errors.Is(err, ErrApplicationUsed), errors.Is(err, ErrKeyUsed), errors.Is(err, ErrHolds), errors.Is(err, ErrPredecessor):
			return a.again(ctx, caller, r, err)
		default:
			return Record{}, err
		}
	}
	return Record{}, ErrNumbering.With(fmt.Errorf("no free serial and name in %d draws", tries))
}

// reserve is step 5. What the ledger refuses is refused before anything is
// written, so that the transaction can go on with others' acts.
func (a *Authority) reserve(ctx context.Context, caller authz.Caller, record Record, r Request) error {
	prepared := sha256.Sum256(record.TBS)
	return a.together.run(ctx, func(ctx context.Context) error {
		if err := authz.AllowOn(caller, authz.IssueCertificate, record.object()); err != nil {
			return err
		}
		if r.Still != nil {
			if err := r.Still(ctx); err != nil {
				return err
			}
		}
		if err := a.replaceable(ctx, &record, r.From); err != nil {
			return err
		}
		err := a.ledger.Reserve(ctx, record)
		if errors.Is(err, ErrHolds) && record.Replaces == "" {
			free, problem := a.freed(ctx, caller, record)
			if problem != nil {
				return problem
			}
			if free {
				err = a.ledger.Reserve(ctx, record)
			}
		}
		if err != nil {
			return fmt.Errorf("reserving: %w", err)
		}
		err = a.log.Record(ctx, caller, authz.IssueCertificate, "application:"+record.ApplicationID,
			"step", "prepared", "serial", record.Serial, "kind", string(record.Kind),
			"subscriber", record.SubscriberID, "replaces", record.Replaces, "exception", record.Exception,
			"tbs", hex.EncodeToString(prepared[:]))
		if err != nil {
			return fmt.Errorf("recording the intent: %w", err)
		}
		return nil
	})
}

// finish is steps 6 and 7 for a record whose step 5 is on disk.
func (a *Authority) finish(ctx context.Context, caller authz.Caller, record Record) (Record, error) {
	der, _, err := sign(a.random, a.signer, record.TBS)
	if err != nil {
		return Record{}, ErrSigning.With(err)
	}
	a.step(6)
	at := a.now()
	var made Record
	err = a.together.run(ctx, func(ctx context.Context) (err error) {
		made, err = a.complete(ctx, caller, record, der, at)
		return err
	})
	if err != nil {
		return Record{}, fmt.Errorf("storing certificate %s: %w", record.Serial, err)
	}
	a.step(7)
	if err := sameCertificate(made, der); err != nil {
		return Record{}, err
	}
	return made, nil
}

// sameCertificate says whether a record that was completed, by whomever, holds
// the certificate that was signed.
func sameCertificate(made Record, der []byte) error {
	switch {
	case bytes.Equal(made.DER, der):
		return nil
	case len(made.DER) == 0:
		return ErrIncomplete.With(errors.New("the application's certificate ended before it was finished"))
	}
	return ErrStored.With(errors.New("the ledger holds another certificate for these bytes"))
}

// complete is step 7 within its transaction. When another request or instance
// was faster there is nothing left to do: what is told of a certificate is told
// once. The certificate that is replaced is locked before the one that replaces
// it, as Hold does.
func (a *Authority) complete(ctx context.Context, caller authz.Caller, record Record, der []byte, at time.Time) (Record, error) {
	old, err := a.replaced(ctx, record)
	if err != nil {
		return Record{}, err
	}
	if record, err = a.ledger.Certificate(ctx, record.Serial); err != nil {
		return Record{}, fmt.Errorf("reading what was prepared: %w", err)
	}
	if record.State != Pending {
		return record, nil
	}
	fingerprint := sha256.Sum256(der)
	err = a.log.Record(ctx, caller, authz.IssueCertificate, "certificate:"+record.Serial,
		"step", "stored", "application", record.ApplicationID, "sha256", hex.EncodeToString(fingerprint[:]))
	if err != nil {
		return Record{}, fmt.Errorf("recording the certificate: %w", err)
	}
	to, err := a.supersede(ctx, caller, old, record, at)
	if err != nil {
		return Record{}, err
	}
	state, err := a.ledger.Complete(ctx, record.Serial, der, to, at)
	if err != nil {
		return Record{}, err
	}
	record.DER, record.State, record.IssuedAt, record.ChangedAt = der, state, at, at
	if state != Valid { // why, and where, the ledger knows
		if record, err = a.ledger.Certificate(ctx, record.Serial); err != nil {
			return Record{}, fmt.Errorf("reading the certificate: %w", err)
		}
	}
	err = a.witness.Witness(ctx, Change{Record: record, From: Pending, By: caller, At: at, Other: record.Replaces})
	if err != nil {
		return Record{}, fmt.Errorf("telling of the certificate: %w", err)
	}
	return record, nil
}

// again answers a request that the ledger refused: if its application has a
// certificate for this very key, that is the answer; otherwise why says what
// rule said no.
func (a *Authority) again(ctx context.Context, caller authz.Caller, r Request, why error) (Record, error) {
	record, err := a.ledger.ByApplication(ctx, r.ApplicationID)
	switch {
	case errors.Is(err, ErrNoCertificate) && (errors.Is(why, ErrPredecessor) || errors.Is(why, ErrLint)):
		return Record{}, why
	case errors.Is(err, ErrNoCertificate) && errors.Is(why, ErrHolds) && r.Replaces != "":
		return Record{}, ErrPredecessor.With(why, "state", string(Pending)).Word("state", Pending.Word())
	case errors.Is(err, ErrNoCertificate) && errors.Is(why, ErrHolds):
		return Record{}, ErrPersonHolds.With(why)
	case errors.Is(err, ErrNoCertificate):
		return Record{}, ErrKeyCertified.With(why)
	case err != nil:
		return Record{}, fmt.Errorf("looking the application up: %w", err)
	}
	if err := authz.AllowOn(caller, authz.IssueCertificate, record.object()); err != nil {
		return Record{}, err
	}
	key := sha256.Sum256(r.PublicKey)
	if record.SubscriberID != r.SubscriberID || record.Kind != r.Kind || !bytes.Equal(record.KeyHash, key[:]) {
		return Record{}, ErrOtherKey.With(why)
	}
	if record.State == Pending {
		return a.resume(context.WithoutCancel(ctx), caller, record)
	}
	if len(record.DER) == 0 { // it ended before anyone finished it
		return Record{}, ErrIncomplete.With(errors.New("the application's certificate was never finished"))
	}
	return record, nil
}

// refused records a refusal and gives it on. What is no fault is a defect or
// a broken dependency: there is nothing to record, and nowhere to.
func (a *Authority) refused(ctx context.Context, caller authz.Caller, act authz.Act, object string, err error) error {
	var occurrence *fault.Error
	var definition *fault.Fault
	if !errors.As(err, &occurrence) && !errors.As(err, &definition) {
		return err
	}
	outcome := audit.Refused
	if errors.Is(err, authz.ErrForbidden) {
		outcome = audit.Denied
	}
	if unwritten := a.log.Refuse(context.WithoutCancel(ctx), caller, act, object, outcome, err); unwritten != nil {
		return errors.Join(err, fmt.Errorf("recording a refusal: %w", unwritten))
	}
	return err
}
