package ca

import (
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/profile"
)

// ocspRenewal is how long before its end an OCSP signer is replaced.
const ocspRenewal = 30 * 24 * time.Hour

// ownID names the authority itself where records name applications and
// subscribers. No id of theirs has a colon.
func ownID(part string) string { return "authority:" + part }

// OCSPSignerDue says whether an OCSP signer's certificate ends so soon that it
// should be replaced.
func OCSPSignerDue(certificate *x509.Certificate, at time.Time) bool {
	return at.After(certificate.NotAfter.Add(-ocspRenewal))
}

// RenewOCSPSigner makes a new key of the given bits (0 is the profile's) and
// certifies it as a delegated OCSP signer, by the same cycle as any
// certificate. Each instance may have a signer of its own. A crash between
// loses the key; Recover then finishes a certificate that nobody can use.
func (a *Authority) RenewOCSPSigner(ctx context.Context, caller authz.Caller, bits int) (*x509.Certificate, *rsa.PrivateKey, error) {
	p, ok := a.profiles.Named(profile.OCSP)
	if !ok {
		return nil, nil, errors.New("ca: there is no profile for OCSP signers")
	}
	if bits == 0 {
		bits = p.KeyBits
	}
	if bits < max(minKeyBits, p.MinKeyBits) {
		return nil, nil, fmt.Errorf("ca: a key of %d bits is too short", bits)
	}
	id, err := nineDigits(a.random)
	if err != nil {
		return nil, nil, err
	}
	id = day(a.now()) + id
	if err := authz.Allow(caller, authz.IssueCertificate, ownID(id)); err != nil {
		return nil, nil, a.refused(ctx, caller, authz.IssueCertificate, "application:"+ownID(id), err)
	}
	key, err := rsa.GenerateKey(a.random, bits)
	if err != nil {
		return nil, nil, fmt.Errorf("making key: %w", err)
	}
	spki, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return nil, nil, fmt.Errorf("encoding public key: %w", err)
	}
	record, err := a.prepare(draft{
		profile: p, applicationID: ownID(id), subscriber: ownID(id), publicKey: spki, realName: a.caName,
		subject: func() (npki.Name, error) {
			return composeName(a.caName, a.caName+" OCSP "+id, p.SubjectOU), nil
		},
	})
	if err != nil {
		return nil, nil, err
	}
	if err := a.reserve(ctx, caller, record, Request{}); err != nil {
		return nil, nil, err
	}
	record, err = a.finish(context.WithoutCancel(ctx), caller, record)
	if err != nil {
		return nil, nil, err
	}
	certificate, err := x509.ParseCertificate(record.DER)
	if err != nil {
		return nil, nil, fmt.Errorf("parsing: %w", err)
	}
	return certificate, key, nil
}

// Adopt enters certificates that a ceremony made (key management, OCSP signer)
// in the ledger, so that status knows them. What is there already is left
// alone. Call it when the service starts.
func (a *Authority) Adopt(ctx context.Context, caller authz.Caller, certificates ...*x509.Certificate) error {
	for _, c := range certificates {
		if err := c.CheckSignatureFrom(a.issuer); err != nil {
			return fmt.Errorf("adopting %s: %w", c.Subject.CommonName, err)
		}
		if err := a.adopt(ctx, caller, c); err != nil {
			return fmt.Errorf("adopting %s: %w", c.Subject.CommonName, err)
		}
	}
	return nil
}

func (a *Authority) adopt(ctx context.Context, caller authz.Caller, c *x509.Certificate) error {
	serial := SerialOf(c.SerialNumber)
	if _, err := a.ledger.Certificate(ctx, serial); !errors.Is(err, ErrNoCertificate) {
		return err
	}
	subject, err := npki.ParseName(c.RawSubject)
	if err != nil {
		return err
	}
	name := profile.KM
	if len(c.ExtKeyUsage) > 0 {
		name = profile.OCSP
	}
	p, ok := a.profiles.Named(name)
	if !ok {
		return fmt.Errorf("ca: there is no profile %q", name)
	}
	key, at := sha256.Sum256(c.RawSubjectPublicKeyInfo), a.now()
	record := Record{
		Serial: serial, Issuer: a.issuerID, ApplicationID: ownID(serial), SubscriberID: ownID(serial),
		Kind: kindOf(p), State: Pending, Subject: subject.String(), KeyHash: key[:], TBS: c.RawTBSCertificate,
		NotBefore: c.NotBefore, NotAfter: c.NotAfter, CreatedAt: at, ChangedAt: at,
	}
	fingerprint := sha256.Sum256(c.Raw)
	err = a.ledger.InTx(ctx, func(ctx context.Context) error {
		if err := authz.Allow(caller, authz.IssueCertificate, record.SubscriberID); err != nil {
			return err
		}
		err := a.log.Record(ctx, caller, authz.IssueCertificate, "certificate:"+serial,
			"step", "adopted", "kind", name, "sha256", hex.EncodeToString(fingerprint[:]))
		if err != nil {
			return fmt.Errorf("recording: %w", err)
		}
		if err := a.ledger.Reserve(ctx, record); err != nil {
			return err
		}
		_, err = a.ledger.Complete(ctx, serial, c.Raw, Valid, at)
		return err
	})
	if errors.Is(err, ErrApplicationUsed) || errors.Is(err, ErrSerialUsed) {
		return nil // another instance was faster
	}
	return err
}
