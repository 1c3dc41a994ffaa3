package npki

import (
	"crypto"
	// The hash functions that a VID may name must be linked in.
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha512"
	"encoding/asn1"
)

// Object identifiers of the field. They are never written to.
var (
	OIDIdentifyData = asn1.ObjectIdentifier{1, 2, 410, 200004, 10, 1, 1}    // otherName in subjectAltName (KCAC.TS.SIVID)
	OIDVID          = asn1.ObjectIdentifier{1, 2, 410, 200004, 10, 1, 1, 1} // a VID within IdentifyData
	OIDEncryptedVID = asn1.ObjectIdentifier{1, 2, 410, 200004, 10, 1, 1, 2} // attribute of a request
	OIDRandomNum    = asn1.ObjectIdentifier{1, 2, 410, 200004, 10, 1, 1, 3} // attribute of a private key: R

	OIDSEEDCBC        = asn1.ObjectIdentifier{1, 2, 410, 200004, 1, 4}  // a cipher (RFC 4010), or a PBE: see SEED4
	OIDPBESHA1SEEDCBC = asn1.ObjectIdentifier{1, 2, 410, 200004, 1, 15} // the PBE of key files
	// the same with HAS-160, as jCastle, which others wrote, reads it
	OIDPBEHAS160SEEDCBC = asn1.ObjectIdentifier{1, 2, 410, 200004, 1, 11}

	// ARIA in CBC mode (RFC 5794).
	OIDARIA128CBC = asn1.ObjectIdentifier{1, 2, 410, 200046, 1, 1, 2}
	OIDARIA192CBC = asn1.ObjectIdentifier{1, 2, 410, 200046, 1, 1, 7}
	OIDARIA256CBC = asn1.ObjectIdentifier{1, 2, 410, 200046, 1, 1, 12}

	OIDRSAEncryption = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}
	OIDSHA256WithRSA = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 11}
	OIDSHA384WithRSA = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 12}
	OIDSHA512WithRSA = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 13}
	OIDPBES2         = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}
	OIDPBKDF2        = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}
	OIDHMACSHA1      = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 7}
	OIDHMACSHA224    = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 8}
	OIDHMACSHA256    = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 9}
	OIDHMACSHA384    = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 10}
	OIDHMACSHA512    = asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 11}
	OIDAES128CBC     = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 2}
	OIDAES192CBC     = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 22}
	OIDAES256CBC     = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 1, 42}
	OIDTripleDESCBC  = asn1.ObjectIdentifier{1, 2, 840, 113549, 3, 7}

	OIDSHA1   = asn1.ObjectIdentifier{1, 3, 14, 3, 2, 26}
	OIDSHA256 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 1}
	OIDSHA384 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 2}
	OIDSHA512 = asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2, 3}

	OIDSubjectAltName = asn1.ObjectIdentifier{2, 5, 29, 17}
)

// Attribute types of names (X.520).
var (
	OIDCommonName         = asn1.ObjectIdentifier{2, 5, 4, 3}
	OIDSurname            = asn1.ObjectIdentifier{2, 5, 4, 4}
	OIDSerialNumber       = asn1.ObjectIdentifier{2, 5, 4, 5}
	OIDCountry            = asn1.ObjectIdentifier{2, 5, 4, 6}
	OIDLocality           = asn1.ObjectIdentifier{2, 5, 4, 7}
	OIDProvince           = asn1.ObjectIdentifier{2, 5, 4, 8}
	OIDStreet             = asn1.ObjectIdentifier{2, 5, 4, 9}
	OIDOrganization       = asn1.ObjectIdentifier{2, 5, 4, 10}
	OIDOrganizationalUnit = asn1.ObjectIdentifier{2, 5, 4, 11}
	OIDTitle              = asn1.ObjectIdentifier{2, 5, 4, 12}
	OIDGivenName          = asn1.ObjectIdentifier{2, 5, 4, 42}
	OIDUserID             = asn1.ObjectIdentifier{0, 9, 2342, 19200300, 100, 1, 1}
	OIDDomainComponent    = asn1.ObjectIdentifier{0, 9, 2342, 19200300, 100, 1, 25}
	OIDEmailAddress       = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 1}
)

// hashOID gives the identifier of a hash function that a VID may use.
func hashOID(h crypto.Hash) (asn1.ObjectIdentifier, bool) {
	switch h {
	case crypto.SHA1:
		return OIDSHA1, true
	case crypto.SHA256:
		return OIDSHA256, true
	case crypto.SHA384:
		return OIDSHA384, true
	case crypto.SHA512:
		return OIDSHA512, true
	default:
		return nil, false
	}
}

// hashOf is the reverse of hashOID, 0 for what is unknown.
func hashOf(oid asn1.ObjectIdentifier) crypto.Hash {
	for _, h := range []crypto.Hash{crypto.SHA256, crypto.SHA1, crypto.SHA384, crypto.SHA512} {
		if o, _ := hashOID(h); o.Equal(oid) {
			return h
		}
	}
	return 0
}
