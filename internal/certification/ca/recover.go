package ca

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/profile"
)

// firstLook and lastLook bound how many pending records one look takes.
const firstLook, lastLook = 256, 1 << 20

// Recover finishes what stopped between steps 5 and 7: it signs the stored
// bytes and stores the certificate. Call it when the service starts; calling
// it again, or while other instances issue and recover, is safe, because the
// same bytes give the same signature and the ledger takes a certificate once.
// It gives how many it finished. A record that can't be finished does not hold
// up the others; their errors are joined.
func (a *Authority) Recover(ctx context.Context) (finished int, err error) {
	caller := authz.Caller{Role: authz.System, ID: "recovery"}
	var problems []error
	stuck := make(map[string]bool) // serials that wait for somebody else
	for look := firstLook; look <= lastLook; {
		records, err := a.backlog.PendingRecords(ctx, look)
		if err != nil {
			return finished, errors.Join(append(problems, fmt.Errorf("reading pending records: %w", err))...)
		}
		before := finished
		for _, record := range records {
			if stuck[record.Serial] {
				continue
			}
			if record.Issuer != a.issuerID {
				stuck[record.Serial] = true
				continue
			}
			if _, err := a.resume(ctx, caller, record); err != nil {
				stuck[record.Serial] = true
				problems = append(problems, fmt.Errorf("finishing %s: %w", record.Serial, err))
				continue
			}
			finished++
		}
		if len(records) < look {
			break
		}
		if finished == before {
			look *= 4 // all of these wait for somebody else: look past them
		}
	}
	return finished, errors.Join(problems...)
}

// resume finishes a record that is pending on disk. Unlike finish it does not
// know where its bytes came from, so it looks at them as if a stranger had
// written them.
func (a *Authority) resume(ctx context.Context, caller authz.Caller, record Record) (Record, error) {
	if err := a.recognise(record); err != nil {
		return Record{}, err
	}
	der, _, err := sign(a.random, a.signer, record.TBS)
	if err != nil {
		return Record{}, ErrSigning.With(err)
	}
	a.step(6)
	at := a.now()
	var made Record
	err = a.ledger.InTx(ctx, func(ctx context.Context) (err error) {
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

// recognise says whether stored bytes are a subscriber's certificate that this
// authority could have prepared for the record they stand in. Whoever can
// write to the ledger but not to the key must not get a CA certificate, or one
// under another name, by leaving a pending record behind.
func (a *Authority) recognise(record Record) error {
	unsigned, err := inspect(a.rules, a.issuer.PublicKey, record.TBS)
	if err != nil {
		return ErrStored.With(err)
	}
	subject, err := npki.ParseName(unsigned.RawSubject)
	if err != nil {
		return ErrStored.With(fmt.Errorf("reading the subject: %w", err))
	}
	key := sha256.Sum256(unsigned.RawSubjectPublicKeyInfo)
	var p profile.Profile
	i := slices.IndexFunc(a.profiles, func(p profile.Profile) bool { return kindOf(p) == record.Kind })
	if i >= 0 {
		p = a.profiles[i]
	}
	for _, part := range []struct {
		name string
		ok   bool
	}{
		{"issuer", record.Issuer == a.issuerID && bytes.Equal(unsigned.RawIssuer, a.issuer.RawSubject)},
		{"serial", SerialOf(unsigned.SerialNumber) == record.Serial},
		{"key", bytes.Equal(key[:], record.KeyHash)},
		{"subject", subject.String() == record.Subject},
		{"validity", unsigned.NotBefore.Equal(record.NotBefore) && unsigned.NotAfter.Equal(record.NotAfter)},
		{"kind", i >= 0 && p.BasicConstraints == nil},
		{"basicConstraints", !unsigned.BasicConstraintsValid && !unsigned.IsCA},
		{"policy", len(unsigned.PolicyIdentifiers) == 1 && unsigned.PolicyIdentifiers[0].Equal(p.PolicyOID)},
		{"extendedKeyUsage", len(unsigned.ExtKeyUsage)+len(unsigned.UnknownExtKeyUsage) == len(p.ExtKeyUsage)},
	} {
		if !part.ok {
			return ErrStored.With(fmt.Errorf("stored bytes and record differ in %s", part.name))
		}
	}
	return nil
}
