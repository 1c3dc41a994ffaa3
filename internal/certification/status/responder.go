package status

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"
	"sync/atomic"
	"time"

	"github.com/ingam-pki/ingam/pki/ocsp"
)

// standings is what a Responder reads; Register has it.
type standings interface {
	Standings(ctx context.Context, issuer string, serials []string) ([]Standing, error)
}

// ResponderConfig is what a Responder is made of.
type ResponderConfig struct {
	Issuer *x509.Certificate // the CA for whose certificates it answers
	Signer *x509.Certificate // delegated OCSP signer, certified by the issuer
	Key    crypto.Signer     // its key

	Lasts   time.Duration // nextUpdate after thisUpdate; zero is 10 minutes
	Signing int           // signatures at the same time; zero is 4
	Waiting time.Duration // how long a question waits for its turn; zero is 2 s

	Now    func() time.Time
	Random io.Reader // nil is crypto/rand
}

// Answer is what goes back to the one who asked, whatever happened.
type Answer struct {
	DER        []byte
	Status     ocsp.ResponseStatus
	ProducedAt time.Time // zero unless Status is Successful
	NextUpdate time.Time // until when others may keep the answer, likewise
	Nonce      bool      // made for one question: not to be kept by others
}

// Responder answers OCSP requests (RFC 6960, RFC 9654) from the register.
type Responder struct {
	config   ResponderConfig
	issuerID string
	register standings
	signer   atomic.Pointer[ocspSigner]
	turns    chan struct{}
	recent   recent
}

type ocspSigner struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

// NewResponder makes a Responder. The signer must be the issuer's delegate.
func NewResponder(c ResponderConfig, register standings) (*Responder, error) {
	if c.Issuer == nil || register == nil || c.Now == nil {
		return nil, errors.New("status: issuer, register and clock are needed")
	}
	if c.Lasts <= 0 {
		c.Lasts = 10 * time.Minute
	}
	if c.Signing <= 0 {
		c.Signing = 4
	}
	if c.Waiting <= 0 {
		c.Waiting = 2 * time.Second
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	r := &Responder{
		config: c, issuerID: hex.EncodeToString(c.Issuer.SubjectKeyId),
		register: register, turns: make(chan struct{}, c.Signing),
	}
	if err := r.UseSigner(c.Signer, c.Key); err != nil {
		return nil, err
	}
	return r, nil
}

// UseSigner changes to another delegated signer, at once and for all questions
// that come in from now on.
func (r *Responder) UseSigner(certificate *x509.Certificate, key crypto.Signer) error {
	if certificate == nil || key == nil {
		return errors.New("status: an OCSP signer with its key is needed")
	}
	if err := certificate.CheckSignatureFrom(r.config.Issuer); err != nil {
		return fmt.Errorf("status: the OCSP signer is not the issuer's delegate: %w", err)
	}
	if !slices.Contains(certificate.ExtKeyUsage, x509.ExtKeyUsageOCSPSigning) {
		return errors.New("status: the OCSP signer's certificate does not allow OCSP signing")
	}
	public, ok := certificate.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	if !ok || !public.Equal(key.Public()) {
		return errors.New("status: the OCSP signer's key is not that of its certificate")
	}
	r.recent.forget()
	r.signer.Store(&ocspSigner{certificate, key})
	return nil
}

// Signer gives the certificate of the delegated signer in use.
func (r *Responder) Signer() *x509.Certificate { return r.signer.Load().certificate }

// Respond answers a DER request. The answer can always be sent; the error is
// for the log and says why it is not a successful one. Serials that we never
// issued, and other issuers' certificates, are unknown; what is suspended or
// held is revoked with certificateHold.
//
// A question without a nonce may get the answer that the same question got
// less than half a second ago.
func (r *Responder) Respond(ctx context.Context, request []byte) (Answer, error) {
	asked, err := ocsp.ParseRequest(request)
	if err != nil {
		return failure(ocsp.MalformedRequest), fmt.Errorf("parsing OCSP request: %w", err)
	}
	name := sha256.Sum256(request)
	if asked.Nonce == nil {
		if kept, ok := r.recent.find(name, r.config.Now()); ok {
			return kept, nil
		}
	}
	turn, err := r.turn(ctx)
	if err != nil {
		return failure(ocsp.TryLater), err
	}
	defer turn()
	now := r.config.Now()
	if asked.Nonce == nil { // somebody may have asked the same meanwhile
		if kept, ok := r.recent.find(name, now); ok {
			return kept, nil
		}
	}
	answer, err := r.answer(ctx, asked, now.UTC().Truncate(time.Second))
	if err == nil && asked.Nonce == nil {
		r.recent.keep(name, answer, now)
	}
	return answer, err
}

// turn bounds how many signatures are made at the same time.
func (r *Responder) turn(ctx context.Context) (done func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, r.config.Waiting)
	defer cancel()
	select {
	case r.turns <- struct{}{}:
		return func() { <-r.turns }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("waiting to sign an OCSP response: %w", ctx.Err())
	}
}

