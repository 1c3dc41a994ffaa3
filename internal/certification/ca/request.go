package ca

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
)

const (
	minKeyBits    = 2048
	maxKeyBits    = 4096
	minExponent   = 65537
	maxRealName   = 200 // letters
	maxPublicKey  = 1024
	maxIdentifier = 128
)

// check says whether registration has handed over all that a certificate
// needs (step 1 of the cycle), and gives the request with the name in the form
// that certificates carry.
func (a *Authority) check(r Request) (Request, error) {
	if r.ApplicationID == "" || r.SubscriberID == "" ||
		len(r.ApplicationID) > maxIdentifier || len(r.SubscriberID) > maxIdentifier {
		return r, ErrIncomplete.With(errors.New("application or subscriber is not named"))
	}
	if _, ok := a.profiles.OfKind(r.Kind); !ok {
		return r, ErrIncomplete.With(fmt.Errorf("no profile for kind %q", r.Kind))
	}
	r.RealName = personName(r.RealName)
	if n := len([]rune(r.RealName)); n == 0 || n > maxRealName {
		return r, ErrIncomplete.With(errors.New("real name is empty, too long or not text"))
	}
	if !r.VID.Hash.Available() || len(r.VID.Value) != r.VID.Hash.Size() {
		return r, ErrIncomplete.With(errors.New("virtual id is not a hash value"))
	}
	return r, a.checkKey(r.PublicKey)
}

// checkKey accepts an RSA key in its one DER form: a second spelling of the
// same key would slip by the ledger's unique index. The authority's own keys
// are nobody else's.
func (a *Authority) checkKey(spki []byte) error {
	if len(spki) > maxPublicKey {
		return ErrKeyUnfit.With(errors.New("public key is too large"))
	}
	parsed, err := x509.ParsePKIXPublicKey(spki)
	if err != nil {
		return ErrKeyUnfit.With(fmt.Errorf("parsing public key: %w", err))
	}
	key, ok := parsed.(*rsa.PublicKey)
	if !ok {
		return ErrKeyUnfit.With(fmt.Errorf("public key is a %T", parsed))
	}
	if bits := key.N.BitLen(); bits < minKeyBits || bits > maxKeyBits {
		return ErrKeyUnfit.With(fmt.Errorf("public key has %d bits", bits))
	}
	if key.E < minExponent || key.E%2 == 0 || key.N.Bit(0) == 0 {
		return ErrKeyUnfit.With(errors.New("public key is not an RSA key that can sign"))
	}
	canonical, err := x509.MarshalPKIXPublicKey(key)
	if err != nil || !bytes.Equal(canonical, spki) {
		return ErrKeyUnfit.With(errors.New("public key is not in its canonical form"))
	}
	for _, own := range a.ownKeys {
		if bytes.Equal(own, spki) {
			return ErrKeyCertified.With(errors.New("public key is the authority's own"))
		}
	}
	return nil
}
