package ca

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"sync"
	"time"

	"github.com/ingam-pki/ingam/pki/crl"
	"github.com/ingam-pki/ingam/pki/lint"
	"github.com/ingam-pki/ingam/pki/profile"
)

// InitConfig says how a new authority is to be. The zero value of a key size
// is its profile's: root 4096, issuing CA 3072, the others 2048.
type InitConfig struct {
	CAName   string // the o of every name, such as "ingam"
	Profiles profile.Profiles
	Lint     []lint.Rule

	RootCRLURL string // where the root's revocation list will be
	RootURL    string // where the root's certificate will be; may be empty
	CRLURL     string // where the issuing CA's list will be
	CAURL      string // where the issuing CA's certificate will be; may be empty

	RootBits, IssuingBits, KMBits, OCSPBits int           // RSA, at least 2048
	RootCRLLasts                            time.Duration // zero is 366 days

	Now    func() time.Time
	Random io.Reader // nil is crypto/rand
}

// Ceremony is what Init made. The root's key is needed again only to certify
// another issuing CA or to issue the root's next list: keep it offline.
type Ceremony struct {
	Root, Issuing, KM, OCSP             *x509.Certificate
	RootKey, IssuingKey, KMKey, OCSPKey *rsa.PrivateKey
	RootCRL                             []byte // DER: the root's first list, empty
}

const rootCRLLasts = 366 * 24 * time.Hour

// Init makes a new authority in memory: a root, an issuing CA under it, and
// under that a key-management certificate and a delegated OCSP signer, each
// linted before it is signed. It writes nothing.
func Init(c InitConfig) (*Ceremony, error) {
	if personName(c.CAName) != c.CAName || c.CAName == "" || len([]rune(c.CAName)) > 30 {
		return nil, errors.New("ca: the name of a CA has 1 to 30 letters")
	}
	if c.Now == nil {
		return nil, errors.New("ca: a clock is needed")
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.RootCRLLasts <= 0 {
		c.RootCRLLasts = rootCRLLasts
	}
	made := &Ceremony{}
	members := []*member{
		{profile: profile.Root, cn: c.CAName + " RootCA 1", bits: c.RootBits, key: &made.RootKey, certificate: &made.Root},
		{profile: profile.CA, cn: c.CAName + "CA Class 1", bits: c.IssuingBits, key: &made.IssuingKey, certificate: &made.Issuing,
			issuer: &made.Root, signer: &made.RootKey, crlURL: c.RootCRLURL, caURL: c.RootURL},
		{profile: profile.KM, cn: c.CAName + "CA Class 1 KM", bits: c.KMBits, key: &made.KMKey, certificate: &made.KM,
			issuer: &made.Issuing, signer: &made.IssuingKey, crlURL: c.CRLURL, caURL: c.CAURL},
		{profile: profile.OCSP, cn: c.CAName + " OCSP 1", bits: c.OCSPBits, key: &made.OCSPKey, certificate: &made.OCSP,
			issuer: &made.Issuing, signer: &made.IssuingKey, crlURL: c.CRLURL, caURL: c.CAURL},
	}
	if err := makeKeys(c, members); err != nil {
		return nil, err
	}
	at := c.Now().UTC().Truncate(time.Second)
	for _, m := range members {
		if err := m.certify(c, at); err != nil {
			return nil, fmt.Errorf("making the %s certificate: %w", m.profile, err)
		}
	}
	list, err := crl.Create(crl.Header{
		RawIssuer: made.Root.RawSubject, KeyID: made.Root.SubjectKeyId, Number: big.NewInt(1),
		ThisUpdate: at, NextUpdate: at.Add(c.RootCRLLasts),
	}, nil, made.RootKey)
	if err != nil {
		return nil, fmt.Errorf("making the root's list: %w", err)
	}
	made.RootCRL = list
	return made, nil
}

// member is one of the four of a ceremony. Issuer and signer point to what an
// earlier member became; nil for the root.
type member struct {
	profile, cn   string
	bits          int
	key           **rsa.PrivateKey
	certificate   **x509.Certificate
	issuer        **x509.Certificate
	signer        **rsa.PrivateKey
	crlURL, caURL string
}

// makeKeys makes all keys side by side: it is what takes the time.
func makeKeys(c InitConfig, members []*member) error {
	var wg sync.WaitGroup
	problems := make([]error, len(members))
	for i, m := range members {
		p, ok := c.Profiles.Named(m.profile)
		if !ok {
			return fmt.Errorf("ca: there is no profile %q", m.profile)
		}
		if m.bits == 0 {
			m.bits = p.KeyBits
		}
		if m.bits < max(minKeyBits, p.MinKeyBits) {
			return fmt.Errorf("ca: a key of %d bits is too short for %s", m.bits, m.profile)
		}
		wg.Go(func() {
			*m.key, problems[i] = rsa.GenerateKey(c.Random, m.bits)
		})
	}
	wg.Wait()
	if err := errors.Join(problems...); err != nil {
		return fmt.Errorf("making keys: %w", err)
	}
	return nil
}

func (m *member) certify(c InitConfig, at time.Time) error {
	p, _ := c.Profiles.Named(m.profile)
	if err := p.Validate(); err != nil {
		return err
	}
	serial, err := newSerial(c.Random)
	if err != nil {
		return err
	}
	spki, err := x509.MarshalPKIXPublicKey((*m.key).Public())
	if err != nil {
		return fmt.Errorf("encoding public key: %w", err)
	}
	signer := *m.key
	var issuer *profile.Issuer
	if m.issuer != nil {
		signer, issuer = *m.signer, profile.IssuerOf(*m.issuer)
	}
	tbs, err := p.Prepare(profile.Request{
		Serial: serial, Issuer: issuer, Subject: composeName(c.CAName, m.cn, p.SubjectOU), PublicKey: spki,
		RealName: c.CAName, NotBefore: at, CRLURL: m.crlURL, CAURL: m.caURL,
	})
	if err != nil {
		return fmt.Errorf("preparing: %w", err)
	}
	if _, err := inspect(c.Lint, signer.Public(), tbs); err != nil {
		return err
	}
	_, *m.certificate, err = sign(c.Random, signer, tbs)
	return err
}
