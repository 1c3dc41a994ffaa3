package ca

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/ingam-pki/ingam/internal/control/audit"
	"github.com/ingam-pki/ingam/internal/control/authz"
	"github.com/ingam-pki/ingam/pki/lint"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/profile"
)

// Config is what an Authority is made of.
type Config struct {
	Root   *x509.Certificate // only handed out, see Chain
	Issuer *x509.Certificate // the issuing CA
	Signer crypto.Signer     // the issuing CA's RSA key, in a file or an HSM

	KM    *x509.Certificate // the key-management certificate customers encrypt R to
	KMKey crypto.Decrypter

	Profiles profile.Profiles
	Lint     []lint.Rule // a finding of error severity stops an issue

	CAName   string // the o of every name; "" is the issuer's
	BankName string // the ou of the bank in names, such as WOORI; may be empty
	BankCode string // 4 digits of the common name
	Branch   string // 3 digits of the common name, 041 for online issue

	CRLURL  string // cRLDistributionPoints of what is issued
	OCSPURL string // authorityInfoAccess
	CAURL   string // authorityInfoAccess, where the issuing CA's certificate is; may be empty

	Witness Witness // told of every change of state; may be nil

	Now    func() time.Time
	Random io.Reader      // nil is crypto/rand
	Step   func(step int) // told after each numbered step of the cycle; for crash tests; may be nil
}

// Authority issues certificates and moves them between their states. It keeps
// nothing in memory: any number of them work on one ledger.
type Authority struct {
	root, issuer *x509.Certificate
	issuerID     string
	signer       crypto.Signer
	km           *x509.Certificate
	kmKey        crypto.Decrypter
	ownKeys      [][]byte

	prepares                           *profile.Issuer
	profiles                           profile.Profiles
	rules                              []lint.Rule
	caName, bankName, bankCode, branch string
	crlURL, ocspURL, caURL             string

	together together
	ledger   Ledger
	backlog  Backlog
	log      *audit.Log
	witness  Witness
	now      func() time.Time
	random   io.Reader
	step     func(int)
}

// New makes an Authority. Ledger, backlog and audit log are kept by the same
// database, so that an act and its entry stand or fall together. New refuses keys that don't belong to their
// certificates and names that no certificate could carry.
func New(c Config, ledger Ledger, backlog Backlog, log *audit.Log) (*Authority, error) {
	if ledger == nil || backlog == nil || log == nil || c.Now == nil {
		return nil, errors.New("ca: ledger, backlog, audit log and clock are needed")
	}
	if err := c.checkKeys(); err != nil {
		return nil, err
	}
	if !digits(c.BankCode, 4) || !digits(c.Branch, 3) {
		return nil, errors.New("ca: the bank code has 4 digits and the branch 3")
	}
	a := &Authority{
		root: c.Root, issuer: c.Issuer, issuerID: hex.EncodeToString(c.Issuer.SubjectKeyId), signer: c.Signer,
		km: c.KM, kmKey: c.KMKey,
		prepares: profile.IssuerOf(c.Issuer), profiles: c.Profiles, rules: c.Lint,
		caName: c.CAName, bankName: c.BankName, bankCode: c.BankCode, branch: c.Branch,
		crlURL: c.CRLURL, ocspURL: c.OCSPURL, caURL: c.CAURL,
		ledger: ledger, backlog: backlog, log: log, witness: c.Witness,
		now:    func() time.Time { return c.Now().UTC().Truncate(time.Microsecond) },
		random: c.Random, step: c.Step,
	}
	a.together.inTx = ledger.InTx
	if a.witness == nil {
		a.witness = nobody{}
	}
	if a.random == nil {
		a.random = rand.Reader
	}
	if a.step == nil {
		a.step = func(int) {}
	}
	for _, own := range []*x509.Certificate{c.Root, c.Issuer, c.KM} {
		if own != nil {
			a.ownKeys = append(a.ownKeys, own.RawSubjectPublicKeyInfo)
		}
	}
	for _, p := range c.Profiles {
		if err := p.Validate(); err != nil {
			return nil, err
		}
	}
	return a, a.useName()
}

