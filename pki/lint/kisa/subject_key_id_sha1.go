package kisa

import (
	"bytes"
	"crypto/sha1"
	"errors"

	"github.com/ingam-pki/ingam/pki/lint"
)

// subjectKeyIdSha1 wants the SHA-1 of the subjectPublicKey bits as
// subjectKeyIdentifier.
func subjectKeyIdSha1() lint.Rule {
	return lint.Rule{
		ID: "kisa-subject-key-id-sha1", Citation: "KCAC.TS.CERTPROF; RFC 5280 4.2.1.2", Effective: since, Severity: lint.Error,
		Applies: func(c *lint.Certificate) bool { return c.SubjectKeyID != nil },
		Check: func(c *lint.Certificate) error {
			if sum := sha1.Sum(c.Key); !bytes.Equal(c.SubjectKeyID, sum[:]) {
				return errors.New("the subjectKeyIdentifier is not the SHA-1 of the key")
			}
			return nil
		},
	}
}
