package ocsp

import (
	"bytes"
	"crypto/subtle"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"github.com/ingam-pki/ingam/pki/internal/sigalg"
)

const (
	// Skew is how far a responder's clock may be ahead of the reader's.
	Skew = 5 * time.Minute
	// MaxAge is how long an answer without nextUpdate counts.
	MaxAge = 24 * time.Hour
)

// Verify judges the response as one about certificates of issuer at a time:
// the signature is by the issuer or by a delegate that the issuer certified
// directly with EKU OCSPSigning (RFC 6960 §4.2.2.2), and each answer for a
// certificate of this issuer is current. It needs at least one such answer.
// It does not look at the nonce (CheckNonce) nor at the delegate's own
// revocation: delegates are short-lived and carry ocsp-nocheck.
func (r *Response) Verify(issuer *x509.Certificate, at time.Time) error {
	if err := r.VerifySignature(issuer, at); err != nil {
		return err
	}
	if r.ProducedAt.After(at.Add(Skew)) {
		return fmt.Errorf("%w: produced at %s", ErrNotYetValid, r.ProducedAt.Format(time.RFC3339))
	}
	ours := 0
	for _, s := range r.Singles {
		if !s.ID.IssuedBy(issuer) {
			continue
		}
		ours++
		if err := s.Current(at); err != nil {
			return err
		}
	}
	if ours == 0 {
		return ErrNotIncluded
	}
	return nil
}

// Current says whether this answer counts at a time: thisUpdate is not after
// it, nextUpdate is not before.
func (s Single) Current(at time.Time) error {
	if s.ThisUpdate.After(at.Add(Skew)) {
		return fmt.Errorf("%w: thisUpdate %s", ErrNotYetValid, s.ThisUpdate.Format(time.RFC3339))
	}
	until := s.NextUpdate
	if until.IsZero() {
		until = s.ThisUpdate.Add(MaxAge)
	}
	if until.Before(at) {
		return fmt.Errorf("%w: since %s", ErrStale, until.Format(time.RFC3339))
	}
	return nil
}

// VerifySignature checks who signed and the signature, with a delegate's
// certificate judged at a time, and sets Responder. It leaves the times of
// the answers to the caller.
func (r *Response) VerifySignature(issuer *x509.Certificate, at time.Time) error {
	if issuer == nil {
		return fmt.Errorf("%w: no issuer", ErrResponder)
	}
	signer, err := r.findResponder(issuer)
	if err != nil {
		return err
	}
	if !bytes.Equal(signer.Raw, issuer.Raw) {
		if err := checkDelegate(signer, issuer, at); err != nil {
			return err
		}
	}
	if err := r.algorithm.Check(signer.PublicKey, r.tbs, r.signature); err != nil {
		if errors.Is(err, sigalg.ErrSignature) {
			return ErrSignature
		}
		return fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	r.Responder = signer
	return nil
}

func (r *Response) findResponder(issuer *x509.Certificate) (*x509.Certificate, error) {
	if r.names(issuer) {
		return issuer, nil
	}
	for _, c := range r.Certificates {
		if r.names(c) {
			return c, nil
		}
	}
	return nil, fmt.Errorf("%w: responder's certificate is not there", ErrResponder)
}

func (r *Response) names(cert *x509.Certificate) bool {
	if r.byName != nil {
		return bytes.Equal(r.byName, cert.RawSubject)
	}
	id, err := keyID(cert)
	return err == nil && subtle.ConstantTimeCompare(id, r.byKey) == 1
}

func checkDelegate(cert, issuer *x509.Certificate, at time.Time) error {
	if !bytes.Equal(cert.RawIssuer, issuer.RawSubject) {
		return fmt.Errorf("%w: certified by another", ErrResponder)
	}
	if err := sigalg.CheckCertificate(cert, issuer); err != nil {
		return fmt.Errorf("%w: %w", ErrResponder, err)
	}
	if at.Before(cert.NotBefore) || at.After(cert.NotAfter) {
		return fmt.Errorf("%w: its certificate is not valid at %s", ErrResponder, at.Format(time.RFC3339))
	}
	if len(cert.UnhandledCriticalExtensions) > 0 {
		return fmt.Errorf("%w: unknown critical extension", ErrResponder)
	}
	if cert.KeyUsage != 0 && cert.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0 {
		return fmt.Errorf("%w: its key may not sign", ErrResponder)
	}
	for _, use := range cert.ExtKeyUsage {
		if use == x509.ExtKeyUsageOCSPSigning {
			return nil
		}
	}
	return fmt.Errorf("%w: no EKU OCSPSigning", ErrResponder)
}
