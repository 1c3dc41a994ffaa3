package ca

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/ingam-pki/ingam/pki/lint"
	"github.com/ingam-pki/ingam/pki/npki"
	"github.com/ingam-pki/ingam/pki/profile"
)

// draft is what one certificate differs in from others of its profile.
type draft struct {
	profile                   profile.Profile
	applicationID, subscriber string
	publicKey                 []byte
	realName                  string
	vid                       *npki.VID
	subject                   func() (npki.Name, error)
	notAfter                  time.Time // zero is by the profile
	replaces, exception       string
	hold                      bool
}

// prepare is steps 2 to 4: it draws serial and name, builds the to-be-signed
// bytes and lints them. What it gives is stored as it stands, and only that is
// ever signed.
func (a *Authority) prepare(d draft) (Record, error) {
	at := a.now()
	serial, err := newSerial(a.random)
	if err != nil {
		return Record{}, err
	}
	subject, err := d.subject()
	if err != nil {
		return Record{}, err
	}
	a.step(2)
	tbs, err := d.profile.Prepare(profile.Request{
		Serial: serial, Issuer: a.prepares, Subject: subject, PublicKey: d.publicKey,
		RealName: d.realName, VID: d.vid, NotBefore: at, NotAfter: d.notAfter,
		CRLURL: a.crlURL, OCSPURL: a.ocspURL, CAURL: a.caURL,
	})
	if err != nil {
		return Record{}, ErrLint.With(fmt.Errorf("preparing: %w", err))
	}
	a.step(3)
	unsigned, err := inspect(a.rules, a.issuer.PublicKey, tbs)
	if err != nil {
		return Record{}, ErrLint.With(err)
	}
	a.step(4)
	key := sha256.Sum256(d.publicKey)
	desk, until := "", time.Time{}
	if d.hold {
		desk, until = DeskBank, SuspendedUntil(at)
	}
	return Record{
		Serial: SerialOf(serial), Issuer: a.issuerID,
		ApplicationID: d.applicationID, SubscriberID: d.subscriber, Kind: kindOf(d.profile),
		State: Pending, Subject: subject.String(), KeyHash: key[:], TBS: tbs,
		NotBefore: unsigned.NotBefore, NotAfter: unsigned.NotAfter, CreatedAt: at, ChangedAt: at,
		Replaces: d.replaces, Exception: d.exception, Hold: d.hold, Desk: desk, HoldUntil: until,
	}, nil
}

// kindOf is the kind under which the ledger keeps certificates of a profile:
// the subscribers' own, and for the authority's the profile's name.
func kindOf(p profile.Profile) npki.Kind {
	if p.Kind != "" {
		return p.Kind
	}
	return npki.Kind(p.Name)
}

// inspect lints to-be-signed bytes under a dummy signature of the issuer's
// size and gives the certificate that they would become.
func inspect(rules []lint.Rule, issuer crypto.PublicKey, tbs []byte) (*x509.Certificate, error) {
	key, ok := issuer.(*rsa.PublicKey)
	if !ok {
		return nil, fmt.Errorf("issuer's key is a %T", issuer)
	}
	der, err := profile.Assemble(tbs, make([]byte, key.Size()))
	if err != nil {
		return nil, fmt.Errorf("assembling: %w", err)
	}
	if err := lint.Refusal(lint.Run(rules, der)); err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("parsing what was prepared: %w", err)
	}
	return certificate, nil
}

// sign makes the one signature over prepared bytes and looks at the result
// before anyone else does: it parses, it carries the very bytes, and the
// signature verifies. PKCS #1 v1.5 is deterministic: the same bytes give the
// same certificate each time.
func sign(random io.Reader, signer crypto.Signer, tbs []byte) ([]byte, *x509.Certificate, error) {
	digest := sha256.Sum256(tbs)
	signature, err := signer.Sign(random, digest[:], crypto.SHA256)
	if err != nil {
		return nil, nil, fmt.Errorf("signing: %w", err)
	}
	der, err := profile.Assemble(tbs, signature)
	if err != nil {
		return nil, nil, fmt.Errorf("assembling: %w", err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, nil, fmt.Errorf("parsing what was signed: %w", err)
	}
	key, ok := signer.Public().(*rsa.PublicKey)
	switch {
	case !ok:
		return nil, nil, fmt.Errorf("signing key is a %T", signer.Public())
	case !bytes.Equal(certificate.RawTBSCertificate, tbs):
		return nil, nil, errors.New("what was signed is not what was prepared")
	case !verifies(key, digest, certificate.Signature):
		return nil, nil, errors.New("the signature does not verify")
	}
	return der, certificate, nil
}
