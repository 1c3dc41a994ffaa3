package wallet

import (
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/ingam-pki/ingam/internal/terminal"
	"github.com/ingam-pki/ingam/pki/cms"
	"github.com/ingam-pki/ingam/pki/npki"
)

// MaxAttached bounds content that a signature carries, in bytes.
const MaxAttached = cms.MaxSize / 2

// SignOptions says what form of signature to make. The zero value is what
// banks and logins take: attached, no signed attributes.
type SignOptions struct {
	Detached   bool // leave the content out
	Attributes bool // sign contentType, messageDigest and signingTime, too
}

// OpenKey opens the certificate's private key with its password and sees that
// the two belong together.
func (c Certificate) OpenKey(password []byte) (*npki.PrivateKey, error) {
	if len(c.KeyDER) == 0 {
		return nil, errNoKey.With(nil)
	}
	key, _, err := npki.DecryptKey(c.KeyDER, password)
	switch {
	case errors.Is(err, npki.ErrWrongPassword):
		return nil, errWrongPassword.With(err)
	case errors.Is(err, npki.ErrIterations):
		return nil, errKeyCostly.With(err)
	case err != nil:
		return nil, errKeyDamaged.With(err)
	}
	public, isRSA := c.Certificate.PublicKey.(*rsa.PublicKey)
	if !isRSA || !key.Signer.PublicKey.Equal(public) {
		return nil, errKeyDoesNotFit.With(nil)
	}
	return key, nil
}

// IsWrongPassword says whether asking for the password again makes sense.
func IsWrongPassword(err error) bool { return errors.Is(err, errWrongPassword) }

// CheckSigning says why a certificate can't sign at a time, before its
// password is asked for. Nil: it can.
func (c Certificate) CheckSigning(at time.Time, lang string) error {
	switch state := c.State(at); {
	case state == Expired:
		return errCertificateExpired.With(nil, "until", terminal.Moment(c.NotAfter(), lang))
	case state == Early:
		return errCertificateEarly.With(nil, "from", terminal.Moment(c.Certificate.NotBefore, lang))
	case c.Certificate.KeyUsage != 0 && c.Certificate.KeyUsage&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0,
		c.Certificate.IsCA:
		return errNotForSigning.With(nil)
	case len(c.KeyDER) == 0:
		return errNoKey.With(nil)
	}
	return nil
}

// Sign signs what content gives, as PKCS#7 in DER. Detached, it can be of any
// size and is read once; else it is held in memory, at most MaxAttached bytes.
func (c Certificate) Sign(content io.Reader, name string, key *npki.PrivateKey, at time.Time, o SignOptions) ([]byte, error) {
	options := cms.SignOptions{Detached: o.Detached, SignedAttributes: o.Attributes, SigningTime: at}
	if o.Detached {
		der, err := cms.SignReader(content, c.Certificate, key.Signer, options)
		if err != nil {
			return nil, fmt.Errorf("signing: %w", err)
		}
		return der, nil
	}
	all, err := ReadAll(content, name, MaxAttached)
	if err != nil {
		return nil, err
	}
	der, err := cms.Sign(all, c.Certificate, key.Signer, options)
	if err != nil {
		return nil, fmt.Errorf("signing: %w", err)
	}
	return der, nil
}