func (r *Responder) answer(ctx context.Context, asked *ocsp.Request, at time.Time) (Answer, error) {
	signer := r.signer.Load()
	if at.Before(signer.certificate.NotBefore) || at.After(signer.certificate.NotAfter) {
		return failure(ocsp.TryLater), errors.New("status: the OCSP signer's certificate is out of its validity")
	}
	singles, err := r.singles(ctx, asked.IDs, at)
	if err != nil {
		return failure(ocsp.TryLater), err
	}
	der, err := ocsp.CreateResponse(r.config.Random, ocsp.Response{
		Singles: singles, ProducedAt: at, Nonce: asked.Nonce, Responder: signer.certificate,
	}, signer.key)
	if err != nil {
		return failure(ocsp.InternalError), fmt.Errorf("making OCSP response: %w", err)
	}
	return Answer{
		DER: der, Status: ocsp.Successful, ProducedAt: at, NextUpdate: at.Add(r.config.Lasts), Nonce: asked.Nonce != nil,
	}, nil
}

// singles answers each question in the order asked.
func (r *Responder) singles(ctx context.Context, ids []ocsp.CertID, at time.Time) ([]ocsp.Single, error) {
	singles := make([]ocsp.Single, len(ids))
	var ours []int
	var serials []string
	for i, id := range ids {
		singles[i] = ocsp.Single{ID: id, Status: ocsp.Unknown, ThisUpdate: at, NextUpdate: at.Add(r.config.Lasts)}
		if id.Serial.Sign() > 0 && id.IssuedBy(r.config.Issuer) {
			ours = append(ours, i)
			serials = append(serials, serialText(id.Serial))
		}
	}
	if len(ours) == 0 {
		return singles, nil
	}
	found, err := r.register.Standings(ctx, r.issuerID, serials)
	if err != nil {
		return nil, fmt.Errorf("reading standings: %w", err)
	}
	if len(found) != len(ours) {
		return nil, fmt.Errorf("reading standings: %d answers to %d questions", len(found), len(ours))
	}
	for n, i := range ours {
		switch standing := found[n]; {
		case standing.Known && standing.Revoked:
			singles[i].Status, singles[i].Reason = ocsp.Revoked, standing.Reason
			singles[i].RevokedAt = standing.RevokedAt.UTC().Truncate(time.Second)
		case standing.Known:
			singles[i].Status = ocsp.Good
		}
	}
	return singles, nil
}

func failure(s ocsp.ResponseStatus) Answer { return Answer{DER: ocsp.ErrorResponse(s), Status: s} }

// serialText gives a serial the form of Entry.Serial: ca.Record's.
func serialText(n *big.Int) string { return hex.EncodeToString(n.Bytes()) }
