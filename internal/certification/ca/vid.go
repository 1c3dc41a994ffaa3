package ca

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/ingam-pki/ingam/pki/npki"
)

// OpenEncryptedVID takes R out of a customer's EncryptedVID. It must name our
// current key-management certificate: what was sealed for another is not
// tried. Whatever is wrong inside, the refusal is the same ErrEncryptedVID:
// nobody learns from it how the decryption went.
func (a *Authority) OpenEncryptedVID(der []byte) (npki.R, error) {
	sealed, err := npki.ParseEncryptedVID(der)
	if err != nil {
		return nil, ErrEncryptedVID.With(fmt.Errorf("parsing: %w", err))
	}
	if !bytes.Equal(sealed.RawIssuer, a.km.RawIssuer) || sealed.Serial.Cmp(a.km.SerialNumber) != 0 {
		return nil, ErrEncryptedVID.With(errors.New("sealed for another key-management certificate"))
	}
	r, err := sealed.Open(a.kmKey)
	if err != nil {
		return nil, ErrEncryptedVID.With(err)
	}
	return r, nil
}