// useName takes the issuer's o for the names of subscribers unless another
// was configured.
func (a *Authority) useName() error {
	if a.caName != "" {
		return nil
	}
	name, err := npki.ParseName(a.issuer.RawSubject)
	if err != nil {
		return fmt.Errorf("reading the issuing CA's name: %w", err)
	}
	for _, attribute := range name {
		if attribute.Type.Equal(npki.OIDOrganization) {
			a.caName = attribute.Value
			return nil
		}
	}
	return errors.New("ca: the issuing CA's name has no organization; configure one")
}

// checkKeys says whether both keys are RSA and those of their certificates.
func (c *Config) checkKeys() error {
	if c.Issuer == nil || c.Signer == nil || c.KM == nil || c.KMKey == nil {
		return errors.New("ca: issuing CA and key-management certificate with their keys are needed")
	}
	if !c.Issuer.IsCA || len(c.Issuer.SubjectKeyId) == 0 {
		return errors.New("ca: the issuer is not a CA certificate with a subjectKeyIdentifier")
	}
	// PKCS #1 v1.5 signatures are deterministic: what a crash interrupted can
	// be signed again and is the same certificate. Other schemes would not do.
	for _, pair := range []struct {
		certificate *x509.Certificate
		public      crypto.PublicKey
	}{{c.Issuer, c.Signer.Public()}, {c.KM, c.KMKey.Public()}} {
		key, ok := pair.public.(*rsa.PublicKey)
		if !ok || !key.Equal(pair.certificate.PublicKey) {
			return fmt.Errorf("ca: the key for %s is not the RSA key of its certificate", pair.certificate.Subject.CommonName)
		}
		if key.N.BitLen() < minKeyBits {
			return fmt.Errorf("ca: the key of %s has less than %d bits", pair.certificate.Subject.CommonName, minKeyBits)
		}
	}
	return nil
}

// Chain gives the issuing CA's certificate and, when it is known, the root's.
func (a *Authority) Chain() []*x509.Certificate {
	if a.root == nil {
		return []*x509.Certificate{a.issuer}
	}
	return []*x509.Certificate{a.issuer, a.root}
}

// KMCertificate gives the certificate to which customers encrypt R.
func (a *Authority) KMCertificate() *x509.Certificate { return a.km }

// IssuerID is what Record.Issuer holds for certificates of this authority.
func (a *Authority) IssuerID() string { return a.issuerID }

// Certificate gives one certificate to who may see it.
func (a *Authority) Certificate(ctx context.Context, caller authz.Caller, serial string) (Record, error) {
	record, err := a.ledger.Certificate(ctx, serial)
	if errors.Is(err, ErrNoCertificate) {
		return Record{}, ErrNotFound.With(err)
	}
	if err != nil {
		return Record{}, fmt.Errorf("reading certificate: %w", err)
	}
	if err := authz.AllowOn(caller, authz.ViewCertificate, record.object()); err != nil {
		return Record{}, a.refused(ctx, caller, authz.ViewCertificate, "certificate:"+record.Serial, err)
	}
	return record, nil
}

// CertificatesOf gives everything issued to a subscriber, newest first.
func (a *Authority) CertificatesOf(ctx context.Context, caller authz.Caller, subscriberID string) ([]Record, error) {
	if err := authz.Allow(caller, authz.ViewCertificate, subscriberID); err != nil {
		return nil, a.refused(ctx, caller, authz.ViewCertificate, "subscriber:"+subscriberID, err)
	}
	records, err := a.backlog.CertificatesOf(ctx, subscriberID)
	if err != nil {
		return nil, fmt.Errorf("listing certificates: %w", err)
	}
	return records, nil
}

// nobody is the witness of an authority that has none.
type nobody struct{}

func (nobody) Witness(context.Context, Change) error { return nil }

func digits(s string, n int) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return len(s) == n
}
