package kisa

import (
	"encoding/asn1"
	"fmt"

	"github.com/ingam-pki/ingam/pki/lint"
)

// virtualIdSize wants a virtual ID as long as its hash.
func virtualIdSize() lint.Rule {
	return lint.Rule{
		ID: "kisa-virtual-id-size", Citation: "KCAC.TS.SIVID", Effective: since, Severity: lint.Error,
		Applies: hasIdentity,
		Check: func(c *lint.Certificate) error {
			for _, v := range c.Identity.VIDs {
				if want := hashSize(v.Hash.OID); len(v.Value) != want {
					return fmt.Errorf("a virtual ID by %v has %d octets", v.Hash.OID, len(v.Value))
				}
			}
			return nil
		},
	}
}

// hashSize is the size of the hashes that the field uses; others have none.
func hashSize(oid asn1.ObjectIdentifier) int {
	switch {
	case oid.Equal(lint.AlgSHA1):
		return 20
	case oid.Equal(lint.AlgSHA256):
		return 32
	}
	return 0
}
